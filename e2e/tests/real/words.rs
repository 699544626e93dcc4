//! Words of a text, and a second reading of Markdown and storage format that shares nothing with the crate `text`.

use std::collections::BTreeMap;

/// How often each word stands in a text.
pub(crate) type Words = BTreeMap<String, usize>;

/// Stands for a letter that is written by name, such as `&eacute;`.
const LETTER: char = '\u{fffc}';

/// Runs of letters and digits. Words with a letter by name are left out: this reading does not know those names.
pub(crate) fn of(text: &str) -> Words {
    let mut words = Words::new();
    for word in text.split(|sign: char| !sign.is_alphanumeric() && sign != LETTER).filter(|word| !word.is_empty()) {
        if !word.contains(LETTER) {
            *words.entry(word.to_owned()).or_default() += 1;
        }
    }
    words
}

/// Words of `all` that `part` has fewer times, or not at all.
pub(crate) fn missing(all: &Words, part: &Words) -> Vec<String> {
    let lacks = |(word, count): &(&String, &usize)| part.get(*word).copied().unwrap_or(0) < **count;
    all.iter().filter(lacks).map(|(word, _)| word.clone()).collect()
}

/// Markdown without what a fence says about its language; everything else is text.
pub(crate) fn of_markdown(markdown: &str) -> String {
    let mut fenced = false;
    let mut text = String::new();
    for line in markdown.lines() {
        let trimmed = line.trim();
        let fence = if fenced { trimmed == "```" } else { trimmed.starts_with("```") };
        if fence {
            fenced = !fenced;
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Elements that stand inside a word. Links do not: the store keeps their words apart.
const INLINE: [&str; 19] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "del",
    "ins",
    "sub",
    "sup",
    "small",
    "big",
    "font",
    "span",
    "code",
    "tt",
    "abbr",
    "mark",
    "ac:inline-comment-marker",
];
/// Elements whose text is no text, or the same text once more: settings of macros, hints of templates, ids and states of
/// tasks, what older readers are shown instead of ADF, and ADF as JSON.
const SETTINGS: [&str; 9] = [
    "ac:parameter",
    "ac:default-parameter",
    "ac:placeholder",
    "ac:task-id",
    "ac:task-uuid",
    "ac:task-status",
    "ac:adf-attribute",
    "ac:adf-fallback",
    "fab:adf",
];

/// The text between the tags of storage format, macros' settings left out.
pub(crate) fn of_storage(storage: &str) -> String {
    let mut text = String::new();
    let mut rest = storage;
    let mut settings: Vec<String> = Vec::new();
    while let Some(at) = rest.find('<') {
        if settings.is_empty() {
            text.push_str(&decoded(&rest[..at]));
        }
        rest = &rest[at..];
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = inner.split_once("]]>").unwrap_or((inner, ""));
            if settings.is_empty() {
                text.push_str(data);
            }
            rest = after;
            continue;
        }
        if let Some(inner) = rest.strip_prefix("<!--") {
            rest = inner.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        rest = &rest[end..];
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(|sign| !sign.is_whitespace() && !matches!(sign, '>' | '/'))
            .flat_map(char::to_lowercase)
            .collect();
        if !INLINE.contains(&name.as_str()) {
            text.push(' ');
        }
        if SETTINGS.contains(&name.as_str()) && !tag.ends_with("/>") {
            if tag.starts_with("</") {
                settings.pop();
            } else {
                settings.push(name);
            }
        }
    }
    if settings.is_empty() {
        text.push_str(&decoded(rest));
    }
    text
}

fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';').filter(|end| *end < 12) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let name = &rest[1..end];
        let code = match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            },
            None if matches!(name, "nbsp" | "amp" | "lt" | "gt" | "quot" | "apos" | "ndash" | "mdash" | "hellip") => {
                Some(u32::from(' '))
            }
            None => Some(u32::from(LETTER)),
        };
        out.push(code.and_then(char::from_u32).unwrap_or(' '));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}
