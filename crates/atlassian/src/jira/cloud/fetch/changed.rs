//! Issues that are not stored in the state that Jira tells, found a thousand at a time, and what the listing did not name.
//!
//! The listing by the search index lags and gives ids only. The states come from a bulk read of a few plain fields, which does not
//! lag and takes a thousand ids; only issues in another state are read with everything that hangs on them.

use super::bulk::{AT_ONCE, PER_CALL};
use super::cursor::IssueCursor;
use crate::http::{Call, CallError, Endpoint, Fault};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::document::{STATE, state};
use crate::jira::cloud::wire;
use crate::known::store_failed;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::{DocumentKey, Kind, Problem};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::{Batch, Checkpoint, FetchError, Item, Known, Stream};

/// The most ids that one call takes while it is asked for few plain fields (sheet section 3.1).
const STATES: usize = 1000;
/// Issues asked for one by one in a run. More than these were taken away together, and the next listing tells it again.
const SINGLY: usize = 100;

/// What a bulk read tells of issues. Those that are in neither were not given.
#[derive(Default)]
struct States {
    /// The states of those in scope.
    live: BTreeMap<u64, String>,
    /// Those that are there and out of scope: archived, or in a project that is not read.
    outside: BTreeSet<u64>,
}

impl JiraCloud {
    /// What has changed among the first of these ids; how many were looked at, and what to store of them. Those stored
    /// already are named where the listing has to be complete.
    pub(super) async fn changed(
        &self,
        ids: &[u64],
        complete: bool,
        projects: &[String],
        known: &dyn Known,
        problems: &mut Vec<Problem>,
    ) -> Result<(usize, Vec<Item>), FetchError> {
        let ids = &ids[..ids.len().min(STATES)];
        let states = self.states(ids, projects, problems).await?.live;
        let keys: Vec<DocumentKey> = states.keys().map(|id| key(*id)).collect();
        let stored = known.versions(&keys).map_err(store_failed)?;
        let differs = |id: &u64| states.get(id).is_some_and(|state| stored.get(&key(*id)) != Some(state));
        // The rest comes with the next batch, so that none grows beyond what one reading of everything holds.
        let most = PER_CALL * AT_ONCE;
        let cut = ids.iter().enumerate().filter(|(_, id)| differs(id)).nth(most).map_or(ids.len(), |(at, _)| at);
        let taken = &ids[..cut];
        let wanted: Vec<u64> = taken.iter().copied().filter(differs).collect();
        let mut items = Vec::new();
        if complete {
            let same =
                taken.iter().filter(|id| !differs(id)).filter_map(|id| Some((key(*id), states.get(id)?.clone())));
            items.extend(same.map(|(key, version)| Item::Seen { key, version }));
        }
        items.extend(self.whole(&wanted, projects, problems).await?);
        Ok((cut, items))
    }

    /// The states of issues. Those that Jira gives and that cannot be understood are losses: whether they have changed is not
    /// known.
    async fn states(&self, ids: &[u64], projects: &[String], problems: &mut Vec<Problem>) -> Result<States, CallError> {
        if ids.is_empty() {
            return Ok(States::default());
        }
        if !self.cache.lock().narrow {
            match self.some_states(ids, projects).await {
                Err(CallError { fault: Fault::Rejected { status: 400, .. }, .. }) if ids.len() > PER_CALL => {
                    self.cache.lock().narrow = true;
                }
                Err(error) if error.is_too_much() => {}
                Err(error) => return Err(error),
                Ok((states, mut unread)) => {
                    problems.append(&mut unread);
                    return Ok(states);
                }
            }
        }
        let reads: Vec<_> = ids.chunks(PER_CALL).map(|some| self.some_states(some, projects)).collect();
        let read: Vec<_> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        let mut states = States::default();
        for (some, mut unread) in read {
            states.live.extend(some.live);
            states.outside.extend(some.outside);
            problems.append(&mut unread);
        }
        Ok(states)
    }

    async fn some_states(&self, ids: &[u64], projects: &[String]) -> Result<(States, Vec<Problem>), CallError> {
        let asked: Vec<String> = ids.iter().map(u64::to_string).collect();
        let call = Call::new(Endpoint::JiraBulkFetch)
            .json(&json!({"issueIdsOrKeys": asked, "fields": STATE, "fieldsByKeys": false}));
        let answer = self.gateway.send(call).await?;
        let mut unread = Vec::new();
        let found = answer.records::<wire::Issue>("issues", "issue")?.into_documents(Kind::Issue, &mut unread);
        let in_scope = |issue: &wire::Issue| {
            let project = issue.fields.get("project").and_then(|project| project.get("id"));
            let id = project.map(|project| project.as_str().map_or_else(|| project.to_string(), str::to_owned));
            !issue.is_archived() && id.is_some_and(|id| projects.binary_search(&id).is_ok())
        };
        let mut states = States::default();
        for issue in &found {
            let Ok(id) = issue.id.0.parse() else { continue };
            if in_scope(issue) {
                states.live.insert(id, state(issue));
            } else {
                states.outside.insert(id);
            }
        }
        Ok((states, unread))
    }

    /// Looks for issues that are stored and that the listing did not name. Those that Jira gives by id were only missing in its
    /// index; of the others some are asked for one by one, which alone proves that they are gone.
    pub(super) async fn confirm(
        &self,
        cursor: IssueCursor,
        behind: u64,
        projects: &[String],
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        if !cursor.settled {
            let next = IssueCursor { settled: true, ..cursor };
            return Ok(Batch::new(Vec::new(), Vec::new(), Checkpoint::At(next.write())));
        }
        let after = (behind > 0).then(|| key(behind));
        let missing = known.unlisted(Stream::Issues, after.as_ref(), STATES).map_err(store_failed)?;
        // Issues come first; what hangs on them follows them.
        let ids: Vec<u64> = missing.iter().filter(|key| key.kind == Kind::Issue).filter_map(number).collect();
        let Some(last) = ids.last().copied() else {
            return Ok(Batch::new(Vec::new(), Vec::new(), Checkpoint::Complete));
        };
        let mut problems = Vec::new();
        let states = self.states(&ids, projects, &mut problems).await?;
        let (here, away): (Vec<u64>, Vec<u64>) = ids.into_iter().partition(|id| states.live.contains_key(id));
        let mut items = Vec::new();
        for some in here.chunks(PER_CALL * AT_ONCE) {
            items.extend(self.whole(some, projects, &mut problems).await?);
        }
        // What Jira has just given is not gone, and stays hidden as long as no listing names it.
        let unknown = away.into_iter().filter(|id| !states.outside.contains(id));
        let singly: Vec<u64> = unknown.take(SINGLY.saturating_sub(cursor.singly)).collect();
        let asked = cursor.singly + singly.len();
        let gone: Vec<(u64, bool)> = stream::iter(singly)
            .map(|id| async move { Ok::<_, CallError>((id, self.is_gone(id).await?)) })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        items.extend(gone.into_iter().filter(|(_, gone)| *gone).map(|(id, _)| Item::Gone { key: key(id) }));
        let next = IssueCursor { confirming: Some(last), singly: asked, ..cursor };
        Ok(Batch::new(items, problems, Checkpoint::At(next.write())))
    }

    async fn is_gone(&self, id: u64) -> Result<bool, CallError> {
        let call = Call::to(Endpoint::JiraIssue, [id]).query("fields", "updated").confirmed();
        match self.gateway.send(call).await {
            Err(CallError { fault: Fault::NotFound, .. }) => Ok(true),
            Ok(_) => Ok(false),
            Err(error) if error.is_refusal() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn key(id: u64) -> DocumentKey {
    DocumentKey::new(Kind::Issue, id.to_string())
}

fn number(key: &DocumentKey) -> Option<u64> {
    key.native.parse().ok()
}
