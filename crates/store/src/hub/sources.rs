//! The sources that administrators connected, and their removal across both files.

use super::{is_taken, secrets};
use crate::{Store, StoreError};
use access::SourceId;
use model::{InvalidTransition, Millis, SourceEvent, SourceSettings, SourceState};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A source as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSource {
    /// Its number, never reused.
    pub id: SourceId,
    /// What an administrator decided about it.
    pub settings: SourceSettings,
    /// Where it stands.
    pub state: SourceState,
    /// When it was connected.
    pub created: Millis,
}

/// Why a source could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The same product of the same site is connected already.
    #[error("`{0}` is already connected; change its settings instead, or remove it first")]
    AlreadyConnected(String),
    /// There is no such source.
    #[error("there is no source {}; `fossick source list` shows all", .0.0)]
    Unknown(SourceId),
    /// The source is in a state that does not allow it.
    #[error(transparent)]
    Transition(#[from] InvalidTransition),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for SourceError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

const COLUMNS: &str = "id, settings, state, created";

fn source_of_row(row: &Row<'_>) -> Result<StoredSource, StoreError> {
    Ok(StoredSource {
        id: SourceId(row.get(0)?),
        settings: of_json(&row.get::<_, String>(1)?)?,
        state: of_json(&row.get::<_, String>(2)?)?,
        created: Millis(row.get(3)?),
    })
}

fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { what: "source" })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable { what: "source" })
}

fn find(sql: &Connection, id: SourceId) -> Result<Option<StoredSource>, StoreError> {
    let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM sources WHERE id = ?1"))?;
    statement.query_row([id.0], |row| Ok(source_of_row(row))).optional()?.transpose()
}

impl Store {
    /// Connects a source. Nothing is read from it before it is wanted.
    pub async fn add_source(&self, settings: SourceSettings, at: Millis) -> Result<StoredSource, SourceError> {
        self.change_hub(move |sql| {
            let state = SourceState::Draft;
            let name = settings.name().to_lowercase();
            let insert = "INSERT INTO sources (name, settings, state, created) VALUES (?1, ?2, ?3, ?4)";
            match sql.execute(insert, params![name, json(&settings)?, json(&state)?, at.0]) {
                Ok(_) => {}
                Err(error) if is_taken(&error) => return Err(SourceError::AlreadyConnected(name)),
                Err(error) => return Err(error.into()),
            }
            let id = u32::try_from(sql.last_insert_rowid()).map_err(|_| StoreError::Exhausted("sources"))?;
            Ok(StoredSource { id: SourceId(id), settings, state, created: at })
        })
        .await
    }

    /// All sources, by id.
    pub fn sources(&self) -> Result<Vec<StoredSource>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM sources ORDER BY id"))?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(source_of_row(row)?);
            }
            Ok(found)
        })
    }

    /// One source.
    pub fn source(&self, id: SourceId) -> Result<Option<StoredSource>, StoreError> {
        self.inner.hub_reads.read(|sql| find(sql, id))
    }

    /// Replaces the settings of a source.
    pub async fn set_source_settings(&self, id: SourceId, settings: SourceSettings) -> Result<(), SourceError> {
        self.change_hub(move |sql| {
            let name = settings.name().to_lowercase();
            let update = "UPDATE sources SET name = ?2, settings = ?3 WHERE id = ?1";
            match sql.execute(update, params![id.0, name, json(&settings)?]) {
                Ok(0) => Err(SourceError::Unknown(id)),
                Ok(_) => Ok(()),
                Err(error) if is_taken(&error) => Err(SourceError::AlreadyConnected(name)),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Moves a source on in its state machine. The new state.
    pub async fn source_event(&self, id: SourceId, event: SourceEvent) -> Result<SourceState, SourceError> {
        self.change_hub(move |sql| {
            let source = find(sql, id)?.ok_or(SourceError::Unknown(id))?;
            let state = source.state.next(event)?;
            sql.execute("UPDATE sources SET state = ?2 WHERE id = ?1", params![id.0, json(&state)?])?;
            Ok(state)
        })
        .await
    }

    /// Removes a source with everything read from it, its secrets, and what accounts had there.
    ///
    /// From the first step on nobody sees anything of it: without a directory nobody holds a principal. Rows go in
    /// slices, so this may take long. If it is broken off, [`recover`](Self::recover) goes on.
    pub async fn remove_source(&self, id: SourceId, at: Millis) -> Result<(), SourceError> {
        self.change_hub(move |sql| {
            let source = find(sql, id)?.ok_or(SourceError::Unknown(id))?;
            if source.state != SourceState::Deleting {
                let state = source.state.next(SourceEvent::Removed)?;
                sql.execute("UPDATE sources SET state = ?2 WHERE id = ?1", params![id.0, json(&state)?])?;
            }
            sql.execute("DELETE FROM secrets WHERE owner = ?1", [secrets::owner(id)])?;
            Ok::<_, SourceError>(())
        })
        .await?;
        self.inner.content.run(move |content| content.transact(id, |batch| batch.begin_purge(at))).await?;
        self.settle_source(id).await?;
        self.change_hub(move |sql| {
            sql.execute("DELETE FROM sources WHERE id = ?1", [id.0])?;
            Ok(())
        })
        .await
    }

    /// Goes on with removals that were broken off.
    pub(crate) async fn finish_removals(&self, at: Millis) -> Result<Vec<SourceId>, StoreError> {
        let mut removed = Vec::new();
        for source in self.sources()? {
            if source.state != SourceState::Deleting {
                continue;
            }
            match self.remove_source(source.id, at).await {
                Ok(()) => removed.push(source.id),
                Err(SourceError::Store(error)) => return Err(error),
                // Somebody else has removed it meanwhile.
                Err(_) => {}
            }
        }
        Ok(removed)
    }
}
