//! `/content/search` and `/search`: CQL over what the caller may see.
//!
//! `/content/search` goes by cursor and ignores `start`; what is expanded lowers the size of a page. Archived spaces are
//! left out unless asked for. With the world's switch for empty pages on, the last page has a `next`, too, and so has the
//! empty one that it leads to.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::candidates::candidates;
use super::expand::Expand;
use super::record::{Indexed, IndexedSpace, Record};
use super::row::{self, Scene};
use super::{find, space};
use crate::call::Call;
use crate::confluence::writer::bad_request_v1;
use crate::confluence::xhtml::plain;
use crate::paging::V1Page;
use crate::query::cql::{self, Bound, CqlContext, Surface};
use crate::query::date::Moment;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::World;
use crate::state::content::Status;
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::{iso_utc, zone};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/rest/api/content/search", content_search),
        Route::confluence(Method::GET, "/wiki/rest/api/search", search),
    ]
}

/// Largest page without expansions, with any, and with bodies.
const CAPS: [usize; 3] = [1_000, 200, 50];

/// The query and the context of a request, ready to test records.
pub(crate) fn bound(call: &Call<'_>, world: &World, surface: Surface) -> Result<(String, CqlContext, Bound), Reply> {
    let bad =
        |error: cql::CqlError| crate::reply::confluence::v1(axum::http::StatusCode::BAD_REQUEST, &error.to_string());
    let Some(text) = call.query("cql") else {
        return Err(bad_request_v1("Required request parameter 'cql' is not present"));
    };
    let context = match call.query("cqlcontext").filter(|context| !context.is_empty()) {
        None => CqlContext::default(),
        Some(context) => CqlContext::parse(context).map_err(bad)?,
    };
    let account = call.caller.account();
    let person = account.and_then(|account| world.directory.person(account));
    let zone = zone(person.map_or(&world.site.time_zone, |person| &person.time_zone));
    let now = jiff::Timestamp::from_millisecond(world.clock.now()).unwrap_or_default();
    let parsed = cql::parse(text).map_err(bad)?;
    let bound = parsed.bind(surface, account, &context, &Moment::new(now, zone)).map_err(bad)?;
    Ok((text.to_owned(), context, bound))
}

/// Where to go on: behind an id, or at a place of a sorted answer.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    after: u64,
    skip: usize,
}

impl Place {
    fn of(call: &Call<'_>) -> Result<Self, Reply> {
        let Some(text) = call.query("cursor") else { return Ok(Self::default()) };
        let bytes = STANDARD.decode(text).ok();
        let value: Option<Value> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let number = |key: &str| value.as_ref()?[key].as_u64();
        match (number("after"), number("skip")) {
            (Some(after), Some(skip)) => Ok(Self { after, skip: usize::try_from(skip).unwrap_or(usize::MAX) }),
            _ => Err(bad_request_v1("Could not parse cursor")),
        }
    }

    fn token(self) -> String {
        STANDARD.encode(json!({"after": self.after, "skip": self.skip}).to_string())
    }
}

/// What a search may find besides the query's own conditions.
#[derive(Clone, Copy, Debug)]
struct Reach {
    archived_spaces: bool,
    current_spaces: bool,
}

impl Reach {
    fn holds(self, world: &World, record: Record<'_>) -> bool {
        let archived = record.space(world).is_some_and(|space| space.archived);
        if archived { self.archived_spaces } else { self.current_spaces }
    }
}

fn matching<'b, 'w: 'b>(
    scene: &'b Scene<'_, 'w>,
    bound: &'b Bound,
    seen_until: i64,
    after: u64,
) -> impl Iterator<Item = Record<'w>> + 'b {
    let (world, view) = (scene.world, scene.view);
    candidates(world, bound, after).filter_map(|id| Record::of(world, id)).filter(move |record| {
        let indexed = Indexed { record: *record, world, seen_until };
        let in_trash_of_page = !matches!(record, Record::Content(_)) && record.status(world) == Status::Trashed;
        indexed.is_known() && !in_trash_of_page && record.is_seen(view) && bound.matches(&indexed)
    })
}

fn sorted(records: &mut [Record<'_>], world: &World, bound: &Bound, seen_until: i64) {
    if bound.is_sorted() {
        records.sort_by_cached_key(|record| bound.sort_key(&Indexed { record: *record, world, seen_until }));
    }
}

fn content_search(call: &Call<'_>) -> Answer {
    let expand = Expand::of(call);
    let cap = if expand.is_empty() { CAPS[0] } else { CAPS[if expand.has_bodies() { 2 } else { 1 }] };
    let page = V1Page::of(call, 25, cap)?;
    let place = Place::of(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let (_, context, bound) = bound(call, &world, Surface::Content)?;
    let archived = context.statuses.iter().any(|status| status == "archived");
    let reach = Reach { archived_spaces: archived, current_spaces: true };
    let seen_until = world.clock.now() - call.simulation.switches.search_lag();
    let found = matching(&scene, &bound, seen_until, place.after).filter(|record| reach.holds(&world, *record));
    let mut records: Vec<Record<'_>> = if bound.is_sorted() {
        let mut all: Vec<Record<'_>> = found.collect();
        sorted(&mut all, &world, &bound, seen_until);
        all.into_iter().skip(place.skip).take(page.limit + 1).collect()
    } else {
        found.take(page.limit + 1).collect()
    };
    let more = records.len() > page.limit;
    records.truncate(page.limit);
    let rows = records.iter().map(|record| row::row(&scene, *record, &expand)).collect::<Result<Vec<_>, _>>()?;
    let next = if bound.is_sorted() {
        Place { after: 0, skip: place.skip + records.len() }
    } else {
        Place { after: records.last().map_or(place.after, |record| record.id()), skip: 0 }
    };
    let next = (more || call.simulation.switches.empty_pages()).then_some(next);
    let size = rows.len();
    let answer = json!({
        "results": rows, "start": 0, "limit": page.limit, "size": size, "_links": links(call, page.limit, next),
    });
    Ok(Reply::ok(&answer).objects(size))
}

fn links(call: &Call<'_>, limit: usize, next: Option<Place>) -> Value {
    let path = call.path.strip_prefix("/wiki").unwrap_or(call.path);
    let base = call.simulation.site.wiki_base();
    let mut links = json!({"base": base, "context": "/wiki", "self": format!("{}{}", call.base, call.path)});
    if let Some(place) = next {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", "true").append_pair("cursor", &place.token());
        let given = |name: &str| !matches!(name, "next" | "cursor" | "limit" | "start");
        query.extend_pairs(call.query.iter().filter(|(name, _)| given(name)));
        query.append_pair("limit", &limit.to_string());
        links["next"] = json!(format!("{path}?{}", query.finish()));
    }
    links
}

/// One hit of `/search`.
#[derive(Clone, Copy, Debug)]
enum Hit<'w> {
    Record(Record<'w>),
    Space(&'w Space),
}

fn search(call: &Call<'_>) -> Answer {
    let expand = Expand::of(call);
    let cap = if expand.has_bodies() { CAPS[2] } else { CAPS[0] };
    let page = V1Page::of(call, 25, cap)?;
    let place = Place::of(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let (text, _, bound) = bound(call, &world, Surface::Content)?;
    let reach = Reach {
        archived_spaces: call.query_flag("includeArchivedSpaces"),
        current_spaces: !call.query_flag("excludeCurrentSpaces"),
    };
    let seen_until = world.clock.now() - call.simulation.switches.search_lag();
    let all: Vec<Record<'_>> = matching(&scene, &bound, seen_until, 0).collect();
    let archived = all.iter().filter(|record| record.space(&world).is_some_and(|space| space.archived)).count();
    let mut records: Vec<Record<'_>> = all.into_iter().filter(|record| reach.holds(&world, *record)).collect();
    sorted(&mut records, &world, &bound, seen_until);
    let spaces = world.confluence.spaces.values().filter(|space| {
        (if space.archived { reach.archived_spaces } else { reach.current_spaces })
            && bound.types_hint().is_none_or(|types| types.iter().any(|kind| kind == "space"))
            && view.can_see_space(space)
            && bound.matches(&IndexedSpace(space))
    });
    let hits: Vec<Hit<'_>> = records.into_iter().map(Hit::Record).chain(spaces.map(Hit::Space)).collect();
    let start = if call.query("cursor").is_some() { place.skip } else { page.start };
    let rows = hits.iter().skip(start).take(page.limit);
    let rows = rows.map(|hit| result(call, &scene, *hit, &expand)).collect::<Result<Vec<_>, _>>()?;
    let size = rows.len();
    let more = start + size < hits.len() || call.simulation.switches.empty_pages();
    let next = more.then_some(Place { after: 0, skip: start + size });
    let answer = json!({
        "results": rows, "start": start, "limit": page.limit, "size": size, "totalSize": hits.len(),
        "cqlQuery": text, "searchDuration": 12, "archivedResultCount": archived,
        "_links": links(call, page.limit, next),
    });
    Ok(Reply::ok(&answer).objects(size))
}

fn result(call: &Call<'_>, scene: &Scene<'_, '_>, hit: Hit<'_>, expand: &Expand) -> Result<Value, Reply> {
    let common = |title: &str, excerpt: String, url: &str, kind: &str, at: i64| {
        json!({
            "title": title, "excerpt": excerpt, "url": url, "breadcrumbs": [], "entityType": kind,
            "iconCssClass": format!("aui-icon content-type-{kind}"), "lastModified": iso_utc(at),
            "friendlyLastModified": iso_utc(at)[..10], "score": 0.0,
        })
    };
    let record = match hit {
        Hit::Space(found) => {
            let url = format!("/spaces/{}", found.key);
            let mut row = common(&found.name, found.description.clone(), &url, "space", found.created_at);
            row["space"] = space::space_row(scene, found, &expand.below("space"));
            return Ok(row);
        }
        Hit::Record(record) => record,
    };
    let content = row::row(scene, record, &expand.below("content"))?;
    let url = content["_links"]["webui"].as_str().unwrap_or_default().to_owned();
    let title = record.title(scene.world);
    let mut row = common(&title, excerpt(call, record), &url, "content", record.version().at);
    row["content"] = content;
    if let Some(space) = record.space(scene.world) {
        row["resultGlobalContainer"] = json!({"title": space.name, "displayUrl": format!("/spaces/{}", space.key)});
    }
    if let Some(owner) = record.owner(scene.world).filter(|_| !matches!(record, Record::Content(_))) {
        let address = crate::confluence::address::webui(scene.world, owner);
        row["resultParentContainer"] = json!({"title": owner.title, "displayUrl": address});
    }
    Ok(row)
}

/// The first words of the body; none with `excerpt=none`.
fn excerpt(call: &Call<'_>, record: Record<'_>) -> String {
    if call.query("excerpt") == Some("none") {
        return String::new();
    }
    let text = plain(record.body());
    text.split_whitespace().take(40).collect::<Vec<_>>().join(" ")
}
