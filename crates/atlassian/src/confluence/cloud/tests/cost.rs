//! The figure `crawl-cost`: at most 50 calls for 5 spaces, 10 groups and 1000 pages with a comment and a file each.

use super::*;
use model::RunKind;

const SPACES: usize = 5;
const GROUPS: usize = 10;
const PAGES: usize = 1000;

/// One page of a listing of `PAGES` things, cursor by number.
fn slice(query: &BTreeMap<String, String>, path: &str, one: impl Fn(usize) -> Value) -> Value {
    let start: usize = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let end = (start + query["limit"].parse::<usize>().unwrap()).min(PAGES);
    let links = if end < PAGES { json!({ "next": format!("{path}?cursor={end}") }) } else { json!({}) };
    json!({ "results": (start..end).map(one).collect::<Vec<_>>(), "_links": links })
}

fn world(path: &str, query: &BTreeMap<String, String>) -> Option<Value> {
    let id = |at: usize| (1000 + at).to_string();
    let space = |at: usize| (10 + at % SPACES).to_string();
    let group = |at: usize| json!({ "id": format!("g-{at}"), "name": format!("group {at}"), "type": "group" });
    Some(match path {
        "/wiki/api/v2/spaces" => json!({ "results": (0..SPACES).map(|at| json!({ "id": space(at),
            "key": format!("S{at}"), "name": "x", "type": "global", "status": "current" })).collect::<Vec<_>>() }),
        "/wiki/rest/api/space" => json!({ "results": [] }),
        "/wiki/api/v2/pages" => slice(query, path, |at| page(&id(at), &space(at), None)),
        "/wiki/api/v2/blogposts" | "/wiki/api/v2/inline-comments" => json!({ "results": [] }),
        "/wiki/api/v2/footer-comments" => {
            slice(query, path, |at| comment(&format!("c{at}"), &json!({ "pageId": id(at) })))
        }
        "/wiki/api/v2/attachments" => slice(query, path, |at| {
            json!({ "id": format!("att{at}"), "status": "current",
            "title": "a.pdf", "pageId": id(at), "version": version() })
        }),
        "/wiki/rest/api/content/search" if query["cql"] == "type = comment" => {
            slice(query, path, |at| json!({ "id": format!("c{at}"), "ancestors": [] }))
        }
        "/wiki/rest/api/content/search" => slice(query, path, |at| {
            let none = json!({ "results": [], "limit": 200, "size": 0 });
            json!({ "id": id(at), "type": "page", "restrictions": { "read": { "restrictions": {
                "user": none, "group": { "results": [group(1)], "limit": 200, "size": 1 } } } } })
        }),
        "/wiki/rest/api/group" => json!({ "results": (0..GROUPS).map(group).collect::<Vec<_>>(), "_links": {} }),
        members if members.ends_with("/membersByGroupId") => json!({ "results": (0..50).map(|at| json!({
            "accountId": format!("acc-{at}"), "displayName": "A", "accountType": "atlassian", "isGuest": false })).collect::<Vec<_>>() }),
        permissions if permissions.ends_with("/permissions") => json!({ "results": [{ "id": "1",
            "principal": { "type": "group", "id": "g-1" }, "operation": { "key": "read", "targetType": "space" } }] }),
        _ => return None,
    })
}

#[tokio::test]
async fn a_thousand_pages_cost_at_most_50_calls() {
    let (cloud, script) = cloud(Scope::default(), |path, query, _| world(path, query));
    let names = ["S0", "S1", "S2", "S3", "S4"].into_iter();
    let mut known =
        Stored { spaces: ["10", "11", "12", "13", "14"].into_iter().zip(names).collect(), ..Stored::default() };
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut layers = 0;
    let mut plan = cloud.plan(RunKind::Full);
    plan.sort_by_key(|(stream, _)| stream.stage());
    for (stream, _) in plan {
        let batches = drain(&cloud, stream, &known).await.unwrap();
        assert_eq!(problems(&batches), Vec::<&model::Problem>::new(), "{stream}");
        for document in documents(&batches) {
            *kinds.entry(document.key.kind).or_default() += 1;
            let of = (document.container.clone(), document.title.clone());
            known.documents.insert(document.key.clone(), of);
        }
        let content = |item: &&&Item| matches!(item, Item::Layers { node, .. } if node.kind == NodeKind::Content);
        layers += items(&batches).iter().filter(content).count();
    }
    let expected = [(Kind::Page, PAGES), (Kind::Comment, PAGES), (Kind::Attachment, PAGES)];
    assert_eq!(kinds, BTreeMap::from(expected));
    assert_eq!(layers, PAGES);
    assert!(cloud.calls() <= 50, "{} calls: {:?}", cloud.calls(), cloud.gateway().calls_by_endpoint());
    assert_eq!(cloud.calls() as usize, script.heard().len());
    println!("{} calls", cloud.calls());
}
