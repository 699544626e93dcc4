//! Search: the empty page and the results. The same words whether nothing exists or nothing may be seen.

mod samples;

use askama::Template;

use super::icon::Icon;
use super::layout::Chrome;
use super::pager::{Pager, Stop};
use super::part::{Count, Involved, Lozenge, Moment, Segment};
use crate::kind::Kind;
use crate::urls::{ExternalUrl, Route, SearchUrl};

/// The search page before anything is asked.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/home.html")]
pub struct HomePage {
    /// Surroundings.
    pub chrome: Chrome,
    /// Whether any source is connected; decides what an administrator is told to do first.
    pub has_sources: bool,
    /// Whether this account is joined to a person at any source; without one it finds nothing.
    pub is_joined: bool,
}

/// A container that results can be narrowed to.
#[derive(Clone, Debug)]
pub struct ContainerFacet {
    /// What the address carries after `in=`.
    pub id: String,
    /// Name of the space or project.
    pub name: String,
    /// Whether it is a project, and not a space.
    pub is_project: bool,
    /// How many of this viewer's hits are in it, where that is known.
    pub count: Option<Count>,
}

/// One step of the way to a document.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Name of the space, project or ancestor, as far as this viewer may see it.
    pub text: String,
    /// Where it is at the source.
    pub url: Option<ExternalUrl>,
}

/// A comment or attachment that matched, shown under its page or issue.
#[derive(Clone, Debug)]
pub struct NestedHit {
    /// [`Kind::Comment`] or [`Kind::Attachment`].
    pub kind: Kind,
    /// File name, or `Comment by Ana Souza`.
    pub title: Vec<Segment>,
    /// Where it is at the source.
    pub url: Option<ExternalUrl>,
    /// Text around the matches; may be empty.
    pub snippet: Vec<Segment>,
    /// When it was written or changed.
    pub updated: Option<Moment>,
    /// The address that says why this viewer sees it.
    pub why: String,
}

/// Another document that a hit names, such as a parent or a linked issue, after its own check.
#[derive(Clone, Debug)]
pub struct Related {
    /// What it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Issue key.
    pub key: Option<String>,
    /// Where it is at the source.
    pub url: Option<ExternalUrl>,
}

/// One hit.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Title with what matched marked.
    pub title: Vec<Segment>,
    /// Where it is at the source; without one the title is no link.
    pub url: Option<ExternalUrl>,
    /// Issue key.
    pub key: Option<String>,
    /// The way to it, outermost first.
    pub breadcrumb: Vec<Crumb>,
    /// Text around the matches; empty when only a nested document matched.
    pub snippet: Vec<Segment>,
    /// Status of an issue, or `Draft`, `Archived`.
    pub status: Option<Lozenge>,
    /// People, most telling first.
    pub people: Vec<Involved>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// Comments and attachments that matched.
    pub nested: Vec<NestedHit>,
    /// How many more of them matched than are shown.
    pub nested_more: Count,
    /// Documents that it names and that this viewer may see.
    pub related: Vec<Related>,
    /// The address that says why this viewer sees it.
    pub why: String,
}

/// The results of one search.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/results.html")]
pub struct ResultsPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// What was asked, with its filters and page.
    pub search: SearchUrl,
    /// How many hits this viewer has.
    pub total: Count,
    /// Hits per kind, where they were counted; in the order to list them.
    pub kind_counts: Vec<(Kind, Option<Count>)>,
    /// Containers to narrow to; those that the search is narrowed to stand here even without hits, so that they can be
    /// lifted again.
    pub containers: Vec<ContainerFacet>,
    /// At most ten.
    pub hits: Vec<Hit>,
    /// Mistakes in the query and how it was read instead, one sentence each.
    pub hints: Vec<String>,
    /// Links to the other pages.
    pub pager: Pager,
}

impl ResultsPage {
    /// Tips for the empty result: only about the words typed, never about what may exist.
    fn tips(&self) -> Vec<&'static str> {
        let mut tips = Vec::new();
        let query = self.search.query();
        if self.search.is_filtered() {
            tips.push("Remove the filters.");
        }
        if query.contains('"') {
            tips.push("Remove the quotes: the words then need not stand together.");
        }
        if query.split_whitespace().count() > 2 {
            tips.push("Use fewer words.");
        }
        tips.push("Check the spelling, or try another word for it.");
        tips.push("Look at the source itself: what is very new may not be here yet.");
        tips
    }

    /// Whether there are results, but none on this page.
    fn is_behind_the_end(&self) -> bool {
        self.hits.is_empty() && self.total.0 > 0
    }

    fn first_number(&self) -> Count {
        Count(u64::from(self.search.page().saturating_sub(1)) * 10 + 1)
    }
}
