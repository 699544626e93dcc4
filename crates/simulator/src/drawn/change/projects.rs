//! Changes of projects, schemes, levels and roles.

use super::Change;
use crate::drawn::names::{Names, actors};
use crate::state::World;
use crate::state::project::{Grant, LevelMember};

impl Change {
    pub(super) fn apply_to_projects(&self, world: &mut World) -> Option<()> {
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
                let acting = actors(subjects);
                names.project(project)?.clone().put(world, |project| drop(project.roles.insert(role, acting)))
            }
            Self::Lead { project, person } => {
                let person = names.account(person)?;
                names.project(project)?.clone().put(world, |project| project.lead = person)
            }
            Self::ArchiveProject { project, archived } => {
                names.project(project)?.clone().put(world, |project| project.archived = *archived)
            }
            Self::TrashProject { project, trashed } => {
                names.project(project)?.clone().put(world, |project| project.deleted = *trashed)
            }
            Self::Rekey { project, key } => {
                let project = names.project(project)?.id;
                world.rename_project_key(project, key).then_some(())
            }
            Self::Issue { project, summary } => {
                let (project, lead) = (names.project(project)?.id, names.project(project)?.lead.clone());
                world.create_issue(project, summary, &lead, |_| {}).map(drop)
            }
            _ => None,
        }
    }
}
