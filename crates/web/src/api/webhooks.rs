//! A source's webhook for administrators' programs and the operator.

use super::json;
use crate::failure::Failure;
use crate::form::SourcePath;
use crate::hub::Hub;
use crate::identity::ApiAdmin;
use crate::on_source::OnSource;
use crate::show::{machine, webhook_json};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde_json::json as value;

pub(crate) async fn show(State(hub): State<Hub>, _: ApiAdmin, SourcePath(id): SourcePath) -> Result<Response, Failure> {
    let status = hub.webhook(id).await?;
    let address = status.webhook.map(|webhook| (hub.webhook_url(&webhook), webhook));
    let address = address.as_ref().map(|(url, webhook)| (webhook, url.as_str()));
    Ok(json(StatusCode::OK, &webhook_json(address, &status.counts)))
}

/// Makes an address and a secret, in place of those before. The answer is the one place where the secret stands.
pub(crate) async fn make(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    let before = hub.webhook(id).await?.webhook.map(|webhook| webhook.made);
    let made = hub.make_webhook(admin.actor(), id, before, &address).await?;
    let body = value!({
        "url": hub.webhook_url(&made),
        "secret": made.secret.expose_secret(),
        "made": machine(made.made),
    });
    Ok(json(StatusCode::CREATED, &body))
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.remove_webhook(admin.actor(), id, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
