//! Faults: what goes wrong with an answer, on which routes, how often. Repeatable from a seed, and printable.
//!
//! A [`Plan`] is a list of rules. Each request of a client is compared with the rules in order, and the first one that fits
//! and strikes decides. A rule strikes by the seed and by how many requests it has fitted before, so the same requests in
//! the same order meet the same faults. Requests from inside ([`crate::inside`]) and the test controls meet none.
//!
//! A fault either stands in for the answer (429, 503, a page of the network in front), changes what is asked (a shorter page,
//! a cursor that has expired), or spoils the true answer (cut, shifted, broken off). What was spoilt was still done: the
//! double trims, counts and stamps as ever.
//!
//! Beside the rules a plan sets how far the search indexes lag, whether listings have empty pages with a next one, and how
//! many requests a second are answered at all ([`limit`]). A clock that goes wrong is no part of a plan: it would jump with
//! each plan, which no site's clock does (see [`crate::clock::Clock::skew`]).

mod answer;
mod issue_writes;
pub mod limit;
mod plan;
mod spoil;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

pub(crate) use self::answer::{Reason, instead, throttled};
pub(crate) use self::issue_writes::IssueWrites;
pub use self::limit::{Limit, Limiter};
pub use self::plan::Plan;
pub(crate) use self::spoil::{answered, asked, goes_on};
use crate::clock::Millis;

/// When a client may ask again, and how it is told.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// Not at all, as gateways do.
    #[default]
    Unsaid,
    /// In so many seconds.
    Seconds(u32),
    /// As a date, so many seconds from now by the site's clock.
    Date(u32),
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429; `bare` without the headers that name limit and reason.
    Throttled {
        /// When to ask again.
        retry_after: RetryAfter,
        /// Without `X-RateLimit-…` and `RateLimit-Reason`.
        bare: bool,
    },
    /// 503.
    Unavailable {
        /// When to ask again.
        retry_after: RetryAfter,
    },
    /// Another status of the server, 500, 502 or 504, with a page of HTML.
    Broken(u16),
    /// A 403 or 404 that is not true: the network in front of the site gives it under load.
    Spurious(u16),
    /// The true answer, cut in the middle of its JSON, with a correct length.
    Cut,
    /// 200 with a page of HTML instead of JSON.
    Malformed,
    /// The connection closes before the answer.
    Dropped,
    /// The connection closes in the middle of the body.
    BrokenOff,
    /// The true answer, so many milliseconds later.
    Slow(u64),
    /// A page with at most half of what was asked for; the next one goes on behind it.
    ShortPage,
    /// The cursor or token of the request has expired: the product's own 400.
    ExpiredCursor,
    /// A listing moved while it was paged through: a later page lacks its first item.
    ShiftedPage,
    /// The other way: a page begins with an item twice.
    RepeatedItem,
}

impl Fault {
    /// The word under which hits are counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Unavailable { .. } => "unavailable",
            Self::Broken(_) => "broken",
            Self::Spurious(_) => "spurious",
            Self::Cut => "cut",
            Self::Malformed => "malformed",
            Self::Dropped => "dropped",
            Self::BrokenOff => "broken_off",
            Self::Slow(_) => "slow",
            Self::ShortPage => "short_page",
            Self::ExpiredCursor => "expired_cursor",
            Self::ShiftedPage => "shifted_page",
            Self::RepeatedItem => "repeated_item",
        }
    }
}

/// How often a rule strikes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// So many of a hundred requests that fit, chosen by the seed.
    Percent(u32),
    /// The requests that fit from number `after` on (from 0), so many of them.
    Burst {
        /// So many pass first.
        after: u64,
        /// So many are struck then.
        times: u64,
    },
}

/// One kind of trouble on some routes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Start of the path at the site, in whole segments; `*` is any segment, an empty text every path.
    pub route: String,
    /// What.
    pub fault: Fault,
    /// How often.
    pub when: When,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let route = if self.route.is_empty() { "every route" } else { &self.route };
        match self.when {
            When::Percent(percent) => write!(f, "{percent} % of {route}: {:?}", self.fault),
            When::Burst { after, times } => write!(f, "{times} of {route} after {after}: {:?}", self.fault),
        }
    }
}

/// The part of an address that is the path at the site: without the gateway's prefix.
pub(crate) fn site_path(path: &str) -> &str {
    let Some(inner) = path.strip_prefix("/ex/") else { return path };
    inner.match_indices('/').nth(1).map_or(path, |(at, _)| &inner[at..])
}

fn fits(route: &str, path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    let wanted = route.trim_matches('/').split('/').filter(|segment| !segment.is_empty());
    wanted.into_iter().all(|segment| parts.next().is_some_and(|part| segment == "*" || segment == part))
}

/// A number below 100 that depends on these three alone.
fn chance(seed: u64, rule: usize, nth: u64) -> u32 {
    fastrand::Rng::with_seed(seed ^ (rule as u64) << 48 ^ nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)).u32(..100)
}

#[derive(Debug, Default)]
struct State {
    plan: Plan,
    /// Requests that each rule has fitted.
    fitted: Vec<u64>,
    hits: BTreeMap<&'static str, u64>,
}

/// The plan in force, and what it has done so far.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
    /// So many requests a second.
    pub limiter: Limiter,
    /// So many writes to one issue.
    pub(crate) issue_writes: IssueWrites,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Strikes by these rules from now on; counts go on.
    pub(crate) fn set(&self, plan: Plan) {
        let mut state = self.state();
        state.fitted = vec![0; plan.rules.len()];
        self.limiter.set(plan.limit);
        state.plan = plan;
    }

    /// The plan in force.
    pub fn plan(&self) -> Plan {
        self.state().plan.clone()
    }

    /// How often each fault has struck.
    pub fn hits(&self) -> BTreeMap<&'static str, u64> {
        self.state().hits.clone()
    }

    /// The fault of the next request to that path at the site.
    pub(crate) fn strike(&self, path: &str) -> Option<Fault> {
        let mut state = self.state();
        let State { plan, fitted, hits } = &mut *state;
        for (index, (rule, fitted)) in plan.rules.iter().zip(fitted).enumerate() {
            if !fits(&rule.route, path) {
                continue;
            }
            let nth = *fitted;
            *fitted += 1;
            let strikes = match rule.when {
                When::Percent(percent) => chance(plan.seed, index, nth) < percent,
                When::Burst { after, times } => (after..after.saturating_add(times)).contains(&nth),
            };
            if strikes {
                *hits.entry(rule.fault.name()).or_default() += 1;
                return Some(rule.fault.clone());
            }
        }
        None
    }
}

/// An HTTP date.
pub(crate) fn http_date(at: Millis) -> String {
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
