//! Projects and fields (sheet sections 3.2 and 3.4).

use super::Id;
use serde::Deserialize;

/// `GET /project/search`, one value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project {
    pub(crate) id: Id,
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    pub(crate) style: Option<String>,
    #[serde(default)]
    pub(crate) simplified: bool,
    #[serde(default)]
    pub(crate) is_private: bool,
    #[serde(default)]
    pub(crate) archived: bool,
    pub(crate) lead: Option<Lead>,
}

impl Project {
    /// Whether its own people manage it, with access levels in place of schemes (sheet section 4.2).
    pub(crate) fn is_team_managed(&self) -> bool {
        self.simplified || self.style.as_deref() == Some("next-gen")
    }
}

/// A project's lead.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lead {
    pub(crate) account_id: Option<String>,
}

/// `GET /field`, one value.
#[derive(Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) custom: bool,
    pub(crate) schema: Option<Schema>,
}

/// What a field holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Schema {
    pub(crate) r#type: Option<String>,
    pub(crate) items: Option<String>,
}
