//! The organization's directory: accounts, e-mails and memberships, a hundred per call (sheet section 4.4).

use super::Draft;
use super::wire::{OrgPage, OrgUser};
use crate::http::{Call, CallError, Endpoint, Gateway, Trail};
use serde_json::json;

/// The most users that one call gives.
const PAGE: u32 = 100;

/// Reads all accounts of all directories into the draft. On an error the draft holds a part, which must not be used:
/// the caller starts anew.
///
/// Somebody whose groups are not told is in none.
pub(super) async fn read(gateway: &Gateway, org: &str, draft: &mut Draft) -> Result<(), CallError> {
    let mut cursor: Option<String> = None;
    let (mut untold, mut trail) = (0, Trail::default());
    loop {
        let mut body = json!({"limit": PAGE, "expand": ["groups"]});
        if let Some(cursor) = &cursor {
            body["cursor"] = json!(cursor);
        }
        let answer = gateway.send(Call::to(Endpoint::OrgUsersSearch, [org, "-"]).json(&body)).await?;
        let page: OrgPage = answer.json()?;
        for mut user in answer.records::<OrgUser>("data", "account")?.into_found(&mut draft.problems) {
            untold += usize::from(user.groups.is_none());
            let groups = user.groups.take().unwrap_or_default();
            let (id, user) = user.user();
            for group in &groups {
                draft.member(&group.id, &id);
                draft.group_name(&group.id, &group.name);
            }
            draft.user(&id, user);
        }
        match page.links.and_then(|links| links.next).filter(|next| !next.is_empty()) {
            Some(next) => {
                trail.step(&next, &answer)?;
                cursor = Some(next);
            }
            None => break,
        }
    }
    if untold > 0 {
        let reason = format!("it does not tell the groups of {untold} accounts");
        draft.unreadable("organization directory", &reason, "they are taken to be in none");
    }
    Ok(())
}
