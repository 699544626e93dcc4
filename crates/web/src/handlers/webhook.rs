//! The page of a source's webhook, and its buttons.
//!
//! A page with the secret answers the form itself instead of leading elsewhere: a secret has no place in an address or a
//! cookie. Sending such a form again makes nothing new, because the form names what it was to replace.

use crate::chrome::{Device, Message, page, page_with, redirect};
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::pages::webhook::WebhookPage;
use crate::show::{call_rows, webhook_address};
use crate::urls::Route;
use access::SourceId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::Millis;
use secrecy::ExposeSecret;
use store::Webhook;

pub(crate) async fn show(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    page(&webhook_page(&hub, &admin, device, id, None).await?)
}

/// The page; with the secret of `seen`, if that is given.
async fn webhook_page(
    hub: &Hub,
    admin: &AdminSession,
    device: Device,
    id: SourceId,
    seen: Option<Webhook>,
) -> Result<WebhookPage, Failure> {
    let (settings, now) = (hub.source(id).await?.settings, hub.now());
    let status = hub.webhook(id).await?;
    let secret = seen.as_ref().map(|webhook| webhook.secret.expose_secret().to_owned());
    let address = seen.or(status.webhook);
    Ok(WebhookPage {
        chrome: hub.settings_chrome(admin, device).await?,
        id: id.0.to_string(),
        name: settings.name(),
        site: settings.site,
        address: address.map(|webhook| webhook_address(&webhook, hub.webhook_url(&webhook), secret, now)),
        fault: None,
        calls: call_rows(&status.counts, now),
    })
}

pub(crate) async fn make(
    State(hub): State<Hub>,
    device: Device,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let admin = posted.owner;
    let before = match posted.form.one("before") {
        "" => None,
        text => {
            let malformed = |_| Failure::Malformed("the form names no time; load it again".to_owned());
            Some(Millis(text.parse().map_err(malformed)?))
        }
    };
    match hub.make_webhook(&admin.actor(), id, before, &address).await {
        Ok(made) => page(&webhook_page(&hub, &admin, device, id, Some(made)).await?),
        // The page was loaded again: what it made is there already.
        Err(Failure::Conflict(_)) => redirect(&Route::SourceWebhook(id.0.to_string()).to_string()),
        Err(other) => Err(other),
    }
}

pub(crate) async fn reveal(
    State(hub): State<Hub>,
    device: Device,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let (admin, password) = (posted.owner, posted.form.secret("password"));
    if !hub.is_password(&admin.signed_in().account, password, &address).await? {
        let refused = WebhookPage {
            fault: Some("This is not your password.".to_owned()),
            ..webhook_page(&hub, &admin, device, id, None).await?
        };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &refused);
    }
    let webhook = hub.reveal_webhook(&admin.actor(), id, &address).await?;
    page(&webhook_page(&hub, &admin, device, id, Some(webhook)).await?)
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.remove_webhook(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::SourceWebhook(id.0.to_string()), Message::WebhookRemoved)
}
