//! What all writing routes share: who writes, the refusals, the check of version numbers, and what a comment hangs on.

use axum::http::StatusCode;
use serde_json::Value;

use crate::call::Call;
use crate::reply::{Reply, confluence};
use crate::state::content::{Container, Content, ContentKind, Status};
use crate::state::{AccountId, World};

/// The account that writes; nobody in particular may not, even where the public reads.
pub(crate) fn account_v2(call: &Call<'_>) -> Result<AccountId, Reply> {
    let refused = || confluence::v2(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized");
    call.caller.account.clone().ok_or_else(refused)
}

/// [`account_v2`] with v1's error.
pub(crate) fn account_v1(call: &Call<'_>) -> Result<AccountId, Reply> {
    call.caller.account.clone().ok_or_else(|| not_permitted_v1("Anonymous users cannot change content"))
}

/// v2 answers a write that the caller may not do as if the object were not there.
pub(crate) fn not_permitted_v2(kind: &str) -> Reply {
    let title = format!("The calling user does not have the permission needed on this {kind}, or it does not exist.");
    confluence::v2(StatusCode::NOT_FOUND, "NOT_FOUND", &title)
}

/// v1 says that a write is not permitted.
pub(crate) fn not_permitted_v1(message: &str) -> Reply {
    let kind = "com.atlassian.confluence.api.service.exceptions.PermissionException";
    confluence::v1(StatusCode::FORBIDDEN, &format!("{kind}: {message}"))
}

/// 400 in v1.
pub(crate) fn bad_request_v1(message: &str) -> Reply {
    let kind = "com.atlassian.confluence.api.service.exceptions.BadRequestException";
    confluence::v1(StatusCode::BAD_REQUEST, &format!("{kind}: {message}"))
}

fn stale(next: u64) -> String {
    format!("Version must be incremented on update. Current version is: {}", next.saturating_sub(1))
}

/// The number that was sent must be `next`: 400 without one, 409 for another.
pub(crate) fn check_version_v2(sent: &Value, next: u64) -> Result<(), Reply> {
    match sent.as_u64().or_else(|| sent.as_str()?.parse().ok()) {
        None => Err(confluence::v2(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", "version.number is needed.")),
        Some(number) if number == next => Ok(()),
        Some(_) => Err(confluence::v2(StatusCode::CONFLICT, "CONFLICT", &stale(next))),
    }
}

/// [`check_version_v2`] with v1's errors.
pub(crate) fn check_version_v1(sent: &Value, next: u64) -> Result<(), Reply> {
    match sent.as_u64().or_else(|| sent.as_str()?.parse().ok()) {
        None => Err(bad_request_v1("Must supply an incremented version when updating Content. No version supplied.")),
        Some(number) if number == next => Ok(()),
        Some(_) => {
            let kind = "com.atlassian.confluence.api.service.exceptions.ConflictException";
            Err(confluence::v1(StatusCode::CONFLICT, &format!("{kind}: {}", stale(next))))
        }
    }
}

/// The page, blog post, … on which a comment hangs, directly or by a file.
pub(crate) fn page_of(world: &World, container: Container) -> Option<&Content> {
    let id = match container {
        Container::Content(id) => id,
        Container::Attachment(id) => world.confluence.attachments.get(&id)?.container,
    };
    world.confluence.content.get(&id)
}

/// Whether a page of that title stands in the space already, other than `own`. Archived pages keep their title; drafts and
/// the trash do not. Blog posts and folders may share titles.
pub(crate) fn title_is_taken(world: &World, kind: ContentKind, space: u64, title: &str, own: Option<u64>) -> bool {
    let taken = |id: u64| {
        world.confluence.content.get(&id).is_some_and(|content| {
            content.space == space && Some(id) != own && matches!(content.status, Status::Current | Status::Archived)
        })
    };
    kind == ContentKind::Page && world.confluence.ids_titled(kind, title).any(taken)
}

/// The message about a taken title.
pub(crate) const TITLE_TAKEN: &str =
    "A page with this title already exists: A page already exists with the same TITLE in this space";

/// Longest title, in characters.
pub(crate) const LONGEST_TITLE: usize = 255;
