//! Who may see what, for administrators: one person and one document, everybody who sees a document, everything that a
//! person sees. What is looked up stands in the audit log.

mod samples;

use askama::Template;

pub(super) use samples::{document as document_sample, steps as steps_sample};

use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Lozenge, Moment};
use crate::kind::Kind;
use crate::urls::{ExternalUrl, Route};

/// One layer of a decision.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// What it says, in a word.
    pub outcome: Lozenge,
    /// The layer, as the product calls it.
    pub what: String,
    /// Why it says so.
    pub says: String,
    /// Whom it names.
    pub names: Vec<String>,
    /// When the source last confirmed it.
    pub read: Option<Moment>,
    /// How to mend what is not known.
    pub remedy: Option<String>,
    /// Where it is set at the source, and what that page is called.
    pub link: Option<(String, ExternalUrl)>,
}

/// A document, as far as whoever reads the page may know it.
#[derive(Clone, Debug)]
pub struct DocumentLine {
    /// What it is.
    pub kind: Kind,
    /// Its title; `None` where the reader may not see it.
    pub title: Option<String>,
    /// Where it is at the source; `None` where the reader may not see it.
    pub url: Option<ExternalUrl>,
    /// An issue's key, or source, kind and id.
    pub name: String,
    /// Key of its space or project.
    pub container: String,
}

/// One person and one document.
#[derive(Clone, Debug)]
pub struct PairView {
    /// Whose access it is.
    pub person: String,
    /// What identifies the person.
    pub known_as: String,
    /// The document.
    pub document: DocumentLine,
    /// Whether the person finds it.
    pub visible: bool,
    /// The layers, outermost first.
    pub steps: Vec<StepRow>,
}

/// Somebody who sees a document.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The name at the source.
    pub name: String,
    /// The account id there.
    pub id: String,
    /// Whether a guest.
    pub guest: bool,
    /// The account of this hub that finds it for them.
    pub account: Option<String>,
    /// Why that account finds nothing all the same.
    pub kept_out: Option<String>,
}

/// Everybody who sees a document.
#[derive(Clone, Debug)]
pub struct AudienceView {
    /// The document.
    pub document: DocumentLine,
    /// The first of them, by name.
    pub people: Vec<PersonRow>,
    /// How many there are in all.
    pub total: Count,
    /// How many of them find it here today.
    pub finding: Count,
    /// Why nobody does, and how to mend it.
    pub cause: Option<(String, String)>,
}

impl AudienceView {
    fn more(&self) -> Count {
        Count(self.total.0.saturating_sub(self.people.len() as u64))
    }
}

/// What a person sees of one space or project.
#[derive(Clone, Debug)]
pub struct ReachRow {
    /// Name of the source.
    pub source: String,
    /// Key of the space or project.
    pub short: String,
    /// Its name.
    pub name: String,
    /// How many documents it has.
    pub documents: Count,
    /// How many of them the person finds.
    pub visible: Count,
    /// How many only others find.
    pub refused: Count,
    /// How many nobody finds.
    pub hidden: Count,
    /// Why, with a count each.
    pub causes: Vec<String>,
}

/// What a person sees.
#[derive(Clone, Debug)]
pub struct ReachView {
    /// Whose access it is.
    pub person: String,
    /// What identifies the person.
    pub known_as: String,
    /// Whether the person has an account here.
    pub has_account: bool,
    /// How many documents the person finds.
    pub visible: Count,
    /// Of how many.
    pub documents: Count,
    /// By space and project.
    pub rows: Vec<ReachRow>,
}

/// What was looked up.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Nothing yet.
    Nothing,
    /// A person and a document.
    Pair(PairView),
    /// A document.
    Audience(AudienceView),
    /// A person.
    Reach(ReachView),
}

/// The page for looking up access.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/lookup.html")]
pub struct LookupPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The person typed.
    pub person: String,
    /// The document typed.
    pub document: String,
    /// Why nothing was looked up.
    pub fault: Option<String>,
    /// What was found.
    pub answer: Answer,
    /// How many members say that they see something that they should not.
    pub objections: Count,
}

impl LookupPage {
    fn section(&self) -> Route {
        Route::Access
    }
}
