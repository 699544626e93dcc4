//! How an issue is written: directly into the answer, without a tree of values in between.
//!
//! Parents, links and sub-tasks that the caller does not see are left out; comments and worklogs are those that the caller
//! sees, cut to the limit of the route while `total` states all of them.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};

use super::comment::CommentJson;
use super::scene::{Scene, Shared};
use super::selection::Selection;
use super::worklog::worklog_json;
use super::{attachment, changelog};
use crate::state::issue::{FieldValue, Issue, IssueComment, IssueLink, Worklog};

/// `expand` of every issue that has a key.
pub(super) const EXPAND: &str = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations";

/// One issue of an answer.
#[derive(Debug)]
pub(super) struct IssueJson<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) issue: &'a Issue,
    pub(super) selection: &'a Selection,
    /// Most comments in `fields`.
    pub(super) most: usize,
    /// `expand=changelog`.
    pub(super) changelog: bool,
    /// `expand=renderedFields`.
    pub(super) rendered: bool,
}

impl Serialize for IssueJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.selection.keyed {
            map.serialize_entry("expand", EXPAND)?;
        }
        map.serialize_entry("id", &self.issue.id.to_string())?;
        if self.selection.keyed {
            map.serialize_entry("self", &format!("{}/rest/api/3/issue/{}", self.scene.base, self.issue.id))?;
            map.serialize_entry("key", &self.issue.key)?;
        }
        if !self.selection.fields.is_empty() {
            map.serialize_entry("fields", &Fields(self))?;
        }
        if self.rendered {
            map.serialize_entry("renderedFields", &self.rendered_fields())?;
        }
        if self.changelog {
            map.serialize_entry("changelog", &changelog::embedded(self.scene, self.issue))?;
        }
        map.end()
    }
}

impl IssueJson<'_> {
    /// Plain paragraphs; the product renders far richer HTML.
    fn rendered_fields(&self) -> Value {
        let html = |document: &Option<crate::state::issue::Adf>| {
            document.as_ref().map(|document| format!("<p>{}</p>", escaped(&crate::state::issue::adf_text(document))))
        };
        json!({"description": html(&self.issue.description), "environment": html(&self.issue.environment)})
    }
}

fn escaped(text: &str) -> String {
    text.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br/>")
}

struct Fields<'a>(&'a IssueJson<'a>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in &self.0.selection.fields {
            self.entry(&mut map, field)?;
        }
        map.end()
    }
}

impl Fields<'_> {
    fn entry<M: SerializeMap>(&self, map: &mut M, field: &str) -> Result<(), M::Error> {
        let (scene, issue) = (self.0.scene, self.0.issue);

        match field {
            "summary" => map.serialize_entry(field, &issue.summary),
            "description" => map.serialize_entry(field, &issue.description),
            "environment" => map.serialize_entry(field, &issue.environment),
            "status" => map.serialize_entry(field, &scene.shared(Shared::Status, issue.status)),
            "issuetype" => map.serialize_entry(field, &scene.shared(Shared::IssueType, issue.issue_type)),
            "priority" => map.serialize_entry(field, &issue.priority.map(|id| scene.shared(Shared::Priority, id))),
            "resolution" => {
                map.serialize_entry(field, &issue.resolution.map(|id| scene.shared(Shared::Resolution, id)))
            }
            "resolutiondate" => map.serialize_entry(field, &issue.resolved_at.map(|at| scene.time(at))),
            "labels" => map.serialize_entry(field, &issue.labels),
            "components" => map.serialize_entry(field, &self.named("component", &issue.components)),
            "fixVersions" => map.serialize_entry(field, &self.named("version", &issue.fix_versions)),
            "versions" => map.serialize_entry(field, &self.named("version", &issue.affects_versions)),
            "project" => map.serialize_entry(field, &scene.shared(Shared::Project, issue.project)),
            "assignee" => self.user(map, field, issue.assignee.as_deref()),
            "reporter" => self.user(map, field, issue.reporter.as_deref()),
            "creator" => self.user(map, field, Some(&issue.creator)),
            "created" => map.serialize_entry(field, &scene.time(issue.created)),
            "updated" => map.serialize_entry(field, &scene.time(issue.updated)),
            "duedate" => map.serialize_entry(field, &issue.due_date),
            _ => self.wide_entry(map, field),
        }
    }

    fn user<M: SerializeMap>(&self, map: &mut M, field: &str, account: Option<&str>) -> Result<(), M::Error> {
        map.serialize_entry(field, &account.map(|account| self.0.scene.user(account)))
    }

    /// Fields that reach beyond the issue itself, and custom fields.
    fn wide_entry<M: SerializeMap>(&self, map: &mut M, field: &str) -> Result<(), M::Error> {
        let (scene, issue) = (self.0.scene, self.0.issue);
        match field {
            "security" => {
                // Absent where the project has no scheme, as at Atlassian.
                let project = scene.world.jira.projects.get(&issue.project);
                if issue.security.is_none() && project.is_none_or(|project| project.security_scheme.is_none()) {
                    return Ok(());
                }
                map.serialize_entry(field, &issue.security.map(|id| scene.shared(Shared::Level, id)))
            }
            // When it was archived is not kept; that it was is what readers ask for.
            "archiveddate" => map.serialize_entry(field, &issue.archived.then(|| scene.time(issue.updated))),
            "parent" => {
                let parent = issue.parent.and_then(|id| scene.world.jira.issues.get(&id));
                match parent.filter(|parent| scene.view.can_see_issue(parent)) {
                    Some(parent) => map.serialize_entry(field, &self.brief(parent)),
                    None => Ok(()),
                }
            }
            "subtasks" => {
                let level = |child: &&Issue| scene.world.jira.issue_types.get(&child.issue_type).map(|kind| kind.level);
                let children = scene.world.jira.children(issue.id).filter(|child| level(child) == Some(-1));
                let seen = children.filter(|child| scene.view.can_see_issue(child));
                map.serialize_entry(field, &seen.map(|child| self.brief(child)).collect::<Vec<_>>())
            }
            "issuelinks" => {
                let links = scene.world.jira.links_of(issue.id);
                map.serialize_entry(field, &links.filter_map(|link| self.link(link)).collect::<Vec<_>>())
            }
            "comment" => map.serialize_entry(field, &Comments(self.0)),
            "worklog" => map.serialize_entry(field, &self.worklogs()),
            "attachment" => {
                let files = scene.world.jira.attachments_of(issue.id);
                let seen = files.filter(|file| scene.view.can_see_attachment(file));
                map.serialize_entry(field, &seen.map(|file| attachment::file_json(scene, file)).collect::<Vec<_>>())
            }
            _ => self.custom(map, field),
        }
    }

    fn named(&self, kind: &str, ids: &[u64]) -> Vec<Value> {
        let (world, base) = (self.0.scene.world, self.0.scene.base);
        let Some(project) = world.jira.projects.get(&self.0.issue.project) else { return Vec::new() };
        let all = if kind == "component" { &project.components } else { &project.versions };
        let object = |id: &u64| {
            let name = all.get(id)?;
            Some(json!({"self": format!("{base}/rest/api/3/{kind}/{id}"), "id": id.to_string(), "name": name}))
        };
        ids.iter().filter_map(object).collect()
    }

    /// An issue inside another one.
    fn brief(&self, issue: &Issue) -> Value {
        let scene = self.0.scene;
        json!({
            "id": issue.id.to_string(), "key": issue.key,
            "self": format!("{}/rest/api/3/issue/{}", scene.base, issue.id),
            "fields": {
                "summary": issue.summary, "status": scene.shared(Shared::Status, issue.status),
                "priority": issue.priority.map(|id| scene.shared(Shared::Priority, id)),
                "issuetype": scene.shared(Shared::IssueType, issue.issue_type),
            },
        })
    }

    fn link(&self, link: &IssueLink) -> Option<Value> {
        let scene = self.0.scene;
        let here_is_inward = link.inward == self.0.issue.id;
        let other = if here_is_inward { link.outward } else { link.inward };
        let other = scene.world.jira.issues.get(&other).filter(|other| scene.view.can_see_issue(other))?;
        let side = if here_is_inward { "outwardIssue" } else { "inwardIssue" };
        Some(json!({
            "id": link.id.to_string(), "self": format!("{}/rest/api/3/issueLink/{}", scene.base, link.id),
            "type": super::link::type_json(scene.base, &link.link_type), side: self.brief(other),
        }))
    }

    fn worklogs(&self) -> Value {
        let (scene, issue) = (self.0.scene, self.0.issue);
        let seen = |log: &&Worklog| scene.view.in_audience(issue, log.visibility.as_ref());
        let logs: Vec<&Worklog> = scene.world.jira.worklogs_of(issue.id).filter(seen).collect();
        let shown: Vec<Value> = logs.iter().take(20).map(|log| worklog_json(scene, log)).collect();
        json!({"startAt": 0, "maxResults": 20, "total": logs.len(), "worklogs": shown})
    }

    fn custom<M: SerializeMap>(&self, map: &mut M, field: &str) -> Result<(), M::Error> {
        let (scene, issue) = (self.0.scene, self.0.issue);
        let known = scene.world.jira.fields.get(field);
        if known.is_none_or(|known| known.project.is_some_and(|project| project != issue.project)) {
            return Ok(());
        }
        let groups = |ids: &[crate::state::GroupId]| ids.iter().filter_map(|id| self.group(id)).collect::<Vec<_>>();
        match issue.custom.get(field) {
            None => map.serialize_entry(field, &()),
            Some(FieldValue::User(account)) => map.serialize_entry(field, &scene.user(account)),
            Some(FieldValue::Users(accounts)) => {
                map.serialize_entry(field, &accounts.iter().map(|account| scene.user(account)).collect::<Vec<_>>())
            }
            Some(FieldValue::Group(group)) => map.serialize_entry(field, &self.group(group)),
            Some(FieldValue::Groups(ids)) => map.serialize_entry(field, &groups(ids)),
            Some(FieldValue::Text(text)) => map.serialize_entry(field, text),
            Some(FieldValue::Document(document)) => map.serialize_entry(field, document),
            Some(FieldValue::Choice(id)) => map.serialize_entry(field, &self.option(field, *id)),
            Some(FieldValue::Choices(ids)) => {
                map.serialize_entry(field, &ids.iter().map(|id| self.option(field, *id)).collect::<Vec<_>>())
            }
            Some(FieldValue::Nested(id, below)) => {
                let mut option = self.option(field, *id);
                if let Some(below) = below {
                    option["child"] = self.option(field, *below);
                }
                map.serialize_entry(field, &option)
            }
            Some(FieldValue::Labels(labels)) => map.serialize_entry(field, labels),
            Some(FieldValue::Day(day)) => map.serialize_entry(field, day),
            Some(FieldValue::Number(number)) => map.serialize_entry(field, number),
        }
    }

    fn group(&self, id: &str) -> Option<Value> {
        self.0.scene.world.directory.group(id).map(|group| super::group::group_json(self.0.scene.base, group))
    }

    fn option(&self, field: &str, id: u64) -> Value {
        let options =
            self.0.scene.world.jira.fields.get(field).map(|field| field.options.as_slice()).unwrap_or_default();
        let value = options.iter().find(|option| option.0 == id).map(|option| option.1.as_str());
        let address = format!("{}/rest/api/3/customFieldOption/{id}", self.0.scene.base);
        json!({"self": address, "value": value, "id": id.to_string()})
    }
}

struct Comments<'a>(&'a IssueJson<'a>);

struct CommentList<'a>(&'a IssueJson<'a>, &'a [&'a IssueComment]);

impl Serialize for Comments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (scene, issue) = (self.0.scene, self.0.issue);
        let seen = |comment: &&IssueComment| scene.view.in_comment_audience(issue, comment);
        let comments: Vec<&IssueComment> = scene.world.jira.comments_of(issue.id).filter(seen).collect();
        let shown = comments.len().min(self.0.most);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("comments", &CommentList(self.0, &comments[..shown]))?;
        map.serialize_entry("self", &format!("{}/rest/api/3/issue/{}/comment", scene.base, issue.id))?;
        map.serialize_entry("maxResults", &shown)?;
        map.serialize_entry("total", &comments.len())?;
        map.serialize_entry("startAt", &0)?;
        map.end()
    }
}

impl Serialize for CommentList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.1.len()))?;
        for comment in self.1 {
            list.serialize_element(&CommentJson { scene: self.0.scene, comment, rendered: false })?;
        }
        list.end()
    }
}
