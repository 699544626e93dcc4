//! Markdown as an ADF document: headings, code blocks, and everything else as paragraphs whose lines stay as they are.
//!
//! Not a Markdown renderer: marks such as `*` or `[..](..)` stay in the text. What matters is that every word of the
//! source stands in the document, so that a crawl over real text can be checked word by word.

use serde_json::{Value, json};

use crate::state::issue::{Adf, adf_of};

/// The document for a Markdown text; `None` when there is nothing but white space.
pub(super) fn document(markdown: &str) -> Option<Adf> {
    let blocks = blocks(markdown);
    (!blocks.is_empty()).then(|| adf_of(&json!({"type": "doc", "version": 1, "content": blocks})))
}

fn blocks(markdown: &str) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let text = line.trim();
        let heading = heading(text);
        let fence = text.strip_prefix("```");
        if text.is_empty() || heading.is_some() || fence.is_some() {
            blocks.extend(closed(&mut paragraph));
        }
        if let Some(language) = fence {
            let code: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
            blocks.push(code_block(language, &code.join("\n")));
        } else if let Some((level, title)) = heading {
            blocks.push(json!({"type": "heading", "attrs": {"level": level}, "content": [run(title)]}));
        } else if !text.is_empty() {
            paragraph.push(text);
        }
    }
    blocks.extend(closed(&mut paragraph));
    blocks
}

fn run(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ')?.trim();
    ((1..=6).contains(&level) && !title.is_empty()).then_some((level, title))
}

fn code_block(language: &str, code: &str) -> Value {
    let mut block = json!({"type": "codeBlock"});
    if !language.is_empty() {
        block["attrs"] = json!({"language": language});
    }
    // ADF knows no empty text.
    if !code.is_empty() {
        block["content"] = json!([run(code)]);
    }
    block
}

fn closed(paragraph: &mut Vec<&str>) -> Option<Value> {
    if paragraph.is_empty() {
        return None;
    }
    let mut content = Vec::new();
    for line in paragraph.drain(..) {
        if !content.is_empty() {
            content.push(json!({"type": "hardBreak"}));
        }
        content.push(run(line));
    }
    Some(json!({"type": "paragraph", "content": content}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_headings_and_code_are_told_apart() {
        let markdown = "# Crash\n\nfirst line\nsecond line\n\n```java\nint a;\n\nint b;\n```\nafter\n   \n#tag\n";
        let text = |text: &str| json!({"type": "text", "text": text});
        let expected = json!([
            {"type": "heading", "attrs": {"level": 1}, "content": [text("Crash")]},
            {"type": "paragraph", "content": [text("first line"), {"type": "hardBreak"}, text("second line")]},
            {"type": "codeBlock", "attrs": {"language": "java"}, "content": [text("int a;\n\nint b;")]},
            {"type": "paragraph", "content": [text("after")]},
            {"type": "paragraph", "content": [text("#tag")]},
        ]);
        assert_eq!(Value::from(blocks(markdown)), expected);
    }

    #[test]
    fn white_space_is_no_document_and_an_open_fence_ends_with_the_text() {
        assert!(document("\n        \n").is_none());
        assert_eq!(blocks("```\nx").len(), 1);
    }
}
