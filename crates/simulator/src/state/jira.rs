//! Everything in Jira, with the indexes that make each listing a range scan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::issue::{Issue, IssueAttachment, IssueComment, IssueLink, Worklog};
use super::project::{
    ApplicationRole, Field, IssueStatus, IssueType, PermissionScheme, Project, Role, SecurityLevel, SecurityScheme,
};
use super::{AuditRecord, GroupId, Millis};
use crate::webhook::Webhook;

/// Everything in Jira.
#[derive(Debug, Default)]
pub struct Jira {
    /// Groups whose members administer Jira.
    pub admin_groups: BTreeSet<GroupId>,
    /// Groups with the global permission "Browse users and groups".
    pub browse_users_groups: BTreeSet<GroupId>,
    /// False when all products are on free plans: the audit log answers 403.
    pub audit_enabled: bool,
    /// By role key.
    pub application_roles: BTreeMap<String, ApplicationRole>,
    /// By id.
    pub roles: BTreeMap<u64, Role>,
    /// By id; 0 is the default scheme.
    pub permission_schemes: BTreeMap<u64, PermissionScheme>,
    /// By id.
    pub security_schemes: BTreeMap<u64, SecurityScheme>,
    /// By id.
    pub projects: BTreeMap<u64, Project>,
    /// System and custom fields, by id.
    pub fields: BTreeMap<String, Field>,
    /// By id.
    pub statuses: BTreeMap<u64, IssueStatus>,
    /// Names by id.
    pub priorities: BTreeMap<u64, String>,
    /// Names by id.
    pub resolutions: BTreeMap<u64, String>,
    /// By id.
    pub issue_types: BTreeMap<u64, IssueType>,
    /// By id.
    pub issues: BTreeMap<u64, Issue>,
    /// By id.
    pub comments: BTreeMap<u64, IssueComment>,
    /// By id.
    pub worklogs: BTreeMap<u64, Worklog>,
    /// By id.
    pub attachments: BTreeMap<u64, IssueAttachment>,
    /// By id.
    pub links: BTreeMap<u64, IssueLink>,
    /// As they were set up.
    pub webhooks: Vec<Webhook>,
    /// Oldest first.
    pub audit: Vec<AuditRecord>,
    next_ids: HashMap<&'static str, u64>,
    project_by_key: HashMap<String, u64>,
    issue_by_key: HashMap<String, u64>,
    in_project: BTreeSet<(u64, u64, u64)>,
    updated: BTreeSet<(Millis, u64)>,
    children: BTreeSet<(u64, u64)>,
    comments_of: BTreeSet<(u64, u64)>,
    worklogs_of: BTreeSet<(u64, u64)>,
    attachments_of: BTreeSet<(u64, u64)>,
    links_of: BTreeSet<(u64, u64)>,
}

fn under(set: &BTreeSet<(u64, u64)>, key: u64) -> impl DoubleEndedIterator<Item = &u64> {
    set.range((key, 0)..=(key, u64::MAX)).map(|(_, id)| id)
}

impl Jira {
    /// The next id of a kind (`"issue"`, `"comment"`, …), from 10001 up, as Jira counts.
    pub fn take_id(&mut self, kind: &'static str) -> u64 {
        let next = self.next_ids.entry(kind).or_insert(10_000);
        *next += 1;
        *next
    }

    /// The project of that key, now or before, exactly as written, or of that numeric id.
    pub fn project(&self, key_or_id: &str) -> Option<&Project> {
        let by_key = self.project_by_key.get(key_or_id).copied();
        self.projects.get(&by_key.or_else(|| key_or_id.parse().ok())?)
    }

    /// The issue of that key, now or before, in any case, or of that numeric id.
    pub fn issue(&self, key_or_id: &str) -> Option<&Issue> {
        let by_key = self.issue_by_key.get(&key_or_id.to_ascii_uppercase()).copied();
        self.issues.get(&by_key.or_else(|| key_or_id.parse().ok())?)
    }

    /// Issues of a project by number in the key, ascending.
    pub fn issues_in(&self, project: u64) -> impl DoubleEndedIterator<Item = &Issue> {
        self.in_project
            .range((project, 0, 0)..=(project, u64::MAX, u64::MAX))
            .filter_map(|(_, _, id)| self.issues.get(id))
    }

    /// (updated, id) of issues that were updated at `from` or later, oldest first.
    pub fn updated_since(&self, from: Millis) -> impl DoubleEndedIterator<Item = (Millis, u64)> {
        self.updated.range((from, 0)..).copied()
    }

    /// Issues whose parent is `issue`, ascending by id.
    pub fn children(&self, issue: u64) -> impl DoubleEndedIterator<Item = &Issue> {
        under(&self.children, issue).filter_map(|id| self.issues.get(id))
    }

    /// Comments of an issue, oldest first.
    pub fn comments_of(&self, issue: u64) -> impl DoubleEndedIterator<Item = &IssueComment> {
        under(&self.comments_of, issue).filter_map(|id| self.comments.get(id))
    }

    /// Worklogs of an issue, oldest first.
    pub fn worklogs_of(&self, issue: u64) -> impl DoubleEndedIterator<Item = &Worklog> {
        under(&self.worklogs_of, issue).filter_map(|id| self.worklogs.get(id))
    }

    /// Files of an issue, oldest first.
    pub fn attachments_of(&self, issue: u64) -> impl DoubleEndedIterator<Item = &IssueAttachment> {
        under(&self.attachments_of, issue).filter_map(|id| self.attachments.get(id))
    }

    /// Links at either end of an issue.
    pub fn links_of(&self, issue: u64) -> impl DoubleEndedIterator<Item = &IssueLink> {
        under(&self.links_of, issue).filter_map(|id| self.links.get(id))
    }

    /// The security scheme and level of that level id.
    pub fn security_level(&self, level: u64) -> Option<(&SecurityScheme, &SecurityLevel)> {
        let levels =
            self.security_schemes.values().flat_map(|scheme| scheme.levels.iter().map(move |level| (scheme, level)));
        levels.into_iter().find(|(_, found)| found.id == level)
    }

    /// The role of that name.
    pub fn role_by_name(&self, name: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.name == name)
    }

    /// Adds or replaces a project. Keys that it had before keep resolving.
    pub fn put_project(&mut self, project: Project) {
        if let Some(old) = self.projects.remove(&project.id) {
            self.project_by_key.retain(|_, id| *id != old.id);
        }
        for key in project.previous_keys.iter().chain([&project.key]) {
            self.project_by_key.insert(key.clone(), project.id);
        }
        self.projects.insert(project.id, project);
    }

    /// Removes a project; its issues must have been removed before.
    pub fn remove_project(&mut self, id: u64) -> Option<Project> {
        self.project_by_key.retain(|_, project| *project != id);
        self.projects.remove(&id)
    }

    /// Adds or replaces an issue. Keys that it had before keep resolving.
    pub fn put_issue(&mut self, issue: Issue) {
        self.remove_issue(issue.id);
        for key in issue.previous_keys.iter().chain([&issue.key]) {
            self.issue_by_key.insert(key.clone(), issue.id);
        }
        self.in_project.insert((issue.project, issue.number, issue.id));
        self.updated.insert((issue.updated, issue.id));
        if let Some(parent) = issue.parent {
            self.children.insert((parent, issue.id));
        }
        self.issues.insert(issue.id, issue);
    }

    /// Removes an issue alone; `World::delete_issue` also removes what hangs on it.
    pub fn remove_issue(&mut self, id: u64) -> Option<Issue> {
        let old = self.issues.remove(&id)?;
        for key in old.previous_keys.iter().chain([&old.key]) {
            self.issue_by_key.remove(key);
        }
        self.in_project.remove(&(old.project, old.number, id));
        self.updated.remove(&(old.updated, id));
        if let Some(parent) = old.parent {
            self.children.remove(&(parent, id));
        }
        Some(old)
    }

    /// Adds or replaces a comment (its issue does not change).
    pub fn put_comment(&mut self, comment: IssueComment) {
        self.comments_of.insert((comment.issue, comment.id));
        self.comments.insert(comment.id, comment);
    }

    /// Removes a comment.
    pub fn remove_comment(&mut self, id: u64) -> Option<IssueComment> {
        let old = self.comments.remove(&id)?;
        self.comments_of.remove(&(old.issue, id));
        Some(old)
    }

    /// Adds or replaces a worklog (its issue does not change).
    pub fn put_worklog(&mut self, worklog: Worklog) {
        self.worklogs_of.insert((worklog.issue, worklog.id));
        self.worklogs.insert(worklog.id, worklog);
    }

    /// Removes a worklog.
    pub fn remove_worklog(&mut self, id: u64) -> Option<Worklog> {
        let old = self.worklogs.remove(&id)?;
        self.worklogs_of.remove(&(old.issue, id));
        Some(old)
    }

    /// Adds or replaces a file (its issue does not change).
    pub fn put_attachment(&mut self, attachment: IssueAttachment) {
        self.attachments_of.insert((attachment.issue, attachment.id));
        self.attachments.insert(attachment.id, attachment);
    }

    /// Removes a file.
    pub fn remove_attachment(&mut self, id: u64) -> Option<IssueAttachment> {
        let old = self.attachments.remove(&id)?;
        self.attachments_of.remove(&(old.issue, id));
        Some(old)
    }

    /// Adds a link.
    pub fn put_link(&mut self, link: IssueLink) {
        self.links_of.extend([(link.inward, link.id), (link.outward, link.id)]);
        self.links.insert(link.id, link);
    }

    /// Removes a link.
    pub fn remove_link(&mut self, id: u64) -> Option<IssueLink> {
        let old = self.links.remove(&id)?;
        self.links_of.remove(&(old.inward, id));
        self.links_of.remove(&(old.outward, id));
        Some(old)
    }
}
