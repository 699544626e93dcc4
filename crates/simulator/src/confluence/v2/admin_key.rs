//! Admin keys, which let an administrator pass view restrictions for a while: this site's plan has none.
//!
//! The routes have no scopes, so a scoped token is refused before it gets here.

use axum::http::Method;

use crate::call::Call;
use crate::reply::{Answer, confluence};
use crate::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    [Method::GET, Method::POST, Method::DELETE]
        .into_iter()
        .map(|method| Route::confluence(method, "/wiki/api/v2/admin-key", refuse))
        .collect()
}

fn refuse(_: &Call<'_>) -> Answer {
    let title = "Admin key is not available on this site or for this user";
    Err(confluence::v2(axum::http::StatusCode::NOT_FOUND, "NOT_FOUND", title))
}
