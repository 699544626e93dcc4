//! What a route presents to a query: names to look up, and issues to test.

use super::super::Value;
use super::field::{CustomField, Field};

/// Who asks. Unknown names are an error for an account and an empty result for nobody in particular.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Caller {
    /// Not signed in.
    Anonymous,
    /// Signed in with this account id.
    Account(String),
}

/// A value as typed: `10000` is a number, `"10000"` is text and may be a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Literal<'a> {
    /// A word or a quoted string.
    Text(&'a str),
    /// An unquoted number: an id.
    Number(i64),
}

/// An issue that a query names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IssueRef {
    /// Id of the issue.
    pub id: u64,
    /// Id of its project.
    pub project: u64,
    /// `7` in `ENG-7`.
    pub number: u64,
}

/// The names that exist for one caller. What the caller may not see does not exist.
pub trait Names {
    /// Ids of the objects of a field (`Project`, `IssueType`, `Status`, `Priority`, `Resolution`, `Level`, `Component`, `FixVersion`,
    /// `AffectedVersion`, or the options of a custom select field) that a literal means: by key and name ignoring case, then by id, also
    /// when the id is text. One name can mean several objects (versions of different projects). None: the literal is unknown.
    fn objects(&self, field: Field, literal: Literal<'_>) -> Vec<u64>;

    /// The issue with this key (also a former key of a moved issue) or id.
    fn issue(&self, literal: Literal<'_>) -> Option<IssueRef>;

    /// Account ids that a text means: the account id itself, else a display name or e-mail address.
    fn accounts(&self, text: &str) -> Vec<String>;

    /// Account ids of the members of a group, by name or id.
    fn members(&self, group: &str) -> Option<Vec<String>>;

    /// A custom field by name, ignoring case, or by `customfield_10001`.
    fn custom_field(&self, name: &str) -> Option<CustomField>;

    /// A custom field by number.
    fn custom_field_by_id(&self, id: u64) -> Option<CustomField>;

    /// Ids of all objects of a field from first to last in ascending order, for fields that are ordered by an administrator
    /// (`Priority` from lowest to highest, `Status`, `IssueType`, `Resolution`, versions). An empty answer: sorted by
    /// [`IssueRecord::sort_text`], else by id; and `priority > X` is refused.
    fn ranking(&self, field: Field) -> Vec<u64> {
        let _ = field;
        Vec::new()
    }
}

/// An issue as one caller sees it. Whether the caller may see it at all is the route's business.
pub trait IssueRecord {
    /// Id of the issue.
    fn id(&self) -> u64;

    /// Key of the project and number in it: `("ENG", 7)`.
    fn key(&self) -> (&str, u64);

    /// Shows each value of a field, none when the field is EMPTY. The kind of [`Value`] is stated at each [`Field`]; comments (and `Text`)
    /// must be limited to those that the caller sees. Called for every field except [`Field::Key`].
    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>));

    /// The name by which a field sorts where values are ids: display name of a person, name of a project, a component, a level.
    /// `None` where [`Names::ranking`] or the value itself decides.
    fn sort_text(&self, field: Field) -> Option<String> {
        let _ = field;
        None
    }
}
