//! The port behind which Atlassian's products stand.

use crate::{Batch, Cursor, Form, Known, Reading, Stream};
use async_trait::async_trait;
use model::RunKind;
use std::time::Duration;

/// One product of one site, as far as reading goes.
///
/// Implementations never write to the source, never sleep and never retry for long: pace and patience belong to the
/// engine. They keep nothing in memory that a restart would lose, except caches.
#[async_trait]
pub trait Source: Send + Sync {
    /// The streams that a run of this kind reads, and how, in any order; stages come from [`Stream::stage`]. For a retry:
    /// how the streams are read that are owed as a whole.
    fn plan(&self, kind: RunKind) -> Vec<(Stream, Form)>;

    /// Reads on from `cursor`, or from the start. From the start to the end of a stream `reading` is the same.
    ///
    /// - The same cursor may be read again, after an error or a crash; that must be harmless.
    /// - A record that cannot be understood becomes a problem of the batch, never an error of the call.
    /// - A cursor must move on: the engine ends a stream that returns the cursor it was given.
    /// - May block on the network; is cancelled by dropping.
    async fn read(
        &self,
        stream: Stream,
        reading: &Reading,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError>;

    /// Calls made to the source since it was created, for progress and cost.
    fn calls(&self) -> u64;
}

/// Why a read failed as a whole.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{endpoint}: {reason}")]
pub struct FetchError {
    /// What the engine does about it.
    pub kind: FetchErrorKind,
    /// Which call, as a template: `GET /wiki/api/v2/pages`.
    pub endpoint: String,
    /// What happened and what to do, for people. Never a secret.
    pub reason: String,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FetchErrorKind {
    /// The source asked to slow down; no sooner than this, if it said.
    Throttled {
        /// The wait that the source asked for.
        retry_after: Option<Duration>,
    },
    /// The source or the network failed; worth trying again.
    Unavailable,
    /// The credential is refused, everywhere: the run ends.
    Unauthorized,
    /// This one call is refused, the rest may work.
    Forbidden,
    /// The answer cannot be understood as a whole, or is larger than the limit.
    Malformed,
    /// The source does not take back a cursor that it gave: it has expired. The stream is read from its start.
    CursorRefused,
}

impl FetchError {
    /// Whether another try may help.
    pub fn is_transient(&self) -> bool {
        match self.kind {
            FetchErrorKind::Throttled { .. } | FetchErrorKind::Unavailable | FetchErrorKind::Malformed => true,
            // Where a batch takes several pages, it may have been the cursor between two of them.
            FetchErrorKind::CursorRefused => true,
            FetchErrorKind::Unauthorized | FetchErrorKind::Forbidden => false,
        }
    }
}
