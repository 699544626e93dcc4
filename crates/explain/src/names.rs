//! What the products call the holders, fields and causes that decide.

use access::{AccessClass, DynamicHolder, Group, Hidden, Holder, Principal, SourceDirectory, UserId};
use std::collections::BTreeMap;

/// How many holders of a layer are named one by one.
const MOST_NAMED: usize = 12;

/// Why something is shown to nobody, as a message without a full stop.
pub fn reason(cause: Hidden) -> &'static str {
    match cause {
        Hidden::Unknown => "nothing is known yet about who may see it",
        Hidden::Pending => "its restrictions have not been read yet",
        Hidden::AncestorUnreadable => "a page, folder or other content above it cannot be read",
        Hidden::AncestorCycle => "the contents above it form a circle",
        Hidden::Unconfirmed => "it was missing in the last listing; that is not yet confirmed",
        Hidden::Forbidden => "the source refused to show who may see it",
        Hidden::NotUnderstood => "who may see it names something that Fossick cannot interpret",
        Hidden::Truncated => "the list of those who may see it was cut off at the source",
        Hidden::Stale => "who may see it was last read too long ago",
        Hidden::AwaitingIndex => "its new text is not in the index yet",
        Hidden::OutOfScope => "it lies outside what the settings include",
        Hidden::Deleted => "it was deleted at the source",
    }
}

/// The names of one source's people and groups, and of the fields that name some.
pub(crate) struct Names<'a> {
    directory: Option<&'a SourceDirectory>,
    fields: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Names<'a> {
    /// Names of people and groups; fields are called by their ids.
    pub(crate) fn of(directory: Option<&'a SourceDirectory>) -> Self {
        Self { directory, fields: None }
    }

    /// The same, with names of fields by their ids.
    pub(crate) fn with_fields(self, fields: &'a BTreeMap<String, String>) -> Self {
        Self { fields: Some(fields), ..self }
    }

    pub(crate) fn user(&self, id: &UserId) -> String {
        let known = self.directory.and_then(|directory| directory.users.get(id)).map(|user| user.display_name.as_str());
        match known {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("account {}", crate::whom::id_text(id)),
        }
    }

    pub(crate) fn group(&self, group: &Group) -> String {
        let (Group::Id(id) | Group::Name(id)) = group;
        let known = self.directory.and_then(|directory| directory.group_names.get(group));
        format!("group “{}”", known.map_or(&**id, String::as_str))
    }

    /// Whom a grant names.
    pub(crate) fn holder(&self, holder: &Holder) -> String {
        match holder {
            Holder::User(id) => self.user(id),
            Holder::Group(group) => self.group(group),
            Holder::GuestsOf(group) => format!("guests in the {}", self.group(group)),
            Holder::Class(class) => class_name(class),
            Holder::Anyone => "anyone".to_owned(),
        }
    }

    /// Whom a grant names, as the reason why it admits somebody who holds it.
    pub(crate) fn through(&self, principal: &Principal) -> String {
        match &principal.holder {
            Holder::User(_) => "by name".to_owned(),
            Holder::Group(group) => format!("through the {}", self.group(group)),
            Holder::GuestsOf(group) => format!("as a guest in the {}", self.group(group)),
            Holder::Class(class) => format!("as one of {}", class_name(class)),
            Holder::Anyone => "because anyone is let in".to_owned(),
        }
    }

    /// A field of an issue that names people.
    pub(crate) fn field(&self, field: &DynamicHolder) -> String {
        let known = |id: &str| self.fields.and_then(|fields| fields.get(id));
        let called = |id: &str| known(id).map_or_else(|| id.to_owned(), |name| format!("“{name}”"));
        match field {
            DynamicHolder::Reporter => "reporter".to_owned(),
            DynamicHolder::Assignee => "assignee".to_owned(),
            DynamicHolder::UserField(id) => format!("users in the field {}", called(id)),
            DynamicHolder::GroupField(id) => format!("groups in the field {}", called(id)),
        }
    }

    /// All holders of a layer, named up to a limit.
    pub(crate) fn list<'p>(
        &self,
        principals: impl Iterator<Item = &'p Principal>,
        fields: impl Iterator<Item = &'p DynamicHolder>,
    ) -> Vec<String> {
        let fields = fields.map(|field| format!("the {}", self.field(field)));
        let mut named: Vec<String> = fields.chain(principals.map(|principal| self.holder(&principal.holder))).collect();
        if named.len() > MOST_NAMED {
            let more = named.len() - MOST_NAMED;
            named.truncate(MOST_NAMED);
            named.push(format!("{more} more"));
        }
        named
    }
}

fn class_name(class: &AccessClass) -> String {
    match class {
        AccessClass::LicensedUsers => "all licensed users".to_owned(),
        AccessClass::SignedInUsers => "all signed-in users".to_owned(),
        AccessClass::ProductAdmins => "the product admins".to_owned(),
        AccessClass::ServiceProjectAdmins => "the service project admins".to_owned(),
        AccessClass::ApplicationRole(key) => format!("the users of {key}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::SourceId;

    #[test]
    fn groups_are_called_by_their_names_and_unknown_ones_by_their_ids() {
        let mut directory = SourceDirectory::unknown();
        directory.group_names.insert(Group::Id("g-1".into()), "Owls".to_owned());
        let fields = BTreeMap::from([("customfield_1".to_owned(), "Approvers".to_owned())]);
        let names = Names::of(Some(&directory)).with_fields(&fields);
        let field = |id: &str| names.field(&DynamicHolder::UserField(id.into()));
        assert_eq!(field("customfield_1"), "users in the field “Approvers”");
        assert_eq!(field("customfield_2"), "users in the field customfield_2");
        assert_eq!(names.through(&Principal::group(SourceId(1), "g-1")), "through the group “Owls”");
        assert_eq!(names.group(&Group::Id("g-2".into())), "group “g-2”");
        assert_eq!(names.user(&UserId::Account("a-1".into())), "account a-1");
    }

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        let many: Vec<_> = (0..20).map(|at| Principal::group(SourceId(1), &at.to_string())).collect();
        let named = Names::of(None).list(many.iter(), [DynamicHolder::Reporter].iter());
        assert_eq!((named.len(), named[0].as_str(), named[12].as_str()), (13, "the reporter", "9 more"));
    }
}
