//! Attachments: found by their names, shown under their page, seen by whoever sees the page.

use super::ConfluenceCloud;
use super::fetch::{self, LATEST, PAGE, Stored};
use super::wire::Attachment;
use crate::http::{Call, Endpoint};
use model::{Body, ContainerKey, Document, DocumentKey, Facts, Kind};
use serde::{Deserialize, Serialize};
use sync::{Batch, Cursor, FetchError, Item, Known, Reading};

#[derive(Debug, Default, Deserialize, Serialize)]
struct Position {
    cursor: Option<String>,
}

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    reading: &Reading,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let position: Position = fetch::position(cursor);
    let statuses = if cloud.scope.archived { "current,archived" } else { "current" };
    let mut call = Call::new(Endpoint::ConfluenceAttachments)
        .query("status", statuses)
        .behind(position.cursor.as_ref())
        .confirmed();
    call = match reading {
        Reading::Changes { .. } => call.query("limit", LATEST).query("sort", "-modified-date"),
        Reading::Whole | Reading::Structure | Reading::Only(_) => call.query("limit", PAGE),
    };
    let answer = cloud.gateway.send(call).await?;
    let mut problems = Vec::new();
    let found: Vec<Attachment> =
        answer.records("results", "attachment")?.into_documents(Kind::Attachment, &mut problems);
    let over = fetch::is_over(reading, found.last().map(|last| last.version.created_at.0));
    let next = answer.next_cursor()?.filter(|_| !over).map(|cursor| Position { cursor: Some(cursor) });

    let owners = fetch::owners(known, found.iter().filter_map(Attachment::owner).collect())?;
    let live = found.into_iter().filter(|file| matches!(file.status.as_deref(), None | Some("current" | "archived")));
    let owned = live.filter_map(|file| {
        let owner = file.owner()?;
        let (container, _) = owners.get(&owner)?.clone();
        Some((file.key(), file.state(), (file, owner, container)))
    });
    let (mut items, owned) = fetch::unstored(known, Stored::of(reading), owned.collect())?;
    let people = owned.iter().filter_map(|(file, ..)| file.version.author_id.clone()).collect();
    cloud.names.fill(&cloud.gateway, people, &mut problems).await?;
    let documents = owned.into_iter();
    items.extend(
        documents.map(|(file, owner, container)| Item::Document(Box::new(document(cloud, file, owner, container)))),
    );
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

fn document(cloud: &ConfluenceCloud, file: Attachment, owner: DocumentKey, container: ContainerKey) -> Document {
    let (page, version) = (owner.native.clone(), file.state());
    let webui = file.links.webui.as_deref().or(file.webui_link.as_deref());
    Document {
        url: cloud.address(webui, || format!("/pages/viewpageattachments.action?pageId={page}")),
        key: DocumentKey::new(Kind::Attachment, file.id.0),
        node: fetch::content_node(&page),
        audience: None,
        parent: Some(owner),
        container,
        title: file.title,
        issue_key: None,
        body: Body { text: file.comment.unwrap_or_default(), ..Body::default() },
        facts: Facts {
            author: cloud.names.person(file.version.author_id.as_deref()),
            media_type: file.media_type,
            size: file.file_size,
            ..Facts::default()
        },
        created: file.created_at.unwrap_or(file.version.created_at).0,
        updated: file.version.created_at.0,
        version,
    }
}
