//! A hub to ask, and a browser to ask it with.

use crate::double::Scripted;
use crate::world::{self, LiveReference};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use model::Millis;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{MasterKey, NewAccount, Role, Store, SystemEntropy};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;
use web::App;

pub(crate) const PASSWORD: &str = "a password of the test";
pub(crate) const ANA: &str = "ana@example.com";
pub(crate) const BEN: &str = "ben@example.com";
pub(crate) const CLEO: &str = "cleo@example.com";

/// 2026-03-10T12:00:00Z.
pub(crate) const START: i64 = 1_773_144_000_000;
pub(crate) const HOUR: i64 = 3_600_000;

/// A hub with the test's company: Ana administrates, Ben and Cleo search; no source knows Cleo.
pub(crate) struct Stage {
    pub(crate) store: Arc<Store>,
    pub(crate) index: Arc<LiveReference>,
    pub(crate) operations: Arc<Scripted>,
    pub(crate) people: Router,
    pub(crate) operator: Router,
    now: Arc<AtomicI64>,
    _dir: TempDir,
}

impl Stage {
    pub(crate) async fn open() -> Self {
        Self::with(false).await
    }

    pub(crate) async fn with(secure_cookies: bool) -> Self {
        let stage = Self::without_accounts(secure_cookies).await;
        for (email, name, role) in
            [(ANA, "Ana Souza", Role::Admin), (BEN, "Ben Okafor", Role::Member), (CLEO, "Cleo Marsh", Role::Member)]
        {
            let password = Some(SecretString::from(password_hash().await));
            let new = NewAccount { email: email.to_owned(), name: name.to_owned(), role, password };
            stage.store.add_account(new, Millis(START)).await.unwrap();
        }
        stage
    }

    async fn without_accounts(secure_cookies: bool) -> Self {
        let dir = TempDir::new().unwrap();
        let follower = world::Follower::new();
        let key = MasterKey::load_or_create(dir.path(), &SystemEntropy).unwrap();
        let store = Store::open(dir.path(), follower.clone(), key, Arc::new(SystemEntropy)).unwrap();
        let store = Arc::new(store);
        world::fill(&store).await;
        let index = Arc::new(LiveReference::new(store.clone(), follower.clone()));
        let operations = Arc::new(Scripted::default());
        let now = Arc::new(AtomicI64::new(START));
        let clock = now.clone();
        let following = follower;
        let app = App {
            access: Arc::new(move || Arc::new(following.state())),
            store: store.clone(),
            index: index.clone(),
            operations: operations.clone(),
            upkeep: operations.clone(),
            inspection: operations.clone(),
            clock: Arc::new(move || Millis(clock.load(Ordering::SeqCst))),
            entropy: Arc::new(SystemEntropy),
            public_url: Some(url::Url::parse("https://hub.example").unwrap()),
            secure_cookies,
            demo_accounts: Vec::new(),
            scopes: Vec::new(),
        };
        let (people, operator) = (web::router(app.clone()), web::operator_router(app));
        Self { store, index, operations, people, operator, now, _dir: dir }
    }

    pub(crate) fn pass(&self, millis: i64) {
        self.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// A browser or program without any cookie.
    pub(crate) fn visitor(&self) -> Client {
        Client { router: self.people.clone(), cookies: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// A client of the operator's router.
    pub(crate) fn operator(&self) -> Client {
        Client { router: self.operator.clone(), cookies: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// A browser that is signed in.
    pub(crate) async fn browser_of(&self, email: &str) -> Client {
        let mut client = self.visitor();
        let answer = client.sign_in(email, PASSWORD, "/").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        client
    }

    /// A program with a bearer token.
    pub(crate) async fn program_of(&self, email: &str) -> Client {
        let mut client = self.visitor();
        let body = serde_json::json!({"email": email, "password": PASSWORD});
        let answer = client.json(Method::POST, "/api/v1/login", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        client.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        client
    }

    /// Stored actions of the audit log, newest first, with actor and target.
    pub(crate) fn audit(&self) -> Vec<(String, String, String)> {
        let rows = self.store.audit_log(None, 1000).unwrap();
        rows.into_iter().map(|row| (row.entry.actor, row.entry.action, row.entry.target)).collect()
    }
}

/// The hash of [`PASSWORD`], as the hub makes it: once for all tests, because it is meant to be slow.
async fn password_hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let make = || async {
        let body = serde_json::json!({"email": "first@example.com", "name": "First", "password": PASSWORD});
        let other = Box::pin(Stage::without_accounts(false)).await;
        let added = other.operator().json(Method::POST, "/api/v1/users", &body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        let account = other.store.account_by_email("first@example.com").unwrap().unwrap();
        other.store.password_hash(account.id).unwrap().unwrap().expose_secret().to_owned()
    };
    HASH.get_or_init(make).await.clone()
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The form token of the page.
    pub(crate) fn csrf(&self) -> String {
        let marker = "name=\"csrf\" value=\"";
        let start = self.body.find(marker).unwrap_or_else(|| panic!("no form in {}", self.body)) + marker.len();
        self.body[start..].split('"').next().unwrap().to_owned()
    }
}

/// A browser or program, with its cookies.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
}

impl Client {
    pub(crate) async fn send(&mut self, method: Method, path: &str, media_type: &str, body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if !media_type.is_empty() {
            request = request.header(CONTENT_TYPE, media_type);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 16 << 20).await.unwrap();
        let answer = Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() };
        for cookie in answer.set_cookies() {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", String::new()).await
    }

    pub(crate) async fn json(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, "application/json", body.to_string()).await
    }

    /// Sends a form as it stands, without adding a token.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send(Method::POST, path, "application/x-www-form-urlencoded", form.finish()).await
    }

    /// Opens the account page for its token, then sends a form with it.
    pub(crate) async fn post_signed(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get("/account").await.csrf();
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        self.post(path, &fields).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str, next: &str) -> Answer {
        let csrf = self.get("/login").await.csrf();
        let fields = [("csrf", csrf.as_str()), ("email", email), ("password", password), ("next", next)];
        self.post("/login", &fields).await
    }
}
