//! What a run asks of a stream, and how far back a reading of changes looks.

use crate::Stream;
use access::mutants::off;
use model::{Duration, Millis, Target};

/// How an adapter plans to read a stream; since when is the engine's to say.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Form {
    /// As [`Reading::Whole`].
    Whole,
    /// As [`Reading::Structure`].
    Structure,
    /// As [`Reading::Changes`]; a stream that was never read to its end is read whole.
    Changes,
}

/// What is asked of a stream in one run. It stays the same from the first batch to the last, also after a restart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reading {
    /// Everything, with bodies. What a complete listing does not name is missing.
    Whole,
    /// Everything by id, place, status and version; bodies only of what is not stored in that version, the rest as
    /// [`Item::Seen`](crate::Item::Seen). What a complete listing does not name is missing.
    Structure,
    /// What changed at the source since then, by the source's own clock; what is stored in that version is skipped or
    /// named as seen. Says nothing about what it leaves out.
    Changes {
        /// The stream's watermark less its [overlap](Stream::overlap).
        since: Millis,
    },
    /// Just these, because a run before could not read them. Reading more is harmless; it says nothing about the rest.
    Only(Vec<Target>),
}

impl Reading {
    /// Whether what a complete reading left out is missing at the source.
    pub fn proves_absence(&self) -> bool {
        matches!(self, Self::Whole | Self::Structure)
    }

    /// Whether everything up to the start of the reading is known once it has ended without a loss.
    pub fn moves_watermark(&self) -> bool {
        !matches!(self, Self::Only(_))
    }
}

/// The least overlap. A change becomes visible after the time that it bears: the source stamps it when a request
/// begins, on machines whose clocks differ, and rounds to the second in one answer and to the minute in another.
const LEAST_OVERLAP: Duration = Duration(5 * 60_000);

/// The overlap of streams whose changes are found through a search index, which lags behind by minutes.
const SEARCH_OVERLAP: Duration = Duration(15 * 60_000);

impl Stream {
    /// How much earlier than its watermark a reading of changes begins. What is read twice is dropped by its version.
    pub fn overlap(self) -> Duration {
        if off("sync.overlap") {
            return Duration(0);
        }
        match self {
            Self::Directory | Self::Containers => LEAST_OVERLAP,
            Self::Pages
            | Self::BlogPosts
            | Self::Issues
            | Self::Places
            | Self::FooterComments
            | Self::InlineComments
            | Self::Attachments
            | Self::Restrictions => SEARCH_OVERLAP,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stream_looks_back_five_minutes_or_more() {
        for stream in Stream::ALL {
            assert!(stream.overlap() >= LEAST_OVERLAP, "{stream}");
        }
    }
}
