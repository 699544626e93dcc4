//! Confluence Cloud's JSON as it comes (sheet section 2, appendix A8 to A11). Nothing outside this adapter sees it.

mod content;
mod permission;

pub(super) use content::{Attachment, Comment, Content, FoundComment, Listed, Place, Thread};
pub(super) use permission::{
    Assignment, AuditRecord, Listing, Permission, Principals, Restricted, RoleMode, Space, SpaceRole, SpaceV1,
    StatedRestriction, User,
};

pub(super) use crate::id::Id;
use model::Millis;
use serde::Deserialize;

/// A time as version 2 writes it: `2026-01-02T03:04:05.678Z`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Time(pub(super) Millis);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed: Result<jiff::Timestamp, _> = text.parse();
        parsed.map(|at| Self(Millis(at.as_millisecond()))).map_err(|_| "not an ISO 8601 time".to_owned())
    }
}

#[cfg(test)]
mod tests;
