//! All sources: how each one is, at a glance, and the way to connect another.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Lozenge, Moment, Tone};
use super::progress::Progress;
use super::sample;
use crate::urls::Route;

/// Which product a source is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Product {
    /// Confluence: spaces, pages, blog posts.
    Confluence,
    /// Jira: projects, issues.
    Jira,
}

impl Product {
    /// The product's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confluence => "Confluence",
            Self::Jira => "Jira",
        }
    }

    /// What its containers are called.
    pub fn containers(self) -> &'static str {
        match self {
            Self::Confluence => "spaces",
            Self::Jira => "projects",
        }
    }
}

/// How a source is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SourceState {
    /// Connected; nothing is read before the first Save or Sync.
    New,
    /// A sync is running.
    Syncing,
    /// Everything in scope was read.
    Live,
    /// It is being read, with errors.
    Degraded,
    /// An admin stopped it.
    Paused,
    /// The token is refused.
    Unauthorized,
    /// Its first complete sync has not ended well yet.
    Incomplete,
    /// It is being removed.
    Deleting,
}

impl SourceState {
    /// The state in a word or two.
    pub fn lozenge(&self) -> Lozenge {
        match self {
            Self::New => Lozenge::new(Tone::Plain, "Not synced yet"),
            Self::Syncing => Lozenge::new(Tone::Active, "Syncing"),
            Self::Live => Lozenge::new(Tone::Good, "Up to date"),
            Self::Degraded => Lozenge::new(Tone::Warning, "Needs a look"),
            Self::Paused => Lozenge::new(Tone::Plain, "Paused"),
            Self::Unauthorized => Lozenge::new(Tone::Bad, "Token refused"),
            Self::Incomplete => Lozenge::new(Tone::Warning, "Not complete yet"),
            Self::Deleting => Lozenge::new(Tone::Plain, "Being removed"),
        }
    }
}

/// What every page about a source says of it.
#[derive(Clone, Debug)]
pub struct SourceSummary {
    /// Its id, as in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its product.
    pub product: Product,
    /// Host of the site, such as `acme.atlassian.net`.
    pub site: String,
    /// How it is.
    pub state: SourceState,
    /// When a sync last succeeded.
    pub last_sync: Option<Moment>,
    /// Documents that can be found.
    pub documents: Count,
    /// Documents that could not be read.
    pub errors: Count,
    /// Things worth a look, such as documents hidden for a reason that can be mended.
    pub warnings: Count,
}

/// One source in the list.
#[derive(Clone, Debug)]
pub struct SourceRow {
    /// What it is and how it is.
    pub summary: SourceSummary,
    /// The running sync.
    pub running: Option<Progress>,
}

/// The list of sources.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/sources.html")]
pub struct SourcesPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// All sources, by name.
    pub sources: Vec<SourceRow>,
}

impl SourcesPage {
    fn section(&self) -> Route {
        Route::Sources
    }
}

pub(super) fn sample_summary(id: &str, name: &str, product: Product, state: SourceState) -> SourceSummary {
    SourceSummary {
        id: id.to_owned(),
        name: name.to_owned(),
        product,
        site: "acme.atlassian.net".to_owned(),
        state,
        last_sync: Some(sample::moment("4 minutes ago")),
        documents: Count(18_412),
        errors: Count(0),
        warnings: Count(0),
    }
}

impl Page for SourcesPage {
    const NAME: &'static str = "sources";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |summary| SourceRow { summary, running: None };
        let confluence = sample_summary("c1", "Acme Confluence", Product::Confluence, SourceState::Live);
        let syncing = sample_summary("j1", "Acme Jira", Product::Jira, SourceState::Syncing);
        let degraded = SourceSummary {
            documents: Count(2_310),
            errors: Count(3),
            warnings: Count(41),
            site: "acme-labs.atlassian.net".to_owned(),
            ..sample_summary("c2", "Labs Confluence", Product::Confluence, SourceState::Degraded)
        };
        let refused = SourceSummary {
            last_sync: Some(sample::moment("2 days ago")),
            ..sample_summary("j2", "Labs Jira", Product::Jira, SourceState::Unauthorized)
        };
        let fresh = SourceSummary {
            last_sync: None,
            documents: Count(0),
            ..sample_summary("c3", "Field Confluence", Product::Confluence, SourceState::New)
        };
        let running = SourceRow { running: Some(Progress::sample()), ..row(syncing) };
        let usual = vec![row(confluence.clone()), running, row(degraded), row(refused), row(fresh)];
        let long = SourceSummary {
            site: "a-very-long-site-name-that-somebody-chose-years-ago.atlassian.net".to_owned(),
            documents: Count(u64::MAX),
            ..sample_summary("c1", sample::LONG, Product::Confluence, SourceState::Paused)
        };
        let rtl = sample_summary("c2", sample::RIGHT_TO_LEFT, Product::Confluence, SourceState::Live);
        let hostile = SourceSummary {
            site: sample::HOSTILE.to_owned(),
            last_sync: Some(sample::hostile_moment()),
            ..sample_summary(sample::HOSTILE, sample::HOSTILE, Product::Jira, SourceState::Live)
        };
        let of = |sources| Self { chrome: sample::admin(), sources };
        vec![
            ("usual", of(usual)),
            ("empty", of(Vec::new())),
            ("long", of(vec![row(long), row(rtl)])),
            ("hostile", Self { chrome: sample::hostile(), sources: vec![row(hostile)] }),
        ]
    }
}
