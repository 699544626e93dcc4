//! Whether the hub answers. For load balancers, so without signing in: it tells the version and nothing else.

use super::json;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) async fn health() -> Response {
    json(StatusCode::OK, &serde_json::json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}
