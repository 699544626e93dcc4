//! From the parameters of a v2 request to things that the caller may see, or to the product's 400 and 404.

use axum::http::StatusCode;

use crate::call::Call;
use crate::reply::{Reply, confluence};
use crate::state::World;
use crate::state::content::{Content, ContentKind, PageAttachment, PageComment, Status};
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;

/// The kind that a path is about: `/wiki/api/v2/folders/…` is about folders.
pub(crate) fn kind_of(call: &Call<'_>) -> ContentKind {
    match call.path.split('/').nth(4) {
        Some("blogposts") => ContentKind::BlogPost,
        Some("folders") => ContentKind::Folder,
        Some("whiteboards") => ContentKind::Whiteboard,
        Some("databases") => ContentKind::Database,
        Some("embeds") => ContentKind::Embed,
        _ => ContentKind::Page,
    }
}

/// The numeric parameter of the path; 400 if it is no number.
pub(crate) fn path_number(call: &Call<'_>, name: &str) -> Result<u64, Reply> {
    call.path_id(name).ok_or_else(|| confluence::v2_bad_parameter(name, "Long"))
}

/// A list of ids from the query, at most `cap`.
pub(crate) fn query_ids(call: &Call<'_>, name: &str, cap: usize) -> Result<Vec<u64>, Reply> {
    let bad = |_| confluence::v2_bad_parameter(name, "Long");
    let ids = call.query_list(name).iter().map(|id| id.parse().map_err(bad)).collect::<Result<Vec<u64>, _>>()?;
    if ids.len() > cap {
        return Err(bad_request(&format!("At most {cap} values can be provided for '{name}'.")));
    }
    Ok(ids)
}

/// 400 with that title.
pub(crate) fn bad_request(title: &str) -> Reply {
    confluence::v2(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", title)
}

/// Content of a kind that the caller sees and that is not in the trash.
pub(crate) fn content<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
    kind: ContentKind,
    parameter: &str,
) -> Result<&'w Content, Reply> {
    let id = path_number(call, parameter)?;
    let found = world.confluence.content.get(&id).filter(|content| content.kind == kind);
    let seen = found.filter(|content| content.status != Status::Trashed && view.can_see_content(content));
    seen.ok_or_else(|| confluence::v2_not_found(kind.as_str(), &id.to_string()))
}

/// The space of the path, if the caller sees it.
pub(crate) fn space<'w>(call: &Call<'_>, world: &'w World, view: &ConfluenceView<'_>) -> Result<&'w Space, Reply> {
    let id = path_number(call, "id")?;
    let found = world.confluence.spaces.get(&id).filter(|space| view.can_see_space(space));
    found.ok_or_else(|| confluence::v2_not_found("space", &id.to_string()))
}

/// The comment of the path: footer or inline, as the path says.
pub(crate) fn comment<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
    parameter: &str,
) -> Result<&'w PageComment, Reply> {
    let id = path_number(call, parameter)?;
    let inline = call.path.starts_with("/wiki/api/v2/inline-comments");
    let found = world.confluence.comments.get(&id).filter(|comment| comment.is_inline() == inline);
    let seen = found.filter(|comment| is_listed_comment(world, view, comment));
    seen.ok_or_else(|| confluence::v2_not_found("comment", &id.to_string()))
}

/// Seen, and not on something in the trash: comments and files vanish with their page.
pub(crate) fn is_listed_comment(world: &World, view: &ConfluenceView<'_>, comment: &PageComment) -> bool {
    use crate::state::content::Container;
    let page = match comment.container {
        Container::Content(id) => Some(id),
        // What is on a file in the trash lies there, too.
        Container::Attachment(id) => {
            let file = world.confluence.attachments.get(&id).filter(|file| file.status != Status::Trashed);
            file.map(|file| file.container)
        }
    };
    let page = page.and_then(|page| world.confluence.content.get(&page));
    page.is_some_and(|page| page.status != Status::Trashed) && view.can_see_comment(comment)
}

/// Seen, and its page is not in the trash.
pub(crate) fn is_listed_attachment(world: &World, view: &ConfluenceView<'_>, file: &PageAttachment) -> bool {
    let page = world.confluence.content.get(&file.container);
    page.is_some_and(|page| page.status != Status::Trashed) && view.can_see_attachment(file)
}

/// The file of the path, `att123` or `123`.
pub(crate) fn attachment<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &ConfluenceView<'_>,
) -> Result<&'w PageAttachment, Reply> {
    let text = call.path_value("id");
    let id: u64 =
        text.trim_start_matches("att").parse().map_err(|_| confluence::v2_bad_parameter("id", "ContentId"))?;
    let found = world.confluence.attachments.get(&id);
    let seen = found.filter(|file| is_listed_attachment(world, view, file));
    seen.ok_or_else(|| confluence::v2_not_found("attachment", text))
}
