//! Changes of issues and their comments.

use super::Change;
use crate::drawn::names::Names;
use crate::state::World;
use crate::state::issue::{FieldValue, Issue, adf};

impl Change {
    pub(super) fn apply_to_issues(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::Secure { issue, level } => secure(world, issue, level.as_deref()),
            Self::Report { issue, person } => {
                let (issue, person) = (names.issue(issue)?.id, names.account(person)?);
                let by = person.clone();
                world.edit_issue(issue, &by, Vec::new(), |issue| issue.reporter = Some(person)).then_some(())
            }
            Self::Assign { issue, person } => {
                let (id, by) = (names.issue(issue)?.id, names.issue(issue)?.creator.clone());
                let person = match person {
                    None => None,
                    Some(person) => Some(names.account(person)?),
                };
                world.edit_issue(id, &by, Vec::new(), |issue| issue.assignee = person).then_some(())
            }
            Self::Fields { issue, person, group } => {
                let (id, person, group) = (names.issue(issue)?.id, names.account(person)?, names.group(group)?);
                let (approver, team) = (names.field("Approver")?, names.field("Team")?);
                let by = person.clone();
                let edit = |issue: &mut Issue| {
                    issue.custom.insert(approver, FieldValue::User(person));
                    issue.custom.insert(team, FieldValue::Group(group));
                };
                world.edit_issue(id, &by, Vec::new(), edit).then_some(())
            }
            Self::MoveIssue { issue, project } => {
                let (issue, project) = (names.issue(issue)?.id, names.project(project)?.id);
                world.move_issue(issue, project).then_some(())
            }
            Self::DeleteIssue { issue } => {
                let issue = names.issue(issue)?.id;
                world.delete_issue(issue).then_some(())
            }
            Self::Audience { comment, only } => {
                let (comment, audience) = (names.comment(comment)?.clone(), names.audience(only.as_deref())?);
                let by = comment.author.clone();
                world.edit_issue_comment(comment.id, &by, comment.body, Some(audience)).then_some(())
            }
            Self::Note { issue, text, only } => {
                let (id, by) = (names.issue(issue)?.id, names.issue(issue)?.creator.clone());
                let audience = names.audience(only.as_deref())?;
                world.comment_issue(id, &by, adf(text), audience, true);
                Some(())
            }
            Self::DeleteNote { comment } => {
                let comment = names.comment(comment)?.id;
                world.delete_issue_comment(comment).then_some(())
            }
            _ => None,
        }
    }
}

/// Puts an issue into a level of its project's scheme, or out of all.
fn secure(world: &mut World, issue: &str, level: Option<&str>) -> Option<()> {
    let issue = Names(world).issue(issue)?;
    let scheme = world.jira.projects.get(&issue.project)?.security_scheme;
    let levels = scheme.and_then(|scheme| world.jira.security_schemes.get(&scheme)).map(|found| &found.levels);
    let level = match level {
        None => None,
        Some(name) => Some(levels?.iter().find(|level| level.name == name)?.id),
    };
    let (id, by) = (issue.id, issue.creator.clone());
    world.edit_issue(id, &by, Vec::new(), |issue| issue.security = level).then_some(())
}
