//! One run: how it went, and what it could not read, thing by thing.
//!
//! The same page, without a run, lists what is still owed of all runs together. Titles are shown only where the reader's
//! own rights admit the document; otherwise its native id stands there.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Lozenge, Tone};
use super::sample;
use super::source::{RunRow, TroubleRow};
use crate::urls::{ExternalUrl, Route};

/// The page of one run, or of what all runs together owe.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/run.html")]
pub struct RunPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's id.
    pub source: String,
    /// The source's name.
    pub name: String,
    /// The run; `None` for what is owed.
    pub run: Option<RunRow>,
    /// What went wrong, or is owed, in the order in which it first happened.
    pub troubles: Vec<TroubleRow>,
    /// Where the list goes on.
    pub more: Option<i64>,
    /// Whether something of the list can be read again at once.
    pub can_retry: bool,
}

impl RunPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn title(&self) -> String {
        match &self.run {
            Some(run) => format!("{} run", run.what),
            None => "Not read yet".to_owned(),
        }
    }

    fn source(&self) -> Route {
        Route::Source(self.source.clone())
    }

    fn retry(&self) -> Route {
        Route::SourceSync(self.source.clone())
    }

    fn next(&self) -> Option<String> {
        let here = match &self.run {
            Some(run) => Route::SourceRun(self.source.clone(), run.id.clone()),
            None => Route::SourceOwed(self.source.clone()),
        };
        self.more.map(|after| format!("{here}?after={after}"))
    }
}

fn trouble(is_error: bool, item: &str, reason: &str, attempts: u64) -> TroubleRow {
    TroubleRow {
        is_error,
        item: item.to_owned(),
        url: None,
        reason: reason.to_owned(),
        attempts: Count(attempts),
        last: sample::moment("12 minutes ago"),
        owed: None,
    }
}

fn owed(troubles: &[TroubleRow]) -> Vec<TroubleRow> {
    (7..).zip(troubles).map(|(number, row)| TroubleRow { owed: Some(number), ..row.clone() }).collect()
}

fn run(status: Lozenge) -> RunRow {
    RunRow {
        id: "731".to_owned(),
        started: sample::moment("12 minutes ago"),
        what: "Sweep".to_owned(),
        status,
        took: "41 seconds".to_owned(),
        documents: Count(18_412),
        calls: Count(1_204),
        errors: Count(2),
        reason: None,
    }
}

impl Page for RunPage {
    const NAME: &'static str = "run";

    fn samples() -> Vec<(&'static str, Self)> {
        let bad = sample::HOSTILE;
        let partial = Self {
            chrome: sample::admin(),
            source: "c1".to_owned(),
            name: "acme.atlassian.net/confluence".to_owned(),
            run: Some(run(Lozenge::new(Tone::Warning, "Partial"))),
            troubles: vec![
                trouble(
                    true,
                    "page 98342",
                    "The answer ends in the middle of a string; it is tried again by itself.",
                    1,
                ),
                TroubleRow {
                    url: ExternalUrl::parse("https://acme.atlassian.net/wiki/pages/98342"),
                    ..trouble(true, "Onboarding checklist", "The site answered 500 three times.", 4)
                },
                trouble(false, "space FIN", "Its permissions are shown to administrators of the space only.", 1),
            ],
            more: Some(731),
            can_retry: true,
        };
        let clean = Self {
            run: Some(RunRow { errors: Count(0), ..run(Lozenge::new(Tone::Good, "Succeeded")) }),
            troubles: Vec::new(),
            more: None,
            can_retry: false,
            ..partial.clone()
        };
        let failed = Self {
            run: Some(RunRow {
                reason: Some("The site refused the token.".to_owned()),
                ..run(Lozenge::new(Tone::Bad, "Failed"))
            }),
            ..clean.clone()
        };
        let hostile = RunRow {
            id: bad.to_owned(),
            started: sample::hostile_moment(),
            what: bad.to_owned(),
            took: bad.to_owned(),
            reason: Some(bad.to_owned()),
            ..run(Lozenge::new(Tone::Bad, bad))
        };
        vec![
            ("partial", partial.clone()),
            ("clean", clean.clone()),
            ("failed", failed),
            ("owed", Self { run: None, troubles: owed(&partial.troubles), ..partial.clone() }),
            ("owed-nothing", Self { run: None, ..clean }),
            ("long", Self { troubles: vec![trouble(true, sample::LONG, sample::LONG, u64::MAX)], ..partial.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    source: bad.to_owned(),
                    name: bad.to_owned(),
                    run: Some(hostile),
                    troubles: vec![TroubleRow { last: sample::hostile_moment(), ..trouble(true, bad, bad, 1) }],
                    ..partial
                },
            ),
        ]
    }
}
