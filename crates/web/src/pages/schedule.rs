//! How often a source is read, how much that may cost, and how far what it does not say is believed.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::sample;
use crate::urls::Route;

/// The cycle of one kind of run.
#[derive(Clone, Debug)]
pub struct CycleField {
    /// The kind, as the form sends it.
    pub code: String,
    /// What the kind is called.
    pub name: String,
    /// What such a run reads.
    pub reads: String,
    /// The time between two of them, as it was typed: `15 minutes`.
    pub typed: String,
}

/// The form of a source's cycles and limits. Fields hold what was typed, so that a refused form is sent back as it came.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/schedule.html")]
pub struct SchedulePage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's id.
    pub source: String,
    /// The source's name.
    pub name: String,
    /// The kinds that come by themselves.
    pub cycles: Vec<CycleField>,
    /// Calls an hour; empty for as many as the source accepts.
    pub hourly_budget: String,
    /// Hours after which permissions that were not confirmed admit nobody.
    pub max_age: String,
    /// The part of the source's documents that is not deleted without asking, in percent.
    pub percent: String,
    /// How many documents are deleted without asking, whatever part they are.
    pub at_least: String,
    /// Days for which deleting can be undone.
    pub kept: String,
    /// What was wrong with what was typed, in one sentence.
    pub fault: Option<String>,
}

impl SchedulePage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn source(&self) -> Route {
        Route::Source(self.source.clone())
    }

    fn action(&self) -> Route {
        Route::SourceSchedule(self.source.clone())
    }
}

impl Page for SchedulePage {
    const NAME: &'static str = "schedule";

    fn samples() -> Vec<(&'static str, Self)> {
        let bad = sample::HOSTILE;
        let cycle = |code: &str, name: &str, reads: &str, typed: &str| {
            let [code, name, reads, typed] = [code, name, reads, typed].map(str::to_owned);
            CycleField { code, name, reads, typed }
        };
        let usual = Self {
            chrome: sample::admin(),
            source: "c1".to_owned(),
            name: "acme.atlassian.net/confluence".to_owned(),
            cycles: vec![
                cycle("incremental", "Changes", "Edits, and new comments and files.", "1 minute"),
                cycle("permissions", "Permissions", "People, groups, and who may read which space.", "5 minutes"),
                cycle("sweep", "Sweep", "What there is and where, and every restriction.", "15 minutes"),
                cycle("full", "Full", "Everything anew.", "7 days"),
            ],
            hourly_budget: String::new(),
            max_age: "24".to_owned(),
            percent: "10".to_owned(),
            at_least: "20".to_owned(),
            kept: "7".to_owned(),
            fault: None,
        };
        let fault = "A budget is at least 100 calls an hour, such as 5000, or none.";
        vec![
            ("usual", usual.clone()),
            ("ailing", Self { chrome: sample::ailing(), ..usual.clone() }),
            ("refused", Self { hourly_budget: "5".to_owned(), fault: Some(fault.to_owned()), ..usual.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    source: bad.to_owned(),
                    name: bad.to_owned(),
                    cycles: vec![cycle(bad, bad, bad, bad), cycle("full", sample::LONG, sample::LONG, sample::LONG)],
                    hourly_budget: bad.to_owned(),
                    max_age: bad.to_owned(),
                    percent: bad.to_owned(),
                    at_least: bad.to_owned(),
                    kept: bad.to_owned(),
                    fault: Some(bad.to_owned()),
                },
            ),
        ]
    }
}
