//! Changes of spaces and their readers.

use super::Change;
use crate::drawn::names::Names;
use crate::state::World;
use crate::state::space::SpacePermission;

impl Change {
    pub(super) fn apply_to_spaces(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
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
            Self::Exporters { space, list } => {
                let space = names.space(space)?;
                let rows: Option<Vec<_>> = list.iter().map(|text| names.space_principal(text)).collect();
                for principal in rows? {
                    world.grant_space(space, principal, "export", "space");
                }
                Some(())
            }
            Self::ArchiveSpace { space, archived } => {
                let space = names.space(space)?;
                world.confluence.spaces.get_mut(&space)?.archived = *archived;
                Some(())
            }
            Self::RoleReads { role, reads } => {
                let role = world.confluence.space_roles.values_mut().find(|known| known.name == *role)?;
                let changed = if *reads {
                    role.permissions.insert("read/space".to_owned())
                } else {
                    role.permissions.remove("read/space")
                };
                changed.then_some(())
            }
            Self::NoRoles { space } => {
                let space = names.space(space)?;
                world.confluence.spaces.get_mut(&space)?.role_assignments.clear();
                Some(())
            }
            _ => None,
        }
    }
}
