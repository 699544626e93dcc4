//! Reads of content that v2 replaced and that still answer, with the headers that say so.

use axum::http::Method;
use serde_json::{Value, json};

use super::expand::Expand;
use super::find::{self, deprecated};
use super::record::Record;
use super::row::{self, CHILD_KINDS, Scene};
use crate::call::Call;
use crate::confluence::v2::version::all_versions;
use crate::confluence::writer::bad_request_v1;
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::content::{Content, ContentKind, Status};
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    let get = |template, run| Route::confluence(Method::GET, template, run);
    vec![
        get("/wiki/rest/api/content", list),
        get("/wiki/rest/api/content/{id}", one),
        get("/wiki/rest/api/content/{id}/child", children),
        get("/wiki/rest/api/content/{id}/child/{type}", children_of_type),
        get("/wiki/rest/api/content/{id}/descendant/{type}", descendants),
        get("/wiki/rest/api/content/{id}/history", history),
        get("/wiki/rest/api/content/{id}/version", versions),
        get("/wiki/rest/api/content/{id}/version/{versionNumber}", version),
        get("/wiki/rest/api/space/{spaceKey}/content", of_space),
        get("/wiki/rest/api/space/{spaceKey}/content/{type}", of_space),
    ]
}

/// `status`: current without one; `any` is everything but the trash.
fn statuses(call: &Call<'_>, usual: &[Status]) -> Result<Vec<Status>, Reply> {
    let mut found = Vec::new();
    for status in call.query_list("status") {
        match status {
            "current" => found.push(Status::Current),
            "archived" => found.push(Status::Archived),
            "draft" => found.push(Status::Draft),
            "trashed" => found.push(Status::Trashed),
            "historical" => {}
            "any" => found.extend([Status::Current, Status::Archived, Status::Draft]),
            other => return Err(bad_request_v1(&format!("Unknown status: {other}"))),
        }
    }
    if call.query("status").is_none() {
        found.extend_from_slice(usual);
    }
    Ok(found)
}

fn rows(call: &Call<'_>, scene: &Scene<'_, '_>, records: &[Record<'_>], page: V1Page) -> Answer {
    let expand = Expand::of(call);
    let shown = records.iter().skip(page.start).take(page.limit);
    let rows = shown.map(|record| row::row(scene, *record, &expand)).collect::<Result<Vec<_>, _>>()?;
    let mut envelope = page.envelope(call, records, |_| Value::Null);
    let size = rows.len();
    envelope["results"] = Value::Array(rows);
    Ok(deprecated(Reply::ok(&envelope).objects(size)))
}

/// Largest page: bodies make it smaller.
fn page(call: &Call<'_>, default: usize) -> Result<V1Page, Reply> {
    V1Page::of(call, default, if Expand::of(call).has_bodies() { 50 } else { 200 })
}

fn kind(call: &Call<'_>) -> Result<ContentKind, Reply> {
    match call.query("type") {
        None | Some("page") => Ok(ContentKind::Page),
        Some("blogpost") => Ok(ContentKind::BlogPost),
        Some(other) => Err(bad_request_v1(&format!("Unsupported content type: {other}"))),
    }
}

fn list(call: &Call<'_>) -> Answer {
    let page = page(call, 25)?;
    let statuses = statuses(call, &[Status::Current])?;
    let kind = kind(call)?;
    if let Some(order) = call.query("orderby") {
        return Err(bad_request_v1(&format!("Unsupported value for parameter orderby: {order}")));
    }
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let space = match call.query("spaceKey") {
        None => None,
        Some(key) => {
            let found = world.confluence.space_by_key(key).filter(|space| view.can_see_space(space));
            Some(found.ok_or_else(|| find::no_space(key))?)
        }
    };
    let title = call.query("title");
    let confluence = &world.confluence;
    let ids: Box<dyn Iterator<Item = u64>> = match (title, space) {
        (Some(title), _) => Box::new(confluence.ids_titled(kind, title)),
        (None, Some(space)) => Box::new(confluence.ids_in(space.id, kind, 0)),
        (None, None) => Box::new(confluence.ids_of(kind, 0)),
    };
    let day = call.query("postingDay");
    let found = ids.filter_map(|id| confluence.content.get(&id)).filter(|content| {
        statuses.contains(&content.status)
            && space.is_none_or(|space| space.id == content.space)
            && day.is_none_or(|day| iso_utc(content.created_at).starts_with(day))
            && view.can_see_content(content)
    });
    // One more than asked is enough to know whether there is a next page.
    let records: Vec<Record<'_>> = found.map(Record::Content).take(page.start + page.limit + 1).collect();
    rows(call, &scene, &records, page)
}

fn one(call: &Call<'_>) -> Answer {
    let statuses = statuses(call, &[Status::Current, Status::Archived])?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let id = call.path_value("id");
    let record = find::record_any(call, &world, &view, "id")?;
    let mut statuses = statuses;
    if call.query("status") == Some("any") {
        statuses.push(Status::Trashed);
    }
    if !statuses.contains(&record.status(&world)) {
        return Err(confluence::v1_no_content(id));
    }
    let mut row = row::row(&scene, record, &Expand::of(call))?;
    if let (Some(number), Record::Content(content)) =
        (call.query("version").and_then(|number| number.parse().ok()), record)
    {
        earlier(&scene, content, number, &mut row)?;
    }
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    row["_links"]["context"] = json!("/wiki");
    Ok(deprecated(Reply::ok(&row).objects(1)))
}

/// Replaces title, bodies and version by those of an earlier version.
fn earlier(scene: &Scene<'_, '_>, content: &Content, number: u64, row: &mut Value) -> Result<(), Reply> {
    let versions = all_versions(content);
    let Some((version, title, stored)) = versions.iter().find(|(version, ..)| version.number == number) else {
        return Err(confluence::v1_no_content(&content.id.to_string()));
    };
    if number == content.version.number {
        return Ok(());
    }
    row["title"] = json!(title);
    row["status"] = json!("historical");
    if row["version"].is_object() {
        row["version"] = row::version_row(scene.world, version);
    }
    if row["body"]["storage"].is_object() {
        row["body"]["storage"]["value"] = json!(stored);
    }
    Ok(())
}

fn children(call: &Call<'_>) -> Answer {
    let expand = Expand::of(call);
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let record = find::record(call, &world, &view, "id")?;
    let row = row::children(&scene, record, &expand)?;
    Ok(deprecated(Reply::ok(&row)))
}

fn children_of_type(call: &Call<'_>) -> Answer {
    let wanted = call.path_value("type");
    let page = page(call, 25)?;
    if !CHILD_KINDS.contains(&wanted) {
        return Err(bad_request_v1(&format!("Unsupported child type: {wanted}")));
    }
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let record = find::record(call, &world, &view, "id")?;
    let mut found = row::children_of(&scene, record, wanted);
    if wanted == "comment" && call.query("depth") == Some("all") {
        found = found.into_iter().flat_map(|root| with_replies(&world, root)).collect();
    }
    let locations = call.query_list("location");
    found.retain(|child| match child {
        Record::Comment(comment) => {
            let place = if comment.is_inline() { "inline" } else { "footer" };
            locations.is_empty() || locations.contains(&place)
        }
        Record::File(file) => {
            call.query("filename").is_none_or(|name| name == file.title)
                && call.query("mediaType").is_none_or(|kind| kind == file.media_type)
        }
        Record::Content(_) => true,
    });
    rows(call, &scene, &found, page)
}

/// A comment and all answers below it.
fn with_replies<'w>(world: &'w World, root: Record<'w>) -> Vec<Record<'w>> {
    let mut all = vec![root];
    if let Record::Comment(comment) = root {
        for reply in world.confluence.replies(comment.id) {
            all.extend(with_replies(world, Record::Comment(reply)));
        }
    }
    all
}

fn descendants(call: &Call<'_>) -> Answer {
    let wanted = call.path_value("type");
    let page = page(call, 25)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let record = find::record(call, &world, &view, "id")?;
    let found = match wanted {
        "comment" => {
            let roots = row::children_of(&scene, record, wanted);
            roots.into_iter().flat_map(|root| with_replies(&world, root)).collect()
        }
        "attachment" => row::children_of(&scene, record, wanted),
        _ => {
            let (mut all, mut waiting) = (Vec::new(), vec![record.id()]);
            while let Some(next) = waiting.pop() {
                for child in world.confluence.children(next) {
                    waiting.push(child.id);
                    if child.kind.as_str() == wanted && child.status == Status::Current && view.can_see_content(child) {
                        all.push(Record::Content(child));
                    }
                }
            }
            all
        }
    };
    rows(call, &scene, &found, page)
}

fn history(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let record = find::record(call, &world, &view, "id")?;
    Ok(deprecated(Reply::ok(&row::history(&scene, record))))
}

fn versions(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let rows: Vec<Value> = match find::record(call, &world, &view, "id")? {
        Record::Content(content) => {
            all_versions(content).iter().map(|(version, ..)| row::version_row(&world, version)).collect()
        }
        other => vec![row::version_row(&world, other.version())],
    };
    Ok(deprecated(Reply::ok(&page.envelope(call, &rows, Value::clone))))
}

/// One version, with the content as it was then where `content` is expanded.
fn version(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let record = find::record(call, &world, &view, "id")?;
    let number = call.path_id("versionNumber").unwrap_or(0);
    let missing = || confluence::v1_no_content(&format!("{}, version {number}", record.wire_id()));
    let expand = Expand::of(call);
    let (found, content) = match record {
        Record::Content(content) => {
            let versions = all_versions(content);
            let (found, ..) = versions.iter().find(|(version, ..)| version.number == number).ok_or_else(missing)?;
            (*found, Some(content))
        }
        other => (Some(other.version()).filter(|version| version.number == number).ok_or_else(missing)?, None),
    };
    let mut answer = row::version_row(&world, found);
    if expand.has("content") {
        let mut row = row::row(&scene, record, &expand.below("content"))?;
        if let Some(content) = content {
            earlier(&scene, content, number, &mut row)?;
        }
        answer["content"] = row;
    }
    Ok(deprecated(Reply::ok(&answer).objects(1)))
}

/// Pages and blog posts of a space: both as two lists, or one of them.
fn of_space(call: &Call<'_>) -> Answer {
    let page = page(call, 25)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let space = find::space(call, &world, &view)?;
    let roots = call.query("depth") == Some("root");
    let of = |kind: ContentKind| in_space(&world, &view, space, kind, roots);
    match call.path_value("type") {
        "page" => return rows(call, &scene, &of(ContentKind::Page), page),
        "blogpost" => return rows(call, &scene, &of(ContentKind::BlogPost), page),
        "" => {}
        other => return Err(bad_request_v1(&format!("Unsupported content type: {other}"))),
    }
    let expand = Expand::of(call);
    let mut both = json!({"_links": {"base": call.simulation.site.wiki_base(), "context": "/wiki"}});
    for kind in [ContentKind::Page, ContentKind::BlogPost] {
        let records = of(kind);
        let shown = records.iter().skip(page.start).take(page.limit);
        let rows = shown.map(|record| row::row(&scene, *record, &expand)).collect::<Result<Vec<_>, _>>()?;
        let size = rows.len();
        let mut list = page.envelope(call, &records, |_| Value::Null);
        list["results"] = Value::Array(rows);
        list["size"] = json!(size);
        both[kind.as_str()] = list;
    }
    Ok(deprecated(Reply::ok(&both)))
}

fn in_space<'w>(
    world: &'w World,
    view: &ConfluenceView<'_>,
    space: &Space,
    kind: ContentKind,
    roots: bool,
) -> Vec<Record<'w>> {
    let ids = world.confluence.ids_in(space.id, kind, 0);
    let found = ids.filter_map(|id| world.confluence.content.get(&id)).filter(|content| {
        content.status == Status::Current && (!roots || content.parent.is_none()) && view.can_see_content(content)
    });
    found.map(Record::Content).collect()
}
