//! Which scopes open which route: data, from the OpenAPI files' `x-atlassian-oauth2-scopes`.
//!
//! `scopes/*.txt` hold one line per route: method, path, then the sets of scopes of which any one suffices (`-` for the
//! empty set). A route without a line cannot be called with a scoped token at all; a test names these.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use axum::http::Method;

use crate::route::{Product, Route};

/// The sets of scopes of which any complete one opens a route.
pub type Columns = Vec<Vec<&'static str>>;

const FILES: [&str; 3] =
    [include_str!("scopes/jira.txt"), include_str!("scopes/confluence.txt"), include_str!("scopes/admin.txt")];

/// By method and path.
static TABLE: LazyLock<HashMap<(Method, &'static str), Columns>> = LazyLock::new(|| {
    let lines = FILES.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<((Method, &'static str), Columns)> {
    let (method, rest) = line.split_once(' ')?;
    let (path, columns) = rest.split_once(' ')?;
    let column = |text: &'static str| text.split_whitespace().filter(|scope| *scope != "-").collect();
    Some(((method.parse().ok()?, path), columns.split('|').map(column).collect()))
}

/// Method and path of every line.
pub fn lines() -> impl Iterator<Item = &'static (Method, &'static str)> {
    TABLE.keys()
}

/// The columns that open a route; empty when no scope does.
pub fn of(route: &Route) -> &'static [Vec<&'static str>] {
    TABLE.get(&(route.method.clone(), route.template)).map_or(&[], Vec::as_slice)
}

/// Whether a token with `held` may call the route.
pub fn suffices(route: &Route, held: &BTreeSet<String>) -> bool {
    route.product == Product::Edge || of(route).iter().any(|column| column.iter().all(|scope| held.contains(*scope)))
}
