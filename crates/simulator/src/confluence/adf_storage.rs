//! An Atlassian document as storage format, for bodies that are written as `atlas_doc_format`.

use serde_json::Value;

use super::xhtml::escaped;

/// The storage body of a document; `None` if it is no document.
pub(crate) fn to_storage(document: &str) -> Option<String> {
    let document: Value = serde_json::from_str(document).ok()?;
    if document["type"] != "doc" {
        return None;
    }
    Some(children(&document))
}

fn children(node: &Value) -> String {
    node["content"].as_array().into_iter().flatten().map(one).collect()
}

fn one(node: &Value) -> String {
    let inner = || children(node);
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    let tagged = |tag: &str| format!("<{tag}>{}</{tag}>", inner());
    match node["type"].as_str().unwrap_or_default() {
        "text" => marked(node),
        "hardBreak" => "<br/>".to_owned(),
        "paragraph" => tagged("p"),
        "heading" => tagged(&format!("h{}", node["attrs"]["level"].as_u64().unwrap_or(1).clamp(1, 6))),
        "bulletList" => tagged("ul"),
        "orderedList" => tagged("ol"),
        "listItem" => tagged("li"),
        "blockquote" => tagged("blockquote"),
        "rule" => "<hr/>".to_owned(),
        "table" => format!("<table><tbody>{}</tbody></table>", inner()),
        "tableRow" => tagged("tr"),
        "tableHeader" => tagged("th"),
        "tableCell" => tagged("td"),
        "codeBlock" => {
            let text: String =
                node["content"].as_array().into_iter().flatten().filter_map(|text| text["text"].as_str()).collect();
            let text = text.replace("]]>", "]]]]><![CDATA[>");
            format!(
                "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">{}</ac:parameter>\
                 <ac:plain-text-body><![CDATA[{text}]]></ac:plain-text-body></ac:structured-macro>",
                escaped(attribute("language"))
            )
        }
        "panel" => rich_macro(
            match attribute("panelType") {
                "success" => "tip",
                "error" => "warning",
                kind @ ("note" | "warning" | "tip") => kind,
                _ => "info",
            },
            "",
            &inner(),
        ),
        "expand" | "nestedExpand" => rich_macro("expand", attribute("title"), &inner()),
        "taskList" => tagged("ac:task-list"),
        "taskItem" => {
            let status = if attribute("state") == "DONE" { "complete" } else { "incomplete" };
            format!(
                "<ac:task><ac:task-id>{}</ac:task-id><ac:task-status>{status}</ac:task-status>\
                 <ac:task-body>{}</ac:task-body></ac:task>",
                escaped(attribute("localId")),
                inner()
            )
        }
        "mention" => format!("<ac:link><ri:user ri:account-id=\"{}\"/></ac:link>", escaped(attribute("id"))),
        "emoji" => format!(
            "<ac:emoticon ac:emoji-shortname=\"{}\" ac:emoji-fallback=\"{}\"/>",
            escaped(attribute("shortName")),
            escaped(attribute("text"))
        ),
        "inlineCard" | "blockCard" | "embedCard" => {
            let url = escaped(attribute("url"));
            format!("<a href=\"{url}\" data-card-appearance=\"inline\">{url}</a>")
        }
        _ => format!("{}{}", escaped(attribute("text")), inner()),
    }
}

fn rich_macro(name: &str, title: &str, body: &str) -> String {
    let title = if title.is_empty() {
        String::new()
    } else {
        format!("<ac:parameter ac:name=\"title\">{}</ac:parameter>", escaped(title))
    };
    format!(
        "<ac:structured-macro ac:name=\"{name}\">{title}<ac:rich-text-body>{body}</ac:rich-text-body>\
         </ac:structured-macro>"
    )
}

fn marked(node: &Value) -> String {
    let mut text = escaped(node["text"].as_str().unwrap_or_default());
    for mark in node["marks"].as_array().into_iter().flatten() {
        text = match mark["type"].as_str().unwrap_or_default() {
            "strong" => format!("<strong>{text}</strong>"),
            "em" => format!("<em>{text}</em>"),
            "code" => format!("<code>{text}</code>"),
            "underline" => format!("<u>{text}</u>"),
            "strike" => format!("<s>{text}</s>"),
            "link" => {
                let href = escaped(mark["attrs"]["href"].as_str().unwrap_or_default());
                format!("<a href=\"{href}\">{text}</a>")
            }
            _ => text,
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::adf;
    use super::*;

    #[test]
    fn a_body_comes_back_from_a_document_as_it_was() {
        let body = "<h2>One</h2><p>a <strong>b</strong> &amp; c<br/>d</p><ul><li><p>x</p></li></ul>\
            <ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>y</p></ac:rich-text-body></ac:structured-macro>\
            <ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">rust</ac:parameter>\
            <ac:plain-text-body><![CDATA[if a < b {}]]></ac:plain-text-body></ac:structured-macro>";
        let document = adf::of_storage(body).to_string();
        assert_eq!(to_storage(&document).as_deref(), Some(body));
        assert_eq!(to_storage("{}"), None);
    }
}
