//! The parameter `cqlcontext`: where the query is asked from, and which statuses it may find.
//!
//! `spaceKey` does not restrict anything by itself; it is only what `currentSpace()` means.

use super::error::{CqlError, Reason};

/// `{"spaceKey":"ENG","contentId":"123","contentStatuses":["current","archived"]}`, every part optional.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CqlContext {
    /// What `currentSpace()` means.
    pub space_key: Option<String>,
    /// What `currentContent()` means.
    pub content_id: Option<u64>,
    /// Statuses that are found. `current` alone when not given.
    pub statuses: Vec<String>,
}

/// The statuses of content. A misspelt one would find nothing.
const STATUSES: [&str; 6] = ["current", "archived", "trashed", "deleted", "historical", "draft"];

impl Default for CqlContext {
    fn default() -> Self {
        Self { space_key: None, content_id: None, statuses: vec!["current".to_owned()] }
    }
}

impl CqlContext {
    /// Reads the decoded parameter.
    ///
    /// # Errors
    /// When it is not a JSON object with members of the right types.
    pub fn parse(text: &str) -> Result<Self, CqlError> {
        let bad = || CqlError::from(Reason::Context);
        let value: serde_json::Value = serde_json::from_str(text).map_err(|_| bad())?;
        let object = value.as_object().ok_or_else(bad)?;
        let mut context = Self::default();
        if let Some(key) = object.get("spaceKey") {
            context.space_key = Some(key.as_str().ok_or_else(bad)?.to_owned());
        }
        if let Some(id) = object.get("contentId") {
            let read = id.as_u64().or_else(|| id.as_str()?.parse().ok());
            context.content_id = Some(read.ok_or_else(bad)?);
        }
        if let Some(statuses) = object.get("contentStatuses") {
            let list = statuses.as_array().ok_or_else(bad)?;
            let read: Option<Vec<String>> = list.iter().map(|status| status.as_str().map(str::to_owned)).collect();
            context.statuses = read.ok_or_else(bad)?;
            if context.statuses.iter().any(|status| !STATUSES.contains(&status.as_str())) {
                return Err(bad());
            }
        }
        Ok(context)
    }
}
