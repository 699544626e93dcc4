//! As whom accounts search, for administrators' programs and the operator.

use super::json;
use crate::failure::Failure;
use crate::form::Json;
use crate::hub::Hub;
use crate::identity::{Address, ApiAdmin};
use crate::persons::{PersonAt, bare};
use crate::show::not_joined;
use access::{Joined, SourceId};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as value};
use store::Account;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    /// The user's id as the source itself writes it.
    user: String,
}

fn person_json(hub: &Hub, person: &PersonAt) -> Value {
    let mut row = value!({
        "source": person.source.id.0,
        "name": person.source.settings.name(),
        "mapped": person.mapped,
    });
    match &person.standing {
        Joined::As { user, .. } => {
            row["user"] = value!(bare(user));
            row["shown_as"] = value!(hub.user_at(person.source.id, user).map(|user| user.display_name));
        }
        Joined::Nobody(reason) => {
            row["reason"] = value!(reason.code());
            row["detail"] = value!(not_joined(reason));
            row["remedy"] = value!(reason.remedy());
        }
    }
    row
}

async fn persons(hub: &Hub, account: &Account) -> Result<Response, Failure> {
    let persons = hub.persons(account).await?;
    let rows: Vec<Value> = persons.iter().map(|person| person_json(hub, person)).collect();
    Ok(json(StatusCode::OK, &value!({"email": account.email, "persons": rows})))
}

pub(crate) async fn list(State(hub): State<Hub>, _: ApiAdmin, Path(email): Path<String>) -> Result<Response, Failure> {
    let account = hub.account_by_email(email).await?;
    persons(&hub, &account).await
}

pub(crate) async fn map(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Path((email, source)): Path<(String, u32)>,
    Json(mapping): Json<Mapping>,
) -> Result<Response, Failure> {
    let account = hub.account_by_email(email).await?;
    let account = hub.map_account(admin.actor(), &account, SourceId(source), &mapping.user, &address).await?;
    persons(&hub, &account).await
}

pub(crate) async fn unmap(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Path((email, source)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    let account = hub.account_by_email(email).await?;
    let account = hub.unmap_account(admin.actor(), &account, SourceId(source), &address).await?;
    persons(&hub, &account).await
}
