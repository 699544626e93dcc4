//! One request as handlers see it: who calls, with what, and where the world is.
//!
//! The body has been read, the credential and the scopes have been checked. Handlers are plain functions: they parse, take
//! the world's lock, trim by `crate::visibility`, and render.

use std::cell::Cell;
use std::sync::{RwLockReadGuard, RwLockWriteGuard};

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::caller::{Caller, Via};
use crate::reply::{Reply, confluence, jira};
use crate::server::Simulation;
use crate::state::World;

/// One request.
#[derive(Debug)]
pub struct Call<'a> {
    /// World, counters, media tickets.
    pub simulation: &'a Simulation,
    /// Who.
    pub caller: &'a Caller,
    /// Path at the site, without gateway prefix and query.
    pub path: &'a str,
    /// Parameters of the path.
    pub parameters: Vec<(&'static str, String)>,
    /// Pairs of the query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: Bytes,
    /// Start of `self` links: the site as the caller addressed it, or the product's base at the public gateway.
    pub base: String,
    /// Set once the handler takes the world to change it.
    pub wrote: Cell<bool>,
}

impl Call<'_> {
    /// The world to read. Drop it before [`Call::world_mut`].
    pub fn world(&self) -> RwLockReadGuard<'_, World> {
        self.simulation.world()
    }

    /// The world to change.
    pub fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.wrote.set(true);
        self.simulation.world_mut()
    }

    /// A parameter of the path; empty if the template has none of that name.
    pub fn path_value(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// A numeric parameter of the path; `None` if it is no number (then it names nothing).
    pub fn path_id(&self, name: &str) -> Option<u64> {
        self.path_value(name).parse().ok()
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a query parameter, repeated or separated by commas.
    pub fn query_list(&self, name: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// True for `name=true`.
    pub fn query_flag(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }

    /// The values of a query parameter that knows these words only, in Jira's way: another one is a 400.
    pub fn jira_words(&self, name: &str, known: &[&str]) -> Result<Vec<&str>, Reply> {
        let words = self.query_list(name);
        match words.iter().find(|word| !known.contains(word)) {
            Some(other) => {
                let known = known.join(", ");
                Err(jira::bad_request(&format!(
                    "The value '{other}' is not valid for {name}. Valid values are: {known}."
                )))
            }
            None => Ok(words),
        }
    }

    /// Refuses, in Jira's way, parameters that would narrow the answer and that are not modelled.
    pub fn jira_lacks(&self, names: &[&str]) -> Result<(), Reply> {
        match names.iter().find(|name| self.query(name).is_some()) {
            Some(name) => Err(jira::bad_request(&format!("The parameter {name} is not supported."))),
            None => Ok(()),
        }
    }

    /// The same in the way of Confluence v2.
    pub fn v2_lacks(&self, names: &[&str]) -> Result<(), Reply> {
        match names.iter().find(|name| self.query(name).is_some()) {
            Some(name) => Err(confluence::v2_bad_parameter(name, "a filter that is supported")),
            None => Ok(()),
        }
    }

    /// A query parameter that knows these words only, in the way of Confluence v2.
    pub fn v2_words(&self, name: &str, known: &[&str]) -> Result<Vec<&str>, Reply> {
        let words = self.query_list(name);
        let odd = words.iter().any(|word| !known.iter().any(|known| known.eq_ignore_ascii_case(word)));
        if odd { Err(confluence::v2_bad_parameter(name, &known.join(", "))) } else { Ok(words) }
    }

    /// A number from the query, in Jira's way: anything else is a problem+json 400.
    pub fn jira_number(&self, name: &str, default: i64) -> Result<i64, Reply> {
        let Some(text) = self.query(name) else { return Ok(default) };
        let detail = || format!("Failed to convert '{name}' with value: '{text}'");
        text.parse().map_err(|_| jira::problem(StatusCode::BAD_REQUEST, &detail(), self.path))
    }

    /// The JSON body, in Jira's way: 415 without a JSON content type, 400 for bad JSON or unknown properties (the type
    /// must deny unknown fields).
    pub fn jira_body<T: DeserializeOwned>(&self) -> Result<T, Reply> {
        if !self.has_json_body() {
            let sent = self.header("content-type").unwrap_or("application/octet-stream");
            let detail = format!("Content-Type '{sent}' is not supported.");
            return Err(jira::problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, &detail, self.path));
        }
        serde_json::from_slice(&self.body).map_err(|_| jira::bad_payload())
    }

    /// The JSON body, in Confluence v2's way.
    pub fn confluence_body<T: DeserializeOwned>(&self) -> Result<T, Reply> {
        let bad = |_| confluence::v2(StatusCode::BAD_REQUEST, "INVALID_MESSAGE", "Invalid message");
        serde_json::from_slice(&self.body).map_err(bad)
    }

    fn has_json_body(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// True at the gateway.
    pub fn at_gateway(&self) -> bool {
        self.caller.via == Via::Gateway
    }
}
