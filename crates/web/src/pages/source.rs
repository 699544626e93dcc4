//! One source: its running sync, past runs, what failed, and what is hidden for which reason.
//!
//! Titles are shown only where the reader's own rights admit the document; otherwise its native id stands there.

mod samples;

use askama::Template;

use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Lozenge, Moment};
use super::progress::Progress;
use super::sources::{SourceState, SourceSummary};
use crate::assets;
use crate::urls::{ExternalUrl, Route};

/// One past or running sync.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// When it began.
    pub started: Moment,
    /// What it was, such as `Full` or `Changes`.
    pub what: String,
    /// How it ended.
    pub status: Lozenge,
    /// How long it took, in words.
    pub took: String,
    /// Documents written.
    pub documents: Count,
    /// Calls made.
    pub calls: Count,
    /// Documents that could not be read.
    pub errors: Count,
    /// Why it ended as it did, in one sentence.
    pub reason: Option<String>,
}

/// A document or list that could not be read, or that was read with a loss.
#[derive(Clone, Debug)]
pub struct TroubleRow {
    /// Whether it is an error, and not a warning.
    pub is_error: bool,
    /// Title if the reader may see it, else kind and native id, such as `page 98342`.
    pub item: String,
    /// Where it is at the source, if the reader may see it.
    pub url: Option<ExternalUrl>,
    /// What happened, in one sentence.
    pub reason: String,
    /// How often it was tried.
    pub attempts: Count,
    /// When last.
    pub last: Moment,
}

/// Documents that nobody can find, for one reason.
#[derive(Clone, Debug)]
pub struct HiddenRow {
    /// Why, in one sentence.
    pub reason: String,
    /// How many documents.
    pub count: Count,
    /// How to mend it.
    pub remedy: String,
}

/// The page of one source.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/source.html")]
pub struct SourcePage {
    /// Surroundings.
    pub chrome: Chrome,
    /// What it is and how it is.
    pub summary: SourceSummary,
    /// The running sync.
    pub running: Option<Progress>,
    /// Runs, newest first.
    pub runs: Vec<RunRow>,
    /// Errors and warnings, newest first.
    pub troubles: Vec<TroubleRow>,
    /// What is hidden, by reason.
    pub hidden: Vec<HiddenRow>,
}

impl SourcePage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn scope(&self) -> Route {
        Route::SourceScope(self.summary.id.clone())
    }

    fn sync(&self) -> Route {
        Route::SourceSync(self.summary.id.clone())
    }

    fn cancel(&self) -> Route {
        Route::SourceCancel(self.summary.id.clone())
    }

    /// Jira alone can be told to call.
    fn webhook(&self) -> Option<Route> {
        let is_jira = self.summary.product == super::sources::Product::Jira;
        is_jira.then(|| Route::SourceWebhook(self.summary.id.clone()))
    }

    fn remove(&self) -> Route {
        Route::SourceRemove(self.summary.id.clone())
    }

    fn events(&self) -> Route {
        Route::SourceEvents(self.summary.id.clone())
    }
}
