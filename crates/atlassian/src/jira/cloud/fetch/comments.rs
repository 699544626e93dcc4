//! All comments of issues that have more than came with them.
//!
//! An issue carries at most 20 comments whatever it is asked for; `total` tells how many it has (sheet section 3.1).

use crate::http::unless_refused;
use crate::http::{Call, CallError, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::document::ParsedIssue;
use crate::jira::cloud::wire::{self, CommentPage, each};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::{DocumentKey, Kind, Problem, ProblemKind, Target};
use serde_json::Value;
use std::collections::BTreeMap;
use sync::FetchError;

/// The most comments that Jira gives per page.
const PAGE: u64 = 100;
/// Issues whose comments are read at a time; the governor sets the pace.
const AT_ONCE: usize = 8;

/// The comments of one issue, each once, in the order in which they came.
pub(super) struct Read {
    pub(super) comments: Vec<wire::Comment>,
    pub(super) problems: Vec<Problem>,
    /// Whether these are all that the account may see: then others that are stored are gone; if not, nobody knows what
    /// the others show.
    pub(super) whole: bool,
}

impl JiraCloud {
    /// The comments of each issue, in the order of `issues`. Takes the raw ones out of them.
    pub(super) async fn comments(&self, issues: &mut [ParsedIssue]) -> Result<Vec<Read>, FetchError> {
        let raw = issues
            .iter_mut()
            .map(|issue| (issue.document.key.native.clone(), issue.comment_total, std::mem::take(&mut issue.comments)));
        let raw: Vec<(String, u64, Vec<Value>)> = raw.collect();
        let reads = raw.into_iter().map(|(issue, total, embedded)| async move {
            let (mut problems, mut missing) = (Vec::new(), false);
            let values = match total > embedded.len() as u64 {
                false => embedded,
                true => match unless_refused(self.all_comments(&issue).await)? {
                    Ok(values) => {
                        missing = (values.len() as u64) < total;
                        values
                    }
                    Err(reason) => {
                        let reason = format!("its further comments cannot be read: {reason}");
                        let target = Target::Document(DocumentKey::new(Kind::Issue, issue.as_str()));
                        problems.push(Problem::new(ProblemKind::Call, format!("issue {issue}"), reason).about(target));
                        missing = true;
                        embedded
                    }
                },
            };
            let read = once(values, problems);
            Ok::<_, FetchError>(Read { whole: read.whole && !missing, ..read })
        });
        stream::iter(reads).buffered(AT_ONCE).try_collect().await
    }

    async fn all_comments(&self, issue: &str) -> Result<Vec<Value>, CallError> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let call = Call::to(Endpoint::JiraIssueComments, [issue])
                .query("startAt", all.len())
                .query("maxResults", PAGE)
                .query("orderBy", "created");
            let page: CommentPage = self.gateway.send(call).await?.json()?;
            let came = page.comments.len();
            all.extend(page.comments);
            if came == 0 || page.total.is_some_and(|total| all.len() as u64 >= total) {
                return Ok(all);
            }
        }
    }
}

/// Pages may overlap when a comment was written meanwhile; the last reading of each stands.
fn once(values: Vec<Value>, mut problems: Vec<Problem>) -> Read {
    let (read, misfits) = each::<wire::Comment>(values);
    let whole = misfits.is_empty();
    problems.extend(misfits.into_iter().map(|misfit| {
        let reason = format!("the record cannot be understood and was left out: {}", misfit.reason);
        misfit.about(Kind::Comment, Problem::new(ProblemKind::Record, misfit.item("comment"), reason))
    }));
    let mut place = BTreeMap::new();
    let mut comments: Vec<wire::Comment> = Vec::with_capacity(read.len());
    for mut comment in read {
        if access::mutants::off("jira.comment-audience") {
            comment.visibility = None;
        }
        match place.get(&comment.id) {
            Some(&at) => comments[at] = comment,
            None => {
                place.insert(comment.id.clone(), comments.len());
                comments.push(comment);
            }
        }
    }
    Read { comments, problems, whole }
}
