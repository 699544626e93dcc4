//! Listings by offset, read to their end.

use crate::http::{Call, CallError, Gateway, Trail};
use crate::jira::cloud::wire::Page;
use model::Problem;
use serde::de::DeserializeOwned;

/// Reads all pages of a `values` listing, one after the other. `what` names one record for people.
///
/// The next page starts behind what came, since Jira gives shorter pages than it was asked for.
pub(crate) async fn all_pages<T: DeserializeOwned>(
    gateway: &Gateway,
    call: impl Fn() -> Call,
    what: &str,
    problems: &mut Vec<Problem>,
) -> Result<Vec<T>, CallError> {
    let mut all = Vec::new();
    let (mut start, mut trail) = (0, Trail::default());
    loop {
        let answer = gateway.send(call().query("startAt", start)).await?;
        let page: Page = answer.json()?;
        all.extend(answer.records("values", what)?.into_found(problems));
        match page.next(start) {
            Some(next) if next > start => {
                trail.step(&next, &answer)?;
                start = next;
            }
            _ => return Ok(all),
        }
    }
}
