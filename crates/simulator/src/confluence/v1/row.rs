//! Content as v1 writes it, with its expansions.

use serde_json::{Map, Value, json};

use super::expand::Expand;
use super::record::Record;
use super::{label, restriction_row, space};
use crate::confluence::address::{attachment_download, attachment_webui, comment_webui, space_key, tinyui, webui};
use crate::confluence::body::Format;
use crate::confluence::{operations, people};
use crate::reply::{Reply, confluence};
use crate::state::World;
use crate::state::content::{Content, ContentKind, PageAttachment, Placement, Status, Version};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

/// Who asks about which world, and at which base `self` links begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'s, 'w> {
    pub(crate) world: &'w World,
    pub(crate) view: &'s ConfluenceView<'w>,
    pub(crate) base: &'s str,
}

/// Entries of an embedded list of children.
const EMBEDDED: usize = 25;

/// A version as v1 writes it.
pub(crate) fn version_row(world: &World, version: &Version) -> Value {
    json!({
        "by": people::v1_user_of(world, &version.by),
        "when": iso_utc(version.at),
        "friendlyWhen": iso_utc(version.at)[..10],
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "contentTypeModified": false,
        "_expandable": {"collaborators": "", "content": ""},
        "_links": {},
    })
}

/// The row. `Err`: an expansion fails the whole answer.
pub(crate) fn row(scene: &Scene<'_, '_>, record: Record<'_>, expand: &Expand) -> Result<Value, Reply> {
    let (world, id) = (scene.world, record.wire_id());
    let address = format!("/rest/api/content/{id}");
    let mut row = json!({
        "id": id,
        "type": record.kind(),
        "status": record.status(world).as_str(),
        "title": record.title(world),
        "macroRenderedOutput": {},
        "extensions": extensions(record),
        "_links": links(scene, record, &address),
    });
    let mut hidden = Map::new();
    let mut part = |name: &str, at: String, value: Option<Value>| match value {
        Some(value) => row[name] = value,
        None => {
            hidden.insert(name.to_owned(), json!(at));
        }
    };
    let asked = |name: &str| expand.has(name);
    let space = record.space(world).filter(|_| asked("space"));
    let key = record.owner(world).map_or("", |owner| space_key(world, owner.space));
    part(
        "space",
        format!("/rest/api/space/{key}"),
        space.map(|space| space::space_row(scene, space, &expand.below("space"))),
    );
    part("version", String::new(), asked("version").then(|| version_row(world, record.version())));
    let history = asked("history").then(|| history_row(world, record));
    part("history", format!("{address}/history"), history);
    let above = if asked("ancestors") { Some(ancestors(scene, record, &expand.below("ancestors"))?) } else { None };
    part("ancestors", String::new(), above.map(Value::Array));
    part("container", String::new(), asked("container").then(|| container(scene, record)));
    part("body", String::new(), asked("body").then(|| bodies(record, &expand.below("body"))));
    part(
        "metadata",
        String::new(),
        (asked("metadata") || matches!(record, Record::File(_))).then(|| metadata(record, expand)),
    );
    part("restrictions", format!("{address}/restriction/byOperation"), restrictions(scene, record, expand));
    part("operations", String::new(), asked("operations").then(|| may(scene, record)));
    let below = if asked("children") { Some(children(scene, record, &expand.below("children"))?) } else { None };
    part("children", format!("{address}/child"), below);
    part("childTypes", String::new(), asked("childTypes").then(|| child_types(scene, record)));
    part("descendants", format!("{address}/descendant"), None);
    row["_expandable"] = Value::Object(hidden);
    Ok(row)
}

fn links(scene: &Scene<'_, '_>, record: Record<'_>, address: &str) -> Value {
    let own = format!("{}/wiki{address}", scene.base);
    match record {
        Record::Content(content) => json!({
            "webui": webui(scene.world, content), "self": own, "tinyui": tinyui(content.id),
            "editui": format!("/pages/resumedraft.action?draftId={}", content.id),
        }),
        Record::Comment(comment) => json!({"webui": comment_webui(scene.world, comment), "self": own}),
        Record::File(file) => {
            json!({"webui": attachment_webui(file), "download": attachment_download(file), "self": own})
        }
    }
}

fn extensions(record: Record<'_>) -> Value {
    match record {
        Record::Content(content) if content.kind == ContentKind::BlogPost => json!({}),
        Record::Content(content) => json!({"position": content.position}),
        Record::Comment(comment) => match &comment.placement {
            Placement::Footer => json!({"location": "footer"}),
            Placement::Inline { resolution, marker, selection, .. } => json!({
                "location": "inline", "resolution": {"status": resolution},
                "inlineProperties": {"originalSelection": selection, "markerRef": marker},
            }),
        },
        Record::File(file) => file_facts(file),
    }
}

fn file_facts(file: &PageAttachment) -> Value {
    json!({
        "mediaType": file.media_type, "fileSize": file.bytes.size(), "comment": file.comment,
        "mediaTypeDescription": crate::confluence::v2::attachment::described(&file.media_type), "fileId": file.file_id,
    })
}

fn history_row(world: &World, record: Record<'_>) -> Value {
    json!({
        "latest": true,
        "createdBy": people::v1_user_of(world, record.author()),
        "createdDate": iso_utc(record.created_at()),
        "lastUpdated": version_row(world, record.version()),
        "contributors": {"publishers": {
            "users": [people::v1_user_of(world, &record.version().by)], "userKeys": [record.version().by],
            "userAccountIds": [record.version().by], "_links": {},
        }},
        "_expandable": {"previousVersion": "", "nextVersion": "", "ownedBy": "", "lastOwnedBy": ""},
        "_links": {},
    })
}

/// `/content/{id}/history` on its own.
pub(crate) fn history(scene: &Scene<'_, '_>, record: Record<'_>) -> Value {
    let mut row = history_row(scene.world, record);
    let own = format!("{}/wiki/rest/api/content/{}/history", scene.base, record.wire_id());
    row["_links"] = json!({"self": own, "base": scene.world.site.wiki_base(), "context": "/wiki"});
    row
}

/// From the root down; comments have the comments that they answer. With restrictions expanded, one ancestor that the
/// caller cannot read (a draft, say) fails everything.
fn ancestors(scene: &Scene<'_, '_>, record: Record<'_>, expand: &Expand) -> Result<Vec<Value>, Reply> {
    let world = scene.world;
    let mut above: Vec<Record<'_>> = Vec::new();
    match record {
        Record::Content(content) => above.extend(world.confluence.ancestors(content.id).map(Record::Content)),
        Record::Comment(comment) => {
            let parent = |comment: &_| parent_of(world, comment);
            above.extend(std::iter::successors(parent(comment), |comment| parent(comment)).map(Record::Comment));
        }
        Record::File(_) => {}
    }
    above.reverse();
    if let Some(unread) = above.iter().find(|above| !above.is_seen(scene.view))
        && expand.has("restrictions")
    {
        return Err(confluence::v1_no_content(&unread.wire_id()));
    }
    above.iter().filter(|above| above.is_seen(scene.view)).map(|above| row(scene, *above, expand)).collect()
}

fn parent_of<'w>(
    world: &'w World,
    comment: &crate::state::content::PageComment,
) -> Option<&'w crate::state::content::PageComment> {
    world.confluence.comments.get(&comment.parent?)
}

fn container(scene: &Scene<'_, '_>, record: Record<'_>) -> Value {
    let brief = |content: &Content| row(scene, Record::Content(content), &Expand::default()).unwrap_or_default();
    match record {
        Record::Content(content) => match scene.world.confluence.spaces.get(&content.space) {
            Some(space) => space::space_row(scene, space, &Expand::default()),
            None => Value::Null,
        },
        other => other.owner(scene.world).map(brief).unwrap_or_default(),
    }
}

fn bodies(record: Record<'_>, expand: &Expand) -> Value {
    let mut all = Map::new();
    let mut hidden = Map::new();
    for name in [
        "storage",
        "atlas_doc_format",
        "view",
        "export_view",
        "styled_view",
        "editor",
        "anonymous_export_view",
        "editor2",
    ] {
        match Format::of(name).filter(|_| expand.has(name)) {
            Some(format) => {
                let shown = json!({
                    "value": format.show(record.body()), "representation": name, "embeddedContent": [],
                    "_expandable": {"content": format!("/rest/api/content/{}", record.wire_id())},
                });
                all.insert(name.to_owned(), shown);
            }
            None => {
                hidden.insert(name.to_owned(), json!(""));
            }
        }
    }
    all.insert("_expandable".to_owned(), Value::Object(hidden));
    Value::Object(all)
}

fn metadata(record: Record<'_>, expand: &Expand) -> Value {
    let mut all = Map::new();
    if let Record::File(file) = record {
        all.insert("mediaType".to_owned(), json!(file.media_type));
        all.insert("comment".to_owned(), json!(file.comment));
    }
    if expand.has("metadata.labels") {
        let labels = match record {
            Record::Content(content) => label::rows(&content.labels),
            Record::File(file) => label::rows(&file.labels),
            Record::Comment(_) => Vec::new(),
        };
        let size = labels.len();
        let list = json!({"results": labels, "start": 0, "limit": 200, "size": size, "_links": {}});
        all.insert("labels".to_owned(), list);
    }
    if expand.has("metadata.properties") {
        all.insert("properties".to_owned(), json!({"_expandable": {}}));
    }
    all.insert("_expandable".to_owned(), json!({"currentuser": "", "frontend": "", "editorHtml": ""}));
    Value::Object(all)
}

fn restrictions(scene: &Scene<'_, '_>, record: Record<'_>, expand: &Expand) -> Option<Value> {
    let Record::Content(content) = record else { return None };
    expand.has("restrictions").then(|| restriction_row::embedded(scene, content, &expand.below("restrictions")))
}

fn may(scene: &Scene<'_, '_>, record: Record<'_>) -> Value {
    let owner = record.owner(scene.world);
    json!(owner.map(|owner| operations::of_content(scene.view, scene.world, owner)).unwrap_or_default())
}

/// What hangs directly below, of one kind, that the caller sees.
pub(crate) fn children_of<'w>(scene: &Scene<'_, 'w>, record: Record<'w>, kind: &str) -> Vec<Record<'w>> {
    use crate::state::content::Container;
    let confluence = &scene.world.confluence;
    let found: Vec<Record<'w>> = match (record, kind) {
        (Record::Content(content), "comment") => {
            let all = confluence.comments_of(Container::Content(content.id));
            all.filter(|comment| comment.parent.is_none()).map(Record::Comment).collect()
        }
        (Record::Comment(comment), "comment") => confluence.replies(comment.id).map(Record::Comment).collect(),
        (Record::Content(content), "attachment") => {
            let files = confluence.attachments_of(content.id).filter(|file| file.status != Status::Trashed);
            files.map(Record::File).collect()
        }
        (Record::Content(content), kind) => {
            let live = |child: &&Content| child.kind.as_str() == kind && child.status == Status::Current;
            confluence.children(content.id).filter(live).map(Record::Content).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().filter(|record| record.is_seen(scene.view)).collect()
}

/// Kinds that may hang below something.
pub(crate) const CHILD_KINDS: [&str; 7] =
    ["page", "comment", "attachment", "folder", "whiteboard", "database", "embed"];

/// `children`, and `/content/{id}/child` on its own.
pub(crate) fn children(scene: &Scene<'_, '_>, record: Record<'_>, expand: &Expand) -> Result<Value, Reply> {
    let own = format!("/rest/api/content/{}/child", record.wire_id());
    let (mut all, mut hidden) = (Map::new(), Map::new());
    for kind in CHILD_KINDS {
        if !expand.has(kind) {
            hidden.insert(kind.to_owned(), json!(format!("{own}/{kind}")));
            continue;
        }
        let found = children_of(scene, record, kind);
        let inner = expand.below(kind);
        let rows =
            found.iter().take(EMBEDDED).map(|child| row(scene, *child, &inner)).collect::<Result<Vec<_>, _>>()?;
        let size = rows.len();
        let links = json!({"self": format!("{}/wiki{own}/{kind}", scene.base)});
        let list = json!({"results": rows, "start": 0, "limit": EMBEDDED, "size": size, "_links": links});
        all.insert(kind.to_owned(), list);
    }
    all.insert("_expandable".to_owned(), Value::Object(hidden));
    all.insert("_links".to_owned(), json!({"self": format!("{}/wiki{own}", scene.base)}));
    Ok(Value::Object(all))
}

fn child_types(scene: &Scene<'_, '_>, record: Record<'_>) -> Value {
    let own = format!("{}/wiki/rest/api/content/{}/child", scene.base, record.wire_id());
    let one = |kind: &str| {
        let any = !children_of(scene, record, kind).is_empty();
        json!({"value": any, "_links": {"self": format!("{own}/{kind}")}})
    };
    json!({"page": one("page"), "comment": one("comment"), "attachment": one("attachment")})
}
