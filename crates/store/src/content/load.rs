//! Everything stored about access, handed to the mirror at start.
//!
//! Documents come last: until then nothing is admitted, so that a part of the load never shows more than the whole.

use super::clauses;
use super::documents::{STANDING_COLUMNS, Standing};
use crate::codec;
use crate::error::Result;
use access::{AclId, ClauseId, Delta, NodeEntry, NodeId};
use rusqlite::Connection;
use std::sync::Arc;
use sync::Mirror;

/// Rows in one call: few calls, without a second copy of everything in memory.
const CHUNK: usize = 65_536;

pub(super) fn everything(sql: &Connection, mirror: &dyn Mirror) -> Result<()> {
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
    let mut statement = sql.prepare(&format!(
        "SELECT {STANDING_COLUMNS} FROM documents d
         LEFT JOIN containers c ON c.source = d.source AND c.native = d.container"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let standing = Standing::of_row(row)?;
        delta.documents.push((standing.doc, standing.entry()));
        flush(&mut delta, mirror, CHUNK);
    }
    flush(&mut delta, mirror, 1);
    Ok(())
}

fn flush(delta: &mut Delta, mirror: &dyn Mirror, at_least: usize) {
    if delta.acls.len() + delta.nodes.len() + delta.documents.len() >= at_least {
        mirror.apply(&std::mem::take(delta));
    }
}
