//! As whom accounts search: told with its reason, mapped by administrators, written to the log.

use crate::stage::{ANA, BEN, Stage};
use axum::http::{Method, StatusCode};
use serde_json::json;

/// The number of an account.
fn number(stage: &Stage, email: &str) -> i64 {
    stage.store.account_by_email(email).unwrap().unwrap().id.0
}

#[tokio::test]
async fn an_account_is_mapped_by_id_and_searches_as_that_user_at_once() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let before = ana.get(&format!("/api/v1/users/{BEN}/persons")).await.json();
    assert_eq!((&before["persons"][0]["user"], &before["persons"][0]["mapped"]), (&json!("a-ben"), &json!(false)));
    let mapped = ana.json(Method::PUT, &format!("/api/v1/users/{BEN}/persons/1"), &json!({"user": "a-ana"})).await;
    let row = &mapped.json()["persons"][0];
    assert_eq!((mapped.status, &row["user"], &row["mapped"]), (StatusCode::OK, &json!("a-ana"), &json!(true)));
    let found = stage.program_of(BEN).await.get("/api/v1/search?q=takeover").await.json();
    assert_eq!(found["total"], 1, "what only Ana sees");
    let rows = stage.audit();
    assert_eq!(rows[1].1, "account.mapped");
    assert!(rows[1].2.starts_with("ben@example.com is a-ana on acme.atlassian.net/confluence"), "{rows:?}");
    let unmapped = ana.json(Method::DELETE, &format!("/api/v1/users/{BEN}/persons/1"), &json!(null)).await;
    assert_eq!(unmapped.json()["persons"][0]["user"], "a-ben");
    assert_eq!(stage.program_of(BEN).await.get("/api/v1/search?q=takeover").await.json()["total"], 0);
}

#[tokio::test]
async fn a_user_whom_the_source_does_not_know_is_refused_and_nothing_changes() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    for (source, user, told) in
        [(1, "a-nobody", "no user with the id `a-nobody`"), (1, "", "no user"), (2, "a-ana", "have not been read yet")]
    {
        let path = format!("/api/v1/users/{BEN}/persons/{source}");
        let answer = ana.json(Method::PUT, &path, &json!({ "user": user })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{user}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(told), "{}", answer.body);
    }
    for path in ["/api/v1/users/nobody@example.com/persons/1", &format!("/api/v1/users/{BEN}/persons/99")] {
        assert_eq!(
            ana.json(Method::PUT, path, &json!({"user": "a-ana"})).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert!(stage.store.account_by_email(BEN).unwrap().unwrap().mapped.is_empty());
}

#[tokio::test]
async fn the_page_tells_why_finds_users_and_maps() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let path = format!("/settings/users/{}", number(&stage, BEN));
    let page = ana.get(&path).await.body;
    assert!(page.contains("Ben O.") && page.contains("by e-mail"), "{page}");
    assert!(page.contains("The people of the source have not been read yet."), "{page}");
    let found = ana.get(&format!("{path}?source=1&find=ana")).await.body;
    assert!(found.contains("a-ana") && found.contains("Ana S."), "{found}");
    assert!(ana.get(&format!("{path}?source=1&find=zzz")).await.body.contains("Nobody there has these words"));
    let map = format!("{path}/map");
    let refused = ana.post_signed(&map, &[("source", "1"), ("user", "a-x\"><script>")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("no user with the id") && !refused.body.contains("<script>"), "{}", refused.body);
    assert_eq!(ana.post_signed(&map, &[("source", "1"), ("user", "a-ana")]).await.header("location"), path);
    assert!(ana.get(&path).await.body.contains("mapped by an administrator"));
    ana.post_signed(&format!("{path}/unmap"), &[("source", "1")]).await;
    assert!(ana.get(&path).await.body.contains("by e-mail"));
    assert_eq!(ana.get("/settings/users/999").await.status, StatusCode::NOT_FOUND);
}
