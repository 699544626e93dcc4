//! Tantivy trusts its files. Where it reads one that was damaged it may panic instead of failing, and a damaged index
//! must cost neither the indexer's thread nor a search without a word.

use std::panic::{AssertUnwindSafe, catch_unwind};
use tantivy::TantivyError;

/// Runs `work`; a panic becomes an error. Nothing that `work` has changed may be used after an error.
pub(crate) fn shielded<T>(work: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
        let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(TantivyError::SystemError(format!("a file cannot be read: {}", words.unwrap_or_default())))
    })
}
