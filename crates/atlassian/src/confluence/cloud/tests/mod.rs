//! Streams against scripted answers. Each trap of the sheet has a test of its name.

mod changes;
mod cost;
mod large;
mod listings;
mod readers;

use super::ConfluenceCloud;
use crate::http::script::{Script, answer, json};
use crate::http::{Incoming, Outgoing, TransportFault};
use access::SourceId;
use model::{
    ClauseKey, Container, ContainerKey, ContainerKind, DocumentKey, Kind, NodeKey, NodeKind, Origin, Scope, SiteDomain,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, JournalError, Known, Reading, Source, Stream};

const SOURCE: SourceId = SourceId(3);

/// What a store would know.
#[derive(Clone, Default)]
struct Stored {
    spaces: Vec<(&'static str, &'static str)>,
    documents: BTreeMap<DocumentKey, (ContainerKey, String)>,
    pending: Vec<NodeKey>,
    missing: Vec<NodeKey>,
    versions: BTreeMap<DocumentKey, String>,
    unlisted: Vec<DocumentKey>,
    places: Vec<(NodeKey, Option<NodeKey>)>,
}

impl Stored {
    fn with_space(id: &'static str, key: &'static str) -> Self {
        Self { spaces: vec![(id, key)], ..Self::default() }
    }

    fn page(mut self, id: &str) -> Self {
        let of = (ContainerKey(self.spaces[0].0.to_owned()), format!("Page {id}"));
        self.documents.insert(DocumentKey::new(Kind::Page, id), of);
        self
    }
}

fn content(id: &str) -> NodeKey {
    NodeKey::new(NodeKind::Content, id)
}

fn behind(nodes: &[NodeKey], after: Option<&NodeKey>, limit: usize) -> Vec<NodeKey> {
    let mut nodes: Vec<_> = nodes.iter().filter(|node| after.is_none_or(|after| *node > after)).cloned().collect();
    nodes.sort();
    nodes.truncate(limit);
    nodes
}

impl Known for Stored {
    fn pending(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(behind(&self.pending, after, limit))
    }

    fn missing_parents(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(behind(&self.missing, after, limit))
    }

    fn containers(&self) -> Result<Vec<Container>, JournalError> {
        let space = |(id, key): &(&str, &str)| Container {
            key: ContainerKey((*id).to_owned()),
            kind: ContainerKind::Space,
            short: (*key).to_owned(),
            name: (*key).to_owned(),
            archived: false,
            url: String::new(),
        };
        Ok(self.spaces.iter().map(space).collect())
    }

    fn unlisted(&self, _: Stream, after: Option<&DocumentKey>, _: usize) -> Result<Vec<DocumentKey>, JournalError> {
        Ok(self.unlisted.iter().filter(|key| after.is_none_or(|after| *key > after)).cloned().collect())
    }

    fn places(&self, after: Option<&NodeKey>, _: usize) -> Result<Vec<(NodeKey, Option<NodeKey>)>, JournalError> {
        Ok(self.places.iter().filter(|(node, _)| after.is_none_or(|after| node > after)).cloned().collect())
    }

    fn clauses(&self, _: Origin, _: Option<&ClauseKey>, _: usize) -> Result<Vec<ClauseKey>, JournalError> {
        Ok(Vec::new())
    }

    fn versions(&self, keys: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, String>, JournalError> {
        let found = keys.iter().filter_map(|key| Some((key.clone(), self.versions.get(key)?.clone())));
        Ok(found.collect())
    }

    fn documents(&self, keys: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, (ContainerKey, String)>, JournalError> {
        let found = keys.iter().filter_map(|key| Some((key.clone(), self.documents.get(key)?.clone())));
        Ok(found.collect())
    }
}

/// A Confluence whose answers are given by path and cursor.
fn cloud(
    scope: Scope,
    reply: impl Fn(&str, &BTreeMap<String, String>, &Outgoing) -> Option<Value> + Send + Sync + 'static,
) -> (ConfluenceCloud, Script) {
    cloud_behind(Ok, scope, reply)
}

/// The same behind a network that may spoil what comes.
fn cloud_behind(
    network: impl Fn(Incoming) -> Result<Incoming, TransportFault> + Send + Sync + 'static,
    scope: Scope,
    reply: impl Fn(&str, &BTreeMap<String, String>, &Outgoing) -> Option<Value> + Send + Sync + 'static,
) -> (ConfluenceCloud, Script) {
    let script = Script::new(move |outgoing, _| {
        let path = outgoing.url.path().trim_start_matches("/ex/confluence/cid").to_owned();
        let query = outgoing.url.query_pairs().into_owned().collect();
        let usual = || match path.as_str() {
            "/wiki/rest/api/user/current" => Some(json!({ "accountId": "acc-sa" })),
            "/wiki/api/v2/space-role-mode" => Some(json!({ "mode": "PRE_ROLES" })),
            "/wiki/api/v2/users-bulk" => Some(json!({ "results": [{ "accountId": "acc-1", "displayName": "Ana" }] })),
            _ => None,
        };
        network(match reply(&path, &query, outgoing).or_else(usual) {
            Some(value) => match value["errors"][0]["status"].as_u64() {
                Some(status) => answer(u16::try_from(status).unwrap(), &[], value.to_string()),
                None => json(&value),
            },
            None => not_found(),
        })
    });
    let site = SiteDomain::parse("acme.atlassian.net").unwrap();
    (ConfluenceCloud::new(&script.swift(), SOURCE, site, scope), script)
}

fn not_found() -> Incoming {
    answer(404, &[], r#"{"errors":[{"status":404,"code":"NOT_FOUND","title":"no such thing"}]}"#)
}

/// Reads a stream to its end, as the engine does.
async fn drain(cloud: &ConfluenceCloud, stream: Stream, known: &dyn Known) -> Result<Vec<Batch>, FetchError> {
    read_all(cloud, stream, &Reading::Whole, known).await
}

async fn read_all(
    cloud: &ConfluenceCloud,
    stream: Stream,
    reading: &Reading,
    known: &dyn Known,
) -> Result<Vec<Batch>, FetchError> {
    let mut batches = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let batch = cloud.read(stream, reading, cursor.as_ref(), known).await?;
        let next = match &batch.checkpoint {
            Checkpoint::At(next) => Some(next.clone()),
            Checkpoint::Complete => None,
        };
        batches.push(batch);
        assert!(batches.len() < 100, "{stream} does not end");
        match next {
            Some(next) => {
                assert_ne!(cursor.as_ref(), Some(&next), "{stream} does not move on");
                cursor = Some(next);
            }
            None => return Ok(batches),
        }
    }
}

fn items(batches: &[Batch]) -> Vec<&Item> {
    batches.iter().flat_map(|batch| &batch.items).collect()
}

fn documents(batches: &[Batch]) -> Vec<&model::Document> {
    let document = |item: &&Item| matches!(item, Item::Document(_));
    let documents = items(batches).into_iter().filter(document);
    documents
        .filter_map(|item| if let Item::Document(document) = item { Some(document.as_ref()) } else { None })
        .collect()
}

fn problems(batches: &[Batch]) -> Vec<&model::Problem> {
    batches.iter().flat_map(|batch| &batch.problems).collect()
}

fn version() -> Value {
    json!({ "number": 2, "createdAt": "2026-01-31T09:00:00.000Z", "authorId": "acc-1" })
}

fn page(id: &str, space: &str, parent: Option<&str>) -> Value {
    json!({ "id": id, "status": "current", "title": format!("Page {id}"), "spaceId": space, "parentId": parent,
        "parentType": parent.map(|_| "page"), "authorId": "acc-1", "createdAt": "2026-01-02T03:04:05.678Z",
        "version": version(), "body": { "storage": { "value": "<h1>Top</h1><p>Hi</p>", "representation": "storage" } },
        "_links": { "webui": format!("/spaces/ENG/pages/{id}") } })
}

fn comment(id: &str, owner: &Value) -> Value {
    let mut comment = json!({ "id": id, "status": "current", "title": "Re", "version": version(),
        "body": { "storage": { "value": "<p>said</p>", "representation": "storage" } } });
    comment.as_object_mut().unwrap().extend(owner.as_object().unwrap().clone());
    comment
}
