//! Users: one, several, all, their groups, and finding them by words. New ones come through `POST /user`.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate;
use super::group::group_json;
use super::user::{known_user, user};
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::directory::{AccountType, EmailVisibility, Person, stable_uuid};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/user", one),
        Route::jira(Method::GET, "/rest/api/3/user/bulk", bulk),
        Route::jira(Method::GET, "/rest/api/3/users", all),
        Route::jira(Method::GET, "/rest/api/3/users/search", all),
        Route::jira(Method::GET, "/rest/api/3/user/groups", groups),
        Route::jira(Method::GET, "/rest/api/3/user/search", search).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/user", create),
        Route::jira(Method::DELETE, "/rest/api/3/user", delete),
    ]
}

fn no_user(account: &str) -> Reply {
    jira::not_found(&format!("Specified user does not exist or you do not have required permissions. ({account})"))
}

fn one(call: &Call<'_>) -> Answer {
    let account =
        call.query("accountId").ok_or_else(|| jira::bad_request("The accountId query parameter is required."))?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    if call.caller.account() != Some(account) {
        gate::browse_users(&view)?;
    }
    let person = world.directory.person(account).ok_or_else(|| no_user(account))?;
    let mut value = known_user(&call.base, person);
    let groups = world.directory.groups_of(account).filter_map(|id| world.directory.group(id));
    let groups: Vec<Value> = groups.map(|group| group_json(&call.base, group)).collect();
    let roles = world.jira.application_roles.values();
    let roles: Vec<Value> = roles
        .filter(|role| world.directory.groups_of(account).any(|group| role.groups.contains(group)))
        .map(|role| json!({"key": role.key, "name": role.name}))
        .collect();
    let expand = call.query_list("expand");
    let list = |items: Vec<Value>, part| json!({"size": items.len(), "items": if expand.contains(&part) { items } else { Vec::new() }});
    value["groups"] = list(groups, "groups");
    value["applicationRoles"] = list(roles, "applicationRoles");
    value["expand"] = json!("groups,applicationRoles");
    Ok(Reply::ok(&value).identities(1))
}

/// Only those that exist; the default page holds 10, whatever was asked for.
fn bulk(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 10, 200)?;
    let accounts: Vec<&str> =
        call.query.iter().filter(|(name, _)| name == "accountId").map(|(_, value)| value.as_str()).collect();
    if accounts.is_empty() {
        return Err(jira::bad_request("The accountId query parameter is required."));
    }
    let world = call.world();
    let mut people: Vec<&Person> = Vec::new();
    for person in accounts.iter().filter_map(|account| world.directory.person(account)) {
        if !people.iter().any(|other| other.account_id == person.account_id) {
            people.push(person);
        }
    }
    let shown = people.len().saturating_sub(page.start).min(page.max);
    Ok(page.reply(call, &people, |person| known_user(&call.base, person)).objects(shown))
}

/// Everybody, inactive accounts and apps included: a plain list, at most 1000.
///
/// With the switch for empty pages, every third place holds an account that is not shown, so that pages are short although
/// more follow; only an empty one is the last.
fn all(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 1000)?;
    let world = call.world();
    gate::browse_users(&JiraView::new(&world, call.caller.account()))?;
    let gaps = call.simulation.switches.empty_pages();
    let end = page.start.saturating_add(page.max);
    let place = |index: usize| if gaps { index + index / 2 } else { index };
    let people = world.directory.people.values().enumerate();
    let people = people.filter(|(index, _)| (page.start..end).contains(&place(*index)));
    let people: Vec<Value> = people.map(|(_, person)| known_user(&call.base, person)).collect();
    Ok(Reply::ok(&people).identities(people.len()))
}

fn groups(call: &Call<'_>) -> Answer {
    let account =
        call.query("accountId").ok_or_else(|| jira::bad_request("The accountId query parameter is required."))?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    if call.caller.account() != Some(account) {
        gate::browse_users(&view)?;
    }
    world.directory.person(account).ok_or_else(|| no_user(account))?;
    let groups = world.directory.groups_of(account).filter_map(|id| world.directory.group(id));
    let groups: Vec<Value> = groups.map(|group| group_json(&call.base, group)).collect();
    Ok(Reply::ok(&groups).identities(groups.len()))
}

/// Active people by name or shown e-mail; without "Browse users and groups" nobody is found.
fn search(call: &Call<'_>) -> Answer {
    call.jira_lacks(&["property", "username"])?;
    let page = JiraPage::of(call, 50, 1000)?;
    let words = call.query("query").map(str::to_lowercase);
    let account = call.query("accountId");
    if words.is_none() && account.is_none() && call.query("property").is_none() {
        return Err(jira::bad_request("A query, accountId or property is required."));
    }
    let world = call.world();
    if !JiraView::new(&world, call.caller.account()).can_browse_users() {
        return Ok(Reply::ok(&json!([])));
    }
    let fits = |person: &&Person| {
        let email = person.email_shown().flatten().unwrap_or_default().to_lowercase();
        let named =
            |words: &String| person.display_name.to_lowercase().contains(words) || email.starts_with(words.as_str());
        person.active
            && words.as_ref().is_none_or(named)
            && account.is_none_or(|account| *account == *person.account_id)
    };
    let people = world.directory.people.values().filter(fits).skip(page.start).take(page.max);
    let people: Vec<Value> = people.map(|person| known_user(&call.base, person)).collect();
    Ok(Reply::ok(&people).identities(people.len()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewUser {
    email_address: String,
    #[serde(default)]
    display_name: Option<String>,
    products: Vec<String>,
}

/// Invites a person: the account is active at once and joins the first group of each product's role.
fn create(call: &Call<'_>) -> Answer {
    let body: NewUser = call.jira_body()?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    let name = body.email_address.split('@').next().unwrap_or_default().to_owned();
    if name.is_empty() || !body.email_address.contains('@') {
        return Err(jira::bad_field("emailAddress", "You must specify a valid email address."));
    }
    if let Some(known) = world.directory.person_by_email(&body.email_address) {
        return Ok(Reply::created(&known_user(&call.base, known)).identities(1));
    }
    let mut joined = Vec::new();
    for product in &body.products {
        let Some(role) = world.jira.application_roles.get(product) else {
            return Err(jira::bad_field("products", &format!("The product '{product}' is not valid.")));
        };
        joined.extend(role.groups.first().cloned());
    }
    let account: crate::state::AccountId = format!("712020:{}", stable_uuid(&body.email_address.to_lowercase())).into();
    let (created_at, time_zone) = (world.clock.now(), world.site.time_zone.clone());
    world.directory.put_person(Person {
        account_id: account.clone(),
        display_name: body.display_name.unwrap_or(name),
        email: body.email_address,
        email_visibility: EmailVisibility::Visible,
        account_type: AccountType::Atlassian,
        active: true,
        time_zone,
        guest: false,
        managed: true,
        email_verified: true,
        created_at,
    });
    for group in joined {
        world.set_member(&group, &account, true);
    }
    gate::audit(&mut world, &author, "User created", "user management", ("USER", &account, &account));
    Ok(Reply::created(&user(&world, &call.base, &account)).identities(1))
}

/// Takes the account off the site: it leaves all groups and cannot sign in.
fn delete(call: &Call<'_>) -> Answer {
    let account =
        call.query("accountId").ok_or_else(|| jira::bad_request("The accountId query parameter is required."))?;
    let author = gate::author(call)?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, Some(&author)))?;
    if world.directory.person(account).is_none() {
        return Err(no_user(account));
    }
    if *account == *author {
        return Err(jira::error(StatusCode::BAD_REQUEST, "You cannot delete yourself."));
    }
    let groups: Vec<_> = world.directory.groups_of(account).cloned().collect();
    for group in groups {
        world.set_member(&group, account, false);
    }
    world.set_active(account, false);
    gate::audit(&mut world, &author, "User deleted", "user management", ("USER", account, account));
    Ok(Reply::no_content())
}
