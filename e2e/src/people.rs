//! Who there is in a company, and which of its documents lie where, read from its world file.
//!
//! World files give the same ids in every run, so what is read here names the same things as the simulator's process.

use crate::program::root;
use model::Kind;
use simulator::clock::Clock;
use simulator::state::confluence::Confluence;
use simulator::state::content;
use simulator::state::credentials::TokenKind;
use simulator::state::directory::AccountType;
use simulator::state::jira::Jira;
use simulator::state::space::SpaceType;
use simulator::state::{GroupId, World};
use simulator::world_file;
use std::collections::BTreeSet;
use std::fmt;

/// A document at the source, in the ids of the source.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Thing {
    /// The product that holds it: native ids are unique only within one.
    pub product: model::Product,
    /// What it is.
    pub kind: Kind,
    /// The id that the source gave.
    pub native: String,
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.product.code(), self.kind, self.native)
    }
}

impl Thing {
    /// Something in Confluence.
    pub fn confluence(kind: Kind, native: impl fmt::Display) -> Self {
        Self { product: model::Product::Confluence, kind, native: native.to_string() }
    }

    /// Something in Jira.
    pub fn jira(kind: Kind, native: impl fmt::Display) -> Self {
        Self { product: model::Product::Jira, kind, native: native.to_string() }
    }
}

/// Somebody of the company.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// The id at the source.
    pub account: String,
    /// The name shown.
    pub name: String,
    /// The true address, with which the account at the hub is made.
    pub email: String,
    /// What the site's own answers show of it.
    pub email_shown: bool,
    /// Whether the account can sign in.
    pub active: bool,
    /// Whether it is a program, which looks through nobody's eyes.
    pub app: bool,
    /// The personal token at the site.
    pub token: String,
}

/// A company of `worlds/`.
pub struct Company {
    /// The world as the file describes it.
    pub world: World,
    /// Everybody but apps.
    pub people: Vec<Somebody>,
    /// The token that opens it for an index.
    pub token: String,
    /// The service account behind the token.
    pub service: String,
    /// The key of the organization, if the file gives one.
    pub organization_key: Option<String>,
}

/// The text of `worlds/NAME.toml`, for stories that change a line of it.
///
/// # Panics
/// If there is no such file.
pub fn text_of(name: &str) -> String {
    let path = root().join(format!("worlds/{name}.toml"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()))
}

/// The same company with a service account that may read every setting: an administrator of both products.
///
/// # Panics
/// If the file has no group of administrators.
pub fn well_served(world: &str) -> String {
    let mut text = text_of(world);
    assert!(text.contains("name = \"admins\""), "`{world}` has no group `admins`");
    text = text.replace("[service_account]\n", "[service_account]\ngroups = [\"admins\"]\n");
    if !text.contains("jira_admins") {
        text = text.replace("[access]\n", "[access]\njira_admins = [\"admins\"]\n");
    }
    text
}

impl Company {
    /// Reads `worlds/NAME.toml`.
    ///
    /// # Panics
    /// If there is no such file, or it is wrong.
    pub fn read(name: &str) -> Self {
        Self::parse(&text_of(name), name)
    }

    /// Reads the text of a world file.
    ///
    /// # Panics
    /// If it is wrong, or has nobody who could be connected.
    pub fn parse(text: &str, name: &str) -> Self {
        Self::of(world_file::parse(text, name, Clock::system()).unwrap_or_else(|error| panic!("{error}")), name)
    }

    /// The company of a world that has been played.
    ///
    /// # Panics
    /// If it has nobody who could be connected.
    pub fn of(world: World, name: &str) -> Self {
        let of_kind = |kind| world.credentials.tokens().find(move |token| token.kind == kind);
        let service = of_kind(TokenKind::ServiceAccount).unwrap_or_else(|| panic!("`{name}` has no service account"));
        let (token, service) = (service.secret.clone(), service.account.clone());
        let service = service.map(|account| account.to_string()).unwrap_or_default();
        let organization_key = of_kind(TokenKind::OrgAdmin).map(|token| token.secret.clone());
        let people = world.credentials.tokens().filter(|token| token.kind == TokenKind::Personal);
        let mut people: Vec<Somebody> = people
            .filter_map(|token| {
                let person = world.directory.person(token.account.as_ref()?)?;
                Some(Somebody {
                    account: person.account_id.to_string(),
                    name: person.display_name.clone(),
                    email: person.email.clone(),
                    email_shown: person.email_shown() == Some(Some(person.email.as_str())),
                    active: person.active,
                    app: person.account_type == AccountType::App,
                    token: token.secret.clone(),
                })
            })
            .collect();
        people.sort_by(|left, right| left.account.cmp(&right.account));
        Self { world, people, token, service, organization_key }
    }

    /// Somebody by the start of the e-mail address.
    ///
    /// # Panics
    /// If there is nobody.
    pub fn person(&self, handle: &str) -> &Somebody {
        let found = self.people.iter().find(|person| person.email.split('@').next() == Some(handle));
        found.unwrap_or_else(|| panic!("there is no `{handle}`"))
    }

    /// Whether somebody may use Confluence only because a group gives the role of a guest.
    pub fn has_confluence_as_guest_only(&self, person: &Somebody) -> bool {
        let member = |groups: &BTreeSet<GroupId>| {
            let groups = groups.iter().filter_map(|id| self.world.directory.groups.get(id));
            groups.into_iter().any(|group| !group.deleted && group.members.contains(person.account.as_str()))
        };
        let confluence = &self.world.confluence;
        member(&confluence.guest_groups) && !member(&confluence.user_groups) && !member(&confluence.admin_groups)
    }

    /// See [`in_scope`].
    pub fn in_scope(&self, wide: bool) -> BTreeSet<Thing> {
        in_scope(&self.world, wide)
    }
}

/// Everything that a source reads by default: neither archived nor in an archived or personal space or project.
/// With `wide`, those too.
pub fn in_scope(world: &World, wide: bool) -> BTreeSet<Thing> {
    let mut things = confluence_in_scope(&world.confluence, wide);
    things.extend(jira_in_scope(&world.jira, wide));
    things
}

fn confluence_in_scope(confluence: &Confluence, wide: bool) -> BTreeSet<Thing> {
    let space_wanted = |id: &u64| {
        let space = confluence.spaces.get(id);
        space.is_some_and(|space| wide || (!space.archived && space.space_type != SpaceType::Personal))
    };
    let wanted = |found: &content::Content| {
        space_wanted(&found.space)
            && (found.status == content::Status::Current || (wide && found.status == content::Status::Archived))
    };
    let content_wanted = |id: &u64| confluence.content.get(id).is_some_and(wanted);
    let mut things = BTreeSet::new();
    for content in confluence.content.values().filter(|content| wanted(content)) {
        let kind = match content.kind {
            content::ContentKind::Page => Kind::Page,
            content::ContentKind::BlogPost => Kind::BlogPost,
            _ => continue,
        };
        things.insert(Thing::confluence(kind, content.id));
    }
    for comment in confluence.comments.values() {
        let on = match comment.container {
            content::Container::Content(id) => Some(id),
            content::Container::Attachment(id) => confluence.attachments.get(&id).map(|file| file.container),
        };
        if on.is_some_and(|id| content_wanted(&id)) {
            things.insert(Thing::confluence(Kind::Comment, comment.id));
        }
    }
    let files = confluence.attachments.values().filter(|file| content_wanted(&file.container));
    things.extend(files.map(|file| Thing::confluence(Kind::Attachment, format_args!("att{}", file.id))));
    things
}

fn jira_in_scope(jira: &Jira, wide: bool) -> BTreeSet<Thing> {
    let project_wanted = |id: &u64| jira.projects.get(id).is_some_and(|project| wide || !project.archived);
    let issue_wanted = |id: &u64| jira.issues.get(id).is_some_and(|issue| project_wanted(&issue.project));
    let issues = jira.issues.values().filter(|issue| project_wanted(&issue.project));
    let comments = jira.comments.values().filter(|comment| issue_wanted(&comment.issue));
    let files = jira.attachments.values().filter(|file| issue_wanted(&file.issue));
    let mut things: BTreeSet<Thing> = issues.map(|issue| Thing::jira(Kind::Issue, issue.id)).collect();
    things.extend(comments.map(|comment| Thing::jira(Kind::Comment, comment.id)));
    things.extend(files.map(|file| Thing::jira(Kind::Attachment, file.id)));
    things
}
