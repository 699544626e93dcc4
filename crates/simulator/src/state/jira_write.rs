//! Changes in Jira, as the routes and the world loader make them.
//!
//! Edits, comments, attachments, links and worklogs move an issue's `updated`; changes of schemes, roles, groups and
//! levels do not, as at Atlassian.

use std::collections::{BTreeMap, BTreeSet};

use super::attachment::FileBytes;
use super::issue::{Adf, Audience, Change, ChangedField, Issue, IssueAttachment, IssueComment, IssueLink, Worklog};
use super::project::{Project, ProjectStyle};
use super::{AccountId, World};

impl World {
    /// Creates a project with the default permission scheme, no security scheme, and each global role's default actors.
    /// `None` if the key is taken, now or by an earlier key of another project.
    pub fn create_project(
        &mut self,
        key: &str,
        name: &str,
        type_key: &str,
        style: ProjectStyle,
        lead: &AccountId,
    ) -> Option<u64> {
        if self.jira.project(key).is_some() {
            return None;
        }
        let id = self.jira.take_id("project");
        let global = self.jira.roles.values().filter(|role| role.project.is_none());
        let roles = global.map(|role| (role.id, role.default_actors.clone())).collect();
        let types = self.jira.issue_types.values().filter(|issue_type| issue_type.project.is_none());
        let issue_types = types.map(|issue_type| issue_type.id).collect();
        self.jira.put_project(Project {
            id,
            key: key.to_owned(),
            previous_keys: Vec::new(),
            name: name.to_owned(),
            description: String::new(),
            lead: lead.clone(),
            type_key: type_key.to_owned(),
            style,
            archived: false,
            deleted: false,
            permission_scheme: 0,
            security_scheme: None,
            roles,
            issue_types,
            components: BTreeMap::new(),
            versions: BTreeMap::new(),
            created_at: self.clock.now(),
            last_number: 0,
        });
        Some(id)
    }

    /// Gives a project another key; its issues are re-keyed, old keys keep resolving.
    pub fn rename_project_key(&mut self, project: u64, key: &str) -> bool {
        if self.jira.project(key).is_some_and(|other| other.id != project) {
            return false;
        }
        let Some(mut renamed) = self.jira.projects.get(&project).cloned() else { return false };
        let old = std::mem::replace(&mut renamed.key, key.to_owned());
        renamed.previous_keys.push(old);
        self.jira.put_project(renamed);
        let issues: Vec<Issue> = self.jira.issues_in(project).cloned().collect();
        for mut issue in issues {
            let old = std::mem::replace(&mut issue.key, format!("{key}-{}", issue.number));
            issue.previous_keys.push(old);
            self.jira.put_issue(issue);
        }
        true
    }

    /// Creates an issue: first type (or `issue_type`), first status, the scheme's default level. Everything else is set by
    /// `fill` before the issue is stored. `None` if there is no such project.
    pub fn create_issue(
        &mut self,
        project: u64,
        summary: &str,
        creator: &AccountId,
        fill: impl FnOnce(&mut Issue),
    ) -> Option<u64> {
        let owner = self.jira.projects.get_mut(&project)?;
        owner.last_number += 1;
        let (number, key) = (owner.last_number, format!("{}-{}", owner.key, owner.last_number));
        let issue_type = owner.issue_types.first().copied().unwrap_or_default();
        let scheme = owner.security_scheme.and_then(|scheme| self.jira.security_schemes.get(&scheme));
        let security = scheme.and_then(|scheme| scheme.default_level);
        let first = self.jira.statuses.values().find(|status| status.category == "new");
        let status = first.or(self.jira.statuses.values().next()).map_or(0, |status| status.id);
        let id = self.jira.take_id("issue");
        let now = self.clock.now();
        let mut issue = Issue {
            id,
            key,
            previous_keys: Vec::new(),
            project,
            number,
            issue_type,
            status,
            priority: None,
            resolution: None,
            resolved_at: None,
            summary: summary.to_owned(),
            description: None,
            environment: None,
            labels: BTreeSet::new(),
            components: Vec::new(),
            fix_versions: Vec::new(),
            affects_versions: Vec::new(),
            assignee: None,
            reporter: Some(creator.clone()),
            creator: creator.clone(),
            created: now,
            updated: now,
            due_date: None,
            security,
            parent: None,
            custom: BTreeMap::new(),
            archived: false,
            changes: Vec::new(),
        };
        fill(&mut issue);
        self.jira.put_issue(issue);
        Some(id)
    }

    /// Edits an issue; `changed` becomes one changelog entry (none when empty). `updated` moves to now.
    pub fn edit_issue(
        &mut self,
        id: u64,
        by: &AccountId,
        changed: Vec<ChangedField>,
        edit: impl FnOnce(&mut Issue),
    ) -> bool {
        let Some(mut issue) = self.jira.issues.get(&id).cloned() else { return false };
        edit(&mut issue);
        issue.updated = self.clock.now();
        if !changed.is_empty() {
            let change = self.jira.take_id("change");
            issue.changes.push(Change { id: change, author: by.clone(), at: issue.updated, fields: changed });
        }
        self.jira.put_issue(issue);
        true
    }

    /// Moves `updated` to now, as comments, files, links and worklogs do.
    fn touch_issue(&mut self, id: u64) {
        if let Some(mut issue) = self.jira.issues.get(&id).cloned() {
            issue.updated = self.clock.now();
            self.jira.put_issue(issue);
        }
    }

    /// Moves an issue to another project; it gets a new number and key, the level falls back to the scheme's default.
    pub fn move_issue(&mut self, id: u64, project: u64) -> bool {
        let Some(mut issue) = self.jira.issues.get(&id).cloned() else { return false };
        let Some(target) = self.jira.projects.get_mut(&project) else { return false };
        target.last_number += 1;
        let key = format!("{}-{}", target.key, target.last_number);
        issue.number = target.last_number;
        issue.project = project;
        let scheme = target.security_scheme.and_then(|scheme| self.jira.security_schemes.get(&scheme));
        issue.security = scheme.and_then(|scheme| scheme.default_level);
        issue.previous_keys.push(std::mem::replace(&mut issue.key, key));
        issue.updated = self.clock.now();
        self.jira.put_issue(issue);
        true
    }

    /// Deletes an issue, its sub-tasks and all that hangs on them.
    pub fn delete_issue(&mut self, id: u64) -> bool {
        let subtask = |issue: &&Issue| self.jira.issue_types.get(&issue.issue_type).is_some_and(|kind| kind.level < 0);
        let children: Vec<u64> = self.jira.children(id).filter(subtask).map(|child| child.id).collect();
        for child in children {
            self.delete_issue(child);
        }
        for comment in self.jira.comments_of(id).map(|comment| comment.id).collect::<Vec<_>>() {
            self.jira.remove_comment(comment);
        }
        for worklog in self.jira.worklogs_of(id).map(|worklog| worklog.id).collect::<Vec<_>>() {
            self.jira.remove_worklog(worklog);
        }
        for file in self.jira.attachments_of(id).map(|file| file.id).collect::<Vec<_>>() {
            self.jira.remove_attachment(file);
        }
        for link in self.jira.links_of(id).map(|link| link.id).collect::<Vec<_>>() {
            self.jira.remove_link(link);
        }
        let orphans: Vec<Issue> = self.jira.children(id).cloned().collect();
        for orphan in orphans {
            self.jira.put_issue(Issue { parent: None, ..orphan });
        }
        self.jira.remove_issue(id).is_some()
    }

    /// Comments an issue.
    pub fn comment_issue(
        &mut self,
        issue: u64,
        author: &AccountId,
        body: Adf,
        visibility: Option<Audience>,
        jsd_public: bool,
    ) -> u64 {
        let id = self.jira.take_id("comment");
        let now = self.clock.now();
        self.jira.put_comment(IssueComment {
            id,
            issue,
            author: author.clone(),
            update_author: author.clone(),
            body,
            created: now,
            updated: now,
            visibility,
            jsd_public,
        });
        self.touch_issue(issue);
        id
    }

    /// Edits a comment: body always, audience when given (`Some(None)` lifts it).
    pub fn edit_issue_comment(
        &mut self,
        id: u64,
        by: &AccountId,
        body: Adf,
        visibility: Option<Option<Audience>>,
    ) -> bool {
        let now = self.clock.now();
        let Some(comment) = self.jira.comments.get_mut(&id) else { return false };
        comment.body = body;
        comment.update_author = by.clone();
        comment.updated = now;
        if let Some(visibility) = visibility {
            comment.visibility = visibility;
        }
        let issue = comment.issue;
        self.touch_issue(issue);
        true
    }

    /// Deletes a comment.
    pub fn delete_issue_comment(&mut self, id: u64) -> bool {
        let Some(comment) = self.jira.remove_comment(id) else { return false };
        self.touch_issue(comment.issue);
        true
    }

    /// Writes a worklog of `seconds` that began now.
    pub fn log_work(
        &mut self,
        issue: u64,
        author: &AccountId,
        seconds: u64,
        comment: Option<Adf>,
        visibility: Option<Audience>,
    ) -> u64 {
        let id = self.jira.take_id("worklog");
        let now = self.clock.now();
        let author = author.clone();
        let (started, created, updated) = (now, now, now);
        self.jira.put_worklog(Worklog { id, issue, author, comment, started, seconds, created, updated, visibility });
        self.touch_issue(issue);
        id
    }

    /// Uploads a file to an issue.
    pub fn attach_to_issue(
        &mut self,
        issue: u64,
        filename: &str,
        media_type: &str,
        bytes: FileBytes,
        author: &AccountId,
    ) -> u64 {
        let id = self.jira.take_id("attachment");
        self.jira.put_attachment(IssueAttachment {
            id,
            issue,
            comment: None,
            filename: filename.to_owned(),
            media_type: media_type.to_owned(),
            author: author.clone(),
            created: self.clock.now(),
            bytes,
        });
        self.touch_issue(issue);
        id
    }

    /// Links two issues.
    pub fn link_issues(&mut self, link_type: &str, inward: u64, outward: u64) -> u64 {
        let id = self.jira.take_id("link");
        self.jira.put_link(IssueLink { id, link_type: link_type.to_owned(), inward, outward });
        self.touch_issue(inward);
        self.touch_issue(outward);
        id
    }
}
