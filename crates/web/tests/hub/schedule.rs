//! When a source is read, how far deletions go, what is owed: as programs of administrators see and change it.

use crate::double::NOT_OWED;
use crate::stage::{ANA, BEN, Stage};
use axum::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_run_of_each_kind_can_be_asked_for_and_others_are_refused_with_the_choice() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    for kind in ["full", "incremental", "permissions", "sweep", "retry"] {
        let path = format!("/api/v1/sources/1/sync?kind={kind}");
        let answer = ana.json(Method::POST, &path, &json!(null)).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::ACCEPTED, json!({"after": 7})));
    }
    let refused = ana.json(Method::POST, "/api/v1/sources/1/sync?kind=all", &json!(null)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("`permissions`"), "{}", refused.body);
    let expected = ["full", "incremental", "permissions", "sweep", "retry"].map(|kind| format!("sync 1 {kind}"));
    assert_eq!(stage.operations.calls(), expected);
}

#[tokio::test]
async fn a_source_is_paused_and_resumed_with_a_row_for_the_auditor() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    for action in ["pause", "resume"] {
        let path = format!("/api/v1/sources/1/{action}");
        assert_eq!(ana.json(Method::POST, &path, &json!(null)).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(stage.operations.calls(), ["pause 1", "resume 1"]);
    let actions: Vec<String> = stage.audit().iter().take(2).map(|row| row.1.clone()).collect();
    assert_eq!(actions, ["source.resumed", "source.paused"]);
    let mut ben = stage.program_of(BEN).await;
    let status = ben.json(Method::POST, "/api/v1/sources/1/pause", &json!(null)).await.status;
    assert!(status.is_client_error(), "{status}");
    assert_eq!(stage.operations.calls().len(), 2, "a member changes nothing");
}

#[tokio::test]
async fn settings_out_of_range_are_refused_with_an_example_and_change_nothing() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    for (path, body, told) in [
        ("cycles", json!({"sweep": 0}), "900 seconds"),
        ("cycles", json!({"full": 4_000_000_000_u32}), "604800 seconds"),
        ("permission-max-age", json!({"hours": 0}), "1 to 168 hours"),
        ("permission-max-age", json!({"hours": 169}), "1 to 168 hours"),
        ("deletions", json!({"percent": 101}), "0 to 100 percent"),
        ("deletions", json!({"kept_days": 31}), "0 to 30 days"),
    ] {
        let refused = ana.json(Method::PUT, &format!("/api/v1/sources/1/{path}"), &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(refused.body.contains(told), "{told}: {}", refused.body);
    }
    assert_eq!(stage.operations.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_left_out_of_settings_stays_as_it_is() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let cycles = ana.json(Method::PUT, "/api/v1/sources/1/cycles", &json!({"incremental": 120})).await.json();
    assert_eq!(cycles, json!({"full": 604_800, "incremental": 120, "permissions": 300, "sweep": 900}));
    let limits = ana.json(Method::PUT, "/api/v1/sources/1/deletions", &json!({"percent": 5})).await.json();
    assert_eq!(limits, json!({"percent": 5, "at_least": 20, "kept_days": 7}));
    let age = ana.json(Method::PUT, "/api/v1/sources/1/permission-max-age", &json!({"hours": 48})).await;
    assert_eq!(age.status, StatusCode::NO_CONTENT);
    assert_eq!(stage.operations.calls(), ["cycles 1 120000 ms", "deletion 1 5 %", "max age 1 172800000 ms"]);
}

#[tokio::test]
async fn a_source_tells_how_fresh_it_is_and_what_it_owes() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let source = ana.get("/api/v1/sources/1").await.json();
    assert_eq!(source["cycles"]["incremental"], 60);
    assert_eq!(source["permissions"]["max_age_hours"], 24);
    assert!(source["freshness"].is_array() && source["permissions"]["directory_stale_since"].is_null(), "{source}");
    // The world's run met a record that it could not read.
    assert_eq!(source["owed"], 1, "{source}");
    let owed = ana.get("/api/v1/sources/1/owed").await.json()["owed"].clone();
    assert_eq!((&owed[0]["stream"], &owed[0]["attempts"]), (&json!("pages"), &json!(1)), "{owed}");
    let one = format!("/api/v1/sources/1/sync?kind=retry&owed={}", owed[0]["id"]);
    let answer = ana.json(Method::POST, &one, &json!(null)).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::ACCEPTED, json!({"after": 7})));
    let unknown = format!("kind=retry&owed={NOT_OWED}");
    for (query, status) in [
        (unknown.as_str(), StatusCode::NOT_FOUND),
        ("kind=retry&owed=all", StatusCode::BAD_REQUEST),
        ("kind=full&owed=1", StatusCode::BAD_REQUEST),
    ] {
        let path = format!("/api/v1/sources/1/sync?{query}");
        assert_eq!(ana.json(Method::POST, &path, &json!(null)).await.status, status, "{query}");
    }
    assert_eq!(stage.operations.calls(), [format!("retry 1 {}", owed[0]["id"]), format!("retry 1 {NOT_OWED}")]);
    let deletions = ana.get("/api/v1/sources/1/deletions").await.json();
    assert!(deletions["stopped"].is_null() && deletions["tombstones"] == json!([]), "{deletions}");
    for word in ["confirm", "refuse", "undo"] {
        let path = format!("/api/v1/sources/1/deletions/{word}");
        assert_eq!(ana.json(Method::POST, &path, &json!({})).await.status, StatusCode::NO_CONTENT, "{word}");
    }
    let rows = stage.audit();
    let actions: Vec<&str> = rows.iter().take(3).map(|row| row.1.as_str()).collect();
    assert_eq!(actions, ["deletion.undone", "deletion.refused", "deletion.confirmed"]);
}

/// The form as the page shows it, with these fields typed anew.
fn form<'a>(typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = [
        ("incremental", "1 minute"),
        ("permissions", "5 minutes"),
        ("sweep", "15 minutes"),
        ("full", "7 days"),
        ("hourly_budget", ""),
        ("max_age", "24"),
        ("percent", "10"),
        ("at_least", "20"),
        ("kept_days", "7"),
    ];
    let anew = |name: &str| typed.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    shown.map(|(name, value)| (name, anew(name).unwrap_or(value))).into()
}

const PAGE: &str = "/settings/sources/1/schedule";

#[tokio::test]
async fn cycles_and_limits_have_a_page_that_shows_what_holds_and_saves_what_is_new() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    assert!(ana.get("/settings/sources/1").await.body.contains(&format!("href=\"{PAGE}\"")), "a way to the page");
    let page = ana.get(PAGE).await.body;
    for (name, value) in form(&[]) {
        assert!(page.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}: {page}");
    }
    let same = ana.post_signed(PAGE, &form(&[])).await;
    assert_eq!((same.status, same.header("location")), (StatusCode::SEE_OTHER, "/settings/sources/1"));
    assert_eq!(stage.operations.calls(), Vec::<String>::new(), "what is as before is not saved again");
    let typed = [("incremental", "2 min"), ("hourly_budget", "5000"), ("max_age", "48"), ("percent", "5")];
    assert_eq!(ana.post_signed(PAGE, &form(&typed)).await.status, StatusCode::SEE_OTHER);
    let asked = ["cycles 1 120000 ms", "max age 1 172800000 ms", "deletion 1 5 %", "hourly budget 1 Some(5000)"];
    assert_eq!(stage.operations.calls(), asked);
    assert!(ana.get("/settings/sources/1").await.body.contains("The cycles and limits are saved."));
    let actions: Vec<String> = stage.audit().into_iter().take(4).map(|(_, action, _)| action).collect();
    let saved = ["source.budget-changed", "deletion.limited", "source.max-age-changed", "source.cycles-changed"];
    assert_eq!(actions, saved);
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_sent_back_as_it_was_typed_and_saves_nothing() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    for (name, value, told) in [
        ("incremental", "often", "15 minutes"),
        ("incremental", "0 seconds", "60 seconds"),
        ("full", "91 days", "604800 seconds"),
        ("hourly_budget", "99", "at least 100 calls an hour"),
        ("hourly_budget", "<b>many</b>", "whole number"),
        ("max_age", "169", "1 to 168 hours"),
        ("max_age", "99999999999", "whole number"),
        ("percent", "101", "0 to 100 percent"),
        ("at_least", "-1", "whole number"),
        ("kept_days", "31", "0 to 30 days"),
    ] {
        // Something that makes sense beside it is not saved either.
        let beside = if name == "sweep" { "full" } else { "sweep" };
        let refused = ana.post_signed(PAGE, &form(&[(name, value), (beside, "1 hour")])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
        assert!(refused.body.contains(told) && refused.body.contains("value=\"1 hour\""), "{name}: {}", refused.body);
        assert!(!refused.body.contains("<b>"), "what was typed is escaped");
    }
    assert_eq!(stage.operations.calls(), Vec::<String>::new());
    let mut ben = stage.browser_of(BEN).await;
    assert_eq!(ben.post_signed(PAGE, &form(&[("percent", "100")])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ana.get("/settings/sources/99/schedule").await.status, StatusCode::NOT_FOUND);
    assert_eq!(stage.operations.calls(), Vec::<String>::new(), "a member changes nothing");
}
