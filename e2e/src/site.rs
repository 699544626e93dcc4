//! The company's site, asked as one of its people or as its judge.
//!
//! What a person sees is collected from the same routes that anybody's client would page through, with the person's own
//! token; the judge is the simulator's oracle, which is asked apart.

use crate::client::plain;
use crate::people::{Somebody, Thing};
use model::Kind;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A simulator that runs.
#[derive(Clone, Debug)]
pub struct Site {
    http: reqwest::Client,
    /// Where it answers.
    pub base: String,
}

impl Site {
    /// The simulator at `base`.
    pub fn at(base: &str) -> Self {
        Self { http: plain(), base: base.to_owned() }
    }

    /// Reads one of the test controls.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn control(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/_sim/{path}", self.base));
        self.finish(request).await.unwrap_or_else(|status| panic!("`/_sim/{path}` answered {status}"))
    }

    /// Turns one of the test controls.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn turn(&self, path: &str, body: Value) {
        let request = self.http.post(format!("{}/_sim/{path}", self.base)).json(&body);
        let _nothing = self.finish(request).await.unwrap_or_else(|status| panic!("`/_sim/{path}` answered {status}"));
    }

    /// What was called so far: method and route with the number of calls.
    pub async fn counters(&self) -> Vec<(String, u64)> {
        let counters = self.control("counters").await;
        let rows = counters.as_object().into_iter().flatten();
        rows.map(|(route, count)| (route.clone(), count["calls"].as_u64().unwrap_or_default())).collect()
    }

    /// All calls so far.
    pub async fn calls(&self) -> u64 {
        self.counters().await.iter().map(|(_, calls)| calls).sum()
    }

    /// What the oracle lets an account see in listings.
    pub async fn oracle(&self, account: &str) -> BTreeSet<Thing> {
        things_of(&self.control(&format!("oracle?account={account}")).await)
    }

    /// What the site's own listings show a person. A product that refuses the person shows nothing.
    pub async fn shown_to(&self, person: &Somebody) -> BTreeSet<Thing> {
        let mut things = BTreeSet::new();
        let lists = [
            ("pages", Kind::Page),
            ("blogposts", Kind::BlogPost),
            ("footer-comments", Kind::Comment),
            ("inline-comments", Kind::Comment),
            ("attachments", Kind::Attachment),
        ];
        for (list, kind) in lists {
            for row in self.confluence_list(person, list).await {
                things.insert(Thing::confluence(kind, text(&row["id"])));
            }
        }
        for issue in self.issues(person).await {
            let id = text(&issue["id"]);
            for file in issue["fields"]["attachment"].as_array().into_iter().flatten() {
                things.insert(Thing::jira(Kind::Attachment, text(&file["id"])));
            }
            for comment in self.issue_comments(person, &id).await {
                things.insert(Thing::jira(Kind::Comment, text(&comment["id"])));
            }
            things.insert(Thing::jira(Kind::Issue, id));
        }
        things
    }

    /// One GET as a person, at the site with a personal token. `Err` holds the status of a refusal.
    pub async fn get(&self, person: &Somebody, path: &str) -> Result<Value, u16> {
        let request = self.http.get(format!("{}{path}", self.base));
        self.finish(request.basic_auth(&person.email, Some(&person.token))).await
    }

    /// One change as a person, through the routes that anybody's client would use. `Err` holds the status of a refusal.
    ///
    /// # Panics
    /// If `method` is none.
    pub async fn write(&self, person: &Somebody, method: &str, path: &str, body: Value) -> Result<Value, u16> {
        let method = method.parse::<reqwest::Method>().unwrap_or_else(|error| panic!("`{method}`: {error}"));
        let request = self.http.request(method, format!("{}{path}", self.base)).json(&body);
        self.finish(request.basic_auth(&person.email, Some(&person.token))).await
    }

    async fn confluence_list(&self, person: &Somebody, list: &str) -> Vec<Value> {
        let mut path = format!("/wiki/api/v2/{list}?limit=250");
        let mut rows = Vec::new();
        loop {
            let page = match self.get(person, &path).await {
                Ok(page) => page,
                // No product, no account, or no Confluence at all.
                Err(401 | 403 | 404) if rows.is_empty() => return rows,
                Err(status) => panic!("{} is refused `{path}` with {status}", person.name),
            };
            rows.extend(page["results"].as_array().cloned().unwrap_or_default());
            match page["_links"]["next"].as_str() {
                Some(next) => path = next.to_owned(),
                None => return rows,
            }
        }
    }

    async fn issues(&self, person: &Somebody) -> Vec<Value> {
        let (mut issues, mut token) = (Vec::new(), Value::Null);
        // An account that is not active would go on as nobody, as at Atlassian: what is public is not "shown to" it.
        match self.get(person, "/rest/api/3/myself").await {
            Ok(_) => {}
            Err(401 | 403 | 404) => return issues,
            Err(status) => panic!("{} is refused by Jira with {status}", person.name),
        }
        loop {
            let mut body = json!({"jql": "created >= '1970-01-02'", "fields": ["attachment"], "maxResults": 100});
            if !token.is_null() {
                body["nextPageToken"] = token;
            }
            let request = self.http.post(format!("{}/rest/api/3/search/jql", self.base)).json(&body);
            let request = request.basic_auth(&person.email, Some(&person.token));
            let page = self.finish(request).await;
            let page = page.unwrap_or_else(|status| panic!("{} may not search: {status}", person.name));
            issues.extend(page["issues"].as_array().cloned().unwrap_or_default());
            token = page["nextPageToken"].clone();
            if token.is_null() {
                return issues;
            }
        }
    }

    async fn issue_comments(&self, person: &Somebody, issue: &str) -> Vec<Value> {
        let mut comments = Vec::new();
        loop {
            let path = format!("/rest/api/3/issue/{issue}/comment?maxResults=100&startAt={}", comments.len());
            let page = self.get(person, &path).await;
            let page = page.unwrap_or_else(|status| panic!("{} is refused `{path}` with {status}", person.name));
            let rows = page["comments"].as_array().cloned().unwrap_or_default();
            let total = page["total"].as_u64().unwrap_or_default();
            let done = rows.is_empty();
            comments.extend(rows);
            if done || comments.len() as u64 >= total {
                return comments;
            }
        }
    }

    async fn finish(&self, request: reqwest::RequestBuilder) -> Result<Value, u16> {
        let response = request.send().await.unwrap_or_else(|error| panic!("the simulator does not answer: {error:?}"));
        let status = response.status();
        if !status.is_success() {
            return Err(status.as_u16());
        }
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("the simulator broke off: {error:?}"));
        Ok(if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }
}

/// What the oracle's answer about one account lists.
///
/// # Panics
/// If it is no such answer.
pub fn things_of(answer: &Value) -> BTreeSet<Thing> {
    let list = |name: &str, make: fn(Kind, &str) -> Thing, kind: Kind| {
        let ids = answer[name].as_array().unwrap_or_else(|| panic!("the oracle has no list `{name}`"));
        ids.iter().filter_map(Value::as_str).map(move |id| make(kind, id)).collect::<Vec<_>>()
    };
    let confluence = |kind, id: &str| Thing::confluence(kind, id);
    let jira = |kind, id: &str| Thing::jira(kind, id);
    let mut things = BTreeSet::new();
    things.extend(list("pages", confluence, Kind::Page));
    things.extend(list("blogposts", confluence, Kind::BlogPost));
    things.extend(list("confluence_comments", confluence, Kind::Comment));
    things.extend(list("confluence_attachments", confluence, Kind::Attachment));
    things.extend(list("issues", jira, Kind::Issue));
    things.extend(list("jira_comments", jira, Kind::Comment));
    things.extend(list("jira_attachments", jira, Kind::Attachment));
    things
}

/// Ids are text in some answers and numbers in others.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
