//! Explanations and reports for administrators' programs and the operator; `why` for every account's programs.

use super::json;
use crate::failure::Failure;
use crate::form::{Form, Json, Query};
use crate::hub::Hub;
use crate::identity::{Address, ApiAdmin, ApiSession};
use crate::looking::Looker;
use crate::show::{audience_json, explanation_json, exposure_json, objection_json, reach_json};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use explain::{Order, exposure_csv, reach_csv};
use serde::Deserialize;
use serde_json::{Value, json as value};

/// Who asks of whom may see what, and from where.
pub(crate) struct Looking {
    admin: ApiAdmin,
    address: Address,
}

impl Looking {
    fn looker(&self) -> Looker<'_> {
        Looker { actor: self.admin.actor(), account: self.admin.account(), address: &self.address }
    }
}

impl FromRequestParts<Hub> for Looking {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        let admin = ApiAdmin::from_request_parts(parts, hub).await?;
        let address = Address::from_request_parts(parts, hub).await?;
        Ok(Self { admin, address })
    }
}

fn required<'f>(asked: &'f Form, name: &str) -> Result<&'f str, Failure> {
    let given = asked.trimmed(name);
    if given.is_empty() { Err(Failure::Malformed(format!("the parameter `{name}` is missing"))) } else { Ok(given) }
}

/// A sheet, if the address asks for one.
fn is_sheet(asked: &Form) -> Result<bool, Failure> {
    match asked.one("format") {
        "" | "json" => Ok(false),
        "csv" => Ok(true),
        _ => Err(Failure::Malformed("`format` is `json` or `csv`".to_owned())),
    }
}

/// Sends CSV to be saved as a file.
pub(crate) fn sheet(name: &'static str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}

/// How the exposure report is called when it is saved.
pub(crate) const EXPOSURE_FILE: &str = "attachment; filename=\"exposure.csv\"";

pub(crate) async fn pair(State(hub): State<Hub>, who: Looking, Query(asked): Query) -> Result<Response, Failure> {
    let (person, document) = (required(&asked, "person")?, required(&asked, "document")?);
    let explanation = hub.explain_pair(&who.looker(), person, document).await?;
    Ok(json(StatusCode::OK, &explanation_json(&explanation, true)))
}

pub(crate) async fn document(State(hub): State<Hub>, who: Looking, Query(asked): Query) -> Result<Response, Failure> {
    let audience = hub.explain_document(&who.looker(), required(&asked, "document")?).await?;
    Ok(json(StatusCode::OK, &audience_json(&audience)))
}

pub(crate) async fn person(State(hub): State<Hub>, who: Looking, Query(asked): Query) -> Result<Response, Failure> {
    let as_sheet = is_sheet(&asked)?;
    let reach = hub.explain_person(&who.looker(), required(&asked, "person")?).await?;
    Ok(match as_sheet {
        true => sheet("attachment; filename=\"reach.csv\"", reach_csv(&reach)),
        false => json(StatusCode::OK, &reach_json(&reach)),
    })
}

pub(crate) async fn exposure(State(hub): State<Hub>, who: Looking, Query(asked): Query) -> Result<Response, Failure> {
    let as_sheet = is_sheet(&asked)?;
    let words = || Order::ALL.map(|order| format!("`{}`", order.word())).join(", ");
    let order = match asked.one("sort") {
        "" => Order::default(),
        word => Order::from_word(word).ok_or_else(|| Failure::Malformed(format!("`sort` is one of {}", words())))?,
    };
    let report = hub.exposure(&who.looker(), order).await?;
    Ok(match as_sheet {
        true => sheet(EXPOSURE_FILE, exposure_csv(&report)),
        false => json(StatusCode::OK, &exposure_json(&report)),
    })
}

pub(crate) async fn why(
    State(hub): State<Hub>,
    ApiSession(who): ApiSession,
    Query(asked): Query,
) -> Result<Response, Failure> {
    let explanation = hub.why(&who, required(&asked, "document")?).await?;
    Ok(json(StatusCode::OK, &explanation_json(&explanation, false)))
}

/// "I should not see this."
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObjection {
    document: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn object(
    State(hub): State<Hub>,
    ApiSession(who): ApiSession,
    address: Address,
    Json(new): Json<NewObjection>,
) -> Result<Response, Failure> {
    hub.object(&who, &new.document, &new.note, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn objections(State(hub): State<Hub>, who: Looking) -> Result<Response, Failure> {
    let listed = hub.objections(&who.looker()).await?;
    let listed: Vec<Value> =
        listed.iter().map(|(objection, about)| objection_json(objection, about.as_ref())).collect();
    Ok(json(StatusCode::OK, &value!({"objections": listed})))
}

pub(crate) async fn settle(State(hub): State<Hub>, who: Looking, Path(id): Path<i64>) -> Result<Response, Failure> {
    hub.settle_objection(&who.looker(), id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
