//! Who is a guest of Confluence, where no list of members has told it.
//!
//! The organization and Jira know people and groups, but not guests (sheet sections 3.6 and 4.3). Whoever may use Confluence
//! as far as they say is asked for by id. About whom Confluence does not answer counts as a guest: a guest is admitted by
//! name only, so this can only hide.

use super::Draft;
use super::wire::ConfluenceUser;
use crate::http::{Call, Endpoint, Gateway, unless_refused};
use access::{Group, UserId};
use serde_json::json;
use std::collections::BTreeSet;
use sync::FetchError;

/// The most ids of one call.
const ASKED: usize = 250;

/// Asks for all members of the groups that give access of whom Confluence has not told yet.
pub(super) async fn settle(gateway: &Gateway, draft: &mut Draft, giving: &BTreeSet<String>) -> Result<(), FetchError> {
    let asked = untold(draft, giving);
    let mut refused = None;
    for some in asked.chunks(ASKED) {
        let call = Call::new(Endpoint::ConfluenceUsersBulk).json(&json!({ "accountIds": some })).confirmed();
        let answer = gateway.send(call).await.and_then(|answer| answer.records::<ConfluenceUser>("results", "user"));
        match unless_refused(answer)? {
            Ok(records) => {
                let found = records.into_found(&mut draft.problems);
                found.into_iter().for_each(|user| draft.listed(user.member()));
            }
            Err(reason) => {
                refused = Some(reason);
                break;
            }
        }
    }
    let untold = untold(draft, giving);
    for id in &untold {
        if let Some(user) = draft.directory.users.get_mut(&UserId::Account(id.as_str().into())) {
            user.guest = true;
        }
    }
    if !untold.is_empty() {
        let reason = refused.unwrap_or_else(|| "Confluence does not answer for them".to_owned());
        let effect = format!("{} people are taken for guests, whom no group or class admits to a space", untold.len());
        draft.unreadable("guests", &reason, &effect);
    }
    Ok(())
}

/// Active people with access of whom only others have told. Nobody else holds anything.
fn untold(draft: &Draft, giving: &BTreeSet<String>) -> Vec<String> {
    let directory = &draft.directory;
    let members = giving.iter().filter_map(|group| directory.members.get(&Group::Id(group.as_str().into())));
    let admitted: BTreeSet<&UserId> = members.flatten().filter(|id| !draft.told.contains(*id)).collect();
    let counts = |id: &&UserId| {
        let user = directory.users.get(*id);
        user.is_some_and(|user| user.active && !user.outsider && !user.guest)
    };
    let accounts = admitted.into_iter().filter(counts).filter_map(|id| match id {
        UserId::Account(id) => Some(id.to_string()),
        UserId::Key(_) => None,
    });
    accounts.collect()
}
