//! The hub as the story asks it: every question may fail, because the hub may be dead at the moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Millis;
use crate::client::{Client, plain};
use crate::people::{Somebody, Thing};
use crate::stack::{ADMIN, PASSWORD, Stack};
use model::Product;
use serde_json::Value;

/// How long an answer may take while the hub may be killed at any time.
const PATIENCE: Duration = Duration::from_secs(10);

/// A run as the API tells of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The source.
    pub source: u64,
    /// Its product.
    pub product: Product,
    /// Its number.
    pub id: u64,
    /// `full`, `sweep`, ….
    pub kind: String,
    /// `succeeded`, `partial`, ….
    pub status: String,
    /// When it began.
    pub started: Millis,
    /// When it ended.
    pub ended: Option<Millis>,
}

impl Run {
    /// Whether it reads what there is, where it hangs, and its own restrictions.
    pub fn reads_content(&self) -> bool {
        matches!(self.kind.as_str(), "full" | "sweep")
    }

    /// Whether it reads who may read spaces and projects.
    pub fn reads_rights(&self) -> bool {
        matches!(self.kind.as_str(), "full" | "sweep" | "permissions")
    }

    /// Whether it reads people and groups.
    pub fn reads_people(&self) -> bool {
        matches!(self.kind.as_str(), "full" | "permissions")
    }
}

/// Somebody who searches.
#[derive(Clone, Debug)]
pub(super) struct Searcher {
    /// The account at the source.
    pub(super) account: String,
    token: String,
}

/// The hub, with everybody signed in.
#[derive(Clone, Debug)]
pub(super) struct Hub {
    http: reqwest::Client,
    pub(super) base: String,
    admin: String,
    pub(super) people: Vec<Searcher>,
    sources: Vec<(u64, Product)>,
    /// Every run that was heard of, as it was told last.
    runs: Arc<Mutex<BTreeMap<(u64, u64), Run>>>,
}

fn millis(value: &Value) -> Option<Millis> {
    value.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

impl Hub {
    /// Signs everybody in.
    pub(super) async fn reached(stack: &Stack) -> Self {
        let base = stack.hub().to_owned();
        let token = async |email: &str| Client::program(&base, email, PASSWORD).await.token();
        let admin = token(ADMIN).await;
        let mut people = Vec::new();
        let searches = |person: &&Somebody| !person.app && person.active;
        for person in stack.company.people.iter().filter(searches) {
            people.push(Searcher { account: person.account.clone(), token: token(&person.email).await });
        }
        let mut hub = Self { http: plain(), base, admin, people, sources: Vec::new(), runs: Arc::default() };
        let sources = hub.get(&hub.admin, "/api/v1/sources").await.unwrap_or_default();
        for source in sources["sources"].as_array().into_iter().flatten() {
            let product = source["product"].as_str().and_then(|product| product.parse().ok());
            hub.sources.extend(source["id"].as_u64().zip(product));
        }
        assert_eq!(hub.sources.len(), 2, "the company is not connected: {sources}");
        hub
    }

    pub(super) fn sources(&self) -> Vec<u64> {
        self.sources.iter().map(|(id, _)| *id).collect()
    }

    async fn get(&self, token: &str, path: &str) -> Option<Value> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(token).timeout(PATIENCE);
        let response = request.send().await.ok()?.error_for_status().ok()?;
        response.json().await.ok()
    }

    /// What a search shows somebody; `None` while the hub is dead.
    pub(super) async fn search(&self, who: &Searcher, words: &str) -> Option<Vec<Thing>> {
        let words = url::form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>();
        let page = self.get(&who.token, &format!("/api/v1/search?q={words}")).await?;
        let hits = page["hits"].as_array()?;
        let all =
            hits.iter().flat_map(|hit| std::iter::once(hit).chain(hit["nested"].as_array().into_iter().flatten()));
        Some(all.filter_map(thing).collect())
    }

    /// Whether no run is under way. Takes down the runs that it hears of.
    pub(super) async fn idle(&self, source: u64) -> bool {
        let path = format!("/api/v1/sources/{source}");
        let Some(progress) = self.get(&self.admin, &format!("{path}/progress")).await else { return false };
        self.listen(source).await;
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let open = runs.values().any(|run| run.source == source && run.ended.is_none());
        progress["running"].is_null() && !open
    }

    async fn listen(&self, source: u64) {
        let Some(told) = self.get(&self.admin, &format!("/api/v1/sources/{source}/runs")).await else { return };
        let product = self.sources.iter().find(|(id, _)| *id == source).map(|(_, product)| *product);
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        for run in told["runs"].as_array().into_iter().flatten() {
            let (Some(id), Some(product), Some(started)) = (run["id"].as_u64(), product, millis(&run["started"]))
            else {
                continue;
            };
            let kind = run["kind"].as_str().unwrap_or("full").to_owned();
            let status = run["status"].as_str().unwrap_or_default().to_owned();
            runs.insert((source, id), Run { source, product, id, kind, status, started, ended: millis(&run["ended"]) });
        }
    }

    /// Starts a run by hand. A source that was refused meanwhile is checked first, as an administrator would.
    pub(super) async fn start(&self, source: u64, kind: &str) -> Result<(), String> {
        let path = format!("/api/v1/sources/{source}");
        let mut told = String::new();
        for _ in 0..3 {
            let request = self.http.post(format!("{}{path}/sync?kind={kind}", self.base));
            match request.bearer_auth(&self.admin).timeout(PATIENCE).send().await {
                Ok(response) if response.status().is_success() => return Ok(()),
                Ok(response) => told = format!("{}: {}", response.status(), response.text().await.unwrap_or_default()),
                Err(error) => told = error.to_string(),
            }
            let check = self.http.post(format!("{}{path}/check", self.base));
            let _checked = check.bearer_auth(&self.admin).timeout(PATIENCE).send().await;
        }
        Err(format!("a {kind} run of source {source} cannot be started: {told}"))
    }

    /// The newest run that began at `since` or later, once it has ended.
    pub(super) async fn ended_since(&self, source: u64, since: Millis) -> Option<Run> {
        if !self.idle(source).await {
            return None;
        }
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = runs.values().filter(|run| run.source == source && run.started >= since && run.ended.is_some());
        ended.max_by_key(|run| run.id).cloned()
    }

    /// What the newest run could not do, in words.
    pub(super) async fn problems(&self, source: u64) -> String {
        let told = self.get(&self.admin, &format!("/api/v1/sources/{source}/problems")).await.unwrap_or_default();
        let problems = told["problems"].as_array().into_iter().flatten().take(5);
        problems.map(|problem| format!("{}: {}", problem["item"], problem["reason"])).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn runs(&self) -> Vec<Run> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(super) fn run_counts(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for run in self.runs() {
            *counts.entry(format!("{} {}", run.kind, run.status)).or_default() += 1;
        }
        counts
    }
}

/// What a hit stands for. The address tells the product: Confluence lies under `/wiki`.
fn thing(document: &Value) -> Option<Thing> {
    let product = if document["url"].as_str()?.contains("/wiki/") { Product::Confluence } else { Product::Jira };
    let kind = document["kind"].as_str()?.parse().ok()?;
    Some(Thing { product, kind, native: document["id"].as_str()?.to_owned() })
}
