//! Why somebody may, or may not, see something, in the products' own words.
//!
//! Nothing is decided here. Every answer is read off the state that searches use ([`AccessState::layers`],
//! [`access::Exposure`]); the store only adds what a layer is called and where it stands at the source. So an explanation
//! can be incomplete, but never tell another verdict than a search does.
//!
//! Titles are shown only where whoever reads the explanation may see them, by the check of the search port itself.

mod address;
mod audience;
mod chain;
mod exposure;
mod names;
mod reach;
mod settings;
mod sheet;
mod whom;

pub use address::{document_named, key_text};
pub use audience::{Audience, Spectator};
pub use chain::{About, Explanation, Outcome, Step};
pub use exposure::{ByMistake, ContainerExposure, ExposureReport, IdleRestriction, Order, Totals};
pub use names::reason;
pub use reach::{ContainerReach, Reach};
pub use settings::Link;
pub use sheet::{exposure_csv, reach_csv};
pub use whom::{Whom, WhomError};

use access::{AccessState, Viewer};
use search::{SearchError, SearchIndex};
use store::{Store, StoreError};

/// Why an explanation could not be given.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The text index failed.
    #[error(transparent)]
    Index(#[from] SearchError),
    /// No person, or more than one, is meant.
    #[error(transparent)]
    Whom(#[from] WhomError),
}

/// Explains one state of access to one reader.
pub struct Explainer<'a> {
    /// What layers are called, and where documents hang.
    pub store: &'a Store,
    /// The state that searches use.
    pub access: &'a AccessState,
    /// Where titles come from.
    pub index: &'a dyn SearchIndex,
    /// Who reads the explanation: no other title is in it than of what this viewer may see.
    pub reader: &'a Viewer,
}
