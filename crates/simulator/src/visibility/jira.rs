//! What an account may see in Jira: product access, then Browse by some grant, then the issue's level, then a comment's
//! audience. No administrator bypasses a level.
//!
//! Two readings of the sheet that are choices: a signed-in account without any Jira product sees nothing, even where the
//! public does; a team-managed project is open to every licensed account unless it is private.

use super::Identity;
use crate::state::World;
use crate::state::issue::{Audience, FieldValue, Issue, IssueAttachment, IssueComment, Worklog};
use crate::state::project::{Actors, Holder, Project, ProjectStyle, TeamAccess};

/// The permission that decides whether an issue is visible.
pub const BROWSE: &str = "BROWSE_PROJECTS";
/// The permission that administers one project.
pub const ADMINISTER: &str = "ADMINISTER_PROJECTS";

/// Jira as one account sees it.
#[derive(Debug)]
pub struct JiraView<'w> {
    world: &'w World,
    me: Identity<'w>,
    licensed: bool,
    admin: bool,
}

impl<'w> JiraView<'w> {
    /// The view of `account`; `None` = not signed in.
    pub fn new(world: &'w World, account: Option<&str>) -> Self {
        let me = Identity::new(world, account);
        let has_role = world.jira.application_roles.values().any(|role| me.in_any(&role.groups));
        let licensed = has_role && !me.is_customer();
        let admin = me.site_admin || me.in_any(&world.jira.admin_groups);
        Self { world, me, licensed, admin }
    }

    /// Member of a group of some application role, and no portal customer.
    pub fn has_product(&self) -> bool {
        self.licensed
    }

    /// Administers Jira.
    pub fn is_admin(&self) -> bool {
        self.admin
    }

    /// Holds "Browse users and groups".
    pub fn can_browse_users(&self) -> bool {
        self.admin || self.me.in_any(&self.world.jira.browse_users_groups)
    }

    /// Product access, or nobody in particular.
    fn may_enter(&self) -> bool {
        self.licensed || self.me.public
    }

    /// Whether some grant gives `permission` in the project. Without an issue, grants that depend on one count as given to
    /// every licensed account, as the project listings and `mypermissions` show it.
    pub fn has_permission(&self, project: &Project, permission: &str, issue: Option<&Issue>) -> bool {
        if !self.may_enter() {
            return false;
        }
        match project.style {
            ProjectStyle::NextGen(TeamAccess::Open | TeamAccess::Limited) if permission == BROWSE => {
                return self.licensed;
            }
            ProjectStyle::NextGen(TeamAccess::Private) if permission == BROWSE => {
                return self.licensed && project.roles.values().any(|actors| self.plays(actors));
            }
            ProjectStyle::NextGen(_) | ProjectStyle::Classic => {}
        }
        let scheme = self.world.jira.permission_schemes.get(&project.permission_scheme);
        let mut grants = scheme.into_iter().flat_map(|scheme| &scheme.grants);
        grants.any(|grant| grant.permission == permission && self.holds(&grant.holder, project, issue))
    }

    /// Whether the caller is among the holders; without an issue, see [`JiraView::has_permission`].
    pub fn holds(&self, holder: &Holder, project: &Project, issue: Option<&Issue>) -> bool {
        let on_issue = |test: &dyn Fn(&Issue) -> bool| issue.map_or(self.licensed, test);
        match holder {
            Holder::Anyone => true,
            Holder::ApplicationRole(None) => self.licensed,
            Holder::ApplicationRole(Some(key)) => {
                self.world.jira.application_roles.get(key).is_some_and(|role| self.me.in_any(&role.groups))
            }
            Holder::Group(group) => self.me.in_group(group),
            Holder::User(account) => self.me.is(account),
            Holder::ProjectRole(role) => self.plays_role(project, *role),
            Holder::ProjectLead => self.me.is(&project.lead),
            Holder::Reporter => on_issue(&|issue| issue.reporter.as_ref().is_some_and(|id| self.me.is(id))),
            Holder::Assignee => on_issue(&|issue| issue.assignee.as_ref().is_some_and(|id| self.me.is(id))),
            Holder::UserCustomField(field) => on_issue(&|issue| match issue.custom.get(field) {
                Some(FieldValue::User(account)) => self.me.is(account),
                Some(FieldValue::Users(accounts)) => accounts.iter().any(|account| self.me.is(account)),
                _ => false,
            }),
            Holder::GroupCustomField(field) => on_issue(&|issue| match issue.custom.get(field) {
                Some(FieldValue::Group(group)) => self.me.in_group(group),
                Some(FieldValue::Groups(groups)) => groups.iter().any(|group| self.me.in_group(group)),
                _ => false,
            }),
            Holder::PortalOnly => false,
        }
    }

    fn plays(&self, actors: &Actors) -> bool {
        actors.users.iter().any(|account| self.me.is(account)) || self.me.in_any(&actors.groups)
    }

    /// Whether the caller is an actor of a role in the project.
    pub fn plays_role(&self, project: &Project, role: u64) -> bool {
        project.roles.get(&role).is_some_and(|actors| self.plays(actors))
    }

    /// `action=browse`: Browse by some grant, issue-dependent ones included.
    pub fn can_browse_project(&self, project: &Project) -> bool {
        !project.deleted && self.has_permission(project, BROWSE, None)
    }

    /// Administers the project, or all of Jira.
    pub fn can_administer_project(&self, project: &Project) -> bool {
        !project.deleted && (self.admin || self.has_permission(project, ADMINISTER, None))
    }

    /// `action=view`: browses or administers; so an administrator finds projects that it cannot read.
    pub fn can_view_project(&self, project: &Project) -> bool {
        self.can_browse_project(project) || self.can_administer_project(project)
    }

    /// Browse on this very issue, and a place in its level.
    pub fn can_see_issue(&self, issue: &Issue) -> bool {
        let Some(project) = self.world.jira.projects.get(&issue.project) else { return false };
        !project.deleted
            && self.has_permission(project, BROWSE, Some(issue))
            && issue.security.is_none_or(|level| self.in_level(level, project, issue))
    }

    /// Seen, and found by JQL: archived issues and issues of archived projects are not.
    pub fn can_find_issue(&self, issue: &Issue) -> bool {
        let live = self.world.jira.projects.get(&issue.project).is_some_and(|project| !project.archived);
        live && !issue.archived && self.can_see_issue(issue)
    }

    /// A level that no longer exists admits nobody.
    fn in_level(&self, level: u64, project: &Project, issue: &Issue) -> bool {
        let level = self.world.jira.security_level(level);
        level.is_some_and(|(_, level)| {
            level.members.iter().any(|member| self.holds(&member.holder, project, Some(issue)))
        })
    }

    /// The issue, the comment's audience, and internal notes for agents only.
    pub fn can_see_comment(&self, comment: &IssueComment) -> bool {
        let Some(issue) = self.world.jira.issues.get(&comment.issue) else { return false };
        self.can_see_issue(issue) && self.in_comment_audience(issue, comment)
    }

    /// The part of [`JiraView::can_see_comment`] beyond the issue, for callers who checked the issue.
    pub fn in_comment_audience(&self, issue: &Issue, comment: &IssueComment) -> bool {
        self.in_audience(issue, comment.visibility.as_ref()) && (comment.jsd_public || !self.me.is_customer())
    }

    /// Whether the caller belongs to an audience of that issue's comments or worklogs.
    pub fn in_audience(&self, issue: &Issue, audience: Option<&Audience>) -> bool {
        match audience {
            None => true,
            Some(Audience::Group(group)) => self.me.in_group(group),
            Some(Audience::Role(role)) => {
                self.world.jira.projects.get(&issue.project).is_some_and(|project| self.plays_role(project, *role))
            }
        }
    }

    /// The issue and the worklog's audience.
    pub fn can_see_worklog(&self, worklog: &Worklog) -> bool {
        let issue = self.world.jira.issues.get(&worklog.issue);
        issue.is_some_and(|issue| self.can_see_issue(issue) && self.in_audience(issue, worklog.visibility.as_ref()))
    }

    /// The issue, and the comment through which the file came.
    pub fn can_see_attachment(&self, file: &IssueAttachment) -> bool {
        let issue = self.world.jira.issues.get(&file.issue);
        let comment = file.comment.and_then(|comment| self.world.jira.comments.get(&comment));
        issue.is_some_and(|issue| {
            self.can_see_issue(issue) && comment.is_none_or(|comment| self.in_comment_audience(issue, comment))
        })
    }
}
