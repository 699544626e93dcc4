//! What has vanished from a source: deletions that wait for an administrator's word, and what can be brought back.
//!
//! Ids, never titles: whoever looks here may not be admitted to what was deleted, and nobody can be asked any more.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Moment};
use super::sample;
use crate::urls::Route;

/// Deletions that would go too far without an administrator's word.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Since when they wait.
    pub since: Moment,
    /// How many documents they are.
    pub documents: Count,
    /// Of how many.
    pub of: Count,
    /// By space or project, most first.
    pub containers: Vec<(String, Count)>,
}

/// A deleted document whose text is still kept.
#[derive(Clone, Debug)]
pub struct TombstoneRow {
    /// Its number, as the form sends it.
    pub document: String,
    /// Kind and native id.
    pub item: String,
    /// The space or project that it lay in.
    pub container: String,
    /// When it was deleted here.
    pub deleted: Moment,
    /// When its text goes for good.
    pub purged: Moment,
}

/// The page of a source's deletions.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/deletions.html")]
pub struct DeletionsPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's id.
    pub source: String,
    /// The source's name.
    pub name: String,
    /// Deletions that wait.
    pub waiting: Option<Waiting>,
    /// What can be brought back, by number.
    pub tombstones: Vec<TombstoneRow>,
    /// Where the list goes on.
    pub more: Option<u32>,
}

impl DeletionsPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn source(&self) -> Route {
        Route::Source(self.source.clone())
    }

    fn judge(&self) -> Route {
        Route::SourceDeletions(self.source.clone())
    }

    fn undo(&self) -> Route {
        Route::SourceUndelete(self.source.clone())
    }

    fn next(&self) -> Option<String> {
        self.more.map(|after| format!("{}?after={after}", self.judge()))
    }
}

impl Page for DeletionsPage {
    const NAME: &'static str = "deletions";

    fn samples() -> Vec<(&'static str, Self)> {
        let bad = sample::HOSTILE;
        let row = |item: &str, container: &str| TombstoneRow {
            document: "4711".to_owned(),
            item: item.to_owned(),
            container: container.to_owned(),
            deleted: sample::moment("2 days ago"),
            purged: sample::moment("in 5 days"),
        };
        let usual = Self {
            chrome: sample::admin(),
            source: "c1".to_owned(),
            name: "acme.atlassian.net/confluence".to_owned(),
            waiting: Some(Waiting {
                since: sample::moment("11 minutes ago"),
                documents: Count(3_400),
                of: Count(18_412),
                containers: vec![
                    ("Engineering (ENG)".to_owned(), Count(3_391)),
                    ("container 98306".to_owned(), Count(9)),
                ],
            }),
            tombstones: vec![row("page 98342", "Engineering (ENG)"), row("comment 98344", "Engineering (ENG)")],
            more: Some(4711),
        };
        vec![
            ("usual", usual.clone()),
            ("quiet", Self { waiting: None, more: None, ..usual.clone() }),
            ("nothing", Self { waiting: None, tombstones: Vec::new(), more: None, ..usual.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    source: bad.to_owned(),
                    name: bad.to_owned(),
                    waiting: Some(Waiting {
                        since: sample::hostile_moment(),
                        documents: Count(1),
                        of: Count(u64::MAX),
                        containers: vec![(bad.to_owned(), Count(1)), (sample::LONG.to_owned(), Count(2))],
                    }),
                    tombstones: vec![TombstoneRow {
                        document: bad.to_owned(),
                        deleted: sample::hostile_moment(),
                        purged: sample::hostile_moment(),
                        ..row(bad, bad)
                    }],
                    ..usual
                },
            ),
        ]
    }
}
