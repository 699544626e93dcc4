//! Whether Fossick decides as the source does, and what an administrator vouches for where the source does not tell.

mod samples;

use askama::Template;

use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Moment, Tone};
use crate::urls::Route;

/// A pair about which Fossick and the source differ.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// Whether Fossick would show what the source would not.
    pub is_leak: bool,
    /// The source's id of the person.
    pub person: String,
    /// Kind and id of the document.
    pub document: String,
    /// Which layer decides, in one sentence.
    pub cause: String,
}

/// The last comparison with the source.
#[derive(Clone, Debug)]
pub struct ComparisonCard {
    /// When it ended.
    pub ended: Moment,
    /// Pairs compared.
    pub compared: Count,
    /// Pairs without an answer.
    pub unanswered: Count,
    /// Pairs that Fossick alone would show.
    pub leaks: Count,
    /// Pairs that the source alone would show.
    pub blocks: Count,
    /// Why it ended early.
    pub failed: Option<String>,
    /// Some of the differences, leaks first.
    pub differences: Vec<DifferenceRow>,
}

/// Which team-managed projects are open to everybody with the product.
#[derive(Clone, Debug)]
pub struct OpenProjectsForm {
    /// All that are not private.
    pub all: bool,
    /// Those named.
    pub some: bool,
    /// Their keys, as typed.
    pub projects: String,
    /// What was wrong with the attempt before.
    pub fault: Option<String>,
}

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/comparison.html")]
pub struct ComparisonPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's number.
    pub source: String,
    /// Its name.
    pub name: String,
    /// The last comparison.
    pub comparison: Option<ComparisonCard>,
    /// How many pairs the form offers to compare.
    pub pairs: u64,
    /// Open projects; only Jira has them.
    pub open: Option<OpenProjectsForm>,
}

impl ComparisonPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn back(&self) -> Route {
        Route::Source(self.source.clone())
    }

    fn doctor(&self) -> Route {
        Route::SourceDoctor(self.source.clone())
    }

    fn compare(&self) -> Route {
        Route::SourceCompare(self.source.clone())
    }

    fn vouch(&self) -> Route {
        Route::SourceOpenProjects(self.source.clone())
    }
}
