//! Names that a JQL query may use, as one caller knows them: projects, issues and people that it cannot see do not exist.

use super::schema::custom_number;
use crate::query::jql::{CustomField, CustomKind, Field, IssueRef, Literal, Names};
use crate::state::World;
use crate::state::project::{self, Project};
use crate::visibility::jira::JiraView;

/// The names of a world for one caller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) world: &'a World,
    pub(super) view: &'a JiraView<'a>,
}

impl Known<'_> {
    fn projects(&self) -> impl Iterator<Item = &Project> {
        self.world.jira.projects.values().filter(|project| self.view.can_browse_project(project))
    }

    fn project(&self, literal: Literal<'_>) -> Vec<u64> {
        let text = typed(literal);
        let by_name = |project: &&Project| {
            project.key.eq_ignore_ascii_case(&text)
                || project.name.to_lowercase() == text.to_lowercase()
                || project.previous_keys.iter().any(|key| key.eq_ignore_ascii_case(&text))
        };
        let named: Vec<u64> = match literal {
            Literal::Text(_) => self.projects().filter(by_name).map(|project| project.id).collect(),
            Literal::Number(_) => Vec::new(),
        };
        if !named.is_empty() {
            return named;
        }
        let id = text.parse::<u64>().ok().and_then(|id| self.world.jira.projects.get(&id));
        id.filter(|project| self.view.can_browse_project(project)).map(|project| project.id).into_iter().collect()
    }
}

fn typed(literal: Literal<'_>) -> String {
    match literal {
        Literal::Text(text) => text.to_owned(),
        Literal::Number(number) => number.to_string(),
    }
}

/// By name ignoring case, then by id.
fn pick<'n>(all: impl Iterator<Item = (u64, &'n str)> + Clone, literal: Literal<'_>) -> Vec<u64> {
    let text = typed(literal);
    let lower = text.to_lowercase();
    let named: Vec<u64> = match literal {
        Literal::Text(_) => all.clone().filter(|(_, name)| name.to_lowercase() == lower).map(|(id, _)| id).collect(),
        Literal::Number(_) => Vec::new(),
    };
    if named.is_empty() { all.filter(|(id, _)| id.to_string() == text).map(|(id, _)| id).collect() } else { named }
}

impl Names for Known<'_> {
    fn objects(&self, field: Field, literal: Literal<'_>) -> Vec<u64> {
        let jira = &self.world.jira;
        let levels = || jira.security_schemes.values().flat_map(|scheme| &scheme.levels);
        match field {
            Field::Project => self.project(literal),
            Field::IssueType => pick(jira.issue_types.values().map(|kind| (kind.id, kind.name.as_str())), literal),
            Field::Status => pick(jira.statuses.values().map(|status| (status.id, status.name.as_str())), literal),
            Field::Priority => pick(jira.priorities.iter().map(|(id, name)| (*id, name.as_str())), literal),
            Field::Resolution => pick(jira.resolutions.iter().map(|(id, name)| (*id, name.as_str())), literal),
            Field::Level => pick(levels().map(|level| (level.id, level.name.as_str())), literal),
            Field::Component => {
                let all: Vec<_> = self.projects().flat_map(|project| &project.components).collect();
                pick(all.iter().map(|(id, name)| (**id, name.as_str())), literal)
            }
            Field::FixVersion | Field::AffectedVersion => {
                let all: Vec<_> = self.projects().flat_map(|project| &project.versions).collect();
                pick(all.iter().map(|(id, name)| (**id, name.as_str())), literal)
            }
            Field::Custom(number) => {
                let field = jira.fields.get(&format!("customfield_{number}"));
                let options = field.map(|field| field.options.as_slice()).unwrap_or_default();
                pick(options.iter().map(|(id, name)| (*id, name.as_str())), literal)
            }
            _ => Vec::new(),
        }
    }

    fn issue(&self, literal: Literal<'_>) -> Option<IssueRef> {
        let issue = self.world.jira.issue(&typed(literal)).filter(|issue| self.view.can_see_issue(issue))?;
        Some(IssueRef { id: issue.id, project: issue.project, number: issue.number })
    }

    fn accounts(&self, text: &str) -> Vec<String> {
        if let Some(person) = self.world.directory.person(text) {
            return vec![person.account_id.to_string()];
        }
        let lower = text.to_lowercase();
        let shown = |email: Option<Option<&str>>| email.flatten().is_some_and(|email| email.to_lowercase() == lower);
        let people = self.world.directory.people.values();
        let named = people.filter(|person| person.display_name.to_lowercase() == lower || shown(person.email_shown()));
        named.map(|person| person.account_id.to_string()).collect()
    }

    fn members(&self, group: &str) -> Option<Vec<String>> {
        let directory = &self.world.directory;
        let found = directory.group_by_name(group).or_else(|| directory.group(group)).or_else(|| {
            let mut groups = directory.groups.values().filter(|found| !found.deleted);
            groups.find(|found| found.name.eq_ignore_ascii_case(group))
        })?;
        Some(found.members.iter().map(ToString::to_string).collect())
    }

    fn custom_field(&self, name: &str) -> Option<CustomField> {
        if let Some(number) = custom_number(name) {
            return self.custom_field_by_id(number);
        }
        let fields = self.world.jira.fields.values().filter(|field| field.custom.is_some());
        let field = fields.into_iter().find(|field| field.name.to_lowercase() == name.to_lowercase())?;
        self.custom_field_by_id(custom_number(&field.id)?)
    }

    fn custom_field_by_id(&self, id: u64) -> Option<CustomField> {
        let kind = match self.world.jira.fields.get(&format!("customfield_{id}"))?.custom? {
            project::CustomKind::UserPicker | project::CustomKind::MultiUserPicker => CustomKind::User,
            project::CustomKind::GroupPicker | project::CustomKind::MultiGroupPicker => CustomKind::Group,
            project::CustomKind::Text | project::CustomKind::TextArea => CustomKind::Text,
            project::CustomKind::Select | project::CustomKind::MultiSelect | project::CustomKind::Cascading => {
                CustomKind::Option
            }
            project::CustomKind::Labels => CustomKind::Labels,
            project::CustomKind::Date => CustomKind::Day,
            project::CustomKind::Number => CustomKind::Number,
        };
        Some(CustomField { id, kind })
    }

    fn ranking(&self, field: Field) -> Vec<u64> {
        let jira = &self.world.jira;
        match field {
            // Stored from the most urgent down.
            Field::Priority => jira.priorities.keys().rev().copied().collect(),
            Field::Status => jira.statuses.keys().copied().collect(),
            Field::IssueType => jira.issue_types.keys().copied().collect(),
            Field::Resolution => jira.resolutions.keys().copied().collect(),
            _ => Vec::new(),
        }
    }
}
