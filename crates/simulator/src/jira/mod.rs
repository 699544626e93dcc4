//! Jira's REST API v3: one file per resource, each with `routes()`; `…_write` files hold what changes something.
//!
//! `scene`, `selection` and `issue_json` write issues, `jql_names` and `jql_record` show the world to JQL, `gate` holds the
//! checks that handlers share.

mod attachment;
mod attachment_write;
mod audit;
mod catalog;
pub(crate) mod changelog;
mod comment;
mod comment_write;
mod gate;
mod group;
mod holder;
mod issue;
mod issue_diff;
mod issue_input;
mod issue_json;
mod issue_move;
mod issue_write;
mod jql_names;
mod jql_record;
mod link;
mod permission;
mod permission_scheme;
mod permission_scheme_write;
mod permission_table;
pub mod project;
mod project_write;
mod role;
mod role_write;
mod scene;
mod schema;
mod search;
pub mod search_pages;
mod security;
mod security_write;
mod selection;
mod task;
pub mod user;
mod user_list;
mod webhook;
mod worklog;

use crate::route::Route;

/// All routes of Jira.
pub(crate) fn routes() -> Vec<Route> {
    [
        attachment::routes(),
        attachment_write::routes(),
        audit::routes(),
        catalog::routes(),
        changelog::routes(),
        comment::routes(),
        comment_write::routes(),
        group::routes(),
        issue::routes(),
        issue_move::routes(),
        issue_write::routes(),
        link::routes(),
        permission::routes(),
        permission_scheme::routes(),
        permission_scheme_write::routes(),
        project::routes(),
        project_write::routes(),
        role::routes(),
        role_write::routes(),
        schema::routes(),
        search::routes(),
        security::routes(),
        security_write::routes(),
        task::routes(),
        user::routes(),
        user_list::routes(),
        webhook::routes(),
        worklog::routes(),
    ]
    .concat()
}
