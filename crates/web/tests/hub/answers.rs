//! Every answer, whatever it is: headers, faults, limits.

use crate::stage::{ANA, BEN, Stage};
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn every_answer_tells_browsers_what_they_may_do() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let asset = web::assets::STYLESHEET.url();
    for path in
        ["/", "/account", "/nonsense", "/settings/sources/1", "/api/v1/health", "/api/v1/nonsense", &asset, "/login"]
    {
        let answer = ana.get(path).await;
        assert_eq!(answer.header("content-security-policy"), web::CONTENT_SECURITY_POLICY, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        let caching = if path == asset { web::assets::CACHE_CONTROL } else { "private, no-store" };
        assert_eq!(answer.header("cache-control"), caching, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    let page = ben.get("/nonsense?q=secret").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::NOT_FOUND, "text/html; charset=utf-8"));
    assert!(page.body.contains("There is no such page") && page.body.contains("Ben Okafor"));
    let problem = ben.get("/api/v1/nonsense").await;
    assert_eq!((problem.status, problem.header("content-type")), (StatusCode::NOT_FOUND, "application/problem+json"));
    assert_eq!(problem.json()["reference"], problem.header("x-request-id"));
    ben.headers.insert("accept", "application/json".parse().unwrap());
    assert_eq!(ben.get("/nonsense").await.header("content-type"), "application/problem+json");
    let wrong = stage.visitor().send(Method::PUT, "/api/v1/health", "", String::new()).await;
    assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    assert_eq!(wrong.json()["code"], "wrong-method");
}

#[tokio::test]
async fn a_panic_is_an_answer_that_tells_nothing() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let page = ana.get("/settings/sources/2/scope").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body.contains(page.header("x-request-id")) && !page.body.contains("secret cause"));
    let problem = stage.program_of(ANA).await.get("/api/v1/sources/2/containers").await;
    assert_eq!(
        (problem.status, problem.json()["code"].as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, Some("internal"))
    );
    assert!(!problem.body.contains("secret cause"));
    assert_eq!(ana.get("/account").await.status, StatusCode::OK, "and the hub goes on");
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let stage = Stage::open().await;
    let mut visitor = stage.visitor();
    visitor.get("/login").await;
    let long = "x".repeat(3 << 20);
    let form = visitor.post("/login", &[("email", long.as_str())]).await;
    assert_eq!(form.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = serde_json::json!({"email": long, "password": ""});
    let answer = visitor.json(Method::POST, "/api/v1/login", &json).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("too-large")));
}

#[tokio::test]
async fn health_tells_the_version_and_how_the_hub_is_and_nothing_else() {
    let stage = Stage::open().await;
    let version = env!("CARGO_PKG_VERSION");
    let answer = stage.visitor().get("/api/v1/health").await;
    let well = serde_json::json!({"status": "ok", "version": version, "index": "ok", "store": "ok", "disk": "ok"});
    assert_eq!(answer.json(), well);
    *stage.operations.condition.lock().unwrap() =
        web::upkeep::Condition { rebuilding: true, disk_full: true, ..Default::default() };
    let answer = stage.visitor().get("/api/v1/health").await;
    let ill = serde_json::json!(
        {"status": "degraded", "version": version, "index": "rebuilding", "store": "ok", "disk": "full"}
    );
    assert_eq!(answer.json(), ill);
}

#[tokio::test]
async fn whoever_searches_while_the_index_is_built_anew_is_told() {
    let stage = Stage::open().await;
    let (mut page, mut program) = (stage.browser_of(BEN).await, stage.program_of(BEN).await);
    let words = "is being built anew";
    assert!(!page.get("/search?q=gold").await.body.contains(words));
    stage.operations.condition.lock().unwrap().rebuilding = true;
    assert!(page.get("/search?q=gold").await.body.contains(words));
    let hints = program.get("/api/v1/search?q=gold").await.json()["hints"].to_string();
    assert!(hints.contains(words), "{hints}");
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_ask() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    assert_eq!(ben.get("/search?q=gold").await.header("content-encoding"), "");
    ben.headers.insert("accept-encoding", "gzip".parse().unwrap());
    assert_eq!(ben.get("/search?q=gold").await.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn the_colours_chosen_stay_on_the_device() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    ben.post_signed("/account/theme", &[("theme", "dark")]).await;
    assert!(ben.get("/").await.body.contains("data-theme=\"dark\""));
    ben.post_signed("/logout", &[]).await;
    assert!(ben.get("/login").await.body.contains("data-theme=\"dark\""));
    ben.cookies.insert("fossick-theme".to_owned(), "plaid".to_owned());
    assert!(ben.get("/login").await.body.contains("data-theme=\"system\""));
}
