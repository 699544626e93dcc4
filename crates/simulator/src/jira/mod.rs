//! Jira's REST API v3: one file per resource, each with `routes()`.

pub mod attachment;
pub mod project;
pub mod user;

use crate::route::Route;

/// All routes of Jira.
pub(crate) fn routes() -> Vec<Route> {
    [user::routes(), project::routes(), attachment::routes()].concat()
}
