//! Restrictions as v1 writes them: own ones only, never inherited; deleted groups stay listed.

use serde_json::{Map, Value, json};
use sha2::Digest as _;

use super::expand::Expand;
use super::row::Scene;
use crate::confluence::people;
use crate::state::World;
use crate::state::content::{Content, RestrictedOperation, Subjects};

/// Entries of a list that is embedded in a page of results; a longer one is read through its own route.
const EMBEDDED: usize = 200;

/// The two operations with their words.
pub(crate) const OPERATIONS: [(RestrictedOperation, &str); 2] =
    [(RestrictedOperation::Read, "read"), (RestrictedOperation::Update, "update")];

/// The list of an operation.
pub(crate) fn subjects(content: &Content, operation: RestrictedOperation) -> &Subjects {
    match operation {
        RestrictedOperation::Read => &content.restrictions.read,
        RestrictedOperation::Update => &content.restrictions.update,
    }
}

/// Part of the users and groups of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) limit: usize,
    pub(crate) users: bool,
    pub(crate) groups: bool,
}

impl Part {
    fn list(self, all: impl Iterator<Item = Value>) -> Value {
        let results: Vec<Value> = all.skip(self.start).take(self.limit).collect();
        let size = results.len();
        json!({"results": results, "start": self.start, "limit": self.limit, "size": size})
    }
}

fn lists(world: &World, subjects: &Subjects, part: Part) -> Value {
    let (mut all, mut hidden) = (Map::new(), Map::new());
    if part.users {
        let users = subjects.users.iter().map(|account| people::v1_user_of(world, account));
        all.insert("user".to_owned(), part.list(users));
    } else {
        hidden.insert("user".to_owned(), json!(""));
    }
    if part.groups {
        let groups = subjects.groups.iter().filter_map(|group| world.directory.groups.get(group));
        all.insert("group".to_owned(), part.list(groups.map(|group| people::v1_group(world, group))));
    } else {
        hidden.insert("group".to_owned(), json!(""));
    }
    all.insert("_expandable".to_owned(), Value::Object(hidden));
    Value::Object(all)
}

/// One operation.
pub(crate) fn one(
    scene: &Scene<'_, '_>,
    content: &Content,
    operation: (RestrictedOperation, &str),
    part: Part,
) -> Value {
    let (operation, word) = operation;
    let own = format!("{}/wiki/rest/api/content/{}/restriction/byOperation/{word}", scene.base, content.id);
    let mut row = json!({
        "operation": word,
        "_expandable": {"content": format!("/rest/api/content/{}", content.id)},
        "_links": {"self": own},
    });
    if part.users || part.groups {
        row["restrictions"] = lists(scene.world, subjects(content, operation), part);
    } else {
        row["_expandable"]["restrictions"] = json!("");
    }
    row
}

/// Both operations in a page of results, as far as expanded.
pub(crate) fn embedded(scene: &Scene<'_, '_>, content: &Content, expand: &Expand) -> Value {
    let own = format!("/rest/api/content/{}/restriction/byOperation", content.id);
    let (mut all, mut hidden) = (Map::new(), Map::new());
    for operation in OPERATIONS {
        let word = operation.1;
        if expand.has(word) {
            let inner = expand.below(word).below("restrictions");
            let part = Part { start: 0, limit: EMBEDDED, users: inner.has("user"), groups: inner.has("group") };
            all.insert(word.to_owned(), one(scene, content, operation, part));
        } else {
            hidden.insert(word.to_owned(), json!(format!("{own}/{word}")));
        }
    }
    all.insert("_expandable".to_owned(), Value::Object(hidden));
    all.insert("_links".to_owned(), json!({"self": format!("{}/wiki{own}", scene.base)}));
    Value::Object(all)
}

/// Changes with every change of either list.
pub(crate) fn hash(content: &Content) -> String {
    let mut digest = sha2::Sha256::new();
    for (operation, word) in OPERATIONS {
        let subjects = subjects(content, operation);
        let listed = subjects.users.iter().chain(&subjects.groups);
        digest.update(word);
        for one in listed {
            digest.update(one.as_bytes());
            digest.update([0]);
        }
    }
    hex::encode(&digest.finalize()[..16])
}
