//! Jira Cloud's JSON as it comes (sheet section 3), read tolerantly. Nothing outside this adapter sees these types.
//!
//! Lists are taken as raw values and read one by one, so that one malformed record costs one problem and never the
//! page that it stood on (SYN-4).

mod issue;
mod permission;
mod project;
mod time;

pub(crate) use issue::{Attachment, Comment, CommentPage, Issue, IssueGroup, IssueUser, Listing, Visibility};
pub(crate) use permission::{
    Actor, Grant, Holder, LevelMember, PermissionScheme, PermissionSchemes, ProjectRole, SchemeProject, SecuritySchemes,
};
pub(crate) use project::{Field, Project};
pub(crate) use time::millis;

pub(crate) use crate::id::Id;
use model::{DocumentKey, Kind, Problem, Target};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// Where one page of a listing by offset stands; its values are read apart.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    #[serde(default)]
    values: Vec<IgnoredAny>,
    start_at: Option<u64>,
    total: Option<u64>,
    is_last: Option<bool>,
}

impl Page {
    /// Where the next page starts; `None` after the last one. Goes by what came, never by what was asked for.
    pub(crate) fn next(&self, asked: u64) -> Option<u64> {
        let next = self.start_at.unwrap_or(asked) + self.values.len() as u64;
        let over = match (self.is_last, self.total) {
            (Some(is_last), _) => is_last,
            (None, Some(total)) => next >= total,
            (None, None) => false,
        };
        (!over && !self.values.is_empty()).then_some(next)
    }
}

/// Reads each value; those that do not fit are counted in the second part, with the reason of the first.
pub(crate) fn each<T: DeserializeOwned>(values: Vec<Value>) -> (Vec<T>, Vec<Misfit>) {
    let mut read = Vec::with_capacity(values.len());
    let mut misfits = Vec::new();
    for value in values {
        let id = value.get("id").or_else(|| value.get("key")).or_else(|| value.get("accountId")).map(short);
        match serde_json::from_value(value) {
            Ok(record) => read.push(record),
            Err(error) => misfits.push(Misfit { id, reason: without_values(&error) }),
        }
    }
    (read, misfits)
}

/// A record that does not have the shape it should.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Misfit {
    /// Its id, if it has one.
    pub(crate) id: Option<String>,
    /// What is wrong with its shape; never a value of the record.
    pub(crate) reason: String,
}

impl Misfit {
    /// A problem about the record, which can be read again by itself if it has an id.
    pub(crate) fn about(&self, kind: Kind, problem: Problem) -> Problem {
        match &self.id {
            Some(id) => problem.about(Target::Document(DocumentKey::new(kind, id.as_str()))),
            None => problem,
        }
    }

    /// How an administrator finds the record.
    pub(crate) fn item(&self, what: &str) -> String {
        format!("{what} {}", self.id.as_deref().unwrap_or("without an id"))
    }
}

fn short(id: &Value) -> String {
    let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    text.chars().take(40).collect()
}

/// The parser's words name what it found, which may be text that not everybody may see; so only names of fields stay.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("missing field ") {
        Some(field) => format!("it lacks the field {field}"),
        None => "a field of it has an unexpected type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_malformed_record_costs_itself_only_and_its_values_are_not_told() {
        let values = vec![
            json!({"id": 7, "name": "Eng"}),
            json!({"id": "8", "name": {"secret": "merger"}}),
            json!("merger"),
            json!({"name": "x"}),
        ];
        #[derive(Deserialize)]
        struct Named {
            id: Id,
            #[serde(rename = "name")]
            _name: String,
        }
        let (read, misfits) = each::<Named>(values);
        assert_eq!(read.iter().map(|named| named.id.0.as_str()).collect::<Vec<_>>(), ["7"]);
        assert_eq!(misfits.len(), 3);
        assert_eq!(misfits[0].item("field"), "field 8");
        assert_eq!(misfits[2].reason, "it lacks the field `id`");
        assert!(misfits.iter().all(|misfit| !misfit.reason.contains("merger")), "{misfits:?}");
    }

    #[test]
    fn a_page_goes_on_by_what_came() {
        let page = |json: Value| serde_json::from_value::<Page>(json).unwrap();
        assert_eq!(page(json!({"startAt": 0, "maxResults": 100, "total": 3, "values": [1, 2]})).next(0), Some(2));
        assert_eq!(page(json!({"startAt": 2, "total": 3, "values": [3]})).next(2), None);
        assert_eq!(page(json!({"isLast": true, "values": [3], "total": 99})).next(2), None);
        assert_eq!(page(json!({"isLast": false, "values": []})).next(2), None, "an empty page never goes on");
    }
}
