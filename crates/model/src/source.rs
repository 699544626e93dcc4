//! A source: one product of one site, what of it is wanted, and where it stands.

use crate::key::{UnknownCode, codes};
use crate::{ContainerKey, Cycles, Deletion, Duration, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which product a source is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// Spaces, pages, blog posts.
    Confluence,
    /// Projects and issues.
    Jira,
}

codes!(Product, "product", { Confluence => "confluence", Jira => "jira" });

/// Where the product runs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deployment {
    /// Atlassian Cloud.
    Cloud,
    /// An instance that a company runs itself.
    DataCenter,
}

codes!(Deployment, "deployment", { Cloud => "cloud", DataCenter => "data-center" });

/// Which kind of container.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContainerKind {
    /// A Confluence space of a team or the company.
    Space,
    /// A person's own Confluence space.
    PersonalSpace,
    /// A Jira project.
    Project,
}

codes!(ContainerKind, "kind of container", {
    Space => "space",
    PersonalSpace => "personal-space",
    Project => "project",
});

/// A space or project.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Container {
    /// Its native id.
    pub key: ContainerKey,
    /// What it is.
    pub kind: ContainerKind,
    /// The key that people use, such as `ENG`. It can change.
    pub short: String,
    /// Its name.
    pub name: String,
    /// Whether it is archived.
    pub archived: bool,
    /// Where a person opens it.
    pub url: String,
}

/// What of a source is wanted.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Keys of spaces or projects to read. Empty: all that the service account can see.
    pub include: Vec<String>,
    /// Keys of spaces or projects to leave out. Wins over `include`.
    pub exclude: Vec<String>,
    /// Whether archived spaces and projects are read.
    pub archived: bool,
    /// Whether personal spaces are read.
    pub personal: bool,
}

impl Scope {
    /// Whether a container is wanted. Keys compare without case, as both products treat them.
    pub fn admits(&self, container: &Container) -> bool {
        let named = |list: &[String]| list.iter().any(|key| key.eq_ignore_ascii_case(&container.short));
        if named(&self.exclude) || (container.archived && !self.archived) {
            return false;
        }
        if !self.include.is_empty() {
            return named(&self.include);
        }
        container.kind != ContainerKind::PersonalSpace || self.personal
    }
}

/// Which team-managed projects an administrator has declared to be open to everybody with the product.
///
/// Jira states that nowhere as a grant (sheet section 4.2). Projects go by id: a key can be given to another project.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenProjects {
    /// All that are not private, those to come included.
    pub all: bool,
    /// These.
    pub ids: BTreeSet<ContainerKey>,
}

impl OpenProjects {
    /// Whether a project that is not private was declared to be open.
    pub fn holds(&self, project: &str) -> bool {
        self.all || self.ids.iter().any(|id| id.0 == project)
    }
}

/// What an administrator decides about a source.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct SourceSettings {
    /// The product.
    pub product: Product,
    /// Where it runs.
    pub deployment: Deployment,
    /// The site, such as `acme.atlassian.net`.
    pub site: String,
    /// The site's cloud id, found when it was connected.
    pub cloud_id: String,
    /// What of it is wanted.
    pub scope: Scope,
    /// How old permissions may grow before what they decide for is hidden.
    pub permission_max_age: Duration,
    /// How often it is read.
    pub cycles: Cycles,
    /// How far deletion may go.
    pub deletion: Deletion,
    /// The most calls an hour that reading it may cost; `None`: as many as the source accepts.
    #[serde(default)]
    pub hourly_budget: Option<u32>,
    /// What an administrator vouches for, because the source does not tell it.
    #[serde(default)]
    pub open_projects: OpenProjects,
}

impl SourceSettings {
    /// The least hourly budget: with fewer calls no cycle would ever end.
    pub const LEAST_HOURLY_BUDGET: u32 = 100;

    /// The default limit on the age of permissions: a day.
    pub const DEFAULT_PERMISSION_MAX_AGE: Duration = Duration::hours(24);

    /// What an administrator may choose as the limit on the age of permissions: an hour to a week.
    pub const PERMISSION_MAX_AGES: std::ops::RangeInclusive<Duration> = Duration::hours(1)..=Duration::hours(7 * 24);

    /// A site as it is connected: nothing is left out, and everything is as it is unless somebody decides otherwise.
    pub fn of(product: Product, site: &str, cloud_id: &str) -> Self {
        Self {
            product,
            deployment: Deployment::Cloud,
            site: site.to_owned(),
            cloud_id: cloud_id.to_owned(),
            scope: Scope::default(),
            permission_max_age: Self::DEFAULT_PERMISSION_MAX_AGE,
            cycles: Cycles::default(),
            deletion: Deletion::default(),
            hourly_budget: None,
            open_projects: OpenProjects::default(),
        }
    }

    /// A name to show and to type, such as `acme.atlassian.net/confluence`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.site, self.product)
    }
}

/// Where a source stands. Times live in the state they belong to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum SourceState {
    /// Connected, but nothing is read before the first save or sync.
    Draft,
    /// Its first complete crawl is under way or due.
    Backfilling,
    /// A complete crawl has succeeded.
    Live {
        /// When it did.
        since: Millis,
    },
    /// The last crawl missed something.
    Degraded {
        /// When that was.
        since: Millis,
        /// What happened and what to do.
        reason: String,
    },
    /// The source refuses the credential.
    Unauthorized {
        /// Since when.
        since: Millis,
    },
    /// An administrator paused it.
    Paused,
    /// Its documents are being removed.
    Deleting,
}

/// What can happen to a source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SourceEvent {
    /// Settings were saved, or a sync was asked for.
    Wanted,
    /// A run read everything.
    CaughtUp(Millis),
    /// A run missed something or gave up.
    Failing {
        /// When.
        at: Millis,
        /// Why, for people.
        reason: String,
    },
    /// The credential was refused.
    Refused(Millis),
    /// An administrator paused the source.
    Paused,
    /// An administrator resumed it.
    Resumed,
    /// An administrator removed it.
    Removed,
}

/// An event that does not fit the state.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a source in state {from:?} cannot take {event:?}")]
pub struct InvalidTransition {
    /// The state before.
    pub from: SourceState,
    /// The event refused.
    pub event: SourceEvent,
}

impl SourceState {
    /// The state after `event`.
    pub fn next(self, event: SourceEvent) -> Result<Self, InvalidTransition> {
        use SourceState::{Backfilling, Degraded, Deleting, Draft, Live, Paused, Unauthorized};
        match (self, event) {
            (Deleting, event) => Err(InvalidTransition { from: Deleting, event }),
            (_, SourceEvent::Removed) => Ok(Deleting),
            (Draft | Unauthorized { .. }, SourceEvent::Wanted) => Ok(Backfilling),
            (state @ (Backfilling | Live { .. } | Degraded { .. }), SourceEvent::Wanted) => Ok(state),
            (Backfilling | Live { .. } | Degraded { .. } | Unauthorized { .. }, SourceEvent::CaughtUp(since)) => {
                Ok(Live { since })
            }
            (
                Backfilling | Live { .. } | Degraded { .. } | Unauthorized { .. },
                SourceEvent::Failing { at, reason },
            ) => Ok(Degraded { since: at, reason }),
            (Unauthorized { since }, SourceEvent::Refused(_)) => Ok(Unauthorized { since }),
            (Backfilling | Live { .. } | Degraded { .. }, SourceEvent::Refused(since)) => Ok(Unauthorized { since }),
            (Backfilling | Live { .. } | Degraded { .. } | Unauthorized { .. }, SourceEvent::Paused) => Ok(Paused),
            (Paused, SourceEvent::Resumed) => Ok(Backfilling),
            (from, event) => Err(InvalidTransition { from, event }),
        }
    }

    /// The stable name of the state.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Backfilling => "backfilling",
            Self::Live { .. } => "live",
            Self::Degraded { .. } => "degraded",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Paused => "paused",
            Self::Deleting => "deleting",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(short: &str, archived: bool, kind: ContainerKind) -> Container {
        let (name, url) = (short.to_owned(), String::new());
        Container { key: ContainerKey("1".into()), kind, short: short.into(), name, archived, url }
    }

    #[test]
    fn exclusion_wins_and_switches_are_off_by_default() {
        let scope = Scope { include: vec!["eng".into()], exclude: vec!["HR".into()], ..Scope::default() };
        assert!(scope.admits(&space("ENG", false, ContainerKind::Space)));
        assert!(!scope.admits(&space("HR", false, ContainerKind::Space)));
        assert!(!scope.admits(&space("OPS", false, ContainerKind::Space)));
        let all = Scope::default();
        assert!(!all.admits(&space("~ana", false, ContainerKind::PersonalSpace)));
        assert!(!all.admits(&space("OLD", true, ContainerKind::Space)));
        let more = Scope { archived: true, personal: true, ..Scope::default() };
        assert!(more.admits(&space("~ana", true, ContainerKind::PersonalSpace)));
    }

    #[test]
    fn every_state_takes_every_event_or_names_both() {
        let at = Millis(7);
        let states = [
            SourceState::Draft,
            SourceState::Backfilling,
            SourceState::Live { since: at },
            SourceState::Degraded { since: at, reason: "x".into() },
            SourceState::Unauthorized { since: at },
            SourceState::Paused,
            SourceState::Deleting,
        ];
        let events = [
            SourceEvent::Wanted,
            SourceEvent::CaughtUp(at),
            SourceEvent::Failing { at, reason: "y".into() },
            SourceEvent::Refused(at),
            SourceEvent::Paused,
            SourceEvent::Resumed,
            SourceEvent::Removed,
        ];
        let mut table = Vec::new();
        for state in states {
            for event in events.clone() {
                let next = state.clone().next(event.clone());
                if let Err(refused) = &next {
                    assert_eq!((&refused.from, &refused.event), (&state, &event));
                }
                table.push(next.map_or("-", |next| next.code()));
            }
        }
        let expected = "backfilling - - - - - deleting \
            backfilling live degraded unauthorized paused - deleting \
            live live degraded unauthorized paused - deleting \
            degraded live degraded unauthorized paused - deleting \
            backfilling live degraded unauthorized paused - deleting \
            - - - - - backfilling deleting \
            - - - - - - -";
        assert_eq!(table.join(" "), expected);
    }
}
