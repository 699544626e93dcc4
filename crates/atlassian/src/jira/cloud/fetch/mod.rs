//! The calls that make up each stream, and what is kept between them.
//!
//! The plan (sheet section 9) for P projects, I issues, R roles that grants name: 1 page of projects per 100, 1 list of
//! schemes, 3 lists of issue security, P mappings, R roles; 1 list of fields, 1 page of ids per 5000, 1 bulk fetch per
//! 100 issues, and further comments only where an issue has more than an answer holds.

mod audiences;
mod bulk;
mod cache;
mod changed;
mod comments;
mod containers;
mod cursor;
mod issues;
mod listing;
mod paging;
mod permissions;
mod roles;
mod team_managed;

pub(crate) use cache::Cache;
pub(crate) use paging::all_pages;
