//! All comments of issues that have more than came with them.
//!
//! A page of them that is too much, by its size or because one comment breaks it, is asked for again in smaller parts; a comment
//! that is too much alone is left out, and its issue is owed.
//!
//! An issue carries at most 20 comments whatever it is asked for; `total` tells how many it has (sheet section 3.1).

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

/// Comments of one issue that may be too much alone. More of them are rather a fault of the answers than of the comments.
const UNREADABLE: usize = 3;

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
                true => match self.all_comments(&issue).await {
                    Ok((values, lost)) => {
                        problems.extend(lost);
                        missing = (values.len() as u64) < total;
                        values
                    }
                    Err(error) if error.is_refusal() || error.is_too_much() => {
                        let reason = format!("its further comments cannot be read: {}", error.reason());
                        let problem = Problem::new(ProblemKind::Call, format!("issue {issue}"), reason);
                        problems.push(problem.about(owed(&issue)));
                        missing = true;
                        embedded
                    }
                    Err(error) => return Err(error.into()),
                },
            };
            let read = once(values, problems);
            Ok::<_, FetchError>(Read { whole: read.whole && !missing, ..read })
        });
        stream::iter(reads).buffered(AT_ONCE).try_collect().await
    }

    /// All that can be read, and what is lost of them.
    async fn all_comments(&self, issue: &str) -> Result<(Vec<Value>, Vec<Problem>), CallError> {
        let (mut all, mut lost) = (Vec::new(), Vec::new());
        let (mut start, mut most) = (0, PAGE);
        loop {
            let call = Call::to(Endpoint::JiraIssueComments, [issue])
                .query("startAt", start)
                .query("maxResults", most)
                .query("orderBy", "created");
            let page: CommentPage = match self.gateway.send(call).await {
                Ok(answer) => answer.json()?,
                Err(error) if error.is_too_much() && most > 1 => {
                    most /= 2;
                    continue;
                }
                Err(error) if error.is_too_much() && lost.len() < UNREADABLE => {
                    let item = format!("comment {} of issue {issue}, counted from the oldest", start + 1);
                    let reason = format!("it was left out: {}", error.reason());
                    lost.push(Problem::new(ProblemKind::Record, item, reason).about(owed(issue)));
                    start += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let came = page.comments.len() as u64;
            all.extend(page.comments);
            (start, most) = (start + came, (most * 2).min(PAGE));
            if came == 0 || page.total.is_some_and(|total| start >= total) {
                return Ok((all, lost));
            }
        }
    }
}

fn owed(issue: &str) -> Target {
    Target::Document(DocumentKey::new(Kind::Issue, issue))
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
