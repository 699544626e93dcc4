//! Confluence's REST API: `v1` and `v2`, one file per resource, each with `routes()`; beside them what both share.

pub(crate) mod address;
pub(crate) mod adf;
pub(crate) mod adf_storage;
pub(crate) mod body;
pub(crate) mod operations;
pub(crate) mod people;
pub(crate) mod space_making;
pub(crate) mod v1;
pub(crate) mod v2;
pub(crate) mod view;
pub(crate) mod writer;
pub(crate) mod xhtml;

use crate::route::Route;

/// All routes of Confluence.
pub(crate) fn routes() -> Vec<Route> {
    [v1::routes(), v2::routes()].concat()
}
