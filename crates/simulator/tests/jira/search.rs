//! `search/jql`: pages, tokens, order of validation, and names that do not exist for the caller.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, word, words};

const DAY: i64 = 24 * 3600 * 1000;

async fn refusal(site: &Site, body: Value) -> (u16, String) {
    let (status, answer) = site.post("bob", "/search/jql", body).await;
    (status, word(&answer["errorMessages"][0]).to_owned())
}

#[tokio::test]
async fn issues_have_only_an_id_unless_fields_are_named() {
    let site = Site::tiny().await;
    let page = site.ok("bob", "/search/jql?jql=project%20%3D%20OPS").await;
    let id = page["issues"][0]["id"].clone();
    assert_eq!(page, json!({"issues": [{"id": id}], "isLast": true}));
    let page = site.ok("bob", "/search/jql?jql=project%20%3D%20OPS&fields=summary,status&fields=reporter").await;
    let issue = &page["issues"][0];
    assert_eq!(issue["key"], "OPS-1");
    assert_eq!(issue["fields"].as_object().unwrap().len(), 3);
    assert!(word(&issue["self"]).ends_with(&format!("/rest/api/3/issue/{}", word(&id))));
}

#[tokio::test]
async fn all_and_navigable_and_exclusions_choose_fields() {
    let site = Site::tiny().await;
    let fields = async |names: &str| {
        let page = site.ok("bob", &format!("/search/jql?jql=project=OPS&fields={names}&expand=names,schema")).await;
        assert_eq!(page["names"]["summary"], "Summary");
        assert_eq!(page["schema"]["summary"], json!({"type": "string", "system": "summary"}));
        page["issues"][0]["fields"].clone()
    };
    let all = fields("*all").await;
    assert!(all.get("comment").is_some() && all.get("worklog").is_some());
    let navigable = fields("*navigable").await;
    assert!(navigable.get("comment").is_none() && navigable.get("description").is_some());
    let fewer = fields("*all,-comment").await;
    assert_eq!(fewer.as_object().unwrap().len() + 1, all.as_object().unwrap().len());
}

#[tokio::test]
async fn reconciled_issues_are_found_as_they_are_while_the_index_lags() {
    let site = Site::tiny().await;
    site.running.simulation.switches.set_search_lag(3_600_000);
    let fields = json!({"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "A zebra"});
    let made = site.done("bob", Method::POST, "/issue", json!({"fields": fields})).await;
    let id: i64 = word(&made["id"]).parse().unwrap();
    let found = async |reconciled: Value| {
        let body = json!({"jql": "summary ~ zebra", "reconcileIssues": reconciled});
        site.done("bob", Method::POST, "/search/jql", body).await["issues"].as_array().unwrap().len()
    };
    assert_eq!((found(json!([])).await, found(json!([id + 1])).await, found(json!([id])).await), (0, 0, 1));
}

#[tokio::test]
async fn a_page_holds_5000_ids_but_only_100_issues_with_fields() {
    let site = Site::cost().await;
    let page = async |fields: Value| {
        let body = json!({"jql": "project is not EMPTY", "maxResults": 5000, "fields": fields});
        site.done("person1", Method::POST, "/search/jql", body).await
    };
    let bare = page(json!(["id"])).await;
    assert_eq!((bare["issues"].as_array().unwrap().len(), &bare["isLast"]), (1000, &json!(true)));
    let rich = page(json!(["summary"])).await;
    assert_eq!((rich["issues"].as_array().unwrap().len(), &rich["isLast"]), (100, &json!(false)));
    assert!(rich.get("total").is_none() && rich.get("startAt").is_none());
}

#[tokio::test]
async fn tokens_walk_everything_once_and_the_last_page_has_none() {
    let site = Site::cost().await;
    let mut seen = std::collections::BTreeSet::new();
    let mut body = json!({"jql": "project is not EMPTY order by updated desc", "maxResults": 300});
    let mut calls = 0;
    loop {
        let page = site.done("person1", Method::POST, "/search/jql", body.clone()).await;
        calls += 1;
        for issue in page["issues"].as_array().unwrap() {
            assert!(seen.insert(word(&issue["id"]).to_owned()), "{issue} came twice");
        }
        let Some(token) = page.get("nextPageToken") else {
            assert_eq!(page["isLast"], true);
            break;
        };
        assert_eq!(page["isLast"], false);
        body["nextPageToken"] = token.clone();
    }
    assert_eq!((seen.len(), calls), (1000, 4));
}

#[tokio::test]
async fn a_token_is_good_for_a_week_for_its_own_query_and_caller() {
    let site = Site::cost().await;
    let first = json!({"jql": "project is not EMPTY", "maxResults": 10});
    let token = site.done("person1", Method::POST, "/search/jql", first).await["nextPageToken"].clone();
    let next = |jql: &str| json!({"jql": jql, "nextPageToken": token});
    let status = async |who: &str, jql: &str| site.post(who, "/search/jql", next(jql)).await.0;
    assert_eq!(status("person1", "project is not EMPTY").await, 200);
    assert_eq!(status("person2", "project is not EMPTY").await, 400);
    assert_eq!(status("person1", "labels is EMPTY").await, 400);
    site.advance(7 * DAY);
    assert_eq!(status("person1", "project is not EMPTY").await, 400);
}

#[tokio::test]
async fn the_pages_of_a_chain_are_trimmed_again() {
    let site = Site::cost().await;
    let first = json!({"jql": "project is not EMPTY order by key", "maxResults": 999});
    let page = site.done("person1", Method::POST, "/search/jql", first.clone()).await;
    let body = json!({"jql": first["jql"], "nextPageToken": page["nextPageToken"]});
    let last = site.done("person1", Method::POST, "/search/jql", body.clone()).await;
    let id: u64 = word(&last["issues"][0]["id"]).parse().unwrap();
    site.running.simulation.world_mut().delete_issue(id);
    let last = site.done("person1", Method::POST, "/search/jql", body).await;
    assert_eq!(last, json!({"issues": [], "isLast": true}));
}

#[tokio::test]
async fn faults_are_found_in_the_order_body_token_range_unbounded() {
    let site = Site::tiny().await;
    let all = json!({"jql": "", "maxResults": 0, "nextPageToken": "x", "total": true});
    assert!(refusal(&site, all).await.1.starts_with("Invalid request payload."));
    let token = json!({"jql": "", "maxResults": 0, "nextPageToken": "x"});
    assert!(refusal(&site, token).await.1.contains("nextPageToken"));
    for most in [0, 5001] {
        let range = json!({"jql": "", "maxResults": most});
        assert_eq!(refusal(&site, range).await.1, "The maxResults parameter must be between 1 and 5,000.");
    }
    let unbounded = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.";
    for jql in ["", "order by created"] {
        assert_eq!(refusal(&site, json!({"jql": jql})).await, (400, unbounded.to_owned()));
    }
    let wrong_type = json!({"jql": 7});
    assert!(refusal(&site, wrong_type).await.1.starts_with("Invalid request payload."));
    let bare = site.request(Some("bob"), Method::POST, "/rest/api/3/search/jql").body("{}");
    assert_eq!(site.send(bare).await.0, 415);
    let (status, body) = site.get("bob", "/search/jql?jql=project=OPS&maxResults=abc").await;
    assert_eq!((status, &body["instance"]), (400, &json!("/rest/api/3/search/jql")));
    let many: Vec<i64> = (0..51).collect();
    assert_eq!(refusal(&site, json!({"jql": "project=OPS", "reconcileIssues": many})).await.0, 400);
}

#[tokio::test]
async fn the_old_search_is_gone() {
    let site = Site::tiny().await;
    for path in ["/rest/api/3/search", "/rest/api/2/search"] {
        let (status, body) = site.send(site.request(Some("bob"), Method::GET, path)).await;
        assert_eq!(status, 410);
        assert!(word(&body["errorMessages"][0]).contains("CHANGE-2046"));
    }
    assert_eq!(site.post("bob", "/search", json!({"jql": "project = OPS"})).await.0, 410);
}

#[tokio::test]
async fn unknown_names_are_an_error_for_accounts_and_nothing_for_the_public() {
    let site = Site::tiny().await;
    let words = refusal(&site, json!({"jql": "project = NOPE"})).await;
    assert_eq!(words, (400, "The value 'NOPE' does not exist for the field 'project'.".to_owned()));
    let public = site.request(None, Method::GET, "/rest/api/3/search/jql?jql=project%20%3D%20NOPE");
    assert_eq!(site.send(public).await, (200, json!({"issues": [], "isLast": true})));
    let public = site.request(None, Method::GET, "/rest/api/3/search/jql?jql=project%20%3D%20OPS");
    assert_eq!(site.send(public).await, (200, json!({"issues": [], "isLast": true})));
    // To Bob, the issue that its level hides is as unknown as one that never was.
    for key in ["OPS-2", "OPS-99"] {
        assert_eq!(refusal(&site, json!({"jql": format!("key = {key}")})).await.0, 400);
    }
    assert_eq!(site.found("alice", "key = OPS-2").await, ["OPS-2"]);
}

#[tokio::test]
async fn a_date_without_a_zone_is_read_in_the_zone_of_the_callers_profile() {
    let site = Site::tiny().await;
    let at = {
        let mut world = site.running.simulation.world_mut();
        let author = world.jira.issue("OPS-1").unwrap().creator.clone();
        let id = world.jira.issue("OPS-1").unwrap().id;
        world.edit_issue(id, &author, Vec::new(), |_| {});
        world.jira.issue("OPS-1").unwrap().updated
    };
    // 2027-01-15T08:00:00Z: 09:00 for Alice in Berlin, 03:00 for Bob in New York.
    assert_eq!(at, crate::site::NOW);
    let since = async |who: &str, literal: &str| site.found(who, &format!("updated >= {literal}")).await;
    assert_eq!(since("alice", "\"2027-01-15 09:00\"").await, ["OPS-1"]);
    assert_eq!(since("alice", "\"2027-01-15 09:01\"").await, Vec::<String>::new());
    assert_eq!(since("bob", "\"2027-01-15 03:00\"").await, ["OPS-1"]);
    assert_eq!(since("bob", "\"2027-01-15 03:01\"").await, Vec::<String>::new());
    for who in ["alice", "bob"] {
        assert_eq!(since(who, "\"2027-01-15 08:00 UTC\"").await, ["OPS-1"]);
        assert_eq!(since(who, &at.to_string()).await, ["OPS-1"]);
        assert_eq!(since(who, &(at + 1).to_string()).await, Vec::<String>::new());
        assert_eq!(since(who, "-1m").await, ["OPS-1"]);
    }
    let shown = |issue: Value| word(&issue["fields"]["updated"]).to_owned();
    assert_eq!(shown(site.ok("alice", "/issue/OPS-1").await), "2027-01-15T09:00:00.000+0100");
    assert_eq!(shown(site.ok("bob", "/issue/OPS-1").await), "2027-01-15T03:00:00.000-0500");
}

#[tokio::test]
async fn counts_matches_and_texts_know_only_what_the_caller_sees() {
    let site = Site::tiny().await;
    let count = async |who: &str| {
        let body = json!({"jql": "project = OPS"});
        site.done(who, Method::POST, "/search/approximate-count", body).await["count"].clone()
    };
    assert_eq!((count("alice").await, count("bob").await), (json!(2), json!(1)));
    assert_eq!(site.post("bob", "/search/approximate-count", json!({"jql": ""})).await.0, 400);
    let ids: Vec<u64> = site.running.simulation.world().jira.issues.keys().copied().collect();
    let body = json!({"issueIds": ids, "jqls": ["project = OPS", "nonsense = 1"]});
    let answer = site.done("bob", Method::POST, "/jql/match", body).await;
    assert_eq!(answer["matches"][0], json!({"matchedIssues": [ids[0]], "errors": []}));
    assert_eq!(answer["matches"][1]["errors"].as_array().unwrap().len(), 1);
    // "cash" stands in a comment for Developers only.
    assert_eq!(site.found("alice", "text ~ cash").await, ["OPS-1"]);
    assert!(site.found("bob", "text ~ cash").await.is_empty());
}

#[tokio::test]
async fn archived_issues_and_projects_are_not_found_but_still_read() {
    let site = Site::tiny().await;
    assert_eq!(site.found("bob", "project = OPS").await, ["OPS-1"]);
    let body = json!({"issueIdsOrKeys": ["OPS-1", "OPS-77"]});
    let answer = site.done("carol", Method::PUT, "/issue/archive", body.clone()).await;
    assert_eq!(
        (&answer["numberOfIssuesUpdated"], &answer["errors"]["issuesNotFound"]["count"]),
        (&json!(1), &json!(1))
    );
    assert!(site.found("bob", "project = OPS").await.is_empty());
    site.ok("bob", "/issue/OPS-1").await;
    site.done("carol", Method::PUT, "/issue/unarchive", body).await;
    assert_eq!(site.post("carol", "/project/OPS/archive", json!({})).await.0, 204);
    assert!(site.found("bob", "project = OPS").await.is_empty());
    site.ok("bob", "/issue/OPS-1").await;
    assert_eq!(site.ok("bob", "/project/search").await["values"], json!([]));
    assert_eq!(words(&site.ok("bob", "/project/search?status=archived").await["values"], "key"), ["OPS"]);
}
