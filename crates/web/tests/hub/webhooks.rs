//! Calls of a site: which are let in, what comes of them, and who sees the secret that they are signed with.

use crate::stage::{ANA, Answer, BEN, Client, HOUR, PASSWORD, START, Stage};
use axum::http::{Method, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const WEBHOOK: &str = "/api/v1/sources/2/webhook";
const PAGE: &str = "/settings/sources/2/webhook";

fn sign(secret: &str, body: &str) -> String {
    let mut keyed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    keyed.update(body.as_bytes());
    format!("sha256={}", hex::encode(keyed.finalize().into_bytes()))
}

/// A delivery as Jira sends it.
fn updated(issue: u32, at: i64) -> String {
    let issue = json!({"id": issue.to_string(), "key": "ENG-1", "fields": {"summary": "Takeover of the gold mine"}});
    json!({"timestamp": at, "webhookEvent": "jira:issue_updated", "issue": issue}).to_string()
}

/// A site that knows where the hub is.
struct Site {
    client: Client,
    path: String,
    secret: String,
}

impl Site {
    async fn told(stage: &Stage) -> Self {
        let made = stage.operator().send(Method::POST, WEBHOOK, "", String::new()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made = made.json();
        let path = made["url"].as_str().unwrap().strip_prefix("https://hub.example").unwrap().to_owned();
        Self { client: stage.visitor(), path, secret: made["secret"].as_str().unwrap().to_owned() }
    }

    async fn send(&self, body: &str, identifier: &str, signature: Option<&str>) -> Answer {
        let mut client = self.client.clone();
        client.headers.insert("x-atlassian-webhook-identifier", identifier.parse().unwrap());
        if let Some(signature) = signature {
            client.headers.insert("x-hub-signature", signature.parse().unwrap());
        }
        client.send(Method::POST, &self.path, "application/json", body.to_owned()).await
    }

    async fn deliver(&self, body: &str, identifier: &str) -> StatusCode {
        self.send(body, identifier, Some(&sign(&self.secret, body))).await.status
    }
}

async fn calls(stage: &Stage) -> Value {
    let mut ana = stage.program_of(ANA).await;
    let rows = ana.get(WEBHOOK).await.json()["calls"].as_array().unwrap().clone();
    rows.iter().map(|row| (row["outcome"].as_str().unwrap().to_owned(), row["calls"].clone())).collect()
}

#[tokio::test]
async fn a_signed_call_makes_the_hub_look_and_nothing_of_it_is_kept() {
    let stage = Stage::open().await;
    let site = Site::told(&stage).await;
    let body = updated(10_001, START);
    let answer = site.send(&body, "d-1", Some(&sign(&site.secret, &body))).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::ACCEPTED, "accepted"));
    let project = json!({"timestamp": START, "webhookEvent": "project_updated", "project": {"id": 10_000}}).to_string();
    assert_eq!(site.deliver(&project, "d-2").await, StatusCode::ACCEPTED);
    let unknown = json!({"timestamp": START, "webhookEvent": "tomorrow_invented"}).to_string();
    assert_eq!(site.deliver(&unknown, "d-3").await, StatusCode::ACCEPTED);
    let looked = ["look 2 Issue(\"10001\")", "look 2 Project(\"10000\")", "look 2 Anything"];
    assert_eq!(stage.operations.calls(), looked);
    assert_eq!(calls(&stage).await, json!({"accepted": 3}));
    let mut ana = stage.browser_of(ANA).await;
    let page = ana.get(PAGE).await.body;
    assert!(page.contains("Accepted") && page.contains(&format!("https://hub.example{}", site.path)), "{page}");
    assert!(!page.contains("Takeover") && !page.contains("10001"), "{page}");
}

#[tokio::test]
async fn whatever_is_not_a_call_of_the_site_is_refused_and_counted_by_its_cause() {
    let stage = Stage::open().await;
    let site = Site::told(&stage).await;
    let body = updated(10_001, START);
    let good = sign(&site.secret, &body);
    assert_eq!(site.send(&body, "d-1", None).await.status, StatusCode::UNAUTHORIZED);
    for wrong in
        [sign("another secret", &body), good.replace("sha256=", "sha1="), good[..70].to_owned(), "sha256=".to_owned()]
    {
        assert_eq!(site.send(&body, "d-1", Some(&wrong)).await.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    let other = updated(10_002, START);
    assert_eq!(site.send(&other, "d-1", Some(&good)).await.status, StatusCode::FORBIDDEN, "another body");
    let old = updated(10_001, START - 1);
    assert_eq!(site.deliver(&old, "d-2").await, StatusCode::FORBIDDEN, "from before the hub started");
    let future = updated(10_001, START + HOUR);
    assert_eq!(site.deliver(&future, "d-3").await, StatusCode::FORBIDDEN);
    for nonsense in ["", "{}", "[]", "timestamp=1", "{\"timestamp\":\"now\"}"] {
        assert_eq!(site.deliver(nonsense, "d-4").await, StatusCode::BAD_REQUEST, "{nonsense}");
    }
    let huge = updated(10_001, START) + &" ".repeat(3 << 20);
    assert_eq!(site.deliver(&huge, "d-5").await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(stage.operations.calls(), [] as [String; 0], "nothing of it was a reason to look");
    assert_eq!(site.deliver(&body, "d-6").await, StatusCode::ACCEPTED);
    assert_eq!(site.deliver(&body, "d-6").await, StatusCode::FORBIDDEN, "the same again");
    assert_eq!(site.deliver(&body, "d-7").await, StatusCode::FORBIDDEN, "the same under another name");
    assert_eq!(
        site.deliver(&updated(10_002, START), "d-6").await,
        StatusCode::FORBIDDEN,
        "another under the same name"
    );
    stage.pass(2 * HOUR);
    assert_eq!(site.deliver(&updated(10_003, START), "d-8").await, StatusCode::FORBIDDEN, "two hours late");
    assert_eq!(stage.operations.calls().len(), 1);
    let counted = json!({"unsigned": 1, "wrongly-signed": 5, "too-old": 2, "ahead": 1, "not-understood": 5,
        "too-large": 1, "accepted": 1, "seen-before": 3});
    assert_eq!(calls(&stage).await, counted);
    let page = stage.browser_of(ANA).await.get(PAGE).await.body;
    assert!(page.contains("Refused: wrongly signed") && page.contains("Untick Exclude body"), "{page}");
}

#[tokio::test]
async fn an_address_answers_nothing_but_posts_and_no_other_address_anything() {
    let stage = Stage::open().await;
    let site = Site::told(&stage).await;
    let body = updated(10_001, START);
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let mut client = stage.visitor();
        let answer = client.send(method.clone(), &site.path, "application/json", body.clone()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let guess = "0".repeat(64);
    for path in
        ["/hooks/x", "/hooks/%FF", &format!("/hooks/{guess}"), &site.path.to_uppercase().replace("/HOOKS", "/hooks")]
    {
        let stranger = Site { client: stage.visitor(), path: (*path).to_owned(), secret: site.secret.clone() };
        assert_eq!(stranger.deliver(&body, "d-1").await, StatusCode::NOT_FOUND, "{path}");
    }
    let confluence = stage.operator().send(Method::POST, "/api/v1/sources/1/webhook", "", String::new()).await;
    assert_eq!(confluence.status, StatusCode::NOT_FOUND, "Confluence Cloud calls apps only");
    let mut operator = stage.operator();
    let answer = operator.send(Method::POST, &site.path, "application/json", body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "the operator's socket is for commands");
    assert_eq!(stage.operations.calls(), [] as [String; 0]);
}

#[tokio::test]
async fn a_storm_costs_memory_and_writes_within_bounds() {
    let stage = Stage::open().await;
    let site = Site::told(&stage).await;
    for number in 0..10_000 {
        let body = updated(number, START + i64::from(number % 1000));
        assert_eq!(site.deliver(&body, &format!("d-{number}")).await, StatusCode::ACCEPTED);
    }
    assert_eq!(calls(&stage).await, json!({"accepted": 10_000}));
    assert_eq!(site.deliver(&updated(17, START + 17), "again").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_secret_is_shown_once_and_later_to_who_knows_the_password() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    assert!(ana.get("/settings/sources/2").await.body.contains("href=\"/settings/sources/2/webhook\""));
    assert!(!ana.get("/settings/sources/1").await.body.contains("/webhook"));
    assert!(ana.get(PAGE).await.body.contains("Jira does not call this hub"));
    let made = ana.post_signed(PAGE, &[("before", "")]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(made.header("cache-control"), "private, no-store");
    let secret = between(&made.body, "id=\"secret\" aria-labelledby=\"secret-title\"><code>", "</code>");
    assert_eq!(secret.len(), 64);
    // The page is loaded again, and the browser sends the form again.
    let again = ana.post_signed(PAGE, &[("before", "")]).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, PAGE));
    let page = ana.get(PAGE).await.body;
    assert!(page.contains("https://hub.example/hooks/") && !page.contains(&secret));
    assert!(!stage.program_of(ANA).await.get(WEBHOOK).await.body.contains(&secret));
    let wrong = ana.post_signed(&format!("{PAGE}/secret"), &[("password", "not the password")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("This is not your password.") && !wrong.body.contains(&secret));
    let shown = ana.post_signed(&format!("{PAGE}/secret"), &[("password", PASSWORD)]).await;
    assert!(shown.status == StatusCode::OK && shown.body.contains(&secret));
    let actions = stage.audit().into_iter().map(|(_, action, _)| action);
    let audit: Vec<String> = actions.filter(|action| action.starts_with("webhook")).collect();
    assert_eq!(audit, ["webhook.secret-shown", "webhook.made"], "newest first");
    assert!(!format!("{:?}", stage.audit()).contains(&secret));
    let mut ben = stage.browser_of(BEN).await;
    let member = ben.post_signed(&format!("{PAGE}/secret"), &[("password", PASSWORD)]).await;
    assert_eq!(member.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn new_ones_replace_the_old_at_once_and_who_still_calls_the_old_is_told_of() {
    let stage = Stage::open().await;
    let old = Site::told(&stage).await;
    let mut ana = stage.browser_of(ANA).await;
    let before = between(&ana.get(PAGE).await.body, "name=\"before\" value=\"", "\"");
    stage.pass(1000);
    let renewed = ana.post_signed(PAGE, &[("before", &before)]).await;
    assert_eq!(renewed.status, StatusCode::OK);
    assert_eq!(stage.audit()[0].1, "webhook.renewed");
    let body = updated(10_001, START + 1000);
    assert_eq!(old.deliver(&body, "d-1").await, StatusCode::NOT_FOUND);
    let page = ana.get(PAGE).await.body;
    assert!(page.contains("Refused: former address"), "{page}");
    let path = between(&page, "<code>https://hub.example", "</code>");
    let mixed = Site { client: stage.visitor(), path: path.clone(), secret: old.secret };
    assert_eq!(mixed.deliver(&body, "d-2").await, StatusCode::FORBIDDEN, "the old secret at the new address");
    let secret = between(&renewed.body, "id=\"secret\" aria-labelledby=\"secret-title\"><code>", "</code>");
    let new = Site { client: stage.visitor(), path, secret };
    assert_eq!(new.deliver(&body, "d-3").await, StatusCode::ACCEPTED);
    let off = ana.post_signed(&format!("{PAGE}/remove"), &[]).await;
    assert_eq!(off.header("location"), PAGE);
    assert!(ana.get(PAGE).await.body.contains("Remove the webhook in Jira, too."));
    assert_eq!(new.deliver(&updated(10_002, START + 1000), "d-4").await, StatusCode::NOT_FOUND);
    assert_eq!(stage.audit()[0].1, "webhook.removed");
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no `{before}` in {text}"));
    rest.split(after).next().unwrap().to_owned()
}
