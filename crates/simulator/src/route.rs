//! The table of routes: what exists, who may call it without signing in, and how a path finds its row.
//!
//! Rows are data, so that tests walk over all of them. Matching is by number of segments and then by literal text; a
//! literal row wins over one with a parameter.

use std::collections::HashMap;

use axum::http::Method;

use crate::call::Call;
use crate::reply::Answer;

/// Whose API a route belongs to; it decides error bodies, headers and scopes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Product {
    /// `/_edge/…`: no credentials at all.
    Edge,
    /// `/rest/…`.
    Jira,
    /// `/wiki/…`.
    Confluence,
    /// `/admin/…`, with the organization's key.
    Admin,
}

/// Whether a caller at the site must be signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Login {
    /// The route demands an account.
    Required,
    /// Nobody in particular may call; lists are trimmed to what the public may see.
    Optional,
}

/// Runs with the world's lock not held; takes it through [`Call::world`] or [`Call::world_mut`].
pub type Handler = fn(&Call<'_>) -> Answer;

/// One row.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whose.
    pub product: Product,
    /// Method.
    pub method: Method,
    /// Path at the site, parameters in braces: `/rest/api/3/project/{projectIdOrKey}`.
    pub template: &'static str,
    /// Signed in or not.
    pub login: Login,
    /// The code.
    pub run: Handler,
}

impl Route {
    /// A Jira route that demands an account.
    pub fn jira(method: Method, template: &'static str, run: Handler) -> Self {
        Self { product: Product::Jira, method, template, login: Login::Required, run }
    }

    /// A Confluence route (the product itself decides whether the public may use it).
    pub fn confluence(method: Method, template: &'static str, run: Handler) -> Self {
        Self { product: Product::Confluence, method, template, login: Login::Optional, run }
    }

    /// A route of the organization API.
    pub fn admin(method: Method, template: &'static str, run: Handler) -> Self {
        Self { product: Product::Admin, method, template, login: Login::Required, run }
    }

    /// Opens the route to callers who are not signed in.
    #[must_use]
    pub fn anonymous(self) -> Self {
        Self { login: Login::Optional, ..self }
    }
}

/// What a path leads to.
#[derive(Debug)]
pub enum Found<'t> {
    /// A row, with its parameters in the order of the template, percent-decoded.
    Route(&'t Route, Vec<(&'static str, String)>),
    /// The path exists, with these methods.
    OtherMethods(Vec<&'t Method>),
    /// Nothing.
    Nothing,
}

/// All routes.
#[derive(Debug, Default)]
pub struct Routes {
    rows: Vec<Route>,
    by_length: HashMap<usize, Vec<usize>>,
}

impl Routes {
    /// Builds the table; literal rows go before those with parameters.
    pub fn new(mut rows: Vec<Route>) -> Self {
        rows.sort_by_cached_key(|route| {
            let shape: Vec<bool> = segments(route.template).map(is_parameter).collect();
            (shape, route.template)
        });
        let mut by_length: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            by_length.entry(segments(row.template).count()).or_default().push(index);
        }
        Self { rows, by_length }
    }

    /// Every row.
    pub fn rows(&self) -> &[Route] {
        &self.rows
    }

    /// Finds the row of a method and path (as sent, without query).
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let parts: Vec<&str> = segments(path).collect();
        let mut methods = Vec::new();
        for index in self.by_length.get(&parts.len()).into_iter().flatten() {
            let row = &self.rows[*index];
            if !fits(row.template, &parts) {
                continue;
            }
            if row.method == *method {
                return Found::Route(row, parameters(row.template, &parts));
            }
            methods.push(&row.method);
        }
        if methods.is_empty() { Found::Nothing } else { Found::OtherMethods(methods) }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_matches('/').split('/')
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn fits(template: &str, parts: &[&str]) -> bool {
    segments(template).zip(parts).all(|(wanted, part)| is_parameter(wanted) && !part.is_empty() || wanted == *part)
}

fn parameters(template: &'static str, parts: &[&str]) -> Vec<(&'static str, String)> {
    let pairs = template.trim_matches('/').split('/').zip(parts).filter(|(wanted, _)| is_parameter(wanted));
    pairs.map(|(wanted, part)| (wanted.trim_matches(['{', '}']), percent_decoded(part))).collect()
}

/// Reads `%41` as `A`; bytes that are no UTF-8 become replacement characters.
fn percent_decoded(part: &str) -> String {
    if !part.contains('%') {
        return part.to_owned();
    }
    let plus_kept = part.replace('+', "%2B");
    url::form_urlencoded::parse(plus_kept.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}
