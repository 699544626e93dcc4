//! The double over HTTP: credentials at both doors, trimming, paging, controls, and the price list of the tables.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use std::path::Path;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use simulator::clock::Clock;
use simulator::route::Product;
use simulator::{Options, Running, Simulator, scopes, server, world_file};

const BOB: (&str, &str) = ("bob@tiny.example", "ATATT-bob");
const ALICE: (&str, &str) = ("alice@tiny.example", "ATATT-alice");
const ROBOT: &str = "ATSTT-tiny";

struct Site {
    running: Running,
    http: reqwest::Client,
    cloud_id: String,
}

impl Site {
    async fn start(world: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds").join(world);
        let world = world_file::load(&path, Clock::frozen(1_800_000_000_000)).unwrap();
        let cloud_id = world.site.cloud_id.clone();
        let running = Simulator::start(world, Options::default()).await.unwrap();
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running, http, cloud_id }
    }

    fn at(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.request(Method::GET, format!("{}{path}", self.running.base()))
    }

    fn jira(&self, path: &str) -> reqwest::RequestBuilder {
        self.at(&format!("/ex/jira/{}{path}", self.cloud_id))
    }

    fn wiki(&self, path: &str) -> reqwest::RequestBuilder {
        self.at(&format!("/ex/confluence/{}/wiki{path}", self.cloud_id))
    }
}

async fn sent(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn basic(request: reqwest::RequestBuilder, who: (&str, &str)) -> reqwest::RequestBuilder {
    request.basic_auth(who.0, Some(who.1))
}

fn titles(body: &Value) -> Vec<&str> {
    body["results"].as_array().unwrap().iter().map(|page| page["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn tenant_info_is_public_and_an_unknown_site_is_a_page() {
    let site = Site::start("tiny.toml").await;
    let (status, body) = sent(site.at("/_edge/tenant_info").header("host", "tiny.atlassian.net")).await;
    assert_eq!((status, body["cloudId"].as_str()), (StatusCode::OK, Some(site.cloud_id.as_str())));
    let unknown: Response = site.at("/_edge/tenant_info").header("host", "nope.atlassian.net").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert!(unknown.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn the_gateway_tells_wrong_tokens_from_missing_scopes() {
    let site = Site::start("tiny.toml").await;
    let wrong = json!({"code": 401, "message": "Unauthorized"});
    let myself = || site.jira("/rest/api/3/myself");
    assert_eq!(sent(myself()).await, (StatusCode::UNAUTHORIZED, wrong.clone()));
    assert_eq!(sent(myself().bearer_auth("nonsense")).await, (StatusCode::UNAUTHORIZED, wrong.clone()));
    assert_eq!(sent(myself().bearer_auth(BOB.1)).await, (StatusCode::UNAUTHORIZED, wrong.clone()));
    assert_eq!(sent(basic(myself(), BOB)).await, (StatusCode::UNAUTHORIZED, wrong.clone()));
    let (status, body) = sent(myself().bearer_auth(ROBOT)).await;
    assert_eq!(status, 200);
    assert_eq!(body["accountType"], "app");
    assert_eq!(body["emailAddress"], "fossick@serviceaccount.atlassian.com");
    assert_eq!(sent(basic(myself(), ("fossick@serviceaccount.atlassian.com", ROBOT))).await.0, 200);

    {
        let mut world = site.running.simulation.world_mut();
        let mut token = world.credentials.token(ROBOT).unwrap().clone();
        token.scopes.remove("read:jira-user");
        world.credentials.put(token);
    }
    let unscoped = json!({"code": 401, "message": "Unauthorized; scope does not match"});
    assert_eq!(sent(myself().bearer_auth(ROBOT)).await, (StatusCode::UNAUTHORIZED, unscoped));
    site.running.simulation.world_mut().credentials.revoke(ROBOT);
    assert_eq!(sent(myself().bearer_auth(ROBOT)).await, (StatusCode::UNAUTHORIZED, wrong));
}

#[tokio::test]
async fn a_client_gets_a_token_for_an_hour_that_only_the_gateway_takes() {
    let site = Site::start("tiny.toml").await;
    let ask = |secret: &str, audience: &str| {
        let body = json!({
            "grant_type": "client_credentials", "client_id": "tiny-client", "client_secret": secret, "audience": audience,
        });
        sent(site.http.post(format!("{}/oauth/token", site.running.base())).json(&body))
    };
    assert_eq!(ask("wrong", "api.atlassian.com").await.0, 401);
    assert_eq!(ask("tiny-secret", "elsewhere").await.0, 403);
    let (status, answer) = ask("tiny-secret", "api.atlassian.com").await;
    assert_eq!((status.as_u16(), &answer["expires_in"], &answer["token_type"]), (200, &json!(3_600), &json!("Bearer")));
    assert!(answer["scope"].as_str().unwrap().split(' ').any(|scope| scope == "read:jira-work"));
    let token = answer["access_token"].as_str().unwrap();
    let myself = || sent(site.jira("/rest/api/3/myself").bearer_auth(token));
    assert_eq!(myself().await.0, 200);
    assert_eq!(sent(site.at("/rest/api/3/myself").bearer_auth(token)).await.0, 403);
    site.running.simulation.clock.advance(3_600_000);
    assert_eq!(myself().await.0, 401, "an hour later");
}

#[tokio::test]
async fn an_unknown_cloud_id_is_answered_before_the_credential() {
    let site = Site::start("tiny.toml").await;
    let (status, body) = sent(site.at("/ex/jira/0000/rest/api/3/myself")).await;
    assert_eq!(status, 404);
    assert_eq!(body["path"], "/ex/jira/0000/rest/api/3/myself");
    assert_eq!(body["message"], "No message available");
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn the_site_refuses_bearer_and_takes_wrong_basic_for_nobody() {
    let site = Site::start("tiny.toml").await;
    let (status, body) = sent(site.at("/rest/api/3/myself").bearer_auth(ROBOT)).await;
    assert_eq!((status, body), (StatusCode::FORBIDDEN, json!({"error": "Failed to parse Connect Session Auth Token"})));
    let (status, body) = sent(basic(site.at("/rest/api/3/myself"), (BOB.0, "wrong"))).await;
    assert_eq!(
        (status, body),
        (StatusCode::UNAUTHORIZED, json!("Client must be authenticated to access this resource."))
    );
    let listing = basic(site.at("/rest/api/3/project/search"), (BOB.0, "wrong")).send().await.unwrap();
    assert_eq!(listing.status(), 200);
    assert_eq!(listing.headers()["x-seraph-loginreason"], "AUTHENTICATED_FAILED");
    assert_eq!(listing.json::<Value>().await.unwrap()["values"], json!([]));
    let (status, body) = sent(basic(site.at("/rest/api/3/project/search"), BOB)).await;
    assert_eq!((status, &body["values"][0]["key"]), (StatusCode::OK, &json!("OPS")));
}

#[tokio::test]
async fn confluence_at_the_site_wants_an_account_with_the_product() {
    let site = Site::start("tiny.toml").await;
    let spaces = || site.at("/wiki/api/v2/spaces");
    for request in [spaces(), basic(spaces(), (BOB.0, "wrong"))] {
        let (status, body) = sent(request).await;
        assert_eq!(status, 403);
        assert!(body["message"].as_str().unwrap().contains("caller cannot access Confluence"), "{body}");
    }
    let unreadable = spaces().header("authorization", "Basic ???").send().await.unwrap();
    assert_eq!(unreadable.status(), 401);
    assert!(unreadable.headers().contains_key("www-authenticate"));
    assert_eq!(sent(basic(spaces(), BOB)).await.1["results"][0]["key"], "DOC");

    let robot = site.running.simulation.world().credentials.token(ROBOT).unwrap().account.clone().unwrap();
    let staff = site.running.simulation.world().directory.group_by_name("staff").unwrap().id.clone();
    site.running.simulation.world_mut().set_member(&staff, &robot, false);
    let (status, body) = sent(site.wiki("/api/v2/spaces").bearer_auth(ROBOT)).await;
    assert_eq!(status, 403);
    assert_eq!(body, json!({"message": "Current user not permitted to use Confluence", "statusCode": 403}));
}

#[tokio::test]
async fn restricted_pages_and_all_below_them_are_absent() {
    let site = Site::start("tiny.toml").await;
    let pages = |who| basic(site.at("/wiki/api/v2/pages?body-format=storage"), who);
    let (_, all) = sent(pages(ALICE)).await;
    assert_eq!(titles(&all), ["Welcome", "Merger", "Merger timetable"]);
    assert_eq!(all["results"][0]["body"]["storage"]["value"], "<p>Everybody reads this page.</p>");
    let (_, some) = sent(pages(BOB)).await;
    assert_eq!(titles(&some), ["Welcome"]);
}

#[tokio::test]
async fn cursors_walk_everything_once_and_next_begins_with_wiki() {
    let site = Site::start("cost.toml").await;
    for sort in ["id", "-modified-date"] {
        let mut path = format!("/api/v2/pages?sort={sort}&limit=250");
        let mut seen = std::collections::BTreeSet::new();
        let mut calls = 0;
        loop {
            let (status, body) = sent(site.wiki(&path).bearer_auth("ATSTT-cost")).await;
            assert_eq!(status, 200, "{body}");
            calls += 1;
            for page in body["results"].as_array().unwrap() {
                assert!(seen.insert(page["id"].as_str().unwrap().to_owned()), "{page} came twice");
            }
            let Some(next) = body["_links"]["next"].as_str() else { break };
            path = next.strip_prefix("/wiki").unwrap().to_owned();
        }
        assert_eq!((seen.len(), calls), (1000, 4), "sorted by {sort}");
    }
    let (status, body) = sent(site.wiki("/api/v2/pages?cursor=x").bearer_auth("ATSTT-cost")).await;
    assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::BAD_REQUEST, &json!("INVALID_REQUEST_PARAMETER")));
    let counts = site.running.simulation.counters.snapshot();
    assert_eq!(counts["GET /wiki/api/v2/pages"].calls, 9);
    assert_eq!(counts["GET /wiki/api/v2/pages"].points, 2 * (4 + 1000) + 1);
}

#[tokio::test]
async fn errors_have_the_form_of_their_product() {
    let site = Site::start("tiny.toml").await;
    let (status, body) = sent(basic(site.at("/rest/api/3/nothing"), BOB)).await;
    assert_eq!((status, &body["detail"]), (StatusCode::NOT_FOUND, &json!("No endpoint GET /rest/api/3/nothing.")));
    let (_, body) = sent(basic(site.at("/rest/api/3/project/search?maxResults=abc"), BOB)).await;
    assert_eq!(body["detail"], "Failed to convert 'maxResults' with value: 'abc'");
    let wrong = site.http.delete(format!("{}/rest/api/3/myself", site.running.base())).send().await.unwrap();
    assert_eq!((wrong.status().as_u16(), &wrong.headers()["allow"]), (405, &"GET".parse().unwrap()));
    let (status, body) = sent(basic(site.at("/wiki/rest/api/nothing"), BOB)).await;
    assert_eq!((status.as_u16(), &body["statusCode"]), (404, &json!(404)));
}

#[tokio::test]
async fn files_come_from_another_host_once_and_without_the_token() {
    let site = Site::start("tiny.toml").await;
    let (page, file) = {
        let world = site.running.simulation.world();
        let file = world.confluence.attachments.values().next().unwrap();
        (file.container, file.id)
    };
    let path = format!("/rest/api/content/{page}/child/attachment/att{file}/download");
    let redirect = site.wiki(&path).bearer_auth(ROBOT).send().await.unwrap();
    assert_eq!(redirect.status(), 302);
    let location = redirect.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("http://localhost:"), "{location}");
    let location = location.replace("localhost", "127.0.0.1");
    assert_eq!(site.http.get(&location).bearer_auth(ROBOT).send().await.unwrap().status(), 400);
    let bytes = site.http.get(&location).send().await.unwrap().text().await.unwrap();
    assert_eq!(bytes, "Turn left at the lighthouse.");
    assert_eq!(site.http.get(&location).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn the_organization_knows_every_address_and_membership() {
    let site = Site::start("tiny.toml").await;
    let org = site.running.simulation.site.org_id.clone();
    let users = format!("{}/admin/v2/orgs/{org}/directories/-/users/search", site.running.base());
    let search = |body: Value| site.http.post(&users).bearer_auth("org-key-tiny").json(&body);
    let (_, first) = sent(search(json!({"limit": 2, "expand": ["groups"]}))).await;
    let (_, rest) = sent(search(json!({"limit": 2, "cursor": first["links"]["next"]}))).await;
    assert_eq!((first["data"].as_array().unwrap().len(), rest["data"].as_array().unwrap().len()), (2, 1));
    let (_, bob) = sent(search(json!({"emails": ["bob@tiny.example"], "expand": ["groups"]}))).await;
    assert_eq!(bob["data"][0]["email"], "bob@tiny.example");
    assert_eq!(bob["data"][0]["groups"][0]["name"], "staff");
    let (_, managed) = sent(site.at(&format!("/admin/v1/orgs/{org}/users")).bearer_auth("org-key-tiny")).await;
    assert_eq!(managed["meta"]["total"], 3);
    assert_eq!(sent(site.at("/admin/v1/orgs").bearer_auth(BOB.1)).await.0, 401);
}

#[tokio::test]
async fn tests_in_other_processes_can_count_delay_and_move_time() {
    let site = Site::start("tiny.toml").await;
    let post = |path: &str, body: Value| site.http.post(format!("{}{path}", site.running.base())).json(&body);
    sent(basic(site.at("/rest/api/3/myself"), BOB)).await;
    let (_, counts) = sent(site.at("/_sim/counters")).await;
    assert_eq!(counts["GET /rest/api/3/myself"]["calls"], 1);
    sent(post("/_sim/reset-counters", json!({}))).await;
    assert_eq!(sent(site.at("/_sim/counters")).await.1, json!({}));
    let (_, time) = sent(post("/_sim/clock", json!({"advance": 60_000}))).await;
    assert_eq!(time["now"], 1_800_000_060_000_i64);
    assert_eq!(sent(post("/_sim/latency", json!({"ms": "x"}))).await.0, 400);
    let at_site = site.at("/_sim/counters").header("host", "tiny.atlassian.net");
    assert_eq!(sent(at_site).await.0, 404);
}

#[test]
fn every_route_has_its_line_of_scopes_and_every_line_its_route() {
    let mut routes = server::all_routes();
    routes.retain(|route| route.product != Product::Edge);
    // No scope opens admin keys and webhooks: they are for people at the site.
    let people = |path: &str| path.ends_with("/admin-key") || path.starts_with("/rest/webhooks/");
    let bare = routes.iter().filter(|route| scopes::of(route).is_empty() && !people(route.template));
    let bare: Vec<_> = bare.map(|route| route.template).collect();
    assert!(bare.is_empty(), "no token can call {bare:?}");
    let known = |(method, path): &(Method, &str)| routes.iter().any(|at| at.method == *method && at.template == *path);
    let strange: Vec<_> = scopes::lines().filter(|line| !known(line)).collect();
    assert!(strange.is_empty(), "no route has the lines {strange:?}");
}
