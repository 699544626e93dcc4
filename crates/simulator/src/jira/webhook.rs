//! Webhooks of the administration's page, through the old route that serves it; tokens with scopes cannot call it.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::visibility::jira::JiraView;
use crate::webhook::{EVENTS, Webhook};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/webhooks/1.0/webhook", list),
        Route::jira(Method::POST, "/rest/webhooks/1.0/webhook", create),
        Route::jira(Method::GET, "/rest/webhooks/1.0/webhook/{id}", one),
        Route::jira(Method::DELETE, "/rest/webhooks/1.0/webhook/{id}", delete),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Sent {
    name: String,
    url: String,
    events: Vec<String>,
    #[serde(default)]
    exclude_body: bool,
    secret: Option<String>,
}

/// The secret is never shown again.
fn webhook_json(call: &Call<'_>, world: &World, webhook: &Webhook) -> Value {
    let name = world.directory.person(&webhook.by).map_or("", |person| &person.display_name);
    json!({
        "name": webhook.name, "url": webhook.url, "events": webhook.events, "excludeBody": false, "filters": {},
        "enabled": true, "isSigned": webhook.secret.is_some(),
        "self": format!("{}/rest/webhooks/1.0/webhook/{}", call.base, webhook.id),
        "lastUpdatedUser": webhook.by, "lastUpdatedDisplayName": name, "lastUpdated": webhook.updated,
    })
}

fn administered(call: &Call<'_>) -> Result<(), Reply> {
    gate::admin(&JiraView::new(&call.world(), call.caller.account()))
}

fn list(call: &Call<'_>) -> Answer {
    administered(call)?;
    let world = call.world();
    let webhooks: Vec<Value> = world.jira.webhooks.iter().map(|webhook| webhook_json(call, &world, webhook)).collect();
    Ok(Reply::ok(&webhooks))
}

fn one(call: &Call<'_>) -> Answer {
    administered(call)?;
    let world = call.world();
    let webhook = world.jira.webhooks.iter().find(|webhook| Some(webhook.id) == call.path_id("id"));
    webhook.map(|webhook| Reply::ok(&webhook_json(call, &world, webhook))).ok_or_else(unknown)
}

fn unknown() -> Reply {
    jira::not_found("The webhook was not found.")
}

fn create(call: &Call<'_>) -> Answer {
    let by = gate::author(call)?;
    administered(call)?;
    let sent: Sent = call.jira_body()?;
    if let Some(event) = sent.events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
        return Err(jira::bad_request(&format!("The event {event} is not supported.")));
    }
    if url::Url::parse(&sent.url).is_err() || sent.name.is_empty() || sent.exclude_body {
        return Err(jira::bad_request("A webhook needs a name and an absolute URL, and sends its body."));
    }
    let mut world = call.world_mut();
    let webhook = Webhook {
        id: world.jira.take_id("webhook"),
        name: sent.name,
        url: sent.url,
        events: sent.events,
        secret: sent.secret.filter(|secret| !secret.is_empty()),
        by,
        updated: world.clock.now(),
    };
    let answer = webhook_json(call, &world, &webhook);
    world.jira.webhooks.push(webhook);
    Ok(Reply::json(StatusCode::CREATED, &answer))
}

fn delete(call: &Call<'_>) -> Answer {
    administered(call)?;
    let id = call.path_id("id");
    let mut world = call.world_mut();
    let before = world.jira.webhooks.len();
    world.jira.webhooks.retain(|webhook| Some(webhook.id) != id);
    if world.jira.webhooks.len() == before { Err(unknown()) } else { Ok(Reply::no_content()) }
}
