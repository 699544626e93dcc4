//! Users in v1: one, the caller, several, and the groups of one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::expand::Expand;
use super::find;
use super::space;
use crate::call::Call;
use crate::confluence::people;
use crate::confluence::writer::bad_request_v1;
use crate::paging::V1Page;
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::directory::{Group, Person};
use crate::state::space::SpaceType;
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    let get = |template, run| Route::confluence(Method::GET, template, run);
    vec![
        get("/wiki/rest/api/user", one),
        get("/wiki/rest/api/user/current", current),
        get("/wiki/rest/api/user/anonymous", anonymous),
        get("/wiki/rest/api/user/bulk", bulk),
        get("/wiki/rest/api/user/memberof", member_of),
        get("/wiki/rest/api/user/email", apps_only),
        get("/wiki/rest/api/user/email/bulk", apps_only),
    ]
}

/// E-mail addresses are for apps that Atlassian has approved.
fn apps_only(_call: &Call<'_>) -> Answer {
    Err(confluence::v1(StatusCode::UNAUTHORIZED, "Only approved apps can request e-mail addresses"))
}

/// A user with what is expanded.
fn expanded(call: &Call<'_>, world: &World, person: &Person) -> Value {
    let expand = Expand::of(call);
    let mut user = people::v1_user(world, person);
    let view = ConfluenceView::new(world, call.caller.account());
    if expand.has("operations") {
        user["operations"] = json!([{"operation": "use", "targetType": "application"}]);
    }
    if expand.has("personalSpace") {
        let own = world.confluence.spaces.values().find(|space| {
            space.space_type == SpaceType::Personal && space.author == person.account_id && view.can_see_space(space)
        });
        if let Some(own) = own {
            let scene = find::scene(call, world, &view);
            user["personalSpace"] = space::space_row(&scene, own, &Expand::default());
        }
    }
    user
}

fn asked<'c>(call: &'c Call<'_>) -> Result<&'c str, Reply> {
    // `username` and `key` are gone from Cloud.
    call.query("accountId").ok_or_else(|| bad_request_v1("Required request parameter 'accountId' is not present"))
}

fn no_user(id: &str) -> Reply {
    let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
    confluence::v1(StatusCode::NOT_FOUND, &format!("{kind}: No user found with accountId: {id}"))
}

fn one(call: &Call<'_>) -> Answer {
    let id = asked(call)?;
    let world = call.world();
    let person = world.directory.person(id).ok_or_else(|| no_user(id))?;
    Ok(Reply::ok(&expanded(call, &world, person)).identities(1))
}

/// The caller; nobody in particular is a user of type `anonymous`.
fn current(call: &Call<'_>) -> Answer {
    let world = call.world();
    let person = call.caller.account().and_then(|account| world.directory.person(account));
    let user = match person {
        Some(person) => expanded(call, &world, person),
        None => people::v1_nobody(&world),
    };
    Ok(Reply::ok(&user).identities(1))
}

fn anonymous(call: &Call<'_>) -> Answer {
    Ok(Reply::ok(&people::v1_nobody(&call.world())))
}

/// Unknown ids are left out; the order is that of the directory, not of the question.
fn bulk(call: &Call<'_>) -> Answer {
    asked(call)?;
    let ids = call.query_list("accountId");
    if ids.len() > 100 {
        return Err(bad_request_v1("At most 100 account ids can be provided"));
    }
    let world = call.world();
    let people = world.directory.people.values().filter(|person| ids.contains(&&*person.account_id));
    let users: Vec<Value> = people.map(|person| expanded(call, &world, person)).collect();
    let page = V1Page { start: 0, limit: 200 };
    Ok(Reply::ok(&page.envelope(call, &users, Value::clone)).identities(users.len()))
}

fn member_of(call: &Call<'_>) -> Answer {
    let page = V1Page::of(call, 200, 200)?;
    let id = asked(call)?;
    let world = call.world();
    let person = world.directory.person(id).ok_or_else(|| no_user(id))?;
    let groups: Vec<&Group> =
        world.directory.groups_of(&person.account_id).filter_map(|group| world.directory.group(group)).collect();
    let answer = page.envelope(call, &groups, |group| people::v1_group(&world, group));
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Ok(Reply::ok(&answer).identities(size))
}
