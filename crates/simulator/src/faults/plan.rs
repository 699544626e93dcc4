//! A whole plan of trouble, drawn from a seed.

use std::fmt;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::limit::Limit;
use super::{Fault, RetryAfter, Rule, When};
use crate::clock::Millis;

/// Everything that goes wrong at a site.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// Decides which requests are struck.
    pub seed: u64,
    /// What happens to single requests; the first that strikes decides.
    pub rules: Vec<Rule>,
    /// How far the search indexes of both products are behind, in milliseconds.
    pub search_lag_ms: Millis,
    /// Listings have empty pages with a next one, and short pages of users.
    pub empty_pages: bool,
    /// So many requests a second.
    pub limit: Option<Limit>,
}

/// Routes that clients read; the last ones are whole products.
const ROUTES: [&str; 18] = [
    "/wiki/api/v2/pages",
    "/wiki/api/v2/blogposts",
    "/wiki/api/v2/footer-comments",
    "/wiki/api/v2/inline-comments",
    "/wiki/api/v2/attachments",
    "/wiki/api/v2/spaces",
    "/wiki/api/v2/folders",
    "/wiki/rest/api/content",
    "/wiki/rest/api/group",
    "/rest/api/3/search/jql",
    "/rest/api/3/issue/bulkfetch",
    "/rest/api/3/comment/list",
    "/rest/api/3/project",
    "/rest/api/3/permissionscheme",
    "/rest/api/3/issuesecurityschemes",
    "/rest/api/3/group",
    "/wiki",
    "/rest",
];

impl Plan {
    /// Some trouble: a handful of rules, maybe a lag, empty pages or a limit.
    pub fn drawn(seed: u64) -> Self {
        let mut draw = Rng::with_seed(seed);
        let rules = (0..draw.usize(3..9)).map(|_| rule(&mut draw)).collect();
        let seldom = |draw: &mut Rng, often: u32| draw.u32(..100) < often;
        let search_lag_ms = if seldom(&mut draw, 50) { draw.i64(500..6_000) } else { 0 };
        let empty_pages = seldom(&mut draw, 30);
        let limited = seldom(&mut draw, 30);
        let limit =
            limited.then(|| Limit { per_second: draw.u32(40..200), burst: draw.u32(20..100), told: draw.bool() });
        Self { seed, rules, search_lag_ms, empty_pages, limit }
    }
}

fn retry_after(draw: &mut Rng) -> RetryAfter {
    match draw.u32(..3) {
        0 => RetryAfter::Unsaid,
        1 => RetryAfter::Seconds(1),
        _ => RetryAfter::Date(1),
    }
}

fn rule(draw: &mut Rng) -> Rule {
    let mut route = ROUTES[draw.usize(..ROUTES.len())];
    let fault = match draw.u32(..14) {
        0 | 1 => Fault::Throttled { retry_after: retry_after(draw), bare: draw.bool() },
        2 => Fault::Unavailable { retry_after: retry_after(draw) },
        3 => Fault::Broken([500, 502, 504][draw.usize(..3)]),
        4 => Fault::Cut,
        5 => Fault::Malformed,
        6 => Fault::Dropped,
        7 => Fault::BrokenOff,
        8 => Fault::Slow(draw.u64(50..1_500)),
        9 => Fault::ShortPage,
        10 => Fault::ExpiredCursor,
        11 => Fault::ShiftedPage,
        12 => Fault::RepeatedItem,
        _ => {
            // Only the network in front of Confluence is known to do this.
            if !route.starts_with("/wiki") {
                route = "/wiki";
            }
            Fault::Spurious(if draw.bool() { 403 } else { 404 })
        }
    };
    let burst = draw.u32(..3) == 0 || matches!(fault, Fault::Spurious(_));
    let when = if burst {
        When::Burst { after: draw.u64(..60), times: draw.u64(1..12) }
    } else {
        When::Percent(draw.u32(1..20))
    };
    Rule { route: route.to_owned(), fault, when }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "faults of seed {}:", self.seed)?;
        for rule in &self.rules {
            writeln!(f, "  {rule}")?;
        }
        if self.search_lag_ms != 0 {
            writeln!(f, "  search indexes lag {} ms", self.search_lag_ms)?;
        }
        if self.empty_pages {
            writeln!(f, "  empty pages with a next one")?;
        }
        if let Some(limit) = self.limit {
            writeln!(f, "  at most {} requests a second, {} at once", limit.per_second, limit.burst)?;
        }
        Ok(())
    }
}
