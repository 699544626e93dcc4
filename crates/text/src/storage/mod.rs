//! Confluence storage format: an XHTML fragment with undeclared `ac:` and `ri:` elements and HTML's entities.
//!
//! One pass over the markup, with a stack of open elements on the heap. What each element means stands in `elements`,
//! macros and their settings in `macros`, links and resource identifiers in `links`.

mod elements;
mod entities;
#[cfg(test)]
mod hostile_tests;
mod links;
mod macros;
mod scan;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;

use crate::document::Text;
use crate::loss::{Loss, Position, Reason};

/// Reads a body as the `storage` representation gives it.
#[must_use]
pub fn parse(input: &str) -> Text {
    walk::Walk::new().run(input)
}

/// Reads a body from bytes; what is not UTF-8 is replaced and reported once, at its first byte.
#[must_use]
pub fn parse_bytes(input: &[u8]) -> Text {
    match String::from_utf8_lossy(input) {
        Cow::Borrowed(input) => parse(input),
        Cow::Owned(replaced) => {
            let mut text = parse(&replaced);
            let at = std::str::from_utf8(input).map_or_else(|fault| fault.valid_up_to(), |_| 0);
            text.losses.insert(0, Loss { reason: Reason::InvalidUtf8, position: Position::Byte(at) });
            text
        }
    }
}
