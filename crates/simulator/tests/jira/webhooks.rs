//! Webhooks reach whoever asked for them: signed, again until they are taken, and on request twice or late.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::webhook::Quirks;

use crate::site::{Site, doc, word};

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver that refuses the first `refused` requests.
async fn receiver(refused: usize) -> (String, Heard) {
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let keep = Arc::clone(&heard);
    let app = axum::Router::new().fallback(move |headers: HeaderMap, body: String| {
        let mut heard = keep.lock().unwrap();
        heard.push((headers, body));
        let status = if heard.len() > refused { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        std::future::ready(status)
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, heard)
}

async fn heard(heard: &Heard, count: usize) -> Vec<(HeaderMap, Value)> {
    for _ in 0..200 {
        if heard.lock().unwrap().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), count, "{heard:?}");
    heard.iter().map(|(headers, body)| (headers.clone(), serde_json::from_str(body).unwrap())).collect()
}

/// A company whose administrator has set up a webhook for everything there is about issues and comments.
async fn told(url: &str) -> Site {
    let site = Site::tiny().await;
    let events =
        ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_deleted"];
    let body = json!({"name": "hub", "url": url, "events": events, "secret": "between us"});
    let address = format!("{}/rest/webhooks/1.0/webhook", site.running.base());
    let set_up = |who: &str| {
        let request = reqwest::Client::builder().build().unwrap().post(&address).json(&body);
        request.basic_auth(format!("{who}@tiny.example"), Some(format!("ATATT-{who}")))
    };
    assert_eq!(site.send(set_up("bob")).await.0, 403, "administers nothing");
    let (status, made) = site.send(set_up("carol")).await;
    assert_eq!((status, &made["isSigned"], &made["secret"]), (201, &json!(true), &Value::Null));
    site
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn changes_of_issues_and_comments_are_told_and_signed() {
    let (url, receiver) = receiver(0).await;
    let site = told(&url).await;
    let body = json!({"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "Broken"}});
    let made = site.done("alice", Method::POST, "/issue", body).await;
    heard(&receiver, 1).await;
    let path = format!("/issue/{}", word(&made["key"]));
    site.done("alice", Method::PUT, &path, json!({"fields": {"summary": "Whole"}})).await;
    heard(&receiver, 2).await;
    site.done("alice", Method::POST, &format!("{path}/comment"), json!({"body": doc("So it is.")})).await;
    assert_eq!(site.put("bob", "/issue/OPS-999", json!({"fields": {"summary": "x"}})).await.0, 404, "told to nobody");
    heard(&receiver, 3).await;
    assert_eq!(site.delete("carol", &path).await.0, 204);
    let all = heard(&receiver, 5).await;
    let mut events: Vec<_> = all.iter().map(|(_, body)| word(&body["webhookEvent"])).collect();
    events[3..].sort_unstable();
    let expected =
        ["jira:issue_created", "jira:issue_updated", "comment_created", "comment_deleted", "jira:issue_deleted"];
    assert_eq!(events, expected);
    assert!(all.iter().all(|(_, body)| body["issue"]["id"] == made["id"] && body["user"]["emailAddress"].is_null()));
    assert_eq!(all[1].1["issue"]["fields"]["summary"], "Whole");
    assert_eq!(all[1].1["changelog"]["items"][0]["toString"], "Whole");
    for (headers, body) in &all {
        let cascade = body["webhookEvent"] == "comment_deleted";
        let flow = if cascade { "Secondary" } else { "Primary" };
        assert_eq!(header(headers, "x-atlassian-webhook-flow"), Some(flow));
        assert_eq!(header(headers, "x-atlassian-webhook-retry"), None);
    }
    for (headers, body) in receiver.lock().unwrap().iter() {
        let mut keyed = Hmac::<Sha256>::new_from_slice(b"between us").unwrap();
        keyed.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(keyed.finalize().into_bytes()));
        assert_eq!(header(headers, "x-hub-signature"), Some(signature.as_str()));
    }
}

#[tokio::test]
async fn what_is_not_taken_comes_again_under_the_same_identifier() {
    let (url, receiver) = receiver(2).await;
    let site = told(&url).await;
    site.running.simulation.webhooks.set(Quirks { retry_ms: 1, ..Quirks::default() });
    site.done("alice", Method::PUT, "/issue/OPS-1", json!({"fields": {"summary": "Anew"}})).await;
    let all = heard(&receiver, 3).await;
    let of = |name: &str| -> Vec<_> { all.iter().map(|(headers, _)| header(headers, name)).collect() };
    assert_eq!(of("x-atlassian-webhook-retry"), [None, Some("1"), Some("2")]);
    let identifiers = of("x-atlassian-webhook-identifier");
    assert!(identifiers[0].is_some() && identifiers.iter().all(|one| *one == identifiers[0]), "{identifiers:?}");
}

#[tokio::test]
async fn deliveries_come_twice_and_out_of_order_where_the_test_says_so() {
    let (url, receiver) = receiver(0).await;
    let site = told(&url).await;
    let quirks = Quirks { twice_every: 2, late_every: 3, late_ms: 300, ..Quirks::default() };
    site.running.simulation.webhooks.set(quirks);
    for title in ["first", "second", "third", "fourth"] {
        site.done("alice", Method::PUT, "/issue/OPS-1", json!({"fields": {"summary": title}})).await;
    }
    let all = heard(&receiver, 6).await;
    let titles: Vec<_> = all.iter().map(|(_, body)| word(&body["issue"]["fields"]["summary"])).collect();
    let count = |title: &str| titles.iter().filter(|one| **one == title).count();
    assert_eq!(["first", "second", "third", "fourth"].map(count), [1, 2, 1, 2]);
    assert_eq!(titles.last(), Some(&"third"), "{titles:?}");
    let identifier = |at: usize| header(&all[at].0, "x-atlassian-webhook-identifier");
    let twice: Vec<_> = (0..6).filter(|at| titles[*at] == "second").collect();
    assert_eq!(identifier(twice[0]), identifier(twice[1]));
}
