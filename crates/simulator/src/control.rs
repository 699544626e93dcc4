//! `/_sim/…`: what tests in other processes switch and read. Not part of Atlassian; never at an `*.atlassian.net` host.
//!
//! `GET oracle?account=ID` (see `crate::oracle`).
//! `GET counters` · `POST reset-counters` · `POST clock {"set":ms}|{"advance":ms}|{"run":null}` · `POST latency {"ms":n}`.

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

fn bad(error: &serde_json::Error, example: &str) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"error": format!("{error}; write it as {example}")}))
}
