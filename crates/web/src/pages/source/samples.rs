//! Samples of a source's page: new, running, with errors, refused.

use super::*;
use crate::pages::part::Tone;
use crate::pages::sources::{Product, sample_summary};
use crate::pages::{Page, sample};

fn run(started: &str, what: &str, status: Lozenge, took: &str) -> RunRow {
    RunRow {
        id: "731".to_owned(),
        started: sample::moment(started),
        what: what.to_owned(),
        status,
        took: took.to_owned(),
        documents: Count(214),
        calls: Count(18),
        errors: Count(0),
        reason: None,
    }
}

fn trouble(is_error: bool, item: &str, reason: &str) -> TroubleRow {
    TroubleRow {
        is_error,
        item: item.to_owned(),
        url: ExternalUrl::parse("https://acme.atlassian.net/wiki/pages/98342"),
        reason: reason.to_owned(),
        attempts: Count(3),
        last: sample::moment("12 minutes ago"),
        owed: None,
    }
}

fn hidden(reason: &str, count: u64, remedy: &str) -> HiddenRow {
    HiddenRow { reason: reason.to_owned(), count: Count(count), remedy: remedy.to_owned() }
}

fn stream(what: &str, complete: &str, listed: &str) -> FreshnessRow {
    let moment = |words: &str| (!words.is_empty()).then(|| sample::moment(words));
    FreshnessRow { what: what.to_owned(), complete: moment(complete), listed: moment(listed) }
}

fn kind(code: &str, name: &str, reads: &str, every: &str, next: &str) -> KindRow {
    let [code, name, reads, every, next] = [code, name, reads, every, next].map(str::to_owned);
    KindRow { code, name, reads, every, next }
}

fn usual_kinds() -> Vec<KindRow> {
    vec![
        kind("incremental", "Changes", "Edits, and new comments and files.", "every minute", "in 20 seconds"),
        kind(
            "permissions",
            "Permissions",
            "People, groups, and who may read which space.",
            "every 5 minutes",
            "in 3 minutes",
        ),
        kind(
            "sweep",
            "Sweep",
            "What there is and where, and all restrictions; finds what has vanished.",
            "every 15 minutes",
            "as soon as nothing else runs",
        ),
        kind("full", "Full", "Everything anew.", "every 7 days", "in 6 days"),
    ]
}

fn usual_freshness() -> Vec<FreshnessRow> {
    vec![
        stream("People and groups", "2 minutes ago", "2 minutes ago"),
        stream("Pages", "40 seconds ago", "11 minutes ago"),
        stream("Comments", "40 seconds ago", "11 minutes ago"),
        stream("Restrictions", "11 minutes ago", "11 minutes ago"),
        stream("Attachments", "", ""),
    ]
}

fn warning(tone: Tone, text: &str, way: Option<(Route, &'static str)>) -> Warning {
    Warning { tone, text: text.to_owned(), way }
}

fn usual_warnings() -> Vec<Warning> {
    vec![
        warning(
            Tone::Warning,
            "Permissions of 1,204 documents were last confirmed 19 hours ago. If no run confirms them, nobody sees these documents from 5 hours on.",
            None,
        ),
        warning(
            Tone::Bad,
            "The last listing left out 3,400 of 18,412 documents. They are hidden, and not deleted before you say so.",
            Some((Route::SourceDeletions("c1".to_owned()), "Look at them")),
        ),
    ]
}

fn usual_runs() -> Vec<RunRow> {
    vec![
        run("Today, 14:02", "Changes", Lozenge::new(Tone::Good, "Succeeded"), "4 seconds"),
        RunRow {
            errors: Count(2),
            ..run("Today, 13:02", "Changes", Lozenge::new(Tone::Warning, "Partial"), "41 seconds")
        },
        run("Today, 12:10", "Full", Lozenge::new(Tone::Plain, "Cancelled"), "2 minutes"),
        RunRow {
            documents: Count(18_198),
            calls: Count(1_204),
            ..run("Yesterday, 09:30", "Full", Lozenge::new(Tone::Good, "Succeeded"), "3 minutes")
        },
        RunRow {
            errors: Count(1),
            reason: Some("The site refused the token.".to_owned()),
            ..run("Yesterday, 09:12", "Full", Lozenge::new(Tone::Bad, "Failed"), "1 second")
        },
    ]
}

fn usual() -> SourcePage {
    let mut summary = sample_summary("c1", "Acme Confluence", Product::Confluence, SourceState::Degraded);
    summary.errors = Count(2);
    summary.warnings = Count(1);
    SourcePage {
        chrome: sample::admin(),
        summary,
        warnings: Vec::new(),
        running: None,
        waiting: Vec::new(),
        freshness: usual_freshness(),
        kinds: usual_kinds(),
        owed: Count(3),
        deleted: true,
        runs: usual_runs(),
        troubles: vec![
            TroubleRow {
                url: None,
                ..trouble(true, "page 98342", "The body is not well-formed: the answer ends in the middle of a string.")
            },
            trouble(true, "Onboarding checklist", "The site answered 500 three times."),
            trouble(false, "Release notes 2019", "The macro “chart” is not known; its text was kept."),
        ],
        hidden: vec![
            hidden(
                "The restriction could not be read",
                14,
                "Give the service account the scope read:content-details:confluence, then sync.",
            ),
            hidden(
                "Missing in the last listing, not yet confirmed",
                3,
                "Nothing: the next sync shows or removes them.",
            ),
        ],
    }
}

impl Page for SourcePage {
    const NAME: &'static str = "source";

    fn samples() -> Vec<(&'static str, Self)> {
        let fresh = sample_summary("c1", "Acme Confluence", Product::Confluence, SourceState::New);
        let fresh = SourceSummary { last_sync: None, documents: Count(0), ..fresh };
        let syncing = sample_summary("j1", "Acme Jira", Product::Jira, SourceState::Syncing);
        let running = Self {
            summary: syncing,
            running: Some(Progress::sample()),
            waiting: vec!["Sweep".to_owned(), "Full".to_owned()],
            troubles: Vec::new(),
            hidden: Vec::new(),
            ..usual()
        };
        let refused = sample_summary("j2", "Labs Jira", Product::Jira, SourceState::Unauthorized);
        let paused = sample_summary("c1", "Acme Confluence", Product::Confluence, SourceState::Paused);
        let bad = sample::HOSTILE;
        let hostile = SourceSummary {
            site: bad.to_owned(),
            last_sync: Some(sample::hostile_moment()),
            ..sample_summary(bad, bad, Product::Jira, SourceState::Syncing)
        };
        vec![
            ("usual", usual()),
            (
                "new",
                Self {
                    summary: fresh,
                    freshness: Vec::new(),
                    owed: Count(0),
                    deleted: false,
                    runs: Vec::new(),
                    troubles: Vec::new(),
                    hidden: Vec::new(),
                    ..usual()
                },
            ),
            ("warnings", Self { warnings: usual_warnings(), ..usual() }),
            ("paused", Self { summary: paused, kinds: Vec::new(), ..usual() }),
            ("running", running.clone()),
            ("running-unknown", Self { running: Some(Progress::unknown_sample()), ..running }),
            ("refused", Self { summary: refused, ..usual() }),
            (
                "long",
                Self {
                    summary: sample_summary("c1", sample::LONG, Product::Confluence, SourceState::Live),
                    troubles: vec![
                        trouble(true, sample::LONG, sample::LONG),
                        trouble(false, sample::RIGHT_TO_LEFT, sample::LONG),
                    ],
                    hidden: vec![hidden(sample::LONG, u64::MAX, sample::LONG)],
                    ..usual()
                },
            ),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    summary: hostile,
                    warnings: vec![warning(Tone::Bad, bad, Some((Route::SourceDeletions(bad.to_owned()), "Look")))],
                    running: Some(Progress::hostile_sample()),
                    waiting: vec![bad.to_owned()],
                    freshness: vec![FreshnessRow { listed: Some(sample::hostile_moment()), ..stream(bad, bad, bad) }],
                    kinds: vec![kind(bad, bad, bad, bad, bad)],
                    owed: Count(1),
                    deleted: true,
                    runs: vec![RunRow {
                        id: bad.to_owned(),
                        reason: Some(bad.to_owned()),
                        ..run(bad, bad, Lozenge::new(Tone::Bad, bad), bad)
                    }],
                    troubles: vec![TroubleRow { last: sample::hostile_moment(), ..trouble(true, bad, bad) }],
                    hidden: vec![hidden(bad, 1, bad)],
                },
            ),
        ]
    }
}
