//! Reports about a source for administrators' programs and the operator.

use super::json;
use crate::failure::Failure;
use crate::form::{Json, SourcePath};
use crate::hub::Hub;
use crate::identity::ApiAdmin;
use crate::inspections::PAIRS;
use crate::on_source::OnSource;
use crate::show::{audit_json, diagnosis_json};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json as value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Comparison {
    #[serde(default)]
    pairs: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vouching {
    /// All team-managed projects that are not private.
    #[serde(default)]
    all: bool,
    /// These, by key or id.
    #[serde(default)]
    projects: Vec<String>,
}

pub(crate) async fn doctor(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    Ok(json(StatusCode::OK, &diagnosis_json(&hub.diagnose(id).await?)))
}

pub(crate) async fn last(State(hub): State<Hub>, _: ApiAdmin, SourcePath(id): SourcePath) -> Result<Response, Failure> {
    let last = hub.last_comparison(id).await?;
    Ok(json(StatusCode::OK, &value!({"audit": last.as_ref().map(audit_json)})))
}

pub(crate) async fn compare(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(wanted): Json<Comparison>,
) -> Result<Response, Failure> {
    let audit = hub.compare(admin.actor(), id, wanted.pairs.unwrap_or(PAIRS), &address).await?;
    Ok(json(StatusCode::OK, &value!({"audit": audit_json(&audit)})))
}

pub(crate) async fn vouch(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(word): Json<Vouching>,
) -> Result<Response, Failure> {
    let projects = (!word.all).then_some(word.projects);
    hub.vouch(admin.actor(), id, projects, &address).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
