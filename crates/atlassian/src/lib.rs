//! Atlassian's wire formats and HTTP: the only place that knows them.
//!
//! Everything goes through [`http`], whose list of endpoints is closed and read-only.

pub mod check;
pub mod confluence;
pub mod directory;
pub mod http;
mod id;
pub mod jira;
pub mod site;
