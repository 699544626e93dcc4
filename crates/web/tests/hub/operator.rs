//! The operator's router: the same operations without signing in, under a name of its own, and nothing to search with.

use crate::stage::{ANA, PASSWORD, Stage};
use axum::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn the_operator_administers_and_is_named_in_the_log() {
    let stage = Stage::open().await;
    let mut operator = stage.operator();
    assert_eq!(operator.get("/api/v1/sources").await.json()["sources"].as_array().unwrap().len(), 2);
    assert_eq!(
        operator.send(Method::POST, "/api/v1/sources/1/sync", "", String::new()).await.status,
        StatusCode::ACCEPTED
    );
    let user = json!({"email": "zoe@example.com", "name": "Zoe", "password": PASSWORD, "role": "admin"});
    assert_eq!(operator.json(Method::POST, "/api/v1/users", &user).await.status, StatusCode::CREATED);
    let rows = stage.audit();
    let expected = |action: &str, target: &str| ("operator".to_owned(), action.to_owned(), target.to_owned());
    assert_eq!(rows[0], expected("account.added", "zoe@example.com (admin) from this machine"));
    assert_eq!(rows[1], expected("sync.started", "acme.atlassian.net/confluence: full from this machine"));
}

#[tokio::test]
async fn the_operator_has_nobodys_eyes() {
    let stage = Stage::open().await;
    for path in ["/api/v1/search?q=gold", "/api/v1/me", "/search?q=gold", "/", "/settings/sources"] {
        let answer = stage.operator().get(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::NOT_FOUND, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn nobody_else_can_be_the_operator() {
    let stage = Stage::open().await;
    let mut visitor = stage.visitor();
    for header in ["operator", "x-operator", "x-forwarded-user"] {
        visitor.headers.insert(header, ANA.parse().unwrap());
    }
    assert_eq!(visitor.get("/api/v1/sources").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_the_operator_may_have_a_file_written_on_the_machine() {
    let stage = Stage::open().await;
    let wanted = json!({"to": "/backups/today.tar"});
    let mut admin = stage.program_of(ANA).await;
    assert_eq!(admin.json(Method::POST, "/api/v1/backup", &wanted).await.status, StatusCode::NOT_FOUND);
    let mut operator = stage.operator();
    assert_eq!(operator.json(Method::POST, "/api/v1/backup", &wanted).await.status, StatusCode::ACCEPTED);
    let relative = json!({"to": "today.tar"});
    let refused = operator.json(Method::POST, "/api/v1/backup", &relative).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let state = operator.get("/api/v1/backup").await.json();
    assert_eq!((state["state"].as_str(), state["total"].as_u64()), (Some("running"), Some(2)));
    assert_eq!(stage.operations.calls().len(), 1);
    assert_eq!(stage.audit()[0].1, "backup.started");
}
