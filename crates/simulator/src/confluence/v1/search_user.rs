//! `/search/user`: people by CQL, by start and limit.

use axum::http::Method;
use serde_json::{Value, json};

use super::record::IndexedPerson;
use super::search::bound;
use crate::call::Call;
use crate::confluence::people;
use crate::confluence::writer::bad_request_v1;
use crate::paging::V1Page;
use crate::query::cql::Surface;
use crate::reply::Answer;
use crate::reply::Reply;
use crate::route::Route;
use crate::state::directory::Person;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::GET, "/wiki/rest/api/search/user", search)]
}

fn search(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 25, 200)?;
    if let Some(other) = call.query("sitePermissionTypeFilter").filter(|filter| *filter != "none") {
        return Err(bad_request_v1(&format!("Unsupported value for parameter sitePermissionTypeFilter: {other}")));
    }
    let world = call.world();
    let (text, _, bound) = bound(call, &world, Surface::Users)?;
    let all = (1_u64..).zip(world.directory.people.values()).filter(|(_, person)| person.active);
    let found = all.filter(|(place, person)| bound.matches(&IndexedPerson { person, place: *place }));
    let found: Vec<&Person> = found.map(|(_, person)| person).collect();
    let render = |person: &&Person| -> Value {
        json!({
            "user": people::v1_user(&world, person), "title": person.display_name, "excerpt": "",
            "url": format!("/people/{}", person.account_id), "breadcrumbs": [], "entityType": "user",
            "iconCssClass": "aui-icon icon-user", "lastModified": iso_utc(person.created_at), "score": 0.0,
        })
    };
    let mut answer = page.envelope(call, &found, render);
    answer["totalSize"] = json!(found.len());
    answer["cqlQuery"] = json!(text);
    answer["searchDuration"] = json!(12);
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Ok(Reply::ok(&answer).identities(size))
}
