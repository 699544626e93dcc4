//! Issues in bulk and one by one: limits, order, gaps, former keys, cut comments.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, doc, word, words};

async fn fetch(site: &Site, who: &str, body: Value) -> Value {
    site.done(who, Method::POST, "/issue/bulkfetch", body).await
}

#[tokio::test]
async fn bulk_fetch_sorts_by_id_and_leaves_out_what_is_missing_or_hidden() {
    let site = Site::tiny().await;
    let body = json!({"issueIdsOrKeys": ["OPS-2", "ops-1", "OPS-1", "OPS-99", "12345678"], "fields": ["summary"]});
    let all = fetch(&site, "alice", body.clone()).await;
    assert_eq!(words(&all["issues"], "key"), ["OPS-1", "OPS-2"]);
    assert_eq!(all["issueErrors"], json!([]));
    assert_eq!(words(&fetch(&site, "bob", body).await["issues"], "key"), ["OPS-1"]);
}

#[tokio::test]
async fn a_thousand_at_once_need_few_plain_named_fields() {
    let site = Site::cost().await;
    let ids: Vec<String> = site.running.simulation.world().jira.issues.keys().map(u64::to_string).collect();
    let fetch = async |count: usize, fields: Value, expand: Value| {
        let body = json!({"issueIdsOrKeys": ids[..count], "fields": fields, "expand": expand});
        let (status, body) = site.post("person1", "/issue/bulkfetch", body).await;
        (status, body["issues"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(fetch(1000, json!(["summary", "updated", "security"]), json!([])).await, (200, 1000));
    for (fields, expand) in [
        (json!([]), json!([])),
        (json!(["*all"]), json!([])),
        (json!(["*navigable"]), json!([])),
        (json!(["-description"]), json!([])),
        (json!(["summary", "comment"]), json!([])),
        (json!(["summary"]), json!(["changelog"])),
        (json!(["summary"]), json!(["renderedFields"])),
    ] {
        assert_eq!(fetch(101, fields.clone(), expand.clone()).await, (400, 0), "{fields} {expand}");
        assert_eq!(fetch(100, fields, expand).await, (200, 100));
    }
    assert_eq!(fetch(0, json!(["summary"]), json!([])).await.0, 400);
}

#[tokio::test]
async fn lists_hold_twenty_comments_and_the_true_total() {
    let site = Site::tiny().await;
    for number in 0..36 {
        let body = json!({"body": doc(&format!("remark {number}"))});
        site.done("bob", Method::POST, "/issue/OPS-1/comment", body).await;
    }
    let bulk = fetch(&site, "alice", json!({"issueIdsOrKeys": ["OPS-1"], "fields": ["comment"]})).await;
    let search = site.ok("alice", "/search/jql?jql=key=OPS-1&fields=comment").await;
    for list in [&bulk["issues"][0]["fields"]["comment"], &search["issues"][0]["fields"]["comment"]] {
        assert_eq!((list["comments"].as_array().unwrap().len(), &list["total"]), (20, &json!(38)));
        assert_eq!((&list["maxResults"], &list["startAt"]), (&json!(20), &json!(0)));
    }
    // Bob does not see the comment for Developers, nor its place in the total.
    let bulk = fetch(&site, "bob", json!({"issueIdsOrKeys": ["OPS-1"], "fields": ["comment"]})).await;
    assert_eq!(bulk["issues"][0]["fields"]["comment"]["total"], 37);
    let page = site.ok("alice", "/issue/OPS-1/comment?startAt=20&maxResults=500").await;
    assert_eq!((page["comments"].as_array().unwrap().len(), &page["maxResults"]), (18, &json!(100)));
    let whole = site.ok("alice", "/issue/OPS-1").await;
    assert_eq!(whole["fields"]["comment"]["comments"].as_array().unwrap().len(), 38);
}

#[tokio::test]
async fn former_keys_of_a_project_still_lead_to_its_issues() {
    let site = Site::tiny().await;
    let renamed = site.done("carol", Method::PUT, "/project/OPS", json!({"key": "CARE"})).await;
    assert_eq!(renamed["key"], "CARE");
    let bulk = fetch(&site, "bob", json!({"issueIdsOrKeys": ["OPS-1"], "fields": ["summary"]})).await;
    assert_eq!(bulk["issues"][0]["key"], "CARE-1");
    assert_eq!(site.ok("bob", "/issue/OPS-1").await["key"], "CARE-1");
    assert_eq!(site.found("bob", "key = OPS-1").await, ["CARE-1"]);
    assert_eq!(site.get("bob", "/project/care").await.0, 404, "project keys are case-sensitive in paths");
    assert_eq!(site.ok("bob", "/project/OPS").await["key"], "CARE");
}

#[tokio::test]
async fn hidden_and_missing_issues_give_the_same_answer() {
    let site = Site::tiny().await;
    let (hidden, missing) = (site.get("bob", "/issue/OPS-2").await, site.get("bob", "/issue/OPS-99").await);
    assert_eq!(hidden, missing);
    let words = "Issue does not exist or you do not have permission to see it.";
    assert_eq!(hidden, (404, json!({"errorMessages": [words], "errors": {}})));
    for path in ["/issue/OPS-2/comment", "/issue/OPS-2/worklog", "/issue/OPS-2/changelog", "/issue/OPS-2/transitions"] {
        assert_eq!(site.get("bob", path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn an_issue_shows_its_level_and_people() {
    let site = Site::tiny().await;
    let fields = site.ok("alice", "/issue/OPS-2?fields=security,reporter,status,issuetype,priority,project").await;
    let fields = &fields["fields"];
    assert_eq!(fields["security"]["name"], "Legal");
    assert_eq!(fields["reporter"]["accountId"], site.account("alice"));
    assert_eq!(fields["status"]["statusCategory"]["key"], "new");
    assert_eq!(fields["project"]["simplified"], false);
    let open = site.ok("alice", "/issue/OPS-1?fields=security").await;
    assert_eq!(open["fields"], json!({"security": null}));
}

#[tokio::test]
async fn parents_and_links_that_the_caller_cannot_see_are_left_out() {
    let site = Site::tiny().await;
    let body = json!({"fields": {"parent": {"key": "OPS-2"}}});
    site.done("alice", Method::PUT, "/issue/OPS-1", body).await;
    let link = json!({"type": {"name": "Blocks"}, "inwardIssue": {"key": "OPS-1"}, "outwardIssue": {"key": "OPS-2"}});
    site.done("alice", Method::POST, "/issueLink", link).await;
    let seen = site.ok("alice", "/issue/OPS-1?fields=parent,issuelinks").await;
    assert_eq!(seen["fields"]["parent"]["key"], "OPS-2");
    assert_eq!(seen["fields"]["issuelinks"][0]["outwardIssue"]["key"], "OPS-2");
    let trimmed = site.ok("bob", "/issue/OPS-1?fields=parent,issuelinks").await;
    assert_eq!(trimmed["fields"], json!({"issuelinks": []}));
}

#[tokio::test]
async fn the_changelog_tells_what_edits_did() {
    let site = Site::tiny().await;
    let body = json!({"fields": {"summary": "Printer is fine", "labels": ["toner"]}});
    assert_eq!(site.put("bob", "/issue/OPS-1", body).await.0, 204);
    let moves = site.ok("bob", "/issue/OPS-1/transitions").await;
    let done = moves["transitions"].as_array().unwrap().iter().find(|row| row["name"] == "Done").unwrap().clone();
    let body = json!({"transition": {"id": done["id"]}});
    assert_eq!(site.post("bob", "/issue/OPS-1/transitions", body).await.0, 204);
    let log = site.ok("bob", "/issue/OPS-1/changelog").await;
    assert_eq!(log["total"], 2);
    assert_eq!(words(&log["values"][0]["items"], "field"), ["summary", "labels"]);
    assert_eq!(log["values"][0]["items"][0]["toString"], "Printer is fine");
    let last = &log["values"][1];
    assert_eq!(words(&last["items"], "field"), ["status", "resolution"]);
    assert_eq!((&last["items"][0]["fromString"], &last["items"][0]["toString"]), (&json!("To Do"), &json!("Done")));
    assert_eq!(last["author"]["accountId"], site.account("bob"));
    let embedded = site.ok("bob", "/issue/OPS-1?expand=changelog&fields=resolution").await;
    assert_eq!(embedded["changelog"]["histories"][0]["id"], last["id"], "newest first");
    assert_eq!(embedded["fields"]["resolution"]["name"], "Done");
    let bulk = json!({"issueIdsOrKeys": ["OPS-1", "OPS-2"], "fieldIds": ["status"], "maxResults": 1});
    let bulk = site.done("bob", Method::POST, "/changelog/bulkfetch", bulk).await;
    assert_eq!(bulk["issueChangeLogs"].as_array().unwrap().len(), 1);
    assert_eq!(words(&bulk["issueChangeLogs"][0]["changeHistories"], "id"), [word(&last["id"])]);
    assert!(bulk.get("nextPageToken").is_none());
}
