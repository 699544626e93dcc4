//! Issues by id, a hundred per call.

use crate::http::{Call, CallError, Endpoint, Fault};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::document::{Fields, Frame, ParsedIssue};
use crate::jira::cloud::wire;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::{DocumentKey, Kind, Problem, ProblemKind, Target};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::FetchError;

/// The most ids that one call takes with comments among its fields.
pub(super) const PER_CALL: usize = 100;
/// Calls made at a time, and so in one batch; the governor sets the pace.
pub(super) const AT_ONCE: usize = 4;

impl JiraCloud {
    /// Reads issues, each once, in rising order of their ids. Those that Jira does not give are noted.
    pub(super) async fn issues(
        &self,
        ids: &[u64],
        fields: &Fields,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<ParsedIssue>, FetchError> {
        let reads: Vec<_> = ids.chunks(PER_CALL).map(|chunk| self.chunk(chunk, fields)).collect();
        let read: Vec<(Vec<ParsedIssue>, Vec<Problem>)> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        let mut found = BTreeMap::new();
        for (issues, mut noted) in read {
            problems.append(&mut noted);
            let numbered = issues.into_iter().map(|issue| (number(&issue), issue));
            found.extend(numbered);
        }
        Ok(found.into_values().collect())
    }

    /// Reads one call's worth. An answer that is too large or malformed is asked for again in halves, so that one bad
    /// issue costs itself only.
    async fn chunk(&self, ids: &[u64], fields: &Fields) -> Result<(Vec<ParsedIssue>, Vec<Problem>), FetchError> {
        let (mut issues, mut problems) = (Vec::new(), Vec::new());
        let mut open = vec![ids];
        while let Some(ids) = open.pop() {
            match self.one_call(ids, fields, &mut problems).await {
                Ok(mut found) => issues.append(&mut found),
                Err(CallError { fault: Fault::TooLarge | Fault::Malformed(_), .. }) if ids.len() > 1 => {
                    let (first, second) = ids.split_at(ids.len() / 2);
                    open.extend([second, first]);
                }
                Err(error @ CallError { fault: Fault::TooLarge | Fault::Malformed(_), .. }) => {
                    let id = ids.first().copied().unwrap_or_default();
                    let reason = format!("it was left out: {}", error.reason());
                    problems.push(Problem::new(ProblemKind::Record, format!("issue {id}"), reason).about(target(id)));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok((issues, problems))
    }

    async fn one_call(
        &self,
        ids: &[u64],
        fields: &Fields,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<ParsedIssue>, CallError> {
        let asked: Vec<String> = ids.iter().map(u64::to_string).collect();
        let call = Call::new(Endpoint::JiraBulkFetch)
            .json(&json!({"issueIdsOrKeys": asked, "fields": fields.asked(), "fieldsByKeys": false}));
        let answer = self.gateway.send(call).await?;
        let records = answer.records::<wire::Issue>("issues", "issue")?;
        let malformed = records.problems.len();
        let mut found = records.into_documents(Kind::Issue, problems);
        let came: BTreeSet<&str> = found.iter().map(|issue| issue.id.0.as_str()).collect();
        let missing: Vec<&str> = asked.iter().map(String::as_str).filter(|id| !came.contains(id)).collect();
        if missing.len() > malformed {
            problems.push(missed(&missing));
        }
        found.retain(|issue| !issue.is_archived());
        let frame = Frame { source: self.source, site: &self.site, fields };
        Ok(found.into_iter().filter_map(|issue| ParsedIssue::read(&frame, issue, problems)).collect())
    }
}

/// One issue, to be read again by itself.
pub(super) fn target(id: u64) -> Target {
    Target::Document(DocumentKey::new(Kind::Issue, id.to_string()))
}

fn number(issue: &ParsedIssue) -> u64 {
    issue.document.key.native.parse().unwrap_or(u64::MAX)
}

/// Issues that were listed and not given: deleted, moved or hidden meanwhile. Whether they are gone is judged by the
/// whole listing, not here.
fn missed(ids: &[&str]) -> Problem {
    const SHOWN: usize = 10;
    let more = if ids.len() > SHOWN { ", …" } else { "" };
    let shown = ids[..ids.len().min(SHOWN)].join(", ");
    let reason = format!("{} listed issues were not given ({shown}{more}): deleted or hidden meanwhile", ids.len());
    Problem::new(ProblemKind::Notice, Endpoint::JiraBulkFetch.to_string(), reason)
}
