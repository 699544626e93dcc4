//! A source's webhook and the calls to it, for the settings page and for programs. The secret is not among it.

use super::when::{machine, moment};
use crate::pages::part::{Count, Tone};
use crate::pages::webhook::{CallRow, Doubt, WebhookAddress};
use crate::webhooks::{Counted, Outcome};
use model::Millis;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Webhook;

/// How calls ended, why, and what to do.
fn words(outcome: Outcome) -> (Tone, &'static str, &'static str) {
    match outcome {
        Outcome::Accepted => (Tone::Good, "Accepted", ""),
        Outcome::Unsigned => (
            Tone::Bad,
            "Refused: not signed",
            "The webhook in Jira has no secret. Show the secret, and paste it there.",
        ),
        Outcome::WronglySigned => (
            Tone::Bad,
            "Refused: wrongly signed",
            "The secret in Jira is not the one on this page. Show it, and paste it there again.",
        ),
        Outcome::SeenBefore => {
            (Tone::Plain, "Refused: here before", "A few are usual: Jira calls again when an answer is late.")
        }
        Outcome::TooOld => (
            Tone::Plain,
            "Refused: too old",
            "Some are usual after the hub was down. If all are refused, the clock of the hub is ahead; set it.",
        ),
        Outcome::Ahead => (Tone::Bad, "Refused: from the future", "The clock of the hub is behind; set it."),
        Outcome::NotUnderstood => {
            (Tone::Bad, "Refused: not understood", "Untick Exclude body in the webhook's settings in Jira.")
        }
        Outcome::TooLarge => (Tone::Plain, "Refused: too large", "Nothing: the next cycle reads what they told of."),
        Outcome::FormerAddress => (
            Tone::Bad,
            "Refused: former address",
            "Jira still calls the address from before. Paste the present one there, with its secret.",
        ),
    }
}

/// The rows of the page, accepted calls first.
pub(crate) fn call_rows(counts: &BTreeMap<Outcome, Counted>, now: Millis) -> Vec<CallRow> {
    let row = |(outcome, counted): (&Outcome, &Counted)| {
        let (tone, text, remedy) = words(*outcome);
        CallRow {
            tone,
            outcome: text.to_owned(),
            remedy: remedy.to_owned(),
            count: Count(counted.count),
            last: moment(counted.last_at, now),
        }
    };
    counts.iter().map(row).collect()
}

/// The address for the page; its secret only where it is to be seen.
pub(crate) fn webhook_address(webhook: &Webhook, url: String, secret: Option<String>, now: Millis) -> WebhookAddress {
    let doubt = match url.split_once("://") {
        None => Some(Doubt::NoPublicUrl),
        Some(("https", _)) => None,
        Some(_) => Some(Doubt::NotHttps),
    };
    WebhookAddress { url, secret, made: moment(webhook.made, now), made_exactly: webhook.made.0.to_string(), doubt }
}

/// The address and the counts for programs.
pub(crate) fn webhook_json(address: Option<(&Webhook, &str)>, counts: &BTreeMap<Outcome, Counted>) -> Value {
    let row = |(outcome, counted): (&Outcome, &Counted)| json!({"outcome": outcome.code(), "calls": counted.count, "last": machine(counted.last_at)});
    json!({
        "url": address.map(|(_, url)| url),
        "made": address.map(|(webhook, _)| machine(webhook.made)),
        "calls": counts.iter().map(row).collect::<Vec<_>>(),
    })
}
