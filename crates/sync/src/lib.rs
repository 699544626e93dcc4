//! When to fetch what, in which order it becomes durable, and what a run has missed.
//!
//! The engine reads [`Batch`]es from a [`Source`] and commits each with its checkpoint through a [`Journal`]. After a
//! commit the checkpoint is durable; before it nothing happened. The text index is derived by a reader of [`Changes`].
//! This crate knows neither HTTP nor SQL.

mod agenda;
mod batch;
mod changes;
mod engine;
mod journal;
mod patience;
mod patient;
mod reading;
mod run;
mod source;

pub use agenda::{Agenda, Debts, LastRun};
pub use batch::{Batch, Checkpoint, Cursor, Item, Stream};
pub use changes::{Change, Changes, ChangesError, Generation, Mirror};
pub use engine::{Engine, RunOutcome, RunProgress};
pub use journal::{Buried, Commit, Committed, Journal, JournalError, Known, OpenRun, Owed, Progress, Stand, Swept};
pub use patience::Patience;
pub use patient::PatientJournal;
pub use reading::{Form, Reading};
pub use source::{FetchError, FetchErrorKind, Source};
