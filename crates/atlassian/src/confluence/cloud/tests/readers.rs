//! Who may read: spaces and view restrictions.

use super::*;
use access::{AccessClass, Clause, Hidden, Holder, Principal};
use model::{ClauseKey, Origin};

fn clause_of<'a>(batches: &'a [Batch], origin: Origin, id: &str) -> Option<&'a Clause> {
    let wanted = ClauseKey::new(origin, id);
    items(batches).into_iter().find_map(|item| match item {
        Item::Clause { key, clause } if *key == wanted => Some(clause),
        _ => None,
    })
}

fn own_layers<'a>(batches: &'a [Batch], id: &str) -> Option<&'a [ClauseKey]> {
    items(batches).into_iter().find_map(|item| match item {
        Item::Layers { node, own, .. } if *node == content(id) => Some(own.as_slice()),
        _ => None,
    })
}

fn spaces(scope: Scope, mode: &'static str) -> (ConfluenceCloud, Script) {
    cloud(scope, move |path, _, _| match path {
        "/wiki/api/v2/spaces" => Some(json!({ "results": [
            { "id": "10", "key": "ENG", "name": "Engineering", "type": "global", "status": "current",
              "_links": { "webui": "/spaces/ENG" } },
            { "id": "11", "key": "~ana", "name": "Ana", "type": "personal", "status": "current" },
            { "id": "12", "key": "HR", "name": "People", "type": "global", "status": "current" },
        ], "_links": {} })),
        "/wiki/api/v2/spaces/10/permissions" => {
            let row = |kind: &str, id: &str, key: &str| {
                json!({ "id": "1", "principal": { "type": kind, "id": id },
                    "operation": { "key": key, "targetType": "space" } })
            };
            Some(json!({ "results": [row("group", "g-1", "read"), row("user", "acc-1", "read"),
                row("user", "acc-9", "administer"), row("robot", "r", "read")] }))
        }
        "/wiki/api/v2/spaces/10/role-assignments" => {
            let row = |kind: &str, id: &str, role: &str| json!({ "roleId": role, "principal": { "principalType": kind, "principalId": id } });
            Some(json!({ "results": [row("ACCESS_CLASS", "all-licensed-users", "viewer"),
                row("GROUP", "g-2", "nothing"), row("ACCESS_CLASS", "all-robots", "viewer")] }))
        }
        "/wiki/api/v2/space-role-mode" => Some(json!({ "mode": mode })),
        "/wiki/api/v2/space-roles" => Some(json!({ "results": [
            { "id": "viewer", "spacePermissions": ["read/space"] }, { "id": "nothing", "spacePermissions": ["create/page"] },
        ] })),
        "/wiki/rest/api/space" => Some(json!({ "results": [{ "id": 10, "key": "ENG", "permissions": [
            { "id": 1, "operation": { "operation": "read", "targetType": "space" }, "anonymousAccess": true }] }] })),
        _ => None,
    })
}

#[tokio::test]
async fn readers_are_rows_and_public_access_and_an_unreadable_space_is_closed() {
    let (cloud, _) = spaces(Scope::default(), "PRE_ROLES");
    let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
    let expected = Clause::any_of([
        Principal::group(SOURCE, "g-1"),
        Principal::account(SOURCE, "acc-1"),
        Principal::new(SOURCE, Holder::Anyone),
    ]);
    assert_eq!(clause_of(&batches, Origin::SpaceReaders, "10"), Some(&expected));
    assert_eq!(clause_of(&batches, Origin::SpaceReaders, "12"), Some(&Clause::nobody(Hidden::Forbidden)));
    assert_eq!(clause_of(&batches, Origin::SpaceReaders, "11"), None, "personal spaces are off");
    let told: Vec<_> = problems(&batches).iter().map(|problem| problem.item.as_str()).collect();
    assert_eq!(told, ["space ENG", "space HR"]);
    assert!(problems(&batches).iter().all(|problem| !problem.is_loss()));
}

#[tokio::test]
async fn a_next_page_of_rows_that_is_refused_closes_its_space_and_no_other() {
    let row = |id: &str| {
        json!({ "id": "1", "principal": { "type": "group", "id": id },
            "operation": { "key": "read", "targetType": "space" } })
    };
    let (cloud, _) = cloud(Scope::default(), move |path, query, _| match path {
        "/wiki/api/v2/spaces" => Some(json!({ "results": [
            { "id": "10", "key": "ENG", "name": "Engineering", "type": "global", "status": "current" },
            { "id": "12", "key": "HR", "name": "People", "type": "global", "status": "current" },
        ] })),
        "/wiki/api/v2/spaces/10/permissions" if query.contains_key("cursor") => {
            Some(json!({ "errors": [{ "status": 400, "title": "no" }] }))
        }
        "/wiki/api/v2/spaces/10/permissions" => Some(json!({ "results": [row("g-1")],
            "_links": { "next": "/wiki/api/v2/spaces/10/permissions?cursor=two" } })),
        "/wiki/api/v2/spaces/12/permissions" => Some(json!({ "results": [row("g-2")] })),
        "/wiki/rest/api/space" => Some(json!({ "results": [] })),
        _ => None,
    });
    let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
    let closed = clause_of(&batches, Origin::SpaceReaders, "10");
    assert_eq!(closed, Some(&Clause::nobody(Hidden::Forbidden)), "half of the rows are not all");
    let open = Clause::any_of([Principal::group(SOURCE, "g-2")]);
    assert_eq!(clause_of(&batches, Origin::SpaceReaders, "12"), Some(&open));
}

#[tokio::test]
async fn roles_count_where_the_site_uses_them() {
    for (mode, public) in [("ROLES", false), ("ROLES_TRANSITION", true)] {
        let (cloud, _) = spaces(Scope::default(), mode);
        let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
        let clause = clause_of(&batches, Origin::SpaceReaders, "10").unwrap();
        let holders: Vec<_> = clause.principals().map(|principal| principal.holder.clone()).collect();
        assert!(holders.contains(&Holder::Class(AccessClass::LicensedUsers)), "{mode}");
        assert!(!holders.contains(&Principal::group(SOURCE, "g-2").holder), "a role that cannot read");
        assert_eq!(holders.contains(&Holder::Anyone), public, "{mode}");
    }
}

#[tokio::test]
async fn an_include_list_names_its_spaces() {
    let scope = Scope { include: vec!["HR".into(), "~ana".into()], ..Scope::default() };
    let (cloud, script) = spaces(scope, "PRE_ROLES");
    let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
    let found = items(&batches).into_iter().filter(|item| matches!(item, Item::Container(_))).count();
    assert_eq!(found, 2);
    assert!(script.paths().iter().any(|path| path.contains("keys=HR,hr,~ANA,~ana")), "{:?}", script.paths());
    assert_eq!(notices(&batches), [] as [&str; 0]);
}

fn notices(batches: &[Batch]) -> Vec<&str> {
    let notices = problems(batches).into_iter().filter(|problem| problem.kind == model::ProblemKind::Notice);
    notices.map(|problem| problem.item.as_str()).collect()
}

#[tokio::test]
async fn a_key_that_no_space_has_is_told() {
    let (cloud, _) = spaces(Scope { include: vec!["hr".into(), "HRR".into()], ..Scope::default() }, "PRE_ROLES");
    let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
    assert_eq!(notices(&batches), ["key HRR"]);
}

#[tokio::test]
async fn all_spaces_are_offered_whatever_the_scope() {
    let (cloud, _) = spaces(Scope { include: vec!["HR".into()], ..Scope::default() }, "PRE_ROLES");
    let found: Vec<_> = cloud.all_spaces().await.unwrap().into_iter().map(|space| space.short).collect();
    assert_eq!(found, ["ENG", "~ana", "HR"]);
}

fn listed(users: &[&str], groups: &[&str], limit: usize) -> Value {
    let users: Vec<_> = users.iter().map(|id| json!({ "accountId": id, "type": "known" })).collect();
    let groups: Vec<_> = groups.iter().map(|id| json!({ "id": id, "name": id })).collect();
    let (user_size, group_size) = (users.len(), groups.len());
    json!({ "user": { "results": users, "start": 0, "limit": limit, "size": user_size },
        "group": { "results": groups, "start": 0, "limit": limit, "size": group_size } })
}

fn found(id: &str, lists: &Value) -> Value {
    json!({ "id": id, "type": "page", "restrictions": { "read": { "operation": "read", "restrictions": lists } } })
}

#[tokio::test]
async fn restrictions_come_in_bulk_without_the_service_account_itself() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| {
        (path == "/wiki/rest/api/content/search").then(|| {
            json!({ "results": [
            found("1", &listed(&["acc-sa", "acc-1"], &["g-1"], 200)), found("2", &listed(&[], &[], 200)),
            found("3", &listed(&["acc-sa"], &[], 200)), { "id": "4", "type": "page", "restrictions": {} },
            found("99", &listed(&[], &[], 200)),
        ] })
        })
    });
    let known = Stored::with_space("10", "E\"NG").page("1").page("2").page("3").page("4");
    let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
    let expected = Clause::any_of([
        Principal::account(SOURCE, "acc-1"),
        Principal::group(SOURCE, "g-1"),
        Principal::new(SOURCE, Holder::GuestsOf(access::Group::Id("g-1".into()))),
    ]);
    assert_eq!(clause_of(&batches, Origin::ViewRestriction, "1"), Some(&expected));
    assert_eq!(own_layers(&batches, "1").unwrap().len(), 1);
    assert_eq!(own_layers(&batches, "2"), Some(&[][..]));
    let nobody = clause_of(&batches, Origin::ViewRestriction, "3").unwrap();
    assert_eq!(nobody.principals().count(), 0, "shared with the service account alone: nobody finds it");
    assert_eq!(own_layers(&batches, "4"), None, "what was not stated stays pending");
    assert_eq!(own_layers(&batches, "99"), None, "not stored");
    let asked = &script.paths()[0];
    assert!(asked.contains(r#"space in ("E\"NG")"#) && !asked.contains("ancestors"), "{asked}");
}

#[tokio::test]
async fn a_list_whose_size_is_its_limit_is_read_again_in_pages() {
    let (cloud, _) = cloud(Scope::default(), |path, query, _| match path {
        "/wiki/rest/api/content/search" => {
            Some(json!({ "results": [found("1", &listed(&["acc-1", "acc-2"], &[], 2))] }))
        }
        "/wiki/rest/api/content/1/restriction/byOperation/read" => {
            let lists = match query["start"].as_str() {
                "0" => listed(&["acc-1", "acc-2"], &["g-1"], 2),
                "2" => listed(&["acc-3"], &[], 2),
                _ => listed(&[], &[], 2),
            };
            Some(json!({ "operation": "read", "restrictions": lists }))
        }
        _ => None,
    });
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
    let clause = clause_of(&batches, Origin::ViewRestriction, "1").unwrap();
    assert_eq!(clause.principals().count(), 5, "three people, a group, and the guests in it");
}

#[tokio::test]
async fn a_list_that_ends_before_its_size_admits_nobody() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| {
        let mut lists = listed(&["acc-1"], &[], 200);
        lists["user"]["size"] = json!(7);
        match path {
            "/wiki/rest/api/content/search" => Some(json!({ "results": [found("1", &lists)] })),
            "/wiki/rest/api/content/1/restriction/byOperation/read" => Some(json!({ "restrictions": lists })),
            _ => None,
        }
    });
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
    assert_eq!(clause_of(&batches, Origin::ViewRestriction, "1"), Some(&Clause::nobody(Hidden::Truncated)));
}

#[tokio::test]
async fn a_restriction_that_is_not_understood_is_still_a_restriction() {
    let without_ids = json!({ "user": { "results": [{ "type": "unknown" }, 7], "limit": 200, "size": 2 },
        "group": { "results": [{ "name": "gone", "id": null }], "limit": 200, "size": 1 } });
    let mut unknown_kind = listed(&[], &[], 200);
    unknown_kind["team"] = json!({ "results": [{ "id": "t-1" }], "limit": 200, "size": 1 });
    let mut in_part = listed(&["acc-1"], &[], 200);
    in_part["team"] = unknown_kind["team"].clone();
    let (cloud, _) = cloud(Scope::default(), move |path, _, _| match path {
        "/wiki/rest/api/content/search" => {
            let odd =
                json!({ "id": "4", "type": "page", "restrictions": { "read": { "restrictions": { "user": 7 } } } });
            Some(json!({ "results": [found("1", &without_ids), found("2", &unknown_kind), found("3", &in_part), odd] }))
        }
        "/wiki/rest/api/content/4/restriction/byOperation/read" => Some(json!({ "restrictions": { "user": "?" } })),
        _ => None,
    });
    let known = Stored { pending: vec![content("4")], ..Stored::with_space("10", "ENG") };
    let known = known.page("1").page("2").page("3").page("4");
    let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
    let nobody = Clause::nobody(Hidden::NotUnderstood);
    assert_eq!(clause_of(&batches, Origin::ViewRestriction, "1"), Some(&nobody));
    assert_eq!(clause_of(&batches, Origin::ViewRestriction, "2"), Some(&nobody));
    let one = Clause::any_of([Principal::account(SOURCE, "acc-1")]);
    assert_eq!(clause_of(&batches, Origin::ViewRestriction, "3"), Some(&one), "what is left out can only narrow");
    assert_eq!(own_layers(&batches, "4"), None, "another shape stays pending and costs nobody else");
    let told = problems(&batches).iter().filter(|problem| problem.item.starts_with("content ")).count();
    assert_eq!(told, 5, "{:?}", problems(&batches));
}

#[tokio::test]
async fn a_list_of_ten_thousand_is_read_whole_and_one_without_end_admits_nobody() {
    for endless in [false, true] {
        let (cloud, _) = cloud(Scope::default(), move |path, query, _| {
            let start: usize = query.get("start").and_then(|start| start.parse().ok()).unwrap_or(0);
            let ids: Vec<String> =
                (start..start + 200).map(|at| format!("acc-{}", if endless { at % 200 } else { at })).collect();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let ids = if !endless && start >= 10_000 { &[][..] } else { &ids };
            match path {
                "/wiki/rest/api/content/search" => Some(json!({ "results": [found("1", &listed(ids, &[], 200))] })),
                _ => Some(json!({ "restrictions": listed(ids, &[], 200) })),
            }
        });
        let known = Stored::with_space("10", "ENG").page("1");
        let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
        let clause = clause_of(&batches, Origin::ViewRestriction, "1").unwrap();
        let expected = if endless { (0, Some(Hidden::Truncated)) } else { (10_000, None) };
        assert_eq!((clause.principals().count(), clause.hidden()), expected);
    }
}

#[tokio::test]
async fn a_space_whose_grants_are_not_understood_says_why_nobody_reads_it() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/spaces" => {
            Some(json!({ "results": [{ "id": "10", "key": "ENG", "name": "E", "type": "global" }] }))
        }
        "/wiki/api/v2/spaces/10/permissions" => {
            let row = |at: usize| {
                json!({ "principal": { "type": format!("t{}", at % 3), "id": "x" },
                "operation": { "key": "read", "targetType": "space" } })
            };
            let mut rows: Vec<Value> = (0..10_000).map(row).collect();
            rows.push(json!({ "principal": 7 }));
            Some(json!({ "results": rows }))
        }
        "/wiki/api/v2/space-role-mode" => Some(json!({ "mode": "PRE_ROLES" })),
        "/wiki/rest/api/space" => Some(json!({ "results": [] })),
        _ => None,
    });
    let batches = drain(&cloud, Stream::Containers, &Stored::default()).await.unwrap();
    let nobody = Clause::nobody(Hidden::NotUnderstood);
    assert_eq!(clause_of(&batches, Origin::SpaceReaders, "10"), Some(&nobody));
    assert_eq!(problems(&batches).len(), 1, "{:?}", problems(&batches));
}

#[tokio::test]
async fn what_the_search_left_out_is_asked_singly_and_stays_pending_if_refused() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/rest/api/content/search" => Some(json!({ "results": [], "_links": { "next": "/rest/api/x?cursor=z" } })),
        "/wiki/rest/api/content/7/restriction/byOperation/read" => {
            Some(json!({ "restrictions": listed(&[], &["g-1"], 200) }))
        }
        _ => None,
    });
    let known = Stored { pending: vec![content("7"), content("8")], ..Stored::with_space("10", "ENG") };
    let batches = drain(&cloud, Stream::Restrictions, &known).await.unwrap();
    assert_eq!(own_layers(&batches, "7").unwrap().len(), 1);
    assert_eq!(own_layers(&batches, "8"), None);
    assert_eq!(problems(&batches)[0].item, "content 8");
}

#[tokio::test]
async fn an_overloaded_search_is_asked_for_less_and_an_unknown_type_is_left_out() {
    let script = Script::new(|outgoing, _| {
        let query: BTreeMap<String, String> = outgoing.url.query_pairs().into_owned().collect();
        Ok(match (query.get("limit").map(String::as_str), query.get("cql")) {
            (Some("200"), _) => answer(500, &[], "{}"),
            (_, Some(cql)) if cql.contains("whiteboard") => answer(400, &[], r#"{"message":"Could not parse cql"}"#),
            _ => json(&json!({ "results": [] })),
        })
    });
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    let cloud = ConfluenceCloud::new(&script.swift(), SOURCE, site, Scope::default());
    drain(&cloud, Stream::Restrictions, &Stored::with_space("10", "ENG")).await.unwrap();
    let last = script.paths().pop().unwrap();
    assert!(last.contains("limit=100") && last.contains("type in (page, blogpost) and"), "{last}");
}
