//! One call as an adapter describes it, before it has a host or a credential.

use super::{Endpoint, Family};
use serde::Serialize;
use serde_json::Value;
use url::Url;

/// A call of one endpoint with its arguments.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) endpoint: Endpoint,
    arguments: Vec<String>,
    query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    confirm: bool,
    probe: bool,
    goes_on: bool,
}

impl Call {
    /// Calls an endpoint whose template takes no argument.
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            arguments: Vec::new(),
            query: Vec::new(),
            body: None,
            confirm: false,
            probe: false,
            goes_on: false,
        }
    }

    /// Calls an endpoint with the arguments of its template, in order. They are escaped here.
    pub fn to<A: ToString>(endpoint: Endpoint, arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments = arguments.into_iter().map(|argument| argument.to_string()).collect();
        Self { arguments, ..Self::new(endpoint) }
    }

    /// Adds a query parameter. Names may repeat.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and literals read better without a reference")]
    pub fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Adds a query parameter if there is a value.
    #[must_use]
    pub fn query_opt(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sends a JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_value(body).ok();
        self
    }

    /// Asks twice again before a 403 or 404 is believed, for calls whose refusal hides or ends something.
    #[must_use]
    pub fn confirmed(mut self) -> Self {
        self.confirm = true;
        self
    }

    /// Finds out what is wrong with another form of the same call, which was tried often enough: an answer that cannot be
    /// understood is believed at once.
    #[must_use]
    pub(crate) fn probing(self) -> Self {
        Self { probe: true, ..self }
    }

    /// Whether a single answer that cannot be understood is believed.
    pub(crate) fn is_probe(&self) -> bool {
        self.probe
    }

    /// Goes on with a stream behind the cursor that an earlier batch was given, if it was given one.
    ///
    /// Between two batches a hub may have been switched off for days, so a refusal may speak of the cursor alone. A loop
    /// that began at its first page a moment ago asks with a plain [`query_opt`](Self::query_opt): there a refusal is of
    /// what is asked for.
    #[must_use]
    pub(crate) fn behind(self, cursor: Option<impl ToString>) -> Self {
        Self { goes_on: cursor.is_some(), ..self }.query_opt("cursor", cursor)
    }

    /// Whether it goes on behind a cursor that was kept.
    pub(crate) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// How often a 403 or 404 must come before it is believed. Confluence gives spurious ones under load (sheet 1.4).
    pub(crate) fn looks(&self) -> u32 {
        match (self.confirm, self.endpoint.family()) {
            (true, _) => 3,
            (false, Family::Confluence) => 2,
            (false, Family::Jira | Family::Organization) => 1,
        }
    }

    /// The endpoint called.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The address; `None` when an argument is missing, empty or dots, which would change the path.
    pub(crate) fn url(&self, base: &Url, cloud_id: &str) -> Option<Url> {
        let mut arguments = self.arguments.iter();
        let mut path = self.endpoint.prefix(cloud_id);
        for segment in self.endpoint.template().trim_start_matches('/').split('/') {
            path.push(if segment == "{}" { arguments.next()?.clone() } else { segment.to_owned() });
        }
        let odd = |segment: &String| matches!(segment.as_str(), "" | "." | "..");
        if arguments.next().is_some() || path.iter().any(odd) {
            return None;
        }
        let mut url = base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://api.atlassian.com").unwrap()
    }

    #[test]
    fn arguments_and_values_are_escaped() {
        let call =
            Call::to(Endpoint::ConfluenceSpacePermissions, ["a/../b?c"]).query("cursor", "e=+&x").query("limit", 5);
        assert_eq!(
            call.url(&base(), "cid").unwrap().as_str(),
            "https://api.atlassian.com/ex/confluence/cid/wiki/api/v2/spaces/a%2F..%2Fb%3Fc/permissions?cursor=e%3D%2B%26x&limit=5"
        );
    }

    #[test]
    fn a_call_that_would_leave_its_template_has_no_address() {
        let template = Endpoint::ConfluenceSpacePermissions;
        for arguments in [vec![], vec![""], vec![".."], vec!["1", "2"]] {
            assert!(Call::to(template, arguments.clone()).url(&base(), "cid").is_none(), "{arguments:?}");
        }
        assert!(Call::new(Endpoint::JiraMyself).url(&base(), "..").is_none());
    }

    #[test]
    fn a_base_with_a_path_keeps_it() {
        let base = Url::parse("http://127.0.0.1:8080/gateway/").unwrap();
        let url = Call::new(Endpoint::OrgList).url(&base, "cid").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:8080/gateway/admin/v1/orgs");
    }
}
