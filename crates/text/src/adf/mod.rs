//! Atlassian Document Format: JSON nodes `{type, attrs?, content?, marks?, text?}`, in Jira and in Confluence.
//!
//! Walked with a stack on the heap. Unknown nodes are read, not skipped: their content, and what their attributes call
//! text, title, alternative text or address.

mod date;
mod extensions;
mod nodes;
mod salvage;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::document::Text;
use crate::loss::{Position, Reason};
use crate::plain;
use crate::writer::Writer;

/// Reads a document that is parsed already. `null` is an empty document, a string is plain text.
#[must_use]
pub fn parse(document: &Value) -> Text {
    let mut out = Writer::default();
    write(&mut out, document);
    out.finish()
}

/// Reads a document from its JSON. What is no JSON, or nested beyond what JSON readers accept, still gives its texts.
#[must_use]
pub fn parse_str(input: &str) -> Text {
    let mut out = Writer::default();
    let bounded = out.bounded(input, Position::Byte);
    match serde_json::from_str::<Value>(bounded) {
        Ok(document) => write(&mut out, &document),
        Err(_) if bounded.trim().is_empty() => {}
        Err(fault) => {
            let at = salvage::offset_of(bounded, fault.line(), fault.column());
            out.loss(Reason::Json(fault.to_string()), Position::Byte(at));
            salvage::write(&mut out, bounded);
        }
    }
    out.finish()
}

/// Writes a node and everything below it.
pub(crate) fn write(out: &mut Writer, root: &Value) {
    let mut steps = vec![Step::Visit(root)];
    let mut count = 0;
    while let Some(step) = steps.pop() {
        match step {
            Step::Visit(node) => {
                visit(out, node, &mut steps, count);
                count += 1;
            }
            Step::Leave => out.leave(),
            Step::LeaveList => out.leave_list(),
            Step::LeaveTable => out.leave_table(),
            Step::Break => out.break_block(),
            Step::Pad => out.pad(),
        }
    }
}

/// What is left to do.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Visit(&'a Value),
    Leave,
    LeaveList,
    LeaveTable,
    Break,
    Pad,
}

fn visit<'a>(out: &mut Writer, node: &'a Value, steps: &mut Vec<Step<'a>>, count: usize) {
    match node {
        Value::Null => {}
        Value::Object(_) => {
            let close = nodes::opened(out, node);
            steps.extend(close);
            match node.get("content") {
                None | Some(Value::Null) => {}
                Some(Value::Array(content)) => steps.extend(content.iter().rev().map(Step::Visit)),
                Some(other) => {
                    out.loss(Reason::Shape, Position::Node(count));
                    steps.push(Step::Visit(other));
                }
            }
        }
        Value::Array(content) => {
            if count > 0 {
                out.loss(Reason::Shape, Position::Node(count));
            }
            steps.extend(content.iter().rev().map(Step::Visit));
        }
        Value::String(text) if count == 0 => plain::write(out, text),
        Value::String(text) => {
            out.loss(Reason::Shape, Position::Node(count));
            out.apart(text);
        }
        Value::Bool(_) | Value::Number(_) => out.loss(Reason::Shape, Position::Node(count)),
    }
}
