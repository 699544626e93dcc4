//! Reports about a source, and an administrator's word for open projects.

use crate::stage::{ANA, Stage};
use access::{Hidden, SourceId};
use axum::http::{Method, StatusCode};
use model::{Container, ContainerKey, ContainerKind, Difference, DocumentKey, Kind, Millis, SelfAudit};
use serde_json::json;
use std::collections::BTreeMap;
use web::inspection::{ContainerReport, Diagnosis, Finding, Readers};

fn finding(item: &str) -> Finding {
    Finding { item: item.to_owned(), what: "it cannot be read <b>".to_owned(), remedy: "grant it".to_owned() }
}

/// What the double reports.
pub(crate) fn diagnosis() -> Diagnosis {
    let container = Container {
        key: ContainerKey("65".to_owned()),
        kind: ContainerKind::Space,
        short: "ENG".to_owned(),
        name: "Engineering".to_owned(),
        archived: false,
        url: String::new(),
    };
    let report = ContainerReport {
        container,
        in_scope: true,
        documents: 5,
        hidden: BTreeMap::from([(Hidden::Forbidden, 1)]),
        readers: Readers::Known { named: 2, people: 7, read_at: Millis(crate::stage::START) },
        findings: vec![finding("space ENG")],
    };
    let unknowable = vec!["pages that nobody shared".to_owned()];
    Diagnosis { findings: vec![finding("groups")], containers: vec![report], unknowable, ..Diagnosis::default() }
}

/// What the double finds when it compares.
pub(crate) fn audit() -> SelfAudit {
    let mut audit = SelfAudit { ended: Millis(crate::stage::START), compared: 40, ..SelfAudit::default() };
    audit.leak(Difference {
        person: "a-ben".to_owned(),
        document: DocumentKey::new(Kind::Page, "201"),
        container: ContainerKey("66".to_owned()),
        cause: "admitted by space-readers 66 <b>".to_owned(),
    });
    audit
}

#[tokio::test]
async fn the_report_tells_containers_causes_and_remedies_and_no_title() {
    let stage = Stage::open().await;
    let report = stage.program_of(ANA).await.get("/api/v1/sources/1/doctor").await.json();
    assert_eq!(report["findings"][0]["remedy"], "grant it");
    let eng = &report["containers"][0];
    assert_eq!(
        (&eng["key"], &eng["hidden"][0]["cause"], &eng["readers"]["people"]),
        (&json!("ENG"), &json!("forbidden"), &json!(7))
    );
    let page = stage.browser_of(ANA).await.get("/settings/sources/1/doctor").await.body;
    assert!(page.contains("Engineering") && page.contains("1 document hidden") && page.contains("Grant it."), "{page}");
    assert!(page.contains("Pages that nobody shared.") && !page.contains("read <b>"), "{page}");
    assert_eq!(stage.program_of(ANA).await.get("/api/v1/sources/99/doctor").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_comparison_is_run_logged_and_its_last_result_shown() {
    let stage = Stage::open().await;
    let (mut ana, mut browser) = (stage.program_of(ANA).await, stage.browser_of(ANA).await);
    assert_eq!(ana.get("/api/v1/sources/1/audit").await.json()["audit"], json!(null));
    assert!(browser.get("/settings/sources/1/access").await.body.contains("Nothing has been compared yet"));
    let answer = ana.json(Method::POST, "/api/v1/sources/1/audit", &json!({"pairs": 40})).await.json();
    assert_eq!((&answer["audit"]["leaks"], &answer["audit"]["leaked"][0]["id"]), (&json!(1), &json!("201")));
    for pairs in [0, 1_000_000] {
        let refused = ana.json(Method::POST, "/api/v1/sources/1/audit", &json!({ "pairs": pairs })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(stage.audit()[0].2.contains("40 pairs, 1 leaks, 0 blocks"), "{:?}", stage.audit());
    stage.store.put_self_audit(SourceId(1), audit()).await.unwrap();
    let page = browser.get("/settings/sources/1/access").await.body;
    assert!(page.contains("page 201") && page.contains("a-ben") && page.contains("Fossick would show"), "{page}");
    assert!(!page.contains("66 <b>"));
    let posted = browser.post_signed("/settings/sources/1/compare", &[("pairs", "25")]).await;
    assert_eq!(posted.header("location"), "/settings/sources/1/access");
    assert_eq!(stage.operations.calls(), ["audit 1 40", "audit 1 25"]);
}

#[tokio::test]
async fn open_projects_are_vouched_for_by_name_all_or_none() {
    let stage = Stage::open().await;
    let (mut ana, mut browser) = (stage.program_of(ANA).await, stage.browser_of(ANA).await);
    assert!(!browser.get("/settings/sources/1/access").await.body.contains("Open team-managed projects"), "Confluence");
    assert!(browser.get("/settings/sources/2/access").await.body.contains("Open team-managed projects"));
    let path = "/settings/sources/2/open-projects";
    let typed = [("open", "some"), ("projects", " TOP, LIFE\n10007 ")];
    assert_eq!(browser.post_signed(path, &typed).await.header("location"), "/settings/sources/2/access");
    browser.post_signed(path, &[("open", "all"), ("projects", "TOP")]).await;
    browser.post_signed(path, &[("open", "none"), ("projects", "TOP")]).await;
    assert_eq!(browser.post_signed(path, &[("open", "?")]).await.status, StatusCode::BAD_REQUEST);
    let answer = ana.json(Method::PUT, "/api/v1/sources/2/open-projects", &json!({"projects": ["TOP"]})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let some = "vouch 2 Some([\"TOP\", \"LIFE\", \"10007\"])";
    assert_eq!(stage.operations.calls(), [some, "vouch 2 None", "vouch 2 Some([])", "vouch 2 Some([\"TOP\"])"]);
    assert!(stage.audit().iter().any(|row| row.1 == "source.open-projects-changed" && row.2.contains("jira: all")));
}
