//! Comments and worklogs: audiences, bulk listing, and what they do to the issue.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{NOW, Site, doc, word, words};

#[tokio::test]
async fn a_restricted_comment_is_shown_to_its_audience_alone() {
    let site = Site::tiny().await;
    let all = site.ok("alice", "/issue/OPS-1/comment").await;
    let secret = &all["comments"][1];
    assert_eq!(secret["visibility"], json!({"type": "role", "value": "Developers", "identifier": "Developers"}));
    assert!(all["comments"][0].get("visibility").is_none());
    let some = site.ok("bob", "/issue/OPS-1/comment").await;
    assert_eq!((some["comments"].as_array().unwrap().len(), &some["total"]), (1, &json!(1)));
    let path = format!("/issue/OPS-1/comment/{}", word(&secret["id"]));
    site.ok("alice", &path).await;
    // Carol administers everything and still is no Developer.
    assert_eq!((site.get("bob", &path).await.0, site.get("carol", &path).await.0), (404, 404));
}

#[tokio::test]
async fn comments_are_listed_by_id_across_issues_without_those_that_are_hidden() {
    let site = Site::tiny().await;
    let ids: Vec<u64> = site.running.simulation.world().jira.comments.keys().copied().collect();
    let list = async |who: &str, ids: Value| site.post(who, "/comment/list", json!({"ids": ids})).await;
    let (status, all) = list("alice", json!(ids)).await;
    assert_eq!((status, &all["total"], &all["isLast"]), (200, &json!(2), &json!(true)));
    assert_eq!(list("bob", json!(ids)).await.1["total"], 1);
    assert_eq!(list("bob", json!([999_999])).await.1["values"], json!([]));
    assert_eq!(list("bob", json!([])).await.0, 400);
    let many: Vec<u64> = (1..=1001).collect();
    assert_eq!(list("bob", json!(many)).await.0, 400);
    assert_eq!(list("bob", json!(many[..1000])).await.0, 200);
}

#[tokio::test]
async fn an_author_must_belong_to_the_audience_it_names() {
    let site = Site::tiny().await;
    let sent = |kind: &str, name: &str| json!({"body": doc("x"), "visibility": {"type": kind, "value": name}});
    let post = async |who: &str, body: Value| site.post(who, "/issue/OPS-1/comment", body).await;
    assert_eq!(post("bob", sent("role", "Developers")).await.0, 400);
    assert_eq!(post("bob", sent("group", "legal")).await.0, 400);
    assert_eq!(post("bob", sent("group", "no such group")).await.0, 400);
    assert_eq!(post("bob", json!({"body": "plain text"})).await.0, 400);
    let (status, made) = post("alice", sent("group", "legal")).await;
    assert_eq!(status, 201);
    let visibility = json!({"type": "group", "value": "legal", "identifier": site.group("legal")});
    assert_eq!(made["visibility"], visibility);
    assert_eq!(site.ok("bob", "/issue/OPS-1/comment").await["total"], 1);
}

#[tokio::test]
async fn editing_can_lift_a_restriction_and_deleting_needs_the_right() {
    let site = Site::tiny().await;
    let secret = site.ok("alice", "/issue/OPS-1/comment").await["comments"][1]["id"].clone();
    let path = format!("/issue/OPS-1/comment/{}", word(&secret));
    let kept = site.done("alice", Method::PUT, &path, json!({"body": doc("kept")})).await;
    assert_eq!(kept["visibility"]["value"], "Developers");
    site.done("alice", Method::PUT, &path, json!({"body": doc("open"), "visibility": null})).await;
    assert_eq!(site.ok("bob", &path).await["body"], doc("open"));
    assert_eq!(site.delete("bob", &path).await.0, 400, "not his own");
    assert_eq!(site.delete("alice", &path).await.0, 204);
    assert_eq!(site.get("alice", &path).await.0, 404);
}

#[tokio::test]
async fn comments_move_the_issues_updated() {
    let site = Site::tiny().await;
    let updated = || site.running.simulation.world().jira.issue("OPS-1").unwrap().updated;
    site.advance(60_000);
    let made = site.done("bob", Method::POST, "/issue/OPS-1/comment", json!({"body": doc("hello")})).await;
    assert_eq!(updated(), NOW + 60_000);
    site.advance(60_000);
    let path = format!("/issue/OPS-1/comment/{}", word(&made["id"]));
    site.done("bob", Method::PUT, &path, json!({"body": doc("hello again")})).await;
    assert_eq!(updated(), NOW + 120_000);
    site.advance(60_000);
    site.delete("bob", &path).await;
    assert_eq!(updated(), NOW + 180_000);
}

#[tokio::test]
async fn internal_notes_are_marked_and_order_can_be_reversed() {
    let site = Site::tiny().await;
    let internal = json!({"key": "sd.public.comment", "value": {"internal": true}});
    let body = json!({"body": doc("between us"), "properties": [internal]});
    let note = site.done("bob", Method::POST, "/issue/OPS-1/comment", body).await;
    assert_eq!(note["jsdPublic"], false);
    let newest = site.ok("bob", "/issue/OPS-1/comment?orderBy=-created&maxResults=1").await;
    assert_eq!(words(&newest["comments"], "id"), [word(&note["id"])]);
    assert_eq!(site.get("bob", "/issue/OPS-1/comment?orderBy=author").await.0, 400);
}

#[tokio::test]
async fn worklogs_have_audiences_too() {
    let site = Site::tiny().await;
    let open = json!({"timeSpent": "1h 30m", "comment": doc("cleaning"), "started": "2027-01-01T10:00:00.000+0000"});
    let made = site.done("bob", Method::POST, "/issue/OPS-1/worklog", open).await;
    assert_eq!((&made["timeSpentSeconds"], &made["timeSpent"]), (&json!(5400), &json!("1h 30m")));
    assert_eq!(made["started"], "2027-01-01T05:00:00.000-0500");
    let hidden = json!({"timeSpentSeconds": 60, "visibility": {"type": "group", "value": "legal"}});
    site.done("alice", Method::POST, "/issue/OPS-1/worklog", hidden).await;
    let total = async |who: &str| site.ok(who, "/issue/OPS-1/worklog").await["total"].clone();
    assert_eq!((total("alice").await, total("bob").await), (json!(2), json!(1)));
    let embedded = site.ok("bob", "/issue/OPS-1?fields=worklog").await;
    assert_eq!(embedded["fields"]["worklog"]["total"], 1);
    assert_eq!(site.post("bob", "/issue/OPS-1/worklog", json!({"timeSpent": "soon"})).await.0, 400);
}
