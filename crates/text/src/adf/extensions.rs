//! Extensions: macros as ADF writes them. Their settings stand in `parameters.macroParams.NAME.value`.

use serde_json::Value;

use super::nodes::attr;
use crate::block::Kind;
use crate::reference::{Relation, Target};
use crate::writer::Writer;

/// An extension that stands apart: its title, its fallback text, its plain body.
pub(super) fn block(out: &mut Writer, node: &Value) {
    if points_elsewhere(out, node) {
        return;
    }
    if let Some(title) = setting(node, "title") {
        out.block(Kind::Title, title);
    }
    if let Some(text) = attr(node, "text") {
        out.text(text);
        out.break_block();
    }
    if let Some(body) = setting(node, "__bodyContent") {
        out.enter_code(setting(node, "language"));
        out.text(body);
        out.leave();
    }
}

/// An extension in running text.
pub(super) fn inline(out: &mut Writer, node: &Value) {
    if points_elsewhere(out, node) {
        return;
    }
    out.apart(setting(node, "title").unwrap_or_default());
    out.apart(attr(node, "text").unwrap_or_default());
}

fn setting<'a>(node: &'a Value, name: &str) -> Option<&'a str> {
    let settings = node.get("attrs")?.get("parameters")?.get("macroParams")?;
    settings.get(name)?.get("value")?.as_str().filter(|value| !value.trim().is_empty())
}

/// Notes what macros that show other documents point to. Says whether all visible text is another document's.
fn points_elsewhere(out: &mut Writer, node: &Value) -> bool {
    let relation = match attr(node, "extensionKey") {
        Some("include") => Relation::Include,
        Some("excerpt-include") => Relation::Excerpt,
        Some("jira") => {
            issues(out, node);
            return false;
        }
        _ => return false,
    };
    if let Some(title) = setting(node, "").or_else(|| setting(node, "page")) {
        out.reference(relation, Target::Page { title: title.to_owned(), space: None });
    }
    true
}

fn issues(out: &mut Writer, node: &Value) {
    if let Some(key) = setting(node, "key") {
        out.apart(key);
        out.reference(Relation::Embed, Target::Issue { key: key.to_owned() });
    }
    if let Some(query) = setting(node, "jqlQuery") {
        out.reference(Relation::Embed, Target::Query(query.to_owned()));
    }
}
