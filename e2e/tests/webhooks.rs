//! A site that calls makes the hub look at once; a storm of calls costs few runs; a call that is lost costs only time.

use e2e::client::Client;
use e2e::people::well_served;
use e2e::stack::Stack;
use e2e::waiting;
use e2e::webhook::Webhook;
use futures_util::StreamExt as _;
use serde_json::json;
use std::time::{Duration, Instant};

/// The tiny company with its Jira source read and told where to call.
async fn told() -> (Stack, Client, String, Webhook) {
    let mut stack = Stack::playing(well_served("tiny")).start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await["sources"].as_array().cloned().unwrap_or_default();
    let jira = sources.iter().find(|source| source["product"] == "jira").and_then(|source| source["id"].as_u64());
    let source = format!("/api/v1/sources/{}", jira.unwrap_or_else(|| panic!("no Jira source")));
    // Nothing but a call makes the hub look again while a story lasts.
    let never = json!({"incremental": 86_400, "permissions": 86_400, "sweep": 86_400, "full": 604_800});
    for id in sources.iter().map(|source| &source["id"]) {
        let path = format!("/api/v1/sources/{id}/cycles");
        admin.send(reqwest::Method::PUT, &path, Some(never.clone())).await.ended(200);
    }
    let made = admin.send(reqwest::Method::POST, &format!("{source}/webhook"), None).await.ended(201).json();
    let webhook = Webhook::made(stack.hub(), &made);
    (stack, admin, source, webhook)
}

/// The number of the newest run; numbers rise by one, and no other source runs meanwhile.
async fn newest(admin: &mut Client, source: &str) -> u64 {
    admin.json(&format!("{source}/runs")).await["runs"][0]["id"].as_u64().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_found_within_seconds_of_the_call() {
    let (mut stack, _, _, webhook) = told().await;
    let alice = stack.company.people.iter().find(|person| person.name == "Alice Ash").cloned();
    let alice = alice.unwrap_or_else(|| panic!("Alice left"));
    let mut reader = stack.program_of(&alice).await;
    assert_eq!(reader.search("kohlrabi", 1).await["total"], 0);
    let issue = stack.site.get(&alice, "/rest/api/3/issue/OPS-1").await.unwrap_or_default()["id"].clone();
    let edit = json!({"fields": {"summary": "Printer prints kohlrabi"}});
    stack.site.write(&alice, "PUT", "/rest/api/3/issue/OPS-1", edit).await.unwrap_or_else(|status| panic!("{status}"));
    assert_eq!(webhook.updated(issue.as_str().unwrap_or_default(), "d-1").await, 202);
    let found = async || (reader.search("kohlrabi", 1).await["total"] == 1).then_some(());
    waiting::until("the edit in the results", Duration::from_secs(30), found).await;
    let log = stack.stop();
    for secret in [webhook.secret(), webhook.url().rsplit('/').next().unwrap_or_default(), "a title of the call"] {
        assert!(!log.contains(secret), "`{secret}` stands in the log:\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_ten_thousand_calls_becomes_a_few_runs() {
    const STORM: usize = 10_000;
    let (mut stack, mut admin, source, webhook) = told().await;
    let before = newest(&mut admin, &source).await;
    let began = Instant::now();
    let calls = (0..STORM).map(|number| {
        let webhook = webhook.clone();
        async move { webhook.updated(&(10_000 + number).to_string(), &format!("storm-{number}")).await }
    });
    let answers: Vec<_> = futures_util::stream::iter(calls).buffer_unordered(20).collect().await;
    assert!(answers.iter().all(|status| *status == 202), "Jira sends twenty calls at a time, and each is taken");
    stack.settled(&mut admin).await;
    let quiet = async || (admin.json(&format!("{source}/progress")).await["running"].is_null()).then_some(());
    waiting::until("the end of the runs", Duration::from_secs(60), quiet).await;
    let (followed, seconds) = (newest(&mut admin, &source).await - before, began.elapsed().as_secs());
    // One at once, one a second while it lasts, and one for what came during the last.
    assert!(followed >= 1 && followed <= seconds + 2, "{followed} runs in {seconds} s");
    let calls = admin.json(&format!("{source}/webhook")).await["calls"].clone();
    assert_eq!((&calls[0]["outcome"], &calls[0]["calls"]), (&json!("accepted"), &json!(STORM)));
    println!("{STORM} calls in {seconds} s became {followed} runs");
    stack.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_here_before_is_refused_after_a_restart_too() {
    let (mut stack, mut admin, source, webhook) = told().await;
    let body = json!({"timestamp": 1_767_225_600_000_u64, "webhookEvent": "jira:issue_updated"}).to_string();
    assert_eq!(webhook.send(&body, "old").await, 403, "months old");
    assert_eq!(webhook.updated("10001", "d-1").await, 202);
    assert_eq!(webhook.updated("10001", "d-1").await, 403, "the same delivery");
    stack.settled(&mut admin).await;
    // The operator's commands know what is written, and counts are written once a second.
    let id = source.rsplit('/').next().unwrap_or_default().to_owned();
    let written = async || {
        let told = stack.run_beside(&["source", "webhook", &id], "").await.ended(0);
        told.out.contains("seen-before").then_some(())
    };
    waiting::until("the counts in the store", Duration::from_secs(30), written).await;
    stack.stop();
    stack.serve();
    let again = Webhook::at(stack.hub(), &webhook);
    assert_eq!(again.updated("10001", "d-2").await, 202, "address and secret outlive the process");
    let mut admin = stack.admin().await;
    let calls = admin.json(&format!("{source}/webhook")).await["calls"].as_array().cloned().unwrap_or_default();
    assert!(calls.iter().any(|row| row["outcome"] == "seen-before"), "and so do the counts: {calls:?}");
    stack.stop();
}
