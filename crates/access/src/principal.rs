//! Whom a source can name in a grant: typed, and always per source.
//!
//! A source is one product of one site. Cloud groups are shared between the products of a site, so a group alone says
//! nothing about a product; that is why every principal carries its source. Never an e-mail, never a display name.
//! These products know no negative grants.

use std::fmt;
use std::str::FromStr;

/// One product of one site; given by the store, never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SourceId(pub u32);

/// A user as the source itself identifies one.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum UserId {
    /// Cloud: `accountId`.
    Account(Box<str>),
    /// Data Center: `userKey`, which survives a rename of the user name.
    Key(Box<str>),
}

/// A group as the source itself identifies one.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Group {
    /// Cloud: `groupId`, which survives a rename.
    Id(Box<str>),
    /// Data Center: the name is the identity.
    Name(Box<str>),
}

/// A class of users that the product resolves by itself (sheet section 2.2, `ACCESS_CLASS`; Jira `applicationRole`).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum AccessClass {
    /// Everyone with access to the product, guests excepted.
    LicensedUsers,
    /// Everyone who is signed in and has access to the product.
    SignedInUsers,
    /// Administrators of the product.
    ProductAdmins,
    /// Administrators of service projects.
    ServiceProjectAdmins,
    /// Members of the groups of one Jira application, such as `jira-software`.
    ApplicationRole(Box<str>),
}

/// What a grant names.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Holder {
    /// One user.
    User(UserId),
    /// All members of a group, guests excepted.
    Group(Group),
    /// The guests among a group's members. A list of viewers of a page admits them; readers of a space named by a group do
    /// not hold them, because a guest enters a space by its own name only.
    GuestsOf(Group),
    /// All users of a class.
    Class(AccessClass),
    /// Everybody. Fossick has no anonymous search, so this means every person with access to the product.
    Anyone,
}

/// A holder on one source.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Principal {
    /// The product of the site on which the grant was made.
    pub source: SourceId,
    /// Whom the grant names there.
    pub holder: Holder,
}

impl Principal {
    /// Names `holder` on `source`.
    pub fn new(source: SourceId, holder: Holder) -> Self {
        Self { source, holder }
    }

    /// A Cloud user.
    pub fn account(source: SourceId, account_id: &str) -> Self {
        Self::new(source, Holder::User(UserId::Account(account_id.into())))
    }

    /// A Cloud group.
    pub fn group(source: SourceId, group_id: &str) -> Self {
        Self::new(source, Holder::Group(Group::Id(group_id.into())))
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Key(key) => write!(f, "userkey:{key}"),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "group:{id}"),
            Self::Name(name) => write!(f, "groupname:{name}"),
        }
    }
}

impl fmt::Display for AccessClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LicensedUsers => f.write_str("class:licensed-users"),
            Self::SignedInUsers => f.write_str("class:signed-in-users"),
            Self::ProductAdmins => f.write_str("class:product-admins"),
            Self::ServiceProjectAdmins => f.write_str("class:service-project-admins"),
            Self::ApplicationRole(key) => write!(f, "role:{key}"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Group(group) => group.fmt(f),
            Self::GuestsOf(group) => write!(f, "guests-of:{group}"),
            Self::Class(class) => class.fmt(f),
            Self::Anyone => f.write_str("anyone"),
        }
    }
}

/// A stored holder that this version cannot read. Treat it as nobody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownHolder(pub String);

impl fmt::Display for UnknownHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a holder that this version knows", self.0)
    }
}

impl std::error::Error for UnknownHolder {}

impl FromStr for UserId {
    type Err = UnknownHolder;

    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        match text.split_once(':') {
            Some(("account", id)) => Ok(Self::Account(id.into())),
            Some(("userkey", key)) => Ok(Self::Key(key.into())),
            _ => Err(UnknownHolder(text.to_owned())),
        }
    }
}

impl FromStr for Group {
    type Err = UnknownHolder;

    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        match text.split_once(':') {
            Some(("group", id)) => Ok(Self::Id(id.into())),
            Some(("groupname", name)) => Ok(Self::Name(name.into())),
            _ => Err(UnknownHolder(text.to_owned())),
        }
    }
}

impl FromStr for Holder {
    type Err = UnknownHolder;

    /// Reads what `Display` wrote.
    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        if text == "anyone" {
            return Ok(Self::Anyone);
        }
        let (kind, rest) = text.split_once(':').ok_or_else(|| UnknownHolder(text.to_owned()))?;
        let class = match (kind, rest) {
            ("account" | "userkey", _) => return text.parse().map(Self::User),
            ("group" | "groupname", _) => return text.parse().map(Self::Group),
            ("guests-of", group) => return group.parse().map(Self::GuestsOf),
            ("role", key) => AccessClass::ApplicationRole(key.into()),
            ("class", "licensed-users") => AccessClass::LicensedUsers,
            ("class", "signed-in-users") => AccessClass::SignedInUsers,
            ("class", "product-admins") => AccessClass::ProductAdmins,
            ("class", "service-project-admins") => AccessClass::ServiceProjectAdmins,
            _ => return Err(UnknownHolder(text.to_owned())),
        };
        Ok(Self::Class(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_holder_survives_being_written_and_read() {
        let holders = [
            Holder::Anyone,
            Holder::User(UserId::Account("557058:a-b".into())),
            Holder::User(UserId::Key("JIRAUSER10100".into())),
            Holder::Group(Group::Id("g-1".into())),
            Holder::Group(Group::Name("jira users: all".into())),
            Holder::GuestsOf(Group::Id("g-1".into())),
            Holder::Class(AccessClass::LicensedUsers),
            Holder::Class(AccessClass::SignedInUsers),
            Holder::Class(AccessClass::ProductAdmins),
            Holder::Class(AccessClass::ServiceProjectAdmins),
            Holder::Class(AccessClass::ApplicationRole("jira-software".into())),
        ];
        for holder in holders {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
    }

    #[test]
    fn an_unknown_holder_is_an_error_and_never_anyone() {
        for text in ["", "everyone", "class:robots", "Anyone", "user:x"] {
            assert!(text.parse::<Holder>().is_err(), "{text}");
        }
    }
}
