//! Spaces and who holds what on them.

use serde_json::{Value, json};

use crate::site::{Site, each};

const ROLES: &str = r#"
[site]
host = "roles.atlassian.net"
space_roles = "ROLES"
[access]
confluence = ["staff"]
[[group]]
name = "staff"
members = ["ann", "ben", "cat"]
[[person]]
handle = "ann"
[[person]]
handle = "ben"
[[person]]
handle = "cat"
[[space]]
key = "R"
owner = "cat"
roles = { Admin = ["@cat"], Viewer = ["group:staff"] }
page = [{ title = "Roles" }]
"#;

#[tokio::test]
async fn hidden_spaces_are_missing_everywhere() {
    let site = Site::start().await;
    let listed = site.get("ann", "/wiki/api/v2/spaces?limit=1").await.ok();
    assert_eq!(each(listed["results"].as_array().unwrap(), "key"), ["ENG"]);
    assert!(listed["_links"].get("next").is_none());
    let hr = site.space("HR");
    for path in ["", "/permissions", "/role-assignments", "/pages"] {
        assert_eq!(site.get("ann", &format!("/wiki/api/v2/spaces/{hr}{path}")).await.status, 404, "{path}");
    }
    assert_eq!(site.get("ann", "/wiki/rest/api/space/HR").await.status, 404);
    let both = site.all("cat", "/wiki/api/v2/spaces?limit=1&sort=-key").await;
    assert_eq!(each(&both, "key"), ["HR", "ENG"]);
}

#[tokio::test]
async fn permission_rows_name_users_and_groups_and_page_by_cursor() {
    let site = Site::start().await;
    let path = format!("/wiki/api/v2/spaces/{}/permissions", site.space("ENG"));
    let rows = site.all("ben", &format!("{path}?limit=5")).await;
    let reads: Vec<&Value> =
        rows.iter().filter(|row| row["operation"] == json!({"key": "read", "targetType": "space"})).collect();
    let mut principals: Vec<String> =
        reads.iter().map(|row| row["principal"]["id"].as_str().unwrap().to_owned()).collect();
    let mut wanted = vec![site.group("staff"), site.group("robots"), site.account("cat")];
    principals.sort();
    wanted.sort();
    assert_eq!(principals, wanted);
}

#[tokio::test]
async fn only_the_deprecated_route_tells_that_the_public_may_read() {
    let site = Site::start().await;
    let space = site.space("ENG");
    site.change(|world| {
        use simulator::state::space::SpacePrincipal;
        world.grant_space(space, SpacePrincipal::Anonymous, "read", "space");
        world.grant_space(space, SpacePrincipal::Unlicensed, "read", "space");
    });
    let v2 = site.all("ben", &format!("/wiki/api/v2/spaces/{space}/permissions")).await;
    assert!(v2.iter().all(|row| row["principal"]["type"] != "role" && row["principal"]["id"].is_string()));
    let got = site.get("ben", "/wiki/rest/api/space?expand=permissions&spaceKey=ENG").await;
    assert_eq!(got.headers["deprecation"], "Wed, 1 Mar 2023 00:00:00 GMT");
    assert!(got.headers["warning"].to_str().unwrap().starts_with("299 - \"Deprecated API"));
    let rows = got.body["results"][0]["permissions"].as_array().unwrap().clone();
    let public = rows.iter().find(|row| row["anonymousAccess"] == true).unwrap();
    assert!(public.get("subjects").is_none());
    assert_eq!(rows.iter().filter(|row| row["unlicensedAccess"] == true).count(), 1);
    let named = rows.iter().find(|row| row["subjects"]["group"].is_object()).unwrap();
    assert_eq!(named["subjects"]["group"]["size"], 1);
}

#[tokio::test]
async fn a_site_with_roles_has_assignments_instead_of_rows() {
    let site = Site::of(ROLES).await;
    let space = site.space("R");
    assert_eq!(site.get("ann", "/wiki/api/v2/space-role-mode").await.ok(), json!({"mode": "ROLES"}));
    let rows = site.get("ann", &format!("/wiki/api/v2/spaces/{space}/permissions")).await.ok();
    assert_eq!(rows["results"], json!([]));
    let all = site.all("ann", &format!("/wiki/api/v2/spaces/{space}/role-assignments?limit=1")).await;
    let kinds: Vec<&Value> = all.iter().map(|row| &row["principal"]["principalType"]).collect();
    assert_eq!(kinds, [&json!("USER"), &json!("GROUP")]);
    let roles = site.get("ann", "/wiki/api/v2/space-roles?role-type=SYSTEM").await.ok();
    let viewer = roles["results"].as_array().unwrap().iter().find(|role| role["name"] == "Viewer").unwrap();
    assert_eq!((&viewer["spacePermissions"], &viewer["type"]), (&json!(["read/space"]), &json!("SYSTEM")));
}

#[tokio::test]
async fn a_site_with_roles_refuses_permission_rows_and_takes_assignments() {
    let site = Site::of(ROLES).await;
    let row = json!({"subject": {"type": "user", "identifier": site.account("ben")}, "operation": {"key": "read", "target": "space"}});
    let refused = site.post("cat", "/wiki/rest/api/space/R/permission", &row).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body["message"].as_str().unwrap().contains("InvalidRbacOperationException"));
    let path = format!("/wiki/api/v2/spaces/{}/role-assignments", site.space("R"));
    let roles = site.get("cat", "/wiki/api/v2/space-roles").await.ok();
    let collaborator = roles["results"].as_array().unwrap().iter().find(|role| role["name"] == "Collaborator").unwrap();
    let assign = json!([{"principal": {"principalType": "USER", "principalId": site.account("ben")}, "roleId": collaborator["id"]},
        {"principal": {"principalType": "GROUP", "principalId": site.group("staff")}}]);
    assert_eq!(site.post("ben", &path, &assign).await.status, 404);
    site.post("cat", &path, &assign).await.ok();
    assert_eq!(site.get("ann", &path).await.status, 404, "the group lost its role");
    let page = json!({"spaceId": site.space("R").to_string(), "title": "By ben"});
    assert_eq!(site.post("ben", "/wiki/api/v2/pages", &page).await.status, 200);
}

#[tokio::test]
async fn rows_are_granted_and_revoked_and_without_reading_all_others_go() {
    let site = Site::start().await;
    let ben = site.account("ben");
    let row = |key: &str, target: &str| json!({"subject": {"type": "user", "identifier": ben}, "operation": {"key": key, "target": target}});
    let path = "/wiki/rest/api/space/HR/permission";
    assert_eq!(site.post("dan", path, &row("read", "space")).await.status, 403);
    assert_eq!(site.post("cat", path, &row("create", "page")).await.status, 400, "reading comes first");
    let read = site.post("cat", path, &row("read", "space")).await.ok();
    site.post("cat", path, &row("create", "page")).await.ok();
    assert_eq!(site.post("cat", path, &row("read", "space")).await.status, 400, "twice");
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{}", site.id("Pay"))).await.status, 200);
    assert_eq!(site.delete("cat", &format!("{path}/{}", read["id"])).await.status, 204);
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{}", site.id("Pay"))).await.status, 404);
    let rows = site.all("cat", &format!("/wiki/api/v2/spaces/{}/permissions", site.space("HR"))).await;
    assert!(rows.iter().all(|row| row["principal"]["id"] != ben));
    assert_eq!(site.delete("cat", &format!("{path}/{}", read["id"])).await.status, 404);
}

#[tokio::test]
async fn spaces_are_made_changed_archived_and_deleted() {
    let site = Site::start().await;
    let made = site.post("ann", "/wiki/rest/api/space", &json!({"key": "NEW", "name": "New space"})).await.ok();
    assert_eq!((&made["key"], &made["homepage"]["title"]), (&json!("NEW"), &json!("New space Home")));
    assert_eq!(site.post("ann", "/wiki/rest/api/space", &json!({"key": "NEW", "name": "Again"})).await.status, 400);
    assert_eq!(site.get("ben", "/wiki/rest/api/space/NEW").await.status, 200, "everybody may read it");
    let private =
        site.post("ann", "/wiki/api/v2/spaces", &json!({"name": "Quiet room", "createPrivateSpace": true})).await;
    assert_eq!((private.status.as_u16(), &private.body["key"]), (201, &json!("QR")));
    assert_eq!(site.get("ben", "/wiki/rest/api/space/QR").await.status, 404);
    assert_eq!(site.put("ben", "/wiki/rest/api/space/NEW", &json!({"name": "Mine"})).await.status, 403);
    let changed = json!({"name": "Renamed", "status": "archived"});
    let changed = site.put("ann", "/wiki/rest/api/space/NEW", &changed).await.ok();
    assert_eq!((&changed["name"], &changed["status"]), (&json!("Renamed"), &json!("archived")));
    let gone = site.delete("ann", "/wiki/rest/api/space/NEW").await;
    assert_eq!(gone.status, 202);
    let task = format!("/wiki{}", gone.body["links"]["status"].as_str().unwrap());
    assert_eq!(site.get("ann", &task).await.ok()["finished"], true);
    assert_eq!(site.get("ann", "/wiki/rest/api/space/NEW").await.status, 404);
}

#[tokio::test]
async fn one_space_with_its_parts_included() {
    let site = Site::start().await;
    let path = format!(
        "/wiki/api/v2/spaces/{}?include-permissions=true&include-labels=true&include-operations=true&description-format=plain",
        site.space("ENG")
    );
    let space = site.get("ben", &path).await.ok();
    assert_eq!(space["homepageId"], site.id("Home").to_string());
    assert_eq!(space["permissions"]["meta"]["hasMore"], false);
    assert!(
        space["operations"]["results"]
            .as_array()
            .unwrap()
            .contains(&json!({"operation": "create", "targetType": "page"}))
    );
}
