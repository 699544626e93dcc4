//! A Jira issue and what hangs on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::value::RawValue;

use super::attachment::FileBytes;
use super::{AccountId, GroupId, Millis};

/// An ADF document as JSON text, ready to be sent.
pub type Adf = Arc<RawValue>;

/// An ADF document with one paragraph per non-empty line of `text`.
pub fn adf(text: &str) -> Adf {
    let paragraph = |line: &str| serde_json::json!({"type": "paragraph", "content": [{"type": "text", "text": line}]});
    let lines = text.lines().filter(|line| !line.trim().is_empty()).map(paragraph);
    adf_of(&serde_json::json!({"type": "doc", "version": 1, "content": lines.collect::<Vec<_>>()}))
}

/// A JSON value as it will be sent.
pub fn adf_of(value: &serde_json::Value) -> Adf {
    // A `Value` always prints as valid JSON, so this cannot fail.
    serde_json::value::to_raw_value(value).map_or_else(|_| Arc::from(RawValue::NULL.to_owned()), Arc::from)
}

/// All text in an ADF document, words of different nodes apart. For JQL's `~` only.
pub fn adf_text(document: &RawValue) -> String {
    fn walk(value: &serde_json::Value, out: &mut String) {
        if let Some(text) = value.get("text").and_then(serde_json::Value::as_str) {
            out.push_str(text);
        }
        for child in value.get("content").and_then(serde_json::Value::as_array).into_iter().flatten() {
            walk(child, out);
        }
        if value.get("content").is_some() {
            out.push('\n');
        }
    }
    let mut out = String::new();
    if let Ok(value) = serde_json::from_str(document.get()) {
        walk(&value, &mut out);
    }
    out
}

/// Value of a custom field.
#[derive(Clone, Debug)]
pub enum FieldValue {
    /// User picker.
    User(AccountId),
    /// Multi user picker.
    Users(Vec<AccountId>),
    /// Group picker.
    Group(GroupId),
    /// Multi group picker.
    Groups(Vec<GroupId>),
    /// One line.
    Text(String),
    /// Textarea.
    Document(Adf),
    /// Select, by option id.
    Choice(u64),
    /// Multi select.
    Choices(Vec<u64>),
    /// Cascading select: an option, and one below it.
    Nested(u64, Option<u64>),
    /// Labels.
    Labels(Vec<String>),
    /// `yyyy-MM-dd`.
    Day(String),
    /// Number.
    Number(f64),
}

/// Audience of a comment or worklog.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Members of a group.
    Group(GroupId),
    /// Actors of a role in the issue's project.
    Role(u64),
}

/// One changed field of a [`Change`].
#[derive(Clone, Debug)]
pub struct ChangedField {
    /// Field id.
    pub field: String,
    /// Ids or raw values before and after.
    pub ids: (Option<String>, Option<String>),
    /// Shown values before and after.
    pub names: (Option<String>, Option<String>),
}

/// One entry of the changelog.
#[derive(Clone, Debug)]
pub struct Change {
    /// Rising id.
    pub id: u64,
    /// Who.
    pub author: AccountId,
    /// When.
    pub at: Millis,
    /// What.
    pub fields: Vec<ChangedField>,
}

/// One issue.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Numeric id.
    pub id: u64,
    /// Key now.
    pub key: String,
    /// Keys before moves; they still resolve.
    pub previous_keys: Vec<String>,
    /// Project id.
    pub project: u64,
    /// Number in the key.
    pub number: u64,
    /// Issue type id.
    pub issue_type: u64,
    /// Status id.
    pub status: u64,
    /// Priority id.
    pub priority: Option<u64>,
    /// Resolution id.
    pub resolution: Option<u64>,
    /// When it was resolved.
    pub resolved_at: Option<Millis>,
    /// Title.
    pub summary: String,
    /// ADF.
    pub description: Option<Adf>,
    /// ADF.
    pub environment: Option<Adf>,
    /// Labels.
    pub labels: BTreeSet<String>,
    /// Component ids of the project.
    pub components: Vec<u64>,
    /// Version ids of the project: fixed in.
    pub fix_versions: Vec<u64>,
    /// Version ids of the project: affected.
    pub affects_versions: Vec<u64>,
    /// Who works on it.
    pub assignee: Option<AccountId>,
    /// Who reported it.
    pub reporter: Option<AccountId>,
    /// Who made it.
    pub creator: AccountId,
    /// When it was made.
    pub created: Millis,
    /// Latest edit, comment, link, worklog or attachment.
    pub updated: Millis,
    /// `yyyy-MM-dd`.
    pub due_date: Option<String>,
    /// Security level id.
    pub security: Option<u64>,
    /// Parent issue id.
    pub parent: Option<u64>,
    /// By field id, `customfield_…`.
    pub custom: BTreeMap<String, FieldValue>,
    /// Archived.
    pub archived: bool,
    /// Changelog, oldest first.
    pub changes: Vec<Change>,
}

/// A link between two issues.
#[derive(Clone, Debug)]
pub struct IssueLink {
    /// Id.
    pub id: u64,
    /// `Blocks`, `Relates`, ….
    pub link_type: String,
    /// The issue that is the outward end's subject ("blocks").
    pub inward: u64,
    /// The other one ("is blocked by").
    pub outward: u64,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct IssueComment {
    /// Id.
    pub id: u64,
    /// Issue id.
    pub issue: u64,
    /// Who wrote it.
    pub author: AccountId,
    /// Who edited it last.
    pub update_author: AccountId,
    /// ADF.
    pub body: Adf,
    /// When it was made.
    pub created: Millis,
    /// When it was edited last.
    pub updated: Millis,
    /// Narrower audience than the issue's.
    pub visibility: Option<Audience>,
    /// False for an internal note of a service project: hidden from customers.
    pub jsd_public: bool,
}

/// A worklog.
#[derive(Clone, Debug)]
pub struct Worklog {
    /// Id.
    pub id: u64,
    /// Issue id.
    pub issue: u64,
    /// Who.
    pub author: AccountId,
    /// ADF.
    pub comment: Option<Adf>,
    /// When the work began.
    pub started: Millis,
    /// How long, in seconds.
    pub seconds: u64,
    /// When it was written.
    pub created: Millis,
    /// When it was edited last.
    pub updated: Millis,
    /// Narrower audience than the issue's.
    pub visibility: Option<Audience>,
}

/// A file on an issue.
#[derive(Clone, Debug)]
pub struct IssueAttachment {
    /// Id.
    pub id: u64,
    /// Issue id.
    pub issue: u64,
    /// The restricted comment through which it came, if so.
    pub comment: Option<u64>,
    /// File name.
    pub filename: String,
    /// MIME type.
    pub media_type: String,
    /// Who uploaded it.
    pub author: AccountId,
    /// When.
    pub created: Millis,
    /// Bytes.
    pub bytes: FileBytes,
}
