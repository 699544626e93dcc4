//! What each account's listings return over HTTP is what the oracle lists.

use std::collections::BTreeSet;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use simulator::oracle::{Kind, Object, Oracle};
use simulator::server::all_routes;
use simulator::state::World;
use simulator::state::credentials::TokenKind;
use simulator::state::directory::Person;
use simulator::{Options, Running, Simulator};

use crate::companies::{FILES, enriched};
use crate::trimming::shown;

/// One account's way in.
struct Visitor<'w> {
    http: Client,
    running: &'w Running,
    person: Person,
    /// A service account's token, for the gateway.
    bearer: Option<String>,
    cloud_id: String,
}

impl<'w> Visitor<'w> {
    fn new(running: &'w Running, world: &World, person: &Person) -> Self {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let own = |token: &&simulator::state::credentials::Token| {
            token.kind == TokenKind::ServiceAccount && token.account.as_ref() == Some(&person.account_id)
        };
        let bearer = world.credentials.tokens().find(own).map(|token| token.secret.clone());
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, running, person: person.clone(), bearer, cloud_id: world.site.cloud_id.clone() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.running.base();
        let product = if path.starts_with("/wiki") { "confluence" } else { "jira" };
        match &self.bearer {
            Some(token) => {
                let url = format!("{base}/ex/{product}/{}{path}", self.cloud_id);
                self.http.request(method, url).bearer_auth(token)
            }
            None => {
                let handle = self.person.email.split('@').next().unwrap();
                let request = self.http.request(method, format!("{base}{path}"));
                request.basic_auth(&self.person.email, Some(format!("ATATT-{handle}")))
            }
        }
    }

    /// The answer; `None` when the account may not use the product, cannot sign in, or the object is hidden.
    async fn answer(&self, request: RequestBuilder) -> Option<Value> {
        let response = request.send().await.unwrap();
        let (status, as_whom) = (response.status(), response.headers().get("x-aaccountid").cloned());
        let jira = response.headers().contains_key("x-arequestid");
        if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status) {
            return None;
        }
        let body = response.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        if jira && as_whom.is_none_or(|id| id.to_str().unwrap() != &*self.person.account_id) {
            return None; // Jira went on as nobody.
        }
        Some(serde_json::from_str(&body).unwrap())
    }

    async fn get(&self, path: &str) -> Option<Value> {
        self.answer(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Option<Value> {
        self.answer(self.request(Method::POST, path).json(body)).await
    }

    /// All pages of a v2 listing.
    async fn listed(&self, kind: Kind, path: &str) -> Vec<Object> {
        let (mut found, mut next) = (Vec::new(), Some(format!("{path}?limit=3")));
        while let Some(path) = next {
            let Some(page) = self.get(&path).await else { return found };
            found.extend(objects(kind, &page["results"]));
            next = page["_links"]["next"].as_str().map(str::to_owned);
        }
        found
    }

    async fn jira(&self, world: &World) -> Vec<Object> {
        let mut found = Vec::new();
        if let Some(page) = self.get("/rest/api/3/project/search?action=browse&maxResults=100").await {
            found.extend(objects(Kind::Project, &page["values"]));
        }
        let mut token = Value::Null;
        loop {
            let mut body = json!({"jql": "created >= \"2000-01-01\" order by id", "maxResults": 4});
            if !token.is_null() {
                body["nextPageToken"] = token;
            }
            let Some(page) = self.post("/rest/api/3/search/jql", &body).await else { break };
            found.extend(objects(Kind::Issue, &page["issues"]));
            token = page["nextPageToken"].clone();
            if token.is_null() {
                break;
            }
        }
        let ids: Vec<u64> = world.jira.comments.keys().copied().collect();
        if !ids.is_empty()
            && let Some(page) = self.post("/rest/api/3/comment/list", &json!({ "ids": ids })).await
        {
            found.extend(objects(Kind::IssueComment, &page["values"]));
        }
        for id in world.jira.issues.keys() {
            if let Some(page) = self.get(&format!("/rest/api/3/issue/{id}/worklog")).await {
                found.extend(objects(Kind::Worklog, &page["worklogs"]));
            }
        }
        for id in world.jira.attachments.keys() {
            if self.get(&format!("/rest/api/3/attachment/{id}")).await.is_some() {
                found.push(Object::new(Kind::IssueAttachment, *id));
            }
        }
        found
    }

    async fn confluence(&self, world: &World, oracle: &Oracle) -> Vec<Object> {
        let lists = [
            (Kind::Space, "/wiki/api/v2/spaces"),
            (Kind::Page, "/wiki/api/v2/pages"),
            (Kind::BlogPost, "/wiki/api/v2/blogposts"),
            (Kind::PageAttachment, "/wiki/api/v2/attachments"),
            (Kind::PageComment, "/wiki/api/v2/footer-comments"),
            (Kind::PageComment, "/wiki/api/v2/inline-comments"),
        ];
        let served: Vec<&str> = all_routes().into_iter().map(|route| route.template).collect();
        let (mut found, mut without_route) = (Vec::new(), BTreeSet::from([Kind::Folder, Kind::Whiteboard]));
        without_route.extend([Kind::Database, Kind::Embed]);
        for (kind, path) in lists {
            if served.contains(&path) {
                found.extend(self.listed(kind, path).await);
            } else {
                without_route.insert(kind);
            }
        }
        // Nothing lists these site-wide (or not yet), so the trimming stands in; it knows of no listings.
        let mut stand_in = shown(world, Some(&self.person.account_id));
        stand_in.retain(|object| without_route.contains(&object.kind));
        let unlisted = &oracle.visible(&self.person.account_id).unlisted;
        found.extend(stand_in.difference(unlisted));
        found
    }
}

fn objects(kind: Kind, rows: &Value) -> Vec<Object> {
    let id = |row: &Value| -> u64 {
        let text = row["id"].as_str().map(str::to_owned).unwrap_or_else(|| row["id"].to_string());
        text.trim_start_matches("att").parse().unwrap()
    };
    rows.as_array().unwrap().iter().map(|row| Object::new(kind, id(row))).collect()
}

/// Who differs in what, for listings: what is not listed may be shown, but need not be.
async fn listings_of(file: &str, site: World, oracle: &Oracle) -> Vec<String> {
    let world = enriched(file);
    let running = Simulator::start(site, Options::default()).await.unwrap();
    let mut lines = Vec::new();
    for person in world.directory.people.values() {
        let visitor = Visitor::new(&running, &world, person);
        let mut found = visitor.jira(&world).await;
        if world.site.has_confluence {
            found.extend(visitor.confluence(&world, oracle).await);
        }
        let (ours, theirs) = (oracle.visible(&person.account_id), found.iter().copied().collect::<BTreeSet<Object>>());
        assert_eq!(theirs.len(), found.len(), "{file}: {} was shown something twice", person.display_name);
        for object in ours.listed.symmetric_difference(&theirs) {
            // Comments and files of what is unlisted have addresses, but no listing of their own.
            let by_address = [Kind::IssueComment, Kind::IssueAttachment, Kind::Worklog, Kind::PageComment];
            let by_address = by_address.contains(&object.kind);
            if by_address && ours.unlisted.contains(object) {
                continue;
            }
            let why = oracle.why_not(&person.account_id, *object);
            lines.push(format!("{file}: {}: {object}: oracle {why:?}", person.display_name));
        }
    }
    lines
}

#[tokio::test]
async fn listings_over_http_hold_what_the_oracle_lists() {
    let mut found = Vec::new();
    for file in FILES {
        let oracle = Oracle::of(&enriched(file));
        found.extend(listings_of(file, enriched(file), &oracle).await);
    }
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn an_oracle_that_lists_the_archived_disagrees_over_http() {
    let file = "levels-and-audiences.toml";
    let broken = Oracle::with_rules(&enriched(file), &simulator::oracle::Rules::without("archived_unlisted"));
    assert_ne!(listings_of(file, enriched(file), &broken).await, [""; 0]);
}

#[tokio::test]
async fn a_site_that_shows_a_folders_pages_to_all_disagrees_over_http() {
    let file = "restrictions-above.toml";
    let mut site = enriched(file);
    for content in site.confluence.content.values_mut() {
        if content.title == "Box" {
            content.restrictions.read = simulator::state::content::Subjects::default();
        }
    }
    let found = listings_of(file, site, &Oracle::of(&enriched(file))).await;
    assert_ne!(found, [""; 0]);
}

#[tokio::test]
async fn a_test_of_another_process_can_ask_the_oracle() {
    let world = enriched("restrictions-above.toml");
    let cat = world.directory.people.values().find(|person| person.display_name == "cat").unwrap().account_id.clone();
    let oracle = Oracle::of(&world);
    let running = Simulator::start(world, Options::default()).await.unwrap();
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder().build().unwrap();
    let ask = |account: &str| http.get(format!("{}/_sim/oracle?account={account}", running.base()));
    let body: Value = ask(&cat).send().await.unwrap().json().await.unwrap();
    let ids = |kind: Kind| oracle.visible(&cat).ids(kind).iter().map(u64::to_string).collect::<Vec<_>>();
    assert!(!ids(Kind::Page).is_empty());
    assert_eq!(body["pages"], json!(ids(Kind::Page)));
    assert_eq!(body["confluence_comments"], json!(ids(Kind::PageComment)));
    assert!(
        body["confluence_attachments"].as_array().unwrap().iter().all(|id| id.as_str().unwrap().starts_with("att"))
    );
    assert_eq!(body["unlisted"]["pages"].as_array().unwrap().len(), 1, "the draft on which cat collaborates");
    let unknown = ask("nobody").send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}
