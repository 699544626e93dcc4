//! Plans repeat, rules fit what they name, and each fault does what it says, over real connections.

use std::time::Duration;

use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::*;

#[test]
fn rules_fit_whole_segments_from_the_start() {
    assert!(fits("", "/wiki/api/v2/pages"));
    assert!(fits("/wiki/api/v2/pages", "/wiki/api/v2/pages/7/versions"));
    assert!(fits("/wiki/*/v2", "/wiki/api/v2/pages"));
    assert!(!fits("/wiki/api/v2/page", "/wiki/api/v2/pages"));
    assert!(!fits("/wiki/api/v2/pages", "/wiki/api/v2"));
    assert_eq!(site_path("/ex/jira/1-2/rest/api/3/myself"), "/rest/api/3/myself");
    assert_eq!(site_path("/wiki/api/v2/pages"), "/wiki/api/v2/pages");
}

#[test]
fn a_seed_gives_the_same_plan_and_the_same_strikes() {
    let struck = |seed| {
        let faults = Faults::default();
        faults.set(Plan::drawn(seed));
        let all =
            (0..300).map(|nth| faults.strike(if nth % 2 == 0 { "/wiki/api/v2/pages" } else { "/rest/api/3/field" }));
        (faults.plan().to_string(), all.collect::<Vec<_>>())
    };
    assert_eq!(struck(4), struck(4));
    assert_ne!(struck(4), struck(5));
    println!("{}", Plan::drawn(4));
}

#[test]
fn every_fault_is_drawn_and_plans_can_be_written_down() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let plan = Plan::drawn(seed);
        seen.extend(plan.rules.iter().map(|rule| rule.fault.name()));
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
    assert_eq!(seen.len(), 13, "{seen:?}");
}

#[test]
fn a_burst_strikes_from_one_request_to_another() {
    let faults = Faults::default();
    let rule = Rule { route: "/rest".to_owned(), fault: Fault::Cut, when: When::Burst { after: 1, times: 2 } };
    faults.set(Plan { rules: vec![rule], ..Plan::default() });
    let struck: Vec<bool> = (0..5).map(|_| faults.strike("/rest/x").is_some()).collect();
    assert_eq!(struck, [false, true, true, false, false]);
    assert_eq!(faults.hits().get("cut"), Some(&2));
}

fn asked_with(fault: &Fault, uri: &str, body: &Value) -> (String, Value) {
    let request = Request::builder().method(Method::POST).uri(uri).body(()).unwrap();
    let mut parts = request.into_parts().0;
    let body = asked(fault, &mut parts, bytes::Bytes::from(body.to_string()));
    (parts.uri.to_string(), serde_json::from_slice(&body).unwrap())
}

#[test]
fn short_pages_and_expired_cursors_change_what_is_asked() {
    let body = json!({"jql": "project = A", "maxResults": 100, "nextPageToken": "abc"});
    let (uri, sent) = asked_with(&Fault::ShortPage, "/x?limit=250&cursor=a%3D", &body);
    assert_eq!(uri, "/x?limit=125&cursor=a%3D");
    assert_eq!(sent, json!({"jql": "project = A", "maxResults": 50, "nextPageToken": "abc"}));
    let (uri, sent) = asked_with(&Fault::ExpiredCursor, "/x?limit=250&cursor=a%3D", &body);
    assert_eq!(uri, "/x?limit=250&cursor=ZXhwaXJlZA");
    assert_eq!(sent["nextPageToken"], "ZXhwaXJlZA");
}

#[test]
fn lists_shift_and_repeat_and_nothing_else_does() {
    let reply = || crate::reply::Reply::ok(&json!({"results": [1, 2, 3]}));
    let sent = |reply: crate::reply::Reply| serde_json::from_slice::<Value>(&reply.body).unwrap();
    assert_eq!(sent(answered(&Fault::ShiftedPage, reply(), true)), json!({"results": [2, 3]}));
    assert_eq!(sent(answered(&Fault::ShiftedPage, reply(), false)), json!({"results": [1, 2, 3]}));
    assert_eq!(sent(answered(&Fault::RepeatedItem, reply(), false)), json!({"results": [1, 1, 2, 3]}));
    let single = crate::reply::Reply::ok(&json!({"id": 1}));
    assert_eq!(sent(answered(&Fault::RepeatedItem, single, false)), json!({"id": 1}));
}

#[test]
fn a_refusal_says_when_in_the_way_that_it_was_told_to() {
    let value = |reply: &crate::reply::Reply, name: &str| {
        let found = reply.headers.iter().find(|(known, _)| known.as_str() == name);
        found.map(|(_, value)| value.to_str().unwrap().to_owned())
    };
    let now = 1_800_000_000_000;
    let told = throttled(Reason::Burst("/wiki/api/v2/pages"), now, RetryAfter::Date(30), false);
    assert_eq!(value(&told, "retry-after").as_deref(), Some("Fri, 15 Jan 2027 08:00:30 GMT"));
    assert_eq!(value(&told, "ratelimit-reason").as_deref(), Some("confluence-burst-based"));
    let bare = throttled(Reason::Burst("/rest/api/3/field"), now, RetryAfter::Unsaid, true);
    assert_eq!((value(&bare, "retry-after"), value(&bare, "ratelimit-reason")), (None, None));
    let seconds = throttled(Reason::Burst("/rest/api/3/field"), now, RetryAfter::Seconds(3), false);
    assert_eq!(value(&seconds, header::RETRY_AFTER.as_str()).as_deref(), Some("3"));
}

/// A listing of one company, asked over a connection while one fault strikes every time.
async fn over_the_wire(fault: Fault) -> Result<(u16, String), reqwest::Error> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/tiny.toml");
    let world = crate::world_file::load(&path, crate::clock::Clock::system()).unwrap();
    let running = crate::Simulator::start(world, crate::Options::default()).await.unwrap();
    let rule = Rule { route: "/wiki".to_owned(), fault, when: When::Percent(100) };
    running.simulation.spoil(Plan { rules: vec![rule], ..Plan::default() });
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let address = format!("{}/wiki/api/v2/pages", running.base());
    let response = http.get(address).basic_auth("alice@tiny.example", Some("ATATT-alice")).send().await?;
    let (status, date) = (response.status().as_u16(), response.headers().contains_key(header::DATE));
    assert!(date, "an answer without a date");
    Ok((status, response.text().await?))
}

#[tokio::test]
async fn connections_break_where_the_fault_says() {
    let (status, whole) = over_the_wire(Fault::Slow(1)).await.unwrap();
    assert_eq!(status, 200);
    let (_, cut) = over_the_wire(Fault::Cut).await.unwrap();
    assert!(whole.len() / 2 == cut.len() && serde_json::from_str::<Value>(&cut).is_err());
    assert!(over_the_wire(Fault::Dropped).await.is_err());
    assert!(over_the_wire(Fault::BrokenOff).await.is_err());
    assert_eq!(over_the_wire(Fault::Spurious(404)).await.unwrap().0, 404);
    assert_eq!(over_the_wire(Fault::Broken(502)).await.unwrap().0, 502);
    let (status, page) = over_the_wire(Fault::Malformed).await.unwrap();
    assert!(status == 200 && page.starts_with("<html>"));
}
