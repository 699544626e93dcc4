//! `/_sim/…`: what tests in other processes switch and read. Not part of Atlassian; never at an `*.atlassian.net` host.
//!
//! `GET oracle?account=ID` · `GET oracle` (see `crate::oracle`) · `POST play {"seed":n,"steps":n,"only":["moves",…]}` (see `crate::play`).
//! `GET faults` · `POST faults {"seed":n,"rules":[…],…}` (see `crate::faults::Plan`; `{}` heals) or `{"drawn":seed}` ·
//! `POST limit {"per_second":n,"burst":n,"told":bool}` or `null`.
//! `GET webhooks` · `POST webhooks {"twice_every":n,"late_every":n,"late_ms":n,"retry_ms":n}` (see `crate::webhook::Quirks`) ·
//! `GET counters` · `POST reset-counters` · `POST clock {"set":ms}|{"advance":ms}|{"run":null}|{"skew":ms}` · `POST latency {"ms":n}` ·
//! `POST switches {"comment_replies_in_site_lists":bool,"empty_pages_with_next":bool,"search_lag_ms":n,"issue_write_limit":bool}`,
//! any of them.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::faults::{Limit, Plan};
use crate::oracle;
use crate::play::{Family, Player, Step};
use crate::reply::Reply;
use crate::server::Simulation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum ClockChange {
    Set(i64),
    Advance(i64),
    Run(()),
    Skew(i64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    seed: u64,
    #[serde(default = "one")]
    steps: usize,
    only: Option<Vec<Family>>,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Latency {
    ms: u64,
}

/// A token or key that is taken back. A journal does not keep it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchChange {
    comment_replies_in_site_lists: Option<bool>,
    empty_pages_with_next: Option<bool>,
    search_lag_ms: Option<i64>,
    issue_write_limit: Option<bool>,
}

pub(crate) fn answer(simulation: &Simulation, method: &Method, path: &str, query: &str, body: &Bytes) -> Reply {
    match (method.as_str(), path) {
        ("GET", "/_sim/counters") => Reply::ok(&simulation.counters.snapshot()),
        ("GET", "/_sim/oracle") => {
            let answer = || oracle::wire::answer(&simulation.world(), query);
            simulation.journal.as_ref().map_or_else(answer, |journal| journal.read(answer))
        }
        ("POST", "/_sim/reset-counters") => {
            simulation.counters.reset();
            Reply::no_content()
        }
        ("POST", "/_sim/play") => match serde_json::from_slice(body) {
            Ok(asked) => play(simulation, &asked),
            Err(error) => bad(&error, "{\"seed\":7,\"steps\":3,\"only\":[\"moves\"]}"),
        },
        ("GET", "/_sim/faults") => Reply::ok(&json!({
            "plan": simulation.faults.plan(), "hits": simulation.faults.hits(),
            "limit": simulation.faults.limiter.counts(),
        })),
        ("POST", "/_sim/faults") => spoil(simulation, body),
        ("POST", "/_sim/limit") => match serde_json::from_slice::<Option<Limit>>(body) {
            Ok(limit) => {
                simulation.faults.limiter.set(limit);
                Reply::no_content()
            }
            Err(error) => bad(&error, "{\"per_second\":20,\"burst\":20,\"told\":true}"),
        },
        ("GET", "/_sim/webhooks") => Reply::ok(&simulation.webhooks.counts()),
        ("POST", "/_sim/webhooks") => match serde_json::from_slice(body) {
            Ok(quirks) => {
                simulation.webhooks.set(quirks);
                Reply::no_content()
            }
            Err(error) => bad(&error, "{\"twice_every\":3,\"late_every\":5,\"late_ms\":500}"),
        },
        ("POST", "/_sim/clock") => set_clock(simulation, body),
        ("POST", "/_sim/latency") => match serde_json::from_slice::<Latency>(body) {
            Ok(latency) => {
                simulation.set_latency(Duration::from_millis(latency.ms));
                Reply::no_content()
            }
            Err(error) => bad(&error, "{\"ms\":150}"),
        },
        ("POST", "/_sim/switches") => set_switches(simulation, body),
        ("POST", "/_sim/revoke") => match serde_json::from_slice::<Revoked>(body) {
            Ok(Revoked { token }) if simulation.world_mut().credentials.revoke(&token) => Reply::no_content(),
            Ok(_) => Reply::json(StatusCode::NOT_FOUND, &json!({"error": "this world has no such token"})),
            Err(error) => bad(&error, "{\"token\":\"ATSTT-tiny\"}"),
        },
        _ => Reply::json(StatusCode::NOT_FOUND, &json!({"error": format!("no control {method} {path}")})),
    }
}

/// The steps that were made, fewer where the company could do no more.
fn play(simulation: &Simulation, asked: &Play) -> Reply {
    let mut player = Player::new(asked.seed);
    if let Some(only) = &asked.only {
        player = player.only(only);
    }
    let steps: Vec<Step> = std::iter::from_fn(|| player.step(simulation)).take(asked.steps).collect();
    Reply::ok(&steps)
}

/// A plan as it is sent, or drawn from a seed; the plan is the answer.
fn spoil(simulation: &Simulation, body: &Bytes) -> Reply {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Drawn {
        drawn: u64,
    }
    let drawn = serde_json::from_slice(body).map(|Drawn { drawn }| Plan::drawn(drawn));
    match drawn.or_else(|_| serde_json::from_slice::<Plan>(body)) {
        Ok(plan) => {
            simulation.spoil(plan.clone());
            Reply::ok(&plan)
        }
        Err(error) => bad(&error, "{\"rules\":[{\"route\":\"/wiki\",\"fault\":\"cut\",\"when\":{\"percent\":5}}]}"),
    }
}

fn set_clock(simulation: &Simulation, body: &Bytes) -> Reply {
    match serde_json::from_slice(body) {
        Ok(ClockChange::Set(now)) => simulation.clock.set(now),
        Ok(ClockChange::Advance(by)) => simulation.clock.advance(by),
        Ok(ClockChange::Skew(ahead)) => simulation.clock.skew(ahead),
        Ok(ClockChange::Run(())) => simulation.clock.run(),
        Err(error) => return bad(&error, "{\"advance\":60000}"),
    }
    Reply::ok(&json!({"now": simulation.clock.now()}))
}

fn set_switches(simulation: &Simulation, body: &Bytes) -> Reply {
    let change: SwitchChange = match serde_json::from_slice(body) {
        Ok(change) => change,
        Err(error) => return bad(&error, "{\"empty_pages_with_next\":true}"),
    };
    let switches = &simulation.switches;
    if let Some(on) = change.comment_replies_in_site_lists {
        switches.set_replies_in_site_lists(on);
    }
    if let Some(on) = change.empty_pages_with_next {
        switches.set_empty_pages(on);
    }
    if let Some(lag) = change.search_lag_ms {
        switches.set_search_lag(lag);
    }
    if let Some(on) = change.issue_write_limit {
        switches.set_issue_write_limit(on);
    }
    Reply::no_content()
}

fn bad(error: &serde_json::Error, example: &str) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"error": format!("{error}; write it as {example}")}))
}
