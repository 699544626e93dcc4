//! Accounts for administrators' programs and the operator.

use super::json;
use crate::accounts::Candidate;
use crate::failure::Failure;
use crate::form::Json;
use crate::hub::Hub;
use crate::identity::{Address, ApiAdmin};
use crate::show::machine;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json as value};
use store::{Account, Role, StoredSource};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    email: String,
    name: String,
    password: String,
    #[serde(default)]
    role: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    password: String,
}

fn account_json(hub: &Hub, account: &Account, sources: &[StoredSource]) -> Value {
    let joined = hub.joined(account, sources).into_iter().map(|(source, user, name)| {
        value!({"source": source.id.0, "name": source.settings.name(), "user": user.to_string(), "shown_as": name})
    });
    value!({
        "id": account.id.0,
        "email": account.email,
        "name": account.name,
        "role": account.role.code(),
        "disabled": account.disabled,
        "created": machine(account.created),
        "joined": joined.collect::<Vec<_>>(),
    })
}

pub(crate) async fn list(State(hub): State<Hub>, _: ApiAdmin) -> Result<Response, Failure> {
    let (accounts, sources) = hub.reading(|store| Ok((store.accounts()?, store.sources()?))).await?;
    let users: Vec<Value> = accounts.iter().map(|account| account_json(&hub, account, &sources)).collect();
    Ok(json(StatusCode::OK, &value!({"users": users})))
}

pub(crate) async fn add(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Json(new): Json<NewUser>,
) -> Result<Response, Failure> {
    let role = new.role.as_deref().map_or(Some(Role::Member), Role::from_code);
    let role = role.ok_or_else(|| Failure::Invalid("the role is `admin` or `member`".to_owned()))?;
    let wanted = Candidate { name: new.name, email: new.email, role, password: new.password.into() };
    match hub.add_account(admin.actor(), wanted, &address).await? {
        Ok(account) => Ok(json(StatusCode::CREATED, &account_json(&hub, &account, &[]))),
        Err(faults) => Err(Failure::Invalid(faults.first().unwrap_or_default().to_owned())),
    }
}

pub(crate) async fn set_password(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Path(email): Path<String>,
    Json(new): Json<NewPassword>,
) -> Result<Response, Failure> {
    let found = hub.reading(move |store| Ok(store.account_by_email(&email)?)).await?;
    let account = found.ok_or(Failure::NotFound)?;
    hub.set_password(admin.actor(), &account, new.password.into(), &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
