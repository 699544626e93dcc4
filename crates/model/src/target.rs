//! One thing of a source that can be read again by itself.

use crate::{ContainerKey, DocumentKey};
use serde::{Deserialize, Serialize};

/// What a problem is about, and what "retry now" reads again.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// One document.
    Document(DocumentKey),
    /// Everything in one space or project.
    Container(ContainerKey),
}
