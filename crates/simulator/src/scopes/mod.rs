//! Which scopes open which route: data, from the OpenAPI files' `x-atlassian-oauth2-scopes`.
//!
//! A row covers all templates that begin with its path (`*` stands for any parameter); the row with most segments wins,
//! then the one whose method is named, then the one with fewer stars. Any one complete column of a row suffices. A route
//! without a row cannot be called with a scoped token at all; a test finds such routes.

mod confluence;
mod jira;

use std::collections::BTreeSet;

use axum::http::Method;

use crate::route::{Product, Route};

/// One row: method (`GET`, `POST`, … or `WRITE` for all that are not GET, or `*`), path, and columns of scopes.
pub(crate) type Row = (&'static str, &'static str, &'static [&'static [&'static str]]);

const OPEN: &[&[&str]] = &[&[]];

const ADMIN: &[Row] = &[
    ("*", "/admin/v1/orgs", &[&["read:orgs:admin"]]),
    ("*", "/admin/v1/orgs/*/users", &[&["read:accounts:admin"]]),
    ("*", "/admin/v2/orgs/*/directories", &[&["read:directories:admin"]]),
    ("*", "/admin/v2/orgs/*/directories/*/users", &[&["read:accounts:admin"], &["read:directories:admin"]]),
    ("*", "/admin/v2/orgs/*/directories/*/groups", &[&["read:groups:admin"]]),
    // The user management API and the administration's page take the organization's key only.
    ("*", "/users", &[&["manage:org"]]),
    ("*", "/admin/o", &[&["manage:org"]]),
];

/// The columns that open a route; empty when no scope does.
pub fn of(route: &Route) -> &'static [&'static [&'static str]] {
    let table = match route.product {
        Product::Edge => return OPEN,
        Product::Jira => jira::TABLE,
        Product::Confluence => confluence::TABLE,
        Product::Admin => ADMIN,
    };
    let best = table.iter().filter_map(|row| Some((rank(row, route)?, row))).max_by_key(|(rank, _)| *rank);
    best.map_or(&[], |(_, row)| row.2)
}

/// Whether a token with `held` may call the route.
pub fn suffices(route: &Route, held: &BTreeSet<String>) -> bool {
    of(route).iter().any(|column| column.iter().all(|scope| held.contains(*scope)))
}

fn rank(row: &Row, route: &Route) -> Option<(usize, bool, usize)> {
    let named = match row.0 {
        "*" => false,
        "WRITE" if route.method != Method::GET => false,
        method if method == route.method.as_str() => true,
        _ => return None,
    };
    let wanted: Vec<&str> = row.1.trim_matches('/').split('/').collect();
    let have: Vec<&str> = route.template.trim_matches('/').split('/').collect();
    let same = |(wanted, have): (&&str, &&str)| *wanted == "*" && have.starts_with('{') || wanted == have;
    let fits = wanted.len() <= have.len() && wanted.iter().zip(&have).all(same);
    let literal = wanted.iter().filter(|segment| **segment != "*").count();
    fits.then_some((wanted.len(), named, literal))
}
