//! Signing in as a program, and who one is.

use super::json;
use crate::failure::Failure;
use crate::form::Json;
use crate::hub::Hub;
use crate::identity::{Address, ApiSession};
use crate::show::machine;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json as value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

/// `POST /api/v1/login`: a bearer token, which is a session like any other.
pub(crate) async fn login(
    State(hub): State<Hub>,
    address: Address,
    Json(Credentials { email, password }): Json<Credentials>,
) -> Result<Response, Failure> {
    let opened = hub.sign_in(email.trim(), password.into(), &address).await?;
    let body = value!({
        "token": opened.token.text(),
        "token_type": "Bearer",
        "expires": machine(opened.expires),
        "email": opened.account.email,
    });
    Ok(json(StatusCode::OK, &body))
}

/// `POST /api/v1/logout`: ends the session that was sent.
pub(crate) async fn logout(
    State(hub): State<Hub>,
    ApiSession(who): ApiSession,
    address: Address,
) -> Result<Response, Failure> {
    hub.sign_out(&who, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /api/v1/me`: the account, as whom it searches, and the token that a cookie's writes need.
pub(crate) async fn me(State(hub): State<Hub>, ApiSession(who): ApiSession) -> Result<Response, Failure> {
    let sources = hub.reading(|store| Ok(store.sources()?)).await?;
    let joined = hub.joined(&who.account, &sources).into_iter().map(|(source, user, name)| {
        value!({"source": source.id.0, "name": source.settings.name(), "user": user.to_string(), "shown_as": name})
    });
    let account = &who.account;
    let body = value!({
        "email": account.email,
        "name": account.name,
        "role": account.role.code(),
        "joined": joined.collect::<Vec<_>>(),
        "csrf": who.token.csrf().masked(hub.app.entropy.as_ref())?,
    });
    Ok(json(StatusCode::OK, &body))
}
