//! A small Jira: projects, one scheme, one role, one security scheme, issues. Answers may be replaced by path.

use crate::jira::cloud::JiraCloud;
use crate::jira::double::{Asked, Double};
use access::{Clause, SourceId};
use model::{ClauseKey, Container, Document, DocumentKey, Kind, NodeKey, Origin, Scope, SiteDomain};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use sync::{Batch, Checkpoint, Cursor, Item, JournalError, Known, Reading, Source, Stream};

/// The source's number in these tests.
pub(super) const SOURCE: SourceId = SourceId(4);

/// What the small Jira holds.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// `GET /project/search`.
    pub(super) projects: Vec<Value>,
    /// Grants of the one permission scheme.
    pub(super) grants: Value,
    /// By id.
    pub(super) issues: BTreeMap<u64, Value>,
    /// Ids that are listed, but not given.
    pub(super) missing: Vec<u64>,
    /// All comments of issues that have more than 20.
    pub(super) comments: BTreeMap<u64, Vec<Value>>,
    /// Ids per page of the listing.
    pub(super) page: usize,
    /// Answers instead of the usual ones, by the end of the path.
    pub(super) instead: Vec<(&'static str, (u16, Value))>,
    /// `GET /users/search`.
    pub(super) people: Vec<Value>,
    /// Whom `POST /permissions/check` lets browse every project.
    pub(super) browsers: Vec<&'static str>,
    /// Tokens that are refused.
    pub(super) refused_tokens: Vec<&'static str>,
}

/// A project.
pub(super) fn project(id: u64, key: &str) -> Value {
    json!({"id": id.to_string(), "key": key, "name": format!("Name of {key}"), "style": "classic", "simplified": false,
        "isPrivate": false, "lead": {"accountId": "acc-lead", "displayName": "Lee", "active": true}})
}

/// An issue with the fields given.
pub(super) fn issue(id: u64, project: u64, more: Value) -> Value {
    let mut fields = json!({"summary": format!("Summary {id}"), "project": {"id": project.to_string()},
        "created": "2026-01-30T10:00:00.000+0000", "updated": "2026-01-31T09:00:00.000-0800",
        "comment": {"comments": [], "total": 0, "maxResults": 20, "startAt": 0}, "attachment": []});
    let Value::Object(more) = more else { panic!("fields are an object") };
    more.into_iter().for_each(|(name, value)| fields[name] = value);
    json!({"id": id.to_string(), "key": format!("ENG-{id}"), "fields": fields})
}

/// A comment.
pub(super) fn comment(id: u64, text: &str, visibility: Value) -> Value {
    let mut comment = json!({"id": id.to_string(), "author": {"accountId": "acc-2", "displayName": "Bo"},
        "body": adf(text), "jsdPublic": true,
        "created": "2026-01-30T10:00:00.000+0000", "updated": "2026-01-30T11:00:00.000+0000"});
    comment["visibility"] = visibility;
    comment
}

/// A document with one paragraph.
pub(super) fn adf(text: &str) -> Value {
    json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
}

/// A page of a listing by offset.
pub(super) fn values(values: &[Value]) -> Value {
    json!({"startAt": 0, "maxResults": 100, "total": values.len(), "isLast": true, "values": values})
}

impl Site {
    /// Project ENG, browsed by role 10002, with a security level for group g-2.
    pub(super) fn new() -> Self {
        Self {
            projects: vec![project(10000, "ENG")],
            grants: json!([{"id": 1, "permission": "BROWSE_PROJECTS",
                "holder": {"type": "projectRole", "parameter": "10002", "value": "10002"}}]),
            issues: BTreeMap::new(),
            missing: Vec::new(),
            comments: BTreeMap::new(),
            page: 5000,
            instead: Vec::new(),
            people: Vec::new(),
            browsers: Vec::new(),
            refused_tokens: Vec::new(),
        }
    }

    /// Adds an issue.
    pub(super) fn with(mut self, id: u64, more: Value) -> Self {
        self.issues.insert(id, issue(id, 10000, more));
        self
    }

    /// Replaces an answer.
    pub(super) fn instead(mut self, end: &'static str, status: u16, body: Value) -> Self {
        self.instead.push((end, (status, body)));
        self
    }

    /// Starts answering.
    pub(super) async fn start(self) -> Double {
        Double::start(move |asked| self.answer(asked)).await
    }

    /// The usual answer.
    pub(super) fn answer(&self, asked: &Asked) -> (u16, Value) {
        if let Some((_, answer)) = self.instead.iter().find(|(end, _)| asked.path.ends_with(end)) {
            return answer.clone();
        }
        let path = asked.path.strip_prefix("/rest/api/3/").unwrap_or(&asked.path);
        let parts: Vec<&str> = path.split('/').collect();
        let body = match parts.as_slice() {
            ["field"] => json!([
                {"id": "customfield_1", "custom": true, "schema": {"type": "user"}},
                {"id": "customfield_2", "custom": true, "schema": {"type": "array", "items": "group"}},
                {"id": "customfield_3", "custom": true, "schema": {"type": "string"}},
                {"id": "customfield_4", "custom": true, "schema": {"type": "option-with-child"}},
                {"id": "customfield_5", "custom": true, "schema": {"type": "array", "items": "option"}}]),
            ["project", "search"] => self.projects(asked),
            ["project", _, "permissionscheme"] => json!({"id": 7, "name": "Scheme"}),
            ["project", _, "role"] => json!({"Developers": "https://x/role/10002", "Empty": "https://x/role/10003"}),
            ["project", _, "role", "10002"] => json!({"id": 10002, "actors": [
                {"id": 1, "type": "atlassian-group-role-actor", "actorGroup": {"name": "dev", "groupId": "g-1"}}]}),
            ["project", _, "role", "10003"] => json!({"id": 10003, "actors": []}),
            ["project", _] => self.projects[0].clone(),
            ["permissionscheme"] => json!({"permissionSchemes": [{"id": 7, "permissions": self.grants}]}),
            ["issuesecurityschemes"] => {
                json!({"issueSecuritySchemes": [{"id": 1, "levels": [{"id": "10021"}]}]})
            }
            ["issuesecurityschemes", "level", "member"] => {
                values(&[json!({"id": "1", "issueSecurityLevelId": "10021",
                "issueSecuritySchemeId": "1", "holder": {"type": "group", "parameter": "staff", "value": "g-2"}})])
            }
            ["issuesecurityschemes", "project"] => {
                values(&[json!({"issueSecuritySchemeId": "1", "projectId": "10000"})])
            }
            ["users", "search"] => json!(self.people.iter().skip(asked.number("startAt")).collect::<Vec<_>>()),
            ["permissions", "check"] => {
                let may = self.browsers.iter().any(|id| asked.body["accountId"] == *id);
                let projects = if may { asked.body["projectPermissions"][0]["projects"].clone() } else { json!([]) };
                json!({"globalPermissions": [], "projectPermissions": [
                    {"permission": "BROWSE_PROJECTS", "projects": projects, "issues": []}]})
            }
            ["search", "jql"] => return self.listing(asked),
            ["search", "approximate-count"] => json!({"count": self.issues.len()}),
            ["issue", "bulkfetch"] => self.bulk(asked),
            ["issue", id, "comment"] => self.comments(id, asked),
            ["group", "bulk"] => values(&[json!({"name": "staff", "groupId": "g-2"})]),
            _ => return (404, json!({"errorMessages": ["nothing here"], "errors": {}})),
        };
        (200, body)
    }

    fn projects(&self, asked: &Asked) -> Value {
        let start = asked.number("startAt").min(self.projects.len());
        let end = (start + 100).min(self.projects.len());
        json!({"startAt": start, "maxResults": 100, "total": self.projects.len(), "isLast": end == self.projects.len(),
            "values": self.projects[start..end]})
    }

    /// Ids only, as Jira answers without `fields`; the token is the offset.
    fn listing(&self, asked: &Asked) -> (u16, Value) {
        let token = asked.body["nextPageToken"].as_str();
        if token.is_some_and(|token| self.refused_tokens.contains(&token)) {
            return (400, json!({"errorMessages": ["The provided next page token is invalid."], "errors": {}}));
        }
        let jql = asked.body["jql"].as_str().unwrap();
        let known = |id: &str| self.projects.iter().any(|project| project["id"] == id);
        let wanted = jql.split_once('(').unwrap().1.split_once(')').unwrap().0;
        if let Some(gone) = wanted.split(", ").find(|id| !known(id)) {
            let message = format!("The value '{gone}' does not exist for the field 'project'.");
            return (400, json!({"errorMessages": [message], "errors": {}}));
        }
        let of = |issue: &Value| wanted.split(", ").any(|id| issue["fields"]["project"]["id"] == id);
        let ids: Vec<u64> = self.issues.iter().filter(|(_, issue)| of(issue)).map(|(id, _)| *id).collect();
        let start: usize = token.map_or(0, |token| token.parse().unwrap());
        let end = (start + self.page).min(ids.len());
        // Not in the order of ids, as the time of creation need not be.
        let page: Vec<Value> = ids[start..end].iter().rev().map(|id| json!({"id": id.to_string()})).collect();
        let mut answer = json!({"issues": page, "isLast": end == ids.len()});
        if end < ids.len() {
            answer["nextPageToken"] = json!(end.to_string());
        }
        (200, answer)
    }

    fn bulk(&self, asked: &Asked) -> Value {
        let ids = asked.body["issueIdsOrKeys"].as_array().unwrap();
        let plain = asked.body["fields"].as_array().unwrap().iter().all(|field| field != "comment");
        assert!(ids.len() <= if plain { 1000 } else { 100 }, "more ids than Jira takes");
        let ids = ids.iter().map(|id| id.as_str().unwrap().parse::<u64>().unwrap());
        let given = ids.filter(|id| !self.missing.contains(id)).filter_map(|id| self.issues.get(&id));
        json!({"issues": given.collect::<Vec<_>>(), "issueErrors": []})
    }

    fn comments(&self, id: &str, asked: &Asked) -> Value {
        let all = self.comments.get(&id.parse().unwrap()).cloned().unwrap_or_default();
        let start = asked.number("startAt").min(all.len());
        let end = (start + asked.number("maxResults").min(100)).min(all.len());
        json!({"startAt": start, "maxResults": 100, "total": all.len(), "comments": all[start..end]})
    }
}

/// A source that reads the double.
pub(super) fn jira(double: &Double, scope: Scope) -> JiraCloud {
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    JiraCloud::new(double.gateway(None), SOURCE, &site, scope)
}

/// What was handed over so far, as a store would keep it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) containers: Mutex<Vec<Container>>,
    /// In which versions documents are stored.
    pub(super) versions: BTreeMap<DocumentKey, String>,
    /// What a listing has not named.
    pub(super) unlisted: Vec<DocumentKey>,
    /// Clauses that are stored.
    pub(super) clauses: Vec<ClauseKey>,
}

impl Known for Kept {
    fn pending(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(Vec::new())
    }

    fn missing_parents(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(Vec::new())
    }

    fn containers(&self) -> Result<Vec<Container>, JournalError> {
        Ok(self.containers.lock().unwrap().clone())
    }

    fn unlisted(&self, _: Stream, after: Option<&DocumentKey>, _: usize) -> Result<Vec<DocumentKey>, JournalError> {
        Ok(self.unlisted.iter().filter(|key| after.is_none_or(|after| *key > after)).cloned().collect())
    }

    fn places(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<(NodeKey, Option<NodeKey>)>, JournalError> {
        Ok(Vec::new())
    }

    fn clauses(&self, _: Origin, after: Option<&ClauseKey>, _: usize) -> Result<Vec<ClauseKey>, JournalError> {
        Ok(self.clauses.iter().filter(|key| after.is_none_or(|after| *key > after)).cloned().collect())
    }

    fn versions(&self, keys: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, String>, JournalError> {
        let found = keys.iter().filter_map(|key| Some((key.clone(), self.versions.get(key)?.clone())));
        Ok(found.collect())
    }

    fn documents(
        &self,
        _: &[DocumentKey],
    ) -> Result<BTreeMap<DocumentKey, (model::ContainerKey, String)>, JournalError> {
        Ok(BTreeMap::new())
    }
}

impl Kept {
    /// Takes the containers of a batch.
    pub(super) fn take(&self, batch: &Batch) {
        let found = batch.items.iter().filter_map(|item| match item {
            Item::Container(container) => Some(container.clone()),
            _ => None,
        });
        self.containers.lock().unwrap().extend(found);
    }

    /// Projects without reading them.
    pub(super) fn holding(projects: &[(&str, &str)]) -> Self {
        let container = |(id, short): &(&str, &str)| Container {
            key: model::ContainerKey((*id).to_owned()),
            kind: model::ContainerKind::Project,
            short: (*short).to_owned(),
            name: (*short).to_owned(),
            archived: false,
            url: String::new(),
        };
        Self { containers: Mutex::new(projects.iter().map(container).collect()), ..Self::default() }
    }
}

/// Reads a stream to its end.
pub(super) async fn all(source: &JiraCloud, stream: Stream, kept: &Kept) -> Batch {
    read_all(source, stream, &Reading::Whole, kept).await
}

/// Reads a stream to its end in one form.
pub(super) async fn read_all(source: &JiraCloud, stream: Stream, reading: &Reading, kept: &Kept) -> Batch {
    let mut whole = Batch::new(vec![], vec![], Checkpoint::Complete);
    let mut cursor: Option<Cursor> = None;
    loop {
        let mut batch = source.read(stream, reading, cursor.as_ref(), kept).await.unwrap();
        kept.take(&batch);
        whole.items.append(&mut batch.items);
        whole.problems.append(&mut batch.problems);
        whole.expected = batch.expected.or(whole.expected);
        match batch.checkpoint {
            Checkpoint::Complete => return whole,
            Checkpoint::At(next) => {
                assert_ne!(Some(&next), cursor.as_ref(), "the cursor stands still");
                cursor = Some(next);
            }
        }
    }
}

/// Containers, then issues.
pub(super) async fn crawl(double: &Double) -> (Batch, Batch) {
    let (source, kept) = (jira(double, Scope::default()), Kept::default());
    let containers = all(&source, Stream::Containers, &kept).await;
    (containers, all(&source, Stream::Issues, &kept).await)
}

/// The clause with this key that stands last in a batch.
pub(super) fn clause(batch: &Batch, wanted: &ClauseKey) -> Option<Clause> {
    batch.items.iter().rev().find_map(|item| match item {
        Item::Clause { key, clause } if key == wanted => Some(clause.clone()),
        _ => None,
    })
}

/// The documents of one kind, in order.
pub(super) fn documents(batch: &Batch, kind: Kind) -> Vec<&Document> {
    let documents = batch.items.iter().filter_map(|item| match item {
        Item::Document(document) if document.key.kind == kind => Some(document.as_ref()),
        _ => None,
    });
    documents.collect()
}
