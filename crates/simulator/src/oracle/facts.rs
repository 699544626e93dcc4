//! Copies a world into the tables of `facts.sql`, field by field. Decides nothing.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Result, ToSql, params};

use crate::state::confluence::Confluence;
use crate::state::content::{Container, Content};
use crate::state::directory::Directory;
use crate::state::issue::{Audience, FieldValue, Issue};
use crate::state::jira::Jira;
use crate::state::project::{Holder, Project, ProjectStyle, TeamAccess};
use crate::state::space::{Space, SpacePrincipal};
use crate::state::{AccountId, World};

/// Numbers for accounts and groups, in the order in which they turn up.
#[derive(Debug, Default)]
struct Numbers(HashMap<String, i64>);

impl Numbers {
    fn of(&mut self, id: &str) -> i64 {
        if let Some(known) = self.0.get(id) {
            return *known;
        }
        let next = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        self.0.insert(id.to_owned(), next);
        next
    }
}

struct Copy<'c> {
    to: &'c Connection,
    people: Numbers,
    groups: Numbers,
}

/// Fills a new database. Gives the number of each account of the directory.
pub(super) fn copy(world: &World, to: &Connection) -> Result<BTreeMap<AccountId, i64>> {
    to.execute_batch(include_str!("facts.sql"))?;
    to.execute_batch("BEGIN")?;
    let mut copy = Copy { to, people: Numbers::default(), groups: Numbers::default() };
    let (wiki, site) = (&world.confluence, &world.site);
    copy.row("site", params![site.has_jira, site.has_confluence, wiki.mode.as_str(), wiki.anonymous_can_use])?;
    copy.directory(&world.directory)?;
    copy.group_powers(world)?;
    copy.confluence(wiki)?;
    copy.jira(&world.jira)?;
    to.execute_batch("COMMIT")?;
    Ok(world.directory.people.keys().map(|id| (id.clone(), copy.people.of(id))).collect())
}

/// The kinds of a space's principals: (kind, who, class).
type Named = (&'static str, Option<i64>, Option<String>);
/// A holder: (type on the wire, who, name).
type Held = (&'static str, Option<i64>, Option<String>);

impl Copy<'_> {
    fn row(&self, table: &str, values: &[&dyn ToSql]) -> Result<()> {
        let marks = vec!["?"; values.len()].join(", ");
        // A list may hold the same name twice; the fact is one.
        let sql = format!("INSERT OR IGNORE INTO {table} VALUES ({marks})");
        self.to.prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }

    fn directory(&mut self, directory: &Directory) -> Result<()> {
        for person in directory.people.values() {
            let n = self.people.of(&person.account_id);
            self.row("person", params![n, person.account_type.as_str(), person.active, person.guest])?;
        }
        for group in directory.groups.values() {
            let n = self.groups.of(&group.id);
            self.row("grp", params![n, group.deleted])?;
            for member in &group.members {
                let member = self.people.of(member);
                self.row("member", params![member, n])?;
            }
        }
        Ok(())
    }

    fn group_powers(&mut self, world: &World) -> Result<()> {
        let powers = [
            ("user", &world.confluence.user_groups),
            ("guest", &world.confluence.guest_groups),
            ("admin", &world.confluence.admin_groups),
            ("jira admin", &world.jira.admin_groups),
            ("site admin", &world.directory.site_admin_groups),
        ];
        for (gives, groups) in powers {
            for group in groups {
                let group = self.groups.of(group);
                self.row("group_gives", params![group, gives])?;
            }
        }
        for role in world.jira.application_roles.values() {
            for group in &role.groups {
                let group = self.groups.of(group);
                self.row("application_role", params![role.key, group])?;
            }
        }
        Ok(())
    }

    fn confluence(&mut self, wiki: &Confluence) -> Result<()> {
        for role in wiki.space_roles.values() {
            for permission in &role.permissions {
                self.row("space_role", params![role.id, permission])?;
            }
        }
        for space in wiki.spaces.values() {
            self.space(space)?;
        }
        for content in wiki.content.values() {
            self.content(content)?;
        }
        for file in wiki.attachments.values() {
            let (id, content) = (file.id.cast_signed(), file.container.cast_signed());
            self.row("page_attachment", params![id, content, file.status.as_str()])?;
        }
        for comment in wiki.comments.values() {
            let (content, attachment) = match comment.container {
                Container::Content(id) => (Some(id.cast_signed()), None),
                Container::Attachment(id) => (None, Some(id.cast_signed())),
            };
            self.row("page_comment", params![comment.id.cast_signed(), content, attachment])?;
        }
        Ok(())
    }

    fn principal(&mut self, principal: &SpacePrincipal) -> Named {
        match principal {
            SpacePrincipal::User(account) => ("user", Some(self.people.of(account)), None),
            SpacePrincipal::Group(group) => ("group", Some(self.groups.of(group)), None),
            SpacePrincipal::Anonymous => ("class", None, Some("anonymous-users".to_owned())),
            SpacePrincipal::Unlicensed => ("class", None, Some("unlicensed".to_owned())),
            SpacePrincipal::AccessClass(class) => ("class", None, Some(class.clone())),
        }
    }

    fn space(&mut self, space: &Space) -> Result<()> {
        let id = space.id.cast_signed();
        self.row("space", params![id])?;
        for row in &space.permissions {
            let (kind, who, class) = self.principal(&row.principal);
            self.row("space_row", params![id, row.operation, row.target, kind, who, class])?;
        }
        for assignment in &space.role_assignments {
            let (kind, who, class) = self.principal(&assignment.principal);
            self.row("space_assignment", params![id, assignment.role, kind, who, class])?;
        }
        Ok(())
    }

    fn content(&mut self, content: &Content) -> Result<()> {
        let id = content.id.cast_signed();
        let (kind, status) = (content.kind.as_str(), content.status.as_str());
        let (space, parent) = (content.space.cast_signed(), content.parent.map(u64::cast_signed));
        let author = self.people.of(&content.author);
        self.row("content", params![id, kind, space, parent, status, author])?;
        let lists = [("read", &content.restrictions.read), ("update", &content.restrictions.update)];
        for (operation, subjects) in lists {
            for user in &subjects.users {
                let user = self.people.of(user);
                self.row("restriction", params![id, operation, "user", user])?;
            }
            for group in &subjects.groups {
                let group = self.groups.of(group);
                self.row("restriction", params![id, operation, "group", group])?;
            }
        }
        for person in &content.collaborators {
            let person = self.people.of(person);
            self.row("collaborator", params![id, person])?;
        }
        Ok(())
    }

    fn jira(&mut self, jira: &Jira) -> Result<()> {
        for scheme in jira.permission_schemes.values() {
            for grant in &scheme.grants {
                let (holder, who, name) = self.holder(&grant.holder);
                self.row("scheme_grant", params![scheme.id.cast_signed(), grant.permission, holder, who, name])?;
            }
        }
        for level in jira.security_schemes.values().flat_map(|scheme| &scheme.levels) {
            for member in &level.members {
                let (holder, who, name) = self.holder(&member.holder);
                self.row("level_member", params![level.id.cast_signed(), holder, who, name])?;
            }
        }
        for project in jira.projects.values() {
            self.project(project)?;
        }
        for issue in jira.issues.values() {
            self.issue(issue)?;
        }
        for comment in jira.comments.values() {
            let (audience, who) = self.audience(comment.visibility.as_ref());
            let (id, issue) = (comment.id.cast_signed(), comment.issue.cast_signed());
            self.row("issue_comment", params![id, issue, audience, who])?;
        }
        for worklog in jira.worklogs.values() {
            let (audience, who) = self.audience(worklog.visibility.as_ref());
            let (id, issue) = (worklog.id.cast_signed(), worklog.issue.cast_signed());
            self.row("worklog", params![id, issue, audience, who])?;
        }
        for file in jira.attachments.values() {
            let (id, issue) = (file.id.cast_signed(), file.issue.cast_signed());
            self.row("issue_attachment", params![id, issue, file.comment.map(u64::cast_signed)])?;
        }
        Ok(())
    }

    fn audience(&mut self, audience: Option<&Audience>) -> (Option<&'static str>, Option<i64>) {
        match audience {
            None => (None, None),
            Some(Audience::Group(group)) => (Some("group"), Some(self.groups.of(group))),
            Some(Audience::Role(role)) => (Some("role"), Some(role.cast_signed())),
        }
    }

    fn holder(&mut self, holder: &Holder) -> Held {
        let (who, name) = match holder {
            Holder::User(account) => (Some(self.people.of(account)), None),
            Holder::Group(group) => (Some(self.groups.of(group)), None),
            Holder::ProjectRole(role) => (Some(role.cast_signed()), None),
            Holder::ApplicationRole(key) => (None, key.clone()),
            Holder::UserCustomField(field) | Holder::GroupCustomField(field) => (None, Some(field.clone())),
            Holder::Anyone | Holder::Assignee | Holder::ProjectLead | Holder::Reporter | Holder::PortalOnly => {
                (None, None)
            }
        };
        (holder.wire_type(), who, name)
    }

    fn project(&mut self, project: &Project) -> Result<()> {
        let id = project.id.cast_signed();
        let style = match project.style {
            ProjectStyle::Classic => "classic",
            ProjectStyle::NextGen(TeamAccess::Open) => "open",
            ProjectStyle::NextGen(TeamAccess::Limited) => "limited",
            ProjectStyle::NextGen(TeamAccess::Private) => "private",
        };
        let (scheme, lead) = (project.permission_scheme.cast_signed(), self.people.of(&project.lead));
        self.row("project", params![id, scheme, style, lead, project.archived, project.deleted])?;
        for (role, actors) in &project.roles {
            let role = role.cast_signed();
            for user in &actors.users {
                let user = self.people.of(user);
                self.row("actor", params![id, role, "user", user])?;
            }
            for group in &actors.groups {
                let group = self.groups.of(group);
                self.row("actor", params![id, role, "group", group])?;
            }
        }
        Ok(())
    }

    fn issue(&mut self, issue: &Issue) -> Result<()> {
        let (id, project) = (issue.id.cast_signed(), issue.project.cast_signed());
        let reporter = issue.reporter.as_ref().map(|account| self.people.of(account));
        let assignee = issue.assignee.as_ref().map(|account| self.people.of(account));
        let security = issue.security.map(u64::cast_signed);
        self.row("issue", params![id, project, reporter, assignee, security, issue.archived])?;
        for (field, value) in &issue.custom {
            let (users, groups) = match value {
                FieldValue::User(user) => (std::slice::from_ref(user), &[][..]),
                FieldValue::Users(users) => (&users[..], &[][..]),
                FieldValue::Group(group) => (&[][..], std::slice::from_ref(group)),
                FieldValue::Groups(groups) => (&[][..], &groups[..]),
                _ => continue,
            };
            for user in users {
                let user = self.people.of(user);
                self.row("issue_user", params![id, field, user])?;
            }
            for group in groups {
                let group = self.groups.of(group);
                self.row("issue_group", params![id, field, group])?;
            }
        }
        Ok(())
    }
}
