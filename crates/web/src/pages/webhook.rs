//! The webhook of a source: what to paste into Jira, and what came of the calls.
//!
//! The secret stands on the page that made it, and again for an administrator who has just typed their password.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Moment, Tone};
use super::sample;
use crate::assets;
use crate::urls::Route;

/// Events of Jira's form that tell of something that is searched, under the headings of that form.
pub const EVENTS: [(&str, &[&str]); 5] = [
    ("Issue", &["created", "updated", "deleted"]),
    ("Comment", &["created", "updated", "deleted"]),
    ("Attachment", &["created", "deleted"]),
    ("Issue link", &["created", "deleted"]),
    (
        "Project",
        &["created", "updated", "deleted", "soft deleted", "restored deleted", "archived", "restored archived"],
    ),
];

/// What is wrong with the address before anybody has called it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubt {
    /// The hub does not know where it is reached, so the address is a path only.
    NoPublicUrl,
    /// The hub is not reached over https.
    NotHttps,
}

/// An address that a site may call.
#[derive(Clone, Debug)]
pub struct WebhookAddress {
    /// To paste as the webhook's URL.
    pub url: String,
    /// To paste as its secret; `None` while it is not to be seen.
    pub secret: Option<String>,
    /// When both were made.
    pub made: Moment,
    /// The same as the form sends it back.
    pub made_exactly: String,
    /// Why Jira may not reach it.
    pub doubt: Option<Doubt>,
}

/// Calls that ended in one way.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Whether it is as it should be.
    pub tone: Tone,
    /// How they ended.
    pub outcome: String,
    /// Why, and what to do; empty if nothing.
    pub remedy: String,
    /// How many.
    pub count: Count,
    /// When last.
    pub last: Moment,
}

/// The page of a source's webhook.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/webhook.html")]
pub struct WebhookPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Host of the site.
    pub site: String,
    /// The address, if there is one.
    pub address: Option<WebhookAddress>,
    /// What was wrong with the password that was to show the secret.
    pub fault: Option<String>,
    /// What came of the calls, the good ones first.
    pub calls: Vec<CallRow>,
}

impl WebhookPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn source(&self) -> Route {
        Route::Source(self.id.clone())
    }

    fn make(&self) -> Route {
        Route::SourceWebhook(self.id.clone())
    }

    fn reveal(&self) -> Route {
        Route::SourceWebhookSecret(self.id.clone())
    }

    fn remove(&self) -> Route {
        Route::SourceWebhookRemove(self.id.clone())
    }

    fn events(&self) -> [(&'static str, &'static [&'static str]); 5] {
        EVENTS
    }
}

fn call(tone: Tone, outcome: &str, remedy: &str, count: u64) -> CallRow {
    CallRow {
        tone,
        outcome: outcome.to_owned(),
        remedy: remedy.to_owned(),
        count: Count(count),
        last: sample::moment("4 minutes ago"),
    }
}

impl Page for WebhookPage {
    const NAME: &'static str = "webhook";

    fn samples() -> Vec<(&'static str, Self)> {
        let address = WebhookAddress {
            url: "https://search.example.com/hooks/\
                  3f1c9a7e0b5d4826a1f0c3e2d4b5a69788796a5b4c3d2e1f0011223344556677"
                .to_owned(),
            secret: None,
            made: sample::moment("3 March 2026"),
            made_exactly: "1772529120000".to_owned(),
            doubt: None,
        };
        let secret = "9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6".to_owned();
        let usual = Self {
            chrome: sample::admin(),
            id: "j1".to_owned(),
            name: "acme.atlassian.net/jira".to_owned(),
            site: "acme.atlassian.net".to_owned(),
            address: Some(address.clone()),
            fault: None,
            calls: vec![call(Tone::Good, "Accepted", "", 18_204)],
        };
        let refused = vec![
            call(Tone::Good, "Accepted", "", 12),
            call(
                Tone::Bad,
                "Refused: wrongly signed",
                "The secret in Jira is not the one on this page. Show it, and paste it there again.",
                381,
            ),
            call(Tone::Plain, "Refused: here before", "Nothing: Jira calls again when an answer is late.", 3),
        ];
        let with = |address| Self { address: Some(address), ..usual.clone() };
        let bad = sample::HOSTILE;
        vec![
            ("usual", usual.clone()),
            ("none", Self { address: None, calls: Vec::new(), ..usual.clone() }),
            ("made", Self { calls: Vec::new(), ..with(WebhookAddress { secret: Some(secret), ..address.clone() }) }),
            ("refusals", Self { calls: refused, ..usual.clone() }),
            ("wrong-password", Self { fault: Some("This is not your password.".to_owned()), ..usual.clone() }),
            (
                "no-public-url",
                with(WebhookAddress {
                    url: "/hooks/3f1c9a7e0b5d4826a1f0c3e2d4b5a697".to_owned(),
                    doubt: Some(Doubt::NoPublicUrl),
                    ..address.clone()
                }),
            ),
            ("not-https", with(WebhookAddress { doubt: Some(Doubt::NotHttps), ..address })),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    id: bad.to_owned(),
                    name: bad.to_owned(),
                    site: bad.to_owned(),
                    address: Some(WebhookAddress {
                        url: bad.to_owned(),
                        secret: Some(bad.to_owned()),
                        made: sample::hostile_moment(),
                        made_exactly: bad.to_owned(),
                        doubt: Some(Doubt::NotHttps),
                    }),
                    fault: Some(bad.to_owned()),
                    calls: vec![CallRow { last: sample::hostile_moment(), ..call(Tone::Bad, bad, bad, 1) }],
                },
            ),
        ]
    }
}
