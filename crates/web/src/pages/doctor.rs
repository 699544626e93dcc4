//! What of a source can be read, container by container: why something is hidden, what would mend it, what nobody can know.

mod samples;

use askama::Template;

use super::connect::{Check, Outcome};
use super::icon::Icon;
use super::layout::Chrome;
use super::part::{Count, Tone};
use crate::urls::Route;

/// Something that is missing or hidden.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// Which thing.
    pub item: String,
    /// What is so, in one sentence.
    pub what: String,
    /// What would mend it.
    pub remedy: Option<String>,
}

/// One space or project.
#[derive(Clone, Debug)]
pub struct ContainerCard {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether it is in scope.
    pub in_scope: bool,
    /// Its documents.
    pub documents: Count,
    /// Those that nobody sees.
    pub hidden: Count,
    /// Whether nobody is admitted to it.
    pub is_closed: bool,
    /// Who may read or browse it, in words.
    pub readers: String,
    /// What is missing, hidden or left a trace.
    pub findings: Vec<FindingRow>,
}

/// People of the source and accounts of Fossick.
#[derive(Clone, Debug, Default)]
pub struct PeopleCard {
    /// Active people.
    pub people: Count,
    /// With the product.
    pub with_product: Count,
    /// Without a known e-mail.
    pub without_email: Count,
    /// Sharing an e-mail.
    pub sharing_email: Count,
    /// Guests.
    pub guests: Count,
    /// Accounts that search as one of them.
    pub joined: Count,
    /// Accounts that find nothing, by reason.
    pub not_joined: Vec<(String, Count)>,
    /// Documents that no account may see although somebody of the source may.
    pub waiting_for_accounts: Count,
    /// Documents that none of the people may see.
    pub for_nobody: Count,
}

/// The report.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/doctor.html")]
pub struct DoctorPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source's number.
    pub source: String,
    /// Its name.
    pub name: String,
    /// `Spaces` or `Projects`.
    pub containers_are: &'static str,
    /// The credential, tried again.
    pub checks: Vec<Check>,
    /// About the source as a whole.
    pub findings: Vec<FindingRow>,
    /// By key.
    pub containers: Vec<ContainerCard>,
    /// People and accounts.
    pub people: PeopleCard,
    /// What cannot be known, as sentences.
    pub unknowable: Vec<String>,
}

impl DoctorPage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn back(&self) -> Route {
        Route::SourceAccess(self.source.clone())
    }

    fn faults(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome != Outcome::Ok)
    }

    fn is_well(&self) -> bool {
        self.faults().next().is_none()
            && self.findings.is_empty()
            && self.containers.iter().all(|one| one.findings.is_empty())
    }
}
