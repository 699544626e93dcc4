//! Making, editing and deleting issues, and what is refused.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{NOW, Site, doc, word};
use simulator::state::project::CustomKind;

fn bug(fields: Value) -> Value {
    let mut all = json!({"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "Broken"});
    if let Value::Object(fields) = fields {
        for (name, value) in fields {
            all[name] = value;
        }
    }
    json!({"fields": all})
}

#[tokio::test]
async fn an_issue_is_made_with_level_people_and_custom_fields() {
    let site = Site::tiny().await;
    let kind = "com.atlassian.jira.plugin.system.customfieldtypes:multiuserpicker";
    let field = site.done("carol", Method::POST, "/field", json!({"name": "Approvers", "type": kind})).await;
    let field = word(&field["id"]).to_owned();
    let mut body = bug(json!({
        "description": doc("It broke."), "assignee": {"accountId": site.account("bob")}, "labels": ["b", "a"],
        "security": {"name": "Legal"}, "priority": {"name": "High"}, "duedate": "2027-03-01",
    }));
    body["fields"][&field] = json!([{"accountId": site.account("bob")}, {"accountId": site.account("carol")}]);
    let made = site.done("alice", Method::POST, "/issue", body).await;
    assert_eq!(made["key"], "OPS-3");
    let fields = site.ok("alice", "/issue/OPS-3").await["fields"].clone();
    assert_eq!(fields["security"]["name"], "Legal");
    assert_eq!(fields["reporter"]["accountId"], site.account("alice"));
    assert_eq!(fields["labels"], json!(["a", "b"]));
    assert_eq!(fields[&field].as_array().unwrap().len(), 2);
    assert_eq!(fields["description"], doc("It broke."));
    assert_eq!(fields["comment"]["total"], 0);
    assert_eq!(site.get("bob", "/issue/OPS-3").await.0, 404, "not in the level");
    let listed = site.ok("bob", "/field").await;
    let row = listed.as_array().unwrap().iter().find(|row| row["id"] == field.as_str()).unwrap().clone();
    assert_eq!(
        (&row["custom"], &row["schema"]["custom"], &row["schema"]["items"]),
        (&json!(true), &json!(kind), &json!("user"))
    );
    assert_eq!(site.found("alice", "Approvers = currentUser()").await, Vec::<String>::new());
    assert_eq!(site.found("alice", "Approvers in membersOf(admins)").await, ["OPS-3"]);
}

#[tokio::test]
async fn short_custom_fields_are_written_and_read_in_their_shapes() {
    let site = Site::tiny().await;
    let region = site.running.simulation.world_mut().create_field(
        "Region",
        CustomKind::Cascading,
        &["Europe".to_owned(), "Berlin".to_owned()],
    );
    let [tags, audit] = ["labels", "datepicker"].map(|kind| {
        let kind = format!("com.atlassian.jira.plugin.system.customfieldtypes:{kind}");
        site.done("carol", Method::POST, "/field", json!({"name": kind.clone(), "type": kind}))
    });
    let (tags, audit) = (word(&tags.await["id"]).to_owned(), word(&audit.await["id"]).to_owned());
    let mut body = bug(json!({}));
    body["fields"][&region] = json!({"value": "Europe", "child": {"value": "Berlin"}});
    body["fields"][&tags] = json!(["one", "two"]);
    body["fields"][&audit] = json!("2027-03-01");
    let key = site.done("carol", Method::POST, "/issue", body).await["key"].clone();
    let fields = site.ok("carol", &format!("/issue/{}", word(&key))).await["fields"].clone();
    let both = (&fields[&region]["value"], &fields[&region]["child"]["value"]);
    assert_eq!(both, (&json!("Europe"), &json!("Berlin")));
    assert_eq!((&fields[&tags], &fields[&audit]), (&json!(["one", "two"]), &json!("2027-03-01")));
    for query in ["Region = Berlin", "Region = Europe"] {
        assert_eq!(site.found("carol", query).await, [word(&key)], "{query}");
    }
    let mut wrong = bug(json!({}));
    wrong["fields"][&audit] = json!("tomorrow");
    assert_eq!(site.post("carol", "/issue", wrong).await.0, 400);
}

#[tokio::test]
async fn wrong_fields_are_named_and_change_nothing() {
    let site = Site::tiny().await;
    let faults = async |body: Value| {
        let (status, answer) = site.post("bob", "/issue", body).await;
        assert_eq!(status, 400, "{answer}");
        answer["errors"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(faults(json!({"fields": {"project": {"key": "NOPE"}}})).await, ["project"]);
    assert_eq!(faults(json!({"fields": {"project": {"key": "OPS"}}})).await, ["issuetype", "summary"]);
    assert_eq!(faults(bug(json!({"summary": "", "colour": "red"}))).await, ["colour", "summary"]);
    assert_eq!(faults(bug(json!({"description": "plain text"}))).await, ["description"]);
    assert_eq!(faults(bug(json!({"reporter": {"accountId": site.account("carol")}}))).await, ["reporter"]);
    assert_eq!(faults(bug(json!({"security": {"id": "99"}}))).await, ["security"]);
    let body = json!({"fields": {"summary": "New", "priority": {"name": "Odd"}}});
    assert_eq!(site.put("bob", "/issue/OPS-1", body).await.0, 400);
    assert_ne!(site.ok("bob", "/issue/OPS-1").await["fields"]["summary"], "New");
    let made = site.done("bob", Method::POST, "/issue", bug(json!({}))).await;
    assert_eq!(made["key"], "OPS-3", "failures use no numbers");
}

#[tokio::test]
async fn update_adds_and_removes() {
    let site = Site::tiny().await;
    let change = async |update: Value| site.put("bob", "/issue/OPS-1", json!({"update": update})).await.0;
    assert_eq!(change(json!({"labels": [{"add": "toner"}, {"add": "paper"}]})).await, 204);
    assert_eq!(change(json!({"labels": [{"remove": "paper"}], "summary": [{"set": "Ink"}]})).await, 204);
    assert_eq!(change(json!({"comment": [{"add": {"body": doc("via edit")}}]})).await, 204);
    let fields = site.ok("bob", "/issue/OPS-1").await["fields"].clone();
    assert_eq!(
        (&fields["labels"], &fields["summary"], &fields["comment"]["total"]),
        (&json!(["toner"]), &json!("Ink"), &json!(2))
    );
    let body = json!({"fields": {"summary": "Shown"}});
    let shown = site.done("bob", Method::PUT, "/issue/OPS-1?returnIssue=true", body).await;
    assert_eq!(shown["fields"]["summary"], "Shown");
}

#[tokio::test]
async fn changing_the_level_is_an_edit_and_moves_updated() {
    let site = Site::tiny().await;
    site.advance(60_000);
    site.done("alice", Method::PUT, "/issue/OPS-1", json!({"fields": {"security": {"name": "Legal"}}})).await;
    assert_eq!(site.running.simulation.world().jira.issue("OPS-1").unwrap().updated, NOW + 60_000);
    assert_eq!(site.found("alice", "level = Legal").await, ["OPS-2", "OPS-1"]);
    assert_eq!(site.found("bob", "project = OPS").await, ["OPS-1"], "Bob reported it, and the level holds reporters");
    assert_eq!(site.found("carol", "project = OPS").await, Vec::<String>::new());
}

#[tokio::test]
async fn assigning_needs_an_account_that_exists() {
    let site = Site::tiny().await;
    let assign = async |account: Value| site.put("bob", "/issue/OPS-1/assignee", json!({"accountId": account})).await.0;
    assert_eq!(assign(json!(site.account("carol"))).await, 204);
    assert_eq!(site.found("carol", "assignee = currentUser()").await, ["OPS-1"]);
    assert_eq!(assign(Value::Null).await, 204);
    assert_eq!(site.found("bob", "assignee is EMPTY").await, ["OPS-1"]);
    assert_eq!(assign(json!("nobody")).await, 400);
    assert_eq!(site.put("bob", "/issue/OPS-2/assignee", json!({"accountId": null})).await.0, 404);
}

#[tokio::test]
async fn a_deleted_issue_vanishes_with_all_that_hangs_on_it() {
    let site = Site::tiny().await;
    let comment = *site.running.simulation.world().jira.comments.keys().next().unwrap();
    assert_eq!(site.delete("bob", "/issue/OPS-1").await.0, 403);
    assert_eq!(site.delete("bob", "/issue/OPS-2").await.0, 404);
    let sub = bug(json!({"issuetype": {"name": "Sub-task"}, "parent": {"key": "OPS-1"}}));
    site.done("bob", Method::POST, "/issue", sub).await;
    assert_eq!(site.delete("carol", "/issue/OPS-1").await.0, 400, "it has a sub-task");
    assert_eq!(site.delete("carol", "/issue/OPS-1?deleteSubtasks=true").await.0, 204);
    assert!(site.found("bob", "project = OPS").await.is_empty());
    let list = site.done("alice", Method::POST, "/comment/list", json!({"ids": [comment]})).await;
    assert_eq!(list["values"], json!([]));
}

#[tokio::test]
async fn the_public_writes_nothing_and_webhooks_are_for_apps() {
    let site = Site::tiny().await;
    let public = site.request(None, Method::POST, "/rest/api/3/issue").json(&bug(json!({})));
    assert_eq!(site.send(public).await.0, 401);
    let webhook = json!({"url": "https://example.com", "webhooks": []});
    assert_eq!(site.post("carol", "/webhook", webhook).await.0, 403);
}

#[tokio::test]
async fn catalogues_and_server_are_there_for_clients() {
    let site = Site::tiny().await;
    let server = site.send(site.request(None, Method::GET, "/rest/api/3/serverInfo")).await.1;
    assert_eq!(
        (&server["deploymentType"], &server["baseUrl"]),
        (&json!("Cloud"), &json!("https://tiny.atlassian.net"))
    );
    for path in ["/status", "/statuscategory", "/priority", "/issuetype", "/resolution", "/field"] {
        assert!(!site.ok("bob", path).await.as_array().unwrap().is_empty(), "{path}");
    }
    let fields = site.ok("bob", "/field/search?maxResults=10").await;
    assert_eq!((fields["values"].as_array().unwrap().len(), &fields["isLast"]), (10, &json!(false)));
    assert!(fields["nextPage"].as_str().unwrap().contains("startAt=10"));
    assert_eq!(site.ok("carol", "/permissions").await["permissions"]["BROWSE_PROJECTS"]["type"], "PROJECT");
    assert_eq!(site.get("bob", "/permissions").await.0, 403);
}
