//! Confluence's REST API: one file per resource, each with `routes()`; v1 routes go to files named `v1_…`.

pub mod page;
pub mod space;
pub mod v1_attachment;

use crate::route::Route;

/// All routes of Confluence.
pub(crate) fn routes() -> Vec<Route> {
    [space::routes(), page::routes(), v1_attachment::routes()].concat()
}
