//! A backup: one tar file with a manifest and both databases as they were at one moment.
//!
//! It is taken from an open store while everything goes on. Both writers stand still only while two reading connections
//! begin their snapshots, so that the two copies belong together; what is committed later is not in them. The copies are
//! made page by page with SQLite's own backup interface, checked, and packed. The file gets its name last: a backup that
//! was broken off never looks like one.
//!
//! The text index is left out, because it is built from the store. The key is left out, too, unless it is asked for:
//! whoever holds a backup with its key can read the tokens of all sources.

mod copy;
mod manifest;

pub use manifest::{Listed, Manifest};

pub(crate) use copy::integrity;
pub(crate) use manifest::{Hashing, LAYOUT, MANIFEST};

use crate::open::{CONTENT_FILE, HUB_FILE};
use crate::work::{Watch, Watched, is_stop};
use crate::{MasterKey, Store, StoreError};
use model::Millis;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What is wanted of a backup.
#[derive(Clone, Debug)]
pub struct BackupRequest {
    /// The file to make; it must not exist yet.
    pub to: PathBuf,
    /// Whether the key goes with it.
    pub with_key: bool,
    /// When it is made.
    pub at: Millis,
    /// The version of the program, for the manifest.
    pub version: String,
}

/// Why there is no backup. What was there before is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something has that name.
    #[error("`{}` exists already; name another file", .0.display())]
    Exists(PathBuf),
    /// Another backup to that file is under way.
    #[error("another backup is being written to `{}`; wait for it or name another file", .0.display())]
    UnderWay(PathBuf),
    /// The disk of the backup is full.
    #[error("the disk that holds `{}` is full; free some space or name a file on another disk", .0.display())]
    Full(PathBuf),
    /// The file system refused.
    #[error("cannot write the backup: `{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The copy does not pass SQLite's check, so the store itself is damaged.
    #[error("`{file}` is damaged ({reason}): no backup was made; restore an earlier one with `fossick restore`")]
    Damaged {
        /// The database file.
        file: &'static str,
        /// What SQLite found.
        reason: String,
    },
    /// It was asked to stop.
    #[error("the backup was stopped on request")]
    Stopped,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What goes wrong with one file, in the words of a backup.
fn refused(path: &Path) -> impl FnOnce(io::Error) -> BackupError + '_ {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BackupError::Full(path.to_owned()),
        _ if is_stop(&source) => BackupError::Stopped,
        _ => BackupError::Io { path: path.to_owned(), source },
    }
}

impl Store {
    /// Makes a backup. Blocks for as long as it takes to copy both files.
    pub fn backup(&self, request: &BackupRequest, watch: &mut Watch<'_>) -> Result<Manifest, BackupError> {
        let folder = Folder::beside(&request.to)?;
        let (content, hub) = self.snapshots()?;
        let copies = [(content, CONTENT_FILE, "copying content.db"), (hub, HUB_FILE, "copying hub.db")];
        let mut files = Vec::new();
        for (snapshot, name, doing) in copies {
            let copy = folder.path.join(name);
            copy::pages(snapshot, &copy, doing, watch)?;
            let format = copy::check(&copy, name, watch)?;
            files.push(Listed::of(&copy, name, Some(format), watch).map_err(refused(&copy))?);
        }
        if request.with_key {
            let copy = folder.path.join(MasterKey::FILE);
            fs::copy(&self.inner.key_path, &copy).map_err(refused(&self.inner.key_path))?;
            files.push(Listed::of(&copy, MasterKey::FILE, None, watch).map_err(refused(&copy))?);
        }
        let manifest = Manifest {
            layout: LAYOUT,
            version: request.version.clone(),
            made_at: request.at,
            generation: self.inner.generation.0.clone(),
            files,
        };
        folder.pack(&manifest, watch)?;
        folder.name(&request.to)?;
        Ok(manifest)
    }

    /// Reading connections whose snapshots belong together: neither file changes between the two.
    fn snapshots(&self) -> Result<(rusqlite::Connection, rusqlite::Connection), StoreError> {
        let store = self.clone();
        self.inner.hub.run_blocking(move |_| {
            let inner = store.inner.clone();
            let both = move |_: &mut crate::content::Content| {
                Ok::<_, StoreError>((inner.content_reads.snapshot()?, inner.hub_reads.snapshot()?))
            };
            store.inner.content.run_blocking(both)
        })
    }
}

/// The folder in which a backup grows: `NAME.partial` beside the file that it becomes.
struct Folder {
    path: PathBuf,
    /// Held while the backup is under way, so that what a crash has left can be told apart.
    _lock: File,
}

const PARTIAL: &str = ".partial";
const LOCK: &str = "lock";
const PACKED: &str = "backup.tar";

impl Folder {
    fn beside(to: &Path) -> Result<Self, BackupError> {
        if to.exists() {
            return Err(BackupError::Exists(to.to_owned()));
        }
        let mut name = OsString::from(to.as_os_str());
        name.push(PARTIAL);
        let path = PathBuf::from(name);
        if let Some(folder) = to.parent() {
            clear_leftovers(folder);
        }
        if path.exists() && locked(&path).is_none() {
            return Err(BackupError::UnderWay(to.to_owned()));
        }
        match private_folder(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(refused(&path)(error)),
            _ => {}
        }
        let Some(lock) = locked(&path) else { return Err(BackupError::UnderWay(to.to_owned())) };
        Ok(Self { path, _lock: lock })
    }

    /// Packs manifest and files into one. Each copy goes once it is packed, so that the disk holds few of them twice.
    fn pack(&self, manifest: &Manifest, watch: &mut Watch<'_>) -> Result<(), BackupError> {
        let path = self.path.join(PACKED);
        let mut tar = tar::Builder::new(private_file(&path).map_err(refused(&path))?);
        let text = manifest.to_json();
        let seconds = u64::try_from(manifest.made_at.0 / 1000).unwrap_or(0);
        let header = |size: u64| {
            let mut header = tar::Header::new_gnu();
            header.set_size(size);
            header.set_mode(0o600);
            header.set_mtime(seconds);
            header
        };
        tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_bytes()).map_err(refused(&path))?;
        for listed in &manifest.files {
            let copy = self.path.join(&listed.name);
            let file = File::open(&copy).map_err(refused(&copy))?;
            let reader = Watched::new(file, "packing", listed.size, watch);
            tar.append_data(&mut header(listed.size), &listed.name, reader).map_err(refused(&path))?;
            fs::remove_file(&copy).map_err(refused(&copy))?;
        }
        tar.into_inner().and_then(|file| file.sync_all()).map_err(refused(&path))
    }

    /// Gives the packed file its name, in one step that survives a crash.
    fn name(self, to: &Path) -> Result<(), BackupError> {
        // A link fails where a rename would replace a file that came meanwhile.
        let packed = self.path.join(PACKED);
        fs::hard_link(&packed, to).or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(BackupError::Exists(to.to_owned())),
            // Some file systems have no links.
            _ => fs::rename(&packed, to).map_err(refused(to)),
        })?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(refused(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next backup into the same folder.
        let _left = fs::remove_dir_all(&self.path);
    }
}

/// Removes what backups that were broken off have left in a folder.
fn clear_leftovers(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_ours = path.extension().is_some_and(|ending| ending == &PARTIAL[1..]) && path.join(LOCK).is_file();
        if is_ours && locked(&path).is_some() {
            let _kept_if_refused = fs::remove_dir_all(&path);
        }
    }
}

/// The lock of a folder in which a backup grows; `None` if a running process holds it.
fn locked(folder: &Path) -> Option<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK)).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// A folder for its owner alone.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file for its owner alone.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
