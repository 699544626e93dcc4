//! Users and groups.

use serde_json::{Value, json};

use crate::site::{Site, each};

#[tokio::test]
async fn an_e_mail_is_shown_null_empty_or_absent() {
    let site = Site::with("[[person]]\nhandle = \"eve\"\nemail_shown = \"absent\"\n").await;
    let mut shown = Vec::new();
    for handle in ["ann", "ben", "dan", "eve"] {
        let user = site.get("ann", &format!("/wiki/rest/api/user?accountId={}", site.account(handle))).await.ok();
        shown.push(user.get("email").cloned());
    }
    assert_eq!(shown, [Some(json!("ann@acme.example")), Some(Value::Null), Some(json!("")), None]);
    let ids = json!({"accountIds": [site.account("ann"), site.account("ben"), site.account("eve"), "nobody"]});
    let bulk = site.post("ann", "/wiki/api/v2/users-bulk", &ids).await.ok();
    let mut emails = each(bulk["results"].as_array().unwrap(), "email");
    emails.sort();
    assert_eq!(emails, ["", "", "ann@acme.example"], "v2 hides with the empty word and leaves the unknown out");
}

#[tokio::test]
async fn the_current_user_is_the_caller() {
    let site = Site::start().await;
    let own = site.get("ann", "/wiki/rest/api/user/current").await.ok();
    assert_eq!((&own["accountId"], &own["type"]), (&json!(site.account("ann")), &json!("known")));
    let robot = site.robot("/rest/api/user/current").await.ok();
    assert_eq!(robot["accountType"], "app");
    let nobody = site.get("", "/wiki/rest/api/user/current").await;
    assert_eq!(nobody.status, 403, "without the global anonymous access nobody gets in");
}

#[tokio::test]
async fn nobody_in_particular_is_a_user_of_type_anonymous_where_the_public_may_use_the_product() {
    let site = Site::of("[site]\nhost = \"open.atlassian.net\"\n[access]\nanonymous = true\n").await;
    assert_eq!(site.get("", "/wiki/rest/api/user/current").await.ok()["type"], "anonymous");
}

#[tokio::test]
async fn users_are_read_by_account_id_only() {
    let site = Site::start().await;
    assert_eq!(site.get("ann", "/wiki/rest/api/user?username=ben").await.status, 400);
    assert_eq!(site.get("ann", "/wiki/rest/api/user?accountId=none").await.status, 404);
    let many = format!("/wiki/rest/api/user/bulk?accountId={},{}", site.account("ben"), site.account("ann"));
    let many = site.get("ann", &many).await.ok();
    assert_eq!(many["results"].as_array().unwrap().len(), 2);
    let groups = site.get("ann", &format!("/wiki/rest/api/user/memberof?accountId={}", site.account("ann"))).await.ok();
    let mut names = each(groups["results"].as_array().unwrap(), "name");
    names.sort();
    assert_eq!(names, ["legal", "staff"]);
}

#[tokio::test]
async fn members_come_at_most_200_at_a_time_and_an_unknown_group_has_none() {
    let site = Site::with("[generate]\npeople = 230\n").await;
    let path = format!("/wiki/rest/api/group/{}/membersByGroupId", site.group("staff"));
    let first = site.get("ann", &format!("{path}?limit=200&shouldReturnTotalSize=true")).await.ok();
    assert_eq!((&first["size"], &first["totalSize"]), (&json!(200), &json!(233)));
    assert!(first["_links"]["next"].as_str().unwrap().starts_with("/rest/api/group/"));
    assert_eq!(site.all("ann", &format!("{path}?limit=200")).await.len(), 233);
    assert_eq!(site.get("ann", &format!("{path}?limit=201")).await.status, 400);
    let unknown = site.get("ann", "/wiki/rest/api/group/none/membersByGroupId").await.ok();
    assert_eq!(unknown["size"], 0);
    assert_eq!(site.get("ann", "/wiki/rest/api/group/staff/member").await.status, 404, "the route by name is gone");
}

#[tokio::test]
async fn administrators_make_groups_and_fill_them() {
    let site = Site::start().await;
    assert_eq!(site.post("ann", "/wiki/rest/api/group", &json!({"name": "crew"})).await.status, 403);
    let made = site.post("cat", "/wiki/rest/api/group", &json!({"name": "crew"})).await;
    assert_eq!(made.status, 201);
    let id = made.body["id"].as_str().unwrap().to_owned();
    assert_eq!(site.post("cat", "/wiki/rest/api/group", &json!({"name": "crew"})).await.status, 400);
    let add = format!("/wiki/rest/api/group/userByGroupId?groupId={id}");
    let ben = site.account("ben");
    assert_eq!(site.post("cat", &add, &json!({"accountId": ben})).await.status, 201);
    let members = format!("/wiki/rest/api/group/{id}/membersByGroupId");
    assert_eq!(each(site.get("ann", &members).await.ok()["results"].as_array().unwrap(), "accountId"), [ben.as_str()]);
    assert_eq!(site.delete("cat", &format!("{add}&accountId={ben}")).await.status, 204);
    assert_eq!(site.get("ann", &members).await.ok()["size"], 0);
    assert_eq!(site.delete("cat", &format!("/wiki/rest/api/group/by-id?id={id}")).await.status, 204);
    assert_eq!(site.get("ann", &format!("/wiki/rest/api/group/by-id?id={id}")).await.status, 404);
    let names = each(site.get("ann", "/wiki/rest/api/group").await.ok()["results"].as_array().unwrap(), "name");
    assert_eq!(names, ["admins", "legal", "robots", "staff"]);
}

#[tokio::test]
async fn an_account_that_is_switched_off_stays_a_member_and_reads_nothing() {
    let site = Site::start().await;
    let dan = site.account("dan");
    site.change(|world| world.set_active(&dan, false));
    assert_eq!(site.get("dan", "/wiki/api/v2/pages").await.status, 403);
    let members = site.get("ann", &format!("/wiki/rest/api/group/{}/membersByGroupId", site.group("staff"))).await.ok();
    let row = members["results"].as_array().unwrap().iter().find(|row| row["accountId"] == dan).unwrap();
    assert_eq!(row["accountStatus"], "inactive");
}

#[tokio::test]
async fn the_system_tells_its_cloud_id_and_address() {
    let site = Site::start().await;
    let info = site.robot("/rest/api/settings/systemInfo").await.ok();
    assert_eq!(info["cloudId"], site.running.simulation.site.cloud_id.as_str());
    assert_eq!(info["baseUrl"], "https://acme.atlassian.net/wiki");
}
