//! What administrators see and do, in a browser and as programs.

use crate::double::{GOOD_TOKEN, running};
use crate::stage::{ANA, BEN, HOUR, PASSWORD, Stage};
use crate::world;
use axum::http::{Method, StatusCode};
use model::{Problem, ProblemKind};
use serde_json::json;

#[tokio::test]
async fn the_list_and_the_page_of_a_source_tell_how_it_is() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    // Long names may break at their slash.
    let list = ana.get("/settings/sources").await.body.replace("<wbr>", "");
    assert!(list.contains("acme.atlassian.net/confluence") && list.contains("acme.atlassian.net/jira"));
    // The one run so far missed a record.
    assert_eq!(figures(&list, "confluence"), ["Never", "5", "1", "0"]);
    assert_eq!(figures(&list, "jira"), ["Never", "0", "0", "0"]);
    let page = ana.get("/settings/sources/1").await.body;
    assert!(page.contains("page 98342") && page.contains("The body ends in the middle of a string"), "{page}");
    assert!(page.contains("Partial") && page.contains("The source refused to show who may see it."));
    assert!(!page.contains("string <b>"), "reasons are escaped");
    assert_eq!(ana.get("/settings/sources/99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/settings/sources/one").await.status, StatusCode::NOT_FOUND);
    stage.pass(HOUR);
    world::commit(&stage.store, world::page("105", "65", "Sieves", "Fine sieves."), Vec::new()).await;
    let list = ana.get("/settings/sources").await.body;
    assert_eq!(figures(&list, "confluence"), ["59 minutes ago", "6", "1", "0"], "what was missed is owed still");
    let notice = Problem::new(ProblemKind::Notice, "disk of the data directory", "was full");
    world::commit(&stage.store, Vec::new(), vec![notice]).await;
    let list = ana.get("/settings/sources").await.body;
    assert_eq!(figures(&list, "confluence"), ["59 minutes ago", "6", "1", "1"], "the last run's, with what is stored");
}

/// Last sync, documents, errors and warnings of a source in the list, under these headings.
fn figures(list: &str, product: &str) -> [String; 4] {
    let sources = list.split("<li class=\"card source\">").skip(1);
    let source =
        sources.into_iter().find(|source| source.replace("<wbr>", "").contains(&format!(".net/{product}</a>")));
    let source = source.unwrap_or_else(|| panic!("no {product} in {list}"));
    ["Last sync", "Documents", "Errors", "Warnings"].map(|heading| {
        let cell = source.split_once(&format!("<dt>{heading}</dt><dd")).and_then(|(_, rest)| rest.split_once("</dd>"));
        let (cell, _) = cell.unwrap_or_else(|| panic!("no `{heading}` in {source}"));
        // What is left of the tag itself ends with the first bracket.
        let mut text = cell.split_once('>').map_or(String::new(), |(_, text)| text.to_owned());
        while let (Some(open), Some(close)) = (text.find('<'), text.find('>')) {
            text.replace_range(open..=close, "");
        }
        text.trim().to_owned()
    })
}

#[tokio::test]
async fn no_page_or_answer_about_a_source_holds_a_title() {
    let stage = Stage::open().await;
    let (mut browser, mut program) = (stage.browser_of(ANA).await, stage.program_of(ANA).await);
    let mut told = Vec::new();
    for path in ["/settings/sources", "/settings/sources/1", "/settings/sources/1/scope", "/settings/audit"] {
        told.push(browser.get(path).await.body);
    }
    for part in ["", "/runs", "/problems", "/hidden", "/progress"] {
        told.push(program.get(&format!("/api/v1/sources/1{part}")).await.body);
    }
    for body in told {
        for title in ["Gold nobody may see", "Takeover of the gold mine", "How we pan", "Lunch"] {
            assert!(!body.contains(title), "{title} in {body}");
        }
    }
}

#[tokio::test]
async fn a_credential_goes_in_and_never_comes_out() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let bad = [
        ("domain", "https://acme.atlassian.net/wiki"),
        ("token", "bad-token-271828"),
        ("organization", ""),
        ("organization_key", ""),
    ];
    let answer = ana.post_signed("/settings/connect", &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Not connected") && answer.body.contains("value=\"https://acme.atlassian.net/wiki\""));
    assert!(!answer.body.contains("bad-token-271828") && !answer.body.contains("refused <script>"));
    let good = [
        ("domain", "acme.atlassian.net"),
        ("token", GOOD_TOKEN),
        ("organization", "o-1"),
        ("organization_key", "key-161803"),
    ];
    let answer = ana.post_signed("/settings/connect", &good).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("/settings/sources/1/scope") && answer.body.contains("Choose spaces"));
    assert!(!answer.body.contains(GOOD_TOKEN) && !answer.body.contains("key-161803"));
    assert_eq!(stage.operations.calls(), ["connect acme.atlassian.net", "connect acme.atlassian.net"]);
    let rows = stage.audit();
    assert_eq!((rows[0].0.as_str(), rows[0].1.as_str()), (ANA, "source.connected"));
    assert!(!format!("{rows:?}").contains("token") && !format!("{rows:?}").contains("key-161803"));
    assert!(
        !rows.iter().any(|row| row.1 == "source.connected" && row != &rows[0]),
        "the failed attempt connected nothing"
    );
}

#[tokio::test]
async fn a_wrong_form_is_told_field_by_field_before_anything_is_asked() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    for (fields, told) in [
        (
            [("domain", "evil.example"), ("token", "t"), ("organization", ""), ("organization_key", "")],
            "not an Atlassian Cloud site",
        ),
        (
            [("domain", "169.254.169.254"), ("token", "t"), ("organization", ""), ("organization_key", "")],
            "not an Atlassian Cloud site",
        ),
        (
            [("domain", "acme.atlassian.net"), ("token", " "), ("organization", ""), ("organization_key", "")],
            "API token.",
        ),
        (
            [("domain", "acme.atlassian.net"), ("token", "t"), ("organization", "o"), ("organization_key", "")],
            "needs its API key",
        ),
    ] {
        let answer = ana.post_signed("/settings/connect", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    assert_eq!(stage.operations.calls(), [] as [String; 0]);
}

#[tokio::test]
async fn spaces_are_chosen_and_a_sync_is_started_stopped_and_logged() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let form = ana.get("/settings/sources/1/scope").await.body;
    assert!(form.contains("Space ENG") && form.contains("Space BOARD"));
    let choice = [("newcomers", "read"), ("listed", "ENG"), ("listed", "BOARD"), ("chosen", "ENG")];
    let saved = ana.post_signed("/settings/sources/1/scope", &choice).await;
    assert_eq!(saved.header("location"), "/settings/sources/1");
    let nothing = [("newcomers", "left-out"), ("listed", "ENG"), ("listed", "BOARD")];
    let refused = ana.post_signed("/settings/sources/1/scope", &nothing).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("Tick at least one"));
    ana.post_signed("/settings/sources/1/sync", &[]).await;
    ana.post_signed("/settings/sources/1/cancel", &[]).await;
    assert_eq!(ana.post_signed("/settings/sources/1/remove", &[]).await.header("location"), "/settings/sources");
    assert_eq!(ana.post_signed("/settings/sources/99/sync", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        stage.operations.calls(),
        ["scope 1 include [] exclude [\"BOARD\"]", "sync 1 full", "cancel 1", "remove 1"]
    );
    let rows = stage.audit();
    let actions: Vec<&str> = rows.iter().take(4).map(|row| row.1.as_str()).collect();
    assert_eq!(actions, ["source.removed", "sync.cancelled", "sync.started", "source.scope-changed"]);
    assert_eq!(rows[3].2, "acme.atlassian.net/confluence: all without BOARD from unknown");
}

#[tokio::test]
async fn progress_streams_until_the_run_is_over() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    *stage.operations.progress.lock().unwrap() = vec![running(40), running(90)];
    let stream = ana.get("/settings/sources/1/events").await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    let events: Vec<&str> = stream.body.lines().filter(|line| line.starts_with("event:")).collect();
    assert_eq!(events, ["event: progress", "event: progress", "event: end"], "{}", stream.body);
    assert!(stream.body.contains("\"documents\":\"40 of 100\"") && stream.body.contains("\"stage\":\"Reading pages\""));
    *stage.operations.progress.lock().unwrap() = vec![running(95)];
    let page = ana.get("/settings/sources/1").await.body;
    assert!(page.contains("95 of 100") && page.contains("http-equiv=\"refresh\""), "without script the page reloads");
    *stage.operations.progress.lock().unwrap() = vec![running(96)];
    let told = stage.program_of(ANA).await.get("/api/v1/sources/1/progress").await.json();
    assert_eq!(told["running"]["counts"]["documents"], 96);
    assert_eq!(told["index"], json!({"stored": 130, "searchable": 128, "stuck": false}));
    stage.operations.condition.lock().unwrap().stuck = true;
    stage.operations.condition.lock().unwrap().rebuilding = true;
    let told = stage.program_of(ANA).await.get("/api/v1/sources/1/progress").await.json();
    assert_eq!(told["index"]["stuck"], true, "a build that fails does not hide it");
}

#[tokio::test]
async fn accounts_are_added_with_a_password_that_will_do() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let zoe = |name, email, password, role| [("name", name), ("email", email), ("password", password), ("role", role)];
    for (fields, status, told) in [
        (zoe("", "zoe@example.com", PASSWORD, "member"), 422, "Write the person&#39;s name."),
        (zoe("Zoe", "zoe", PASSWORD, "member"), 422, "is not an e-mail address"),
        (zoe("Zoe", "BEN@example.com", PASSWORD, "member"), 422, "already an account"),
        (zoe("Zoe", "zoe@example.com", "short", "member"), 422, "Use at least 12 characters."),
        (zoe("Zoe", "zoe@example.com", PASSWORD, "owner"), 400, "The role is"),
    ] {
        let answer = ana.post_signed("/settings/users/new", &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{told}");
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
        assert!(!answer.body.contains(PASSWORD));
    }
    let answer = ana.post_signed("/settings/users/new", &zoe("Zoe", "zoe@example.com", PASSWORD, "member")).await;
    assert_eq!(answer.header("location"), "/settings/users");
    let list = ana.get("/settings/users").await.body;
    assert!(list.contains("The account is added.") && list.contains("zoe@example.com") && list.contains("Ben O."));
    assert_eq!(stage.audit()[0].1, "account.added");
    assert_eq!(stage.visitor().sign_in("zoe@example.com", PASSWORD, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what_page_by_page() {
    let stage = Stage::open().await;
    stage.visitor().sign_in("eve@example.com", "wrong password", "/").await;
    let mut ana = stage.browser_of(ANA).await;
    for _ in 0..50 {
        ana.post_signed("/settings/sources/1/sync", &[]).await;
    }
    let newest = ana.get("/settings/audit").await.body;
    assert!(newest.contains("started a sync") && !newest.contains("failed to sign in") && newest.contains("page=2"));
    let older = ana.get("/settings/audit?page=2").await.body;
    assert!(older.contains("failed to sign in") && older.contains("eve@example.com"));
    assert!(ana.get("/settings/audit?page=4000000000").await.body.contains("Nothing has happened yet"));
}

#[tokio::test]
async fn programs_of_administrators_do_the_same() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let site = json!({"domain": "acme.atlassian.net", "token": GOOD_TOKEN, "organization": {"id": "o", "key": "k"}});
    let checked = ana.json(Method::POST, "/api/v1/sources/check", &site).await;
    assert_eq!((checked.status, checked.json()["passed"].as_bool()), (StatusCode::OK, Some(true)));
    let connected = ana.json(Method::POST, "/api/v1/sources", &site).await;
    assert_eq!((connected.status, &connected.json()["sources"]), (StatusCode::CREATED, &json!([1])));
    let bad = json!({"domain": "acme.atlassian.net", "token": "bad-token-271828"});
    let refused = ana.json(Method::POST, "/api/v1/sources", &bad).await;
    assert_eq!(
        (refused.status, refused.json()["checks"][0]["outcome"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("failed"))
    );
    assert!(!refused.body.contains("271828"));
    let elsewhere =
        ana.json(Method::POST, "/api/v1/sources/check", &json!({"domain": "evil.example", "token": "t"})).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = ana.get("/api/v1/sources").await.json();
    assert_eq!((&list["sources"][0]["documents"], &list["sources"][0]["hidden"]), (&5.into(), &1.into()));
    assert_eq!(ana.get("/api/v1/sources/1/hidden").await.json()["hidden"][0]["cause"], "forbidden");
    assert_eq!(ana.get("/api/v1/sources/1/problems").await.json()["problems"][0]["item"], "page 98342");
    assert_eq!(ana.get("/api/v1/sources/1/problems?run=99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ana.get("/api/v1/sources/2/problems?run=1").await.status,
        StatusCode::NOT_FOUND,
        "a run of another source"
    );
    assert_eq!(ana.get("/api/v1/sources/1/runs").await.json()["runs"][0]["status"], "partial");
    assert_eq!(ana.get("/api/v1/sources/1/containers").await.json()["containers"][0]["key"], "ENG");
    let scope = json!({"include": ["ENG"], "archived": true});
    assert_eq!(ana.json(Method::PUT, "/api/v1/sources/1/scope", &scope).await.status, StatusCode::NO_CONTENT);
    let unknown = json!({"includes": ["ENG"]});
    assert_eq!(ana.json(Method::PUT, "/api/v1/sources/1/scope", &unknown).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ana.json(Method::POST, "/api/v1/sources/1/check", &json!({})).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(ana.send(Method::DELETE, "/api/v1/sources/1", "", String::new()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.send(Method::DELETE, "/api/v1/sources/99", "", String::new()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_sets_a_password_and_ends_the_sessions() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    let mut ana = stage.program_of(ANA).await;
    let path = "/api/v1/users/BEN@example.com/password";
    let short = ana.json(Method::PUT, path, &json!({"password": "short"})).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = ana.json(Method::PUT, path, &json!({"password": "another password"})).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    assert_eq!(ben.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.visitor().sign_in(BEN, "another password", "/").await.status, StatusCode::SEE_OTHER);
    let unknown = "/api/v1/users/nobody@example.com/password";
    let unknown = ana.json(Method::PUT, unknown, &json!({"password": "another password"})).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
