//! What makes a copy of an old store a store again: its key, a new life, and nobody believed.

use super::{RestoreError, RestoreRequest, RestoredKey, refused};
use crate::backup::{Manifest, integrity, private_file};
use crate::open::{CONTENT_FILE, HUB_FILE};
use crate::seal::Seal;
use crate::work::{Watch, Work};
use crate::{Entropy, MasterKey, OpenError, StoreError, migrate};
use model::{SourceEvent, SourceState};
use rusqlite::{Connection, params};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Puts the key on the stage, unless the backup has brought it.
pub(super) fn key(
    request: &RestoreRequest,
    manifest: &Manifest,
    stage: &Path,
    entropy: &dyn Entropy,
) -> Result<(), RestoreError> {
    let to = stage.join(MasterKey::FILE);
    let from = match &request.key {
        RestoredKey::Found if manifest.file(MasterKey::FILE).is_some() => return Ok(()),
        RestoredKey::Found => request.data.join(MasterKey::FILE),
        RestoredKey::File(path) => path.clone(),
        RestoredKey::New => {
            remove_if_there(&to)?;
            return Ok(MasterKey::create_new(&to, entropy)?);
        }
    };
    let bytes = match fs::read(&from) {
        Ok(bytes) => zeroize::Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound && request.key == RestoredKey::Found => {
            return Err(RestoreError::KeyNeeded);
        }
        Err(error) => return Err(refused(&from)(error)),
    };
    remove_if_there(&to)?;
    private_file(&to).and_then(|mut file| file.write_all(&bytes)).map_err(refused(&to))
}

fn remove_if_there(path: &Path) -> Result<(), RestoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused(path)(error)),
        _ => Ok(()),
    }
}

/// Checks both databases, brings them to the newest format and gives them a new life.
pub(super) fn databases(
    request: &RestoreRequest,
    manifest: &Manifest,
    stage: &Path,
    entropy: &dyn Entropy,
    watch: &mut Watch<'_>,
) -> Result<(), RestoreError> {
    for (name, steps) in [(CONTENT_FILE, migrate::CONTENT), (HUB_FILE, migrate::HUB)] {
        if !watch(Work { doing: "checking", done: 0, total: 0 }) {
            return Err(RestoreError::Stopped);
        }
        let path = stage.join(name);
        let damaged = |reason: String| RestoreError::Damaged { file: name.to_owned(), reason };
        // Before any step is taken: a step would write into a file that nobody has looked at.
        let checked = Connection::open(&path).map_err(StoreError::from).and_then(|sql| integrity(&sql));
        match checked {
            Ok(None) => {}
            Ok(Some(reason)) | Err(StoreError::Damaged(reason)) => return Err(damaged(reason)),
            Err(error) => return Err(error.into()),
        }
        let mut sql = migrate::open(&path, steps)?;
        let changed = if name == CONTENT_FILE {
            content(&mut sql, request, entropy).map_err(RestoreError::from)
        } else {
            hub(&mut sql, request, manifest, stage)
        };
        changed?;
        // One file that needs nothing beside it.
        sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(StoreError::from)?;
        sql.close().map_err(|(_, error)| StoreError::from(error))?;
    }
    Ok(())
}

/// A new life of the store (IDX-2). Permissions are as old as the backup, so nothing is shown before they are read again.
fn content(sql: &mut Connection, request: &RestoreRequest, entropy: &dyn Entropy) -> Result<(), StoreError> {
    let generation = crate::open::new_generation(entropy)?;
    let transaction = sql.transaction()?;
    transaction.execute(
        "INSERT INTO meta (key, value) VALUES ('generation', ?1)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [generation],
    )?;
    transaction.execute_batch("INSERT OR IGNORE INTO restored SELECT source FROM directories")?;
    transaction.execute(
        "UPDATE runs SET status = 'cancelled', ended = ?1, reason = 'a backup was restored'
         WHERE status IN ('queued', 'running', 'cancelling')",
        params![request.at.0],
    )?;
    // What is known of the time after the backup went with what was read then.
    transaction.execute_batch("DELETE FROM checkpoints; DELETE FROM watermarks; DELETE FROM stopped_deletions")?;
    Ok(transaction.commit()?)
}

fn hub(sql: &mut Connection, request: &RestoreRequest, manifest: &Manifest, stage: &Path) -> Result<(), RestoreError> {
    let failed = StoreError::from;
    let transaction = sql.transaction().map_err(failed)?;
    let without_secrets = request.key == RestoredKey::New;
    if without_secrets {
        transaction.execute_batch("DELETE FROM secrets").map_err(failed)?;
    } else {
        fits(&transaction, request, manifest, stage)?;
    }
    // A session that was ended since the backup must not live again.
    transaction.execute_batch("DELETE FROM sessions").map_err(failed)?;
    sources(&transaction, request, without_secrets)?;
    transaction
        .execute(
            "INSERT INTO audit (at, actor, action, target) VALUES (?1, 'operator', 'backup.restored', ?2)",
            params![request.at.0, format!("{} from this machine", request.from.display())],
        )
        .map_err(failed)?;
    Ok(transaction.commit().map_err(failed)?)
}

fn fits(sql: &Connection, request: &RestoreRequest, manifest: &Manifest, stage: &Path) -> Result<(), RestoreError> {
    let key = MasterKey::read_file(&stage.join(MasterKey::FILE));
    // The operator knows the file by where it came from, not by where it lies on the stage.
    let origin: PathBuf = match &request.key {
        RestoredKey::File(path) => path.clone(),
        _ if manifest.file(MasterKey::FILE).is_some() => request.from.clone(),
        _ => request.data.join(MasterKey::FILE),
    };
    let key = match key {
        Ok(key) => key,
        Err(OpenError::Damaged { reason, .. }) => return Err(OpenError::Damaged { path: origin, reason }.into()),
        Err(error) => return Err(error.into()),
    };
    let seal = Seal::new(&key, Arc::new(crate::SystemEntropy));
    if crate::hub::key_fits(sql, &seal)? { Ok(()) } else { Err(RestoreError::WrongKey(origin)) }
}

/// Says with each source why nothing of it is shown.
fn sources(sql: &Connection, request: &RestoreRequest, without_secrets: bool) -> Result<(), StoreError> {
    const REASON: &str = "a backup was restored: nothing of this source is shown before a full sync has read again \
        who may see it";
    let mut statement = sql.prepare("SELECT id, state FROM sources")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    for (id, state) in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let unreadable = |_| StoreError::Unreadable { what: "source" };
        let state: SourceState = serde_json::from_str(&state).map_err(unreadable)?;
        let event = if without_secrets {
            SourceEvent::Refused(request.at)
        } else {
            SourceEvent::Failing { at: request.at, reason: REASON.to_owned() }
        };
        // A draft, a paused source and one that is being removed stay what they are.
        let Ok(next) = state.next(event) else { continue };
        let next = serde_json::to_string(&next).map_err(unreadable)?;
        sql.execute("UPDATE sources SET state = ?2 WHERE id = ?1", params![id, next])?;
    }
    Ok(())
}
