//! What went wrong with one thing, kept so that an administrator can act on it.

use crate::Target;
use crate::key::{UnknownCode, codes};
use serde::{Deserialize, Serialize};

/// Whether something is missing, or only worth knowing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A record could not be read or understood: the run is partial.
    Record,
    /// A call failed for good: everything behind it is missing and the run is partial.
    Call,
    /// Permissions could not be read: what they decide for is hidden from everybody.
    Permission,
    /// Nothing is missing, but an administrator should know.
    Notice,
}

codes!(ProblemKind, "kind of problem", {
    Record => "record",
    Call => "call",
    Permission => "permission",
    Notice => "notice",
});

/// One problem of one run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub kind: ProblemKind,
    /// Which thing, as an administrator can find it: `page 70001`, `space ENG`, `GET /wiki/api/v2/pages`.
    pub item: String,
    /// What happened and what to do. Never a secret, never a title.
    pub reason: String,
    /// What can be read again to mend it, if that is less than the whole stream.
    #[serde(default)]
    pub target: Option<Target>,
}

impl Problem {
    /// Describes a problem.
    pub fn new(kind: ProblemKind, item: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind, item: item.into(), reason: reason.into(), target: None }
    }

    /// The same, about one thing that can be read again by itself. The rest of the stream counts as read.
    #[must_use]
    pub fn about(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Whether something was missed of which it cannot be told what it is.
    pub fn is_open_loss(&self) -> bool {
        self.is_loss() && self.target.is_none()
    }

    /// Whether the run that met it has missed something.
    pub fn is_loss(&self) -> bool {
        matches!(self.kind, ProblemKind::Record | ProblemKind::Call)
    }
}
