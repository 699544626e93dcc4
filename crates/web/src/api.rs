//! The REST API under `/api/v1`: JSON in, JSON out, failures as `application/problem+json`.
//!
//! The same handlers answer administrators' programs and the operator.

pub(crate) mod deletions;
pub(crate) mod explain;
pub(crate) mod health;
pub(crate) mod inspections;
pub(crate) mod persons;
pub(crate) mod schedule;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod sources;
pub(crate) mod upkeep;
pub(crate) mod users;
pub(crate) mod webhooks;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// Sends JSON.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    let mut response = (status, value.to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
