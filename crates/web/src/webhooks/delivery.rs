//! What is taken from a call's body: when it was sent, and where to look. Everything else is passed over unread.

use crate::operations::Hint;
use model::Millis;
use serde::Deserialize;

/// The longest id that is taken for one.
const LONGEST_ID: usize = 20;

/// A call, as far as it is believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Delivery {
    /// When the source sent it, by its own clock.
    pub(crate) timestamp: Millis,
    /// Where to look.
    pub(crate) hint: Hint,
}

#[derive(Deserialize)]
struct Body {
    timestamp: i64,
    #[serde(default)]
    issue: Option<Named>,
    #[serde(default)]
    project: Option<Named>,
}

/// Jira writes ids of issues as text and ids of projects as numbers.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: serde_json::Value,
}

impl Named {
    fn id(&self) -> Option<String> {
        let text = match &self.id {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let is_id = !text.is_empty() && text.len() <= LONGEST_ID && text.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then_some(text)
    }
}

impl Delivery {
    /// Reads a body; `None` without a timestamp, which a call must have to be told from an old one.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let body: Body = serde_json::from_slice(body).ok()?;
        let issue = body.issue.as_ref().and_then(Named::id).map(Hint::Issue);
        let project = || body.project.as_ref().and_then(Named::id).map(Hint::Project);
        let hint = issue.or_else(project).unwrap_or(Hint::Anything);
        Some(Self { timestamp: Millis(body.timestamp), hint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(body: &str) -> Option<Hint> {
        Delivery::read(body.as_bytes()).map(|delivery| delivery.hint)
    }

    #[test]
    fn a_call_names_an_issue_a_project_or_nothing_in_particular() {
        let issue =
            r#"{"timestamp":1,"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"ENG-1","fields":{}}}"#;
        assert_eq!(hint(issue), Some(Hint::Issue("10001".to_owned())));
        let project = r#"{"timestamp":1,"webhookEvent":"project_updated","project":{"id":10000,"key":"ENG"}}"#;
        assert_eq!(hint(project), Some(Hint::Project("10000".to_owned())));
        assert_eq!(hint(r#"{"timestamp":1,"webhookEvent":"attachment_created"}"#), Some(Hint::Anything));
    }

    #[test]
    fn an_id_that_is_none_is_no_target() {
        for id in ["\"../1\"", "\"1 OR 1=1\"", "\"\"", "-1", "1.5", "null", "{}", "\"111111111111111111111\""] {
            let body = format!(r#"{{"timestamp":1,"issue":{{"id":{id}}}}}"#);
            assert_eq!(hint(&body), Some(Hint::Anything), "{body}");
        }
    }

    #[test]
    fn without_a_timestamp_nothing_is_understood() {
        for body in ["", "[]", "{}", "{\"timestamp\":\"today\"}", "{\"timestamp\":1", "timestamp=1"] {
            assert_eq!(hint(body), None, "{body}");
        }
    }
}
