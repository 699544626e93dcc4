//! The directory of one source as compressed bytes: one row per source, replaced as a whole.

use crate::StoreError;
use crate::codec::{Decoder, Encoder};
use access::{AccessClass, Group, Holder, ProductAccess, SourceDirectory, User};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

const WHAT: &str = "directory";

/// Equal directories give equal bytes.
pub(crate) fn to_bytes(directory: &SourceDirectory) -> Vec<u8> {
    let mut bytes = Encoder::new();
    bytes.length(directory.users.len());
    for (id, user) in &directory.users {
        bytes.text(&id.to_string());
        bytes.text(&user.display_name);
        bytes.byte(u8::from(user.email.is_some()));
        bytes.text(user.email.as_deref().unwrap_or_default());
        bytes.byte(u8::from(user.active) | u8::from(user.guest) << 1 | u8::from(user.outsider) << 2);
    }
    bytes.length(directory.group_names.len());
    for (group, name) in &directory.group_names {
        bytes.text(&group.to_string());
        bytes.text(name);
    }
    put_sets(&mut bytes, &directory.members);
    put_sets(&mut bytes, &directory.nested);
    match &directory.product_access {
        ProductAccess::Unknown => bytes.byte(0),
        ProductAccess::Groups(groups) => {
            bytes.byte(1);
            put_set(&mut bytes, groups);
        }
        ProductAccess::Users(users) => {
            bytes.byte(2);
            put_set(&mut bytes, users);
        }
    }
    let classes: BTreeMap<_, _> =
        directory.classes.iter().map(|(class, groups)| (Holder::Class(class.clone()), groups.clone())).collect();
    put_sets(&mut bytes, &classes);
    lz4_flex::compress_prepend_size(&bytes.done())
}

pub(crate) fn of_bytes(stored: &[u8]) -> Result<SourceDirectory, StoreError> {
    let plain = lz4_flex::decompress_size_prepended(stored).map_err(|_| StoreError::Unreadable { what: WHAT })?;
    let mut bytes = Decoder::new(&plain, WHAT)?;
    let mut directory = SourceDirectory::unknown();
    for _ in 0..bytes.number()? {
        let id = take(&mut bytes)?;
        let display_name = bytes.text()?.to_owned();
        let (has_email, email) = (bytes.byte()? == 1, bytes.text()?);
        let flags = bytes.byte()?;
        let (active, guest, outsider) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        let user = User { display_name, email: has_email.then(|| email.to_owned()), active, guest, outsider };
        directory.users.insert(id, user);
    }
    for _ in 0..bytes.number()? {
        directory.group_names.insert(take(&mut bytes)?, bytes.text()?.to_owned());
    }
    directory.members = take_sets(&mut bytes)?;
    directory.nested = take_sets(&mut bytes)?;
    directory.product_access = match bytes.byte()? {
        0 => ProductAccess::Unknown,
        1 => ProductAccess::Groups(take_set(&mut bytes)?),
        2 => ProductAccess::Users(take_set(&mut bytes)?),
        _ => return Err(StoreError::Unreadable { what: WHAT }),
    };
    for (holder, groups) in take_sets::<Holder, Group>(&mut bytes)? {
        if let Holder::Class(class) = holder {
            let class: AccessClass = class;
            directory.classes.insert(class, groups);
        }
    }
    Ok(directory)
}

fn put_set<T: Display>(bytes: &mut Encoder, set: &BTreeSet<T>) {
    bytes.length(set.len());
    set.iter().for_each(|item| bytes.text(&item.to_string()));
}

fn put_sets<K: Display, T: Display>(bytes: &mut Encoder, sets: &BTreeMap<K, BTreeSet<T>>) {
    bytes.length(sets.len());
    for (key, set) in sets {
        bytes.text(&key.to_string());
        put_set(bytes, set);
    }
}

fn take<T: FromStr>(bytes: &mut Decoder<'_>) -> Result<T, StoreError> {
    bytes.text()?.parse().map_err(|_| StoreError::Unreadable { what: WHAT })
}

fn take_set<T: FromStr + Ord>(bytes: &mut Decoder<'_>) -> Result<BTreeSet<T>, StoreError> {
    (0..bytes.number()?).map(|_| take(bytes)).collect()
}

fn take_sets<K: FromStr + Ord, T: FromStr + Ord>(
    bytes: &mut Decoder<'_>,
) -> Result<BTreeMap<K, BTreeSet<T>>, StoreError> {
    (0..bytes.number()?).map(|_| Ok((take(bytes)?, take_set(bytes)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::UserId;

    #[test]
    fn a_directory_survives_being_stored() {
        let ana = UserId::Account("a:1".into());
        let staff = Group::Name("all staff".into());
        let mut directory = SourceDirectory::unknown();
        let email = Some(String::new());
        let user = User { display_name: "Ana".into(), email, active: true, guest: false, outsider: true };
        directory.users.insert(ana.clone(), user);
        directory.users.insert(UserId::Key("k".into()), User::default());
        directory.group_names.insert(Group::Id("g-1".into()), "Owls".to_owned());
        directory.members.insert(staff.clone(), BTreeSet::from([ana.clone()]));
        directory.nested.insert(Group::Id("g".into()), BTreeSet::from([staff.clone()]));
        directory.classes.insert(AccessClass::ApplicationRole("jira".into()), BTreeSet::from([staff.clone()]));
        for product_access in [
            ProductAccess::Unknown,
            ProductAccess::Groups(BTreeSet::from([staff])),
            ProductAccess::Users(BTreeSet::from([ana])),
        ] {
            directory.product_access = product_access;
            assert_eq!(of_bytes(&to_bytes(&directory)).ok().as_ref(), Some(&directory));
        }
    }
}
