//! Restrictions that may have changed since the last sweep, in a few calls.
//!
//! The audit log tells of changed restrictions by the titles of their pages, to administrators only. A title is no identity; it
//! says where to look. Where the log may not be read, the next sweep finds the same.

use super::super::ConfluenceCloud;
use super::super::fetch;
use super::super::wire::{AuditRecord, Restricted};
use super::{MOST, Position, QUERY, items, quoted, search};
use crate::http::{Call, CallError, Endpoint};
use crate::known::store_failed;
use model::{Millis, NodeKey, NodeKind, Problem};
use std::collections::BTreeSet;
use sync::{Batch, FetchError, Known};

/// Records per page of the audit log.
const RECORDS: usize = 1000;
/// More titles than these are not looked for one by one: all restrictions are read again.
const TITLES: usize = 400;

/// What the audit log names, then what was just read.
pub(super) async fn audited(cloud: &ConfluenceCloud, since: Millis, known: &dyn Known) -> Result<Batch, FetchError> {
    let call = Call::new(Endpoint::ConfluenceAudit).query("startDate", since.0).query("limit", RECORDS);
    let listed = fetch::checkpoint(Some(&Position::Listed { behind: None }));
    let mut problems = Vec::new();
    let records: Vec<AuditRecord> = match cloud.gateway.send(call).await {
        // A record that cannot be understood may be of another category; the sweep is not kept from its work.
        Ok(answer) => answer.records("results", "audit record")?.found,
        Err(error) if error.is_refusal() => return Ok(fetch::batch(Vec::new(), problems, listed)),
        Err(error) => return Err(error.into()),
    };
    let whole = fetch::checkpoint(Some(&Position::default()));
    let titles: BTreeSet<String> = records.iter().filter_map(AuditRecord::restricted).map(str::to_owned).collect();
    if records.len() >= RECORDS || titles.len() > TITLES {
        return Ok(fetch::batch(Vec::new(), problems, whole));
    }
    let queries = in_queries(titles.iter().map(|title| quoted(title)));
    let queries = queries.into_iter().map(|titles| format!("title in ({titles})"));
    match searched(cloud, queries, known, &mut problems).await? {
        Some(batch_items) => Ok(fetch::batch(batch_items, problems, listed)),
        None => Ok(fetch::batch(Vec::new(), problems, whole)),
    }
}

/// Content that was listed in this run, whose restrictions are older than its text (SYN-5).
pub(super) async fn listed(
    cloud: &ConfluenceCloud,
    behind: Option<(String, String)>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let behind = behind.and_then(|(kind, native)| Some(NodeKey::new(kind.parse::<NodeKind>().ok()?, native)));
    let pending = known.pending(behind.as_ref(), MOST).map_err(store_failed)?;
    let singly = fetch::checkpoint(Some(&Position::Singly { behind: None }));
    let Some(last) = pending.last().cloned() else { return Ok(fetch::batch(Vec::new(), Vec::new(), singly)) };
    let ids = pending.into_iter().filter(|node| node.kind == NodeKind::Content).map(|node| quoted(&node.native));
    let queries = in_queries(ids).into_iter().map(|ids| format!("id in ({ids})"));
    let mut problems = Vec::new();
    match searched(cloud, queries, known, &mut problems).await? {
        Some(found) => {
            let next = Position::Listed { behind: Some((last.kind.code().to_owned(), last.native)) };
            Ok(fetch::batch(found, problems, fetch::checkpoint(Some(&next))))
        }
        None => Ok(fetch::batch(Vec::new(), problems, singly)),
    }
}

/// Lists that each fit into one query.
fn in_queries(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for word in words {
        match queries.last_mut() {
            Some(query) if query.len() + word.len() + 2 <= QUERY => {
                query.push_str(", ");
                query.push_str(&word);
            }
            _ => queries.push(word),
        }
    }
    queries
}

/// All that the queries find; `None` when the search refuses or fails, and others have to look.
async fn searched(
    cloud: &ConfluenceCloud,
    queries: impl Iterator<Item = String>,
    known: &dyn Known,
    problems: &mut Vec<Problem>,
) -> Result<Option<Vec<sync::Item>>, FetchError> {
    let mut all = Vec::new();
    for query in queries {
        match one_query(cloud, &query).await {
            Ok(found) => all.extend(items(cloud, found, known, problems).await?),
            Err(error) if error.is_refusal() || error.is_too_much() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(all))
}

async fn one_query(cloud: &ConfluenceCloud, query: &str) -> Result<Vec<Restricted>, CallError> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let call = search(cloud, query.to_owned(), MOST).query_opt("cursor", cursor.as_ref());
        let answer = cloud.gateway.send(call).await?;
        // What is stated badly stays as it was and is asked for singly.
        let found = answer.records::<Restricted>("results", "content")?.found;
        let next = if found.is_empty() { None } else { answer.next_cursor()? };
        all.extend(found);
        if next.is_none() || next == cursor {
            return Ok(all);
        }
        cursor = next;
    }
}
