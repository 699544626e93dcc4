//! `expand`: which parts of an answer are spelled out. `a.b.c` asks for `a` and `a.b`, too.

use crate::call::Call;

/// The parts that a request asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expand(Vec<String>);

impl Expand {
    /// Reads `expand`, repeated or separated by commas.
    pub(crate) fn of(call: &Call<'_>) -> Self {
        Self(call.query_list("expand").into_iter().map(str::to_owned).collect())
    }

    /// What the answer to a write spells out unless told otherwise.
    pub(crate) fn written() -> Self {
        let parts = ["body.storage", "version", "space", "history", "ancestors", "container"];
        Self(parts.into_iter().map(str::to_owned).collect())
    }

    /// What the answer to the making of a space spells out.
    pub(crate) fn made() -> Self {
        Self(["description.plain", "homepage", "permissions"].into_iter().map(str::to_owned).collect())
    }

    /// True when nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `path` or anything below it was asked for.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.iter().any(|own| own.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// What was asked for below `path`.
    pub(crate) fn below(&self, path: &str) -> Self {
        let inner = |own: &String| own.strip_prefix(path)?.strip_prefix('.').map(str::to_owned);
        Self(self.0.iter().filter_map(inner).collect())
    }

    /// True when any body is asked for, in any depth.
    pub(crate) fn has_bodies(&self) -> bool {
        self.0.iter().any(|own| own.split('.').any(|part| part == "body"))
    }
}
