//! The master key that secrets are sealed with, and where random bytes come from.
//!
//! The key lies in a file of its own with mode 0600, so that a copy of the databases alone gives no secret away.

use crate::OpenError;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Gives random bytes. Tests pass a generator with a seed.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`, all of them, with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// The random bytes of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }
}

/// 256 bits under which all secrets of a data directory are sealed. Wiped from memory when dropped.
pub struct MasterKey {
    pub(crate) bytes: Zeroizing<[u8; 32]>,
    pub(crate) path: PathBuf,
}

impl MasterKey {
    /// The name of the key file in a data directory.
    pub const FILE: &'static str = "key";

    /// Reads the key of a data directory. Creates directory and key where there is nothing yet.
    ///
    /// A directory that holds data but no key is refused: a new key could not open the old secrets.
    /// A restore that was broken off is ended first, for the key may be a part of it.
    pub fn load_or_create(dir: &Path, entropy: &dyn Entropy) -> Result<Self, OpenError> {
        crate::restore::settle(dir)?;
        let path = dir.join(Self::FILE);
        match fs::File::open(&path) {
            Ok(mut file) => return Self::read(&mut file, path),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::io(&path)(error)),
        }
        if dir.join(crate::open::HUB_FILE).exists() {
            return Err(OpenError::KeyMissing(path));
        }
        fs::create_dir_all(dir).map_err(OpenError::io(dir))?;
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut()).map_err(crate::StoreError::Entropy)?;
        match Self::create(&path, &bytes) {
            Ok(()) => Ok(Self { bytes, path }),
            // Another process was faster. Which of the two may go on is decided by the lock.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut file = fs::File::open(&path).map_err(OpenError::io(&path))?;
                Self::read(&mut file, path)
            }
            Err(error) => Err(OpenError::io(&path)(error)),
        }
    }

    /// Makes a new key in a new file.
    pub(crate) fn create_new(path: &Path, entropy: &dyn Entropy) -> Result<(), OpenError> {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut()).map_err(crate::StoreError::Entropy)?;
        Self::create(path, &bytes).map_err(OpenError::io(path))
    }

    /// Reads the key that a file holds.
    pub(crate) fn read_file(path: &Path) -> Result<Self, OpenError> {
        let mut file = fs::File::open(path).map_err(OpenError::io(path))?;
        Self::read(&mut file, path.to_owned())
    }

    /// Makes the file whole or not at all: half a key would be taken for a damaged one by every later start.
    fn create(path: &Path, bytes: &[u8; 32]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let text = Zeroizing::new(hex::encode(bytes));
        let written = file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n"));
        let written = written.and_then(|()| file.sync_all());
        if written.is_err() {
            // What cannot be removed either is told by the next start.
            let _left = fs::remove_file(path);
        }
        written
    }

    fn read(file: &mut fs::File, path: PathBuf) -> Result<Self, OpenError> {
        let mut text = Zeroizing::new(String::new());
        if let Err(source) = file.take(256).read_to_string(&mut text) {
            return Err(OpenError::io(&path)(source));
        }
        let mut bytes = Zeroizing::new([0; 32]);
        match hex::decode_to_slice(text.trim(), bytes.as_mut()) {
            Ok(()) => Ok(Self { bytes, path }),
            Err(_) => Err(OpenError::Damaged { path, reason: "it does not hold 64 hexadecimal digits".to_owned() }),
        }
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKey").field("path", &self.path).finish_non_exhaustive()
    }
}
