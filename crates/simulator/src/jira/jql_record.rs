//! An issue as JQL sees it for one caller: hidden comments do not match.
//!
//! The index behind JQL lags by a switch of the world, as Confluence's does: an issue that changed since it last looked has
//! its former `updated`. Its other fields are those of now, and who may see it is always decided on the present.

use jiff::Timestamp;

use super::scene::category_id;
use super::schema::custom_number;
use crate::query::Value;
use crate::query::jql::{Field, IssueRecord};
use crate::state::issue::{Adf, FieldValue, Issue, adf_text};
use crate::state::{Millis, World};
use crate::visibility::jira::JiraView;

/// One issue of a search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) world: &'a World,
    pub(super) view: &'a JiraView<'a>,
    pub(super) issue: &'a Issue,
    /// What happened after this is not in the index.
    pub(super) seen_until: Millis,
}

fn time(at: i64, see: &mut dyn FnMut(Value<'_>)) {
    if let Ok(at) = Timestamp::from_millisecond(at) {
        see(Value::Time(at));
    }
}

fn prose(document: Option<&Adf>, see: &mut dyn FnMut(Value<'_>)) {
    if let Some(document) = document {
        see(Value::Text(&adf_text(document)));
    }
}

impl Record<'_> {
    /// False for what is younger than the index.
    pub(super) fn is_known(&self) -> bool {
        self.issue.created <= self.seen_until
    }

    /// `updated` in the index: the latest thing that happened to the issue before the index last looked.
    fn updated(&self) -> Millis {
        let (issue, jira) = (self.issue, &self.world.jira);
        if issue.updated <= self.seen_until {
            return issue.updated;
        }
        let changes = issue.changes.iter().map(|change| change.at);
        let comments = jira.comments_of(issue.id).flat_map(|comment| [comment.created, comment.updated]);
        let files = jira.attachments_of(issue.id).map(|file| file.created);
        let work = jira.worklogs_of(issue.id).flat_map(|work| [work.created, work.updated]);
        let all = changes.chain(comments).chain(files).chain(work);
        all.filter(|at| *at <= self.seen_until).max().unwrap_or(issue.created)
    }

    fn comments(&self, see: &mut dyn FnMut(Value<'_>)) {
        for comment in self.world.jira.comments_of(self.issue.id) {
            if self.view.in_comment_audience(self.issue, comment) {
                see(Value::Text(&adf_text(&comment.body)));
            }
        }
    }

    fn text(&self, see: &mut dyn FnMut(Value<'_>)) {
        see(Value::Text(&self.issue.summary));
        prose(self.issue.description.as_ref(), see);
        prose(self.issue.environment.as_ref(), see);
        self.comments(see);
        for value in self.issue.custom.values() {
            if matches!(value, FieldValue::Text(_) | FieldValue::Document(_)) {
                self.custom(value, see);
            }
        }
    }

    fn custom(&self, value: &FieldValue, see: &mut dyn FnMut(Value<'_>)) {
        let group = |id: &crate::state::GroupId| self.world.directory.group(id).map(|group| group.name.as_str());
        match value {
            FieldValue::User(account) => see(Value::Word(account)),
            FieldValue::Users(accounts) => accounts.iter().for_each(|account| see(Value::Word(account))),
            FieldValue::Group(id) => group(id).into_iter().for_each(|name| see(Value::Word(name))),
            FieldValue::Groups(ids) => ids.iter().filter_map(group).for_each(|name| see(Value::Word(name))),
            FieldValue::Text(text) => see(Value::Text(text)),
            FieldValue::Document(document) => see(Value::Text(&adf_text(document))),
            FieldValue::Choice(id) => see(Value::Id(*id)),
            FieldValue::Choices(ids) => ids.iter().for_each(|id| see(Value::Id(*id))),
            FieldValue::Nested(id, below) => std::iter::once(id).chain(below).for_each(|id| see(Value::Id(*id))),
            FieldValue::Labels(labels) => labels.iter().for_each(|label| see(Value::Word(label))),
            FieldValue::Day(day) => day.parse().into_iter().for_each(|day| see(Value::Day(day))),
            FieldValue::Number(number) => see(Value::Number(*number)),
        }
    }
}

impl IssueRecord for Record<'_> {
    fn id(&self) -> u64 {
        self.issue.id
    }

    fn key(&self) -> (&str, u64) {
        let project = self.issue.key.rsplit_once('-').map_or(self.issue.key.as_str(), |(project, _)| project);
        (project, self.issue.number)
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        let issue = self.issue;
        let id = |id: Option<u64>, see: &mut dyn FnMut(Value<'_>)| id.into_iter().for_each(|id| see(Value::Id(id)));
        let ids = |ids: &[u64], see: &mut dyn FnMut(Value<'_>)| ids.iter().for_each(|id| see(Value::Id(*id)));
        match field {
            Field::Key => see(Value::Id(issue.id)),
            Field::Project => see(Value::Id(issue.project)),
            Field::IssueType => see(Value::Id(issue.issue_type)),
            Field::Status => see(Value::Id(issue.status)),
            Field::StatusCategory => {
                let category = self.world.jira.statuses.get(&issue.status).map_or("", |status| status.category);
                see(Value::Id(category_id(category)));
            }
            Field::Priority => id(issue.priority, see),
            Field::Resolution => id(issue.resolution, see),
            Field::Level => id(issue.security, see),
            Field::Component => ids(&issue.components, see),
            Field::FixVersion => ids(&issue.fix_versions, see),
            Field::AffectedVersion => ids(&issue.affects_versions, see),
            Field::Parent => id(issue.parent, see),
            Field::Assignee => issue.assignee.iter().for_each(|account| see(Value::Word(account))),
            Field::Reporter => issue.reporter.iter().for_each(|account| see(Value::Word(account))),
            Field::Creator => see(Value::Word(&issue.creator)),
            Field::Labels => issue.labels.iter().for_each(|label| see(Value::Word(label))),
            Field::Updated => time(self.updated(), see),
            Field::Created => time(issue.created, see),
            Field::Resolved => issue.resolved_at.into_iter().for_each(|at| time(at, see)),
            Field::Due => issue.due_date.iter().filter_map(|day| day.parse().ok()).for_each(|day| see(Value::Day(day))),
            Field::Text => self.text(see),
            Field::Summary => see(Value::Text(&issue.summary)),
            Field::Description => prose(issue.description.as_ref(), see),
            Field::Environment => prose(issue.environment.as_ref(), see),
            Field::Comment => self.comments(see),
            Field::Custom(number) => {
                let value = issue.custom.iter().find(|(id, _)| custom_number(id) == Some(number));
                if let Some((_, value)) = value {
                    self.custom(value, see);
                }
            }
        }
    }

    fn sort_text(&self, field: Field) -> Option<String> {
        let (world, issue) = (self.world, self.issue);
        let person = |account: Option<&str>| Some(world.directory.person(account?)?.display_name.clone());
        match field {
            Field::Assignee => person(issue.assignee.as_deref()),
            Field::Reporter => person(issue.reporter.as_deref()),
            Field::Creator => person(Some(&issue.creator)),
            Field::Project => world.jira.projects.get(&issue.project).map(|project| project.name.clone()),
            Field::Level => world.jira.security_level(issue.security?).map(|(_, level)| level.name.clone()),
            Field::Component => {
                let components = &world.jira.projects.get(&issue.project)?.components;
                issue.components.iter().filter_map(|id| components.get(id)).min().cloned()
            }
            _ => None,
        }
    }
}
