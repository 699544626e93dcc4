//! Explanations say what searches decide, tell nobody more than they may see, and are written down.

use crate::stage::{ANA, BEN, CLEO, Stage};
use crate::world::{self, SOURCE};
use access::{Clause, Principal};
use axum::http::{Method, StatusCode};
use model::{ClauseKey, DocumentKey, Kind, NodeKey, NodeKind, Origin};
use serde_json::{Value, json};
use sync::Item;

const DOCUMENTS: [&str; 6] = ["1:page:101", "1:page:102", "1:page:103", "1:page:104", "1:page:201", "1:comment:901"];

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn pair(client: &mut crate::stage::Client, person: &str, document: &str) -> Value {
    let path = format!("/api/v1/explain?person={}&document={}", escaped(person), escaped(document));
    let answer = client.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

/// The key of a document in addresses, taken apart.
fn key(text: &str) -> DocumentKey {
    let mut parts = text.splitn(3, ':').skip(1);
    let kind: Kind = parts.next().unwrap().parse().unwrap();
    DocumentKey::new(kind, parts.next().unwrap())
}

#[tokio::test]
async fn the_verdict_is_that_of_every_layer_and_of_the_search() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    for person in [ANA, BEN, CLEO] {
        let account = stage.store.account_by_email(person).unwrap().unwrap();
        let viewer = stage.store.directory().viewer_of(&account.person());
        for document in DOCUMENTS {
            let found = pair(&mut ana, person, document).await;
            let stored = stage.store.document_by_key(SOURCE, &key(document)).unwrap().unwrap();
            let admits = stage.index.state().admits(&viewer, stored.docno);
            assert_eq!(found["visible"], admits, "{person}, {document}");
            let steps = found["steps"].as_array().unwrap();
            assert_eq!(steps.iter().all(|step| step["outcome"] == "admits"), admits, "{person}, {document}: {found}");
            assert_eq!(steps[0]["layer"], "product-access");
        }
    }
}

#[tokio::test]
async fn layers_are_named_from_the_space_down_with_whom_they_admit_and_where_they_are_set() {
    let stage = Stage::open().await;
    let restriction = ClauseKey::new(Origin::ViewRestriction, "101");
    let mut items =
        vec![Item::Clause { key: restriction.clone(), clause: Clause::any_of([Principal::account(SOURCE, "a-ana")]) }];
    items.extend(world::page("105", "65", "Below the restriction", "gold"));
    items.push(Item::Place {
        node: NodeKey::new(NodeKind::Content, "105"),
        parent: Some(NodeKey::new(NodeKind::Content, "101")),
    });
    let node = NodeKey::new(NodeKind::Content, "101");
    items.push(Item::Layers { node, own: vec![restriction], inline: Vec::new() });
    world::commit(&stage.store, items, Vec::new()).await;
    let mut program = stage.program_of(ANA).await;
    let found = pair(&mut program, ANA, "1:page:105").await;
    let told: Vec<(&str, &str, &str)> = found["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| ["what", "outcome", "says"].map(|field| step[field].as_str().unwrap()).into())
        .collect();
    assert_eq!(
        told,
        [
            ("Access to Confluence on acme.atlassian.net", "admits", "by name"),
            ("Space permission “View” of ENG", "admits", "because anyone is let in"),
            ("Restrictions of “How we pan for gold” above it", "admits", "by name"),
        ]
    );
    let link = &found["steps"][2]["link"]["url"];
    assert_eq!(link, "https://acme.atlassian.net/wiki/pages/viewinfo.action?pageId=101");
    let ben = pair(&mut program, BEN, "1:page:105").await;
    assert_eq!((&ben["visible"], &ben["steps"][2]["outcome"]), (&json!(false), &json!("refuses")));
    let hidden = pair(&mut program, ANA, "1:page:104").await;
    let last = &hidden["steps"][2];
    assert_eq!((&last["outcome"], last["remedy"].is_string()), (&json!("closed"), true), "{hidden}");
}

#[tokio::test]
async fn titles_are_shown_only_to_a_reader_who_may_see_the_document() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    assert_eq!(pair(&mut ana, BEN, "1:page:201").await["document"]["title"], "Takeover of the gold mine");
    let closed = pair(&mut ana, BEN, "1:page:104").await;
    assert!(closed["document"]["title"].is_null() && closed["document"]["url"].is_null(), "{closed}");
    let mut operator = stage.operator();
    let found = pair(&mut operator, ANA, "1:page:201").await;
    assert_eq!((&found["visible"], &found["document"]["title"]), (&json!(true), &Value::Null));
    for path in ["/api/v1/explain/document?document=1:page:201", "/api/v1/explain/exposure"] {
        assert!(!operator.get(path).await.body.contains("Takeover"), "{path}");
    }
}

#[tokio::test]
async fn a_look_at_somebody_elses_access_is_written_down_without_any_title() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    pair(&mut ana, BEN, "1:page:201").await;
    let (actor, action, target) = stage.audit().remove(0);
    assert_eq!((actor.as_str(), action.as_str()), (ANA, "access.looked-up"));
    assert!(target.starts_with("Ben Okafor (ben@example.com), document 1:page:201"), "{target}");
    pair(&mut ana, ANA, "1:page:201").await;
    assert_eq!(stage.audit()[0].2, target, "one's own access is one's own");
    ana.get("/api/v1/explain/person?person=ben@example.com").await;
    assert!(stage.audit()[0].2.starts_with("Ben Okafor"), "{:?}", stage.audit()[0]);
}

#[tokio::test]
async fn everybody_who_sees_a_document_is_listed_joined_or_not() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let open = ana.get("/api/v1/explain/document?document=1:page:101").await.json();
    let names: Vec<&str> = open["people"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!((names, &open["count"], &open["finding"]), (vec!["Ana S.", "Ben O."], &json!(2), &json!(2)));
    let closed = ana.get("/api/v1/explain/document?document=1:page:104").await.json();
    assert_eq!((&closed["count"], &closed["cause"]["cause"]), (&json!(0), &json!("forbidden")));
}

#[tokio::test]
async fn what_a_person_sees_is_counted_whether_they_have_an_account_or_not() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let ben = ana.get("/api/v1/explain/person?person=ben@example.com").await.json();
    assert_eq!((&ben["visible"], &ben["documents"], &ben["has_account"]), (&json!(4), &json!(6), &json!(true)));
    let engineering = ben["containers"].as_array().unwrap().iter().find(|row| row["key"] == "ENG").unwrap();
    assert_eq!((&engineering["visible"], &engineering["hidden"][0]["cause"]), (&json!(4), &json!("forbidden")));
    let by_id = ana.get("/api/v1/explain/person?person=a-ana").await.json();
    assert_eq!((&by_id["visible"], &by_id["person"]), (&json!(5), &json!("Ana Souza")), "found through the account");
    let nobody = ana.get("/api/v1/explain/person?person=nobody@example.com").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sheet = ana.get("/api/v1/explain/person?person=ben@example.com&format=csv").await;
    assert_eq!(sheet.header("content-type"), "text/csv; charset=utf-8");
    assert!(sheet.body.contains("acme.atlassian.net/confluence,ENG,Engineering,5,4,0,1"), "{}", sheet.body);
}

#[tokio::test]
async fn the_exposure_report_counts_sorts_and_becomes_a_sheet() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let report = ana.get("/api/v1/explain/exposure?sort=everybody").await.json();
    let keys: Vec<&str> =
        report["containers"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["ENG", "BOARD"]);
    let open = &report["containers"][0]["open"];
    let counts = ["documents", "everybody", "some", "guests", "nobody"].map(|field| open[field].as_u64().unwrap());
    assert_eq!(counts, [5, 4, 0, 0, 1]);
    assert_eq!(report["containers"][0]["by_mistake"]["rule"], "public");
    assert_eq!(ana.get("/api/v1/explain/exposure?sort=size").await.status, StatusCode::BAD_REQUEST);
    let sheet = stage.browser_of(ANA).await.get("/settings/access/exposure.csv").await;
    assert!(sheet.header("content-disposition").contains("exposure.csv"), "{:?}", sheet.headers);
    assert_eq!(sheet.body.lines().count(), 3, "{}", sheet.body);
}

#[tokio::test]
async fn acl_9_for_a_member_what_is_hidden_and_what_does_not_exist_answer_alike() {
    let stage = Stage::open().await;
    let mut program = stage.program_of(BEN).await;
    let mut browser = stage.browser_of(BEN).await;
    let mut answers = Vec::new();
    let urls = ["https://acme.atlassian.net/wiki/201", "https://acme.atlassian.net/wiki/999"];
    for document in ["1:page:201", "1:page:104", "1:page:999", "9:page:1", "nonsense", urls[0], urls[1]] {
        let path = format!("/api/v1/why?document={}", escaped(document));
        let answer = program.get(&path).await;
        let body = json!({"document": document, "note": "x"});
        let objected = program.json(Method::POST, "/api/v1/why", &body).await;
        let page = browser.get(&format!("/why?document={}", escaped(document))).await;
        let steady = |body: &str| body.split("reference").next().unwrap_or_default().len();
        assert!(!page.body.contains("Takeover"), "{document}");
        answers.push((answer.status, answer.json()["code"].clone(), objected.status, page.status, steady(&page.body)));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
    assert_eq!(stage.store.objections(10).unwrap(), []);
}

#[tokio::test]
async fn a_member_learns_why_and_objects_without_a_script() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    let results = ben.get("/search?q=pan").await.body;
    let link = "/why?document=1%3Apage%3A101";
    assert!(results.contains(&format!("href=\"{link}\"")), "{results}");
    let page = ben.get(link).await.body;
    assert!(page.contains("How we pan for gold") && page.contains("Because anyone is let in."), "{page}");
    let fields = [("document", "1:page:101"), ("note", "for the board only")];
    let done = ben.post_signed("/why", &fields).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, link));
    ben.post_signed("/why", &[("document", "1:page:101"), ("note", "again")]).await;
    let open = stage.store.objections(10).unwrap();
    assert_eq!((open.len(), open[0].note.as_str(), open[0].by.as_str()), (1, "again", BEN));
    assert!(stage.audit().iter().any(|row| row.1 == "document.objected" && row.2.starts_with("document 1:page:101")));
    let mut ana = stage.browser_of(ANA).await;
    let list = ana.get("/settings/access/objections").await.body;
    assert!(list.contains("again") && list.contains("How we pan for gold"), "{list}");
    let settle = format!("/settings/access/objections/{}/settle", open[0].id);
    assert_eq!(ana.post_signed(&settle, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.store.open_objections().unwrap(), 0);
    assert_eq!(ana.post_signed(&settle, &[]).await.status, StatusCode::NOT_FOUND, "settled once");
}

#[tokio::test]
async fn the_pages_of_administrators_answer_every_way_of_asking() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    for (query, told) in [
        ("", "Look up access"),
        ("?person=ben%40example.com&document=1%3Apage%3A201", "does not find this document"),
        ("?person=ana%40example.com&document=https%3A%2F%2Facme.atlassian.net%2Fwiki%2F201", "finds this document"),
        ("?document=1%3Apage%3A101", "2 people see"),
        ("?person=ben%40example.com", "finds 4 of 6 documents"),
    ] {
        let answer = ana.get(&format!("/settings/access{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        assert!(answer.body.contains(told), "{query}: {}", answer.body);
    }
    let unknown = ana.get("/settings/access?person=who%40example.com").await;
    assert!(unknown.status == StatusCode::UNPROCESSABLE_ENTITY && unknown.body.contains("Nobody is known as"));
    assert!(ana.get("/settings/access/exposure?sort=nobody").await.body.contains("Exposure report"));
}

#[tokio::test]
async fn what_another_document_is_called_is_shown_only_after_its_own_check() {
    let stage = Stage::open().await;
    let mut items = world::page("106", "65", "Points elsewhere", "golden compass");
    for item in &mut items {
        if let Item::Document(document) = item {
            let page = |native| DocumentKey::new(Kind::Page, native);
            document.facts.relations = vec![page("101"), page("201"), page("104"), page("999")];
        }
    }
    world::commit(&stage.store, items, Vec::new()).await;
    let related = |answer: Value| -> Vec<String> {
        let list = answer["hits"][0]["related"].as_array().unwrap().clone();
        list.iter().map(|other| other["title"].as_str().unwrap().to_owned()).collect()
    };
    let seen = stage.program_of(BEN).await.get("/api/v1/search?q=compass").await.json();
    assert_eq!(related(seen), ["How we pan for gold"]);
    let seen = stage.program_of(ANA).await.get("/api/v1/search?q=compass").await.json();
    assert_eq!(related(seen), ["How we pan for gold", "Takeover of the gold mine"]);
    let page = stage.browser_of(BEN).await.get("/search?q=compass").await.body;
    assert!(page.contains("How we pan for gold") && !page.contains("Takeover"), "{page}");
}
