//! Everything stored about access, handed to the mirror at start.
//!
//! Documents come last: until then nothing is admitted, so that a part of the load never shows more than the whole. They
//! are most of it and are read beside the rest, over a connection of their own; nothing writes meanwhile.

use super::clauses;
use super::documents::{Standing, outside_cause};
use crate::error::Result;
use crate::{StoreError, codec, migrate};
use access::{AclId, ClauseId, Delta, DocNo, DocumentEntry, Hidden, NodeEntry, NodeId};
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use sync::Mirror;

/// Rows in one call: few calls, without a second copy of everything in memory.
const CHUNK: usize = 65_536;
/// Chunks of documents that wait for what comes before them.
const AHEAD: usize = 64;

type Documents = Vec<(DocNo, DocumentEntry)>;

pub(crate) fn everything(sql: &Connection, mirror: &dyn Mirror) -> Result<()> {
    let beside = migrate::open_reader(Path::new(sql.path().unwrap_or_default()))?;
    std::thread::scope(|scope| {
        let (sender, chunks) = sync_channel(AHEAD);
        let reading = scope.spawn(move || documents(&beside, &sender));
        all_but_documents(sql, mirror)?;
        for documents in chunks {
            mirror.apply(&Delta { documents, ..Delta::default() });
        }
        // A panic was already reported by the panic hook.
        reading.join().unwrap_or(Err(StoreError::Stopped))
    })
}

fn all_but_documents(sql: &Connection, mirror: &dyn Mirror) -> Result<()> {
    let mut delta = Delta::default();
    let mut statement = sql.prepare("SELECT id, content, stale FROM clauses")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        delta.clauses.push((ClauseId(row.get(0)?), clauses::in_force(content, row.get(2)?)?));
    }
    // In one piece: every further piece with clauses would make cached decisions be derived anew.
    mirror.apply(&std::mem::take(&mut delta));
    let mut statement = sql.prepare("SELECT id, clauses FROM acls")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let ids = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        delta.acls.push((AclId(row.get(0)?), codec::ids_of_bytes(ids)?));
        flush(&mut delta, mirror, CHUNK);
    }
    let mut statement = sql.prepare("SELECT id, acl, inline FROM nodes WHERE acl IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let inline = row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        let inline = inline.map(codec::inline_of_bytes).transpose()?.map(Arc::new);
        delta.nodes.push((NodeId(row.get(0)?), NodeEntry { acl: AclId(row.get(1)?), inline }));
        flush(&mut delta, mirror, CHUNK);
    }
    flush(&mut delta, mirror, 1);
    Ok(())
}

fn flush(delta: &mut Delta, mirror: &dyn Mirror, at_least: usize) {
    if delta.acls.len() + delta.nodes.len() >= at_least {
        mirror.apply(&std::mem::take(delta));
    }
}

/// Few containers are outside, if any: looking them up costs less than joining every document with its container.
fn documents(sql: &Connection, chunks: &SyncSender<Documents>) -> Result<()> {
    let outside = outside(sql)?;
    let mut statement = sql.prepare(
        "SELECT docno, node, audience, deleted_at IS NOT NULL, 0, missed_run, source, container FROM documents",
    )?;
    let mut rows = statement.query([])?;
    let mut chunk = Documents::new();
    while let Some(row) = rows.next()? {
        let mut standing = Standing::of_row(row)?;
        if !outside.is_empty() {
            let container = row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?;
            standing.outside = outside.get(&row.get(6)?).and_then(|of_source| of_source.get(container).copied());
        }
        chunk.push((standing.doc, standing.entry()));
        // Nobody listens any more once the rest has failed.
        if chunk.len() >= CHUNK && chunks.send(std::mem::take(&mut chunk)).is_err() {
            return Ok(());
        }
    }
    let _last = chunks.send(chunk);
    Ok(())
}

/// Containers that were not in the last complete listing, by source, and why.
fn outside(sql: &Connection) -> Result<HashMap<u32, HashMap<String, Hidden>>> {
    let mut statement = sql.prepare("SELECT source, native, outside FROM containers WHERE outside <> 0")?;
    let mut rows = statement.query([])?;
    let mut outside: HashMap<u32, HashMap<String, Hidden>> = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Some(cause) = outside_cause(row.get(2)?) {
            outside.entry(row.get(0)?).or_default().insert(row.get(1)?, cause);
        }
    }
    Ok(outside)
}
