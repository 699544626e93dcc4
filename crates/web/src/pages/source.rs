//! One source: how fresh it is, its running sync, what can be started by hand, past runs, what failed, what is hidden.
//!
//! Titles are shown only where the reader's own rights admit the document; otherwise its native id stands there.

mod samples;

use askama::Template;

use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Lozenge, Moment, Tone};
use super::progress::Progress;
use super::sources::{SourceState, SourceSummary};
use crate::assets;
use crate::urls::{ExternalUrl, Route};

/// One past or running sync.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its number.
    pub id: String,
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

/// Something about the whole source that an administrator should know now.
#[derive(Clone, Debug)]
pub struct Warning {
    /// How bad it is.
    pub tone: Tone,
    /// What it is and what to do, in one or two sentences.
    pub text: String,
    /// Where to do it, and what the link says.
    pub way: Option<(Route, &'static str)>,
}

/// How fresh what is read of one kind is.
#[derive(Clone, Debug)]
pub struct FreshnessRow {
    /// What is read, such as `comments`.
    pub what: String,
    /// Everything that stood there before is known; `None` if it was never read to its end.
    pub complete: Option<Moment>,
    /// Everything that had vanished before is known.
    pub listed: Option<Moment>,
}

/// A kind of run, with when it comes by itself.
#[derive(Clone, Debug)]
pub struct KindRow {
    /// As the form sends it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it reads, in one sentence.
    pub reads: String,
    /// How often it comes by itself.
    pub every: String,
    /// When it comes next by itself.
    pub next: String,
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
    /// Its number among what is owed, where it can be tried again by itself.
    pub owed: Option<i64>,
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
    /// What should be known before all else.
    pub warnings: Vec<Warning>,
    /// The running sync.
    pub running: Option<Progress>,
    /// Runs that wait behind it, in words.
    pub waiting: Vec<String>,
    /// How fresh it is; empty before anything was read.
    pub freshness: Vec<FreshnessRow>,
    /// What can be started by hand; empty where nothing can.
    pub kinds: Vec<KindRow>,
    /// What runs could not read, and are going to try again.
    pub owed: Count,
    /// Documents that were deleted at the source, and can still be brought back.
    pub deleted: bool,
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

    fn access(&self) -> Route {
        Route::SourceAccess(self.summary.id.clone())
    }

    fn sync(&self) -> Route {
        Route::SourceSync(self.summary.id.clone())
    }

    fn is_paused(&self) -> bool {
        self.summary.state == SourceState::Paused
    }

    fn run(&self, run: &RunRow) -> Route {
        Route::SourceRun(self.summary.id.clone(), run.id.clone())
    }

    fn pause(&self) -> Route {
        Route::SourcePause(self.summary.id.clone())
    }

    fn resume(&self) -> Route {
        Route::SourceResume(self.summary.id.clone())
    }

    fn owing(&self) -> Route {
        Route::SourceOwed(self.summary.id.clone())
    }

    fn schedule(&self) -> Route {
        Route::SourceSchedule(self.summary.id.clone())
    }

    fn deletions(&self) -> Route {
        Route::SourceDeletions(self.summary.id.clone())
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
