//! From an issue as Jira sends it to documents, its node and the layers of that node. Pure: no calls here.
//!
//! Text of other issues (links, parents, subtasks) is kept as ids and never as text.

mod fields;
mod files;
mod issue;
mod parts;
mod values;

pub(crate) use fields::Fields;
pub(crate) use files::Carriers;
pub(crate) use issue::{Level, ParsedIssue, STATE, state};
pub(crate) use parts::{Frame, attachment, comment};
