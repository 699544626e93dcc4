//! A site that calls a hub, signed as Jira signs: for stories that need calls which no simulator would send.

use crate::client::plain;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where a hub is to be called, and what proves who calls.
#[derive(Clone)]
pub struct Webhook {
    http: reqwest::Client,
    url: String,
    secret: String,
}

impl Webhook {
    /// From what a hub at `base` answered to whoever made the address.
    ///
    /// # Panics
    /// If it names none.
    pub fn made(base: &str, answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {answer}")).to_owned();
        Self { http: plain(), url: format!("{base}{}", text("url")), secret: text("secret") }
    }

    /// The same address at another hub, or at the same hub in another place.
    pub fn at(base: &str, other: &Self) -> Self {
        let path = other.url.splitn(4, '/').nth(3).unwrap_or_default();
        Self { url: format!("{base}/{path}"), ..other.clone() }
    }

    /// What nobody but the site and the hub may know.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Where the hub is called.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Says that an issue has changed. What the hub answered.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn updated(&self, issue: &str, identifier: &str) -> StatusCode {
        let body = json!({
            "timestamp": now(),
            "webhookEvent": "jira:issue_updated",
            "issue": {"id": issue, "fields": {"summary": format!("a title of the call {identifier}")}},
        });
        self.send(&body.to_string(), identifier).await
    }

    /// Sends a body under a signature that fits it.
    ///
    /// # Panics
    /// If the hub does not answer.
    pub async fn send(&self, body: &str, identifier: &str) -> StatusCode {
        let mut keyed =
            Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        keyed.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(keyed.finalize().into_bytes()));
        let request = self.http.post(&self.url).header("x-hub-signature", signature);
        let request = request.header("x-atlassian-webhook-identifier", identifier).body(body.to_owned());
        let answer = request.send().await.unwrap_or_else(|error| panic!("the hub does not answer: {error:?}"));
        answer.status()
    }
}

#[expect(clippy::disallowed_methods, reason = "a site knows the time")]
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
