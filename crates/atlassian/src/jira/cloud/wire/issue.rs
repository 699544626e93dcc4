//! Issues with their comments and attachments (sheet sections 3.1 to 3.3 and 3.7, Appendix A1 and A2).

use super::Id;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// `POST /search/jql` with ids only.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listing {
    pub(crate) issues: Vec<Listed>,
    pub(crate) next_page_token: Option<String>,
    pub(crate) is_last: Option<bool>,
}

/// One issue of a listing, which has an id and nothing else.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed {
    pub(crate) id: Id,
}

/// One issue. Its fields stay raw, because custom fields have no fixed shape.
#[derive(Debug, Deserialize)]
pub(crate) struct Issue {
    pub(crate) id: Id,
    pub(crate) key: String,
    pub(crate) fields: Map<String, Value>,
}

impl Issue {
    /// Whether it is archived. Such an issue is given by its id to whoever may look at archived ones, for ever, and found by
    /// no search (sheet section 3.4), so it is out of scope however it is asked for.
    pub(crate) fn is_archived(&self) -> bool {
        self.fields.get("archiveddate").is_some_and(|date| !date.is_null())
    }

    /// Takes a field out of the issue; `None` if it is absent, null, or of another shape.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, field: &str) -> Option<T> {
        serde_json::from_value(self.fields.remove(field)?).ok()
    }
}

/// A user where an issue or comment names one. Of an anonymous or erased author only a name may be left.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueUser {
    pub(crate) account_id: Option<String>,
    pub(crate) display_name: Option<String>,
}

/// A group in a group field.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueGroup {
    pub(crate) group_id: String,
}

/// `fields.comment`, which holds at most 20 comments whatever `total` says, and `GET /issue/{id}/comment`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommentPage {
    #[serde(default)]
    pub(crate) comments: Vec<Value>,
    pub(crate) total: Option<u64>,
}

/// One comment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comment {
    pub(crate) id: Id,
    pub(crate) author: Option<IssueUser>,
    #[serde(default)]
    pub(crate) body: Value,
    pub(crate) created: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) visibility: Option<Visibility>,
}

/// The narrower audience of a comment. `identifier` is a group's id or a role's name.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Visibility {
    #[serde(default)]
    pub(crate) r#type: String,
    pub(crate) value: Option<String>,
    pub(crate) identifier: Option<Id>,
}

/// One value of `fields.attachment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    pub(crate) id: Id,
    pub(crate) filename: String,
    pub(crate) author: Option<IssueUser>,
    pub(crate) created: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) mime_type: Option<String>,
}
