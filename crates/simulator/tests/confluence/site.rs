//! A small company, and how tests talk to it: each person signs in at the site with a token of their own.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use simulator::clock::Clock;
use simulator::state::World;
use simulator::{Options, Running, Simulator, world_file};

/// The time at which every test begins: 2027-01-15T08:00:00Z.
pub(crate) const NOW: i64 = 1_800_000_000_000;

/// The service account's token.
pub(crate) const ROBOT: &str = "ATSTT-acme";

const COMPANY: &str = r#"
[site]
host = "acme.atlassian.net"
time_zone = "UTC"
[access]
confluence = ["staff", "robots"]
confluence_admins = ["admins"]
site_admins = ["admins"]
[[group]]
name = "staff"
members = ["ann", "ben", "dan"]
[[group]]
name = "robots"
members = ["robot"]
[[group]]
name = "admins"
members = ["cat"]
[[group]]
name = "legal"
members = ["ann"]
[[person]]
handle = "ann"
name = "Ann Ash"
[[person]]
handle = "ben"
name = "Ben Birch"
email_shown = "null"
time_zone = "Australia/Sydney"
[[person]]
handle = "cat"
name = "Cat Cedar"
[[person]]
handle = "dan"
name = "Dan Dogwood"
email_shown = "empty"
[service_account]
handle = "robot"
token = "ATSTT-acme"
[[space]]
key = "ENG"
name = "Engineering"
owner = "cat"
read = ["group:staff", "group:robots"]
write = ["group:staff"]
admin = ["@cat"]
page = [
  { slug = "home", title = "Home", home = true, body = "Welcome to the lighthouse.", labels = ["start"] },
  { slug = "plan", title = "Plan", parent = "home", body = "The plan is secret.", view = ["@ann", "group:legal"] },
  { slug = "step", title = "Step one", parent = "plan", body = "Buy a boat." },
  { slug = "box", title = "Box", kind = "folder", parent = "home" },
  { slug = "inside", title = "Inside", parent = "box", body = "In a folder." },
  { slug = "sketch", title = "Sketch", parent = "home", status = "draft", by = "ann", body = "Half a thought." },
  { slug = "attic", title = "Attic", parent = "home", status = "archived", body = "Old things." },
  { slug = "bin", title = "Bin", status = "trashed", body = "Thrown away." },
  { slug = "news", title = "News", kind = "blogpost", body = "We launched." },
]
[[space]]
key = "HR"
name = "People"
owner = "cat"
read = ["@dan"]
admin = ["@cat"]
page = [{ slug = "pay", title = "Pay", body = "Numbers." }]
"#;

pub(crate) struct Site {
    pub(crate) running: Running,
    http: reqwest::Client,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Got {
    /// The answer's body, which must be a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }
}

impl Site {
    /// The company above.
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// The company above with more of the file.
    pub(crate) async fn with(more: &str) -> Self {
        Self::of(&format!("{COMPANY}{more}")).await
    }

    /// Another company.
    pub(crate) async fn of(text: &str) -> Self {
        let world = world_file::parse(text, "test.toml", Clock::frozen(NOW)).unwrap();
        let running = Simulator::start(world, Options::default()).await.unwrap();
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running, http }
    }

    /// A request at the site, signed in as `who`; the empty handle is nobody.
    pub(crate) fn request(&self, method: Method, who: &str, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.running.base()));
        let company = self.running.simulation.site.host.split('.').next().unwrap().to_owned();
        if who.is_empty() {
            return request;
        }
        request.basic_auth(format!("{who}@{company}.example"), Some(format!("ATATT-{who}")))
    }

    pub(crate) async fn sent(request: RequestBuilder) -> Got {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        Got { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Got {
        Self::sent(self.request(Method::GET, who, path)).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: &Value) -> Got {
        Self::sent(self.request(Method::POST, who, path).json(body)).await
    }

    pub(crate) async fn put(&self, who: &str, path: &str, body: &Value) -> Got {
        Self::sent(self.request(Method::PUT, who, path).json(body)).await
    }

    pub(crate) async fn delete(&self, who: &str, path: &str) -> Got {
        Self::sent(self.request(Method::DELETE, who, path)).await
    }

    /// The service account at the gateway; `path` begins behind `/wiki`.
    pub(crate) async fn robot(&self, path: &str) -> Got {
        let cloud = &self.running.simulation.site.cloud_id;
        let address = format!("{}/ex/confluence/{cloud}/wiki{path}", self.running.base());
        Self::sent(self.http.get(address).bearer_auth(ROBOT)).await
    }

    /// Changes the world behind the API's back.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.running.simulation.world_mut())
    }

    /// The id of the content with that title.
    #[track_caller]
    pub(crate) fn id(&self, title: &str) -> u64 {
        self.change(|world| world.confluence.content.values().find(|content| content.title == title).unwrap().id)
    }

    pub(crate) fn space(&self, key: &str) -> u64 {
        self.change(|world| world.confluence.space_by_key(key).unwrap().id)
    }

    pub(crate) fn account(&self, handle: &str) -> String {
        self.change(|world| {
            let company = world.site.host.split('.').next().unwrap().to_owned();
            let email = format!("{handle}@{company}.example");
            let person = world.directory.person_by_email(&email);
            let robot = || world.directory.people.values().find(|person| person.email.starts_with(handle));
            person.or_else(robot).unwrap().account_id.to_string()
        })
    }

    pub(crate) fn group(&self, name: &str) -> String {
        self.change(|world| world.directory.groups.values().find(|group| group.name == name).unwrap().id.to_string())
    }

    /// Titles of all pages of a v2 listing, followed by the cursor of the `next` link.
    pub(crate) async fn all(&self, who: &str, path: &str) -> Vec<Value> {
        let (mut path, mut found) = (path.to_owned(), Vec::new());
        loop {
            let body = self.get(who, &path).await.ok();
            found.extend(body["results"].as_array().unwrap().iter().cloned());
            let Some(next) = body["_links"]["next"].as_str() else { return found };
            path = if next.starts_with("/wiki") { next.to_owned() } else { format!("/wiki{next}") };
        }
    }
}

/// One field of each row, as text.
pub(crate) fn each(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

/// [`each`] title of an answer's results.
#[track_caller]
pub(crate) fn titles(body: &Value) -> Vec<String> {
    each(body["results"].as_array().unwrap_or_else(|| panic!("{body}")), "title")
}
