//! The audit log: who did what to which thing, newest first. It is append-only, so there is nothing to press here.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::pager::{Pager, Stop};
use super::part::Moment;
use super::sample;
use crate::urls::Route;

/// One row of the log.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: Moment,
    /// Which account; `None` for what the hub did by itself or for an unknown visitor.
    pub who: Option<String>,
    /// What was done, in words, such as `signed in`.
    pub action: String,
    /// To which thing, such as `source Acme Jira`.
    pub target: String,
    /// Address that the request came from.
    pub from: Option<String>,
}

/// The audit log.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/audit.html")]
pub struct AuditPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// Rows, newest first.
    pub rows: Vec<AuditRow>,
    /// Links to older rows.
    pub pager: Pager,
}

impl AuditPage {
    fn section(&self) -> Route {
        Route::Audit
    }
}

impl Page for AuditPage {
    const NAME: &'static str = "audit";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |at: &str, who: &str, action: &str, target: &str| AuditRow {
            at: sample::moment(at),
            who: Some(who.to_owned()),
            action: action.to_owned(),
            target: target.to_owned(),
            from: Some("10.1.4.22".to_owned()),
        };
        let rows = vec![
            row("Today, 14:02", "Ana Souza", "started a sync", "Acme Confluence"),
            row("Today, 13:58", "Ana Souza", "chose spaces", "Acme Confluence: 14 of 16"),
            row("Today, 13:51", "Ana Souza", "connected a source", "acme.atlassian.net"),
            AuditRow { who: None, ..row("Today, 13:40", "", "failed to sign in", "ana.suoza@example.com") },
            AuditRow { who: None, from: None, ..row("Today, 12:00", "", "purged tombstones", "32 documents") },
            row("Yesterday, 17:20", "Ana Souza", "added an account", "Mira Lindqvist, member"),
        ];
        let long = vec![row("Today, 14:02", sample::RIGHT_TO_LEFT, "connected a source", sample::LONG)];
        let hostile = AuditRow {
            at: sample::hostile_moment(),
            from: Some(sample::HOSTILE.to_owned()),
            ..row("", sample::HOSTILE, sample::HOSTILE, sample::HOSTILE)
        };
        let pager = Pager::new(2, 9, |number| Route::Audit.at_page(number));
        let hostile_pager = Pager::new(2, 3, |_| sample::HOSTILE.to_owned());
        vec![
            ("usual", Self { chrome: sample::admin(), rows, pager }),
            ("empty", Self { chrome: sample::admin(), rows: Vec::new(), pager: Pager::default() }),
            ("long", Self { chrome: sample::admin(), rows: long, pager: Pager::default() }),
            ("hostile", Self { chrome: sample::hostile(), rows: vec![hostile], pager: hostile_pager }),
        ]
    }
}
