//! Who may do what in a space: permission rows, roles, role assignments, and which of the two is in force.
//!
//! Rows for the public and for portal customers cannot be told here: v1's `space?expand=permissions` states them.

use axum::http::Method;
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::confluence::writer;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::World;
use crate::state::confluence::RoleMode;
use crate::state::space::{RoleAssignment, Space, SpacePrincipal, SpaceRole};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/permissions", permissions),
        Route::confluence(Method::GET, "/wiki/api/v2/spaces/{id}/role-assignments", assignments),
        Route::confluence(Method::POST, "/wiki/api/v2/spaces/{id}/role-assignments", assign),
        Route::confluence(Method::GET, "/wiki/api/v2/space-permissions", known_permissions),
        Route::confluence(Method::GET, "/wiki/api/v2/space-roles", roles),
        Route::confluence(Method::GET, "/wiki/api/v2/space-roles/{id}", role),
        Route::confluence(Method::GET, "/wiki/api/v2/space-role-mode", mode),
    ]
}

/// Rows that name a user or a group.
pub(crate) fn permission_rows(world: &World, space: &Space) -> Vec<Value> {
    if world.confluence.mode == RoleMode::Roles {
        return Vec::new();
    }
    let named = space.permissions.iter().filter_map(|row| {
        let (kind, id) = match &row.principal {
            SpacePrincipal::User(account) => ("user", account),
            SpacePrincipal::Group(group) => ("group", group),
            SpacePrincipal::Anonymous | SpacePrincipal::Unlicensed | SpacePrincipal::AccessClass(_) => return None,
        };
        Some(json!({
            "id": row.id.to_string(), "principal": {"type": kind, "id": id},
            "operation": {"key": row.operation, "targetType": row.target},
        }))
    });
    named.collect()
}

fn permissions(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "id")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?;
    let id = |row: &Value| row["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
    let mut rows = permission_rows(&world, space);
    rows.retain(|row| id(row) > page.after_id());
    rows.sort_by_key(id);
    let reply = page.reply(call, rows.into_iter(), |row| crate::paging::by_id(id(row)), Value::clone);
    Ok(as_identities(reply))
}

/// Permissions cost two points each.
fn as_identities(reply: Reply) -> Reply {
    let rows = usize::try_from(reply.points.saturating_sub(1)).unwrap_or(0);
    reply.objects(rows)
}

/// A principal as role assignments write it.
fn principal_row(principal: &SpacePrincipal) -> Option<Value> {
    let (kind, id) = match principal {
        SpacePrincipal::User(account) => ("USER", account.to_string()),
        SpacePrincipal::Group(group) => ("GROUP", group.to_string()),
        SpacePrincipal::Anonymous => ("ACCESS_CLASS", "anonymous-users".to_owned()),
        SpacePrincipal::AccessClass(class) => ("ACCESS_CLASS", class.clone()),
        SpacePrincipal::Unlicensed => return None,
    };
    Some(json!({"principalType": kind, "principalId": id}))
}

/// A role assignment as v2 writes it.
pub(crate) fn assignment_row(assignment: &RoleAssignment) -> Option<Value> {
    Some(json!({"principal": principal_row(&assignment.principal)?, "roleId": assignment.role}))
}

/// Filters that roles and assignments share.
fn fits(call: &Call<'_>, row: &Value, role: Option<&SpaceRole>) -> bool {
    let asked = |name: &str, value: &Value| call.query(name).is_none_or(|wanted| value.as_str() == Some(wanted));
    let of_type =
        |role: &SpaceRole| call.query("role-type").is_none_or(|wanted| type_of(role).eq_ignore_ascii_case(wanted));
    asked("role-id", &row["roleId"])
        && asked("principal-id", &row["principal"]["principalId"])
        && asked("principal-type", &row["principal"]["principalType"])
        && role.is_none_or(of_type)
}

/// The words that the filters of roles and assignments know.
fn check_filters(call: &Call<'_>) -> Result<(), Reply> {
    call.v2_words("role-type", &["SYSTEM", "CUSTOM"])?;
    call.v2_words("principal-type", &["USER", "GROUP", "ACCESS_CLASS"]).map(drop)
}

fn assignments(call: &Call<'_>) -> Answer {
    check_filters(call)?;
    let page = V2Page::of(call, 25, "place")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = find::space(call, &world, &view)?;
    Ok(assignment_page(call, &page, &world, space))
}

fn assignment_page(call: &Call<'_>, page: &V2Page, world: &World, space: &Space) -> Reply {
    let start = usize::try_from(page.after_id()).unwrap_or(0);
    let wanted = space.role_assignments.iter().filter_map(|assignment| {
        let row = assignment_row(assignment)?;
        fits(call, &row, world.confluence.space_roles.get(&assignment.role)).then_some(row)
    });
    let rows = (1_u64..).zip(wanted).skip(start);
    as_identities(page.reply(call, rows, |(at, _)| Cursor::new(*at, "place", *at), |(_, row)| row.clone()))
}

fn type_of(role: &SpaceRole) -> &'static str {
    if role.system { "SYSTEM" } else { "CUSTOM" }
}

fn role_row(role: &SpaceRole) -> Value {
    json!({
        "id": role.id, "type": type_of(role), "name": role.name, "description": role.description,
        "spacePermissions": role.permissions,
    })
}

/// All roles, or with `space-id` and a principal those that are in force there.
fn roles(call: &Call<'_>) -> Answer {
    check_filters(call)?;
    let page = V2Page::of(call, 25, "place")?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let space = match call.query("space-id") {
        None => None,
        Some(id) => {
            let found = id.parse().ok().and_then(|id: u64| world.confluence.spaces.get(&id));
            let seen = found.filter(|space| view.can_see_space(space));
            Some(seen.ok_or_else(|| confluence::v2_not_found("space", id))?)
        }
    };
    let used = |role: &SpaceRole| {
        space.is_none_or(|space| {
            space.role_assignments.iter().any(|assignment| {
                assignment.role == role.id && assignment_row(assignment).is_some_and(|row| fits(call, &row, Some(role)))
            })
        })
    };
    let of_type =
        |role: &&SpaceRole| call.query("role-type").is_none_or(|wanted| type_of(role).eq_ignore_ascii_case(wanted));
    let start = usize::try_from(page.after_id()).unwrap_or(0);
    let all = world.confluence.space_roles.values().filter(|role| used(role)).filter(of_type);
    let rows = (1_u64..).zip(all).skip(start);
    Ok(as_identities(page.reply(call, rows, |(at, _)| Cursor::new(*at, "place", *at), |(_, role)| role_row(role))))
}

fn role(call: &Call<'_>) -> Answer {
    let world = call.world();
    let id = call.path_value("id");
    let role = world.confluence.space_roles.get(id).ok_or_else(|| confluence::v2_not_found("space role", id))?;
    Ok(Reply::ok(&role_row(role)).identities(1))
}

fn mode(call: &Call<'_>) -> Answer {
    Ok(Reply::ok(&json!({"mode": call.world().confluence.mode.as_str()})))
}

/// Every permission that a role may hold.
fn known_permissions(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "place")?;
    let world = call.world();
    let all: std::collections::BTreeSet<&String> =
        world.confluence.space_roles.values().flat_map(|role| &role.permissions).collect();
    let start = usize::try_from(page.after_id()).unwrap_or(0);
    let rows = (1_u64..).zip(all).skip(start);
    let render =
        |(_, id): &(u64, &String)| json!({"id": id, "displayName": id, "description": "", "requiredPermissionIds": []});
    Ok(page.reply(call, rows, |(at, _)| Cursor::new(*at, "place", *at), render))
}

/// The principal of a role assignment that was sent.
pub(crate) fn principal(world: &World, sent: &Value) -> Result<SpacePrincipal, Reply> {
    let id = sent["principalId"].as_str().unwrap_or_default();
    let unknown = || find::bad_request(&format!("No principal with id [{id}] was found."));
    match sent["principalType"].as_str() {
        Some("USER") => {
            let person = world.directory.person(id).ok_or_else(unknown)?;
            Ok(SpacePrincipal::User(person.account_id.clone()))
        }
        Some("GROUP") => Ok(SpacePrincipal::Group(world.directory.group(id).ok_or_else(unknown)?.id.clone())),
        Some("ACCESS_CLASS") => match id {
            "anonymous-users" => Ok(SpacePrincipal::Anonymous),
            "jsm-project-admins" | "authenticated-users" | "all-licensed-users" | "all-product-admins" => {
                Ok(SpacePrincipal::AccessClass(id.to_owned()))
            }
            _ => Err(unknown()),
        },
        _ => Err(confluence::v2_bad_parameter("principalType", "PrincipalType")),
    }
}

/// Sets the one role of each principal that is sent; without `roleId` the principal loses its role.
fn assign(call: &Call<'_>) -> Answer {
    let sent: Vec<Value> = call.confluence_body()?;
    let by = writer::account_v2(call)?;
    let mut world = call.world_mut();
    let id = {
        let view = ConfluenceView::new(&world, Some(&by));
        let space = find::space(call, &world, &view)?;
        if !view.can_administer_space(space) {
            return Err(writer::not_permitted_v2("space"));
        }
        space.id
    };
    if world.confluence.mode == RoleMode::PreRoles {
        return Err(find::bad_request("Space roles are not in use on this site."));
    }
    let mut changes = Vec::new();
    for change in &sent {
        let role = match change["roleId"].as_str() {
            None => None,
            Some(role) if world.confluence.space_roles.contains_key(role) => Some(role.to_owned()),
            Some(role) => return Err(find::bad_request(&format!("No space role with id [{role}] was found."))),
        };
        changes.push((principal(&world, &change["principal"])?, role));
    }
    let Some(space) = world.confluence.spaces.get_mut(&id) else {
        return Err(confluence::v2_not_found("space", &id.to_string()));
    };
    for (principal, role) in changes {
        space.role_assignments.retain(|assignment| assignment.principal != principal);
        if let Some(role) = role {
            space.role_assignments.push(RoleAssignment { principal, role });
        }
    }
    let name = space.name.clone();
    world.log_confluence(&by, "Permissions", "Space role assignments changed", ("Space", &name, None), ("", "", ""));
    let page = V2Page { limit: 250, after: None };
    let space = world.confluence.spaces.get(&id).ok_or_else(|| confluence::v2_not_found("space", &id.to_string()))?;
    Ok(assignment_page(call, &page, &world, space))
}
