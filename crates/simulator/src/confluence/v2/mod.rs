//! Version 2 of the REST API: opaque cursors, ids as text, errors as a list.

pub(crate) mod admin_key;
pub(crate) mod attachment;
pub(crate) mod comment;
pub(crate) mod comment_write;
pub(crate) mod container;
pub(crate) mod content;
pub(crate) mod content_write;
pub(crate) mod find;
pub(crate) mod label;
pub(crate) mod listing;
pub(crate) mod single;
pub(crate) mod space;
pub(crate) mod space_access;
pub(crate) mod space_write;
pub(crate) mod task;
pub(crate) mod tree;
pub(crate) mod user;
pub(crate) mod version;

use crate::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    [
        admin_key::routes(),
        attachment::routes(),
        comment::routes(),
        comment_write::routes(),
        container::routes(),
        content::routes(),
        content_write::routes(),
        label::routes(),
        single::routes(),
        space::routes(),
        space_access::routes(),
        space_write::routes(),
        task::routes(),
        tree::routes(),
        user::routes(),
        version::routes(),
    ]
    .concat()
}
