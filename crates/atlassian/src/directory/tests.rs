//! Directories against a small site: what each reading gives, and that nothing unreadable makes anybody see more.

use super::{Draft, for_confluence, for_jira};
use crate::jira::double::{Asked, Double};
use access::{AccessClass, Group, ProductAccess, SourceDirectory, User, UserId};
use model::{Problem, ProblemKind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

type Instead = &'static [(&'static str, u16)];

fn values(values: &[Value]) -> Value {
    json!({"startAt": 0, "maxResults": 50, "total": values.len(), "isLast": true, "values": values})
}

fn person(id: &str, email: Value) -> Value {
    let mut person = json!({"accountId": id, "accountType": "atlassian", "displayName": id, "active": true});
    person["emailAddress"] = email;
    person
}

/// Users come in pages of two at most, whatever is asked for, as when Jira drops some after cutting the page.
fn jira(asked: &Asked) -> Value {
    let mut without = person("acc-3", json!(null));
    without.as_object_mut().unwrap().remove("emailAddress");
    let users = [
        person("acc-1", json!("ana@example.com")),
        person("acc-2", json!("")),
        without,
        person("acc-4", json!(null)),
        json!({"accountId": "acc-5", "accountType": "customer", "active": true, "displayName": "Customer"}),
        json!({"accountId": "acc-6", "accountType": "app", "active": true, "displayName": "Robot"}),
        json!({"accountId": "acc-7", "accountType": "unknown", "active": true, "displayName": "Former user"}),
    ];
    match asked.path.as_str() {
        "/rest/api/3/users/search" => {
            let start = asked.number("startAt").min(users.len());
            json!(users[start..(start + 2).min(users.len())])
        }
        "/rest/api/3/group/bulk" if asked.query.get("accessType").is_some_and(|access| access == "user") => {
            values(&[json!({"name": "eng", "groupId": "g-1"})])
        }
        "/rest/api/3/group/bulk" => {
            values(&[json!({"name": "eng", "groupId": "g-1"}), json!({"name": "ops", "groupId": "g-2"})])
        }
        "/rest/api/3/group/member" => match asked.query["groupId"].as_str() {
            "g-1" if asked.number("startAt") == 0 => json!({"startAt": 0, "maxResults": 1, "total": 2, "isLast": false,
                "values": [person("acc-1", json!(null))]}),
            "g-1" => json!({"startAt": 1, "maxResults": 1, "total": 2, "isLast": true,
                "values": [person("acc-2", json!(null))]}),
            _ => values(&[person("acc-9", json!(null))]),
        },
        "/rest/api/3/applicationrole" => json!([
            {"key": "jira-software", "groups": ["eng"], "groupDetails": [{"name": "eng", "groupId": "g-1"}], "defined": true},
            {"key": "jira-servicedesk", "groups": ["ops", "nobody knows"], "defined": true},
            {"key": "jira-old", "groupDetails": [{"name": "x", "groupId": "g-3"}], "defined": false}]),
        "/admin/v2/orgs/org-1/directories/-/users/search" => organization(asked),
        path => panic!("unexpected call of {path}"),
    }
}

fn organization(asked: &Asked) -> Value {
    let user = |id: &str, verified: Value, status: &str| {
        json!({"accountId": id, "name": id, "email": format!("{id}@example.com"), "emailVerified": verified,
            "accountType": "atlassian", "status": status, "groups": [{"id": "g-1", "name": "eng"}]})
    };
    match asked.body["cursor"].as_str() {
        None => json!({"data": [user("acc-1", json!(true), "active"), user("acc-2", json!(false), "active")],
            "links": {"next": "b2Zmc2V0OjEwMA"}}),
        Some("b2Zmc2V0OjEwMA") => json!({"data": [user("acc-3", json!(null), "suspended")], "links": {"next": null}}),
        Some(other) => panic!("unexpected cursor {other}"),
    }
}

async fn site(answers: fn(&Asked) -> Value, instead: Instead) -> Double {
    let refusal = json!({"errorMessages": ["no"], "errors": {}});
    Double::start(move |asked| {
        let whole = format!("{}?{}", asked.path, asked.query.get("accessType").map_or("", String::as_str));
        let replaced = instead.iter().find(|(part, _)| whole.contains(part));
        replaced.map_or_else(|| (200, answers(asked)), |(_, status)| (*status, refusal.clone()))
    })
    .await
}

async fn of_jira(org: Option<&str>, instead: Instead) -> (SourceDirectory, Vec<Problem>) {
    for_jira(&site(jira, instead).await.gateway(org)).await.unwrap()
}

fn user<'a>(directory: &'a SourceDirectory, id: &str) -> &'a User {
    &directory.users[&UserId::Account(id.into())]
}

fn members(directory: &SourceDirectory, group: &str) -> Vec<String> {
    let members = &directory.members[&Group::Id(group.into())];
    members.iter().map(|user| user.to_string().replace("account:", "")).collect()
}

fn groups(ids: &[&str]) -> BTreeSet<Group> {
    ids.iter().map(|id| Group::Id((*id).into())).collect()
}

#[tokio::test]
async fn trap_pages_of_users_are_short_and_only_an_empty_one_is_the_end() {
    let double = site(jira, &[]).await;
    let (directory, problems) = for_jira(&double.gateway(None)).await.unwrap();
    assert_eq!(directory.users.len(), 8, "seven, and one that only a group names");
    assert_eq!(double.asked("users/search").len(), 5);
    assert!(problems.is_empty(), "{problems:?}");
}

#[tokio::test]
async fn trap_emails_are_absent_null_or_empty() {
    let (directory, _) = of_jira(None, &[]).await;
    assert_eq!(user(&directory, "acc-1").email.as_deref(), Some("ana@example.com"));
    for id in ["acc-2", "acc-3", "acc-4"] {
        assert_eq!(user(&directory, id).email, None, "{id}");
    }
}

#[tokio::test]
async fn customers_and_apps_are_outsiders_and_erased_accounts_inactive() {
    let (directory, _) = of_jira(None, &[]).await;
    assert!(user(&directory, "acc-5").outsider && user(&directory, "acc-6").outsider);
    assert!(!user(&directory, "acc-1").outsider && user(&directory, "acc-1").active);
    assert!(!user(&directory, "acc-7").active);
}

#[tokio::test]
async fn groups_are_read_to_their_last_page_and_applications_say_who_has_access() {
    let (directory, _) = of_jira(None, &[]).await;
    assert_eq!(members(&directory, "g-1"), ["acc-1", "acc-2"]);
    assert_eq!(directory.product_access, ProductAccess::Groups(groups(&["g-1", "g-2"])), "by id, else by name");
    let class = |key: &str| AccessClass::ApplicationRole(key.into());
    assert_eq!(directory.classes[&class("jira-software")], groups(&["g-1"]));
    assert_eq!(directory.classes[&class("jira-servicedesk")], groups(&["g-2"]), "an unknown name is nobody");
    assert!(!directory.classes.contains_key(&class("jira-old")), "an application that is not there");
}

#[tokio::test]
async fn a_group_that_may_not_be_read_has_no_members() {
    let (directory, problems) = of_jira(None, &[("group/member", 403), ("/wiki/", 403)]).await;
    assert_eq!((members(&directory, "g-1").len(), members(&directory, "g-2").len()), (0, 0));
    assert_eq!(problems.len(), 2);
    assert!(problems.iter().all(|problem| problem.kind == ProblemKind::Permission));
}

#[tokio::test]
async fn unreadable_applications_fall_back_to_the_groups_with_access_then_to_nobody() {
    let (directory, problems) = of_jira(None, &[("applicationrole", 403)]).await;
    assert_eq!(directory.product_access, ProductAccess::Groups(groups(&["g-1"])));
    assert_eq!((directory.classes.len(), problems.len()), (0, 1));
    let (directory, problems) = of_jira(None, &[("applicationrole", 403), ("group/bulk?user", 403)]).await;
    assert_eq!(directory.product_access, ProductAccess::Unknown);
    assert_eq!(problems.len(), 2);
}

#[tokio::test]
async fn a_failure_is_not_taken_for_an_empty_directory() {
    let double = site(jira, &[("group/member", 500)]).await;
    assert!(for_jira(&double.gateway(None)).await.unwrap_err().is_transient());
}

#[tokio::test]
async fn the_organization_tells_accounts_verified_emails_and_memberships() {
    let double = site(jira, &[]).await;
    let (directory, problems) = for_jira(&double.gateway(Some("org-1"))).await.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(user(&directory, "acc-1").email.as_deref(), Some("acc-1@example.com"));
    assert_eq!(user(&directory, "acc-2").email, None, "nobody has proved to own it");
    assert!(user(&directory, "acc-1").active && !user(&directory, "acc-3").active);
    assert_eq!(members(&directory, "g-1"), ["acc-1", "acc-2", "acc-3"]);
    assert_eq!((double.asked("users/search").len(), double.asked("group/member").len()), (2, 0));
}

#[tokio::test]
async fn a_refused_organization_key_falls_back_to_the_site() {
    for status in [401, 403] {
        let instead: Instead = if status == 401 { &[("/admin/", 401)] } else { &[("/admin/", 403)] };
        let (directory, problems) = of_jira(Some("org-1"), instead).await;
        assert_eq!(directory.users.len(), 8);
        assert_eq!(problems[0].item, "organization directory");
    }
}

/// Confluence: a page that is empty and still has a next one stands in the middle of the groups.
fn confluence(asked: &Asked) -> Value {
    let group = |id: &str| json!({"type": "group", "name": id, "id": id});
    let page = |results: Value, next: bool| {
        let links = if next { json!({"next": "/rest/api/group?start=x"}) } else { json!({}) };
        json!({"results": results, "start": 0, "limit": 200, "size": 1, "_links": links})
    };
    let member = |id: &str, more: Value| {
        let mut user = json!({"type": "known", "accountId": id, "accountType": "atlassian", "email": "",
            "publicName": "nick", "displayName": id, "isGuest": false, "accountStatus": "active"});
        for (name, value) in more.as_object().unwrap() {
            user[name] = value.clone();
        }
        user
    };
    match (asked.path.as_str(), asked.query.get("accessType").map(String::as_str), asked.number("start")) {
        ("/wiki/rest/api/group", Some("user"), _) => page(json!([group("g-1"), group("g-2")]), false),
        ("/wiki/rest/api/group", Some("admin"), _) => page(json!([group("g-9")]), false),
        ("/wiki/rest/api/group", None, 0) => page(json!([group("g-1"), group("g-2")]), true),
        ("/wiki/rest/api/group", None, 2) => page(json!([]), true),
        ("/wiki/rest/api/group", None, _) => page(json!([group("g-3"), group("g-9")]), false),
        ("/wiki/rest/api/group/g-1/membersByGroupId", ..) => page(
            json!([
                member("acc-1", json!({"email": "ana@example.com"})),
                member("acc-2", json!({"accountStatus": "inactive", "email": "somebody.elses@example.com"}))
            ]),
            false,
        ),
        ("/wiki/rest/api/group/g-2/membersByGroupId", ..) => {
            page(json!([member("acc-3", json!({"isGuest": true}))]), false)
        }
        ("/wiki/rest/api/group/g-3/membersByGroupId", ..) => {
            page(json!([member("acc-4", json!({"type": "unknown"}))]), false)
        }
        ("/wiki/rest/api/group/g-9/membersByGroupId", ..) => page(json!([member("acc-1", json!({}))]), false),
        _ => organization(asked),
    }
}

#[tokio::test]
async fn confluence_tells_guests_statuses_and_who_has_access() {
    let double = site(confluence, &[]).await;
    let (directory, problems) = for_confluence(&double.gateway(None)).await.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(directory.product_access, ProductAccess::Groups(groups(&["g-1", "g-2", "g-9"])));
    assert_eq!(directory.classes[&AccessClass::ProductAdmins], groups(&["g-9"]));
    assert_eq!(members(&directory, "g-3"), ["acc-4"], "an empty page is not the end");
    assert_eq!(user(&directory, "acc-1").email.as_deref(), Some("ana@example.com"));
    assert!(!user(&directory, "acc-2").active && !user(&directory, "acc-4").active);
    assert!(user(&directory, "acc-3").guest && !user(&directory, "acc-1").guest);
}

#[tokio::test]
async fn with_an_organization_confluence_still_tells_who_is_a_guest() {
    let double = site(confluence, &[]).await;
    let (directory, _) = for_confluence(&double.gateway(Some("org-1"))).await.unwrap();
    assert!(user(&directory, "acc-3").guest);
    assert_eq!(user(&directory, "acc-1").email.as_deref(), Some("acc-1@example.com"));
    assert!(!user(&directory, "acc-2").active, "one of two readings says inactive");
    assert_eq!(user(&directory, "acc-2").email, None, "unverified, whatever the product shows");
    assert_eq!(double.asked("g-3/membersByGroupId").len(), 0, "only groups that give access");
}

/// The same site, where an administrator is a guest and the organization names somebody whom Confluence's groups do not.
fn with_guests_elsewhere(asked: &Asked) -> Value {
    let listed = |member: Value| json!({"results": [member], "start": 0, "limit": 200, "size": 1, "_links": {}});
    match asked.path.as_str() {
        "/wiki/rest/api/group/g-9/membersByGroupId" => listed(json!({"type": "known", "accountId": "acc-5",
            "accountType": "atlassian", "displayName": "Eve", "isGuest": true, "accountStatus": "active"})),
        "/wiki/api/v2/users-bulk" => {
            let asked = asked.body["accountIds"].as_array().unwrap();
            let told = asked.iter().filter(|id| **id != "acc-9").map(|id| {
                let mut user =
                    json!({"accountId": id, "accountType": "atlassian", "accountStatus": "active", "email": ""});
                if *id == "acc-6" {
                    user["isExternalCollaborator"] = json!(false);
                }
                user
            });
            json!({"results": told.collect::<Vec<_>>(), "_links": {}})
        }
        path if path.starts_with("/admin/") => {
            let user = |id: &str, group: &str| {
                json!({"accountId": id, "name": id, "email": format!("{id}@example.com"), "emailVerified": true,
                    "accountType": "atlassian", "status": "active", "groups": [{"id": group, "name": group}]})
            };
            let data = [
                user("acc-5", "g-9"),
                user("acc-6", "g-1"),
                user("acc-7", "g-1"),
                user("acc-8", "g-3"),
                user("acc-9", "g-1"),
            ];
            json!({"data": data, "links": {"next": null}})
        }
        _ => confluence(asked),
    }
}

#[tokio::test]
async fn a_guest_who_administers_confluence_is_known_to_be_a_guest() {
    let double = site(with_guests_elsewhere, &[]).await;
    let (directory, _) = for_confluence(&double.gateway(Some("org-1"))).await.unwrap();
    assert!(user(&directory, "acc-5").guest, "only a group of administrators lets this guest in");
}

#[tokio::test]
async fn of_whom_confluence_tells_nothing_counts_as_a_guest() {
    let double = site(with_guests_elsewhere, &[]).await;
    let (directory, problems) = for_confluence(&double.gateway(Some("org-1"))).await.unwrap();
    assert!(!user(&directory, "acc-6").guest, "no list of members names this person, but Confluence answers by id");
    assert!(user(&directory, "acc-7").guest, "an answer that does not say it");
    assert!(user(&directory, "acc-9").guest, "no answer");
    assert!(!user(&directory, "acc-8").guest, "no group lets this person in, so nobody has to ask");
    assert_eq!(double.asked("users-bulk").len(), 1);
    let told: Vec<_> = problems.iter().filter(|problem| problem.item == "guests").collect();
    assert!(told.len() == 1 && told[0].reason.contains("2 people are taken for guests"), "{problems:?}");
}

#[tokio::test]
async fn where_jira_tells_the_members_of_a_group_nobody_is_known_to_be_no_guest() {
    let refused: Instead = &[("/membersByGroupId", 403), ("users-bulk", 403)];
    let double = site(with_guests_elsewhere, refused).await;
    let (directory, problems) = for_confluence(&double.gateway(Some("org-1"))).await.unwrap();
    for id in ["acc-5", "acc-6", "acc-7"] {
        assert!(user(&directory, id).guest, "{id}: unknown is the narrower");
    }
    assert!(problems.iter().any(|problem| problem.item == "guests"), "{problems:?}");
}

#[tokio::test]
async fn groups_of_confluence_that_may_not_be_listed_admit_nobody() {
    let double = site(confluence, &[("/wiki/rest/api/group?", 403), ("/rest/api/3/", 403)]).await;
    let (directory, problems) = for_confluence(&double.gateway(None)).await.unwrap();
    assert_eq!((directory.product_access, directory.members.len()), (ProductAccess::Unknown, 0));
    assert_eq!(problems.len(), 3);
}

#[test]
fn people_whom_no_known_group_lets_in_are_counted_and_told() {
    let mut draft = Draft::new();
    let active = User { active: true, ..User::default() };
    draft.user("insider", active.clone());
    draft.user("guest", User { guest: true, ..active.clone() });
    draft.user("stranger", active.clone());
    draft.user("gone", User::default());
    draft.user("robot", User { outsider: true, ..active });
    draft.member("g-1", "insider");
    draft.note_strangers("Confluence");
    assert!(draft.problems.is_empty(), "unknown access has a problem of its own");
    draft.directory.product_access = ProductAccess::Groups(groups(&["g-1"]));
    draft.note_strangers("Confluence");
    let told: Vec<_> = draft.problems.iter().map(|problem| (problem.kind, &problem.reason[..15])).collect();
    assert_eq!(told, [(ProblemKind::Notice, "2 active people")]);
}

/// A listing that goes on for ever costs an error, not the run.
#[tokio::test]
async fn listings_that_repeat_or_lead_in_circles_end_with_an_error() {
    fn endless(asked: &Asked) -> Value {
        match asked.path.as_str() {
            "/rest/api/3/users/search" => json!([person("acc-1", json!(null))]),
            path if path.starts_with("/admin/") => {
                let next = if asked.body["cursor"] == "a" { "b" } else { "a" };
                json!({"data": [], "links": {"next": next}})
            }
            _ => jira(asked),
        }
    }
    let double = site(endless, &[]).await;
    assert!(for_jira(&double.gateway(None)).await.unwrap_err().reason.contains("never end"));
    assert!(for_jira(&double.gateway(Some("org-1"))).await.unwrap_err().reason.contains("in a circle"));
}

/// The network may cut an answer in half: the directory before stays, and no half of it is believed.
#[tokio::test]
async fn a_directory_cut_in_half_is_no_directory() {
    let double = Double::start_cutting(|asked| asked.path.ends_with("users/search"), |asked| (200, jira(asked))).await;
    assert!(for_jira(&double.gateway(None)).await.unwrap_err().is_transient());
    let org = for_jira(&double.gateway(Some("org-1"))).await;
    assert!(org.unwrap_err().is_transient(), "a cut answer is no refused key, which the site would stand in for");
}

/// Jira without `Browse users and groups`, on a site whose Confluence tells groups and members.
#[tokio::test]
async fn where_one_product_does_not_tell_the_members_the_other_is_asked() {
    fn both(asked: &Asked) -> Value {
        let page = |results: Value| json!({"results": results, "start": 0, "limit": 200, "size": 1, "_links": {}});
        let group = |id: &str, name: &str| json!({"type": "group", "name": name, "id": id});
        match asked.path.as_str() {
            "/wiki/rest/api/group" => page(json!([group("g-1", "eng"), group("g-2", "ops")])),
            "/wiki/rest/api/group/g-1/membersByGroupId" => page(json!([{"type": "known", "accountId": "acc-1",
                "accountType": "atlassian", "email": "", "displayName": "Ana", "isGuest": true, "accountStatus": "active"}])),
            path if path.starts_with("/wiki/") => page(json!([])),
            _ => jira(asked),
        }
    }
    let refused: Instead = &[("group/member", 403), ("group/bulk", 403), ("users/search", 403)];
    let double = site(both, refused).await;
    let (directory, problems) = for_jira(&double.gateway(None)).await.unwrap();
    assert_eq!(members(&directory, "g-1"), ["acc-1"]);
    let ana = user(&directory, "acc-1");
    assert!(ana.active && !ana.guest, "a guest of Confluence is no guest of Jira");
    let told: Vec<_> = problems.iter().map(|problem| problem.item.as_str()).collect();
    assert_eq!(told, ["users"], "groups are known");
    assert_eq!(directory.product_access, ProductAccess::Groups(groups(&["g-1", "g-2"])), "by name, too");
}
