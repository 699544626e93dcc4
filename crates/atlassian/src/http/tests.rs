//! Pace and tries in paused time; bodies and redirects on a real socket.

use super::script::{self, Script, Server, TOKEN, answer, json, wire};
use super::{Call, Credential, Endpoint, Fault, Gateway, Governors, HttpOptions, OrgKey, RunSize, TransportFault};
use access::SourceId;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;
use sync::{FetchError, FetchErrorKind};
use tokio::time::Instant;

const SPACES: Endpoint = Endpoint::ConfluenceSpaces;

fn half() -> HttpOptions {
    HttpOptions { jitter: || 0.5, ..HttpOptions::default() }
}

async fn fault_of(status: u16, body: &'static str) -> Fault {
    let script = Script::new(move |_, _| Ok(answer(status, &[], body)));
    script.swift().send(Call::new(SPACES)).await.unwrap_err().fault
}

#[tokio::test(start_paused = true)]
async fn a_429_is_waited_out_for_as_long_as_it_asks() {
    let script = Script::new(|_, number| match number {
        1 => Ok(answer(429, &[("retry-after", "7")], "")),
        _ => Ok(json(&json!({ "results": [] }))),
    });
    let (gateway, start) = (script.gateway(&half()), Instant::now());
    gateway.send(Call::new(SPACES)).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(7));
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_429_without_a_time_is_waited_out_by_doubling_and_given_up_after_eight_tries() {
    let script = Script::new(|_, _| Ok(answer(429, &[("ratelimit-reason", "confluence-burst-based")], "")));
    let (gateway, start) = (script.gateway(&half()), Instant::now());
    let error = gateway.send(Call::new(SPACES)).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(1 + 2 + 4 + 8 + 15 + 15 + 15));
    assert_eq!(gateway.calls(), 8);
    assert!(error.to_string().contains("confluence-burst-based"), "{error}");
    assert_eq!(FetchError::from(error).kind, FetchErrorKind::Throttled { retry_after: None });
}

#[tokio::test(start_paused = true)]
async fn a_long_wait_is_reported_at_once_to_all_calls() {
    let script = Script::new(|_, _| Ok(answer(429, &[("retry-after", "600")], "")));
    let (gateway, start) = (script.gateway(&half()), Instant::now());
    for _ in 0..2 {
        let error = gateway.send(Call::new(SPACES)).await.unwrap_err();
        let Fault::Throttled { retry_after: Some(wait), .. } = error.fault else { panic!("{error}") };
        assert_eq!(wait.as_secs(), 600);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(gateway.calls(), 1, "the second call must not reach the source");
}

#[tokio::test(start_paused = true)]
async fn one_refusal_holds_back_the_calls_beside_it() {
    let script = Script::new(|outgoing, number| match number {
        1 => Ok(answer(429, &[("retry-after", "5")], "")),
        _ if outgoing.url.path().ends_with("blogposts") => Ok(json(&json!({ "late": true }))),
        _ => Ok(json(&json!({}))),
    });
    let (gateway, start) = (script.gateway(&half()), Instant::now());
    let first = gateway.send(Call::new(SPACES));
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        gateway.send(Call::new(Endpoint::ConfluenceBlogPosts)).await.unwrap();
        start.elapsed()
    };
    let (first, second) = tokio::join!(first, second);
    first.unwrap();
    assert_eq!(second, Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn failures_of_the_server_and_the_network_are_tried_again() {
    let script = Script::new(|_, number| match number {
        1 => Ok(answer(503, &[("retry-after", "3")], "<html>")),
        2 => Err(TransportFault::Network("the connection broke".into())),
        3 => Ok(answer(200, &[], r#"{"results":[{"id":"#)),
        _ => Ok(json(&json!({ "results": [] }))),
    });
    let gateway = script.gateway(&half());
    gateway.send(Call::new(SPACES)).await.unwrap();
    assert_eq!(gateway.calls_by_endpoint(), [(SPACES, 4)]);
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let scope = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;
    assert_eq!(fault_of(401, scope).await, Fault::ScopeMissing);
    assert_eq!(fault_of(401, r#"{"code":401,"message":"Unauthorized"}"#).await, Fault::CredentialRefused);
    let product = r#"{"message":"Current user not permitted to use Confluence","statusCode":403}"#;
    assert_eq!(fault_of(403, product).await, Fault::NoProductAccess);
    assert_eq!(fault_of(403, "<html>").await, Fault::ServerError { status: 403, retry_after: None });
    let hidden = r#"{"errors":[{"status":404,"code":"NOT_FOUND","title":"Cannot find a space with id [1]"}]}"#;
    assert_eq!(fault_of(404, hidden).await, Fault::NotFound);
    let bad = r#"{"statusCode":400,"message":"Could not parse cql"}"#;
    assert_eq!(fault_of(400, bad).await, Fault::Rejected { status: 400, message: "Could not parse cql".into() });
}

#[tokio::test]
async fn a_cursor_that_is_not_taken_back_is_no_refusal_of_the_listing() {
    let script = Script::new(|_, _| {
        let title = "Provided value for 'cursor' is not the correct type. Expected type is Cursor.";
        Ok(answer(400, &[], json!({"errors": [{"status": 400, "title": title}]}).to_string()))
    });
    let gateway = script.swift();
    let error = gateway.send(Call::new(SPACES).behind(Some("expired"))).await.unwrap_err();
    assert!(error.fault == Fault::CursorRefused && !error.is_refusal(), "{error}");
    // A first page, and the second page of a loop that has just begun.
    assert!(gateway.send(Call::new(SPACES).behind(None::<&str>)).await.unwrap_err().is_refusal());
    assert!(gateway.send(Call::new(SPACES).query("cursor", "given just now")).await.unwrap_err().is_refusal());
}

#[tokio::test]
async fn the_gateways_own_404_is_never_read_as_a_missing_page() {
    let body = r#"{"timestamp":"2026-10-08T06:59:19.123Z","status":404,"error":"Not Found",
        "message":"No message available","path":"/ex/confluence/0000/wiki/api/v2/pages/7"}"#;
    assert_eq!(fault_of(404, body).await, Fault::SiteNotRouted);
    let error = super::CallError { endpoint: SPACES, fault: Fault::SiteNotRouted, trace: None };
    assert_eq!(FetchError::from(error).kind, FetchErrorKind::Unavailable);
}

#[tokio::test]
async fn a_spurious_404_or_403_of_confluence_is_believed_only_after_further_looks() {
    for status in [404, 403] {
        let script = |spurious: usize| {
            Script::new(move |_, number| match number {
                number if number <= spurious => Ok(answer(status, &[], "{}")),
                _ => Ok(json(&json!({}))),
            })
        };
        script(1).swift().send(Call::new(SPACES)).await.unwrap();
        let gateway = script(2).swift();
        assert!(gateway.send(Call::new(SPACES)).await.unwrap_err().is_refusal());
        assert_eq!(gateway.calls(), 2);
        let gateway = script(2).swift();
        gateway.send(Call::new(SPACES).confirmed()).await.unwrap();
        assert_eq!(gateway.calls(), 3);
        let jira = script(1).swift();
        assert!(jira.send(Call::new(Endpoint::JiraMyself)).await.unwrap_err().is_refusal());
        assert_eq!(jira.calls(), 1, "Jira gives none");
    }
}

#[tokio::test(start_paused = true)]
async fn a_503_and_a_403_that_tells_a_wait_hold_everybody_back_like_a_429() {
    for status in [503, 403] {
        let script = Script::new(move |_, number| match number {
            1 => Ok(answer(status, &[("retry-after", "9")], "{}")),
            _ => Ok(json(&json!({}))),
        });
        let (gateway, start) = (script.gateway(&half()), Instant::now());
        let (first, beside) = tokio::join!(gateway.send(Call::new(SPACES)), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            gateway.send(Call::new(Endpoint::JiraMyself)).await.unwrap();
            start.elapsed()
        });
        first.unwrap();
        assert_eq!(beside.as_secs(), 9, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn gateways_of_one_credential_pause_together_and_across_runs() {
    let governors = Governors::default();
    let refusing = Script::new(|_, _| Ok(answer(429, &[("retry-after", "600")], "")));
    let confluence = refusing.gateway(&half()).governed(&governors, SourceId(1), RunSize::Large, None);
    confluence.send(Call::new(SPACES)).await.unwrap_err();
    drop(confluence);
    let fine = Script::new(|_, _| Ok(json(&json!({}))));
    let jira = fine.gateway(&half()).governed(&governors, SourceId(2), RunSize::Small, None);
    let error = jira.send(Call::new(Endpoint::JiraMyself)).await.unwrap_err();
    assert_eq!(FetchError::from(error).kind, FetchErrorKind::Throttled { retry_after: Some(Duration::from_secs(600)) });
    assert_eq!(jira.calls(), 0, "not a call before the time that was told");
    tokio::time::advance(Duration::from_secs(600)).await;
    jira.send(Call::new(Endpoint::JiraMyself)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_used_up_budget_is_told_with_its_cause_and_its_wait() {
    let fine = Script::new(|_, _| Ok(json(&json!({}))));
    let gateway = fine.gateway(&half()).governed(&Governors::default(), SourceId(1), RunSize::Large, Some(12));
    gateway.send(Call::new(SPACES)).await.unwrap();
    let error = gateway.send(Call::new(SPACES)).await.unwrap_err();
    assert!(error.to_string().contains("hourly budget of this source"), "{error}");
    assert!(matches!(FetchError::from(error).kind, FetchErrorKind::Throttled { retry_after: Some(_) }));
}

#[tokio::test]
async fn one_malformed_record_costs_one_problem() {
    let body =
        r#"{"results":[{"id":"1","key":"A"},{"id":7,"key":null},{"id":"3","key":"\ud800"},{"id":"4","key":"D"}]}"#;
    let script = Script::new(move |_, _| Ok(answer(200, &[], body)));
    #[derive(serde::Deserialize)]
    struct Space {
        key: String,
    }
    let answer = script.swift().send(Call::new(SPACES)).await.unwrap();
    let records = answer.records::<Space>("results", "space").unwrap();
    assert_eq!(records.found.iter().map(|space| space.key.as_str()).collect::<Vec<_>>(), ["A", "D"]);
    let items: Vec<_> = records.problems.iter().map(|problem| problem.item.as_str()).collect();
    assert_eq!(items, ["space 7", "space 3"]);
    let Err(error) = answer.records::<Space>("values", "space") else { panic!("there is no such list") };
    assert_eq!(FetchError::from(error).kind, FetchErrorKind::Malformed);
}

#[tokio::test]
async fn a_next_page_without_a_cursor_is_an_error_and_not_the_end() {
    let script =
        Script::new(|_, _| Ok(json(&json!({ "results": [], "_links": { "next": "/wiki/api/v2/spaces?x=1" } }))));
    let answer = script.swift().send(Call::new(SPACES)).await.unwrap();
    assert!(matches!(answer.next_cursor().unwrap_err().fault, Fault::Malformed(_)));
}

#[tokio::test]
async fn a_body_of_20_megabytes_is_read_and_one_beyond_the_limit_is_not() {
    let server = Server::start(|_| wire(200, json!({ "value": "x".repeat(20 << 20) }).to_string().as_bytes())).await;
    let answer = server.gateway().send(Call::new(SPACES)).await.unwrap();
    assert_eq!(answer.json::<Value>().unwrap()["value"].as_str().unwrap().len(), 20 << 20);
    let options = HttpOptions { largest_answer: 1 << 20, ..server.options() };
    let gateway = Gateway::new(&options, "cid", &script::credential()).unwrap();
    assert_eq!(gateway.send(Call::new(SPACES)).await.unwrap_err().fault, Fault::TooLarge);
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test]
async fn bytes_that_are_no_utf8_cost_a_notice() {
    let server = Server::start(|_| wire(200, b"{\"results\":[{\"id\":\"1\",\"key\":\"a\xFFb\"}]}")).await;
    let answer = server.gateway().send(Call::new(SPACES)).await.unwrap();
    let records = answer.records::<Value>("results", "space").unwrap();
    assert_eq!(records.found[0]["key"], "a\u{FFFD}b");
    assert_eq!(records.problems.len(), 1);
    assert!(!records.problems[0].is_loss());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again() {
    let server = Server::start(|_| {
        let mut bytes = wire(200, br#"{"results":[]}"#);
        bytes.truncate(bytes.len() - 4);
        bytes
    })
    .await;
    let gateway = server.gateway();
    let error = gateway.send(Call::new(SPACES)).await.unwrap_err();
    assert!(matches!(error.fault, Fault::Network(_)), "{error}");
    assert_eq!(gateway.calls(), 4);
}

#[tokio::test]
async fn nothing_follows_a_redirect() {
    let elsewhere = Server::start(|_| wire(200, b"{}")).await;
    let target = elsewhere.address.clone();
    let server =
        Server::start(move |_| format!("HTTP/1.1 302 X\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n").into())
            .await;
    let error = server.gateway().send(Call::new(SPACES)).await.unwrap_err();
    assert!(matches!(error.fault, Fault::Rejected { status: 302, .. }), "{error}");
    assert_eq!(elsewhere.heard().len(), 0);
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn the_token_travels_in_its_header_and_nowhere_else() {
    let server = Server::start(|_| wire(401, br#"{"code":401,"message":"Unauthorized"}"#)).await;
    let gateway = server.gateway();
    let error = gateway.send(Call::new(SPACES).query("limit", 1)).await.unwrap_err();
    let heard = server.heard().remove(0).to_ascii_lowercase();
    let lines: Vec<_> = heard.lines().filter(|line| line.contains(&TOKEN.to_ascii_lowercase())).collect();
    assert_eq!(lines, [format!("authorization: bearer {}", TOKEN.to_ascii_lowercase())]);
    assert!(heard.starts_with("get /ex/confluence/cid/wiki/api/v2/spaces?limit=1 "), "{heard}");

    let script = Script::new(|_, _| Ok(json(&json!({}))));
    let answer = script.swift().send(Call::new(SPACES)).await.unwrap();
    let org = OrgKey { org_id: "o".into(), key: SecretString::from(TOKEN) };
    let credential = Credential { token: SecretString::from(TOKEN), org: Some(org) };
    let options = server.options();
    let odd = Credential { token: SecretString::from(format!("{TOKEN}\n{TOKEN}")), org: None };
    let setup = Gateway::new(&options, "cid", &odd).unwrap_err();
    let printed = format!(
        "{error} {error:?} {gateway:?} {credential:?} {options:?} {setup} {setup:?} {:?} {answer:?} {:?}",
        script.heard(),
        FetchError::from(error.clone()),
    );
    assert!(!printed.contains(TOKEN), "{printed}");
}

#[tokio::test]
async fn an_organizations_call_without_its_key_is_not_made() {
    let script = Script::new(|_, _| Ok(json(&json!({}))));
    let gateway = script.swift();
    assert!(gateway.send(Call::new(Endpoint::OrgList)).await.unwrap_err().is_refusal());
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test]
async fn products_of_one_credential_are_counted_apart() {
    let script = Script::new(|_, _| Ok(json(&json!({}))));
    let gateway = script.swift();
    let other = gateway.counting_apart();
    other.send(Call::new(SPACES)).await.unwrap();
    assert_eq!((gateway.calls(), other.calls()), (0, 1));
}
