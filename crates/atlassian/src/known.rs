//! What both products ask of what the store knows already.

use model::{Container, Problem, ProblemKind, Scope};
use std::collections::BTreeSet;
use sync::{FetchError, FetchErrorKind, Item, JournalError, Known};

/// The store did not answer, which is no fault of the source.
#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
pub(crate) fn store_failed(error: JournalError) -> FetchError {
    FetchError { kind: FetchErrorKind::Unavailable, endpoint: "store".to_owned(), reason: error.to_string() }
}

/// Keys of the include list that no container has, once the listing has come to its end with `items`: mistyped, renamed, or
/// hidden from the service account. Nothing is lost by one, but where no key is known nothing is read.
pub(crate) fn unseen(scope: &Scope, known: &dyn Known, items: &[Item]) -> Result<Vec<Problem>, FetchError> {
    if scope.include.is_empty() {
        return Ok(Vec::new());
    }
    let stored = known.containers().map_err(store_failed)?;
    let read = items.iter().filter_map(|item| match item {
        Item::Container(container) => Some(container),
        _ => None,
    });
    let keys: BTreeSet<String> = stored.iter().chain(read).map(key).collect();
    let unseen = scope.include.iter().filter(|wanted| !keys.contains(&wanted.to_ascii_uppercase()));
    Ok(unseen.map(|wanted| notice(wanted)).collect())
}

fn key(container: &Container) -> String {
    container.short.to_ascii_uppercase()
}

fn notice(key: &str) -> Problem {
    let reason = "it is in the list of what is read, but the service account sees nothing with this key; correct the key, or \
                  let the service account see it";
    Problem::new(ProblemKind::Notice, format!("key {key}"), reason)
}
