//! `/_sim/…`: what tests in other processes switch and read. Not part of Atlassian; never at an `*.atlassian.net` host.
//!
//! `GET oracle?account=ID` (see `crate::oracle`).
//! `GET counters` · `POST reset-counters` · `POST clock {"set":ms}|{"advance":ms}|{"run":null}` · `POST latency {"ms":n}` ·
//! `POST switches {"comment_replies_in_site_lists":bool,"empty_pages_with_next":bool,"search_lag_ms":n}`, any of them.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::oracle;
use crate::reply::Reply;
use crate::server::Simulation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum ClockChange {
    Set(i64),
    Advance(i64),
    Run(()),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Latency {
    ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchChange {
    comment_replies_in_site_lists: Option<bool>,
    empty_pages_with_next: Option<bool>,
    search_lag_ms: Option<i64>,
}

pub(crate) fn answer(simulation: &Simulation, method: &Method, path: &str, query: &str, body: &Bytes) -> Reply {
    match (method.as_str(), path) {
        ("GET", "/_sim/counters") => Reply::ok(&simulation.counters.snapshot()),
        ("GET", "/_sim/oracle") => oracle::wire::answer(&simulation.world(), query),
        ("POST", "/_sim/reset-counters") => {
            simulation.counters.reset();
            Reply::no_content()
        }
        ("POST", "/_sim/clock") => set_clock(simulation, body),
        ("POST", "/_sim/latency") => match serde_json::from_slice::<Latency>(body) {
            Ok(latency) => {
                simulation.set_latency(Duration::from_millis(latency.ms));
                Reply::no_content()
            }
            Err(error) => bad(&error, "{\"ms\":150}"),
        },
        ("POST", "/_sim/switches") => set_switches(simulation, body),
        _ => Reply::json(StatusCode::NOT_FOUND, &json!({"error": format!("no control {method} {path}")})),
    }
}

fn set_clock(simulation: &Simulation, body: &Bytes) -> Reply {
    match serde_json::from_slice(body) {
        Ok(ClockChange::Set(now)) => simulation.clock.set(now),
        Ok(ClockChange::Advance(by)) => simulation.clock.advance(by),
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
    Reply::no_content()
}

fn bad(error: &serde_json::Error, example: &str) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"error": format!("{error}; write it as {example}")}))
}
