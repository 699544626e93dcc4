//! Atlassian's wire formats and HTTP: the only place that knows them.
//!
//! Everything goes through [`http`], whose list of endpoints is closed and read-only.

pub mod asking;
pub mod check;
pub mod confluence;
pub mod directory;
pub mod examination;
pub mod http;
mod id;
pub mod jira;
mod known;
mod losses;
pub mod rules;
pub mod site;
