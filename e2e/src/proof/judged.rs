//! What the oracle says of a company at one moment, in the terms of documents.

use crate::people::{Somebody, Thing, in_scope};
use model::Kind;
use simulator::oracle::{self, Object, Oracle, Rules, Visible};
use simulator::state::credentials::TokenKind;
use simulator::state::directory::{AccountType, Person};
use simulator::state::{GroupId, World};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that an account is to see, and what stood in the way of the rest.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What the source's listings return to each account.
    pub listed: BTreeMap<String, BTreeSet<Thing>>,
    /// What Fossick is to show to each account.
    pub expected: BTreeMap<String, BTreeSet<Thing>>,
    /// What a direct address at the source shows beyond the listings: no leak where it is shown.
    pub allowed: BTreeMap<String, BTreeSet<Thing>>,
    /// Who may have Confluence through a group of guests alone, of which no route tells.
    pub lost_guests: BTreeSet<String>,
}

/// The document that an object is in Fossick; `None` for what is none.
pub fn thing(object: Object) -> Option<Thing> {
    Some(match object.kind {
        oracle::Kind::Page => Thing::confluence(Kind::Page, object.id),
        oracle::Kind::BlogPost => Thing::confluence(Kind::BlogPost, object.id),
        oracle::Kind::PageComment => Thing::confluence(Kind::Comment, object.id),
        oracle::Kind::PageAttachment => Thing::confluence(Kind::Attachment, format_args!("att{}", object.id)),
        oracle::Kind::Issue => Thing::jira(Kind::Issue, object.id),
        oracle::Kind::IssueComment => Thing::jira(Kind::Comment, object.id),
        oracle::Kind::IssueAttachment => Thing::jira(Kind::Attachment, object.id),
        _ => return None,
    })
}

fn things(objects: &BTreeSet<Object>) -> BTreeSet<Thing> {
    objects.iter().copied().filter_map(thing).collect()
}

/// The account that an index reads as.
pub fn service(world: &World) -> Option<(String, String)> {
    let token = world.credentials.tokens().find(|token| token.kind == TokenKind::ServiceAccount)?;
    Some((token.account.as_ref()?.to_string(), token.secret.clone()))
}

/// The people who look, with their personal tokens; no service account.
pub fn people(world: &World) -> Vec<Somebody> {
    let tokens = world.credentials.tokens().filter(|token| token.kind == TokenKind::Personal);
    let mut people: Vec<Somebody> = tokens
        .filter_map(|token| {
            let person = world.directory.person(token.account.as_ref()?)?;
            Some(somebody(person, &token.secret))
        })
        .collect();
    people.sort_by(|left, right| left.account.cmp(&right.account));
    people
}

fn somebody(person: &Person, token: &str) -> Somebody {
    Somebody {
        account: person.account_id.to_string(),
        name: person.display_name.clone(),
        email: person.email.clone(),
        email_shown: person.email_shown() == Some(Some(person.email.as_str())),
        active: person.active,
        app: person.account_type == AccountType::App,
        token: token.to_owned(),
    }
}

/// Whether somebody may use Confluence only because a group gives the role of a guest, which no route tells.
pub fn is_guest_by_group_only(world: &World, account: &str) -> bool {
    let member = |groups: &BTreeSet<GroupId>| {
        let groups = groups.iter().filter_map(|id| world.directory.groups.get(id));
        groups.into_iter().any(|group| !group.deleted && group.members.contains(account))
    };
    let wiki = &world.confluence;
    member(&wiki.guest_groups) && !member(&wiki.user_groups) && !member(&wiki.admin_groups)
}

impl Judged {
    /// Asks the oracle about everybody. People are joined by the organization's directory, so by any address.
    ///
    /// # Panics
    /// If nobody can be connected.
    pub fn of(world: &World, wide: bool) -> Self {
        let oracle = Oracle::with_rules(world, &Rules::default());
        let (service, _) = service(world).unwrap_or_else(|| panic!("the company has no service account"));
        let readable = things(&oracle.visible(&service).listed);
        let in_scope = in_scope(world, wide);
        let mut judged = Self::default();
        for person in people(world) {
            let Visible { listed, unlisted } = oracle.visible(&person.account).as_ref().clone();
            let listed = things(&listed);
            let mut allowed = things(&unlisted);
            allowed.extend(listed.iter().cloned());
            if is_guest_by_group_only(world, &person.account) {
                judged.lost_guests.insert(person.account.clone());
            }
            let joined = person.active && !person.app;
            let expected = listed.iter().filter(|thing| joined && readable.contains(thing) && in_scope.contains(thing));
            judged.expected.insert(person.account.clone(), expected.cloned().collect());
            judged.listed.insert(person.account.clone(), listed);
            judged.allowed.insert(person.account, allowed);
        }
        judged
    }
}
