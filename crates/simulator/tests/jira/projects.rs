//! Projects and roles: listings, their change probe, lifecycles, and what new projects inherit.

use reqwest::Method;
use serde_json::json;

use crate::site::{NOW, Site, word, words};

#[tokio::test]
async fn a_project_is_made_changed_archived_trashed_and_restored() {
    let site = Site::tiny().await;
    let body = json!({
        "key": "NEW", "name": "Newcomer", "projectTypeKey": "software", "leadAccountId": site.account("alice"),
        "projectTemplateKey": "com.pyxis.greenhopper.jira:gh-simplified-kanban-classic", "assigneeType": "UNASSIGNED",
    });
    assert_eq!(site.post("bob", "/project", body.clone()).await.0, 403);
    let made = site.done("carol", Method::POST, "/project", body.clone()).await;
    assert!(made["id"].is_u64() && made["key"] == "NEW");
    let (status, again) = site.post("carol", "/project", body).await;
    assert_eq!(status, 400);
    assert!(again["errors"]["projectKey"].is_string() && again["errors"]["projectName"].is_string());
    assert_eq!(site.ok("bob", "/project/NEW?expand=lead").await["lead"]["accountId"], site.account("alice"));
    assert_eq!(site.delete("carol", "/project/NEW").await.0, 204);
    assert_eq!(site.get("bob", "/project/NEW").await.0, 404);
    assert_eq!(words(&site.ok("carol", "/project/search?status=deleted").await["values"], "key"), ["NEW"]);
    assert_eq!(site.post("carol", "/project/NEW/restore", json!({})).await.0, 200);
    site.ok("bob", "/project/NEW").await;
    assert_eq!(site.delete("carol", "/project/NEW?enableUndo=false").await.0, 204);
    assert_eq!(site.post("carol", "/project/NEW/restore", json!({})).await.0, 404);
}

#[tokio::test]
async fn insight_tells_cheaply_whether_a_project_changed() {
    let site = Site::tiny().await;
    let probe = async || site.ok("bob", "/project/search?expand=insight").await["values"][0]["insight"].clone();
    let before = probe().await;
    assert_eq!(before["totalIssueCount"], 2);
    site.done("bob", Method::PUT, "/issue/OPS-1", json!({"fields": {"summary": "Changed"}})).await;
    let after = probe().await;
    assert_ne!(before["lastIssueUpdateTime"], after["lastIssueUpdateTime"]);
}

#[tokio::test]
async fn listings_clamp_pages_and_refuse_words_for_numbers() {
    let site = Site::tiny().await;
    let page = site.ok("bob", "/project/search?maxResults=5000&startAt=0").await;
    assert_eq!((&page["maxResults"], &page["isLast"], page.get("nextPage")), (&json!(100), &json!(true), None));
    assert_eq!(site.get("bob", "/project/search?startAt=x").await.0, 400);
    assert_eq!(words(&site.ok("bob", "/project").await, "key"), ["OPS"]);
    let missing = site.get("bob", "/project/NOPE").await;
    let message = "No project could be found with key 'NOPE'.";
    assert_eq!(missing, (404, json!({"errorMessages": [message], "errors": {}})));
}

#[tokio::test]
async fn role_actors_are_for_project_administrators() {
    let site = Site::tiny().await;
    let roles = site.ok("carol", "/project/OPS/role").await;
    let id = word(&roles["Developers"]).rsplit('/').next().unwrap().to_owned();
    let path = format!("/project/OPS/role/{id}");
    let role = site.ok("carol", &path).await;
    let accounts: Vec<&str> =
        role["actors"].as_array().unwrap().iter().map(|actor| word(&actor["actorUser"]["accountId"])).collect();
    assert!(accounts.contains(&site.account("alice").as_str()));
    for path in ["/project/OPS/role", path.as_str(), "/project/OPS/roledetails"] {
        assert_eq!(site.get("bob", path).await.0, 404, "{path}");
    }
    assert_eq!(site.get("bob", "/role").await.0, 403);
    let details = site.ok("carol", "/project/OPS/roledetails").await;
    assert!(details.as_array().unwrap().iter().all(|role| role.get("actors").is_none()));
}

#[tokio::test]
async fn actors_come_and_go_and_inactive_ones_can_be_left_out() {
    let site = Site::tiny().await;
    let path = "/project/OPS/role/10003";
    let total = |role: &serde_json::Value| role["actors"].as_array().unwrap().len();
    let body = json!({"user": [site.account("bob")], "groupId": [site.group("legal")]});
    assert_eq!(site.post("bob", path, body.clone()).await.0, 404);
    let before = total(&site.ok("carol", path).await);
    let role = site.done("carol", Method::POST, path, body.clone()).await;
    assert_eq!(total(&role), before + 2);
    assert_eq!(site.post("carol", path, body).await.0, 400, "already actors");
    let group = role["actors"].as_array().unwrap().iter().find(|actor| actor["type"] == "atlassian-group-role-actor");
    assert_eq!(group.unwrap()["actorGroup"]["groupId"], site.group("legal"));
    // Bob is a Developer now, and the comment for Developers is his to read.
    assert_eq!(site.ok("bob", "/issue/OPS-1/comment").await["total"], 2);
    let bob = site.account("bob");
    site.running.simulation.world_mut().set_active(&bob, false);
    let role = site.ok("carol", &format!("{path}?excludeInactiveUsers=true")).await;
    assert_eq!(total(&role), before + 1);
    assert_eq!(site.delete("carol", &format!("{path}?user={}", site.account("bob"))).await.0, 204);
    assert_eq!(site.delete("carol", &format!("{path}?user={}", site.account("bob"))).await.0, 404);
    assert_eq!(site.post("carol", path, json!({"user": ["nobody"]})).await.0, 404);
}

#[tokio::test]
async fn default_actors_are_copied_to_new_projects_and_not_live() {
    let site = Site::tiny().await;
    let alice = site.account("alice");
    {
        let mut world = site.running.simulation.world_mut();
        world.jira.roles.get_mut(&10_004).unwrap().default_actors.users.insert(alice.as_str().into());
    }
    let body = json!({"key": "NEW", "name": "Newcomer", "projectTypeKey": "software", "leadAccountId": alice});
    site.done("carol", Method::POST, "/project", body).await;
    let users = async |key: &str| {
        let role = site.ok("carol", &format!("/project/{key}/role/10004")).await;
        role["actors"].as_array().unwrap().len()
    };
    assert_eq!((users("NEW").await, users("OPS").await), (1, 0));
    site.running.simulation.world_mut().jira.roles.get_mut(&10_004).unwrap().default_actors.users.clear();
    assert_eq!(users("NEW").await, 1);
}

#[tokio::test]
async fn roles_and_schemes_do_not_move_updated_but_are_audited() {
    let site = Site::tiny().await;
    let updated = || site.running.simulation.world().jira.issue("OPS-1").unwrap().updated;
    let before = updated();
    site.advance(60_000);
    let scheme = json!({"name": "Closed", "permissions": []});
    let scheme = site.done("carol", Method::POST, "/permissionscheme", scheme).await["id"].clone();
    site.done("carol", Method::PUT, "/project/OPS/permissionscheme", json!({"id": scheme})).await;
    site.done("carol", Method::POST, "/project/OPS/role/10003", json!({"user": [site.account("bob")]})).await;
    assert_eq!((updated(), site.get("bob", "/issue/OPS-1").await.0), (before, 404));
    let log = site.ok("carol", "/auditing/record").await;
    let summaries = words(&log["records"], "summary");
    assert_eq!(summaries, ["Project roles changed", "Permission scheme added to project", "Permission scheme created"]);
    assert_eq!((&log["records"][1]["category"], &log["total"]), (&json!("permissions"), &json!(3)));
    assert_eq!(site.ok("carol", "/auditing/record?filter=roles").await["total"], 1);
    assert_eq!(site.ok("carol", "/auditing/record?from=2027-02-01").await["total"], 0);
    assert!(NOW > before);
    assert_eq!(site.get("bob", "/auditing/record").await.0, 403);
    site.running.simulation.world_mut().jira.audit_enabled = false;
    assert_eq!(site.get("carol", "/auditing/record").await.0, 403, "free plans have no audit log");
}
