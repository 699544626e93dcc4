//! What is kept between two reads so that it is not asked for again. Losing it costs calls and nothing else.

use crate::jira::cloud::document::Fields;
use crate::jira::cloud::permissions::{Actors, Schemes, Security};
use model::ClauseKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The roles of one project by name; `None` when they may not be read.
pub(super) type RoleNames = Option<Arc<BTreeMap<String, String>>>;

/// One page of the listing of ids.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ListedPage {
    /// The projects asked for: the first of them, and how many.
    pub(super) projects: (usize, usize),
    /// The token that the page was asked with.
    pub(super) token: Option<String>,
    /// Ids in rising order.
    pub(super) ids: Arc<[u64]>,
    /// The token of the page behind it.
    pub(super) next: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) schemes: Option<Arc<Schemes>>,
    pub(super) security: Option<Arc<Option<Security>>>,
    pub(super) fields: Option<Arc<Fields>>,
    /// By project and role.
    pub(super) actors: BTreeMap<(String, String), Actors>,
    /// By project.
    pub(super) role_names: BTreeMap<String, RoleNames>,
    /// By project.
    pub(super) leads: BTreeMap<String, Option<String>>,
    /// Everybody who may sign in; the reason if they may not be listed.
    pub(super) people: Option<Result<Vec<String>, String>>,
    /// Ids of groups by name; `None` when no group has the name or groups may not be read.
    pub(super) groups: BTreeMap<String, Option<String>>,
    /// Levels whose clauses the containers stream has handed over.
    pub(super) levels: BTreeSet<ClauseKey>,
    pub(super) page: Option<ListedPage>,
    /// Whether Jira refuses to tell the states of a thousand issues at once.
    pub(super) narrow: bool,
}

/// Shared by the streams of one source.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<Kept>);

impl Cache {
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything: a crawl begins and must read permissions anew.
    pub(super) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    /// Forgets what the issues stream has asked for, except what the containers stream has read for this crawl.
    pub(super) fn clear_issues(&self) {
        let mut kept = self.lock();
        kept.fields = None;
        kept.page = None;
        kept.role_names.clear();
        kept.groups.clear();
    }
}
