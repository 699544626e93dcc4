//! Connect Atlassian: the steps at Atlassian, the form, and what the check of the credentials found.
//!
//! The token and the key are never sent back to the browser: after a failed check they are typed again.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::Tone;
use super::sample;
use crate::assets;
use crate::urls::Route;

/// Scopes that the service account's token needs, as one text to copy.
#[derive(Clone, Debug)]
pub struct ScopeGroup {
    /// Which product and family, such as `Confluence, granular`.
    pub title: String,
    /// The scopes, in the order in which Atlassian lists them.
    pub scopes: Vec<String>,
}

/// How one check ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// Usable, with a loss.
    Warning,
    /// Has to be mended first.
    Failed,
}

impl Outcome {
    fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Warning => Tone::Warning,
            Self::Failed => Tone::Bad,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "Look",
            Self::Failed => "Failed",
        }
    }
}

/// One line of the credential check.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was checked, such as `Token reads Confluence`.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

/// What was wrong with the form before anything was asked at Atlassian.
#[derive(Clone, Debug, Default)]
pub struct ConnectFaults {
    /// About the domain.
    pub domain: Option<String>,
    /// About the token.
    pub token: Option<String>,
    /// About the organization's id.
    pub organization: Option<String>,
    /// About the organization's key.
    pub key: Option<String>,
}

/// The page to connect a site.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/connect.html")]
pub struct ConnectPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// Domain as typed before.
    pub domain: String,
    /// Organization id as typed before.
    pub organization: String,
    /// What was wrong with the form.
    pub faults: ConnectFaults,
    /// What to copy into Atlassian's form for a token.
    pub scopes: Vec<ScopeGroup>,
    /// What the check found; empty before the first.
    pub checks: Vec<Check>,
    /// Once connected: where the spaces and projects are chosen.
    pub connected: Vec<ConnectedSource>,
}

/// A source that the check has made.
#[derive(Clone, Debug)]
pub struct ConnectedSource {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `spaces` or `projects`.
    pub containers: String,
}

impl ConnectedSource {
    fn scope(&self) -> Route {
        Route::SourceScope(self.id.clone())
    }
}

impl ConnectPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn verdict(&self) -> Option<(Tone, &'static str)> {
        let worst = self.checks.iter().map(|check| check.outcome).max_by_key(|outcome| match outcome {
            Outcome::Ok => 0,
            Outcome::Warning => 1,
            Outcome::Failed => 2,
        })?;
        Some(match worst {
            Outcome::Ok => (Tone::Good, "Connected. Nothing is read before you save a choice or start a sync."),
            Outcome::Warning => {
                (Tone::Warning, "Connected, with limits. Nothing is read before you save a choice or start a sync.")
            }
            Outcome::Failed => (Tone::Bad, "Not connected. Mend what failed, then check again."),
        })
    }
}

fn group(title: &str, scopes: &str) -> ScopeGroup {
    ScopeGroup { title: title.to_owned(), scopes: scopes.split_whitespace().map(str::to_owned).collect() }
}

fn check(outcome: Outcome, what: &str, found: &str, remedy: Option<&str>) -> Check {
    Check { what: what.to_owned(), outcome, found: found.to_owned(), remedy: remedy.map(str::to_owned) }
}

impl Page for ConnectPage {
    const NAME: &'static str = "connect";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            chrome: sample::admin(),
            domain: String::new(),
            organization: String::new(),
            faults: ConnectFaults::default(),
            scopes: vec![
                group("Jira, classic", "read:jira-work read:jira-user manage:jira-configuration manage:jira-project"),
                group(
                    "Confluence, granular",
                    "read:page:confluence read:space:confluence read:comment:confluence read:attachment:confluence \
                     read:content.metadata:confluence read:folder:confluence read:user:confluence",
                ),
            ],
            checks: Vec::new(),
            connected: Vec::new(),
        };
        let good = vec![
            check(Outcome::Ok, "Site", "acme.atlassian.net is a Cloud site.", None),
            check(Outcome::Ok, "Token", "Valid. It belongs to the service account “Fossick reader”.", None),
            check(Outcome::Ok, "Jira", "5 projects can be read.", None),
            check(
                Outcome::Warning,
                "Confluence",
                "6 spaces can be read, but not who may see restricted pages.",
                Some(
                    "Add the scope read:content-details:confluence. Until then restricted pages stay hidden from everybody.",
                ),
            ),
        ];
        let bad = vec![
            check(Outcome::Ok, "Site", "acme.atlassian.net is a Cloud site.", None),
            check(
                Outcome::Failed,
                "Token",
                "Refused. It begins with ATATT, so it belongs to a person.",
                Some("Create a token for a service account, as in step 3."),
            ),
        ];
        let faults = ConnectFaults {
            domain: Some("Write the site's domain, such as acme.atlassian.net.".to_owned()),
            token: Some("Paste the token again.".to_owned()),
            organization: Some("The key needs the organization's id beside it.".to_owned()),
            key: None,
        };
        let connected = |id: &str, name: &str, containers: &str| ConnectedSource {
            id: id.to_owned(),
            name: name.to_owned(),
            containers: containers.to_owned(),
        };
        let both = vec![connected("c1", "Acme Confluence", "spaces"), connected("j1", "Acme Jira", "projects")];
        let hostile = sample::HOSTILE;
        let typed = Self { domain: "acme.atlassian.net".to_owned(), ..usual.clone() };
        vec![
            ("usual", usual.clone()),
            ("faulty", Self { domain: "wiki".to_owned(), faults, ..usual.clone() }),
            ("refused", Self { checks: bad, ..typed.clone() }),
            ("connected", Self { checks: good, connected: both, ..typed }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    domain: hostile.to_owned(),
                    organization: hostile.to_owned(),
                    faults: ConnectFaults {
                        domain: Some(hostile.to_owned()),
                        token: Some(hostile.to_owned()),
                        organization: Some(hostile.to_owned()),
                        key: Some(hostile.to_owned()),
                    },
                    scopes: vec![group(hostile, hostile)],
                    checks: vec![check(Outcome::Failed, hostile, hostile, Some(hostile))],
                    connected: vec![connected(hostile, hostile, hostile)],
                },
            ),
        ]
    }
}
