//! What happens in a company between two looks at it: one change of permissions, people, places or texts at a time.
//!
//! A change names things as people do, so that it still means the same after a company was made smaller around it; where
//! what it names is gone, nothing happens. Each is applied to the state directly, with the stamps that its route would set.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::names::Names;
use super::{Draw, Size};
use crate::state::World;
use crate::state::content::{Content, RestrictedOperation, Status, Subjects};
use crate::state::issue::{FieldValue, adf};
use crate::state::project::{Grant, LevelMember};
use crate::state::space::SpacePermission;

/// One change. Lists hold what lists of world files hold.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Change {
    /// Replaces the list of viewers; an empty one lifts the restriction.
    View {
        page: String,
        list: Vec<String>,
    },
    /// Moves content with all below it; `None` is the root of its space.
    Move {
        page: String,
        under: Option<String>,
    },
    /// Moves content with all below it to the root of another space.
    MoveToSpace {
        page: String,
        space: String,
    },
    /// Gives another title.
    Retitle {
        page: String,
        title: String,
    },
    /// Takes a secret out of a page, then lifts the restriction that kept it.
    Disclose {
        page: String,
        title: String,
    },
    /// Current, archived, trashed, draft.
    PageStatus {
        page: String,
        status: String,
    },
    /// Removes content for good.
    Purge {
        page: String,
    },
    /// Who reads a space by permission rows.
    Readers {
        space: String,
        list: Vec<String>,
    },
    /// Archives a space or takes it out.
    ArchiveSpace {
        space: String,
        archived: bool,
    },
    /// Takes all assignments of roles from a space.
    NoRoles {
        space: String,
    },
    Join {
        person: String,
        group: String,
    },
    Leave {
        person: String,
        group: String,
    },
    RenameGroup {
        group: String,
        name: String,
    },
    DeleteGroup {
        group: String,
    },
    Active {
        person: String,
        active: bool,
    },
    /// Gives a project another permission scheme.
    Scheme {
        project: String,
        scheme: String,
    },
    /// Replaces the holders of Browse in a scheme.
    Browse {
        scheme: String,
        holders: Vec<String>,
    },
    /// Replaces the members of a level.
    Level {
        level: String,
        members: Vec<String>,
    },
    /// Puts an issue into a level of its project's scheme, or out of all.
    Secure {
        issue: String,
        level: Option<String>,
    },
    /// Replaces the actors of a role in a project.
    Actors {
        project: String,
        role: String,
        list: Vec<String>,
    },
    Lead {
        project: String,
        person: String,
    },
    Report {
        issue: String,
        person: String,
    },
    Assign {
        issue: String,
        person: Option<String>,
    },
    /// Puts a person into `Approver` and a group into `Team`.
    Fields {
        issue: String,
        person: String,
        group: String,
    },
    MoveIssue {
        issue: String,
        project: String,
    },
    DeleteIssue {
        issue: String,
    },
    ArchiveProject {
        project: String,
        archived: bool,
    },
    Rekey {
        project: String,
        key: String,
    },
    /// Replaces the audience of a comment: `group:…`, `role:…`, or all who see the issue.
    Audience {
        comment: String,
        only: Option<String>,
    },
    /// Adds a comment to an issue.
    Note {
        issue: String,
        text: String,
        only: Option<String>,
    },
    DeleteNote {
        comment: String,
    },
    /// Adds a page below another.
    Page {
        under: String,
        title: String,
        view: Vec<String>,
    },
    /// Adds an issue.
    Issue {
        project: String,
        summary: String,
    },
}

impl Change {
    /// Applies the change. False where something that it names is not there, and nothing happened.
    pub fn apply(&self, world: &mut World) -> bool {
        world.clock.advance(1_000);
        self.apply_to_wiki(world)
            .or_else(|| self.apply_to_people(world))
            .or_else(|| self.apply_to_jira(world))
            .is_some()
    }

    fn apply_to_wiki(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::View { page, list } => {
                let (page, subjects) = (names.content(page)?.id, names.subjects(list)?);
                world.restrict(page, RestrictedOperation::Read, subjects).then_some(())
            }
            Self::Move { page, under } => {
                let page = names.content(page)?;
                let under = under.as_deref().map(|under| names.content(under).ok_or(())).transpose().ok()?;
                let space = under.map_or(page.space, |under| under.space);
                let (page, under) = (page.id, under.map(|under| under.id));
                world.move_content(page, space, under).then_some(())
            }
            Self::MoveToSpace { page, space } => {
                let (page, space) = (names.content(page)?.id, names.space(space)?);
                world.move_content(page, space, None).then_some(())
            }
            Self::Retitle { page, title } => {
                let (page, author) = (names.content(page)?.id, names.content(page)?.author.clone());
                world.edit_content(page, &author, Some(title.clone()), None, "").then_some(())
            }
            Self::Disclose { page, title } => {
                let (page, author) = (names.content(page)?.id, names.content(page)?.author.clone());
                world.edit_content(page, &author, Some(title.clone()), Some("<p>Nothing.</p>".into()), "");
                world.restrict(page, RestrictedOperation::Read, Subjects::default()).then_some(())
            }
            Self::PageStatus { page, status } => {
                let page = names.content(page)?.id;
                let all = [Status::Current, Status::Archived, Status::Trashed, Status::Draft];
                let status = all.into_iter().find(|known| known.as_str() == status)?;
                world.set_status(page, status).then_some(())
            }
            Self::Purge { page } => {
                let page = names.content(page)?.id;
                world.purge_content(page).then_some(())
            }
            Self::Readers { space, list } => {
                let space = names.space(space)?;
                let rows: Option<Vec<_>> = list.iter().map(|text| names.space_principal(text)).collect();
                let rows = rows?;
                let stored = world.confluence.spaces.get_mut(&space)?;
                stored
                    .permissions
                    .retain(|row: &SpacePermission| row.operation != "read" && row.operation != "administer");
                for principal in rows {
                    world.grant_space(space, principal, "read", "space");
                }
                Some(())
            }
            Self::ArchiveSpace { space, archived } => {
                let space = names.space(space)?;
                world.confluence.spaces.get_mut(&space)?.archived = *archived;
                Some(())
            }
            Self::NoRoles { space } => {
                let space = names.space(space)?;
                world.confluence.spaces.get_mut(&space)?.role_assignments.clear();
                Some(())
            }
            Self::Page { under, title, view } => {
                let (above, view) = (names.content(under)?.clone(), names.subjects(view)?);
                let new = super::names::page_below(&above, title);
                let made = world.create_content(new);
                world.restrict(made, RestrictedOperation::Read, view).then_some(())
            }
            _ => None,
        }
    }

    fn apply_to_people(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::Join { person, group } | Self::Leave { person, group } => {
                let (person, group) = (names.account(person)?, names.group(group)?);
                let joins = matches!(self, Self::Join { .. });
                world.set_member(&group, &person, joins).then_some(())
            }
            Self::RenameGroup { group, name } => {
                let id = names.group(group)?;
                let mut renamed = world.directory.group(&id)?.clone();
                renamed.name.clone_from(name);
                world.directory.put_group(renamed);
                Some(())
            }
            Self::DeleteGroup { group } => {
                let group = names.group(group)?;
                world.delete_group(&group).then_some(())
            }
            Self::Active { person, active } => {
                let person = names.account(person)?;
                world.set_active(&person, *active).then_some(())
            }
            _ => None,
        }
    }

    fn apply_to_jira(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::Scheme { project, scheme } => {
                let scheme = names.scheme(scheme)?;
                names.project(project)?.clone().put(world, |project| project.permission_scheme = scheme)
            }
            Self::Browse { scheme, holders } => {
                let scheme = names.scheme(scheme)?;
                let holders: Option<Vec<_>> = holders.iter().map(|text| names.holder(text)).collect();
                let holders = holders?;
                let ids: Vec<u64> = holders.iter().map(|_| world.jira.take_id("grant") + 100).collect();
                let stored = world.jira.permission_schemes.get_mut(&scheme)?;
                stored.grants.retain(|grant| grant.permission != "BROWSE_PROJECTS");
                let permission = "BROWSE_PROJECTS".to_owned();
                let grants = ids.into_iter().zip(holders);
                stored.grants.extend(grants.map(|(id, holder)| Grant { id, holder, permission: permission.clone() }));
                Some(())
            }
            Self::Level { level, members } => {
                let level = names.level(level)?;
                let holders: Option<Vec<_>> = members.iter().map(|text| names.holder(text)).collect();
                let holders = holders?;
                let ids: Vec<u64> = holders.iter().map(|_| world.jira.take_id("level member")).collect();
                let mut levels = world.jira.security_schemes.values_mut().flat_map(|scheme| &mut scheme.levels);
                let stored = levels.find(|stored| stored.id == level)?;
                stored.members = ids.into_iter().zip(holders).map(|(id, holder)| LevelMember { id, holder }).collect();
                Some(())
            }
            Self::Actors { project, role, list } => {
                let (role, subjects) = (names.role(role)?, names.subjects(list)?);
                let actors = super::names::actors(subjects);
                names.project(project)?.clone().put(world, |project| drop(project.roles.insert(role, actors)))
            }
            Self::Lead { project, person } => {
                let person = names.account(person)?;
                names.project(project)?.clone().put(world, |project| project.lead = person)
            }
            Self::ArchiveProject { project, archived } => {
                names.project(project)?.clone().put(world, |project| project.archived = *archived)
            }
            Self::Rekey { project, key } => {
                let project = names.project(project)?.id;
                world.rename_project_key(project, key).then_some(())
            }
            Self::Issue { project, summary } => {
                let (project, lead) = (names.project(project)?.id, names.project(project)?.lead.clone());
                world.create_issue(project, summary, &lead, |_| {}).map(drop)
            }
            _ => self.apply_to_issues(world),
        }
    }

    fn apply_to_issues(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::Secure { issue, level } => {
                let issue = names.issue(issue)?;
                let scheme = world.jira.projects.get(&issue.project)?.security_scheme;
                let levels =
                    scheme.and_then(|scheme| world.jira.security_schemes.get(&scheme)).map(|found| &found.levels);
                let level = match level {
                    None => None,
                    Some(name) => Some(levels?.iter().find(|level| level.name == *name)?.id),
                };
                let (id, by) = (issue.id, issue.creator.clone());
                world.edit_issue(id, &by, Vec::new(), |issue| issue.security = level).then_some(())
            }
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
                let edit = |issue: &mut crate::state::issue::Issue| {
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

/// The next change of a company as it is now. `n` makes the names of new things unlike all others.
pub fn draw(world: &World, size: Size, n: usize, rng: &mut Rng) -> Change {
    let mut draw = Draw { rng: rng.clone(), size };
    let drawn = super::drawn_change::draw(world, n, &mut draw);
    *rng = draw.rng;
    drawn
}

/// What a listing shows of content without being asked for its status.
pub(super) fn living(content: &Content) -> bool {
    content.status == Status::Current
}
