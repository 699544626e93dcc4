//! What each element means for the text. Unknown elements keep their content and do not touch their neighbours.

use super::links::{self, Holder, What};
use super::macros;
use super::scan::Tag;
use super::walk::{Close, Walk};
use crate::block::Kind;

/// Elements that never have content; a missing `/` must not make the rest of the page their child.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "col" | "input" | "wbr" | "area" | "link" | "meta")
}

/// Acts on a start tag and says what its end does.
pub(super) fn opened(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    if tag.name.starts_with("ri:") {
        return links::resource(walk, tag);
    }
    if let Some(holder) = walk.capturing() {
        if !is_inline(tag.name) {
            holder.text.push(' ');
        }
        return Close::Nothing;
    }
    if let Some(close) = product(walk, tag) {
        return close;
    }
    html(walk, tag)
}

/// Confluence's own elements.
fn product(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Option<Close> {
    Some(match tag.name {
        "ac:structured-macro" | "ac:macro" => macros::opened(walk, tag),
        "ac:parameter" => hold(walk, What::Parameter(name_of(tag))),
        "ac:default-parameter" => hold(walk, What::Parameter(String::new())),
        "ac:rich-text-body" => macros::rich_body(walk),
        "ac:plain-text-body" => macros::plain_body(walk),
        "ac:link" => hold(walk, What::Link { anchor: tag.get("ac:anchor") }),
        "ac:image" => {
            image(walk, tag, "ac:");
            hold(walk, What::Image)
        }
        "ac:caption" => enter(walk, Kind::Caption),
        "ac:emoticon" | "ac:hipchat-emoticon" => emoticon(walk, tag),
        "ac:task-list" => block(walk),
        "ac:task" => {
            walk.tasks.push(false);
            walk.out.break_block();
            Close::Task
        }
        "ac:task-status" => hold(walk, What::TaskStatus),
        "ac:task-body" => {
            let done = walk.tasks.last().copied().unwrap_or(false);
            enter(walk, Kind::Task { done })
        }
        "ac:task-id" | "ac:task-uuid" | "ac:placeholder" | "ac:property" => Close::Unskip,
        "ac:layout" | "ac:layout-section" | "ac:layout-cell" => block(walk),
        "ac:adf-extension" => {
            walk.out.break_block();
            walk.extensions.push(walk.out.visible());
            Close::Extension
        }
        "ac:adf-node" => adf_node(walk, tag),
        "ac:adf-attribute" => hold(walk, What::Attribute(tag.get("key").unwrap_or_default())),
        "ac:adf-content" => block(walk),
        // It repeats the content for readers that know no ADF. Only if there was no content is it what people see.
        "ac:adf-fallback" if walk.extensions.last().is_some_and(|&before| before != walk.out.visible()) => {
            Close::Unskip
        }
        "ac:adf-fallback" => block(walk),
        "fab:adf" => hold(walk, What::Adf),
        _ => return None,
    })
}

fn html(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    match tag.name {
        "br" => {
            walk.out.line_break();
            Close::Nothing
        }
        "h1" => enter(walk, Kind::Heading(1)),
        "h2" => enter(walk, Kind::Heading(2)),
        "h3" => enter(walk, Kind::Heading(3)),
        "h4" => enter(walk, Kind::Heading(4)),
        "h5" => enter(walk, Kind::Heading(5)),
        "h6" => enter(walk, Kind::Heading(6)),
        "blockquote" => enter(walk, Kind::Quote),
        "summary" => enter(walk, Kind::Title),
        "caption" | "figcaption" => enter(walk, Kind::Caption),
        "pre" => {
            walk.out.enter_code(None);
            Close::Leave
        }
        "ul" | "ol" => {
            walk.out.enter_list(tag.name == "ol");
            Close::List
        }
        "li" => {
            walk.out.enter_item();
            Close::Leave
        }
        "table" => {
            walk.out.enter_table();
            Close::Table
        }
        "tr" => {
            walk.out.row();
            Close::Break
        }
        "td" | "th" => {
            walk.out.enter_cell(tag.name == "th");
            Close::Leave
        }
        "a" => hold(walk, What::Address(tag.get("href"))),
        "time" => hold(walk, What::Time(tag.get("datetime"))),
        "img" => {
            image(walk, tag, "");
            links::source(walk, tag);
            Close::Nothing
        }
        "script" | "style" => Close::Unskip,
        name if is_block(name) => block(walk),
        name if is_inline(name) => Close::Nothing,
        _ => {
            walk.out.pad();
            Close::Pad
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "hr"
            | "dl"
            | "dt"
            | "dd"
            | "thead"
            | "tbody"
            | "tfoot"
            | "colgroup"
            | "col"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "center"
            | "figure"
            | "details"
            | "fieldset"
            | "form"
            | "body"
            | "html"
            | "head"
            | "title"
            | "xml"
    )
}

/// Elements that may stand within a word.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "span"
            | "strong"
            | "b"
            | "em"
            | "i"
            | "u"
            | "s"
            | "strike"
            | "del"
            | "ins"
            | "sub"
            | "sup"
            | "code"
            | "tt"
            | "kbd"
            | "samp"
            | "var"
            | "small"
            | "big"
            | "font"
            | "abbr"
            | "acronym"
            | "cite"
            | "dfn"
            | "mark"
            | "bdo"
            | "bdi"
            | "wbr"
            | "ac:inline-comment-marker"
            | "ac:link-body"
            | "ac:plain-text-link-body"
    )
}

fn block(walk: &mut Walk<'_>) -> Close {
    walk.out.break_block();
    Close::Break
}

fn enter(walk: &mut Walk<'_>, kind: Kind) -> Close {
    walk.out.enter(kind);
    Close::Leave
}

fn hold(walk: &mut Walk<'_>, what: What) -> Close {
    walk.out.edge();
    let visible = walk.out.visible();
    walk.holders.push(Holder::new(what, visible));
    Close::Holder
}

/// `ac:name`, which some tools write without its prefix.
fn name_of(tag: &Tag<'_>) -> String {
    tag.get("ac:name").or_else(|| tag.get("name")).unwrap_or_default()
}

fn image(walk: &mut Walk<'_>, tag: &Tag<'_>, prefix: &str) {
    let shown = tag.get(&format!("{prefix}alt")).or_else(|| tag.get(&format!("{prefix}title")));
    if let Some(shown) = shown {
        walk.out.apart(&shown);
    }
}

fn emoticon(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    let short = || tag.get("ac:name").or_else(|| tag.get("ac:shortcut")).map(|name| format!(":{name}:"));
    let shown = tag.get("ac:emoji-fallback").or_else(|| tag.get("ac:emoji-shortname")).or_else(short);
    walk.out.apart(&shown.unwrap_or_default());
    Close::Pad
}

fn adf_node(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    match tag.get("type").as_deref() {
        Some("panel") => enter(walk, Kind::Panel),
        Some("decision-item") => enter(walk, Kind::Decision { decided: false }),
        _ => block(walk),
    }
}
