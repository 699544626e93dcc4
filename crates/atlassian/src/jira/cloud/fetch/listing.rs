//! The ids of all issues in scope, 5000 per call.

use super::cache::ListedPage;
use super::cursor::IssueCursor;
use crate::http::{Call, CallError, Endpoint, Fault};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::wire::Listing;
use model::{ContainerKey, Millis, Problem, ProblemKind, Target};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use sync::FetchError;

/// The most ids that Jira gives per page.
const PAGE: u32 = 5000;
/// Projects per query, which keeps it short.
const PROJECTS: usize = 200;

#[derive(Deserialize)]
struct Count {
    count: u64,
}

impl JiraCloud {
    /// The page that a cursor stands on, from memory or from Jira; moves the cursor where Jira refuses its token or
    /// its projects. `None` once no project is left.
    pub(super) async fn page(
        &self,
        cursor: &mut IssueCursor,
        projects: &[String],
        since: Option<Millis>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<ListedPage>, FetchError> {
        while cursor.first < projects.len() {
            let left = projects.len() - cursor.first;
            cursor.width = if cursor.width == 0 { PROJECTS.min(left) } else { cursor.width.min(left) };
            if let Some(kept) = self.kept_page(cursor) {
                return Ok(Some(kept));
            }
            let some = &projects[cursor.first..cursor.first + cursor.width];
            match self.list(some, since, cursor).await {
                Ok(page) => {
                    self.cache.lock().page = Some(page.clone());
                    return Ok(Some(page));
                }
                Err(CallError { fault: Fault::Rejected { status: 400, .. }, .. }) if cursor.token.is_some() => {
                    // Tokens expire after a week. Listing again from the start repeats work and loses nothing.
                    (cursor.token, cursor.after) = (None, None);
                }
                Err(CallError { fault: Fault::Rejected { status: 400, .. }, .. }) if cursor.width > 1 => {
                    // One project that the account can no longer see makes Jira refuse the whole query.
                    cursor.width /= 2;
                }
                Err(error) if error.is_refusal() => {
                    let item = format!("issues of project {}", some.join(", "));
                    let problem = Problem::new(ProblemKind::Call, item, error.reason());
                    problems.push(match some {
                        [one] => problem.about(Target::Container(ContainerKey(one.clone()))),
                        _ => problem,
                    });
                    cursor.next_projects();
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    fn kept_page(&self, cursor: &IssueCursor) -> Option<ListedPage> {
        let kept = self.cache.lock().page.clone();
        kept.filter(|page| page.projects == (cursor.first, cursor.width) && page.token == cursor.token)
    }

    /// Lists by the time of creation, which never changes: what is created or edited meanwhile shifts nothing that was
    /// already listed.
    async fn list(
        &self,
        projects: &[String],
        since: Option<Millis>,
        cursor: &IssueCursor,
    ) -> Result<ListedPage, CallError> {
        let mut body = json!({"jql": jql(projects, since), "fields": ["id"], "maxResults": PAGE});
        if let Some(token) = &cursor.token {
            body["nextPageToken"] = json!(token);
        }
        let answer = self.gateway.send(Call::new(Endpoint::JiraSearchByPost).json(&body)).await?;
        let listing: Listing = answer.json()?;
        let ids: Result<BTreeSet<u64>, _> = listing.issues.iter().map(|issue| issue.id.0.parse()).collect();
        let ids = ids.map_err(|_| answer.malformed("an issue's id is not a number"))?;
        let last = listing.is_last.unwrap_or(false);
        let next = listing.next_page_token.filter(|token| !last && Some(token) != cursor.token.as_ref());
        Ok(ListedPage {
            projects: (cursor.first, cursor.width),
            token: cursor.token.clone(),
            ids: ids.into_iter().collect(),
            next,
        })
    }

    /// How many issues there are, for progress: known when one page holds all, else asked for once.
    pub(super) async fn total(&self, page: &ListedPage, projects: &[String]) -> Option<u64> {
        if page.next.is_none() && page.projects == (0, projects.len()) {
            return Some(page.ids.len() as u64);
        }
        let mut total = 0;
        for some in projects.chunks(PROJECTS) {
            let call = Call::new(Endpoint::JiraApproximateCount).json(&json!({"jql": condition(some)}));
            // Progress without a total is better than no crawl.
            total += self.gateway.send(call).await.ok()?.json::<Count>().ok()?.count;
        }
        Some(total)
    }
}

impl IssueCursor {
    /// Moves to the projects behind those of this page.
    pub(super) fn next_projects(&mut self) {
        self.first += self.width;
        (self.width, self.token, self.after) = (0, None, None);
    }
}

fn condition(projects: &[String]) -> String {
    format!("project in ({})", projects.join(", "))
}

/// A date would be read in the account's own time zone and cut to the minute; milliseconds without quotes are neither
/// (sheet section 3.8).
fn jql(projects: &[String], since: Option<Millis>) -> String {
    let changed = since.map_or(String::new(), |since| format!(" AND updated >= {}", since.0.max(0)));
    format!("{}{changed} ORDER BY created ASC, key ASC", condition(projects))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_are_named_by_id_and_the_order_is_stable() {
        let projects = ["10000".to_owned(), "10001".to_owned()];
        assert_eq!(jql(&projects, None), "project in (10000, 10001) ORDER BY created ASC, key ASC");
    }

    #[test]
    fn changes_are_asked_for_in_a_form_that_no_time_zone_falsifies() {
        let changed = jql(&["10000".to_owned()], Some(Millis(1_767_225_600_000)));
        assert_eq!(changed, "project in (10000) AND updated >= 1767225600000 ORDER BY created ASC, key ASC");
    }
}
