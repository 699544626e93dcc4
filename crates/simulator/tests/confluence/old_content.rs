//! `/rest/api/content`, which v2 replaced and public clients still use.

use serde_json::{Value, json};

use crate::site::{Site, titles};

const CONTENT: &str = "/wiki/rest/api/content";

fn body(value: &str) -> Value {
    json!({"storage": {"value": value, "representation": "storage"}})
}

#[tokio::test]
async fn a_page_is_found_by_space_and_title_and_says_that_the_route_is_old() {
    let site = Site::start().await;
    let got = site
        .get("ben", &format!("{CONTENT}?spaceKey=ENG&title=Home&expand=version,body.storage,ancestors,space"))
        .await;
    assert_eq!(got.headers["deprecation"], "Wed, 1 Mar 2023 00:00:00 GMT");
    assert!(got.headers["link"].to_str().unwrap().contains("rel=\"deprecation\""));
    let page = &got.body["results"][0];
    assert_eq!((&page["version"]["number"], &page["space"]["key"]), (&json!(1), &json!("ENG")));
    assert_eq!(page["body"]["storage"]["value"], "<p>Welcome to the lighthouse.</p>");
    assert!(site.get("ben", "/wiki/rest/api/content/search?cql=type=page").await.headers.get("deprecation").is_none());
}

#[tokio::test]
async fn what_is_not_expanded_is_expandable() {
    let site = Site::start().await;
    let page = site.get("ben", &format!("{CONTENT}/{}", site.id("Home"))).await.ok();
    assert!(page.get("body").is_none() && page["_expandable"]["body"].is_string());
    let missing = site.get("ben", &format!("{CONTENT}/{}", site.id("Plan"))).await;
    let message = format!(
        "com.atlassian.confluence.api.service.exceptions.NotFoundException: No content found with id: ContentId{{id={}}}",
        site.id("Plan")
    );
    assert_eq!((missing.status.as_u16(), &missing.body["message"]), (404, &json!(message)));
}

#[tokio::test]
async fn a_client_makes_edits_and_deletes_a_page() {
    let site = Site::start().await;
    let sent = json!({"type": "page", "title": "Old way", "space": {"key": "ENG"}, "body": body("<p>1</p>"),
        "ancestors": [{"type": "page", "id": site.id("Home")}], "metadata": {"properties": {}}});
    let made = site.post("ann", &format!("{CONTENT}/"), &sent).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["ancestors"][0]["id"], site.id("Home").to_string());
    let edit = |number: u64| json!({"id": id, "type": "page", "title": "Old way", "version": {"number": number, "minorEdit": true}, "body": body("<p>2</p>")});
    assert_eq!(site.put("ann", &format!("{CONTENT}/{id}"), &edit(1)).await.status, 409);
    let done = site.put("ann", &format!("{CONTENT}/{id}"), &edit(2)).await.ok();
    assert_eq!((&done["version"]["minorEdit"], &done["body"]["storage"]["value"]), (&json!(true), &json!("<p>2</p>")));
    assert_eq!(site.delete("ann", &format!("{CONTENT}/{id}")).await.status, 204);
    assert_eq!(site.get("cat", &format!("{CONTENT}/{id}")).await.status, 404);
    assert_eq!(site.get("cat", &format!("{CONTENT}/{id}?status=trashed")).await.ok()["status"], "trashed");
    assert_eq!(site.delete("cat", &format!("{CONTENT}/{id}?status=trashed")).await.status, 204);
    assert_eq!(site.get("cat", &format!("{CONTENT}/{id}?status=any")).await.status, 404);
    let hr = json!({"type": "page", "title": "X", "space": {"key": "HR"}, "body": body("")});
    assert_eq!(site.post("dan", CONTENT, &hr).await.status, 403, "v1 says forbidden where v2 says not found");
    assert_eq!(site.post("ann", CONTENT, &hr).await.status, 404);
}

#[tokio::test]
async fn comments_and_their_answers_are_content_too() {
    let site = Site::start().await;
    let home = site.id("Home").to_string();
    let sent = json!({"type": "comment", "container": {"id": home, "type": "page", "status": "current"}, "body": body("<p>hm</p>")});
    let root = site.post("ben", CONTENT, &sent).await.ok();
    let mut answer = sent.clone();
    answer["ancestors"] = json!([{"id": root["id"]}]);
    let answer = site.post("ann", CONTENT, &answer).await.ok();
    let listed = site.get("ben", &format!("{CONTENT}/{home}/child/comment?expand=body.storage,version")).await.ok();
    assert_eq!((&listed["size"], &listed["results"][0]["id"]), (&json!(1), &root["id"]));
    let deep = site.get("ben", &format!("{CONTENT}/{home}/child/comment?depth=all")).await.ok();
    assert_eq!(deep["size"], 2);
    let read =
        site.get("ben", &format!("{CONTENT}/{}?expand=container,ancestors", answer["id"].as_str().unwrap())).await.ok();
    assert_eq!((&read["container"]["title"], &read["ancestors"][0]["id"]), (&json!("Home"), &root["id"]));
    assert_eq!(site.delete("ben", &format!("{CONTENT}/{}", root["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(site.get("ben", "/wiki/api/v2/footer-comments").await.ok()["results"], json!([]));
}

#[tokio::test]
async fn labels_are_written_here_only() {
    let site = Site::start().await;
    let path = format!("{CONTENT}/{}/label", site.id("Home"));
    let added = site.post("ann", &path, &json!([{"prefix": "global", "name": "Harbour"}])).await.ok();
    assert_eq!(added["size"], 2);
    let v2 = site.get("ben", &format!("/wiki/api/v2/pages/{}/labels", site.id("Home"))).await.ok();
    assert_eq!(v2["results"].as_array().unwrap().len(), 2);
    assert_eq!(site.delete("ann", &format!("{path}?name=harbour")).await.status, 204);
    assert_eq!(site.delete("ann", &format!("{path}/start")).await.status, 204);
    assert_eq!(site.get("ben", &path).await.ok()["size"], 0);
    assert_eq!(site.delete("ann", &format!("{path}/start")).await.status, 404);
}

#[tokio::test]
async fn children_descendants_and_content_of_a_space() {
    let site = Site::start().await;
    let home = site.id("Home");
    assert_eq!(titles(&site.get("ann", &format!("{CONTENT}/{home}/child/page")).await.ok()), ["Plan"]);
    assert_eq!(titles(&site.get("ben", &format!("{CONTENT}/{home}/child/page")).await.ok()), Vec::<String>::new());
    let mut below = titles(&site.get("ann", &format!("{CONTENT}/{home}/descendant/page")).await.ok());
    below.sort();
    assert_eq!(below, ["Inside", "Plan", "Step one"]);
    let both = site.get("ben", "/wiki/rest/api/space/ENG/content").await.ok();
    assert_eq!((&both["page"]["size"], &both["blogpost"]["size"]), (&json!(2), &json!(1)));
    let paged = site.all("ann", "/wiki/rest/api/space/ENG/content/page?limit=1").await;
    assert_eq!(paged.len(), 4);
    let child = site.get("ann", &format!("{CONTENT}/{home}/child?expand=page,attachment")).await.ok();
    assert_eq!((&child["page"]["size"], &child["attachment"]["size"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn history_and_versions() {
    let site = Site::start().await;
    let home = site.id("Home");
    let history = site.get("ben", &format!("{CONTENT}/{home}/history")).await.ok();
    assert_eq!((&history["createdBy"]["displayName"], &history["latest"]), (&json!("Cat Cedar"), &json!(true)));
    assert_eq!(site.get("ben", &format!("{CONTENT}/{home}/version")).await.ok()["results"][0]["number"], 1);
    let edit = json!({"type": "page", "title": "Hall", "version": {"number": 2}, "body": body("<p>2</p>")});
    site.put("ann", &format!("{CONTENT}/{home}"), &edit).await.ok();
    let first = site.get("ben", &format!("{CONTENT}/{home}/version/1?expand=content.body.storage")).await.ok();
    assert_eq!((&first["number"], &first["content"]["title"]), (&json!(1), &json!("Home")));
    assert_eq!(first["content"]["body"]["storage"]["value"], "<p>Welcome to the lighthouse.</p>");
    assert_eq!(site.get("ben", &format!("{CONTENT}/{home}/version/3")).await.status, 404);
}
