//! Who may see a document. Pure: no I/O, no clock, standard library only.
//!
//! Both products decide by a conjunction of layers: space readers AND every restricted ancestor AND the page's own
//! restriction; Browse on the project AND the security level AND a comment's audience. This crate keeps the
//! layers ([`Clause`]) apart, shares them between documents, and evaluates them late, against a [`Viewer`].
//!
//! Laws, each with a property test in `tests/laws.rs`:
//!
//! - ACL-1: adding a clause to a document never widens.
//! - ACL-2: the order and repetition of clauses do not matter.
//! - ACL-3: taking a principal from a viewer never widens.
//! - ACL-4: adding a principal to a clause never narrows, and widens only for those who hold it.
//! - ACL-5: what is unknown admits nobody: an unknown document, node, ACL, clause, parent, class or role.
//! - ACL-6: a cached decision equals a fresh one after any sequence of changes.
//! - ACL-7: a document whose text waits for the index is admitted only by its old AND its new clauses.

mod clause;
mod crowd;
mod decision;
mod delta;
mod directory;
mod exposure;
mod hidden;
mod interned;
mod joined;
pub mod mutants;
mod principal;
mod row;
mod slots;
mod standing;
mod state;
mod tree;
mod viewer;

pub use clause::{Admission, Answer, Clause, ClauseId, DynamicHolder, Inline};
pub use crowd::{Crowd, People};
pub use decision::Decision;
pub use delta::{Delta, DocumentEntry, NodeEntry};
pub use directory::{Directory, Join, Person, ProductAccess, SourceDirectory, User};
pub use exposure::{Exposure, Seen};
pub use hidden::Hidden;
pub use joined::{Joined, NotJoined};
pub use principal::{AccessClass, Group, Holder, Principal, SourceId, UserId};
pub use standing::Standing;
pub use state::{AccessState, AclId, DocNo, Layer, NodeId};
pub use tree::{NodeLinks, effective_clauses};
pub use viewer::Viewer;
