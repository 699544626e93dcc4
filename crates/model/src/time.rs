//! Points and spans of time, as the store keeps them.

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Millis(pub i64);

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Duration(pub i64);

impl Duration {
    /// A span of whole hours.
    pub const fn hours(hours: i64) -> Self {
        Self(hours * 3_600_000)
    }
}

impl Millis {
    /// How long after `earlier` this is; negative if it is before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration(self.0 - earlier.0)
    }
}
