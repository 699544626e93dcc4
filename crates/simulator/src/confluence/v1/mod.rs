//! Version 1 of the REST API: start and limit, expansions, and what version 2 never replaced.

mod attachment;
mod audit;
mod candidates;
mod content_read;
mod content_write;
mod expand;
mod find;
mod group;
mod label;
mod movement;
mod permission_check;
mod record;
mod restriction;
mod restriction_row;
mod restriction_write;
mod row;
mod search;
mod search_user;
mod settings;
mod space;
mod space_write;
mod user;

use crate::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    [
        attachment::routes(),
        audit::routes(),
        content_read::routes(),
        content_write::routes(),
        group::routes(),
        label::routes(),
        movement::routes(),
        permission_check::routes(),
        restriction::routes(),
        restriction_write::routes(),
        search::routes(),
        search_user::routes(),
        settings::routes(),
        space::routes(),
        space_write::routes(),
        user::routes(),
    ]
    .concat()
}
