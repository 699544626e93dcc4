//! The things that Fossick is about: sources, documents, nodes, layers, runs. Pure: time is passed in.

mod cycles;
mod deletion;
mod document;
mod key;
mod problem;
mod run;
mod self_audit;
mod site;
mod source;
mod target;
mod time;

pub use cycles::{Cycles, InvalidCycle};
pub use deletion::{Deletion, InvalidDeletion};
pub use document::{Body, Document, Facts, PersonName, StoredDocument};
pub use key::{ClauseKey, ContainerKey, DocumentKey, Kind, NamedKind, NodeKey, NodeKind, Origin, UnknownCode};
pub use problem::{Problem, ProblemKind};
pub use run::{InvalidRunTransition, RunCounts, RunEvent, RunId, RunKind, RunStatus};
pub use self_audit::{Difference, MOST_KEPT, SelfAudit};
pub use site::{InvalidSite, SiteDomain};
pub use source::{
    Container, ContainerKind, Deployment, InvalidTransition, OpenProjects, Product, Scope, SourceEvent, SourceSettings,
    SourceState,
};
pub use target::Target;
pub use time::{Duration, Millis};
