//! Restrictions: reading them page by page and in bulk, writing them, and what does not change with them.

use serde_json::{Value, json};

use crate::site::{Site, each, titles};

fn read_list(row: &Value, kind: &str) -> Vec<String> {
    let field = if kind == "user" { "accountId" } else { "name" };
    each(row["restrictions"][kind]["results"].as_array().unwrap(), field)
}

#[tokio::test]
async fn both_operations_are_always_there_and_an_empty_list_means_unrestricted() {
    let site = Site::start().await;
    let body = site.get("ann", &format!("/wiki/rest/api/content/{}/restriction", site.id("Step one"))).await.ok();
    assert_eq!(each(body["results"].as_array().unwrap(), "operation"), ["read", "update"]);
    assert!(read_list(&body["results"][0], "user").is_empty(), "those of the page above are not inherited here");
    let plan = site.get("ann", &format!("/wiki/rest/api/content/{}/restriction", site.id("Plan"))).await.ok();
    assert_eq!(read_list(&plan["results"][0], "user"), [site.account("ann")]);
    assert_eq!(read_list(&plan["results"][0], "group"), ["legal"]);
    assert!(plan["restrictionsHash"].as_str().unwrap() != body["restrictionsHash"].as_str().unwrap());
}

#[tokio::test]
async fn by_operation_is_a_map_and_probes_answer_200_or_404() {
    let site = Site::start().await;
    let base = format!("/wiki/rest/api/content/{}/restriction/byOperation", site.id("Plan"));
    let map = site.get("ann", &base).await.ok();
    assert_eq!((&map["read"]["operation"], &map["update"]["operation"]), (&json!("read"), &json!("update")));
    let one = site.get("ann", &format!("{base}/read")).await.ok();
    assert_eq!(read_list(&one, "group"), ["legal"]);
    let (ann, ben) = (site.account("ann"), site.account("ben"));
    assert_eq!(site.get("ann", &format!("{base}/read/user?accountId={ann}")).await.status, 200);
    assert_eq!(site.get("ann", &format!("{base}/read/user?accountId={ben}")).await.status, 404);
    assert_eq!(site.get("ann", &format!("{base}/read/byGroupId/{}", site.group("legal"))).await.status, 200);
    assert_eq!(site.get("ann", &format!("{base}/read/byGroupId/{}", site.group("staff"))).await.status, 404);
    assert_eq!(site.get("ben", &base).await.status, 404, "whoever cannot see the page cannot see its restrictions");
}

#[tokio::test]
async fn long_lists_are_paged_inside_and_embedded_ones_are_cut_where_size_meets_limit() {
    let site = Site::with("[generate]\npeople = 230\n").await;
    let plan = site.id("Plan");
    site.change(|world| {
        let people = world.directory.people.keys().cloned().collect();
        world.confluence.content.get_mut(&plan).unwrap().restrictions.read.users = people;
    });
    let base = format!("/wiki/rest/api/content/{plan}/restriction");
    let first = site.get("ann", &base).await.ok();
    let list = &first["results"][0]["restrictions"]["user"];
    assert_eq!((&list["size"], &list["limit"]), (&json!(100), &json!(100)));
    let mut all = Vec::new();
    for start in [0, 100, 200] {
        let page = site.get("ann", &format!("{base}/byOperation/read?start={start}&limit=100")).await.ok();
        all.extend(read_list(&page, "user"));
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 235);
    let bulk = "/wiki/rest/api/content/search?cql=title=Plan&expand=restrictions.read.restrictions.user";
    let embedded = site.get("ann", bulk).await.ok();
    let list = &embedded["results"][0]["restrictions"]["read"]["restrictions"]["user"];
    assert_eq!((&list["size"], &list["limit"]), (&json!(200), &json!(200)));
}

#[tokio::test]
async fn restrictions_of_many_pages_come_in_one_search() {
    let site = Site::start().await;
    let path = "/wiki/rest/api/content/search?cql=type in (page,blogpost) and space=\"ENG\"&limit=500\
        &expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,restrictions.update.restrictions.user";
    let body = site.get("ann", path).await.ok();
    assert_eq!(body["limit"], 200, "expansions lower the page");
    assert_eq!(titles(&body), ["Home", "Plan", "Step one", "Inside", "News"]);
    let plan = &body["results"][1]["restrictions"];
    assert_eq!(read_list(&plan["read"], "user"), [site.account("ann")]);
    assert!(plan["update"]["restrictions"].get("group").is_none(), "what was not expanded is not there");
    let home = &body["results"][0]["restrictions"]["read"]["restrictions"];
    assert_eq!((&home["user"]["size"], &home["group"]["size"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn one_unreadable_ancestor_fails_a_whole_batch_that_expands_ancestors_restrictions() {
    let site = Site::start().await;
    let bulk = |expand: &str| format!("/wiki/rest/api/content/search?cql=space=ENG and type=page&expand={expand}");
    assert_eq!(site.get("ben", &bulk("ancestors.restrictions.read.restrictions.user")).await.status, 200);
    // A page that was published below another person's draft.
    let (inside, sketch) = (site.id("Inside"), site.id("Sketch"));
    let space = site.space("ENG");
    site.change(|world| world.move_content(inside, space, Some(sketch)));
    let failed = site.get("ben", &bulk("ancestors.restrictions.read.restrictions.user")).await;
    assert_eq!(failed.status, 404);
    assert!(failed.body["message"].as_str().unwrap().contains("No content found with id"));
    assert_eq!(site.get("ben", &bulk("ancestors")).await.status, 200);
    assert_eq!(site.get("ben", &bulk("restrictions.read.restrictions.user")).await.status, 200);
}

#[tokio::test]
async fn a_deleted_group_stays_in_the_list_and_admits_nobody() {
    let site = Site::start().await;
    let plan = site.id("Plan");
    site.change(|world| {
        world.confluence.content.get_mut(&plan).unwrap().restrictions.read.users.clear();
    });
    assert_eq!(site.get("ann", &format!("/wiki/api/v2/pages/{plan}")).await.status, 200);
    let legal = site.group("legal");
    assert_eq!(site.delete("cat", &format!("/wiki/rest/api/group/by-id?id={legal}")).await.status, 204);
    assert_eq!(site.get("ann", &format!("/wiki/api/v2/pages/{plan}")).await.status, 404);
    let ann = site.account("ann");
    site.change(|world| {
        let list = &mut world.confluence.content.get_mut(&plan).unwrap().restrictions.read;
        list.users.insert(ann.as_str().into());
    });
    let body = site.get("ann", &format!("/wiki/rest/api/content/{plan}/restriction")).await.ok();
    assert_eq!(read_list(&body["results"][0], "group"), ["legal"]);
}

#[tokio::test]
async fn changing_restrictions_touches_neither_version_nor_time_but_leaves_a_line_in_the_audit_log() {
    let site = Site::start().await;
    let home = site.id("Home");
    let before = site.get("ann", &format!("/wiki/api/v2/pages/{home}")).await.ok();
    site.running.simulation.clock.advance(3_600_000);
    let body = json!([{"operation": "read", "restrictions": {"user": [{"type": "known", "accountId": site.account("ann")}], "group": []}}]);
    let set = site.put("ann", &format!("/wiki/rest/api/content/{home}/restriction"), &body).await.ok();
    assert_eq!(read_list(&set["results"][0], "user"), [site.account("ann")]);
    let after = site.get("ann", &format!("/wiki/api/v2/pages/{home}")).await.ok();
    assert_eq!(before["version"], after["version"]);
    let lately = "/wiki/rest/api/content/search?cql=lastmodified >= now(\"-30m\")";
    assert!(titles(&site.get("ann", lately).await.ok()).is_empty());
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{home}")).await.status, 404, "it is in force at once");
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{}", site.id("Inside"))).await.status, 404, "and below");
    let audit = site.get("cat", "/wiki/rest/api/audit/since?number=1&units=HOURS").await.ok();
    let line = &audit["results"][0];
    assert_eq!(line["associatedObjects"][0]["objectType"], "Space");
    assert_eq!(
        (&line["summary"], &line["affectedObject"]["name"]),
        (&json!("Content restriction added"), &json!("Home"))
    );
    assert_eq!(site.get("ann", "/wiki/rest/api/audit").await.status, 403);
}

#[tokio::test]
async fn restrictions_are_added_and_removed_one_by_one() {
    let site = Site::start().await;
    let base = format!("/wiki/rest/api/content/{}/restriction", site.id("Home"));
    let (ann, ben) = (site.account("ann"), site.account("ben"));
    let user = |id: &str| format!("{base}/byOperation/read/user?accountId={id}");
    for who in [&ann, &ben] {
        assert_eq!(site.put("ann", &user(who), &json!({})).await.status, 200);
    }
    let legal = format!("{base}/byOperation/update/byGroupId/{}", site.group("legal"));
    assert_eq!(site.put("ann", &legal, &json!({})).await.status, 200);
    let body = site.get("ben", &base).await.ok();
    assert_eq!(read_list(&body["results"][0], "user").len(), 2);
    assert_eq!(read_list(&body["results"][1], "group"), ["legal"]);
    assert_eq!(site.put("ben", &user(&site.account("dan")), &json!({})).await.status, 403, "ben may not edit any more");
    assert_eq!(site.delete("ann", &user(&ben)).await.status, 200);
    assert_eq!(site.delete("ann", &user(&ben)).await.status, 404);
    let added =
        json!({"results": [{"operation": "read", "restrictions": {"group": [{"type": "group", "name": "staff"}]}}]});
    let added = site.post("ann", &base, &added).await.ok();
    assert_eq!(
        (read_list(&added["results"][0], "user"), read_list(&added["results"][0], "group")),
        (vec![ann], vec!["staff".to_owned()])
    );
    let cleared = site.delete("ann", &base).await.ok();
    assert!(read_list(&cleared["results"][0], "group").is_empty());
}

#[tokio::test]
async fn an_edit_restriction_does_not_restrict_viewing() {
    let site = Site::start().await;
    let home = site.id("Home");
    let user =
        format!("/wiki/rest/api/content/{home}/restriction/byOperation/update/user?accountId={}", site.account("ann"));
    site.put("ann", &user, &json!({})).await.ok();
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{home}")).await.status, 200);
    let edit = json!({"id": home.to_string(), "status": "current", "title": "Mine", "version": {"number": 2},
        "body": {"representation": "storage", "value": ""}});
    assert_eq!(site.put("ben", &format!("/wiki/api/v2/pages/{home}"), &edit).await.status, 404);
}

#[tokio::test]
async fn a_permission_check_denies_with_200_and_only_administrators_ask_about_others() {
    let site = Site::start().await;
    let path = format!("/wiki/rest/api/content/{}/permission/check", site.id("Plan"));
    let ask = |kind: &str, id: &str| json!({"subject": {"type": kind, "identifier": id}, "operation": "read"});
    let denied = site.post("cat", &path, &ask("user", &site.account("ben"))).await.ok();
    assert_eq!(denied["hasPermission"], false);
    assert!(denied["errors"][0]["translation"].is_string());
    assert_eq!(site.post("cat", &path, &ask("user", &site.account("ann"))).await.ok()["hasPermission"], true);
    assert_eq!(site.post("cat", &path, &ask("user", "anonymous")).await.ok()["hasPermission"], false);
    let home = format!("/wiki/rest/api/content/{}/permission/check", site.id("Home"));
    assert_eq!(site.post("cat", &home, &ask("group", &site.group("staff"))).await.ok()["hasPermission"], true);
    assert_eq!(site.post("cat", &home, &ask("group", &site.group("legal"))).await.ok()["hasPermission"], false);
    assert_eq!(site.post("ann", &path, &ask("user", &site.account("ann"))).await.ok()["hasPermission"], true);
    assert_eq!(site.post("ann", &path, &ask("user", &site.account("ben"))).await.status, 403);
}
