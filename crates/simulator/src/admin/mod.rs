//! The organization API: who belongs to the company, with true e-mails and all memberships.
//!
//! Nothing is trimmed: the organization's key sees everybody. Managed accounts are those that the organization claimed.

mod account;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::World;
use crate::state::directory::{AccountType, Group, Person};
use crate::visibility::confluence::ConfluenceView;
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = account::routes();
    routes.extend([
        Route::admin(Method::GET, "/admin/v1/orgs", orgs),
        Route::admin(Method::GET, "/admin/v1/orgs/{orgId}/users", managed_users),
        Route::admin(Method::GET, "/admin/v2/orgs/{orgId}/directories", directories),
        Route::admin(Method::POST, "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search", search_users),
        Route::admin(Method::GET, "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups", groups),
        Route::admin(Method::POST, "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search", groups),
    ]);
    routes
}

fn check_org(call: &Call<'_>) -> Result<(), Reply> {
    let site = &call.simulation.site;
    let directory = call.path_value("directoryId");
    let known = ["", "-", &site.directory_id].contains(&directory);
    if call.path_value("orgId") == site.org_id && known {
        return Ok(());
    }
    let error = json!({"id": "1", "status": "404", "code": "ADMIN-404-2", "title": "Not Found", "detail": "Not Found"});
    Err(Reply::json(axum::http::StatusCode::NOT_FOUND, &json!({"errors": [error]})))
}

fn bad_request(detail: &str) -> Reply {
    let body = json!({"message": "Invalid request data", "details": {"error": detail}});
    Reply::json(axum::http::StatusCode::BAD_REQUEST, &body)
}

/// Where a listing goes on: an opaque token for an offset.
fn offset(cursor: Option<&str>) -> Result<usize, Reply> {
    let Some(cursor) = cursor else { return Ok(0) };
    let text = STANDARD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let number = text.as_deref().and_then(|text| text.strip_prefix("offset:")).and_then(|number| number.parse().ok());
    number.ok_or_else(|| bad_request("cursor is not valid"))
}

fn token(offset: usize) -> String {
    STANDARD.encode(format!("offset:{offset}"))
}

fn orgs(call: &Call<'_>) -> Answer {
    let site = &call.simulation.site;
    let link = format!("{}/admin/v1/orgs", call.base);
    let own = format!("{link}/{}", site.org_id);
    let related = |kind: &str| json!({"links": {"related": format!("{own}/{kind}")}});
    let org = json!({
        "id": site.org_id, "type": "orgs", "attributes": {"name": site.org_name},
        "relationships": {"domains": related("domains"), "users": related("users")}, "links": {"self": own},
    });
    Ok(Reply::ok(&json!({"data": [org], "links": {"self": link}})))
}

fn managed_users(call: &Call<'_>) -> Answer {
    const PAGE: usize = 100;
    check_org(call)?;
    let start = offset(call.query("cursor"))?;
    let world = call.world();
    let managed: Vec<&Person> = world.directory.people.values().filter(|person| person.managed).collect();
    let page = managed.iter().skip(start).take(PAGE);
    let data: Vec<Value> = page.map(|person| managed_user(&world, person)).collect();
    let link = format!("{}{}", call.base, call.path);
    let mut links = json!({"self": link});
    if start + data.len() < managed.len() {
        links["next"] = json!(format!("{link}?cursor={}", token(start + data.len())));
    }
    Ok(Reply::ok(&json!({"data": data, "meta": {"total": managed.len()}, "links": links})))
}

fn managed_user(world: &World, person: &Person) -> Value {
    let products = product_access(world, person);
    json!({
        "account_id": person.account_id,
        "account_type": person.account_type.as_str(),
        "account_status": if person.active { "active" } else { "inactive" },
        "name": person.display_name,
        "picture": format!("https://avatar.example/128/{}", person.account_id),
        "email": person.email,
        "access_billable": !products.is_empty(),
        "product_access": products,
        "links": {"self": format!("https://api.atlassian.com/users/{}/manage/profile", person.account_id)},
    })
}

fn product_access(world: &World, person: &Person) -> Vec<Value> {
    let account = Some(&*person.account_id);
    let row = |key: &str, name: &str| json!({"key": key, "name": name, "url": world.site.base()});
    let mut products = Vec::new();
    if JiraView::new(world, account).has_product() {
        products.push(row("jira-software", "Jira"));
    }
    if ConfluenceView::new(world, account).has_product() {
        products.push(row("confluence", "Confluence"));
    }
    products
}

fn directories(call: &Call<'_>) -> Answer {
    check_org(call)?;
    let site = &call.simulation.site;
    Ok(Reply::ok(&json!({"data": [{"directoryId": site.directory_id, "name": site.org_name}], "links": {}})))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct UserSearch {
    cursor: Option<String>,
    limit: Option<usize>,
    account_ids: Vec<String>,
    directory_ids: Vec<String>,
    group_ids: Vec<String>,
    status: Vec<String>,
    account_status: Vec<String>,
    claim_status: Option<String>,
    email_domains: Vec<String>,
    search_term: Option<String>,
    emails: Vec<String>,
    expand: Vec<String>,
}

impl UserSearch {
    fn admits(&self, world: &World, person: &Person) -> bool {
        let email = person.email.to_lowercase();
        let status = if person.active { "active" } else { "deactivated" };
        let account_status = if person.active { "active" } else { "inactive" };
        let any =
            |wanted: &[String], test: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|one| test(one));
        any(&self.account_ids, &|id| id == &*person.account_id)
            && any(&self.directory_ids, &|id| id == world.site.directory_id)
            && any(&self.group_ids, &|id| world.directory.groups_of(&person.account_id).any(|group| **group == *id))
            && any(&self.status, &|wanted| wanted == status)
            && any(&self.account_status, &|wanted| wanted == account_status)
            && any(&self.email_domains, &|domain| email.ends_with(&format!("@{}", domain.to_lowercase())))
            && any(&self.emails, &|wanted| wanted.to_lowercase() == email)
            && self.claim_status.as_ref().is_none_or(|claim| (claim == "managed") == person.managed)
            && self.search_term.as_ref().is_none_or(|term| {
                let term = term.to_lowercase();
                email.contains(&term) || person.display_name.to_lowercase().contains(&term)
            })
    }
}

fn search_users(call: &Call<'_>) -> Answer {
    check_org(call)?;
    let search: UserSearch = if call.body.is_empty() {
        UserSearch::default()
    } else {
        serde_json::from_slice(&call.body).map_err(|error| bad_request(&error.to_string()))?
    };
    let limit = search.limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(bad_request("limit must be between 1 and 100"));
    }
    const EXPAND: [&str; 5] = ["email", "groups", "productAccess", "platformRoles", "counts.resources"];
    const STATUS: [&str; 5] = ["active", "suspended", "not_invited", "deactivated", "for_deletion"];
    let known = |list: &[String], words: &[&str]| {
        list.iter().all(|one| words.iter().any(|word| word.eq_ignore_ascii_case(one)))
    };
    if !known(&search.expand, &EXPAND) {
        return Err(bad_request("expand names something that is not known"));
    }
    if !known(&search.status, &STATUS) || !known(&search.account_status, &["active", "inactive", "closed"]) {
        return Err(bad_request("status is not known"));
    }
    if search.search_term.is_some() && !search.emails.is_empty() {
        return Err(bad_request("searchTerm and emails exclude each other"));
    }
    let start = offset(search.cursor.as_deref())?;
    let world = call.world();
    // Apps and customers of a service project are no users of a directory.
    let people = world.directory.people.values().filter(|person| person.account_type == AccountType::Atlassian);
    let found: Vec<&Person> = people.filter(|person| search.admits(&world, person)).collect();
    let page = found.iter().skip(start).take(limit);
    let data: Vec<Value> = page.map(|person| directory_user(&world, person, &search.expand)).collect();
    let mut links = json!({});
    if start + data.len() < found.len() {
        links["next"] = json!(token(start + data.len()));
    }
    Ok(Reply::ok(&json!({"data": data, "links": links})))
}

fn directory_user(world: &World, person: &Person, expand: &[String]) -> Value {
    let status = if person.active { "active" } else { "deactivated" };
    let mut user = json!({
        "accountId": person.account_id,
        "name": person.display_name,
        "nickname": person.display_name,
        "accountType": person.account_type.as_str(),
        "accountStatus": if person.active { "active" } else { "inactive" },
        "status": status,
        "membershipStatus": if person.active { "active" } else { "suspended" },
        "claimStatus": if person.managed { "managed" } else { "unmanaged" },
        "email": person.email,
        "emailVerified": person.email_verified,
    });
    let asked = |name: &str| expand.iter().any(|part| part == name);
    if asked("groups") {
        let groups = world.directory.groups_of(&person.account_id).filter_map(|id| world.directory.group(id));
        let row = |group: &Group| json!({"id": group.id, "name": group.name, "description": group.description});
        user["groups"] = groups.map(row).collect();
    }
    if asked("productAccess") {
        user["productAccess"] = json!(product_access(world, person));
    }
    user
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct GroupSearch {
    cursor: Option<String>,
    limit: Option<usize>,
    group_ids: Vec<String>,
    group_names: Vec<String>,
    account_ids: Vec<String>,
    search_term: Option<String>,
    directory_ids: Vec<String>,
    /// Counts are in every row.
    #[serde(rename = "expand")]
    _expand: Vec<String>,
}

impl GroupSearch {
    /// GET has it in the query and POST in the body. What is not modelled would widen the answer, so it is refused.
    fn of(call: &Call<'_>) -> Result<Self, Reply> {
        let mut search: Self = if call.body.is_empty() {
            Self::default()
        } else {
            serde_json::from_slice(&call.body).map_err(|error| bad_request(&error.to_string()))?
        };
        let list = |name: &str| call.query_list(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        for (name, value) in &call.query {
            match name.as_str() {
                "cursor" => search.cursor = Some(value.clone()),
                "limit" => search.limit = Some(value.parse().map_err(|_| bad_request("limit must be a number"))?),
                "groupIds" => search.group_ids = list("groupIds"),
                "groupNames" => search.group_names = list("groupNames"),
                "searchTerm" => search.search_term = Some(value.clone()),
                "accountIds" => search.account_ids = list("accountIds"),
                "directoryIds" => search.directory_ids = list("directoryIds"),
                "expand" => {}
                other => return Err(bad_request(&format!("{other} is not supported"))),
            }
        }
        if !search.group_ids.is_empty() && !search.group_names.is_empty() {
            return Err(bad_request("groupIds and groupNames exclude each other"));
        }
        Ok(search)
    }

    fn admits(&self, world: &World, group: &Group) -> bool {
        let any = |wanted: &[String], own: &str| wanted.is_empty() || wanted.iter().any(|one| one == own);
        any(&self.group_ids, &group.id)
            && any(&self.group_names, &group.name)
            && any(&self.directory_ids, &world.site.directory_id)
            && (self.account_ids.is_empty() || self.account_ids.iter().any(|id| group.members.contains(id.as_str())))
            && self.search_term.as_ref().is_none_or(|term| group.name.to_lowercase().contains(&term.to_lowercase()))
    }
}

/// GET (cursor and limit in the query) and POST (in the body).
fn groups(call: &Call<'_>) -> Answer {
    check_org(call)?;
    let search = GroupSearch::of(call)?;
    let limit = search.limit.unwrap_or(if call.body.is_empty() { 20 } else { 50 });
    if !(1..=100).contains(&limit) {
        return Err(bad_request("limit must be between 1 and 100"));
    }
    let start = offset(search.cursor.as_deref())?;
    let world = call.world();
    let live = world.directory.groups.values().filter(|group| !group.deleted);
    let live: Vec<&Group> = live.filter(|group| search.admits(&world, group)).collect();
    let row = |group: &&Group| {
        json!({
            "id": group.id, "name": group.name, "description": group.description,
            "directoryId": world.site.directory_id, "externalSynced": false, "managedBy": "admins",
            "managementAccess": {"readable": true, "modifiable": true, "deletable": true}, "counts": {"users": group.members.len(), "resources": 0},
        })
    };
    let data: Vec<Value> = live.iter().skip(start).take(limit).map(row).collect();
    let mut links = json!({});
    if start + data.len() < live.len() {
        links["next"] = json!(token(start + data.len()));
    }
    Ok(Reply::ok(&json!({"data": data, "links": links})))
}
