//! Users and groups: privacy, inactive accounts, pages of 50 members, who may browse them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, word, words};

const WORLD: &str = r#"
org_key = "org-key"

[site]
host = "people.atlassian.net"

[access]
jira = { jira-software = ["staff"] }
jira_admins = ["admins"]
browse_users = ["admins"]

[[group]]
name = "staff"
members = ["shown", "null", "empty", "absent", "gone", "root", "robot"]

[[group]]
name = "admins"
members = ["root"]

[[person]]
handle = "shown"

[[person]]
handle = "null"
email_shown = "null"

[[person]]
handle = "empty"
email_shown = "empty"

[[person]]
handle = "absent"
email_shown = "absent"

[[person]]
handle = "gone"
active = false

[[person]]
handle = "root"

[service_account]
handle = "robot"
token = "ATSTT-people"
"#;

#[tokio::test]
async fn emails_are_shown_null_empty_or_absent() {
    let site = Site::written(WORLD).await;
    let all = site.ok("root", "/users/search?maxResults=1000").await;
    let email = |handle: &str| {
        let account = site.account(handle);
        let user = all.as_array().unwrap().iter().find(|user| user["accountId"] == account.as_str()).unwrap();
        user.get("emailAddress").cloned()
    };
    assert_eq!(email("shown"), Some(json!("shown@people.example")));
    assert_eq!((email("null"), email("empty"), email("absent")), (Some(Value::Null), Some(json!("")), None));
    assert_eq!(site.ok("null", "/myself").await["emailAddress"], "null@people.example", "to itself");
}

#[tokio::test]
async fn all_users_means_inactive_ones_and_apps_too() {
    let site = Site::written(WORLD).await;
    for path in ["/users", "/users/search"] {
        let all = site.ok("root", &format!("{path}?maxResults=1000")).await;
        let all = all.as_array().unwrap();
        assert_eq!(all.len(), 7);
        assert_eq!(all.iter().filter(|user| user["active"] == false).count(), 1);
        assert_eq!(all.iter().filter(|user| user["accountType"] == "app").count(), 1);
        assert_eq!(site.ok("root", &format!("{path}?startAt=7")).await, json!([]));
        assert_eq!(site.get("shown", path).await.0, 403);
    }
}

#[tokio::test]
async fn pages_of_users_may_be_short_and_only_an_empty_one_is_the_last() {
    let site = Site::written(WORLD).await;
    site.running.simulation.switches.set_empty_pages(true);
    let (mut sizes, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    loop {
        let page = site.ok("root", &format!("/users/search?maxResults=3&startAt={}", 3 * sizes.len())).await;
        sizes.push(page.as_array().unwrap().len());
        if sizes.last() == Some(&0) {
            break;
        }
        seen.extend(words(&page, "accountId").into_iter().map(str::to_owned));
    }
    assert_eq!((sizes, seen.len()), (vec![2, 2, 2, 1, 0], 7));
}

#[tokio::test]
async fn bulk_users_come_ten_at_a_time_unless_asked_otherwise() {
    let site = Site::cost().await;
    let accounts: Vec<String> =
        site.running.simulation.world().directory.people.keys().map(ToString::to_string).collect();
    let query: String = accounts[..30].iter().map(|account| format!("&accountId={account}")).collect();
    let page = site.ok("person1", &format!("/user/bulk?x=1{query}&accountId=unknown")).await;
    assert_eq!(
        (page["values"].as_array().unwrap().len(), &page["total"], &page["isLast"]),
        (10, &json!(30), &json!(false))
    );
    let page = site.ok("person1", &format!("/user/bulk?maxResults=200{query}")).await;
    assert_eq!(page["values"].as_array().unwrap().len(), 30);
    assert_eq!(site.get("person1", "/user/bulk").await.0, 400);
}

#[tokio::test]
async fn members_come_by_fifty_without_inactive_ones() {
    let site = Site::written(WORLD).await;
    let group = site.group("staff");
    let members = site.ok("root", &format!("/group/member?groupId={group}")).await;
    assert_eq!(members["total"], 6);
    let members =
        site.ok("root", &format!("/group/member?groupId={group}&includeInactiveUsers=true&maxResults=900")).await;
    assert_eq!((&members["total"], &members["maxResults"]), (&json!(7), &json!(50)));
    assert_eq!(site.ok("root", "/group/member?groupname=staff").await["total"], 6);
    assert_eq!(site.get("root", "/group/member?groupId=unknown").await.0, 404);
    assert_eq!(site.get("root", "/group/member").await.0, 400);
    assert_eq!(site.get("shown", &format!("/group/member?groupId={group}")).await.0, 403);
}

#[tokio::test]
async fn groups_are_found_in_bulk_by_the_picker_and_by_member() {
    let site = Site::written(WORLD).await;
    let all = site.ok("root", "/group/bulk").await;
    assert_eq!(words(&all["values"], "name"), ["admins", "staff"]);
    let used = site.ok("root", "/group/bulk?applicationKey=jira-software").await;
    assert_eq!(words(&used["values"], "groupId"), [site.group("staff")]);
    assert_eq!(site.ok("root", "/groups/picker?query=ADM").await["groups"][0]["name"], "admins");
    assert_eq!(site.ok("shown", "/groups/picker?query=adm").await["total"], 0);
    let path = format!("/user/groups?accountId={}", site.account("root"));
    let groups = site.ok("root", &path).await;
    assert_eq!(groups.as_array().unwrap().len(), 2);
    assert_eq!(site.get("shown", &path).await.0, 403);
    let roles = site.ok("root", "/applicationrole").await;
    assert_eq!((&roles[0]["key"], &roles[0]["groupDetails"][0]["name"]), (&json!("jira-software"), &json!("staff")));
    assert_eq!(site.get("shown", "/applicationrole").await.0, 403);
}

#[tokio::test]
async fn searching_people_needs_the_right_to_browse_them() {
    let site = Site::written(WORLD).await;
    let found = async |who: &str, query: &str| {
        site.ok(who, &format!("/user/search?query={query}")).await.as_array().unwrap().len()
    };
    assert_eq!(found("root", "shown").await, 1);
    assert_eq!(found("root", "gone").await, 0, "inactive");
    assert_eq!(found("root", "null@people").await, 0, "not by an address that is hidden");
    assert_eq!(found("shown", "root").await, 0);
    assert_eq!(site.get("shown", "/user/search").await.0, 400);
}

#[tokio::test]
async fn administrators_make_users_and_groups() {
    let site = Site::written(WORLD).await;
    let body = json!({"emailAddress": "new@people.example", "displayName": "Nora New", "products": ["jira-software"]});
    assert_eq!(site.post("shown", "/user", body.clone()).await.0, 403);
    let (status, user) = site.post("root", "/user", body).await;
    assert_eq!((status, &user["displayName"]), (201, &json!("Nora New")));
    let account = word(&user["accountId"]);
    assert_eq!(words(&site.ok("root", &format!("/user/groups?accountId={account}")).await, "name"), ["staff"]);
    let group = site.done("root", Method::POST, "/group", json!({"name": "writers"})).await;
    assert_eq!(site.post("root", "/group", json!({"name": "writers"})).await.0, 400);
    let id = word(&group["groupId"]);
    let path = format!("/group/user?groupId={id}");
    assert_eq!(site.post("root", &path, json!({"accountId": account})).await.0, 201);
    assert_eq!(site.post("root", &path, json!({"accountId": account})).await.0, 400, "already in it");
    assert_eq!(site.ok("root", &format!("/group/member?groupId={id}")).await["total"], 1);
    assert_eq!(site.delete("root", &format!("{path}&accountId={account}")).await.0, 200);
    assert_eq!(site.ok("root", &format!("/group/member?groupId={id}")).await["total"], 0);
    assert_eq!(site.delete("root", &format!("/group?groupId={id}")).await.0, 200);
    assert_eq!(site.get("root", &format!("/group/member?groupId={id}")).await.0, 404);
    assert_eq!(words(&site.ok("root", "/group/bulk").await["values"], "name"), ["admins", "staff"]);
    assert_eq!(site.delete("root", &format!("/user?accountId={account}")).await.0, 204);
}

#[tokio::test]
async fn a_deleted_group_admits_nobody_and_its_grants_name_its_id() {
    let site = Site::written(WORLD).await;
    let group = site.done("root", Method::POST, "/group", json!({"name": "team"})).await;
    let id = word(&group["groupId"]).to_owned();
    let scheme = json!({"name": "T", "permissions": [
        {"holder": {"type": "group", "value": id}, "permission": "BROWSE_PROJECTS"}
    ]});
    let scheme = site.done("root", Method::POST, "/permissionscheme", scheme).await["id"].to_string();
    site.delete("root", &format!("/group?groupId={id}")).await;
    let grants = site.ok("root", &format!("/permissionscheme/{scheme}/permission")).await;
    assert_eq!(grants["permissions"][0]["holder"]["value"], id);
}
