//! Listings of v2: paging, order, statuses, and what they leave out.

use serde_json::json;

use crate::site::{Site, each, titles};

const PAGES: &str = "/wiki/api/v2/pages";

#[tokio::test]
async fn next_begins_with_wiki_in_v2_and_stands_in_the_link_header_too() {
    let site = Site::start().await;
    let got = site.get("ben", "/wiki/api/v2/pages?limit=1&body-format=storage").await;
    let next = got.body["_links"]["next"].as_str().unwrap();
    assert!(next.starts_with("/wiki/api/v2/pages?limit=1&body-format=storage&cursor="), "{next}");
    assert_eq!(got.body["_links"]["base"], "https://acme.atlassian.net/wiki");
    let header = got.headers["link"].to_str().unwrap();
    assert_eq!(header, format!("<{next}>; rel=\"next\", <https://acme.atlassian.net/wiki>; rel=\"base\""));
}

#[tokio::test]
async fn a_listing_by_cursor_gives_each_page_once_in_every_order() {
    let site = Site::start().await;
    for minute in 0..7 {
        site.running.simulation.clock.advance(60_000);
        let body = json!({"spaceId": site.space("ENG").to_string(), "title": format!("P{}", (minute * 3) % 7),
            "body": {"representation": "storage", "value": "<p>x</p>"}});
        site.post("ann", PAGES, &body).await.ok();
    }
    for sort in ["id", "-id", "title", "-title", "created-date", "-created-date", "modified-date", "-modified-date"] {
        for filter in ["", "&space-id=SPACE", "&space-id=SPACE,OTHER", "&title=P3"] {
            let filter = filter.replace("SPACE", &site.space("ENG").to_string());
            let filter = filter.replace("OTHER", &site.space("HR").to_string());
            let whole = site.all("ann", &format!("{PAGES}?sort={sort}&limit=250{filter}")).await;
            let parts = site.all("ann", &format!("{PAGES}?sort={sort}&limit=2{filter}")).await;
            assert_eq!(each(&whole, "id"), each(&parts, "id"), "{sort} {filter}");
            assert_eq!(whole.len(), if filter.contains("P3") { 1 } else { 12 }, "{sort} {filter}");
            let mut keys = match sort.trim_start_matches('-') {
                "title" => each(&whole, "title"),
                "created-date" => each(&whole, "createdAt"),
                "modified-date" => whole.iter().map(|row| row["version"]["createdAt"].to_string()).collect(),
                _ => each(&whole, "id").iter().map(|id| format!("{id:0>12}")).collect(),
            };
            if sort.starts_with('-') {
                keys.reverse();
            }
            assert!(keys.is_sorted(), "{sort} {filter} {keys:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_goes_on_after_a_page_that_was_deleted_meanwhile() {
    let site = Site::start().await;
    for sort in ["id", "title"] {
        let first = site.get("ann", &format!("{PAGES}?sort={sort}&limit=3")).await.ok();
        let last: u64 = first["results"][2]["id"].as_str().unwrap().parse().unwrap();
        let next = first["_links"]["next"].as_str().unwrap().to_owned();
        let before = titles(&site.get("ann", &next).await.ok());
        let removed = site.change(|world| world.confluence.remove_content(last)).unwrap();
        assert_eq!(titles(&site.get("ann", &next).await.ok()), before, "{sort}");
        site.change(|world| world.confluence.put_content(removed));
    }
}

#[tokio::test]
async fn an_unreadable_cursor_or_limit_is_a_400_that_names_the_parameter() {
    let site = Site::start().await;
    let got = site.get("ben", "/wiki/api/v2/pages?cursor=nonsense").await;
    let error = json!({"status": 400, "code": "INVALID_REQUEST_PARAMETER", "detail": null,
        "title": "Provided value for 'cursor' is not the correct type. Expected type is Cursor."});
    assert_eq!((got.status.as_u16(), &got.body["errors"][0]), (400, &error));
    for bad in ["limit=0", "limit=251", "limit=x", "sort=colour", "status=strange", "body-format=view", "id=abc"] {
        assert_eq!(site.get("ben", &format!("{PAGES}?{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn listings_hide_what_the_caller_may_not_see_and_a_direct_read_says_not_found() {
    let site = Site::start().await;
    let everything = titles(&site.get("ann", PAGES).await.ok());
    assert_eq!(everything, ["Home", "Plan", "Step one", "Inside", "Attic"]);
    let visible = titles(&site.get("ben", PAGES).await.ok());
    assert_eq!(visible, ["Home", "Inside", "Attic"], "neither the restricted page nor the one below it");
    let hidden = site.get("ben", &format!("{PAGES}/{}", site.id("Step one"))).await;
    let id = site.id("Step one");
    assert_eq!(hidden.status, 404);
    assert_eq!(hidden.body["errors"][0]["title"], format!("Cannot find a page with id [{id}]"));
    let missing = site.get("ben", &format!("{PAGES}/1")).await;
    assert_eq!(missing.body["errors"][0]["code"], hidden.body["errors"][0]["code"]);
    // Administrators of space and site have no way around a view restriction.
    assert!(!titles(&site.get("cat", PAGES).await.ok()).contains(&"Plan".to_owned()));
}

#[tokio::test]
async fn a_hidden_parent_still_appears_as_the_parent_of_a_folder() {
    let site = Site::start().await;
    let inside = site.get("ben", &format!("{PAGES}/{}", site.id("Inside"))).await.ok();
    assert_eq!(
        (inside["parentType"].as_str(), inside["parentId"].as_str().map(str::len).is_some()),
        (Some("folder"), true)
    );
    let folder = site.get("ben", &format!("/wiki/api/v2/folders/{}", site.id("Box"))).await.ok();
    assert_eq!((folder["parentType"].as_str(), folder["type"].as_str()), (Some("page"), Some("folder")));
    assert_eq!(folder["parentId"], site.id("Home").to_string());
    // The folder is no page.
    assert_eq!(site.get("ben", &format!("{PAGES}/{}", site.id("Box"))).await.status, 404);
}

#[tokio::test]
async fn the_trash_is_listed_only_when_asked_for_and_only_to_administrators_of_the_space() {
    let site = Site::start().await;
    let trash = "/wiki/api/v2/pages?status=trashed&sort=-modified-date";
    assert_eq!(titles(&site.get("cat", trash).await.ok()), ["Bin"]);
    assert!(titles(&site.get("ann", trash).await.ok()).is_empty());
    assert!(!titles(&site.get("cat", PAGES).await.ok()).contains(&"Bin".to_owned()));
    let id = site.id("Bin");
    assert_eq!(site.get("cat", &format!("{PAGES}/{id}")).await.status, 404);
    assert_eq!(site.get("cat", &format!("{PAGES}/{id}?status=trashed")).await.ok()["status"], "trashed");
}

#[tokio::test]
async fn drafts_are_in_no_listing_and_readable_by_their_author_alone() {
    let site = Site::start().await;
    let id = site.id("Sketch");
    assert!(!titles(&site.get("ann", PAGES).await.ok()).contains(&"Sketch".to_owned()));
    assert_eq!(site.get("ann", &format!("{PAGES}/{id}")).await.status, 404);
    assert_eq!(site.get("ann", &format!("{PAGES}/{id}?get-draft=true")).await.ok()["status"], "draft");
    assert_eq!(site.get("cat", &format!("{PAGES}/{id}?get-draft=true")).await.status, 404);
}

#[tokio::test]
async fn archived_pages_are_listed_by_default_and_archived_spaces_stay_readable() {
    let site = Site::start().await;
    let archived = site.get("ben", "/wiki/api/v2/pages?status=archived").await.ok();
    assert_eq!(titles(&archived), ["Attic"]);
    let space = site.space("ENG");
    site.change(|world| world.confluence.spaces.get_mut(&space).unwrap().archived = true);
    assert_eq!(titles(&site.get("ben", PAGES).await.ok()).len(), 3);
    let listed = site.get("ben", "/wiki/api/v2/spaces?status=archived").await.ok();
    assert_eq!(listed["results"][0]["status"], "archived");
}

#[tokio::test]
async fn bodies_come_in_two_formats_in_lists_and_the_document_is_json_in_a_string() {
    let site = Site::start().await;
    let plain = site.get("ben", &format!("{PAGES}?limit=1")).await.ok();
    assert_eq!(plain["results"][0]["body"], json!({}));
    let storage = site.get("ben", &format!("{PAGES}?limit=1&body-format=storage")).await.ok();
    let value = json!({"representation": "storage", "value": "<p>Welcome to the lighthouse.</p>"});
    assert_eq!(storage["results"][0]["body"]["storage"], value);
    let document = site.get("ben", &format!("{PAGES}?limit=1&body-format=atlas_doc_format")).await.ok();
    let text = document["results"][0]["body"]["atlas_doc_format"]["value"].as_str().unwrap();
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(document["content"][0]["content"][0]["text"], "Welcome to the lighthouse.");
    let view = site.get("ben", &format!("{PAGES}/{}?body-format=view", site.id("Home"))).await.ok();
    assert_eq!(view["body"]["view"]["value"], "<p>Welcome to the lighthouse.</p>");
}

#[tokio::test]
async fn pages_of_a_space_and_by_id_and_title() {
    let site = Site::start().await;
    let (eng, hr) = (site.space("ENG"), site.space("HR"));
    let roots = site.get("ann", &format!("/wiki/api/v2/spaces/{eng}/pages?depth=root")).await.ok();
    assert_eq!(titles(&roots), ["Home"]);
    assert_eq!(site.get("ann", &format!("/wiki/api/v2/spaces/{hr}/pages")).await.status, 404);
    let ids = format!("{},{},99", site.id("Step one"), site.id("Home"));
    assert_eq!(titles(&site.get("ben", &format!("{PAGES}?id={ids}")).await.ok()), ["Home"]);
    assert_eq!(titles(&site.get("ann", &format!("{PAGES}?title=Plan")).await.ok()), ["Plan"]);
    let news = site.get("ben", "/wiki/api/v2/blogposts").await.ok();
    assert_eq!(titles(&news), ["News"]);
    assert!(news["results"][0].get("parentId").is_none());
}

#[tokio::test]
async fn labels_have_pages() {
    let site = Site::start().await;
    let labels = site.get("ben", &format!("{PAGES}/{}/labels", site.id("Home"))).await.ok();
    assert_eq!((&labels["results"][0]["name"], &labels["results"][0]["prefix"]), (&json!("start"), &json!("global")));
    let id = labels["results"][0]["id"].as_str().unwrap();
    let pages = site.get("ben", &format!("/wiki/api/v2/labels/{id}/pages")).await.ok();
    assert_eq!(titles(&pages), ["Home"]);
}
