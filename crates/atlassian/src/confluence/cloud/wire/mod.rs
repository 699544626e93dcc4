//! Confluence Cloud's JSON as it comes (sheet section 2, appendix A8 to A11). Nothing outside this adapter sees it.

mod content;
mod permission;

pub(super) use content::{Attachment, Comment, Content, FoundComment, Listed, Place, Thread};
pub(super) use permission::{
    Assignment, Group, Listing, Permission, Principals, Restricted, RoleMode, Space, SpaceRole, SpaceV1,
    StatedRestriction, User,
};

use model::Millis;
use serde::Deserialize;

/// An id: a string in version 2, a number in some answers of version 1.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[serde(from = "Number")]
pub(super) struct Id(pub(super) String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Whole(i64),
}

impl From<Number> for Id {
    fn from(number: Number) -> Self {
        match number {
            Number::Text(text) => Self(text),
            Number::Whole(whole) => Self(whole.to_string()),
        }
    }
}

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
