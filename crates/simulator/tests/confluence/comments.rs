//! Comments: roots and replies, footer and inline, and who may write them.

use serde_json::{Value, json};

use crate::site::{Site, each};

fn storage(text: &str) -> Value {
    json!({"representation": "storage", "value": format!("<p>{text}</p>")})
}

async fn commented(site: &Site) -> (String, String) {
    let home = site.id("Home").to_string();
    let root = json!({"pageId": home, "body": storage("one")});
    let root = site.post("ben", "/wiki/api/v2/footer-comments", &root).await.ok()["id"].as_str().unwrap().to_owned();
    let reply = json!({"parentCommentId": root, "body": storage("two")});
    let reply = site.post("ann", "/wiki/api/v2/footer-comments", &reply).await.ok()["id"].as_str().unwrap().to_owned();
    (root, reply)
}

#[tokio::test]
async fn a_page_lists_root_comments_only_and_replies_are_children_of_their_comment() {
    let site = Site::start().await;
    let (root, reply) = commented(&site).await;
    let of_page = site.get("ben", &format!("/wiki/api/v2/pages/{}/footer-comments", site.id("Home"))).await.ok();
    assert_eq!(each(of_page["results"].as_array().unwrap(), "id"), [root.as_str()]);
    let replies = site.get("ben", &format!("/wiki/api/v2/footer-comments/{root}/children")).await.ok();
    assert_eq!(each(replies["results"].as_array().unwrap(), "id"), [reply.as_str()]);
    assert_eq!(replies["results"][0]["parentCommentId"], root.as_str());
}

#[tokio::test]
async fn the_site_wide_list_holds_replies_unless_the_site_is_switched() {
    let site = Site::start().await;
    let (root, reply) = commented(&site).await;
    let ids = |body: &Value| each(body["results"].as_array().unwrap(), "id");
    let all = site.get("ben", "/wiki/api/v2/footer-comments?sort=-modified-date&body-format=storage").await.ok();
    assert_eq!(ids(&all), [reply, root.clone()]);
    site.running.simulation.switches.set_replies_in_site_lists(false);
    let roots = site.get("ben", "/wiki/api/v2/footer-comments").await.ok();
    assert_eq!(ids(&roots), [root]);
}

#[tokio::test]
async fn comments_do_not_touch_their_page() {
    let site = Site::start().await;
    let before = site.get("ben", &format!("/wiki/api/v2/pages/{}", site.id("Home"))).await.ok();
    site.running.simulation.clock.advance(60_000);
    commented(&site).await;
    let after = site.get("ben", &format!("/wiki/api/v2/pages/{}", site.id("Home"))).await.ok();
    assert_eq!(before["version"], after["version"]);
}

#[tokio::test]
async fn comments_of_hidden_pages_are_hidden() {
    let site = Site::start().await;
    let plan = json!({"pageId": site.id("Plan").to_string(), "body": storage("psst")});
    let id = site.post("ann", "/wiki/api/v2/footer-comments", &plan).await.ok()["id"].as_str().unwrap().to_owned();
    assert_eq!(site.post("ben", "/wiki/api/v2/footer-comments", &plan).await.status, 404);
    assert!(site.get("ben", "/wiki/api/v2/footer-comments").await.ok()["results"].as_array().unwrap().is_empty());
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/footer-comments/{id}")).await.status, 404);
    assert_eq!(site.get("ann", &format!("/wiki/api/v2/footer-comments/{id}")).await.status, 200);
}

#[tokio::test]
async fn inline_comments_mark_words_and_are_resolved_and_reopened() {
    let site = Site::start().await;
    let sent = json!({"pageId": site.id("Home").to_string(), "body": storage("which one?"),
        "inlineCommentProperties": {"textSelection": "lighthouse", "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0}});
    let made = site.post("ben", "/wiki/api/v2/inline-comments", &sent).await.ok();
    assert_eq!(
        (&made["resolutionStatus"], &made["properties"]["inlineOriginalSelection"]),
        (&json!("open"), &json!("lighthouse"))
    );
    let path = format!("/wiki/api/v2/inline-comments/{}", made["id"].as_str().unwrap());
    let resolve = json!({"version": {"number": 2}, "resolved": true});
    let resolved = site.put("ann", &path, &resolve).await.ok();
    assert_eq!(
        (&resolved["resolutionStatus"], &resolved["resolutionLastModifierId"]),
        (&json!("resolved"), &json!(site.account("ann")))
    );
    let open = format!("/wiki/api/v2/pages/{}/inline-comments?resolution-status=open", site.id("Home"));
    assert!(site.get("ben", &open).await.ok()["results"].as_array().unwrap().is_empty());
    assert_eq!(site.get("ben", &path.replace("inline", "footer")).await.status, 404, "it is no footer comment");
    let no_words = json!({"pageId": site.id("Home").to_string(), "body": storage("where?")});
    assert_eq!(site.post("ben", "/wiki/api/v2/inline-comments", &no_words).await.status, 400);
}

#[tokio::test]
async fn only_authors_edit_comments_and_a_deleted_comment_takes_its_replies_along() {
    let site = Site::start().await;
    let (root, reply) = commented(&site).await;
    let path = format!("/wiki/api/v2/footer-comments/{root}");
    let edit = json!({"version": {"number": 2}, "body": storage("three")});
    assert_eq!(site.put("ann", &path, &edit).await.status, 404);
    let stale = json!({"version": {"number": 1}, "body": storage("three")});
    assert_eq!(site.put("ben", &path, &stale).await.status, 409);
    assert_eq!(site.put("ben", &path, &edit).await.ok()["version"]["number"], 2);
    assert_eq!(site.delete("ann", &path).await.status, 404);
    assert_eq!(site.delete("cat", &path).await.status, 204, "administrators of the space may");
    assert_eq!(site.get("ann", &format!("/wiki/api/v2/footer-comments/{reply}")).await.status, 404);
}

#[tokio::test]
async fn comments_vanish_with_a_trashed_page() {
    let site = Site::start().await;
    let (root, _) = commented(&site).await;
    site.delete("cat", &format!("/wiki/api/v2/pages/{}", site.id("Home"))).await.ok();
    assert_eq!(site.get("cat", &format!("/wiki/api/v2/footer-comments/{root}")).await.status, 404);
    assert!(site.get("cat", "/wiki/api/v2/footer-comments").await.ok()["results"].as_array().unwrap().is_empty());
}
