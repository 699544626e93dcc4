//! Making spaces in v2. Changing and deleting them is version 1's.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use super::space::space_row;
use super::space_access::principal;
use crate::call::Call;
use crate::confluence::{space_making, writer};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::confluence::RoleMode;
use crate::state::space::{RoleAssignment, SpaceType};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::confluence(Method::POST, "/wiki/api/v2/spaces", create)]
}

fn create(call: &Call<'_>) -> Answer {
    let sent: Value = call.confluence_body()?;
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    if !space_making::may_create(&ConfluenceView::new(&world, Some(&by)), &world, &by) {
        return Err(writer::not_permitted_v2("site"));
    }
    let Some(name) = sent["name"].as_str().filter(|name| !name.is_empty()) else {
        return Err(find::bad_request("name must be provided."));
    };
    let key = sent["key"].as_str().or(sent["alias"].as_str()).map(str::to_owned);
    let key = key.unwrap_or_else(|| space_making::key_of(&world, name));
    if !space_making::is_key(&key) {
        return Err(find::bad_request(&format!("Invalid space key: {key}")));
    }
    let mut assignments = Vec::new();
    for sent in sent["roleAssignments"].as_array().into_iter().flatten() {
        let role = sent["roleId"].as_str().unwrap_or_default().to_owned();
        if !world.confluence.space_roles.contains_key(&role) {
            return Err(find::bad_request(&format!("No space role with id [{role}] was found.")));
        }
        assignments.push(RoleAssignment { principal: principal(&world, &sent["principal"])?, role });
    }
    if !assignments.is_empty() && world.confluence.mode == RoleMode::PreRoles {
        return Err(find::bad_request("Space roles are not in use on this site."));
    }
    let private = sent["createPrivateSpace"] == true;
    let Some(id) = space_making::create(&mut world, (&key, name), SpaceType::Global, &by, private) else {
        return Err(find::bad_request(&format!("A space already exists with key {key}.")));
    };
    let Some(space) = world.confluence.spaces.get_mut(&id) else {
        return Err(confluence::v2_not_found("space", &id.to_string()));
    };
    space.role_assignments.extend(assignments);
    if let Some(description) = sent["description"]["value"].as_str() {
        description.clone_into(&mut space.description);
    }
    let mut row = space_row(space, Some("plain"));
    row["_links"]["base"] = json!(call.simulation.site.wiki_base());
    Ok(Reply::created(&row))
}
