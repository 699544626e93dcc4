//! Readings of changes and of structure. Each case that others lose something by has a test of its name.

use super::*;
use model::{Millis, RunKind};
use sync::{FetchErrorKind, Form};

/// When `version()` was made: 2026-01-31T09:00:00Z.
const EDITED: i64 = 1_769_850_000_000;

fn since(at: i64) -> Reading {
    Reading::Changes { since: Millis(at) }
}

fn page_key(id: &str) -> DocumentKey {
    DocumentKey::new(Kind::Page, id)
}

/// A page as it is listed, changed so long after `EDITED`.
fn edited(id: &str, seconds: i64) -> Value {
    let mut page = page(id, "10", None);
    let at = jiff::Timestamp::from_millisecond(EDITED + seconds * 1000).unwrap();
    page["version"]["createdAt"] = json!(at.to_string());
    page
}

fn seen(batches: &[Batch]) -> Vec<String> {
    let key = |item: &&Item| if let Item::Seen { key, .. } = item { Some(key.native.clone()) } else { None };
    items(batches).iter().filter_map(key).collect()
}

fn gone(batches: &[Batch]) -> Vec<String> {
    let key = |item: &&Item| if let Item::Gone { key } = item { Some(key.native.clone()) } else { None };
    items(batches).iter().filter_map(key).collect()
}

fn natives(batches: &[Batch]) -> Vec<String> {
    documents(batches).iter().map(|document| document.key.native.clone()).collect()
}

fn by_id(query: &BTreeMap<String, String>) -> Vec<&str> {
    query.get("id").map(|ids| ids.split(',').collect()).unwrap_or_default()
}

#[test]
fn each_kind_of_run_reads_what_it_is_for() {
    let (cloud, _) = cloud(Scope::default(), |_, _, _| None);
    let plan = |kind| cloud.plan(kind).into_iter().collect::<BTreeMap<_, _>>();
    assert!(plan(RunKind::Full).values().all(|form| *form == Form::Whole));
    assert_eq!(plan(RunKind::Permissions).into_keys().collect::<Vec<_>>(), [Stream::Directory, Stream::Containers]);
    let sweep = plan(RunKind::Sweep);
    assert_eq!((sweep[&Stream::Containers], sweep[&Stream::Pages]), (Form::Whole, Form::Structure));
    assert_eq!(sweep[&Stream::Restrictions], Form::Structure, "a changed restriction changes nothing else");
    let incremental = plan(RunKind::Incremental);
    assert!(incremental.values().all(|form| *form == Form::Changes) && !incremental.contains_key(&Stream::Containers));
    // Whatever a run reads it may owe.
    assert_eq!(
        plan(RunKind::Retry).into_keys().collect::<Vec<_>>(),
        plan(RunKind::Full).into_keys().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_cycle_reads_bodies_only_of_what_is_not_stored_in_that_version() {
    let (cloud, script) = cloud(Scope::default(), |path, query, _| match (path, query.get("id")) {
        ("/wiki/api/v2/pages", Some(_)) => Some(json!({ "results": [edited("2", 60)] })),
        ("/wiki/api/v2/pages", None) if query["status"] == "trashed" => Some(json!({ "results": [] })),
        ("/wiki/api/v2/pages", None) => Some(json!({ "results": [edited("1", 90), edited("2", 60), edited("3", -900)],
            "_links": { "next": "/wiki/api/v2/pages?cursor=older" } })),
        _ => None,
    });
    let stored = |id: &str| (page_key(id), "2 current 10 - ENG".to_owned());
    let known = Stored { versions: [stored("1"), stored("3")].into(), ..Stored::with_space("10", "ENG") };
    let batches = read_all(&cloud, Stream::Pages, &since(EDITED), &known).await.unwrap();
    assert_eq!((natives(&batches), seen(&batches)), (vec!["2".to_owned()], vec![]));
    let paths = script.paths();
    assert!(paths[0].contains("limit=100&sort=-modified-date") && !paths[0].contains("body-format"), "{paths:?}");
    assert!(paths[1].contains("id=2&body-format=storage"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.contains("cursor=older")), "the list falls by time: {paths:?}");
}

#[tokio::test]
async fn an_empty_page_with_a_next_one_is_not_the_end_of_what_changed() {
    let (cloud, _) = cloud(Scope::default(), |path, query, _| match path {
        "/wiki/api/v2/pages" if query["status"] == "trashed" => Some(json!({ "results": [] })),
        "/wiki/api/v2/pages" if query.contains_key("id") => Some(json!({ "results": [edited("2", 60)] })),
        "/wiki/api/v2/pages" => Some(match query.get("cursor") {
            None => json!({ "results": [], "_links": { "next": "/wiki/api/v2/pages?cursor=more" } }),
            Some(_) => json!({ "results": [edited("2", 60)] }),
        }),
        _ => None,
    });
    let batches = read_all(&cloud, Stream::Pages, &since(EDITED), &Stored::with_space("10", "ENG")).await.unwrap();
    assert_eq!(natives(&batches), ["2"]);
}

#[tokio::test]
async fn a_move_an_archiving_and_a_new_space_key_are_changes_though_no_version_says_so() {
    let mut archived = page("3", "10", None);
    archived["status"] = json!("archived");
    let listed = [page("1", "10", None), page("2", "10", Some("9")), archived];
    let (cloud, script) = cloud(Scope { archived: true, ..Scope::default() }, move |path, query, _| {
        let given = |page: &&Value| by_id(query).contains(&page["id"].as_str().unwrap());
        (path == "/wiki/api/v2/pages").then(|| match query.contains_key("id") {
            true => json!({ "results": listed.iter().filter(given).collect::<Vec<_>>() }),
            false => json!({ "results": listed }),
        })
    });
    let versions: BTreeMap<_, _> =
        ["1", "2", "3"].map(|id| (page_key(id), "2 current 10 - ENG".to_owned())).into_iter().collect();
    let known = Stored { versions, ..Stored::with_space("10", "ENG") };
    let batches = read_all(&cloud, Stream::Pages, &Reading::Structure, &known).await.unwrap();
    assert_eq!((seen(&batches), natives(&batches)), (vec!["1".to_owned()], vec!["2".to_owned(), "3".to_owned()]));
    assert!(items(&batches).contains(&&Item::Place { node: content("2"), parent: Some(content("9")) }));
    let asked = script.paths().into_iter().filter(|path| path.contains("/pages")).count();
    assert_eq!(asked, 2, "one page of the list, one of bodies");
    let renamed = Stored { spaces: vec![("10", "NEW")], ..known };
    let batches = read_all(&cloud, Stream::Pages, &Reading::Structure, &renamed).await.unwrap();
    assert_eq!(natives(&batches), ["1", "2", "3"], "their addresses hold the space's key");
}

#[tokio::test]
async fn what_a_shifted_listing_left_out_is_asked_for_by_id_and_only_a_404_proves_that_it_is_gone() {
    let (cloud, script) = cloud(Scope::default(), |path, query, _| match path {
        "/wiki/api/v2/pages" if query.contains_key("id") => Some(json!({ "results": [page("5", "10", None)] })),
        "/wiki/api/v2/pages" => Some(json!({ "results": [] })),
        "/wiki/api/v2/pages/7" => Some(page("7", "11", None)),
        _ => None,
    });
    let unlisted = ["5", "6", "7"].map(page_key).to_vec();
    let known = Stored { unlisted, ..Stored::with_space("10", "ENG") };
    let batches = read_all(&cloud, Stream::Pages, &Reading::Structure, &known).await.unwrap();
    assert_eq!((natives(&batches), gone(&batches)), (vec!["5".to_owned()], vec!["6".to_owned()]));
    assert_eq!(script.paths().iter().filter(|path| path.contains("/pages/6")).count(), 3, "looked at three times");
}

#[tokio::test]
async fn the_gateways_own_404_never_proves_that_a_page_is_gone() {
    let script = Script::new(|outgoing, _| {
        let gateway = r#"{"timestamp":"2026-10-08T06:59:19.123Z","status":404,"error":"Not Found","path":"/ex/x"}"#;
        Ok(match outgoing.url.path().ends_with("/pages") {
            true => json(&json!({ "results": [] })),
            false => answer(404, &[], gateway),
        })
    });
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    let cloud = ConfluenceCloud::new(&script.swift(), SOURCE, site, Scope::default());
    let known = Stored { unlisted: vec![page_key("6")], ..Stored::with_space("10", "ENG") };
    let error = read_all(&cloud, Stream::Pages, &Reading::Structure, &known).await.unwrap_err();
    assert_eq!(error.kind, FetchErrorKind::Unavailable);
}

#[tokio::test]
async fn a_page_in_the_trash_is_gone_with_the_next_cycle_and_one_that_was_never_stored_is_nothing() {
    let (cloud, _) = cloud(Scope::default(), |path, query, _| {
        let mut trashed = [page("1", "10", None), page("2", "10", None)];
        trashed.iter_mut().for_each(|page| page["status"] = json!("trashed"));
        (path == "/wiki/api/v2/pages").then(|| match query["status"].as_str() {
            "trashed" => json!({ "results": trashed }),
            _ => json!({ "results": [] }),
        })
    });
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = read_all(&cloud, Stream::Pages, &since(EDITED), &known).await.unwrap();
    assert_eq!(gone(&batches), ["1"]);
}

#[tokio::test]
async fn a_bad_body_among_many_costs_itself_only_and_is_owed_by_itself() {
    let script = Script::new(|outgoing, _| {
        let query: BTreeMap<String, String> = outgoing.url.query_pairs().into_owned().collect();
        Ok(match outgoing.url.path().ends_with("/pages") {
            true if by_id(&query).contains(&"2") => answer(200, &[], r#"{"results":[{"id":"2","#),
            true if query.contains_key("id") => {
                json(&json!({ "results": by_id(&query).iter().map(|id| page(id, "10", None)).collect::<Vec<_>>() }))
            }
            true => json(&json!({ "results": Vec::from(["1", "2", "3"].map(|id| page(id, "10", None))) })),
            false => json(&json!({ "results": [] })),
        })
    });
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    let cloud = ConfluenceCloud::new(&script.swift(), SOURCE, site, Scope::default());
    let known = Stored::with_space("10", "ENG");
    let batches = read_all(&cloud, Stream::Pages, &Reading::Structure, &known).await.unwrap();
    assert_eq!(natives(&batches), ["1", "3"]);
    let lost: Vec<_> = problems(&batches).into_iter().filter(|problem| problem.is_loss()).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].target, Some(model::Target::Document(page_key("2"))));
    let only = Reading::Only(vec![model::Target::Document(page_key("3"))]);
    let batches = read_all(&cloud, Stream::Pages, &only, &known).await.unwrap();
    assert_eq!(natives(&batches), ["3"]);
}

#[tokio::test]
async fn a_new_comment_on_an_old_page_is_found_and_stored_ones_cost_nothing() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/footer-comments" => Some(json!({ "results": [
            comment("c1", &json!({ "pageId": "1" })), comment("c2", &json!({ "parentCommentId": "c0" })),
        ] })),
        _ => None,
    });
    let key = |id: &str| DocumentKey::new(Kind::Comment, id);
    let known =
        Stored { versions: [(key("c2"), "2 current".to_owned())].into(), ..Stored::with_space("10", "ENG").page("1") };
    let batches = read_all(&cloud, Stream::FooterComments, &since(EDITED), &known).await.unwrap();
    assert_eq!(natives(&batches), ["c1"]);
    assert_eq!(script.paths().iter().filter(|path| path.contains("comment")).count(), 1, "{:?}", script.paths());
}

#[tokio::test(start_paused = true)]
async fn replies_that_no_list_holds_are_searched_in_a_window_that_no_time_zone_moves() {
    let script = Script::new(|outgoing, _| {
        let body = match outgoing.url.path().trim_start_matches("/ex/confluence/cid") {
            "/wiki/api/v2/footer-comments" => json!({ "results": [comment("c1", &json!({ "pageId": "1" }))] }),
            "/wiki/rest/api/content/search" => json!({ "results": [{ "id": "c2",
                "ancestors": [{ "id": "c1", "type": "comment" }], "container": { "id": "1", "type": "page" } }] }),
            "/wiki/api/v2/footer-comments/c1/children" => {
                json!({ "results": [comment("c2", &json!({ "parentCommentId": "c1" }))] })
            }
            _ => json!({ "results": [] }),
        };
        // The source's clock: an hour behind what the hub may believe.
        Ok(answer(200, &[("date", "Sat, 31 Jan 2026 09:20:00 GMT")], body.to_string()))
    });
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    let cloud = ConfluenceCloud::new(&script.swift(), SOURCE, site, Scope::default());
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = read_all(&cloud, Stream::FooterComments, &since(EDITED), &known).await.unwrap();
    assert_eq!(natives(&batches), ["c1", "c2"]);
    let asked = script.paths().into_iter().find(|path| path.contains("cql")).unwrap();
    assert!(asked.contains(r#"cql=type = comment and lastmodified >= now("-22m")"#), "{asked}");
    assert_eq!(batches[0].source_time, Some(Millis(EDITED + 20 * 60_000)));
}

#[tokio::test]
async fn a_moved_folder_is_read_again_by_a_sweep_and_not_by_a_cycle() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/content/convert-ids-to-types" => Some(json!({ "results": { "5": "folder", "6": "folder" } })),
        "/wiki/api/v2/folders/5" => Some(json!({ "id": "5", "parentId": "4", "spaceId": "10" })),
        "/wiki/api/v2/folders/6" => Some(json!({ "id": "6", "parentId": "5", "spaceId": "10" })),
        _ => None,
    });
    let places = vec![(content("5"), Some(content("9"))), (content("6"), Some(content("5")))];
    let known = Stored { places, ..Stored::with_space("10", "ENG") };
    assert!(items(&read_all(&cloud, Stream::Places, &since(EDITED), &known).await.unwrap()).is_empty());
    assert!(script.heard().is_empty());
    let batches = read_all(&cloud, Stream::Places, &Reading::Structure, &known).await.unwrap();
    assert_eq!(items(&batches), [&Item::Place { node: content("5"), parent: Some(content("4")) }]);
}

/// Content with a view restriction for one group.
fn restricted(id: &str) -> Value {
    let list = |results: Value| json!({ "results": results, "limit": 200, "size": results.as_array().unwrap().len() });
    json!({ "id": id, "type": "page", "restrictions": { "read": { "restrictions": {
        "user": list(json!([])), "group": list(json!([{ "id": "g-1", "name": "staff", "type": "group" }])) } } } })
}

#[tokio::test]
async fn a_restriction_that_the_audit_log_names_is_read_at_once_and_pending_ones_in_bulk() {
    let (cloud, script) = cloud(Scope::default(), |path, query, _| match path {
        "/wiki/rest/api/audit" => Some(json!({ "results": [
            { "category": "Permissions", "affectedObject": { "name": "Plan \"B\"", "objectType": "Page" } },
            { "category": "Permissions", "affectedObject": { "name": "Engineering", "objectType": "Space" } },
            { "category": "Pages", "affectedObject": { "name": "Other", "objectType": "Page" } }, { "odd": 1 },
        ] })),
        "/wiki/rest/api/content/search" if query["cql"].starts_with("title in") => {
            Some(json!({ "results": [restricted("1")] }))
        }
        "/wiki/rest/api/content/search" => Some(json!({ "results": [restricted("2")] })),
        _ => None,
    });
    let known = Stored { pending: vec![content("2")], ..Stored::with_space("10", "ENG").page("1").page("2") };
    // The double never forgets what is pending, so the single look at the end is not read here.
    let first = cloud.read(Stream::Restrictions, &since(EDITED), None, &known).await.unwrap();
    let Checkpoint::At(next) = &first.checkpoint else { panic!("{:?}", first.checkpoint) };
    let second = cloud.read(Stream::Restrictions, &since(EDITED), Some(next), &known).await.unwrap();
    let layered = |batch: &Batch, id: &str| {
        batch
            .items
            .iter()
            .any(|item| matches!(item, Item::Layers { node, own, .. } if *node == content(id) && own.len() == 1))
    };
    assert!(layered(&first, "1") && layered(&second, "2"));
    let asked: Vec<_> = script.paths().into_iter().filter(|path| path.contains("cql")).collect();
    assert!(asked[0].contains(r#"title in ("Plan \"B\"")"#) && asked[1].contains(r#"id in ("2")"#), "{asked:?}");
    assert!(script.paths()[0].contains(&format!("startDate={EDITED}")));
}

#[tokio::test]
async fn without_the_audit_log_a_cycle_still_reads_the_restrictions_of_what_it_has_read() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| {
        (path == "/wiki/rest/api/content/search").then(|| json!({ "results": [restricted("2")] }))
    });
    let known = Stored { pending: vec![content("2")], ..Stored::with_space("10", "ENG").page("2") };
    let first = cloud.read(Stream::Restrictions, &since(EDITED), None, &known).await.unwrap();
    assert!(first.items.is_empty() && first.problems.is_empty(), "the sweep does its work, so this is no trouble");
    let Checkpoint::At(next) = &first.checkpoint else { panic!("{:?}", first.checkpoint) };
    let second = cloud.read(Stream::Restrictions, &since(EDITED), Some(next), &known).await.unwrap();
    assert!(second.items.iter().any(|item| matches!(item, Item::Clause { .. })));
}
