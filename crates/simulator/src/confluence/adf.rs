//! Storage format as an Atlassian document: `body-format=atlas_doc_format`.
//!
//! Headings, paragraphs, lists, tables, code, panels, expands, tasks, links, mentions and marks; an unknown block gives
//! the blocks inside it, so no text is lost.

use serde_json::{Value, json};

use super::xhtml::{Element, Node, parse};

/// The document of a storage body.
pub(crate) fn of_storage(body: &str) -> Value {
    json!({"type": "doc", "version": 1, "content": blocks(&parse(body).children)})
}

/// Block nodes of a sequence; loose inline nodes between them become paragraphs.
fn blocks(nodes: &[Node]) -> Vec<Value> {
    let mut all = Vec::new();
    let mut loose: Vec<Value> = Vec::new();
    for node in nodes {
        let found = match node {
            Node::Element(element) => block(element),
            Node::Text(_) | Node::Raw(_) => None,
        };
        match found {
            Some(found) => {
                flush(&mut all, &mut loose);
                all.extend(found);
            }
            None => inline(node, &[], &mut loose),
        }
    }
    flush(&mut all, &mut loose);
    all
}

fn flush(all: &mut Vec<Value>, loose: &mut Vec<Value>) {
    let blank = |node: &Value| node["text"].as_str().is_some_and(|text| text.trim().is_empty());
    if loose.iter().all(blank) {
        loose.clear();
    } else {
        all.push(json!({"type": "paragraph", "content": std::mem::take(loose)}));
    }
}

fn inlines(element: &Element) -> Vec<Value> {
    let mut all = Vec::new();
    for node in &element.children {
        inline(node, &[], &mut all);
    }
    all
}

/// The blocks of an element; `None` if it is no block.
fn block(element: &Element) -> Option<Vec<Value>> {
    let one = |value: Value| Some(vec![value]);
    let within = || blocks(&element.children);
    let listed = |kind: &str| {
        let items = element.elements().filter(|item| item.name == "li");
        let items: Vec<Value> =
            items.map(|item| json!({"type": "listItem", "content": blocks(&item.children)})).collect();
        json!({"type": kind, "content": items})
    };
    match element.name.as_str() {
        "p" => one(json!({"type": "paragraph", "content": inlines(element)})),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = element.name[1..].parse::<u8>().unwrap_or(1);
            one(json!({"type": "heading", "attrs": {"level": level}, "content": inlines(element)}))
        }
        "ul" => one(listed("bulletList")),
        "ol" => one(listed("orderedList")),
        "hr" => one(json!({"type": "rule"})),
        "blockquote" => one(json!({"type": "blockquote", "content": within()})),
        "pre" => one(code(&element.text(), None)),
        "table" => one(table(element)),
        "ac:task-list" => one(tasks(element)),
        "ac:structured-macro" => Some(macro_blocks(element)),
        "ac:adf-extension" => {
            // The fallback beside the node says the same once more.
            let content = element.child("ac:adf-node").and_then(|node| node.child("ac:adf-content"));
            let content = content.map(|content| blocks(&content.children)).unwrap_or_default();
            one(json!({"type": "panel", "attrs": {"panelType": "note"}, "content": content}))
        }
        "div" | "ac:layout" | "ac:layout-section" | "ac:layout-cell" | "ac:rich-text-body" | "section" => {
            Some(within())
        }
        _ => None,
    }
}

fn code(text: &str, language: Option<String>) -> Value {
    let attributes = language.map_or_else(|| json!({}), |language| json!({"language": language}));
    json!({"type": "codeBlock", "attrs": attributes, "content": [{"type": "text", "text": text}]})
}

fn table(element: &Element) -> Value {
    let mut rows = Vec::new();
    element.walk(&mut |row| {
        if row.name == "tr" {
            let cells = row.elements().filter(|cell| matches!(cell.name.as_str(), "td" | "th"));
            let cells: Vec<Value> = cells
                .map(|cell| {
                    let kind = if cell.name == "th" { "tableHeader" } else { "tableCell" };
                    json!({"type": kind, "attrs": {}, "content": blocks(&cell.children)})
                })
                .collect();
            rows.push(json!({"type": "tableRow", "content": cells}));
        }
    });
    json!({"type": "table", "attrs": {"isNumberColumnEnabled": false, "layout": "default"}, "content": rows})
}

fn tasks(element: &Element) -> Value {
    let items: Vec<Value> = element
        .elements()
        .filter(|task| task.name == "ac:task")
        .map(|task| {
            let text = |name: &str| task.child(name).map(Element::text).unwrap_or_default();
            let state = if text("ac:task-status") == "complete" { "DONE" } else { "TODO" };
            let content = task.child("ac:task-body").map(inlines).unwrap_or_default();
            json!({"type": "taskItem", "attrs": {"localId": text("ac:task-id"), "state": state}, "content": content})
        })
        .collect();
    json!({"type": "taskList", "attrs": {"localId": ""}, "content": items})
}

/// The parameter of a macro.
pub(crate) fn parameter(element: &Element, name: &str) -> Option<String> {
    let named = |child: &&Element| child.name == "ac:parameter" && child.attribute("ac:name") == Some(name);
    element.elements().find(named).map(Element::text)
}

fn macro_blocks(element: &Element) -> Vec<Value> {
    let name = element.attribute("ac:name").unwrap_or_default();
    let rich = || element.child("ac:rich-text-body").map(|body| blocks(&body.children)).unwrap_or_default();
    let plain = || element.child("ac:plain-text-body").map(Element::text).unwrap_or_default();
    match name {
        "code" | "noformat" => vec![code(&plain(), parameter(element, "language"))],
        "info" | "note" | "warning" | "tip" | "panel" => {
            let kind = match name {
                "tip" => "success",
                "panel" => "info",
                other => other,
            };
            vec![json!({"type": "panel", "attrs": {"panelType": kind}, "content": rich()})]
        }
        "expand" => {
            let title = parameter(element, "title").unwrap_or_default();
            vec![json!({"type": "expand", "attrs": {"title": title}, "content": rich()})]
        }
        _ => {
            let attributes = json!({
                "extensionType": "com.atlassian.confluence.macro.core", "extensionKey": name,
                "parameters": {"macroParams": {}}, "layout": "default",
            });
            if element.child("ac:rich-text-body").is_some() {
                return vec![json!({"type": "bodiedExtension", "attrs": attributes, "content": rich()})];
            }
            vec![json!({"type": "extension", "attrs": attributes})]
        }
    }
}

fn text(value: &str, marks: &[Value]) -> Value {
    if marks.is_empty() {
        return json!({"type": "text", "text": value});
    }
    json!({"type": "text", "text": value, "marks": marks})
}

fn inline(node: &Node, marks: &[Value], all: &mut Vec<Value>) {
    let element = match node {
        Node::Text(value) | Node::Raw(value) => {
            if !value.is_empty() {
                all.push(text(value, marks));
            }
            return;
        }
        Node::Element(element) => element,
    };
    let mark = match element.name.as_str() {
        "strong" | "b" => Some(json!({"type": "strong"})),
        "em" | "i" => Some(json!({"type": "em"})),
        "code" => Some(json!({"type": "code"})),
        "u" => Some(json!({"type": "underline"})),
        "s" | "del" => Some(json!({"type": "strike"})),
        "a" => element.attribute("href").map(|href| json!({"type": "link", "attrs": {"href": href}})),
        "br" => {
            all.push(json!({"type": "hardBreak"}));
            return;
        }
        "ac:link" if element.child("ri:user").is_some() => {
            let user = element.child("ri:user").and_then(|user| user.attribute("ri:account-id"));
            all.push(json!({"type": "mention", "attrs": {"id": user.unwrap_or_default(), "text": ""}}));
            return;
        }
        "ac:emoticon" => {
            let attribute = |name: &str| element.attribute(name).unwrap_or_default();
            all.push(json!({"type": "emoji", "attrs": {
                "shortName": attribute("ac:emoji-shortname"), "text": attribute("ac:emoji-fallback"),
            }}));
            return;
        }
        "time" => {
            let day = element.attribute("datetime").and_then(|day| day.parse::<jiff::civil::Date>().ok());
            let at = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
            let at = at.map_or(0, |at| at.timestamp().as_millisecond());
            all.push(json!({"type": "date", "attrs": {"timestamp": at.to_string()}}));
            return;
        }
        "ac:parameter" | "ac:placeholder" | "ac:task-id" | "ac:task-uuid" | "ac:task-status" => return,
        _ => None,
    };
    let inner: Vec<Value> = marks.iter().cloned().chain(mark).collect();
    for child in &element.children {
        inline(child, &inner, all);
    }
}
