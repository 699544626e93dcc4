//! Spaces, content and what hangs on it, as layers.

use super::CONFLUENCE;
use super::directory::group;
use super::ledger::Ledger;
use crate::people::Thing;
use access::{AccessClass, Clause, Holder, Principal};
use model::Kind;
use simulator::state::World;
use simulator::state::confluence::{Confluence, RoleMode};
use simulator::state::content::{Container, Content, ContentKind, Status, Subjects};
use simulator::state::space::{Space, SpacePrincipal};

fn principal(named: &SpacePrincipal) -> Option<Principal> {
    Some(match named {
        SpacePrincipal::User(account) => Principal::account(CONFLUENCE, account),
        SpacePrincipal::Group(id) => Principal::new(CONFLUENCE, Holder::Group(group(id))),
        SpacePrincipal::Anonymous => Principal::new(CONFLUENCE, Holder::Anyone),
        SpacePrincipal::Unlicensed => return None,
        SpacePrincipal::AccessClass(class) => {
            let class = match class.as_str() {
                "anonymous-users" => return Some(Principal::new(CONFLUENCE, Holder::Anyone)),
                "authenticated-users" => AccessClass::SignedInUsers,
                "all-licensed-users" => AccessClass::LicensedUsers,
                "all-product-admins" => AccessClass::ProductAdmins,
                _ => return None,
            };
            Principal::new(CONFLUENCE, Holder::Class(class))
        }
    })
}

fn readers(wiki: &Confluence, space: &Space) -> Clause {
    let rows = space.permissions.iter().filter(|row| row.operation == "read" && row.target == "space");
    let rows = rows.filter(|_| wiki.mode != RoleMode::Roles).map(|row| &row.principal);
    let assigned = space.role_assignments.iter().filter(|assigned| {
        let role = wiki.space_roles.get(&assigned.role);
        wiki.mode != RoleMode::PreRoles && role.is_some_and(|role| role.permissions.contains("read/space"))
    });
    Clause::any_of(rows.chain(assigned.map(|assigned| &assigned.principal)).filter_map(principal))
}

fn viewers(list: &Subjects) -> Clause {
    let users = list.users.iter().map(|account| Principal::account(CONFLUENCE, account));
    let groups = list.groups.iter().flat_map(|id| [Holder::Group(group(id)), Holder::GuestsOf(group(id))]);
    let groups = groups.map(|holder| Principal::new(CONFLUENCE, holder));
    Clause::any_of(users.chain(groups))
}

pub(super) fn write(world: &World, ledger: &mut Ledger) {
    let wiki = &world.confluence;
    for space in wiki.spaces.values() {
        let key = format!("space {}", space.id);
        let clause = ledger.clause(&key, readers(wiki, space));
        ledger.place(&key, None, vec![clause]);
    }
    for content in wiki.content.values() {
        write_content(content, ledger);
    }
    let living = |id: &u64| wiki.content.get(id).is_some_and(is_living);
    for file in wiki.attachments.values().filter(|file| living(&file.container) && file.status != Status::Trashed) {
        let thing = Thing::confluence(Kind::Attachment, format_args!("att{}", file.id));
        ledger.document(thing, &format!("content {}", file.container), None, file.title.clone());
    }
    for comment in wiki.comments.values() {
        let on = match comment.container {
            Container::Content(id) => Some(id),
            Container::Attachment(id) => {
                let file = wiki.attachments.get(&id).filter(|file| file.status != Status::Trashed);
                file.map(|file| file.container)
            }
        };
        if let Some(on) = on.filter(living) {
            let thing = Thing::confluence(Kind::Comment, comment.id);
            ledger.document(thing, &format!("content {on}"), None, comment.body.to_string());
        }
    }
}

/// Drafts and trash are never documents.
fn is_living(content: &Content) -> bool {
    matches!(content.status, Status::Current | Status::Archived)
}

fn write_content(content: &Content, ledger: &mut Ledger) {
    let key = format!("content {}", content.id);
    let own = &content.restrictions.read;
    let own = if own.is_empty() { Vec::new() } else { vec![ledger.clause(&key, viewers(own))] };
    let space = format!("space {}", content.space);
    let parent = match content.parent.filter(|_| content.kind != ContentKind::BlogPost) {
        Some(parent) => format!("content {parent}"),
        None => space,
    };
    ledger.place(&key, Some(&parent), own);
    let kind = match content.kind {
        ContentKind::Page => Kind::Page,
        ContentKind::BlogPost => Kind::BlogPost,
        _ => return,
    };
    if is_living(content) {
        ledger.document(Thing::confluence(kind, content.id), &key, None, content.title.clone());
    }
}
