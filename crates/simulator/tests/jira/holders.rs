//! Who sees an issue: every kind of holder, levels that stop administrators, team-managed projects.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, word, words};

const WORLD: &str = r#"
[site]
host = "holders.atlassian.net"

[access]
jira = { jira-software = ["staff"], jira-servicedesk = ["agents"] }
jira_admins = ["admins"]
browse_users = ["staff"]

[[group]]
name = "staff"
members = ["ann", "ben", "root"]

[[group]]
name = "agents"
members = ["sue"]

[[group]]
name = "admins"
members = ["root"]

[[group]]
name = "crew"
members = ["ben"]

[[person]]
handle = "ann"

[[person]]
handle = "ben"

[[person]]
handle = "sue"

[[person]]
handle = "root"

[[person]]
handle = "out"

[[field]]
name = "Approvers"
type = "users"

[[field]]
name = "Teams"
type = "groups"

[[security_scheme]]
name = "Levels"
levels = [{ name = "Reporter only", members = ["reporter"] }, { name = "Nobody", members = [] }]

[[project]]
key = "ONE"
lead = "ann"
security = "Levels"
roles = { Developers = ["group:crew"] }

[[project.issue]]
summary = "First"
reporter = "ben"
assignee = "sue"
by = "root"

[project.issue.fields]
Approvers = ["ann", "sue"]
Teams = ["crew"]

[[project.issue]]
summary = "Second"
reporter = "ann"
by = "root"

[[project]]
key = "OPEN"
lead = "root"
style = "open"

[[project.issue]]
summary = "For all"

[[project]]
key = "PRIV"
lead = "root"
style = "private"
roles = { Administrators = ["@root"] }

[[project.issue]]
summary = "For few"
"#;

const PEOPLE: [&str; 4] = ["ann", "ben", "sue", "root"];

/// Gives ONE a scheme with that single Browse holder and tells who sees which of its issues.
async fn seen_by(site: &Site, holder: Value) -> Vec<String> {
    let number = site.running.simulation.world().jira.permission_schemes.len();
    let scheme = json!({
        "name": format!("Scheme {number}"), "permissions": [{"holder": holder, "permission": "BROWSE_PROJECTS"}],
    });
    let scheme = site.done("root", Method::POST, "/permissionscheme", scheme).await;
    site.done("root", Method::PUT, "/project/ONE/permissionscheme", json!({"id": scheme["id"]})).await;
    let mut seen = Vec::new();
    for who in PEOPLE {
        for number in 1..=2 {
            let key = format!("ONE-{number}");
            let (status, _) = site.get(who, &format!("/issue/{key}")).await;
            let found = site.post(who, "/search/jql", json!({"jql": format!("id = {key}"), "fields": ["key"]})).await;
            assert_eq!(status == 200, found.0 == 200, "reading and finding {key} as {who} differ");
            if status == 200 {
                seen.push(format!("{who} {number}"));
            }
        }
    }
    let public = site.request(None, Method::GET, "/rest/api/3/issue/ONE-1");
    if site.send(public).await.0 == 200 {
        seen.push("public".to_owned());
    }
    seen
}

fn field(site: &Site, name: &str) -> String {
    let world = site.running.simulation.world();
    world.jira.fields.values().find(|field| field.name == name).unwrap().id.clone()
}

#[tokio::test]
async fn every_kind_of_holder_admits_whom_it_names() {
    let site = Site::written(WORLD).await;
    let all = ["ann 1", "ann 2", "ben 1", "ben 2", "sue 1", "sue 2", "root 1", "root 2"];
    let crew = site.group("crew");
    let parameter = |kind: &str, value: &str| json!({"type": kind, "parameter": value});
    assert_eq!(seen_by(&site, json!({"type": "anyone"})).await, [&all[..], &["public"]].concat());
    assert_eq!(seen_by(&site, json!({"type": "applicationRole"})).await, all);
    assert_eq!(seen_by(&site, parameter("applicationRole", "jira-servicedesk")).await, ["sue 1", "sue 2"]);
    assert_eq!(seen_by(&site, parameter("group", "crew")).await, ["ben 1", "ben 2"]);
    assert_eq!(seen_by(&site, json!({"type": "group", "value": crew})).await, ["ben 1", "ben 2"]);
    assert_eq!(seen_by(&site, parameter("user", &site.account("sue"))).await, ["sue 1", "sue 2"]);
    assert_eq!(seen_by(&site, parameter("PROJECTROLE", "10003")).await, ["ben 1", "ben 2"]);
    assert_eq!(seen_by(&site, parameter("projectRole", "10004")).await, Vec::<String>::new());
    assert_eq!(seen_by(&site, json!({"type": "projectLead"})).await, ["ann 1", "ann 2"]);
    assert_eq!(seen_by(&site, json!({"type": "reporter"})).await, ["ann 2", "ben 1"]);
    assert_eq!(seen_by(&site, json!({"type": "assignee"})).await, ["sue 1"]);
    let approvers = field(&site, "Approvers");
    assert_eq!(seen_by(&site, parameter("userCustomField", &approvers)).await, ["ann 1", "sue 1"]);
    let teams = field(&site, "Teams");
    assert_eq!(seen_by(&site, parameter("groupCustomField", &teams)).await, ["ben 1"]);
    assert_eq!(seen_by(&site, json!({"type": "sd.customer.portal.only"})).await, Vec::<String>::new());
}

#[tokio::test]
async fn holders_are_written_with_ids_and_names() {
    let site = Site::written(WORLD).await;
    let holders = [
        json!({"type": "group", "parameter": "crew"}),
        json!({"type": "userCustomField", "parameter": field(&site, "Approvers")}),
        json!({"type": "applicationRole"}),
        json!({"type": "projectRole", "parameter": "10002"}),
    ];
    let grants: Vec<Value> =
        holders.iter().map(|holder| json!({"holder": holder, "permission": "BROWSE_PROJECTS"})).collect();
    site.done("root", Method::POST, "/permissionscheme", json!({"name": "S", "permissions": grants})).await;
    // Reading all schemes with their grants takes one call and only access to Jira.
    let all = site.ok("ann", "/permissionscheme?expand=all").await;
    let scheme = all["permissionSchemes"].as_array().unwrap().iter().find(|scheme| scheme["name"] == "S").unwrap();
    let holder = |index: usize| scheme["permissions"][index]["holder"].clone();
    assert_eq!((&holder(0)["parameter"], &holder(0)["value"]), (&json!("crew"), &json!(site.group("crew"))));
    assert_eq!(holder(0)["group"]["name"], "crew");
    assert_eq!(holder(1)["field"]["name"], "Approvers");
    assert_eq!(holder(2), json!({"type": "applicationRole"}));
    assert_eq!(holder(3)["projectRole"]["name"], "Administrators");
    let unknown = site.ok("ann", "/permissionscheme?expand=bogus").await;
    assert!(unknown["permissionSchemes"][0]["permissions"].is_null(), "an unknown expansion expands nothing");
    let bare = site.ok("ann", "/permissionscheme").await;
    assert!(bare["permissionSchemes"][0].get("permissions").is_none());
    let unknown = json!({"holder": {"type": "group", "parameter": "nobody"}, "permission": "BROWSE_PROJECTS"});
    let path = format!("/permissionscheme/{}/permission", scheme["id"]);
    assert_eq!(site.post("root", &path, unknown).await.0, 400);
    let odd = json!({"holder": {"type": "anyone"}, "permission": "FLY"});
    assert_eq!(site.post("root", &path, odd).await.0, 400);
    assert_eq!(
        site.post("ann", &path, json!({"holder": {"type": "anyone"}, "permission": "BROWSE_PROJECTS"})).await.0,
        403
    );
}

async fn level(site: &Site, name: &str) -> String {
    let levels = site.ok("root", "/issuesecurityschemes/level").await;
    let level = levels["values"].as_array().unwrap().iter().find(|level| level["name"] == name).unwrap();
    word(&level["id"]).to_owned()
}

#[tokio::test]
async fn a_level_stops_administrators_and_an_empty_level_everybody() {
    let site = Site::written(WORLD).await;
    let set = async |level: &str| {
        let body = json!({"fields": {"security": {"id": level}}});
        site.put("root", "/issue/ONE-1", body).await.0
    };
    let sees = async |who: &str| site.get(who, "/issue/ONE-1").await.0 == 200;
    let nobody = level(&site, "Nobody").await;
    let own = level(&site, "Reporter only").await;
    assert!(sees("root").await && sees("ann").await);
    assert_eq!(set(&own).await, 204);
    assert!(!sees("root").await && !sees("ann").await && sees("ben").await);
    // Visibility follows the issue's present reporter.
    let issue = site.running.simulation.world().jira.issue("ONE-1").unwrap().id;
    let ann = site.account("ann");
    site.running.simulation.world_mut().edit_issue(issue, &ann.clone().into(), Vec::new(), |issue| {
        issue.reporter = Some(ann.into());
    });
    assert!(sees("ann").await && !sees("ben").await);
    let body = json!({"fields": {"security": {"id": nobody}}});
    assert_eq!(site.put("ann", "/issue/ONE-1", body).await.0, 204);
    for who in PEOPLE {
        assert!(!sees(who).await, "{who}");
    }
    // The administrator cannot read the issue, but can change the level's members.
    let scheme = site.ok("root", "/issuesecurityschemes").await["issueSecuritySchemes"][0]["id"].clone();
    let path = format!("/issuesecurityschemes/{scheme}/level/{nobody}/member");
    let members = json!({"members": [{"type": "user", "parameter": site.account("root")}]});
    assert_eq!(site.put("root", &path, members).await.0, 204);
    assert!(sees("root").await && !sees("ann").await);
}

#[tokio::test]
async fn the_security_model_takes_three_calls_and_an_administrator() {
    let site = Site::written(WORLD).await;
    let levels = site.ok("root", "/issuesecurityschemes/level").await;
    assert_eq!(words(&levels["values"], "name"), ["Reporter only", "Nobody"]);
    let members = site.ok("root", "/issuesecurityschemes/level/member?expand=all").await;
    let member = &members["values"][0];
    assert_eq!(member["issueSecurityLevelId"], levels["values"][0]["id"]);
    assert_eq!((&member["managed"], &member["holder"]), (&json!(false), &json!({"type": "reporter"})));
    let projects = site.ok("root", "/issuesecurityschemes/project").await;
    let project = site.ok("ann", "/project/ONE").await["id"].clone();
    assert_eq!(projects["values"][0]["projectId"], project);
    let scheme = word(&projects["values"][0]["issueSecuritySchemeId"]).to_owned();
    let own = site.ok("root", &format!("/issuesecurityschemes/{scheme}/members")).await;
    assert_eq!(own["values"][0]["id"].to_string(), word(&member["id"]), "a number here, text there");
    assert_eq!(site.ok("root", "/project/ONE/issuesecuritylevelscheme").await["id"].to_string(), scheme);
    assert_eq!(site.get("root", "/project/OPEN/issuesecuritylevelscheme").await.0, 404);
    for path in ["", "/level", "/level/member", "/project", &format!("/{scheme}"), &format!("/{scheme}/members")] {
        assert_eq!(site.get("ann", &format!("/issuesecurityschemes{path}")).await.0, 403, "{path}");
    }
    assert_eq!(site.get("ann", "/project/ONE/issuesecuritylevelscheme").await.0, 403);
    assert_eq!(site.ok("ben", "/project/ONE/securitylevel").await["levels"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn taking_a_scheme_away_takes_the_levels_away() {
    let site = Site::written(WORLD).await;
    let nobody = level(&site, "Nobody").await;
    site.done("root", Method::PUT, "/issue/ONE-1", json!({"fields": {"security": {"id": nobody}}})).await;
    assert_eq!(site.get("ben", "/issue/ONE-1").await.0, 404);
    let project = site.ok("root", "/project/ONE").await["id"].clone();
    let body = json!({"projectId": project, "schemeId": null});
    let answer = site.request(Some("root"), Method::PUT, "/rest/api/3/issuesecurityschemes/project").json(&body);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let task = answer.headers()["location"].to_str().unwrap();
    let task = site.ok("root", task.split_once("/rest/api/3").unwrap().1).await;
    assert_eq!(task["status"], "COMPLETE");
    site.ok("ben", "/issue/ONE-1").await;
}

#[tokio::test]
async fn team_managed_projects_are_open_to_the_licensed_or_private_to_roles() {
    let site = Site::written(WORLD).await;
    let keys = async |who: &str| {
        let page = site.ok(who, "/project/search?action=browse").await;
        words(&page["values"], "key").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys("ann").await, ["ONE", "OPEN"]);
    assert_eq!(keys("root").await, ["ONE", "OPEN", "PRIV"]);
    let private = site.ok("root", "/project/PRIV").await;
    assert_eq!(
        (&private["style"], &private["simplified"], &private["isPrivate"]),
        (&json!("next-gen"), &json!(true), &json!(true))
    );
    assert_eq!(site.get("ann", "/issue/PRIV-1").await.0, 404);
    site.ok("ann", "/issue/OPEN-1").await;
    assert_eq!(site.get("out", "/project/search").await.0, 200);
    assert_eq!(site.get("out", "/issue/OPEN-1").await.0, 404);
    let body = json!({"user": [site.account("ann")]});
    site.done("root", Method::POST, "/project/PRIV/role/10004", body).await;
    site.ok("ann", "/issue/PRIV-1").await;
}

#[tokio::test]
async fn an_administrator_finds_projects_that_it_cannot_browse() {
    let site = Site::written(WORLD).await;
    seen_by(&site, json!({"type": "projectLead"})).await;
    let keys = async |action: &str| {
        let page = site.ok("root", &format!("/project/search?action={action}&keys=ONE")).await;
        page["total"].clone()
    };
    assert_eq!((keys("view").await, keys("browse").await), (json!(1), json!(0)));
    assert_eq!(site.get("root", "/issue/ONE-1").await.0, 404);
    assert_eq!(site.get("ben", "/project/ONE").await.0, 404);
    assert_eq!(site.get("ben", "/project/ONE/permissionscheme").await.0, 404, "hidden");
    assert_eq!(site.get("ann", "/project/ONE/permissionscheme").await.0, 403, "visible, not administered");
    site.ok("root", "/project/ONE/permissionscheme").await;
}

#[tokio::test]
async fn the_check_of_permissions_counts_levels_and_answers_for_others_only_to_administrators() {
    let site = Site::written(WORLD).await;
    let own = level(&site, "Reporter only").await;
    site.done("root", Method::PUT, "/issue/ONE-1", json!({"fields": {"security": {"id": own}}})).await;
    let (project, issues) = {
        let world = site.running.simulation.world();
        let ids: Vec<u64> = world.jira.issues.keys().copied().collect();
        (world.jira.project("ONE").unwrap().id, ids)
    };
    let body = |who: &str| {
        json!({
            "accountId": site.account(who), "globalPermissions": ["ADMINISTER"],
            "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [project, 99], "issues": issues}],
        })
    };
    let answer = site.done("root", Method::POST, "/permissions/check", body("ben")).await;
    let granted =
        json!([{"permission": "BROWSE_PROJECTS", "projects": [project], "issues": [issues[0], issues[1], issues[2]]}]);
    assert_eq!(answer, json!({"globalPermissions": [], "projectPermissions": granted}));
    let answer = site.done("root", Method::POST, "/permissions/check", body("root")).await;
    assert_eq!(answer["globalPermissions"], json!(["ADMINISTER"]));
    assert_eq!(answer["projectPermissions"][0]["issues"], json!(issues[1..]));
    assert_eq!(site.post("ann", "/permissions/check", body("ben")).await.0, 403);
    assert_eq!(site.post("ann", "/permissions/check", body("ann")).await.0, 200);
    let wrong = json!({"projectPermissions": [{"permissions": ["FLY"], "projects": [project]}]});
    assert_eq!(site.post("ann", "/permissions/check", wrong).await.0, 400);
}

#[tokio::test]
async fn issue_dependent_grants_look_granted_at_the_project() {
    let site = Site::written(WORLD).await;
    assert_eq!(seen_by(&site, json!({"type": "reporter"})).await, ["ann 2", "ben 1"]);
    let browse = async |place: &str| {
        let answer = site.ok("sue", &format!("/mypermissions?permissions=BROWSE_PROJECTS{place}")).await;
        answer["permissions"]["BROWSE_PROJECTS"]["havePermission"].clone()
    };
    assert_eq!((browse("").await, browse("&projectKey=ONE").await), (json!(true), json!(true)));
    assert_eq!(site.get("sue", "/mypermissions?permissions=BROWSE_PROJECTS&issueKey=ONE-1").await.0, 404);
    assert_eq!(site.ok("sue", "/project/search?action=browse&keys=ONE").await["total"], 1);
    let (status, body) = site.get("sue", "/mypermissions?permissions=FLY").await;
    assert_eq!((status, &body["errors"]), (400, &json!({"FLY": "Unrecognized permission"})));
    assert_eq!(site.get("sue", "/mypermissions").await.0, 400);
    let body = json!({"permissions": ["BROWSE_PROJECTS"]});
    let projects = site.done("sue", Method::POST, "/permissions/project", body).await;
    assert_eq!(words(&projects["projects"], "key"), ["ONE", "OPEN"]);
}
