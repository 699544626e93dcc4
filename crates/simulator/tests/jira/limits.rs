//! How much Jira says is left, and how often it lets one issue be written.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;
use simulator::faults::Limit;

use crate::site::Site;

async fn headers(site: &Site) -> HeaderMap {
    site.request(Some("bob"), Method::GET, "/rest/api/3/myself").send().await.unwrap().headers().clone()
}

#[tokio::test]
async fn answers_say_how_much_is_left_and_when_it_is_little() {
    let site = Site::tiny().await;
    let plenty = headers(&site).await;
    assert_eq!((plenty["x-ratelimit-limit"].as_bytes(), plenty.get("x-ratelimit-nearlimit")), (&b"350"[..], None));
    let limit = Limit { per_second: 1, burst: 5, told: true };
    site.running.simulation.faults.limiter.set(Some(limit));
    let mut left = Vec::new();
    for _ in 0..5 {
        let headers = headers(&site).await;
        assert_eq!(headers["ratelimit-policy"], "\"jira-burst-based\";q=1;w=1");
        let number: u32 = headers["x-ratelimit-remaining"].to_str().unwrap().parse().unwrap();
        assert_eq!(headers.contains_key("x-ratelimit-nearlimit"), number == 0, "{number}");
        left.push(number);
    }
    assert!(left.is_sorted_by(|earlier, later| earlier >= later) && left[0] == 4, "{left:?}");
}

#[tokio::test]
async fn an_issue_that_is_written_too_often_refuses_where_the_switch_is_on() {
    let site = Site::tiny().await;
    let write = |summary: u32| {
        let body = json!({"fields": {"summary": format!("title {summary}")}});
        site.request(Some("alice"), Method::PUT, "/rest/api/3/issue/OPS-1").json(&body).send()
    };
    for number in 0..25 {
        assert_eq!(write(number).await.unwrap().status(), 204);
    }
    site.running.simulation.switches.set_issue_write_limit(true);
    let mut refused = Vec::new();
    for number in 25..50 {
        refused.push(write(number).await.unwrap());
    }
    refused.retain(|answer| answer.status() == 429);
    assert!((1..=5).contains(&refused.len()), "{refused:?}");
    let headers = refused[0].headers();
    assert_eq!(headers["ratelimit-reason"], "jira-per-issue-on-write");
    assert!(headers.contains_key("retry-after"));
    assert_eq!(site.get("alice", "/issue/OPS-1").await.0, 200, "reading is no write");
}
