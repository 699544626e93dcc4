//! A successful answer: valid JSON as a whole, decoded record by record.
//!
//! One record that does not fit becomes a problem of its own; the records around it stand.

use super::fault::{CallError, Fault};
use super::{Endpoint, Incoming};
use model::{DocumentKey, Kind, Problem, ProblemKind, Target};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What one call gave.
#[derive(Clone, Debug)]
pub struct Answer {
    endpoint: Endpoint,
    headers: HeaderMap,
    text: String,
    replaced: bool,
}

/// The records of one list that fit, and a problem for each that does not.
#[derive(Clone, Debug)]
pub struct Records<T> {
    /// In the source's order.
    pub found: Vec<T>,
    /// One per record that could not be understood.
    pub problems: Vec<Problem>,
    /// The ids of those records, where even that could be read, in the same order.
    lost: Vec<Option<String>>,
}

impl Answer {
    /// Takes a body; bytes that are no UTF-8 are replaced, JSON that does not end is refused.
    pub(crate) fn read(endpoint: Endpoint, incoming: Incoming) -> Result<Self, Fault> {
        let (text, replaced) = match String::from_utf8_lossy(&incoming.body) {
            Cow::Borrowed(text) => (text.to_owned(), false),
            Cow::Owned(text) => (text, true),
        };
        match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => Ok(Self { endpoint, headers: incoming.headers, text, replaced }),
            Err(_) if text.trim_start().starts_with('<') => {
                Err(Fault::Malformed("an HTML page instead of JSON".to_owned()))
            }
            Err(error) => Err(Fault::Malformed(format!("not JSON ({error})"))),
        }
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The whole answer as one value.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, CallError> {
        serde_json::from_str(&self.text).map_err(|error| self.malformed(error.to_string()))
    }

    /// The records of the list called `field` at the top, each decoded alone.
    ///
    /// `what` names one record for people: `page`. A missing list is an error of the whole answer.
    pub fn records<T: DeserializeOwned>(&self, field: &str, what: &str) -> Result<Records<T>, CallError> {
        let mut top: BTreeMap<Cow<'_, str>, &RawValue> = self.json()?;
        let list = top.remove(field).ok_or_else(|| self.malformed(format!("there is no list `{field}` in it")))?;
        self.decode(list, what)
    }

    /// The records of an answer that is a list itself.
    pub fn array<T: DeserializeOwned>(&self, what: &str) -> Result<Records<T>, CallError> {
        self.decode(self.json()?, what)
    }

    /// The error for an answer of another shape than the endpoint's.
    pub fn malformed(&self, what: impl Into<String>) -> CallError {
        let trace = self.header("atl-traceid").map(str::to_owned);
        CallError { endpoint: self.endpoint, fault: Fault::Malformed(what.into()), trace }
    }

    fn decode<T: DeserializeOwned>(&self, list: &RawValue, what: &str) -> Result<Records<T>, CallError> {
        let raw: Vec<&RawValue> =
            serde_json::from_str(list.get()).map_err(|error| self.malformed(format!("not a list ({error})")))?;
        let mut records = Records { found: Vec::with_capacity(raw.len()), problems: Vec::new(), lost: Vec::new() };
        for (position, record) in raw.into_iter().enumerate() {
            match serde_json::from_str(record.get()) {
                Ok(found) => records.found.push(found),
                Err(error) => {
                    let id = id_of(record);
                    records.problems.push(self.unreadable(id.as_deref(), what, position, &error));
                    records.lost.push(id);
                }
            }
        }
        if self.replaced {
            let reason = "bytes that are not valid UTF-8 were replaced in this answer";
            records.problems.push(Problem::new(ProblemKind::Notice, self.endpoint.to_string(), reason));
        }
        Ok(records)
    }

    fn unreadable(&self, id: Option<&str>, what: &str, position: usize, error: &serde_json::Error) -> Problem {
        let item = match id {
            Some(id) => format!("{what} {id}"),
            None => format!("{what} number {} of an answer of {}", position + 1, self.endpoint),
        };
        let reason = format!("the record cannot be understood and was left out: {}", position_free(error));
        Problem::new(ProblemKind::Record, item, reason)
    }
}

impl<T> Records<T> {
    /// Hands the problems over to a batch and keeps the rest.
    pub fn into_found(self, problems: &mut Vec<Problem>) -> Vec<T> {
        problems.extend(self.problems);
        self.found
    }

    /// The same for records that are documents of one kind: those that are lost can be read again by themselves.
    pub(crate) fn into_documents(self, kind: Kind, problems: &mut Vec<Problem>) -> Vec<T> {
        let ids = self.lost.into_iter().chain(std::iter::repeat(None));
        problems.extend(self.problems.into_iter().zip(ids).map(|(problem, id)| match id {
            Some(id) => problem.about(Target::Document(DocumentKey::new(kind, id))),
            None => problem,
        }));
        self.found
    }
}

/// The record's own id, even when the record as a whole does not parse.
fn id_of(record: &RawValue) -> Option<String> {
    let fields: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(record.get()).ok()?;
    let id = ["id", "accountId", "groupId"].into_iter().find_map(|name| fields.get(name))?;
    match serde_json::from_str(id.get()).ok()? {
        Value::String(id) => Some(id),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Serde's words quote at most a wrong value's type or a field's name, but may quote a string: that could be a title.
fn position_free(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once("string \"") {
        Some((before, after)) => {
            let rest = after.rsplit_once('"').map_or("", |(_, rest)| rest);
            format!("{before}a string{rest}")
        }
        None => text,
    }
}
