//! One layer of a decision: any of these principals is enough.

use crate::mutants::off;
use crate::{Hidden, Principal, Viewer};
use std::collections::BTreeSet;

/// A stored layer. Ids below [`ClauseId::FIRST_STORED`] are reserved for [`Hidden`] causes and admit nobody.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ClauseId(pub u32);

impl ClauseId {
    /// The first id that the store gives to a real layer.
    pub const FIRST_STORED: Self = Self(32);
}

/// A holder that differs from issue to issue (sheet section 4.1).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum DynamicHolder {
    /// The reporter.
    Reporter,
    /// The assignee.
    Assignee,
    /// The users in a custom field, by its id.
    UserField(Box<str>),
    /// The members of the groups in a custom field, by its id.
    GroupField(Box<str>),
}

/// The principals that stand in one issue's own fields, by holder.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Inline(Box<[(DynamicHolder, Principal)]>);

impl Inline {
    /// Keeps what an issue's fields name.
    pub fn new(mut entries: Vec<(DynamicHolder, Principal)>) -> Self {
        entries.sort();
        entries.dedup();
        Self(entries.into())
    }

    /// All entries, sorted.
    pub fn entries(&self) -> &[(DynamicHolder, Principal)] {
        &self.0
    }

    /// The entries that a clause with these dynamic holders looks at.
    pub(crate) fn named<'a>(
        &'a self,
        holders: &'a BTreeSet<DynamicHolder>,
    ) -> impl Iterator<Item = &'a (DynamicHolder, Principal)> {
        self.0.iter().filter(|(holder, _)| holders.contains(holder) || off("access.inline-by-holder"))
    }

    fn admits(&self, holders: &BTreeSet<DynamicHolder>, viewer: &Viewer) -> bool {
        self.named(holders).any(|(_, principal)| viewer.holds(principal))
    }
}

/// What a clause says of a viewer, before the issue's own fields are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// A principal that the viewer holds is listed.
    Yes,
    /// Nothing can admit the viewer here.
    No,
    /// Only the fields of the issue can tell.
    Depends,
}

/// How a layer admits somebody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Admission {
    /// The layer lists this principal, which the viewer holds.
    Listed(Principal),
    /// The layer admits whom a field of the issue names, and the field names this principal.
    Field(DynamicHolder, Principal),
}

/// Any of these principals is enough. An empty clause admits nobody.
///
/// There is no `Default`: a clause is made from what a source stated, or with [`Clause::nobody`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Clause {
    any_of: BTreeSet<Principal>,
    dynamic: BTreeSet<DynamicHolder>,
    hidden: Option<Hidden>,
}

impl Clause {
    /// The principals that a source stated.
    pub fn any_of(principals: impl IntoIterator<Item = Principal>) -> Self {
        Self { any_of: principals.into_iter().collect(), dynamic: BTreeSet::new(), hidden: None }
    }

    /// Adds holders that only the fields can resolve.
    #[must_use]
    pub fn or_dynamic(mut self, holders: impl IntoIterator<Item = DynamicHolder>) -> Self {
        self.dynamic.extend(holders);
        self
    }

    /// The answer when the layer could not be read: nobody, for this cause.
    pub fn nobody(cause: Hidden) -> Self {
        Self { any_of: BTreeSet::new(), dynamic: BTreeSet::new(), hidden: Some(cause) }
    }

    /// The principals listed.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.any_of.iter()
    }

    /// The dynamic holders listed.
    pub fn dynamic(&self) -> impl Iterator<Item = &DynamicHolder> {
        self.dynamic.iter()
    }

    /// Why the layer is closed for everybody, if it could not be read.
    pub fn hidden(&self) -> Option<Hidden> {
        self.hidden
    }

    /// What the listed principals alone say of the viewer.
    pub fn answer(&self, viewer: &Viewer) -> Answer {
        if self.hidden.is_some() {
            return Answer::No;
        }
        // Walks the shorter of the two sets: a space may name thousands, a viewer may be in hundreds of groups.
        let held = if self.any_of.len() <= viewer.len() {
            self.any_of.iter().any(|principal| viewer.holds(principal))
        } else {
            viewer.principals().any(|principal| self.any_of.contains(principal))
        };
        match (held, self.dynamic.is_empty()) {
            (true, _) => Answer::Yes,
            (false, true) => Answer::No,
            (false, false) => Answer::Depends,
        }
    }

    /// The whole decision of this layer for an issue whose fields name `inline`.
    pub fn admits(&self, viewer: &Viewer, inline: Option<&Inline>) -> bool {
        match self.answer(viewer) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Depends if off("access.dynamic-holders") => true,
            Answer::Depends => inline.is_some_and(|inline| inline.admits(&self.dynamic, viewer)),
        }
    }
    /// By which holder the layer admits the viewer: the most particular one, a user before a group before a class.
    /// `Some` exactly where [`admits`](Self::admits) says yes.
    pub fn admission(&self, viewer: &Viewer, inline: Option<&Inline>) -> Option<Admission> {
        if self.hidden.is_some() {
            return None;
        }
        // Holders sort from a user to anyone, and a layer's principals are of one source.
        if let Some(listed) = self.any_of.iter().find(|principal| viewer.holds(principal)) {
            return Some(Admission::Listed(listed.clone()));
        }
        let mut named = inline?.named(&self.dynamic);
        let (holder, principal) = named.find(|(_, principal)| viewer.holds(principal))?;
        Some(Admission::Field(holder.clone(), principal.clone()))
    }

    /// Everybody whom the layer names for an issue whose fields name `inline`; none if it is closed.
    pub(crate) fn holders<'a>(&'a self, inline: Option<&'a Inline>) -> impl Iterator<Item = &'a Principal> {
        let open = self.hidden.is_none();
        let fields = inline.into_iter().flat_map(|inline| inline.named(&self.dynamic)).map(|(_, principal)| principal);
        self.any_of.iter().chain(fields).filter(move |_| open)
    }
}
