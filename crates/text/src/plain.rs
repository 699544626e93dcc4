//! Plain text (single-line fields, descriptions without markup): paragraphs at empty lines.

use crate::document::Text;
use crate::loss::Position;
use crate::writer::Writer;

/// Takes text as it is: an empty line separates paragraphs, other line ends are kept.
#[must_use]
pub fn parse(input: &str) -> Text {
    let mut out = Writer::default();
    let input = out.bounded(input, Position::Byte);
    write(&mut out, input);
    out.finish()
}

/// Writes text as paragraphs of the kind that is open.
pub(crate) fn write(out: &mut Writer, input: &str) {
    out.break_block();
    for line in input.lines() {
        if line.trim().is_empty() {
            out.break_block();
        } else {
            out.text(line);
            out.line_break();
        }
    }
    out.break_block();
}
