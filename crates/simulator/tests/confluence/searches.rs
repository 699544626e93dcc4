//! CQL: paging, caps, time zones, lag, trimming, and errors.

use serde_json::json;

use crate::site::{NOW, Site, each, titles};

fn search(cql: &str) -> String {
    format!("/wiki/rest/api/content/search?cql={cql}")
}

#[tokio::test]
async fn next_has_no_wiki_in_v1_and_start_is_ignored() {
    let site = Site::start().await;
    let body = site.get("ann", &format!("{}&limit=2&start=1", search("type=page"))).await.ok();
    assert_eq!((titles(&body), &body["start"]), (vec!["Home".to_owned(), "Plan".to_owned()], &json!(0)));
    let next = body["_links"]["next"].as_str().unwrap();
    assert!(next.starts_with("/rest/api/content/search?next=true&cursor="), "{next}");
    assert_eq!((&body["_links"]["context"], body.get("totalSize")), (&json!("/wiki"), None));
    let all = site.all("ann", &format!("{}&limit=2", search("type=page"))).await;
    assert_eq!(each(&all, "title"), ["Home", "Plan", "Step one", "Inside"]);
    let sorted = site.all("ann", &format!("{}&limit=3", search("type=page order by title desc"))).await;
    assert_eq!(each(&sorted, "title"), ["Step one", "Plan", "Inside", "Home"]);
}

#[tokio::test]
async fn expansions_lower_the_page_and_bodies_lower_it_more() {
    let site = Site::start().await;
    for (expand, limit) in [("", 1_000), ("&expand=version", 200), ("&expand=body.storage,version", 50)] {
        let body = site.get("ann", &format!("{}&limit=5000{expand}", search("type=page"))).await.ok();
        assert_eq!(body["limit"], limit, "{expand}");
    }
    let got = site.get("ann", &format!("{}&limit=-1", search("type=page"))).await;
    assert_eq!(got.body["message"], "java.lang.IllegalArgumentException: limit cannot be less than zero");
}

#[tokio::test]
async fn results_are_trimmed_to_the_caller() {
    let site = Site::start().await;
    assert_eq!(titles(&site.get("ben", &search("text ~ secret")).await.ok()), Vec::<String>::new());
    assert_eq!(titles(&site.get("ann", &search("text ~ secret")).await.ok()), ["Plan"]);
    let total = site.get("ben", "/wiki/rest/api/search?cql=type=page").await.ok();
    assert_eq!(total["totalSize"], 2);
}

#[tokio::test]
async fn bad_queries_are_400_and_so_is_none() {
    let site = Site::start().await;
    for cql in
        ["type =", "colour = red", "type = sausage", "space in (", "watcher = currentUser()", "title ~ \"title:home\""]
    {
        let got = site.get("ann", &search(cql)).await;
        assert_eq!((got.status.as_u16(), &got.body["statusCode"]), (400, &json!(400)), "{cql}");
        assert!(got.body["message"].as_str().unwrap().contains("Could not parse cql"), "{}", got.body);
    }
    assert_eq!(site.get("ann", "/wiki/rest/api/content/search").await.status, 400);
    assert_eq!(
        site.get("ann", "/wiki/rest/api/group?accessType=everyone").await.status,
        400,
        "it would list all groups"
    );
    let misspelt = format!("{}&cqlcontext={{\"contentStatuses\":[\"archive\"]}}", search("type=page"));
    assert_eq!(site.get("ann", &misspelt).await.status, 400);
    assert_eq!(site.get("ann", "/wiki/rest/api/search").await.status, 400);
}

#[tokio::test]
async fn naive_times_are_read_in_the_callers_zone() {
    let site = Site::start().await;
    let body = json!({"spaceId": site.space("ENG").to_string(), "title": "Now", "body": {"representation": "storage", "value": ""}});
    site.post("ann", "/wiki/api/v2/pages", &body).await.ok();
    // Sydney is eleven hours ahead: for ben the page is from 19:00.
    let since = search("lastmodified >= \"2027-01-15 07:59\"");
    assert_eq!(titles(&site.get("ann", &since).await.ok()), ["Now"]);
    assert_eq!(titles(&site.get("ben", &since).await.ok()), ["Now"]);
    let later = search("lastmodified >= \"2027-01-15 18:00\"");
    assert!(titles(&site.get("ann", &later).await.ok()).is_empty());
    assert_eq!(titles(&site.get("ben", &later).await.ok()), ["Now"]);
    assert_eq!(titles(&site.get("ben", &search("lastmodified > now(\"-5m\")")).await.ok()), ["Now"]);
}

#[tokio::test]
async fn the_index_lags_by_the_clock_when_switched() {
    let site = Site::start().await;
    let clock = &site.running.simulation.clock;
    site.running.simulation.switches.set_search_lag(120_000);
    let body = json!({"spaceId": site.space("ENG").to_string(), "title": "Fresh", "body": {"representation": "storage", "value": "<p>kelp</p>"}});
    let page = site.post("ann", "/wiki/api/v2/pages", &body).await.ok();
    let id = page["id"].as_str().unwrap().to_owned();
    assert_eq!(site.get("ben", &format!("/wiki/api/v2/pages/{id}")).await.status, 200, "v2 does not lag");
    assert!(titles(&site.get("ben", &search("text ~ kelp")).await.ok()).is_empty());
    clock.set(NOW + 120_000);
    assert_eq!(titles(&site.get("ben", &search("text ~ kelp")).await.ok()), ["Fresh"]);
    let edit = json!({"id": id, "status": "current", "title": "Fresh", "version": {"number": 2},
        "body": {"representation": "storage", "value": "<p>moss</p>"}});
    site.put("ann", &format!("/wiki/api/v2/pages/{id}"), &edit).await.ok();
    assert_eq!(titles(&site.get("ben", &search("text ~ kelp")).await.ok()), ["Fresh"], "the old words are found still");
    assert!(titles(&site.get("ben", &search("lastmodified >= now(\"-1m\")")).await.ok()).is_empty());
    clock.advance(120_000);
    assert!(titles(&site.get("ben", &search("text ~ kelp")).await.ok()).is_empty());
}

#[tokio::test]
async fn archived_pages_and_spaces_are_found_only_when_asked_for() {
    let site = Site::start().await;
    let context = "&cqlcontext={\"contentStatuses\":[\"current\",\"archived\"]}";
    assert!(!titles(&site.get("ben", &search("type=page")).await.ok()).contains(&"Attic".to_owned()));
    assert!(
        titles(&site.get("ben", &format!("{}{context}", search("type=page"))).await.ok()).contains(&"Attic".to_owned())
    );
    let space = site.space("ENG");
    site.change(|world| world.confluence.spaces.get_mut(&space).unwrap().archived = true);
    assert!(titles(&site.get("ben", &search("type=page")).await.ok()).is_empty());
    let found = site.get("ben", "/wiki/rest/api/search?cql=type=page&includeArchivedSpaces=true").await.ok();
    assert_eq!((&found["totalSize"], &found["archivedResultCount"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn ancestors_labels_macros_mentions_comments_and_files_can_be_searched() {
    let site = Site::start().await;
    let who = site.account("ben");
    let value = format!(
        "<p>Ask <ac:link><ri:user ri:account-id=\"{who}\"/></ac:link></p><ac:structured-macro ac:name=\"info\">\
         <ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>"
    );
    let body = json!({"spaceId": site.space("ENG").to_string(), "parentId": site.id("Box").to_string(), "title": "Ask",
        "body": {"representation": "storage", "value": value}});
    site.post("ann", "/wiki/api/v2/pages", &body).await.ok();
    let comment = json!({"pageId": site.id("Ask").to_string(), "body": {"representation": "storage", "value": "<p>Who knows</p>"}});
    site.post("ben", "/wiki/api/v2/footer-comments", &comment).await.ok();
    for (cql, found) in [
        (format!("ancestor = {} and type = page", site.id("Box")), vec!["Inside", "Ask"]),
        (format!("parent = {}", site.id("Home")), vec!["Plan", "Box"]),
        ("label = start".to_owned(), vec!["Home"]),
        ("macro = info".to_owned(), vec!["Ask"]),
        (format!("mention = \"{who}\""), vec!["Ask"]),
        (format!("type = comment and container = {}", site.id("Ask")), vec!["Re: Ask"]),
        ("creator = currentUser() and type = page".to_owned(), vec!["Ask"]),
        ("title = \"Plan\"".to_owned(), vec!["Plan"]),
        (format!("id in ({}, {})", site.id("News"), site.id("Home")), vec!["Home", "News"]),
        ("type = folder".to_owned(), vec!["Box"]),
        ("space != ENG".to_owned(), vec![]),
    ] {
        assert_eq!(titles(&site.get("ann", &search(&cql)).await.ok()), found, "{cql}");
    }
}

#[tokio::test]
async fn the_other_search_finds_spaces_and_says_how_many_there_are() {
    let site = Site::start().await;
    let body = site
        .get("ben", "/wiki/rest/api/search?cql=text ~ lighthouse or type = space&expand=content.version")
        .await
        .ok();
    assert_eq!((&body["totalSize"], &body["cqlQuery"]), (&json!(2), &json!("text ~ lighthouse or type = space")));
    let kinds = each(body["results"].as_array().unwrap(), "entityType");
    assert_eq!(kinds, ["content", "space"]);
    let page = &body["results"][0];
    assert_eq!(
        (&page["content"]["version"]["number"], &page["excerpt"]),
        (&json!(1), &json!("Welcome to the lighthouse."))
    );
    assert_eq!(page["resultGlobalContainer"]["title"], "Engineering");
    let paged = site.get("ann", "/wiki/rest/api/search?cql=type=page&start=1&limit=2").await.ok();
    assert_eq!((titles(&paged), &paged["totalSize"]), (vec!["Plan".to_owned(), "Step one".to_owned()], &json!(4)));
}

#[tokio::test]
async fn people_are_searched_by_their_own_route() {
    let site = Site::start().await;
    let body = site.get("ann", "/wiki/rest/api/search/user?cql=type=user&limit=2").await.ok();
    assert_eq!((&body["size"], &body["totalSize"]), (&json!(2), &json!(5)));
    let ben = site.get("ann", "/wiki/rest/api/search/user?cql=user.fullname~\"Birch\"").await.ok();
    assert_eq!(titles(&ben), ["Ben Birch"]);
    assert_eq!(site.get("ann", &search("user.fullname ~ Birch")).await.status, 400);
}
