//! What is for administrators is closed to members, and not shown to them.

use crate::stage::{BEN, Stage};
use axum::http::{Method, StatusCode};
use serde_json::json;

const PAGES: &[&str] = &[
    "/settings/sources",
    "/settings/connect",
    "/settings/sources/1",
    "/settings/sources/1/scope",
    "/settings/sources/1/events",
    "/settings/sources/1/runs/1",
    "/settings/sources/1/owed",
    "/settings/sources/1/schedule",
    "/settings/sources/1/deletions",
    "/settings/sources/2/webhook",
    "/settings/sources/1/access",
    "/settings/sources/1/doctor",
    "/settings/users",
    "/settings/users/new",
    "/settings/users/1",
    "/settings/audit",
    "/settings/access",
    "/settings/access?person=ana%40example.com&document=1%3Apage%3A101",
    "/settings/access/exposure",
    "/settings/access/exposure.csv",
    "/settings/access/objections",
];

fn calls() -> Vec<(Method, &'static str)> {
    let get = [
        "/api/v1/sources",
        "/api/v1/sources/1",
        "/api/v1/sources/1/containers",
        "/api/v1/sources/1/progress",
        "/api/v1/sources/1/runs",
        "/api/v1/sources/1/problems",
        "/api/v1/sources/1/hidden",
        "/api/v1/sources/2/webhook",
        "/api/v1/users",
        "/api/v1/explain?person=ana@example.com&document=1:page:101",
        "/api/v1/explain/document?document=1:page:101",
        "/api/v1/explain/person?person=ana@example.com",
        "/api/v1/explain/exposure",
        "/api/v1/objections",
        "/api/v1/sources/1/doctor",
        "/api/v1/sources/1/audit",
        "/api/v1/users/ben@example.com/persons",
    ];
    let post = [
        "/api/v1/sources",
        "/api/v1/sources/check",
        "/api/v1/sources/1/check",
        "/api/v1/sources/1/sync",
        "/api/v1/sources/1/cancel",
        "/api/v1/sources/2/webhook",
        "/api/v1/sources/1/audit",
        "/api/v1/users",
        "/api/v1/objections/1/settle",
    ];
    let mut all: Vec<_> = get.into_iter().map(|path| (Method::GET, path)).collect();
    all.extend(post.into_iter().map(|path| (Method::POST, path)));
    all.extend([
        (Method::DELETE, "/api/v1/sources/1"),
        (Method::DELETE, "/api/v1/sources/2/webhook"),
        (Method::PUT, "/api/v1/sources/1/scope"),
        (Method::PUT, "/api/v1/sources/1/open-projects"),
        (Method::PUT, "/api/v1/users/ben@example.com/password"),
        (Method::PUT, "/api/v1/users/ben@example.com/persons/1"),
        (Method::DELETE, "/api/v1/users/ben@example.com/persons/1"),
    ]);
    all
}

#[tokio::test]
async fn a_member_is_refused_everything_of_administrators() {
    let stage = Stage::open().await;
    let mut browser = stage.browser_of(BEN).await;
    for path in PAGES {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains("This page is for administrators") && !answer.body.contains("acme"), "{path}");
    }
    for path in [
        "/settings/sources/1/sync",
        "/settings/sources/1/pause",
        "/settings/sources/1/deletions",
        "/settings/sources/1/remove",
        "/settings/users/new",
        "/settings/connect",
    ] {
        assert_eq!(browser.post_signed(path, &[("role", "admin")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut program = stage.program_of(BEN).await;
    for (method, path) in calls() {
        let body = json!({"email": "zoe@example.com", "name": "Zoe", "password": "twelve letters"});
        let answer = program.json(method, path, &body).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("forbidden")),
            "{path}"
        );
    }
    assert_eq!(stage.operations.calls(), [] as [String; 0]);
    assert_eq!(stage.store.accounts().unwrap().len(), 3);
}

#[tokio::test]
async fn a_member_sees_no_way_to_the_settings() {
    let stage = Stage::open().await;
    let mut browser = stage.browser_of(BEN).await;
    for path in ["/", "/search?q=gold", "/account", "/nonsense"] {
        assert!(!browser.get(path).await.body.contains("/settings"), "{path}");
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_signing_in() {
    let stage = Stage::open().await;
    for path in PAGES.iter().chain(&["/", "/search?q=gold", "/account"]) {
        let answer = stage.visitor().get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login"), "{path}");
    }
    for (method, path) in calls().into_iter().chain([(Method::GET, "/api/v1/me"), (Method::GET, "/api/v1/search?q=a")])
    {
        let answer = stage.visitor().json(method, path, &json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn who_may_not_administer_is_told_that_whatever_source_the_address_names() {
    let stage = Stage::open().await;
    let (mut browser, mut program) = (stage.browser_of(BEN).await, stage.program_of(BEN).await);
    for source in ["1", "99", "no-number"] {
        let page = browser.get(&format!("/settings/sources/{source}/schedule")).await;
        let form = browser.post_signed(&format!("/settings/sources/{source}/pause"), &[]).await;
        let call = program.json(Method::POST, &format!("/api/v1/sources/{source}/pause"), &json!(null)).await;
        for answer in [page, form, call] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{source}");
        }
    }
}
