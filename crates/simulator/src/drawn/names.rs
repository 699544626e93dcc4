//! From the names that world files and changes use to the ids of a running world.

use crate::state::confluence_write::NewContent;
use crate::state::content::{Content, ContentKind, Status, Subjects};
use crate::state::issue::{Audience, Issue, IssueComment, adf_text};
use crate::state::project::{Actors, Holder, Project};
use crate::state::space::SpacePrincipal;
use crate::state::{AccountId, GroupId, World};

/// A world, asked by name. `None` where nothing has the name.
pub(super) struct Names<'w>(pub(super) &'w World);

impl<'w> Names<'w> {
    pub(super) fn account(&self, handle: &str) -> Option<AccountId> {
        let handle = handle.trim_start_matches('@');
        let people = &self.0.directory.people;
        people.values().find(|person| person.display_name == handle).map(|person| person.account_id.clone())
    }

    /// A group that exists, or one that was deleted and is still listed.
    pub(super) fn group(&self, name: &str) -> Option<GroupId> {
        let name = name.strip_prefix("group:").unwrap_or(name);
        self.0.directory.groups.values().find(|group| group.name == name).map(|group| group.id.clone())
    }

    pub(super) fn content(&self, title: &str) -> Option<&'w Content> {
        self.0.confluence.content.values().find(|content| content.title == title)
    }

    pub(super) fn space(&self, key: &str) -> Option<u64> {
        self.0.confluence.space_by_key(key).map(|space| space.id)
    }

    pub(super) fn project(&self, key: &str) -> Option<&'w Project> {
        self.0.jira.project(key)
    }

    pub(super) fn issue(&self, summary: &str) -> Option<&'w Issue> {
        self.0.jira.issues.values().find(|issue| issue.summary == summary)
    }

    pub(super) fn comment(&self, text: &str) -> Option<&'w IssueComment> {
        self.0.jira.comments.values().find(|comment| adf_text(&comment.body).trim() == text)
    }

    pub(super) fn scheme(&self, name: &str) -> Option<u64> {
        self.0.jira.permission_schemes.values().find(|scheme| scheme.name == name).map(|scheme| scheme.id)
    }

    pub(super) fn level(&self, name: &str) -> Option<u64> {
        let mut levels = self.0.jira.security_schemes.values().flat_map(|scheme| &scheme.levels);
        levels.find(|level| level.name == name).map(|level| level.id)
    }

    pub(super) fn role(&self, name: &str) -> Option<u64> {
        self.0.jira.role_by_name(name.strip_prefix("role:").unwrap_or(name)).map(|role| role.id)
    }

    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.0.jira.fields.values().find(|field| field.name == name).map(|field| field.id.clone())
    }

    pub(super) fn subjects(&self, list: &[String]) -> Option<Subjects> {
        let mut subjects = Subjects::default();
        for name in list {
            if name.starts_with('@') {
                subjects.users.insert(self.account(name)?);
            } else {
                subjects.groups.insert(self.group(name)?);
            }
        }
        Some(subjects)
    }

    pub(super) fn space_principal(&self, text: &str) -> Option<SpacePrincipal> {
        Some(match text {
            "anyone" => SpacePrincipal::Anonymous,
            "unlicensed" => SpacePrincipal::Unlicensed,
            _ if text.starts_with('@') => SpacePrincipal::User(self.account(text)?),
            _ => match text.strip_prefix("class:") {
                Some(class) => SpacePrincipal::AccessClass(class.to_owned()),
                None => SpacePrincipal::Group(self.group(text)?),
            },
        })
    }

    pub(super) fn audience(&self, only: Option<&str>) -> Option<Option<Audience>> {
        Some(match only {
            None => None,
            Some(text) if text.starts_with("role:") => Some(Audience::Role(self.role(text)?)),
            Some(text) => Some(Audience::Group(self.group(text)?)),
        })
    }

    pub(super) fn holder(&self, text: &str) -> Option<Holder> {
        Some(match text.split_once(':') {
            Some(("app", key)) => Holder::ApplicationRole(Some(key.to_owned())),
            Some(("group", name)) => Holder::Group(self.group(name)?),
            Some(("role", name)) => Holder::ProjectRole(self.role(name)?),
            Some(("user-field", name)) => Holder::UserCustomField(self.field(name)?),
            Some(("group-field", name)) => Holder::GroupCustomField(self.field(name)?),
            _ => match text {
                "anyone" => Holder::Anyone,
                "licensed" => Holder::ApplicationRole(None),
                "lead" => Holder::ProjectLead,
                "reporter" => Holder::Reporter,
                "assignee" => Holder::Assignee,
                "portal" => Holder::PortalOnly,
                _ => Holder::User(self.account(text)?),
            },
        })
    }
}

impl Project {
    /// Stores the project, changed.
    pub(super) fn put(mut self, world: &mut World, change: impl FnOnce(&mut Self)) -> Option<()> {
        change(&mut self);
        world.jira.put_project(self);
        Some(())
    }
}

pub(super) fn actors(subjects: Subjects) -> Actors {
    Actors { users: subjects.users, groups: subjects.groups }
}

pub(super) fn page_below(above: &Content, title: &str) -> NewContent {
    NewContent {
        kind: ContentKind::Page,
        space: above.space,
        parent: if above.kind == ContentKind::BlogPost { None } else { Some(above.id) },
        title: title.to_owned(),
        body: format!("<p>The text of {title}.</p>").into(),
        status: Status::Current,
        author: above.author.clone(),
    }
}
