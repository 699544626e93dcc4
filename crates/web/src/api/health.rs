//! Whether the hub answers, and how it is. For load balancers and monitors, so without signing in: a few fixed words and
//! the version, nothing about what is stored.

use super::json;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::upkeep::Condition;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) async fn health(State(hub): State<Hub>) -> Result<Response, Failure> {
    let condition = hub.condition().await?;
    let Condition { rebuilding, stuck, damaged, disk_full } = condition;
    let index = if rebuilding { "rebuilding" } else { if_not(stuck, "stuck") };
    let health = serde_json::json!({
        "status": if condition == Condition::default() { "ok" } else { "degraded" },
        "version": env!("CARGO_PKG_VERSION"),
        "index": index,
        "store": if_not(damaged, "damaged"),
        "disk": if_not(disk_full, "full"),
    });
    Ok(json(StatusCode::OK, &health))
}

fn if_not(trouble: bool, word: &'static str) -> &'static str {
    if trouble { word } else { "ok" }
}
