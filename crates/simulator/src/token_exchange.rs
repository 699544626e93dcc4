//! `POST https://auth.atlassian.com/oauth/token`: an access token for the id and secret of a service account's client.
//!
//! It lives for an hour of the world's clock. It is in no journal: after a restart a client is refused, and asks anew.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::reply::Reply;
use crate::server::Simulation;
use crate::state::Millis;
use crate::state::credentials::{Token, TokenKind};

/// Where it is asked for.
pub(crate) const PATH: &str = "/oauth/token";

const AUDIENCE: &str = "api.atlassian.com";
const SECONDS: Millis = 3_600;

#[derive(Deserialize)]
struct Asked {
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    audience: String,
}

fn refused(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}

pub(crate) fn answer(simulation: &Simulation, method: &Method, body: &[u8]) -> Reply {
    if method != Method::POST {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Use POST.");
    }
    let Ok(asked) = serde_json::from_slice::<Asked>(body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "The body must be JSON with a grant_type.");
    };
    if asked.grant_type != "client_credentials" {
        return refused(StatusCode::FORBIDDEN, "unsupported_grant_type", "Grant type is not supported.");
    }
    let mut world = simulation.world_mut();
    let Some(client) = world.credentials.client(&asked.client_id, &asked.client_secret).cloned() else {
        return refused(StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized");
    };
    if asked.audience != AUDIENCE {
        return refused(StatusCode::FORBIDDEN, "access_denied", "The audience must be api.atlassian.com.");
    }
    let secret = format!("access-{:032x}", fastrand::u128(..));
    let scope = client.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let answer = json!({"access_token": secret, "expires_in": SECONDS, "token_type": "Bearer", "scope": scope});
    let expires_at = Some(world.clock.now() + SECONDS * 1_000);
    let (account, scopes) = (Some(client.account), client.scopes);
    world.credentials.put(Token { secret, account, kind: TokenKind::Access, scopes, expires_at, revoked: false });
    Reply::ok(&answer)
}
