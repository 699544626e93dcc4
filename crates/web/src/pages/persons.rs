//! As whom one account searches at each source, and the mapping by which an administrator says so.

mod samples;

use askama::Template;

use super::icon::Icon;
use super::layout::Chrome;
use super::part::Tone;
use crate::urls::Route;

/// What an account finds of a source.
#[derive(Clone, Debug)]
pub enum Finding {
    /// What this user sees.
    As {
        /// The name shown at the source.
        name: String,
        /// The source's id of the user.
        id: String,
    },
    /// Nothing.
    Nothing {
        /// Why, in one sentence.
        reason: String,
        /// What to do about it.
        remedy: String,
    },
}

/// A user whom the account can be mapped to.
#[derive(Clone, Debug)]
pub struct CandidateRow {
    /// The source's id of the user.
    pub id: String,
    /// The name shown there.
    pub name: String,
    /// The e-mail, if it is known.
    pub email: Option<String>,
    /// Whether the user is a person: customers and apps see nothing.
    pub can_be_taken: bool,
    /// Whether the user may sign in there.
    pub is_active: bool,
}

/// One source.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Its number.
    pub source_id: String,
    /// Its name.
    pub source: String,
    /// Whether an administrator named the user.
    pub mapped: bool,
    /// What the account finds there.
    pub finding: Finding,
    /// What was looked for.
    pub words: String,
    /// Whether something was looked for.
    pub searched: bool,
    /// Users to choose from.
    pub candidates: Vec<CandidateRow>,
    /// What was wrong with the attempt before.
    pub fault: Option<String>,
}

/// The page of one account's persons.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/persons.html")]
pub struct PersonsPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The account's number.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its e-mail.
    pub email: String,
    /// All sources, by name.
    pub persons: Vec<PersonRow>,
}

impl PersonsPage {
    fn section(&self) -> Route {
        Route::Users
    }

    fn here(&self) -> Route {
        Route::Persons(self.account.clone())
    }

    fn map(&self) -> Route {
        Route::PersonMap(self.account.clone())
    }

    fn unmap(&self) -> Route {
        Route::PersonUnmap(self.account.clone())
    }
}
