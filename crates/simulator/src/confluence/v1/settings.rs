//! What the site is: `/settings/systemInfo`.

use axum::http::Method;
use serde_json::json;

use crate::call::Call;
use crate::reply::{Answer, Reply};
use crate::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::GET, "/wiki/rest/api/settings/systemInfo", system_info)]
}

fn system_info(call: &Call<'_>) -> Answer {
    let site = &call.simulation.site;
    Ok(Reply::ok(&json!({
        "cloudId": site.cloud_id,
        "commitHash": "0000000000000000000000000000000000000000",
        "baseUrl": site.wiki_base(),
        "fallbackBaseUrl": site.wiki_base(),
        "edition": "standard",
        "siteTitle": site.org_name,
        "defaultLocale": "en_US",
        "defaultTimeZone": site.time_zone,
        "microsPerimeter": "commercial",
    })))
}
