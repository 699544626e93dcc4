//! Spaces in v1: deprecated reads, and the only place that states rows for the public and for portal customers.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::expand::Expand;
use super::find::{self, deprecated};
use super::label;
use super::record::Record;
use super::row::{self, Scene};
use crate::call::Call;
use crate::confluence::writer::bad_request_v1;
use crate::confluence::{operations, people};
use crate::paging::V1Page;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::space::{Space, SpacePermission, SpacePrincipal};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/rest/api/space", list),
        Route::confluence(Method::GET, "/wiki/rest/api/space/{spaceKey}", one),
    ]
}

/// A permission row as v1 writes it; rows for the public and for portal customers have no subjects.
pub(crate) fn permission_row(scene: &Scene<'_, '_>, row: &SpacePermission) -> Option<Value> {
    let list = |one: Value| json!({"results": [one], "size": 1, "start": 0, "limit": 200});
    let world = scene.world;
    let subjects = match &row.principal {
        SpacePrincipal::User(account) => {
            json!({"user": list(people::v1_user_of(world, account)), "_expandable": {"group": ""}})
        }
        SpacePrincipal::Group(group) => {
            let group = world.directory.groups.get(group)?;
            json!({"group": list(people::v1_group(world, group)), "_expandable": {"user": ""}})
        }
        SpacePrincipal::Anonymous | SpacePrincipal::Unlicensed => Value::Null,
        SpacePrincipal::AccessClass(_) => return None,
    };
    let mut all = json!({
        "id": row.id,
        "operation": {"operation": row.operation, "targetType": row.target},
        "anonymousAccess": row.principal == SpacePrincipal::Anonymous,
        "unlicensedAccess": row.principal == SpacePrincipal::Unlicensed,
    });
    if !subjects.is_null() {
        all["subjects"] = subjects;
    }
    Some(all)
}

/// A space as v1 writes it.
pub(crate) fn space_row(scene: &Scene<'_, '_>, space: &Space, expand: &Expand) -> Value {
    let own = format!("/rest/api/space/{}", space.key);
    let mut row = json!({
        "id": space.id, "key": space.key, "alias": space.key, "name": space.name,
        "type": space.space_type.as_str(), "status": if space.archived { "archived" } else { "current" },
        "_links": {"webui": format!("/spaces/{}", space.key), "self": format!("{}/wiki{own}", scene.base)},
    });
    let mut hidden = Map::new();
    let mut part = |name: &str, at: &str, value: Option<Value>| match value {
        Some(value) => row[name] = value,
        None => {
            hidden.insert(name.to_owned(), json!(at));
        }
    };
    let asked = |name: &str| expand.has(name);
    let described = |name: &str| json!({"value": space.description, "representation": name, "embeddedContent": []});
    let description = asked("description").then(|| {
        let mut all = json!({"_expandable": {}});
        for name in ["plain", "view"] {
            if asked(&format!("description.{name}")) {
                all[name] = described(name);
            } else {
                all["_expandable"][name] = json!("");
            }
        }
        all
    });
    part("description", "", description);
    let homepage = space.homepage.and_then(|id| scene.world.confluence.content.get(&id));
    let homepage = homepage.filter(|page| asked("homepage") && scene.view.can_see_content(page));
    let homepage = homepage.and_then(|page| row::row(scene, Record::Content(page), &Expand::default()).ok());
    let home = space.homepage.map(|id| format!("/rest/api/content/{id}")).unwrap_or_default();
    part("homepage", &home, homepage);
    let permissions = asked("permissions")
        .then(|| space.permissions.iter().filter_map(|row| permission_row(scene, row)).collect::<Vec<_>>());
    part("permissions", "", permissions.map(Value::Array));
    let may = asked("operations").then(|| Value::Array(operations::of_space(scene.view, space)));
    part("operations", "", may);
    let labels = asked("metadata").then(|| {
        let rows = label::rows(&space.labels);
        let size = rows.len();
        json!({"labels": {"results": rows, "start": 0, "limit": 200, "size": size, "_links": {}}, "_expandable": {}})
    });
    part("metadata", "", labels);
    let history = asked("history").then(|| {
        json!({
            "createdDate": iso_utc(space.created_at),
            "createdBy": people::v1_user_of(scene.world, &space.author),
        })
    });
    part("history", "", history);
    let icon = json!({"path": "/images/logo/default-space-logo.svg", "width": 48, "height": 48, "isDefault": true});
    part("icon", "", asked("icon").then_some(icon));
    for name in ["settings", "lookAndFeel", "theme", "identifiers"] {
        part(name, "", None);
    }
    row["_expandable"] = Value::Object(hidden);
    row
}

fn list(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 25, 1_000)?;
    let expand = Expand::of(call);
    if let Some(name) = ["favourite", "favouriteUserKey"].into_iter().find(|name| call.query(name).is_some()) {
        return Err(bad_request_v1(&format!("The parameter {name} is not supported")));
    }
    let (keys, labels) = (call.query_list("spaceKey"), call.query_list("label"));
    let ids = call.query_list("spaceId");
    let (kind, status) = (call.query("type"), call.query("status"));
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let wanted = |space: &&Space| {
        (keys.is_empty() || keys.contains(&space.key.as_str()))
            && (ids.is_empty() || ids.contains(&space.id.to_string().as_str()))
            && kind.is_none_or(|kind| kind == space.space_type.as_str())
            && status.is_none_or(|status| (status == "archived") == space.archived)
            && (labels.is_empty() || labels.iter().any(|label| space.labels.contains(*label)))
            && view.can_see_space(space)
    };
    let mut spaces: Vec<&Space> = world.confluence.spaces.values().filter(wanted).collect();
    spaces.sort_by(|left, right| left.key.cmp(&right.key));
    let answer = page.envelope(call, &spaces, |space| space_row(&scene, space, &expand));
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Ok(deprecated(Reply::ok(&answer).objects(size)))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let scene = find::scene(call, &world, &view);
    let mut row = space_row(&scene, find::space(call, &world, &view)?, &Expand::of(call));
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    row["_links"]["context"] = json!("/wiki");
    Ok(deprecated(Reply::ok(&row).objects(1)))
}
