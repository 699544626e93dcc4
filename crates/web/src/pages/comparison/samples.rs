//! Samples of the page about access to a source.

use super::super::part::Count;
use super::super::{Page, sample};
use super::{ComparisonCard, ComparisonPage, DifferenceRow, OpenProjectsForm};

fn clean() -> ComparisonCard {
    ComparisonCard {
        ended: sample::moment("3 hours ago"),
        compared: Count(200),
        unanswered: Count(0),
        leaks: Count(0),
        blocks: Count(0),
        failed: None,
        differences: Vec::new(),
    }
}

fn row(is_leak: bool, cause: &str) -> DifferenceRow {
    DifferenceRow {
        is_leak,
        person: "712020:8f3a-41".to_owned(),
        document: "issue 10017".to_owned(),
        cause: cause.to_owned(),
    }
}

fn leaking() -> ComparisonCard {
    ComparisonCard {
        unanswered: Count(3),
        leaks: Count(1),
        blocks: Count(12),
        differences: vec![
            row(true, "Admitted by browse-project 10000, read 2026-03-03T09:12:00Z."),
            row(false, "Refused by `forbidden` (give the service account the role that may read these permissions)."),
        ],
        ..clean()
    }
}

fn form() -> OpenProjectsForm {
    OpenProjectsForm { all: false, some: true, projects: "TOP, LIFE".to_owned(), fault: None }
}

fn hostile(usual: ComparisonPage) -> ComparisonPage {
    let text = || sample::HOSTILE.to_owned();
    let row = DifferenceRow { person: text(), document: text(), ..row(true, sample::HOSTILE) };
    let comparison =
        ComparisonCard { ended: sample::hostile_moment(), failed: Some(text()), differences: vec![row], ..leaking() };
    ComparisonPage {
        chrome: sample::hostile(),
        name: text(),
        comparison: Some(comparison),
        open: Some(OpenProjectsForm { projects: text(), fault: Some(text()), ..form() }),
        ..usual
    }
}

impl Page for ComparisonPage {
    const NAME: &'static str = "comparison";

    fn samples() -> Vec<(&'static str, Self)> {
        let told = "Jira does not say what others may see; give the service account `Administer Jira`.";
        let failed = ComparisonCard { compared: Count(0), failed: Some(told.to_owned()), ..clean() };
        let usual = Self {
            chrome: sample::admin(),
            source: "1".to_owned(),
            name: "acme.atlassian.net/jira".to_owned(),
            comparison: Some(clean()),
            pairs: 200,
            open: Some(form()),
        };
        let told = "No project `TPO` has been read yet; run a sync, then name it again.";
        let wrong = OpenProjectsForm { fault: Some(told.to_owned()), ..form() };
        let nothing = OpenProjectsForm { some: false, projects: String::new(), ..form() };
        vec![
            ("usual", usual.clone()),
            ("leaking", Self { comparison: Some(leaking()), ..usual.clone() }),
            ("faulty", Self { comparison: Some(failed), open: Some(wrong), ..usual.clone() }),
            ("first", Self { comparison: None, open: Some(nothing), ..usual.clone() }),
            ("confluence", Self { name: "acme.atlassian.net/confluence".to_owned(), open: None, ..usual.clone() }),
            ("hostile", hostile(usual)),
        ]
    }
}
