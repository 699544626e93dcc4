//! Users and groups as Confluence writes them.

use serde_json::{Value, json};

use crate::state::World;
use crate::state::directory::{AccountType, Group, Person};

const PICTURE: &str = "/wiki/aa-avatar/";

/// Active, or inactive once switched off.
fn status(person: &Person) -> &'static str {
    if person.active { "active" } else { "inactive" }
}

/// A user as v1 writes it. A customer's type is the empty word there.
pub(crate) fn v1_user(world: &World, person: &Person) -> Value {
    let base = world.site.wiki_base();
    let account_type = match person.account_type {
        AccountType::Atlassian => "atlassian",
        AccountType::App => "app",
        AccountType::Customer => "",
    };
    let mut user = json!({
        "type": "known",
        "accountId": person.account_id,
        "accountType": account_type,
        "publicName": person.display_name,
        "profilePicture": {
            "path": format!("{PICTURE}{}", person.account_id), "width": 48, "height": 48, "isDefault": false,
        },
        "displayName": person.display_name,
        "isExternalCollaborator": person.guest,
        "isGuest": person.guest,
        "locale": "en_US",
        "accountStatus": status(person),
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"self": format!("{base}/rest/api/user?accountId={}", person.account_id)},
    });
    match person.email_shown() {
        Some(Some(email)) => user["email"] = json!(email),
        Some(None) => user["email"] = Value::Null,
        None => {}
    }
    user
}

/// [`v1_user`] of an account id; `unknown` for one that the directory does not know.
pub(crate) fn v1_user_of(world: &World, account: &str) -> Value {
    match world.directory.person(account) {
        Some(person) => v1_user(world, person),
        None => json!({"type": "unknown", "accountId": account, "displayName": "Unknown user", "publicName": ""}),
    }
}

/// Nobody in particular, as v1 writes it.
pub(crate) fn v1_nobody(world: &World) -> Value {
    json!({
        "type": "anonymous",
        "profilePicture": {"path": "/wiki/images/icons/profilepics/anonymous.svg", "width": 48, "height": 48, "isDefault": true},
        "displayName": "Anonymous",
        "isExternalCollaborator": false,
        "_expandable": {"operations": ""},
        "_links": {"self": format!("{}/rest/api/user/anonymous", world.site.wiki_base())},
    })
}

/// A group as v1 writes it.
pub(crate) fn v1_group(world: &World, group: &Group) -> Value {
    json!({
        "type": "group",
        "name": group.name,
        "id": group.id,
        "usageType": "USERBASE_GROUP",
        "managedBy": "ADMINS",
        "_links": {"self": format!("{}/rest/api/group/by-id?id={}", world.site.wiki_base(), group.id)},
    })
}

/// A user as v2 writes it; a hidden e-mail is the empty word.
pub(crate) fn v2_user(world: &World, person: &Person) -> Value {
    let own = |space: &&crate::state::space::Space| {
        space.space_type == crate::state::space::SpaceType::Personal && space.author == person.account_id
    };
    let personal = world.confluence.spaces.values().find(own);
    let mut user = json!({
        "displayName": person.display_name,
        "timeZone": person.time_zone,
        "isExternalCollaborator": person.guest,
        "accountStatus": status(person),
        "accountId": person.account_id,
        "email": person.email_shown().flatten().unwrap_or_default(),
        "accountType": person.account_type.as_str(),
        "publicName": person.display_name,
        "profilePicture": {"path": format!("{PICTURE}{}", person.account_id), "isDefault": false},
    });
    if let Some(space) = personal {
        user["personalSpaceId"] = json!(space.id.to_string());
    }
    user
}
