//! Addresses of Confluence's pages for people: relative to `/wiki`, as `_links.webui` states them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::state::World;
use crate::state::content::{Container, Content, ContentKind, PageAttachment, PageComment};
use crate::wire_time::iso_utc;

/// Key of the content's space; empty for content that lost its space.
pub(crate) fn space_key(world: &World, space: u64) -> &str {
    world.confluence.spaces.get(&space).map_or("", |space| space.key.as_str())
}

/// A title in an address: spaces become `+`, everything else that is not plain is escaped.
fn slug(title: &str) -> String {
    url::form_urlencoded::byte_serialize(title.as_bytes()).collect()
}

/// `/spaces/ENG/pages/70001/Title`.
pub(crate) fn webui(world: &World, content: &Content) -> String {
    let key = space_key(world, content.space);
    let id = content.id;
    match content.kind {
        ContentKind::Page => format!("/spaces/{key}/pages/{id}/{}", slug(&content.title)),
        ContentKind::BlogPost => {
            let day = iso_utc(content.created_at)[..10].replace('-', "/");
            format!("/spaces/{key}/blog/{day}/{id}/{}", slug(&content.title))
        }
        kind => format!("/spaces/{key}/{}/{id}", kind.as_str()),
    }
}

/// `/x/` and the shortened id.
pub(crate) fn tinyui(id: u64) -> String {
    format!("/x/{}", URL_SAFE_NO_PAD.encode(id.to_le_bytes()).trim_end_matches('A'))
}

/// The address of the page with the comment in focus.
pub(crate) fn comment_webui(world: &World, comment: &PageComment) -> String {
    let (Container::Content(id) | Container::Attachment(id)) = comment.container;
    let owner = match comment.container {
        Container::Content(_) => Some(id),
        Container::Attachment(_) => world.confluence.attachments.get(&id).map(|file| file.container),
    };
    let page = owner.and_then(|owner| world.confluence.content.get(&owner));
    let page = page.map(|page| webui(world, page)).unwrap_or_default();
    format!("{page}?focusedCommentId={}", comment.id)
}

/// The preview of a file over its page.
pub(crate) fn attachment_webui(file: &PageAttachment) -> String {
    let (page, id, name) = (file.container, file.id, slug(&file.title));
    format!("/pages/viewpageattachments.action?pageId={page}&preview=%2F{page}%2F{id}%2F{name}")
}

/// The download address at the site, which scoped tokens cannot use.
pub(crate) fn attachment_download(file: &PageAttachment) -> String {
    let (page, name, version) = (file.container, slug(&file.title), file.version.number);
    format!(
        "/download/attachments/{page}/{name}?version={version}&modificationDate={}&cacheVersion=1&api=v2",
        file.version.at
    )
}
