//! Changes of people and groups.

use super::Change;
use crate::drawn::names::Names;
use crate::state::World;

impl Change {
    pub(super) fn apply_to_people(&self, world: &mut World) -> Option<()> {
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
}
