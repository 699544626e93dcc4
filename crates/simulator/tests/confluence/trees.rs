//! Ancestors, children, descendants, versions, tasks.

use serde_json::json;

use crate::site::{Site, each, titles};

#[tokio::test]
async fn ancestors_go_from_the_root_down_and_a_cut_chain_loses_its_top() {
    let site = Site::start().await;
    let path = format!("/wiki/api/v2/pages/{}/ancestors", site.id("Step one"));
    let chain = site.get("ann", &path).await.ok();
    let ids = [site.id("Home"), site.id("Plan")].map(|id| id.to_string());
    assert_eq!(each(chain["results"].as_array().unwrap(), "id"), ids);
    let cut = site.get("ann", &format!("{path}?limit=1")).await.ok();
    assert_eq!(each(cut["results"].as_array().unwrap(), "id"), ids[1..]);
    let inside = site.get("ann", &format!("/wiki/api/v2/pages/{}/ancestors", site.id("Inside"))).await.ok();
    assert_eq!(each(inside["results"].as_array().unwrap(), "type"), ["page", "folder"]);
}

#[tokio::test]
async fn children_are_pages_and_direct_children_are_everything_that_the_caller_sees() {
    let site = Site::start().await;
    let home = site.id("Home");
    let pages = site.get("ben", &format!("/wiki/api/v2/pages/{home}/children")).await.ok();
    assert_eq!(titles(&pages), ["Attic"]);
    let all = site.get("ann", &format!("/wiki/api/v2/pages/{home}/direct-children")).await.ok();
    assert_eq!(titles(&all), ["Plan", "Box", "Attic"]);
    assert_eq!(each(all["results"].as_array().unwrap(), "type"), ["page", "folder", "page"]);
}

#[tokio::test]
async fn descendants_below_the_depth_are_left_out_without_a_word() {
    let site = Site::start().await;
    let path = format!("/wiki/api/v2/pages/{}/descendants", site.id("Home"));
    assert_eq!(titles(&site.get("ann", &format!("{path}?depth=1")).await.ok()), ["Plan", "Box", "Attic"]);
    let all = site.all("ann", &format!("{path}?limit=2")).await;
    assert_eq!(each(&all, "title"), ["Plan", "Step one", "Box", "Inside", "Attic"]);
    assert_eq!(all[1]["depth"], 2);
    assert_eq!(site.get("ann", &format!("{path}?depth=6")).await.status, 400);
}

#[tokio::test]
async fn every_edit_is_a_version_and_old_ones_can_be_read() {
    let site = Site::start().await;
    let id = site.id("Home");
    let edit = json!({"id": id.to_string(), "status": "current", "title": "Hall", "version": {"number": 2, "message": "renamed"},
        "body": {"representation": "storage", "value": "<p>New.</p>"}});
    site.put("ann", &format!("/wiki/api/v2/pages/{id}"), &edit).await.ok();
    let versions = site.get("ben", &format!("/wiki/api/v2/pages/{id}/versions?body-format=storage")).await.ok();
    let numbers: Vec<u64> =
        versions["results"].as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions["results"][1]["page"]["title"], "Home");
    let first = site.get("ben", &format!("/wiki/api/v2/pages/{id}/versions/1")).await.ok();
    assert_eq!((&first["nextVersion"], first.get("prevVersion")), (&json!(2), None));
    let old = site.get("ben", &format!("/wiki/api/v2/pages/{id}?version=1&body-format=storage")).await.ok();
    assert_eq!((&old["title"], &old["status"]), (&json!("Home"), &json!("historical")));
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{id}/versions/3")).await.status, 404);
}

#[tokio::test]
async fn tasks_are_read_out_of_bodies() {
    let site = Site::start().await;
    let who = site.account("ben");
    let value = format!(
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>\
         <ac:task-body>Paint <ac:link><ri:user ri:account-id=\"{who}\"/></ac:link></ac:task-body></ac:task></ac:task-list>"
    );
    let body = json!({"spaceId": site.space("ENG").to_string(), "title": "Chores", "body": {"representation": "storage", "value": value}});
    let page = site.post("ann", "/wiki/api/v2/pages", &body).await.ok();
    let tasks = site.get("ben", "/wiki/api/v2/tasks?status=incomplete&body-format=storage").await.ok();
    let task = &tasks["results"][0];
    assert_eq!((&task["pageId"], &task["assignedTo"]), (&page["id"], &json!(who)));
    assert_eq!(task["body"]["storage"]["value"], "<p>Paint </p>");
    let one = site.get("ben", &format!("/wiki/api/v2/tasks/{}", task["id"].as_str().unwrap())).await.ok();
    assert_eq!(one["localId"], "1");
    assert!(site.get("ben", "/wiki/api/v2/tasks?status=complete").await.ok()["results"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn ids_become_types_and_hidden_ones_have_none() {
    let site = Site::start().await;
    let (home, plan) = (site.id("Home").to_string(), site.id("Plan").to_string());
    let body = json!({"contentIds": [home, plan, site.id("Box"), "9"]});
    let types = site.post("ben", "/wiki/api/v2/content/convert-ids-to-types", &body).await.ok();
    let results = &types["results"];
    assert_eq!(
        (&results[home.as_str()], &results[plan.as_str()], &results["9"]),
        (&json!("page"), &json!(null), &json!(null))
    );
    assert_eq!(results[site.id("Box").to_string().as_str()], "folder");
}

#[tokio::test]
async fn nobody_gets_an_admin_key() {
    let site = Site::start().await;
    let got = site.post("cat", "/wiki/api/v2/admin-key", &json!({"durationInMinutes": 10})).await;
    assert_eq!(got.status, 404);
    let robot = site.robot("/api/v2/admin-key").await;
    assert_eq!((robot.status.as_u16(), &robot.body["message"]), (401, &json!("Unauthorized; scope does not match")));
}
