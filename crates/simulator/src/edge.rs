//! `/_edge/tenant_info`: the cloud id of a site, for everybody.

use axum::http::Method;
use serde_json::json;

use crate::call::Call;
use crate::reply::{Answer, Reply};
use crate::route::{Login, Product, Route};

pub(crate) fn routes() -> Vec<Route> {
    let template = "/_edge/tenant_info";
    vec![Route { product: Product::Edge, method: Method::GET, template, login: Login::Optional, run: tenant_info }]
}

fn tenant_info(call: &Call<'_>) -> Answer {
    Ok(Reply::ok(&json!({"cloudId": call.simulation.site.cloud_id})))
}
