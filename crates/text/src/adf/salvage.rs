//! The last resort for JSON that does not parse: the values of its `text` keys, in order.
//!
//! Cut-off bodies and nesting beyond the JSON reader's limit end here. Structure is lost, words are not.

use crate::writer::Writer;

/// Writes every string that follows a `"text":` as a block of its own.
pub(super) fn write(out: &mut Writer, input: &str) {
    let mut rest = input;
    let mut after_text_key = false;
    while let Some(quote) = rest.find('"') {
        let before = rest[..quote].trim();
        let is_value = after_text_key && before == ":";
        let inner = &rest[quote + 1..];
        let end = string_end(inner);
        let raw = &inner[..end];
        if is_value {
            out.text(&unescape(raw));
            out.break_block();
        }
        after_text_key = !is_value && raw == "text";
        rest = inner.get(end + 1..).unwrap_or_default();
    }
}

/// Byte offset of a line and column, both from 1, as the JSON reader counts them.
pub(super) fn offset_of(input: &str, line: usize, column: usize) -> usize {
    let start: usize = input.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(input.len())
}

/// Position of the quote that ends a string, or the end of the input.
fn string_end(inner: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    inner.len()
}

/// The string's meaning; where an escape is broken, the string as written.
fn unescape(raw: &str) -> String {
    serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned())
}
