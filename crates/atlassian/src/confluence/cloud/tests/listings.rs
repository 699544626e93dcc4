//! Pages, comments, attachments and places.

use super::*;

#[tokio::test]
async fn pages_come_with_body_place_and_names() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| {
        (path == "/wiki/api/v2/pages")
            .then(|| json!({ "results": [page("1", "10", Some("9")), page("2", "11", None)], "_links": {} }))
    });
    let batches = drain(&cloud, Stream::Pages, &Stored::with_space("10", "ENG")).await.unwrap();
    let [found] = documents(&batches)[..] else { panic!("page 2 lies outside") };
    assert_eq!(found.url, "https://acme.atlassian.net/wiki/spaces/ENG/pages/1");
    assert_eq!((found.body.headings.as_str(), found.body.text.as_str()), ("Top", "Top\nHi"));
    assert_eq!(found.facts.author.as_ref().unwrap().name, "Ana");
    assert_eq!((found.version.as_str(), &found.facts.status), ("2 current 10 9 ENG", &None));
    assert!(items(&batches).contains(&&Item::Place { node: content("1"), parent: Some(content("9")) }));
    let asked = &script.paths()[0];
    assert!(asked.contains("limit=250&status=current&space-id=10&body-format=storage"), "{asked}");
}

#[tokio::test]
async fn the_next_link_keeps_the_call_and_an_empty_page_with_a_next_is_not_the_end() {
    let (cloud, script) = cloud(Scope::default(), |path, query, _| {
        let next = |cursor: &str| json!({ "next": format!("/wiki/api/v2/pages?cursor={cursor}&limit=250") });
        (path == "/wiki/api/v2/pages").then(|| match query.get("cursor").map(String::as_str) {
            None => json!({ "results": [page("1", "10", None)], "_links": next("a%2Bb%3D") }),
            Some("a+b=") => json!({ "results": [], "_links": next("end") }),
            Some(_) => json!({ "results": [page("2", "10", None)], "_links": {} }),
        })
    });
    let batches = drain(&cloud, Stream::Pages, &Stored::with_space("10", "ENG")).await.unwrap();
    assert_eq!(documents(&batches).len(), 2);
    let pages = script.heard().into_iter().filter(|call| call.url.path().ends_with("/pages"));
    assert!(pages.into_iter().all(|call| call.url.path() == "/ex/confluence/cid/wiki/api/v2/pages"));
}

#[tokio::test]
async fn without_a_space_in_scope_nothing_is_listed() {
    let (cloud, script) = cloud(Scope::default(), |_, _, _| None);
    for stream in [Stream::Pages, Stream::BlogPosts, Stream::Places, Stream::Restrictions] {
        assert!(items(&drain(&cloud, stream, &Stored::default()).await.unwrap()).is_empty());
    }
    assert!(script.heard().is_empty());
}

#[tokio::test]
async fn a_page_without_its_body_is_a_loss_and_not_an_empty_page() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| {
        let mut bare = page("1", "10", None);
        bare["body"] = json!({});
        (path == "/wiki/api/v2/pages").then(|| json!({ "results": [bare, page("2", "10", None), { "id": "3" }] }))
    });
    let batches = drain(&cloud, Stream::Pages, &Stored::with_space("10", "ENG")).await.unwrap();
    assert_eq!(documents(&batches).len(), 1);
    let lost: Vec<_> = problems(&batches).iter().filter(|problem| problem.is_loss()).map(|p| &p.item).collect();
    assert_eq!(lost, ["page 3", "page 1"]);
}

#[tokio::test]
async fn replies_in_the_list_find_their_page_through_the_comment_above() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/footer-comments" => Some(json!({ "results": [
            comment("c1", &json!({ "pageId": "1" })), comment("c2", &json!({ "parentCommentId": "c1" })),
            comment("c3", &json!({ "parentCommentId": "c0" })), comment("c4", &json!({ "pageId": "77" })),
        ] })),
        "/wiki/api/v2/footer-comments/c0" => Some(comment("c0", &json!({ "pageId": "1" }))),
        _ => None,
    });
    let batches = drain(&cloud, Stream::FooterComments, &Stored::with_space("10", "ENG").page("1")).await.unwrap();
    let found = documents(&batches);
    let keys: Vec<_> = found.iter().map(|comment| comment.key.native.as_str()).collect();
    assert_eq!(keys, ["c1", "c2", "c3"], "c4 hangs on a page outside");
    assert!(found.iter().all(|comment| comment.node == content("1") && comment.title == "Page 1"));
    assert!(!script.paths().iter().any(|path| path.contains("/search")), "the list holds replies");
}

#[tokio::test]
async fn replies_that_no_list_holds_are_searched() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/footer-comments" => Some(json!({ "results": [comment("c1", &json!({ "pageId": "1" }))] })),
        "/wiki/rest/api/content/search" => Some(json!({ "results": [
            { "id": "c1", "ancestors": [], "container": { "id": "1", "type": "page" } },
            { "id": "c2", "ancestors": [{ "id": "c1", "type": "comment" }], "container": { "id": "1", "type": "page" } },
        ], "_links": {} })),
        "/wiki/api/v2/footer-comments/c1/children" => {
            Some(json!({ "results": [comment("c2", &json!({ "parentCommentId": "c1" }))] }))
        }
        _ => None,
    });
    let batches = drain(&cloud, Stream::FooterComments, &Stored::with_space("10", "ENG").page("1")).await.unwrap();
    let keys: Vec<_> = documents(&batches).iter().map(|comment| comment.key.native.as_str()).collect();
    assert_eq!(keys, ["c1", "c2"]);
}

#[tokio::test]
async fn attachments_are_found_by_name_under_their_page() {
    let (cloud, _) = cloud(Scope::default(), |path, _, _| {
        let file = |id: &str, page: &str| {
            json!({ "id": id, "status": "current", "title": "plan.pdf", "pageId": page, "fileSize": 12,
                "mediaType": "application/pdf", "comment": "final", "version": version() })
        };
        (path == "/wiki/api/v2/attachments").then(|| json!({ "results": [file("att1", "1"), file("att2", "77")] }))
    });
    let batches = drain(&cloud, Stream::Attachments, &Stored::with_space("10", "ENG").page("1")).await.unwrap();
    let [file] = documents(&batches)[..] else { panic!("one lies outside") };
    assert_eq!((file.title.as_str(), file.facts.size, file.node.clone()), ("plan.pdf", Some(12), content("1")));
    assert_eq!(file.url, "https://acme.atlassian.net/wiki/pages/viewpageattachments.action?pageId=1");
    assert_eq!(file.body.text, "final");
}

/// A store that gets to know a parent's own parent between rounds.
#[tokio::test]
async fn a_folder_in_a_folder_is_found_and_an_unreadable_one_stays_missing() {
    let (cloud, script) = cloud(Scope::default(), |path, _, outgoing| match path {
        "/wiki/api/v2/content/convert-ids-to-types" => {
            let asked: Value = serde_json::from_slice(outgoing.body.as_ref().unwrap()).unwrap();
            let kind = |id: &Value| (id.to_string(), if *id == json!(6) { Value::Null } else { json!("folder") });
            let types = asked["contentIds"].as_array().unwrap().iter().map(kind).collect();
            Some(json!({ "results": Value::Object(types) }))
        }
        "/wiki/api/v2/folders/4" => Some(json!({ "id": "4", "parentId": null, "spaceId": "10" })),
        "/wiki/api/v2/folders/5" => Some(json!({ "id": "5", "parentId": "4", "spaceId": "10" })),
        _ => None,
    });
    let first = Stored { missing: vec![content("5"), content("6")], ..Stored::with_space("10", "ENG") };
    let again = cloud.read(Stream::Places, &Reading::Whole, None, &first).await.unwrap();
    let Checkpoint::At(missing) = again.checkpoint else { panic!("what is known comes first, then what is missing") };
    let read = cloud.read(Stream::Places, &Reading::Whole, Some(&missing), &first).await.unwrap();
    assert_eq!(read.items, [Item::Place { node: content("5"), parent: Some(content("4")) }]);
    assert_eq!(read.problems[0].item, "content 6");
    assert!(!read.problems[0].is_loss());
    let second = Stored { missing: vec![content("4"), content("6")], ..first };
    let mut found = Vec::new();
    let mut checkpoint = read.checkpoint;
    while let Checkpoint::At(cursor) = checkpoint {
        let batch = cloud.read(Stream::Places, &Reading::Whole, Some(&cursor), &second).await.unwrap();
        found.extend(batch.items);
        checkpoint = batch.checkpoint;
        assert!(script.heard().len() < 20);
    }
    let space = NodeKey::new(NodeKind::Space, "10");
    assert!(found.contains(&Item::Place { node: content("4"), parent: Some(space) }));
}

/// A store that goes on calling them missing: folders that hang in each other are asked for once, and the reading ends.
#[tokio::test]
async fn folders_in_a_circle_are_read_once_and_the_reading_ends() {
    let (cloud, script) = cloud(Scope::default(), |path, _, _| match path {
        "/wiki/api/v2/content/convert-ids-to-types" => Some(json!({ "results": { "4": "folder", "5": "folder" } })),
        "/wiki/api/v2/folders/4" => Some(json!({ "id": "4", "parentId": "5", "spaceId": "10" })),
        "/wiki/api/v2/folders/5" => Some(json!({ "id": "5", "parentId": "4", "spaceId": "10" })),
        _ => None,
    });
    let known = Stored { missing: vec![content("4"), content("5")], ..Stored::with_space("10", "ENG") };
    let batches = drain(&cloud, Stream::Places, &known).await.unwrap();
    let found: Vec<_> = batches.into_iter().flat_map(|batch| batch.items).collect();
    let place = |node: &str, above: &str| Item::Place { node: content(node), parent: Some(content(above)) };
    assert_eq!(found, [place("4", "5"), place("5", "4")], "access closes a circle, whoever looks");
    assert_eq!(script.heard().len(), 3);
}
