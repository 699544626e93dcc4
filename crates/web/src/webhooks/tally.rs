//! How calls ended: counted in memory, written to the store once a second at most.
//!
//! A crash loses the counts of the last second. They are for people to see that calls arrive, and nothing follows from them.

use crate::failure::Failure;
use access::SourceId;
use model::Millis;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Store, WebhookCount};

/// How long after the first call that is not written yet all of them are written.
pub(super) const WRITTEN_AFTER: Duration = Duration::from_secs(1);

/// How a call to a source's address ended.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Outcome {
    /// It was a reason to look.
    Accepted,
    /// It carried no signature.
    Unsigned,
    /// The signature does not fit the secret and the body.
    WronglySigned,
    /// The same call was accepted before.
    SeenBefore,
    /// It was sent too long ago, or before the hub started.
    TooOld,
    /// It says that it was sent in the future.
    Ahead,
    /// The body is not what Jira sends.
    NotUnderstood,
    /// The body is larger than the hub takes.
    TooLarge,
    /// It came to the address that the source had before.
    FormerAddress,
}

impl Outcome {
    pub(crate) const ALL: [Self; 9] = [
        Self::Accepted,
        Self::Unsigned,
        Self::WronglySigned,
        Self::SeenBefore,
        Self::TooOld,
        Self::Ahead,
        Self::NotUnderstood,
        Self::TooLarge,
        Self::FormerAddress,
    ];

    /// Whether calls go on ending like that until somebody changes something.
    pub(crate) fn is_to_be_mended(self) -> bool {
        match self {
            Self::Unsigned | Self::WronglySigned | Self::Ahead | Self::NotUnderstood | Self::FormerAddress => true,
            Self::Accepted | Self::SeenBefore | Self::TooOld | Self::TooLarge => false,
        }
    }

    /// The stable name.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Unsigned => "unsigned",
            Self::WronglySigned => "wrongly-signed",
            Self::SeenBefore => "seen-before",
            Self::TooOld => "too-old",
            Self::Ahead => "ahead",
            Self::NotUnderstood => "not-understood",
            Self::TooLarge => "too-large",
            Self::FormerAddress => "former-address",
        }
    }
}

/// How often, and when last.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counted {
    pub(crate) count: u64,
    pub(crate) last_at: Millis,
}

impl Counted {
    fn add(&mut self, count: u64, last_at: Millis) {
        self.count += count;
        self.last_at = self.last_at.max(last_at);
    }
}

/// What is counted and not written yet.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Unwritten>);

#[derive(Default)]
struct Unwritten {
    counted: BTreeMap<(SourceId, Outcome), Counted>,
    /// Whether somebody will write it.
    is_awaited: bool,
}

impl Tally {
    fn lock(&self) -> MutexGuard<'_, Unwritten> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call. True if nobody sees to the writing yet: then the caller has to.
    pub(super) fn count(&self, source: SourceId, outcome: Outcome, at: Millis) -> bool {
        let mut unwritten = self.lock();
        unwritten.counted.entry((source, outcome)).or_default().add(1, at);
        !std::mem::replace(&mut unwritten.is_awaited, true)
    }

    /// Writes what is counted. What cannot be written stays counted, and is written with the calls that follow.
    pub(super) async fn write(&self, store: &Store) {
        let Unwritten { counted, .. } = std::mem::take(&mut *self.lock());
        let row = |(&(source, outcome), counted): (&(SourceId, Outcome), &Counted)| {
            let outcome = outcome.code().to_owned();
            (source, WebhookCount { outcome, count: counted.count, last_at: counted.last_at })
        };
        if let Err(error) = store.count_webhooks(counted.iter().map(row).collect()).await {
            tracing::error!(%error, "calls of webhooks could not be counted");
            let mut unwritten = self.lock();
            for (place, counted) in counted {
                unwritten.counted.entry(place).or_default().add(counted.count, counted.last_at);
            }
        }
    }

    /// All that was ever counted of a source.
    pub(crate) fn of(&self, store: &Store, source: SourceId) -> Result<BTreeMap<Outcome, Counted>, Failure> {
        let mut all: BTreeMap<Outcome, Counted> = BTreeMap::new();
        for stored in store.webhook_counts(source)? {
            // A count under a name of a later version is left to that version.
            let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.code() == stored.outcome);
            if let Some(outcome) = outcome {
                all.entry(outcome).or_default().add(stored.count, stored.last_at);
            }
        }
        let unwritten = self.lock();
        let ours = unwritten.counted.iter().filter(|((counted, _), _)| *counted == source);
        for (&(_, outcome), counted) in ours {
            all.entry(outcome).or_default().add(counted.count, counted.last_at);
        }
        Ok(all)
    }
}
