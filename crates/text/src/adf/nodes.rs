//! What each ADF node means for the text.

use serde_json::Value;

use super::{Step, date, extensions};
use crate::block::Kind;
use crate::reference::{Person, Relation, Target};
use crate::writer::Writer;

/// A string among a node's attributes.
pub(super) fn attr<'a>(node: &'a Value, name: &str) -> Option<&'a str> {
    node.get("attrs")?.get(name)?.as_str().filter(|value| !value.trim().is_empty())
}

/// Acts on the start of a node and says what its end does.
pub(super) fn opened<'a>(out: &mut Writer, node: &'a Value) -> Option<Step<'a>> {
    let kind = node.get("type").and_then(Value::as_str).unwrap_or_default();
    if inline(out, node, kind) {
        return None;
    }
    match kind {
        "doc"
        | "paragraph"
        | "rule"
        | "layoutSection"
        | "layoutColumn"
        | "mediaSingle"
        | "mediaGroup"
        | "taskList"
        | "decisionList"
        | "bodiedSyncBlock"
        | "multiBodiedExtension"
        | "extensionFrame" => Some(apart(out)),
        "heading" => {
            let level = node.get("attrs").and_then(|attrs| attrs.get("level")).and_then(Value::as_u64).unwrap_or(1);
            Some(enter(out, Kind::Heading(u8::try_from(level.clamp(1, 6)).unwrap_or(6))))
        }
        "bulletList" | "orderedList" => {
            out.enter_list(kind == "orderedList");
            Some(Step::LeaveList)
        }
        "listItem" => {
            out.enter_item();
            Some(Step::Leave)
        }
        "taskItem" | "blockTaskItem" => Some(enter(out, Kind::Task { done: attr(node, "state") == Some("DONE") })),
        "decisionItem" => Some(enter(out, Kind::Decision { decided: attr(node, "state") == Some("DECIDED") })),
        "blockquote" => Some(enter(out, Kind::Quote)),
        "panel" => Some(enter(out, Kind::Panel)),
        "caption" => Some(enter(out, Kind::Caption)),
        "codeBlock" => {
            out.enter_code(attr(node, "language"));
            Some(Step::Leave)
        }
        _ => structured(out, node, kind),
    }
}

/// Blocks with a title, with cells, or with a target.
fn structured<'a>(out: &mut Writer, node: &'a Value, kind: &str) -> Option<Step<'a>> {
    match kind {
        "expand" | "nestedExpand" => {
            out.block(Kind::Title, attr(node, "title").unwrap_or_default());
            Some(apart(out))
        }
        "table" => {
            out.enter_table();
            Some(Step::LeaveTable)
        }
        "tableRow" => {
            out.row();
            Some(Step::Break)
        }
        "tableHeader" | "tableCell" => {
            out.enter_cell(kind == "tableHeader");
            Some(Step::Leave)
        }
        "blockCard" | "embedCard" => {
            out.break_block();
            card(out, node);
            Some(Step::Break)
        }
        "syncBlock" => {
            if let Some(id) = attr(node, "resourceId") {
                out.reference(Relation::Include, Target::SyncBlock { id: id.to_owned() });
            }
            Some(apart(out))
        }
        "extension" | "bodiedExtension" => {
            out.break_block();
            extensions::block(out, node);
            Some(Step::Break)
        }
        _ => Some(unknown(out, node)),
    }
}

/// Nodes of running text. Says whether the node was one.
fn inline(out: &mut Writer, node: &Value, kind: &str) -> bool {
    match kind {
        "text" => text(out, node),
        "hardBreak" => out.line_break(),
        "mention" => mention(out, node),
        "emoji" => out.apart(attr(node, "text").or_else(|| attr(node, "shortName")).unwrap_or_default()),
        "date" => {
            let stamp = node.get("attrs").and_then(|attrs| attrs.get("timestamp"));
            out.apart(&stamp.and_then(date::iso).unwrap_or_default());
        }
        "status" => out.apart(attr(node, "text").unwrap_or_default()),
        "inlineCard" => card(out, node),
        // A hint of a template; it vanishes when someone writes there.
        "placeholder" => {}
        "media" | "mediaInline" => media(out, node),
        "inlineExtension" => extensions::inline(out, node),
        _ => return false,
    }
    true
}

fn apart<'a>(out: &mut Writer) -> Step<'a> {
    out.break_block();
    Step::Break
}

fn enter<'a>(out: &mut Writer, kind: Kind) -> Step<'a> {
    out.enter(kind);
    Step::Leave
}

fn text(out: &mut Writer, node: &Value) {
    let marks = node.get("marks").and_then(Value::as_array).into_iter().flatten();
    let mut links = marks.filter(|mark| mark.get("type").and_then(Value::as_str) == Some("link"));
    let href = links.find_map(|mark| attr(mark, "href"));
    out.link(href);
    match node.get("text") {
        Some(Value::String(text)) => out.text(text),
        Some(Value::Number(number)) => out.text(&number.to_string()),
        _ => {}
    }
    if let Some(href) = href {
        out.reference(Relation::Link, address(href));
    }
}

fn address(href: &str) -> Target {
    match href.strip_prefix('#') {
        Some(anchor) => Target::Anchor(anchor.to_owned()),
        None => Target::Url(href.to_owned()),
    }
}

fn mention(out: &mut Writer, node: &Value) {
    let shown = attr(node, "text").unwrap_or_default();
    // `@all` and `@here` name no person.
    let special = attr(node, "userType") == Some("SPECIAL");
    match attr(node, "id").filter(|id| !special && !matches!(*id, "all" | "here")) {
        Some(id) => out.mention(Person::AccountId(id.to_owned()), shown),
        None => out.apart(shown),
    }
}

/// A smart link shows its address. The title that the product resolves belongs to the target and is left out, unless
/// the body holds nothing else to show.
fn card(out: &mut Writer, node: &Value) {
    let data = node.get("attrs").and_then(|attrs| attrs.get("data"));
    let of_data = |name| data.and_then(|data| data.get(name)).and_then(Value::as_str).filter(|text| !text.is_empty());
    match attr(node, "url").or_else(|| of_data("url")) {
        Some(url) => {
            out.apart(url);
            out.reference(Relation::Link, Target::Url(url.to_owned()));
        }
        None => out.apart(of_data("name").unwrap_or_default()),
    }
    let source = node.get("attrs").and_then(|attrs| attrs.get("datasource"));
    let query = source.and_then(|source| source.pointer("/parameters/jql")).and_then(Value::as_str);
    if let Some(query) = query {
        out.reference(Relation::Embed, Target::Query(query.to_owned()));
    }
}

fn media(out: &mut Writer, node: &Value) {
    out.apart(attr(node, "alt").unwrap_or_default());
    if let Some(url) = attr(node, "url") {
        out.reference(Relation::Embed, Target::Url(url.to_owned()));
    } else if let Some(id) = attr(node, "id") {
        let collection = attr(node, "collection").unwrap_or_default().to_owned();
        out.reference(Relation::Embed, Target::Media { id: id.to_owned(), collection });
    }
}

/// A node of a type that is not known here: what its attributes show, then its content.
fn unknown<'a>(out: &mut Writer, node: &'a Value) -> Step<'a> {
    let leaf = node.get("content").is_none();
    let close = if leaf { Step::Pad } else { Step::Break };
    if leaf {
        out.pad();
    } else {
        out.break_block();
    }
    text(out, node);
    for name in ["title", "text", "description", "alt", "url"] {
        let value = node.get("attrs").and_then(|attrs| attrs.get(name));
        // Some attributes are objects that hold their text one level down.
        let shown = value.and_then(|value| value.as_str().or_else(|| value.get("text").and_then(Value::as_str)));
        if let Some(shown) = shown {
            out.apart(shown);
        }
    }
    if let Some(url) = attr(node, "url") {
        out.reference(Relation::Link, Target::Url(url.to_owned()));
    }
    close
}
