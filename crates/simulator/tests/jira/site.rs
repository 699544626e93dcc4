//! A running double with the accounts of its world at hand.

use std::path::Path;

use reqwest::{Method, Response};
use serde_json::Value;
use simulator::clock::Clock;
use simulator::state::World;
use simulator::{Options, Running, Simulator, world_file};

/// Where the frozen clocks of all tests stand.
pub(crate) const NOW: i64 = 1_800_000_000_000;

pub(crate) struct Site {
    pub(crate) running: Running,
    http: reqwest::Client,
    domain: String,
}

/// Who asks: a person by handle, or nobody.
pub(crate) type Who<'a> = Option<&'a str>;

impl Site {
    pub(crate) async fn tiny() -> Self {
        Self::of(load("tiny.toml")).await
    }

    /// 1000 issues, all of which `person1` sees.
    pub(crate) async fn cost() -> Self {
        let mut world = load("cost.toml");
        let groups: Vec<_> = world.directory.groups.keys().cloned().collect();
        let person = world.directory.person_by_email("person1@cost.example").unwrap().account_id.clone();
        for group in groups {
            world.set_member(&group, &person, true);
        }
        Self::of(world).await
    }

    pub(crate) async fn written(text: &str) -> Self {
        Self::of(world_file::parse(text, "test.toml", Clock::frozen(NOW)).unwrap()).await
    }

    pub(crate) async fn of(world: World) -> Self {
        let domain = world.site.host.replace(".atlassian.net", ".example");
        let running = Simulator::start(world, Options::default()).await.unwrap();
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running, http, domain }
    }

    pub(crate) fn request(&self, who: Who<'_>, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.running.base()));
        match who {
            None => request,
            Some(handle) => request.basic_auth(format!("{handle}@{}", self.domain), Some(format!("ATATT-{handle}"))),
        }
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let response: Response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> (u16, Value) {
        self.send(self.request(Some(who), Method::GET, &format!("/rest/api/3{path}"))).await
    }

    /// A 200.
    pub(crate) async fn ok(&self, who: &str, path: &str) -> Value {
        let (status, body) = self.get(who, path).await;
        assert_eq!(status, 200, "{path} as {who}: {body}");
        body
    }

    pub(crate) async fn call(&self, who: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.send(self.request(Some(who), method, &format!("/rest/api/3{path}")).json(&body)).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> (u16, Value) {
        self.call(who, Method::POST, path, body).await
    }

    pub(crate) async fn put(&self, who: &str, path: &str, body: Value) -> (u16, Value) {
        self.call(who, Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, who: &str, path: &str) -> (u16, Value) {
        self.send(self.request(Some(who), Method::DELETE, &format!("/rest/api/3{path}"))).await
    }

    /// A write that must succeed.
    pub(crate) async fn done(&self, who: &str, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(who, method, path, body).await;
        assert!((200..400).contains(&status), "{path} as {who}: {status} {answer}");
        answer
    }

    /// Keys that a query finds for a person, in its order.
    pub(crate) async fn found(&self, who: &str, jql: &str) -> Vec<String> {
        let (status, body) =
            self.post(who, "/search/jql", serde_json::json!({"jql": jql, "fields": ["key"], "maxResults": 5000})).await;
        assert_eq!(status, 200, "{jql} as {who}: {body}");
        body["issues"].as_array().unwrap().iter().map(|issue| word(&issue["key"]).to_owned()).collect()
    }

    pub(crate) fn account(&self, handle: &str) -> String {
        let world = self.running.simulation.world();
        let person = world.directory.person_by_email(&format!("{handle}@{}", self.domain)).unwrap();
        person.account_id.to_string()
    }

    pub(crate) fn group(&self, name: &str) -> String {
        self.running.simulation.world().directory.group_by_name(name).unwrap().id.to_string()
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.running.simulation.clock.advance(ms);
    }
}

pub(crate) fn load(name: &str) -> World {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds").join(name);
    world_file::load(&path, Clock::frozen(NOW)).unwrap()
}

pub(crate) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

pub(crate) fn words<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap_or_else(|| panic!("{list} is no list")).iter().map(|item| word(&item[key])).collect()
}

pub(crate) fn doc(text: &str) -> Value {
    serde_json::json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    ]})
}
