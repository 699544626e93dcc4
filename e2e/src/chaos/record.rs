//! Single records of a company, as far as they bear on whether an account sees an object.
//!
//! The source gives no picture of one moment: each record is read by its own call, and again by runs of different kinds. So
//! each may be of another age. What is named here is what the oracle reads (`facts.rs` of the simulator); a test holds the
//! two together.

use std::collections::BTreeMap;
use std::fmt::Debug;

use simulator::oracle::{Kind, Object};
use simulator::state::content::Container;
use simulator::state::{AccountId, GroupId, World};

/// By which runs a record is read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Part {
    /// Accounts and groups.
    People,
    /// Spaces and projects with who may read them, roles, schemes and levels.
    Rights,
    /// Everything else: documents, where they hang, and their own restrictions.
    Content,
}

/// One record.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Record {
    /// Which groups give access to the products, and to whom else they are open.
    Gates,
    Person(AccountId),
    Group(GroupId),
    Space(u64),
    SpaceRoles,
    /// A page, blog post, folder, ….
    Content(u64),
    PageFile(u64),
    PageComment(u64),
    Project(u64),
    PermissionScheme(u64),
    SecuritySchemes,
    Issue(u64),
    IssueFile(u64),
    IssueComment(u64),
}

fn told(what: impl Debug) -> String {
    format!("{what:?}")
}

impl Record {
    /// The object's own record; `None` for kinds that are no documents.
    pub(super) fn of(object: Object) -> Option<Self> {
        let id = object.id;
        match object.kind {
            Kind::Page | Kind::BlogPost => Some(Self::Content(id)),
            Kind::PageComment => Some(Self::PageComment(id)),
            Kind::PageAttachment => Some(Self::PageFile(id)),
            Kind::Issue => Some(Self::Issue(id)),
            Kind::IssueComment => Some(Self::IssueComment(id)),
            Kind::IssueAttachment => Some(Self::IssueFile(id)),
            _ => None,
        }
    }

    pub(super) fn part(&self) -> Part {
        match self {
            Self::Gates | Self::Person(_) | Self::Group(_) => Part::People,
            Self::Space(_)
            | Self::SpaceRoles
            | Self::Project(_)
            | Self::PermissionScheme(_)
            | Self::SecuritySchemes => Part::Rights,
            Self::Content(_)
            | Self::PageFile(_)
            | Self::PageComment(_)
            | Self::Issue(_)
            | Self::IssueFile(_)
            | Self::IssueComment(_) => Part::Content,
        }
    }

    /// What the record says to questions about this account. States in which it says the same are one.
    pub(super) fn says(&self, world: &World, account: &str) -> String {
        let (people, wiki, jira) = (&world.directory, &world.confluence, &world.jira);
        match self {
            Self::Gates => {
                let wiki =
                    (wiki.mode, wiki.anonymous_can_use, &wiki.user_groups, &wiki.admin_groups, &wiki.guest_groups);
                told((&world.site, wiki, &jira.application_roles, &jira.admin_groups, &people.site_admin_groups))
            }
            Self::Person(id) => told(people.people.get(id).map(|it| (it.account_type, it.active, it.guest))),
            Self::Group(id) => told(people.groups.get(id).map(|it| (it.deleted, it.members.contains(account)))),
            Self::Space(id) => told(wiki.spaces.get(id).map(|it| (&it.permissions, &it.role_assignments))),
            Self::SpaceRoles => told(&wiki.space_roles),
            Self::Content(id) => {
                told(wiki.content.get(id).map(|it| {
                    (it.kind, it.space, it.parent, it.status, &it.author, &it.restrictions, &it.collaborators)
                }))
            }
            Self::PageFile(id) => told(wiki.attachments.get(id).map(|it| (it.container, it.status))),
            Self::PageComment(id) => told(wiki.comments.get(id).map(|it| it.container)),
            Self::Project(id) => told(
                jira.projects
                    .get(id)
                    .map(|it| (it.permission_scheme, it.style, &it.lead, it.archived, it.deleted, &it.roles)),
            ),
            Self::PermissionScheme(id) => told(jira.permission_schemes.get(id)),
            Self::SecuritySchemes => told(&jira.security_schemes),
            Self::Issue(id) => told(
                jira.issues
                    .get(id)
                    .map(|it| (it.project, &it.reporter, &it.assignee, it.security, it.archived, &it.custom)),
            ),
            Self::IssueFile(id) => told(jira.attachments.get(id).map(|it| (it.issue, it.comment))),
            Self::IssueComment(id) => told(jira.comments.get(id).map(|it| (it.issue, &it.visibility))),
        }
    }

    /// The records that bear on an object because this one does.
    pub(super) fn leads_to(&self, world: &World) -> Vec<Self> {
        let (wiki, jira) = (&world.confluence, &world.jira);
        let on = match self {
            Self::Content(id) => wiki.content.get(id).map(|it| {
                let parent = it.parent.map(Self::Content);
                parent.into_iter().chain([Self::Space(it.space), Self::SpaceRoles]).collect()
            }),
            Self::PageFile(id) => wiki.attachments.get(id).map(|it| vec![Self::Content(it.container)]),
            Self::PageComment(id) => wiki.comments.get(id).map(|it| match it.container {
                Container::Content(id) => vec![Self::Content(id)],
                Container::Attachment(id) => vec![Self::PageFile(id)],
            }),
            Self::Project(id) => jira.projects.get(id).map(|it| vec![Self::PermissionScheme(it.permission_scheme)]),
            Self::Issue(id) => jira.issues.get(id).map(|it| vec![Self::Project(it.project), Self::SecuritySchemes]),
            Self::IssueFile(id) => jira.attachments.get(id).map(|it| {
                let comment = it.comment.map(Self::IssueComment);
                comment.into_iter().chain([Self::Issue(it.issue)]).collect()
            }),
            Self::IssueComment(id) => jira.comments.get(id).map(|it| vec![Self::Issue(it.issue)]),
            _ => None,
        };
        on.unwrap_or_default()
    }

    /// Puts the record into a company as it is in another. The company's indexes do not follow; its oracle reads none.
    pub(super) fn bring(&self, from: &World, into: &mut World) {
        let (people, wiki, jira) = (&from.directory, &from.confluence, &from.jira);
        match self {
            Self::Gates => bring_gates(from, into),
            Self::Person(id) => set(&mut into.directory.people, id, people.people.get(id)),
            Self::Group(id) => set(&mut into.directory.groups, id, people.groups.get(id)),
            Self::Space(id) => set(&mut into.confluence.spaces, id, wiki.spaces.get(id)),
            Self::SpaceRoles => into.confluence.space_roles.clone_from(&wiki.space_roles),
            Self::Content(id) => set(&mut into.confluence.content, id, wiki.content.get(id)),
            Self::PageFile(id) => set(&mut into.confluence.attachments, id, wiki.attachments.get(id)),
            Self::PageComment(id) => set(&mut into.confluence.comments, id, wiki.comments.get(id)),
            Self::Project(id) => set(&mut into.jira.projects, id, jira.projects.get(id)),
            Self::PermissionScheme(id) => {
                set(&mut into.jira.permission_schemes, id, jira.permission_schemes.get(id));
            }
            Self::SecuritySchemes => into.jira.security_schemes.clone_from(&jira.security_schemes),
            Self::Issue(id) => set(&mut into.jira.issues, id, jira.issues.get(id)),
            Self::IssueFile(id) => set(&mut into.jira.attachments, id, jira.attachments.get(id)),
            Self::IssueComment(id) => set(&mut into.jira.comments, id, jira.comments.get(id)),
        }
    }
}

fn bring_gates(from: &World, into: &mut World) {
    let (wiki, jira) = (&from.confluence, &from.jira);
    (into.confluence.mode, into.confluence.anonymous_can_use) = (wiki.mode, wiki.anonymous_can_use);
    into.confluence.user_groups.clone_from(&wiki.user_groups);
    into.confluence.admin_groups.clone_from(&wiki.admin_groups);
    into.confluence.guest_groups.clone_from(&wiki.guest_groups);
    into.jira.application_roles.clone_from(&jira.application_roles);
    into.jira.admin_groups.clone_from(&jira.admin_groups);
    into.directory.site_admin_groups.clone_from(&from.directory.site_admin_groups);
}

fn set<K: Clone + Ord, V: Clone>(all: &mut BTreeMap<K, V>, key: &K, value: Option<&V>) {
    match value {
        Some(value) => drop(all.insert(key.clone(), value.clone())),
        None => drop(all.remove(key)),
    }
}
