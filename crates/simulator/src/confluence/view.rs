//! Storage format as plain HTML: `view` and its like. Macros that need other documents (include, children, …) show nothing.

use super::adf::parameter;
use super::xhtml::{Element, Node, escaped, parse};

/// The body as a browser gets it.
pub(crate) fn of_storage(body: &str) -> String {
    let mut html = String::with_capacity(body.len());
    nodes(&parse(body).children, &mut html);
    html
}

fn nodes(all: &[Node], html: &mut String) {
    for node in all {
        match node {
            Node::Text(text) | Node::Raw(text) => html.push_str(&escaped(text)),
            Node::Element(element) => one(element, html),
        }
    }
}

fn one(element: &Element, html: &mut String) {
    let name = element.name.as_str();
    match name {
        "ac:structured-macro" => shown_macro(element, html),
        "ac:parameter" | "ac:placeholder" | "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:adf-fallback"
        | "ac:adf-attribute" => {}
        "ac:emoticon" => html.push_str(&escaped(element.attribute("ac:emoji-fallback").unwrap_or_default())),
        "ac:link" => link(element, html),
        "ac:task-list" => tagged("ul", &element.children, html),
        "ac:task" => tagged("li", &element.children, html),
        "time" => html.push_str(&escaped(element.attribute("datetime").unwrap_or_default())),
        "br" | "hr" => html.push_str(&format!("<{name}/>")),
        "a" => {
            let href = escaped(element.attribute("href").unwrap_or_default());
            html.push_str(&format!("<a href=\"{href}\">"));
            nodes(&element.children, html);
            html.push_str("</a>");
        }
        _ if name.contains(':') => nodes(&element.children, html),
        _ => tagged(name, &element.children, html),
    }
}

fn tagged(tag: &str, children: &[Node], html: &mut String) {
    html.push_str(&format!("<{tag}>"));
    nodes(children, html);
    html.push_str(&format!("</{tag}>"));
}

/// A link shows its body, else the title or name of its target.
fn link(element: &Element, html: &mut String) {
    let body = element.child("ac:link-body").or_else(|| element.child("ac:plain-text-link-body"));
    html.push_str("<a>");
    match body {
        Some(body) => nodes(&body.children, html),
        None => {
            let names = ["ri:content-title", "ri:filename", "ri:space-key", "ri:account-id", "ri:value"];
            let target = element.elements().find_map(|target| names.iter().find_map(|name| target.attribute(name)));
            html.push_str(&escaped(target.unwrap_or_default()));
        }
    }
    html.push_str("</a>");
}

fn shown_macro(element: &Element, html: &mut String) {
    if let Some(title) = parameter(element, "title") {
        html.push_str(&format!("<p><strong>{}</strong></p>", escaped(&title)));
    }
    if let Some(body) = element.child("ac:plain-text-body") {
        tagged("pre", &body.children, html);
    } else if let Some(body) = element.child("ac:rich-text-body") {
        tagged("div", &body.children, html);
    }
}
