//! A new space, the same through both versions of the API: a home page, and permissions for its maker and, unless it is
//! private, for everybody with the product.

use crate::state::confluence::RoleMode;
use crate::state::confluence_write::NewContent;
use crate::state::content::{ContentKind, Status};
use crate::state::space::{RoleAssignment, SpacePrincipal, SpaceType};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;

const READER: [(&str, &str); 1] = [("read", "space")];
const WRITER: [(&str, &str); 8] = [
    ("create", "page"),
    ("update", "page"),
    ("delete", "page"),
    ("create", "blogpost"),
    ("create", "comment"),
    ("create", "attachment"),
    ("create", "folder"),
    ("restrict_content", "space"),
];
const ADMIN: [(&str, &str); 4] =
    [("administer", "space"), ("export", "space"), ("delete", "comment"), ("archive", "page")];

/// Everybody with the product but guests may make spaces.
pub(crate) fn may_create(view: &ConfluenceView<'_>, world: &World, account: &str) -> bool {
    view.has_product() && world.directory.person(account).is_some_and(|person| !person.guest)
}

/// Letters and digits, or a personal key with its tilde.
pub(crate) fn is_key(key: &str) -> bool {
    let rest = key.strip_prefix('~').unwrap_or(key);
    !rest.is_empty() && key.len() <= 255 && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A free key from the capitals of the name.
pub(crate) fn key_of(world: &World, name: &str) -> String {
    let letters: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let letters: String = letters.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let stem = if letters.is_empty() { "SPACE".to_owned() } else { letters };
    let mut key = stem.clone();
    let mut number = 1;
    while world.confluence.space_by_key(&key).is_some() {
        number += 1;
        key = format!("{stem}{number}");
    }
    key
}

/// Makes the space with its home page. `None` if the key is taken.
pub(crate) fn create(
    world: &mut World,
    (key, name): (&str, &str),
    kind: SpaceType,
    by: &AccountId,
    private: bool,
) -> Option<u64> {
    let id = world.create_space(key, name, kind, by)?;
    let homepage = world.create_content(NewContent {
        kind: ContentKind::Page,
        space: id,
        parent: None,
        title: format!("{name} Home"),
        body: "".into(),
        status: Status::Current,
        author: by.clone(),
    });
    let everybody: Vec<SpacePrincipal> = if private {
        Vec::new()
    } else {
        world.confluence.user_groups.iter().cloned().map(SpacePrincipal::Group).collect()
    };
    if world.confluence.mode == RoleMode::Roles {
        let role = |name: &str| {
            let found = world.confluence.space_roles.values().find(|role| role.system && role.name == name);
            found.map(|role| role.id.clone())
        };
        let (admin, collaborator) = (role("Admin"), role("Collaborator"));
        let mut assignments = Vec::new();
        if let Some(role) = admin {
            assignments.push(RoleAssignment { principal: SpacePrincipal::User(by.clone()), role });
        }
        for principal in everybody {
            if let Some(role) = &collaborator {
                assignments.push(RoleAssignment { principal, role: role.clone() });
            }
        }
        if let Some(space) = world.confluence.spaces.get_mut(&id) {
            space.role_assignments = assignments;
        }
    } else {
        let mut grant = |principal: &SpacePrincipal, rows: &[(&str, &str)]| {
            for (operation, target) in rows {
                world.grant_space(id, principal.clone(), operation, target);
            }
        };
        let maker = SpacePrincipal::User(by.clone());
        for rows in [&READER[..], &WRITER, &ADMIN] {
            grant(&maker, rows);
        }
        for principal in &everybody {
            grant(principal, &READER);
            grant(principal, &WRITER);
        }
    }
    if let Some(space) = world.confluence.spaces.get_mut(&id) {
        space.homepage = Some(homepage);
    }
    world.log_confluence(by, "Spaces", "Space created", ("Space", name, None), ("", "", ""));
    Some(id)
}
