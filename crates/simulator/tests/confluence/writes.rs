//! Pages and blog posts: making, editing, publishing, moving, archiving, trashing, purging; and who may.

use serde_json::{Value, json};

use crate::site::{Site, titles};

const PAGES: &str = "/wiki/api/v2/pages";

fn page(site: &Site, title: &str) -> Value {
    json!({"spaceId": site.space("ENG").to_string(), "title": title, "body": {"representation": "storage", "value": "<p>x</p>"}})
}

fn edit(id: &Value, title: &str, number: u64) -> Value {
    json!({"id": id, "status": "current", "title": title, "version": {"number": number},
        "body": {"representation": "storage", "value": "<p>y</p>"}})
}

#[tokio::test]
async fn a_new_page_stands_below_the_home_page_unless_told_otherwise() {
    let site = Site::start().await;
    let made = site.post("ann", PAGES, &page(&site, "A")).await.ok();
    assert_eq!((&made["parentId"], &made["version"]["number"]), (&json!(site.id("Home").to_string()), &json!(1)));
    assert_eq!(made["body"]["storage"]["value"], "<p>x</p>");
    let root = site.post("ann", &format!("{PAGES}?root-level=true"), &page(&site, "B")).await.ok();
    assert_eq!(root["parentId"], Value::Null);
    let private = site.post("ann", &format!("{PAGES}?private=true"), &page(&site, "C")).await.ok();
    assert_eq!(site.get("ben", &format!("{PAGES}/{}", private["id"].as_str().unwrap())).await.status, 404);
}

#[tokio::test]
async fn a_title_stands_once_in_a_space_and_archived_pages_keep_theirs() {
    let site = Site::start().await;
    for title in ["Home", "Attic"] {
        let got = site.post("ann", PAGES, &page(&site, title)).await;
        assert_eq!(got.status, 400, "{title}");
        assert!(got.body["errors"][0]["title"].as_str().unwrap().contains("already exists"));
    }
    assert_eq!(site.post("ann", PAGES, &page(&site, "Bin")).await.status, 200, "the trash keeps none");
    assert_eq!(site.post("ann", PAGES, &page(&site, "")).await.status, 400);
    assert_eq!(site.post("ann", "/wiki/api/v2/blogposts", &page(&site, "News")).await.status, 200);
}

#[tokio::test]
async fn whoever_may_not_write_is_told_that_there_is_nothing() {
    let site = Site::start().await;
    let hr = json!({"spaceId": site.space("HR").to_string(), "title": "X"});
    assert_eq!(site.post("ann", PAGES, &hr).await.status, 404, "she does not see the space");
    assert_eq!(site.post("dan", PAGES, &hr).await.status, 404, "he may only read it");
    let id = site.id("Plan");
    assert_eq!(site.put("ben", &format!("{PAGES}/{id}"), &edit(&json!(id.to_string()), "X", 2)).await.status, 404);
    assert_eq!(site.delete("ben", &format!("{PAGES}/{id}")).await.status, 404);
}

#[tokio::test]
async fn an_edit_must_count_on_from_the_current_version() {
    let site = Site::start().await;
    let id = json!(site.id("Home").to_string());
    let path = format!("{PAGES}/{}", site.id("Home"));
    let stale = site.put("ann", &path, &edit(&id, "Hall", 1)).await;
    assert_eq!((stale.status.as_u16(), &stale.body["errors"][0]["code"]), (409, &json!("CONFLICT")));
    site.running.simulation.clock.advance(60_000);
    let done = site.put("ann", &path, &edit(&id, "Hall", 2)).await.ok();
    assert_eq!((&done["version"]["number"], &done["title"]), (&json!(2), &json!("Hall")));
    assert_eq!(done["version"]["createdAt"], "2027-01-15T08:01:00.000Z");
    let newest = site.get("ann", &format!("{PAGES}?sort=-modified-date&limit=1")).await.ok();
    assert_eq!(titles(&newest), ["Hall"]);
    let other = site.put("ann", &path, &edit(&json!("1"), "Hall", 3)).await;
    assert_eq!(other.status, 400, "the id in the body is another one");
}

#[tokio::test]
async fn a_draft_is_published_as_version_one() {
    let site = Site::start().await;
    let mut draft = page(&site, "Idea");
    draft["status"] = json!("draft");
    let made = site.post("ann", PAGES, &draft).await.ok();
    let path = format!("{PAGES}/{}", made["id"].as_str().unwrap());
    assert_eq!(site.get("ben", &format!("{path}?get-draft=true")).await.status, 404);
    let published = site.put("ann", &path, &edit(&made["id"], "Idea", 1)).await.ok();
    assert_eq!((&published["status"], &published["version"]["number"]), (&json!("current"), &json!(1)));
    assert_eq!(site.get("ben", &path).await.status, 200);
}

#[tokio::test]
async fn trash_purge_and_restore() {
    let site = Site::start().await;
    let id = site.id("Box");
    let inside = site.id("Inside");
    let path = format!("{PAGES}/{inside}");
    assert_eq!(site.delete("cat", &format!("{path}?purge=true")).await.status, 400, "not in the trash yet");
    assert_eq!(site.delete("ann", &path).await.status, 204);
    assert_eq!(site.get("ann", &path).await.status, 404);
    let restored = site.put("cat", &path, &edit(&json!(inside.to_string()), "Inside", 2)).await.ok();
    assert_eq!(restored["status"], "current");
    assert_eq!(site.delete("ann", &path).await.status, 204);
    assert_eq!(site.delete("ann", &format!("{path}?purge=true")).await.status, 404, "only administrators of the space");
    assert_eq!(site.delete("cat", &format!("{path}?purge=true")).await.status, 204);
    assert_eq!(site.get("cat", &format!("{path}?status=trashed")).await.status, 404);
    assert_eq!(site.delete("cat", &format!("/wiki/api/v2/folders/{id}")).await.status, 204);
    assert_eq!(site.get("cat", &format!("/wiki/api/v2/folders/{id}")).await.status, 404);
}

#[tokio::test]
async fn children_of_a_trashed_page_move_up() {
    let site = Site::start().await;
    site.delete("ann", &format!("{PAGES}/{}", site.id("Plan"))).await.ok();
    let step = site.get("ben", &format!("{PAGES}/{}", site.id("Step one"))).await.ok();
    assert_eq!(step["parentId"], site.id("Home").to_string());
}

#[tokio::test]
async fn a_move_changes_parent_order_and_space_but_neither_version_nor_time() {
    let site = Site::start().await;
    let (inside, attic, home) = (site.id("Inside"), site.id("Attic"), site.id("Home"));
    site.running.simulation.clock.advance(60_000);
    let path = |position: &str, target: u64| format!("/wiki/rest/api/content/{inside}/move/{position}/{target}");
    let moved = site.put("ann", &path("before", attic), &json!({})).await.ok();
    assert_eq!(moved, json!({"pageId": inside.to_string()}));
    let children = site.get("ann", &format!("{PAGES}/{home}/direct-children")).await.ok();
    assert_eq!(titles(&children), ["Plan", "Box", "Inside", "Attic"]);
    let row = site.get("ann", &format!("{PAGES}/{inside}")).await.ok();
    assert_eq!((&row["version"]["number"], &row["version"]["createdAt"]), (&json!(1), &row["createdAt"]));
    assert_eq!(site.put("ann", &path("append", inside), &json!({})).await.status, 400);
    assert_eq!(site.put("ann", &path("append", site.id("Pay")), &json!({})).await.status, 404);
    let below = site.put("ann", &format!("/wiki/rest/api/content/{home}/move/append/{inside}"), &json!({})).await;
    assert_eq!(below.status, 400, "not below itself");
}

#[tokio::test]
async fn a_page_moved_below_a_restricted_one_is_hidden_at_once() {
    let site = Site::start().await;
    let (inside, plan) = (site.id("Inside"), site.id("Plan"));
    assert_eq!(site.get("ben", &format!("{PAGES}/{inside}")).await.status, 200);
    site.put("ann", &format!("/wiki/rest/api/content/{inside}/move/append/{plan}"), &json!({})).await.ok();
    assert_eq!(site.get("ben", &format!("{PAGES}/{inside}")).await.status, 404);
    let back = json!({"id": inside.to_string(), "status": "current", "title": "Inside", "version": {"number": 2},
        "parentId": site.id("Home").to_string(), "body": {"representation": "storage", "value": ""}});
    site.put("ann", &format!("{PAGES}/{inside}"), &back).await.ok();
    assert_eq!(site.get("ben", &format!("{PAGES}/{inside}")).await.status, 200);
}

#[tokio::test]
async fn archiving_is_a_task_and_unarchiving_an_edit() {
    let site = Site::start().await;
    let inside = site.id("Inside");
    let body = json!({"pages": [{"id": inside}]});
    let accepted = site.post("ann", "/wiki/rest/api/content/archive", &body).await;
    assert_eq!((accepted.status.as_u16(), accepted.body["id"].is_string()), (202, true));
    assert_eq!(site.get("ben", &format!("{PAGES}/{inside}")).await.ok()["status"], "archived");
    assert_eq!(site.post("ann", "/wiki/rest/api/content/archive", &body).await.status, 400, "it is archived already");
    site.put("ann", &format!("{PAGES}/{inside}"), &edit(&json!(inside.to_string()), "Inside", 2)).await.ok();
    assert_eq!(site.get("ben", &format!("{PAGES}/{inside}")).await.ok()["status"], "current");
}

#[tokio::test]
async fn bodies_may_be_sent_as_documents() {
    let site = Site::start().await;
    let document = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "bold", "marks": [{"type": "strong"}]}]}]});
    let mut sent = page(&site, "Document");
    sent["body"] = json!({"representation": "atlas_doc_format", "value": document.to_string()});
    let made = site.post("ann", PAGES, &sent).await.ok();
    assert_eq!(made["body"]["storage"]["value"], "<p><strong>bold</strong></p>");
    sent["body"]["value"] = json!("{}");
    sent["title"] = json!("Broken");
    assert_eq!(site.post("ann", PAGES, &sent).await.status, 400);
    assert_eq!(site.post("ann", PAGES, &json!("text")).await.status, 400);
}

#[tokio::test]
async fn folders_and_their_like_are_made_and_hold_pages() {
    let site = Site::start().await;
    let home = site.id("Home").to_string();
    for kind in ["folders", "whiteboards", "databases", "embeds"] {
        let sent = json!({"spaceId": site.space("ENG").to_string(), "parentId": home, "title": kind});
        let made = site.post("ann", &format!("/wiki/api/v2/{kind}"), &sent).await.ok();
        let got = site.get("ben", &format!("/wiki/api/v2/{kind}/{}", made["id"].as_str().unwrap())).await.ok();
        assert_eq!((&got["parentId"], &got["title"]), (&json!(home), &json!(kind)));
        let mut below = page(&site, &format!("in {kind}"));
        below["parentId"] = made["id"].clone();
        let below = site.post("ann", PAGES, &below).await.ok();
        assert_eq!(format!("{}s", below["parentType"].as_str().unwrap()), kind);
    }
}

#[tokio::test]
async fn the_service_accounts_reading_token_cannot_write() {
    let site = Site::start().await;
    let cloud = site.running.simulation.site.cloud_id.clone();
    let address = format!("{}/ex/confluence/{cloud}/wiki/api/v2/pages", site.running.base());
    let http = reqwest::Client::builder().build().unwrap();
    let got = http.post(address).bearer_auth(crate::site::ROBOT).json(&page(&site, "X")).send().await.unwrap();
    assert_eq!(got.status(), 401);
    assert_eq!(got.text().await.unwrap(), "{\"code\":401,\"message\":\"Unauthorized; scope does not match\"}");
}
