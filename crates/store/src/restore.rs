//! A backup put back in place of a data directory.
//!
//! Everything happens beside what is there: the backup is unpacked into a folder of its own, checked against its
//! manifest and by SQLite, and given a new life. Then a marker says that it is ready, and from there on it is only
//! renamed into place. A crash before the marker leaves the old data as it was; after the marker, the next start
//! finishes the renaming (STO-8). What was there is kept in `before-restore`.
//!
//! A backup knows who could see what when it was made. What was withdrawn since must not come back, so nothing of a
//! source is shown before a full run has read it again (STO-9), and everybody has to sign in anew.

mod renew;
mod unpack;

use crate::backup::{Manifest, private_folder};
use crate::open::{CONTENT_FILE, HUB_FILE, LOCK_FILE, lock};
use crate::work::{Watch, is_stop};
use crate::{Entropy, MasterKey, OpenError, StoreError};
use model::Millis;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Where the key of the restored directory comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RestoredKey {
    /// From the backup if it holds one, else the one that lies in the data directory.
    Found,
    /// From this file.
    File(PathBuf),
    /// A new one. The tokens in the backup cannot be read with it and are dropped.
    New,
}

/// What is wanted of a restore.
#[derive(Clone, Debug)]
pub struct RestoreRequest {
    /// The backup.
    pub from: PathBuf,
    /// The data directory.
    pub data: PathBuf,
    /// Whether data that is there may be replaced.
    pub replace: bool,
    /// Where the key comes from.
    pub key: RestoredKey,
    /// When this happens.
    pub at: Millis,
}

/// Why nothing was restored. The data directory is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file is something else.
    #[error("`{}` is no backup: {reason}; name a file that `fossick backup` has made", path.display())]
    NoBackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer version made it.
    #[error(
        "the backup was made by fossick {version} in a format that this version does not know; \
         restore it with that version or a newer one"
    )]
    Newer {
        /// The version that made it.
        version: String,
    },
    /// It is not what was written.
    #[error("the backup is damaged: `{file}` {reason}; nothing was changed, use another backup")]
    Damaged {
        /// The file in it.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process owns the directory.
    #[error("data directory `{}` is in use by a running fossick; stop it, then restore", .0.display())]
    InUse(PathBuf),
    /// The directory holds data.
    #[error("`{}` is not empty; say --replace to replace what is there (it is kept in `before-restore`)", .0.display())]
    NotEmpty(PathBuf),
    /// There is no key.
    #[error(
        "the backup holds no key, and its tokens cannot be read without the one they were written with; \
         name that key file with --key-file, or say --new-key and enter the tokens of all sources again"
    )]
    KeyNeeded,
    /// The key is another one.
    #[error(
        "the key in `{}` is not the one that the backup was written with; \
         name the right one with --key-file, or say --new-key and enter the tokens of all sources again", .0.display()
    )]
    WrongKey(PathBuf),
    /// The disk is full.
    #[error("the disk that holds `{}` is full; free some space, then restore again", .0.display())]
    Full(PathBuf),
    /// The file system refused.
    #[error("cannot restore: `{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It was asked to stop.
    #[error("the restore was stopped on request; nothing was changed")]
    Stopped,
    /// The key or a database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn refused(path: &Path) -> impl FnOnce(io::Error) -> RestoreError + '_ {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => RestoreError::Full(path.to_owned()),
        _ if is_stop(&source) => RestoreError::Stopped,
        _ => RestoreError::Io { path: path.to_owned(), source },
    }
}

/// Where a backup is unpacked.
const STAGE: &str = "restore";
/// The marker in it: everything beside it is complete and only has to be renamed.
const READY: &str = "READY";
/// Where the data that was replaced is kept.
const BEFORE: &str = "before-restore";
/// What a restore puts in place, each with what SQLite keeps beside it.
const PLACED: [&str; 3] = [CONTENT_FILE, HUB_FILE, MasterKey::FILE];
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Puts a backup in place of what the data directory holds. Blocks for as long as it takes to read the backup twice.
///
/// No process may own the directory. On an error nothing has changed.
pub fn restore(
    request: &RestoreRequest,
    entropy: &dyn Entropy,
    watch: &mut Watch<'_>,
) -> Result<Manifest, RestoreError> {
    let data = request.data.as_path();
    // Before anything is made: a wrong file must not leave a directory behind.
    let manifest = unpack::manifest(&request.from)?;
    if !data.is_dir() {
        fs::create_dir_all(data.parent().unwrap_or(data)).map_err(refused(data))?;
        private_folder(data).map_err(refused(data))?;
    }
    settle(data)?;
    let _lock = lock(data).map_err(|error| match error {
        OpenError::InUse(dir) => RestoreError::InUse(dir),
        other => other.into(),
    })?;
    if !request.replace && holds_data(data).map_err(refused(data))? {
        return Err(RestoreError::NotEmpty(data.to_owned()));
    }
    let stage = Stage::new(data)?;
    unpack::files(&request.from, &manifest, &stage.path, watch)?;
    renew::key(request, &manifest, &stage.path, entropy)?;
    renew::databases(request, &manifest, &stage.path, entropy, watch)?;
    stage.commit()?;
    put_in_place(data).map_err(refused(data))?;
    Ok(manifest)
}

/// Ends what a restore that was broken off has left: puts it in place if it was ready, removes it if not.
pub(crate) fn settle(data: &Path) -> Result<(), OpenError> {
    let stage = data.join(STAGE);
    if !stage.is_dir() {
        return Ok(());
    }
    let _lock = lock(data)?;
    let settled = if stage.join(READY).is_file() { put_in_place(data) } else { fs::remove_dir_all(&stage) };
    settled.map_err(OpenError::io(&stage))
}

fn holds_data(data: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(data)? {
        let name = entry?.file_name();
        if name != LOCK_FILE && name != BEFORE {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The folder in which the restored data grows.
struct Stage {
    path: PathBuf,
    ready: bool,
}

impl Stage {
    fn new(data: &Path) -> Result<Self, RestoreError> {
        let path = data.join(STAGE);
        private_folder(&path).map_err(refused(&path))?;
        Ok(Self { path, ready: false })
    }

    /// From here on the backup is what the directory holds.
    fn commit(mut self) -> Result<(), RestoreError> {
        let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all()).map_err(refused(path));
        for name in PLACED {
            sync(&self.path.join(name))?;
        }
        sync(&self.path)?;
        let marker = self.path.join(READY);
        File::create(&marker).and_then(|file| file.sync_all()).map_err(refused(&marker))?;
        self.ready = true;
        sync(&self.path)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.ready {
            // What cannot be removed is removed by the next start.
            let _left = fs::remove_dir_all(&self.path);
        }
    }
}

/// Renames everything into place. May be broken off and begun again at any point: a file that is still on the stage has
/// not been placed yet, and what lies at its place is old.
fn put_in_place(data: &Path) -> io::Result<()> {
    let (stage, before) = (data.join(STAGE), data.join(BEFORE));
    let waiting = PLACED.map(|name| stage.join(name).exists());
    if waiting == [true; 3] && !stage.join(CLEARED).exists() {
        // The data before the one before goes; the marker keeps a second try from throwing away half of the last.
        remove(&before)?;
        fs::create_dir(&before)?;
        File::create(stage.join(CLEARED))?.sync_all()?;
    }
    for name in PLACED.into_iter().filter(|name| stage.join(name).exists()) {
        for beside in BESIDE.map(|ending| format!("{name}{ending}")).iter().map(String::as_str).chain([name]) {
            if data.join(beside).exists() {
                fs::rename(data.join(beside), before.join(beside))?;
            }
        }
        fs::rename(stage.join(name), data.join(name))?;
    }
    File::open(data)?.sync_all()?;
    fs::remove_dir_all(&stage)
}

/// The marker that `before-restore` is ready to take what is replaced.
const CLEARED: &str = "CLEARED";

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
