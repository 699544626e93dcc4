//! Sources for administrators' programs and the operator.

use super::json;
use crate::failure::Failure;
use crate::form::{Json, Query, SourcePath};
use crate::hub::Hub;
use crate::identity::{Address, ApiAdmin};
use crate::on_source::OnSource;
use crate::operations::Connection;
use crate::show::{containers_json, hidden_reason, problem_json, progress_json, report_json, run_json, source_json};
use crate::upkeep::IndexReach;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{RunId, Scope, SiteDomain};
use serde::Deserialize;
use serde_json::{Value, json as value};

/// The most problems of one answer.
const MOST_PROBLEMS: u32 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    id: String,
    key: String,
}

/// A site and what opens it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    domain: String,
    token: String,
    #[serde(default)]
    organization: Option<Organization>,
}

impl Site {
    fn connection(self) -> Result<Connection, Failure> {
        let domain = SiteDomain::parse(&self.domain).map_err(|error| Failure::Invalid(error.to_string()))?;
        if self.token.trim().is_empty() {
            return Err(Failure::Invalid("the token is empty".to_owned()));
        }
        let organization = self.organization.map(|known| (known.id.trim().to_owned(), known.key.trim().into()));
        Ok(Connection { domain: domain.as_str().to_owned(), token: self.token.trim().into(), organization })
    }
}

fn list_of(name: &str, values: Vec<Value>) -> Response {
    let mut body = serde_json::Map::new();
    body.insert(name.to_owned(), Value::Array(values));
    json(StatusCode::OK, &Value::Object(body))
}

pub(crate) async fn list(State(hub): State<Hub>, _: ApiAdmin) -> Result<Response, Failure> {
    let overviews = hub.overviews().await?;
    Ok(list_of("sources", overviews.iter().map(source_json).collect()))
}

pub(crate) async fn connect(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Json(site): Json<Site>,
) -> Result<Response, Failure> {
    let (report, ids) = hub.connect(admin.actor(), site.connection()?, &address).await?;
    let mut body = report_json(&report);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("sources".to_owned(), ids.iter().map(|id| value!(id.0)).collect());
    }
    Ok(json(StatusCode::CREATED, &body))
}

pub(crate) async fn check_new(
    State(hub): State<Hub>,
    _: ApiAdmin,
    Json(site): Json<Site>,
) -> Result<Response, Failure> {
    let report = hub.app.operations.check(&site.connection()?).await;
    Ok(json(StatusCode::OK, &report_json(&report)))
}

pub(crate) async fn show(State(hub): State<Hub>, _: ApiAdmin, SourcePath(id): SourcePath) -> Result<Response, Failure> {
    Ok(json(StatusCode::OK, &source_json(&hub.overview(id).await?)))
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.remove_source(admin.actor(), id, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn check_again(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    let report = hub.app.operations.recheck(id).await?;
    Ok(json(StatusCode::OK, &report_json(&report)))
}

pub(crate) async fn containers(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    let listed = hub.app.operations.containers(id).await?;
    Ok(list_of("containers", containers_json(&listed)))
}

pub(crate) async fn set_scope(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(scope): Json<Scope>,
) -> Result<Response, Failure> {
    hub.save_scope(admin.actor(), id, scope, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn cancel(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.cancel_sync(admin.actor(), id, &address).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(crate) async fn progress(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    hub.source(id).await?;
    let running = hub.app.operations.progress(id).as_ref().map(progress_json);
    let IndexReach { stored, searchable, stuck } = hub.app.upkeep.reach();
    let index = value!({"stored": stored, "searchable": searchable, "stuck": stuck});
    Ok(json(StatusCode::OK, &value!({"running": running, "index": index})))
}

pub(crate) async fn runs(State(hub): State<Hub>, _: ApiAdmin, SourcePath(id): SourcePath) -> Result<Response, Failure> {
    hub.source(id).await?;
    let history = hub.history(id).await?;
    Ok(list_of("runs", history.runs.iter().map(run_json).collect()))
}

/// Of the run that is named, or what holds of the source now; `after` pages on.
pub(crate) async fn problems(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
    Query(asked): Query,
) -> Result<Response, Failure> {
    hub.source(id).await?;
    let (wanted, after) = (asked.number("run")?, asked.number("after")?.unwrap_or(0));
    let found = hub
        .reading(move |store| {
            let Some(run) = wanted else { return Ok(store.problems_of_source(id, after, MOST_PROBLEMS)?) };
            let run = store.run(RunId(run))?.filter(|run| run.source == id).ok_or(Failure::NotFound)?;
            Ok(store.problems(run.id, after, MOST_PROBLEMS)?)
        })
        .await?;
    Ok(list_of("problems", found.iter().map(problem_json).collect()))
}

pub(crate) async fn hidden(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    let overview = hub.overview(id).await?;
    let row = |(cause, count): (&access::Hidden, &u64)| {
        value!({
            "cause": cause.code(),
            "reason": hidden_reason(*cause),
            "documents": count,
            "remedy": cause.remedy(),
        })
    };
    Ok(list_of("hidden", overview.hidden.iter().map(row).collect()))
}
