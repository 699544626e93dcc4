//! The running company, its callers, and what its answers taught about ids.

use std::collections::BTreeMap;

use reqwest::RequestBuilder;
use serde_json::Value;
use simulator::clock::Clock;
use simulator::route::Routes;
use simulator::{Options, Running, Simulator, world_file};

use crate::cases::Case;

const NOW: i64 = 1_800_000_000_000;
const ADMINISTRATOR: &str = "ada";
const ORGANIZATION_KEY: &str = "org-key-shapes";
const ROBOT: &str = "ATSTT-shapes";
const BOUNDARY: &str = "between-the-parts";

pub(crate) struct Site {
    running: Running,
    http: reqwest::Client,
    cloud_id: String,
    names: BTreeMap<String, String>,
}

/// What a case was answered.
pub(crate) struct Answered {
    /// As sent, with its query.
    pub(crate) path: String,
    /// At the site, without query.
    pub(crate) plain_path: String,
    pub(crate) status: u16,
    /// `None` if the body is no JSON.
    pub(crate) body: Option<Value>,
    pub(crate) text: String,
    /// Names that the body was to give and did not.
    pub(crate) missing: Vec<String>,
}

impl Answered {
    /// The start of the body.
    pub(crate) fn shown(&self) -> String {
        self.text.chars().take(300).collect()
    }
}

impl Site {
    pub(crate) async fn start() -> Self {
        let world = world_file::parse(&crate::text("world.toml"), "world.toml", Clock::frozen(NOW)).unwrap();
        let site = world.site.clone();
        let running = Simulator::start(world, Options::default()).await.unwrap();
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let names = BTreeMap::from([
            ("org".to_owned(), site.org_id.clone()),
            ("directory".to_owned(), site.directory_id.clone()),
        ]);
        Self { running, http, cloud_id: site.cloud_id, names }
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.running.simulation.routes
    }

    pub(crate) async fn send(&mut self, case: &Case) -> Answered {
        let path = self.named(case, &case.path);
        let mut request = self.by(case, &path);
        let body = self.named(case, &case.body);
        if let Some(file) = body.strip_prefix("file ") {
            let (name, text) = file.split_once(' ').unwrap_or((file, "text"));
            let form = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/plain\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n"
            );
            let kind = format!("multipart/form-data; boundary={BOUNDARY}");
            request = request.header("content-type", kind).header("x-atlassian-token", "no-check").body(form);
        } else if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body: Option<Value> = serde_json::from_str(&text).ok();
        let missing = self.keep(case, body.as_ref());
        let plain_path = path.split('?').next().unwrap_or_default().to_owned();
        Answered { path, plain_path, status, body, text, missing }
    }

    fn by(&self, case: &Case, path: &str) -> RequestBuilder {
        let base = self.running.base();
        let request = |path: &str| self.http.request(case.method.clone(), format!("{base}{path}"));
        let handle = case.by.as_deref().unwrap_or(ADMINISTRATOR);
        match handle {
            "nobody" => request(path),
            "stranger" => request(path).basic_auth("who@shapes.example", Some("wrong")),
            ADMINISTRATOR if path.starts_with("/admin/") || path.starts_with("/users/") => {
                request(path).bearer_auth(ORGANIZATION_KEY)
            }
            "robot" | "wrong-token" => {
                let product = if path.starts_with("/wiki/") { "confluence" } else { "jira" };
                let token = if handle == "robot" { ROBOT } else { "wrong" };
                request(&format!("/ex/{product}/{}{path}", self.cloud_id)).bearer_auth(token)
            }
            handle => request(path).basic_auth(format!("{handle}@shapes.example"), Some(format!("ATATT-{handle}"))),
        }
    }

    fn keep(&mut self, case: &Case, body: Option<&Value>) -> Vec<String> {
        let mut missing = Vec::new();
        for (name, pointer) in &case.keep {
            let value = match body.and_then(|body| body.pointer(pointer)) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ => {
                    missing.push(name.clone());
                    continue;
                }
            };
            self.names.insert(name.clone(), value);
        }
        missing
    }

    /// Puts in what earlier cases kept; other braces stay.
    fn named(&self, case: &Case, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.names {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        let open = filled.find('{').filter(|_| filled.starts_with('/'));
        assert!(open.is_none(), "{}: nothing was kept for a name in {filled}", case.line);
        filled
    }
}
