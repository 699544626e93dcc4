//! A refusal of one call is an answer; only a failure ends the read.

use crate::http::CallError;
use sync::FetchError;

/// Tells a refused call, with its reason, from one that failed and ends the read.
///
/// A failure must not pass for a refusal: what is refused gets hidden, and a pause of the source would hide everything.
pub(crate) fn unless_refused<T>(result: Result<T, CallError>) -> Result<Result<T, String>, FetchError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.is_refusal() => Ok(Err(error.reason())),
        Err(error) => Err(error.into()),
    }
}
