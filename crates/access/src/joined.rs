//! How a person stands on a source, in words for administrators: as whom they search, or why they find nothing.
//!
//! Tells the same decision as [`Directory::viewer_of`](crate::Directory::viewer_of), with its reason; a test compares both.

use crate::{Directory, Join, Person, SourceId, Standing, UserId};

/// How a person stands on one source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Joined {
    /// Searches as this user, by name of an administrator or by e-mail.
    As {
        /// The user there.
        user: UserId,
        /// Whether an administrator named the user.
        mapped: bool,
    },
    /// Holds nothing there, for this reason.
    Nobody(NotJoined),
}

/// Why a person holds nothing on a source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotJoined {
    /// The source's directory was never read.
    NoDirectory,
    /// An administrator keeps the person from the source.
    Excluded,
    /// No active user there has the person's e-mail, or none that shows it.
    NoUser,
    /// Several active users have the e-mail, so none is taken.
    Ambiguous(Vec<UserId>),
    /// An administrator named a user who is not in the directory.
    Unknown(UserId),
    /// The user may not sign in at the source.
    Inactive(UserId),
    /// The user is a portal customer or an app.
    Outsider(UserId),
    /// The user has no access to the product, as far as can be read.
    WithoutProduct(UserId),
}

impl NotJoined {
    /// The stable name under which it is counted and shown in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDirectory => "no-directory",
            Self::Excluded => "excluded",
            Self::NoUser => "no-user",
            Self::Ambiguous(_) => "ambiguous",
            Self::Unknown(_) => "unknown-user",
            Self::Inactive(_) => "inactive",
            Self::Outsider(_) => "outsider",
            Self::WithoutProduct(_) => "without-product",
        }
    }

    /// What an administrator can do about it, in one sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoDirectory => "run a sync of the source",
            Self::Excluded => "let the account search the source again",
            Self::NoUser => {
                "correct the account's e-mail, add an organization key so that hidden addresses are known, or map the account"
            }
            Self::Ambiguous(_) => "map the account to one of the users",
            Self::Unknown(_) => "correct the mapping: no user of the source has this id",
            Self::Inactive(_) => "activate the user at the source, or map the account to another",
            Self::Outsider(_) => "map the account to a person's user; portal customers and apps find nothing",
            Self::WithoutProduct(_) => "give the user access to the product at the source",
        }
    }
}

impl Directory {
    /// How a person stands on one source.
    pub fn joined(&self, person: &Person, source: SourceId) -> Joined {
        if person.excluded.contains(&source) {
            return Joined::Nobody(NotJoined::Excluded);
        }
        let Some(directory) = self.source(source) else { return Joined::Nobody(NotJoined::NoDirectory) };
        let (user, mapped) = match self.join(person, source) {
            Join::Mapped(user) => (user, true),
            Join::Email(user) => (user, false),
            Join::Ambiguous(users) => return Joined::Nobody(NotJoined::Ambiguous(users)),
            Join::Nobody => return Joined::Nobody(NotJoined::NoUser),
        };
        match directory.standing(&user) {
            Standing::Member | Standing::Guest => Joined::As { user, mapped },
            Standing::Unlisted => Joined::Nobody(NotJoined::Unknown(user)),
            Standing::Inactive => Joined::Nobody(NotJoined::Inactive(user)),
            Standing::Outsider => Joined::Nobody(NotJoined::Outsider(user)),
            Standing::WithoutProduct | Standing::ProductUnknown => Joined::Nobody(NotJoined::WithoutProduct(user)),
        }
    }
}
