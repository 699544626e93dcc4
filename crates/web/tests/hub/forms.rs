//! Nothing changes without a form token of the same session (WEB-1).

use crate::stage::{ANA, BEN, PASSWORD, Stage};
use axum::http::{Method, StatusCode};
use serde_json::json;

const FORMS: &[(&str, &[(&str, &str)])] = &[
    ("/logout", &[]),
    ("/account/password", &[("current", PASSWORD), ("new", "another password"), ("repeated", "another password")]),
    ("/account/theme", &[("theme", "dark")]),
    ("/settings/connect", &[("domain", "acme.atlassian.net"), ("token", "token-that-works-3141592653")]),
    ("/settings/sources/1/scope", &[("newcomers", "read"), ("listed", "ENG"), ("chosen", "ENG")]),
    ("/settings/sources/1/sync", &[]),
    ("/settings/sources/1/cancel", &[]),
    ("/settings/sources/1/remove", &[]),
    ("/settings/sources/1/pause", &[]),
    ("/settings/sources/1/resume", &[]),
    ("/settings/sources/1/deletions", &[("verdict", "confirmed")]),
    ("/settings/sources/1/deletions/undo", &[("all", "yes")]),
    ("/settings/sources/2/webhook", &[("before", "")]),
    ("/settings/sources/2/webhook/secret", &[("password", PASSWORD)]),
    ("/settings/sources/2/webhook/remove", &[]),
    (
        "/settings/users/new",
        &[("name", "Zoe"), ("email", "zoe@example.com"), ("password", PASSWORD), ("role", "admin")],
    ),
    ("/settings/users/2/map", &[("source", "1"), ("account", "a-ben")]),
    ("/settings/users/2/unmap", &[("source", "1")]),
    ("/settings/sources/1/schedule", &[("incremental", "1 minute")]),
    ("/settings/sources/2/open-projects", &[("all", "yes")]),
    ("/settings/sources/1/compare", &[("pairs", "10")]),
    ("/settings/access/objections/1/settle", &[]),
    ("/why", &[("note", "not for me")]),
];

#[tokio::test]
async fn a_form_without_the_sessions_own_token_changes_nothing() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let foreign = stage.browser_of(BEN).await.get("/account").await.csrf();
    let visit = stage.visitor().get("/login").await.csrf();
    let (audit, cookies) = (stage.audit().len(), ana.cookies.clone());
    // Signing in has a token of its own, and a source that calls a webhook has no session.
    let posted = |line: &&str| line.contains("pattern::") && line.contains("post(");
    let routes = include_str!("../../src/router.rs").lines().filter(posted).count();
    assert_eq!(FORMS.len() + 2, routes, "every form is tried");
    for (path, fields) in FORMS {
        for csrf in ["", "00", foreign.as_str(), visit.as_str()] {
            let mut sent = fields.to_vec();
            sent.push(("csrf", csrf));
            let answer = ana.post(path, &sent).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.body.contains("This form has expired"), "{path}");
        }
        assert_eq!(ana.post(path, fields).await.status, StatusCode::FORBIDDEN, "{path} without any token");
    }
    assert_eq!(stage.operations.calls(), [] as [String; 0]);
    assert_eq!((stage.audit().len(), &ana.cookies), (audit, &cookies));
    assert_eq!(stage.store.accounts().unwrap().len(), 3);
    assert_eq!(ana.get("/account").await.status, StatusCode::OK, "and the session goes on");
}

#[tokio::test]
async fn the_right_token_does_not_help_another_site() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let csrf = ana.get("/account").await.csrf();
    ana.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = ana.post("/settings/sources/1/sync", &[("csrf", &csrf)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    ana.headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert_eq!(ana.post("/settings/sources/1/sync", &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.operations.calls(), ["sync 1 full"]);
}

#[tokio::test]
async fn signing_in_needs_the_token_of_the_visit() {
    let stage = Stage::open().await;
    let mut stranger = stage.visitor();
    let csrf = stage.visitor().get("/login").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("email", ANA), ("password", PASSWORD)];
    assert_eq!(stranger.post("/login", &fields).await.status, StatusCode::FORBIDDEN, "no visit of one's own");
    stranger.get("/login").await;
    assert_eq!(stranger.post("/login", &fields).await.status, StatusCode::FORBIDDEN, "the token of another visit");
    assert!(!stranger.cookies.contains_key("fossick-session"));
}

#[tokio::test]
async fn a_program_with_a_cookie_needs_the_token_as_a_header() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let user = json!({"email": "zoe@example.com", "name": "Zoe", "password": PASSWORD});
    let answer = ana.json(Method::POST, "/api/v1/users", &user).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("form-token")));
    for (method, path) in [(Method::DELETE, "/api/v1/sources/1"), (Method::POST, "/api/v1/sources/1/sync")] {
        assert_eq!(ana.send(method, path, "", String::new()).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!((stage.store.accounts().unwrap().len(), stage.operations.calls().len()), (3, 0));
    let csrf = ana.get("/api/v1/me").await.json()["csrf"].as_str().unwrap().to_owned();
    ana.headers.insert("x-csrf-token", csrf.parse().unwrap());
    assert_eq!(ana.json(Method::POST, "/api/v1/users", &user).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn json_from_a_form_is_refused() {
    let stage = Stage::open().await;
    let mut program = stage.visitor();
    let body = json!({"email": ANA, "password": PASSWORD}).to_string();
    let answer = program.send(Method::POST, "/api/v1/login", "text/plain", body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
