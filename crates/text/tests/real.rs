//! Real bodies lose no visible word: each is compared with a second, much cruder reading of the same input.
//!
//! The data is not part of the project; `FOSSICK_REAL_DATA` names its folder, and without it the tests say so in one line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: FOSSICK_REAL_DATA is not set, so no real bodies were read");
    }
    folder
}

type Words = BTreeMap<String, usize>;

fn words(text: &str) -> Words {
    let mut words = Words::new();
    // A soft hyphen is inside a word.
    let text = text.replace('\u{ad}', "");
    for word in text.split(|next: char| !next.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_owned()).or_default() += 1;
    }
    words
}

/// Words of `expected` that `found` has fewer of.
fn missing(expected: &Words, found: &Words) -> BTreeSet<String> {
    let lacks = |(word, count): &(&String, &usize)| found.get(*word).is_none_or(|have| have < count);
    expected.iter().filter(lacks).map(|(word, _)| word.clone()).collect()
}

/// The crude reading: CDATA is cut out first, then tags are dropped piece by piece at each `<`.
mod oracle {
    const INLINE: [&str; 22] = [
        "span",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "del",
        "sub",
        "sup",
        "code",
        "small",
        "big",
        "font",
        "ins",
        "kbd",
        "tt",
        "abbr",
        "cite",
        "ac:inline-comment-marker",
        "ac:link-body",
        "ac:plain-text-link-body",
    ];
    const HIDDEN: [&str; 10] = [
        "ac:parameter",
        "ac:default-parameter",
        "ac:placeholder",
        "ac:task-id",
        "ac:task-uuid",
        "ac:task-status",
        "ac:adf-attribute",
        "ac:adf-fallback",
        "fab:adf",
        "style",
    ];

    /// Text that a reader sees for sure.
    pub(super) fn visible(body: &str) -> String {
        let mut out = String::new();
        let mut hidden: Vec<&str> = Vec::new();
        for (index, part) in body.split("<![CDATA[").enumerate() {
            let (data, markup) = match part.split_once("]]>") {
                Some((data, markup)) if index > 0 => (data, markup),
                _ if index > 0 => (part, ""),
                _ => ("", part),
            };
            if hidden.is_empty() {
                out.push_str(data);
            }
            let mut pieces = without_comments(markup);
            for (index, piece) in std::mem::take(&mut pieces).split('<').enumerate() {
                let text = match piece.rsplit_once('>') {
                    Some((tag, text)) if index > 0 => {
                        tag_seen(tag, &mut hidden, &mut out);
                        text
                    }
                    _ => piece,
                };
                if hidden.is_empty() {
                    out.push_str(&decoded(text));
                }
            }
        }
        out
    }

    fn tag_seen<'a>(tag: &'a str, hidden: &mut Vec<&'static str>, out: &mut String) {
        let name: &'a str = tag.trim_start_matches('/').split([' ', '\n', '\t', '/', '>']).next().unwrap_or_default();
        if let Some(name) = HIDDEN.iter().find(|known| **known == name) {
            if tag.starts_with('/') {
                hidden.pop();
            } else if !tag.ends_with('/') {
                hidden.push(name);
            }
        }
        if !INLINE.contains(&name) {
            out.push(' ');
        }
    }

    fn without_comments(markup: &str) -> String {
        markup
            .split("<!--")
            .enumerate()
            .map(|(index, part)| if index == 0 { part } else { part.split_once("-->").map_or("", |(_, rest)| rest) })
            .collect()
    }

    /// Enough entities for the data.
    pub(super) fn decoded(text: &str) -> String {
        let named = [
            ("nbsp", " "),
            ("lt", "<"),
            ("gt", ">"),
            ("quot", "\""),
            ("eacute", "é"),
            ("auml", "ä"),
            ("ouml", "ö"),
            ("uuml", "ü"),
            ("szlig", "ß"),
            ("rsquo", "’"),
            ("lsquo", "‘"),
            ("ldquo", "“"),
            ("rdquo", "”"),
            ("hellip", "…"),
            ("ndash", "–"),
            ("mdash", "—"),
            ("rarr", "→"),
            ("larr", "←"),
            ("apos", "'"),
            ("middot", "·"),
            ("egrave", "è"),
            ("agrave", "à"),
            ("ccedil", "ç"),
            ("Auml", "Ä"),
            ("Ouml", "Ö"),
            ("Uuml", "Ü"),
            ("shy", ""),
            ("times", "×"),
            ("bull", "•"),
            ("copy", "©"),
            ("acirc", "â"),
            ("deg", "°"),
            ("iacute", "í"),
            ("oacute", "ó"),
            ("#160", " "),
            ("#8230", "…"),
            ("#x3c", "<"),
            ("#x3e", ">"),
            ("#x2011", "‑"),
            ("#x21a9", "↩"),
            ("#xfe0e", ""),
            ("amp", "&"),
        ];
        named.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("&{name};"), value))
    }
}

#[test]
fn storage_bodies_lose_no_visible_word() {
    let Some(folder) = real_data() else { return };
    let lines = fs::read_to_string(folder.join("confluence-bodies.jsonl")).unwrap();
    let (mut bodies, mut total, mut faults, mut lossy) = (0, 0, Vec::new(), 0);
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let body = row["storage"].as_str().unwrap();
        let text = text::storage::parse(body);
        let found = words(&text.plain());
        let expected = words(&oracle::visible(body));
        // What is shown beyond the crude reading stands in attributes and settings of the same body.
        let whole = words(&oracle::decoded(&oracle::decoded(body)));
        let invented = found.keys().filter(|word| !whole.contains_key(*word) && !expected.contains_key(*word));
        let invented: Vec<_> = invented.collect();
        let missing = missing(&expected, &found);
        if !missing.is_empty() || !invented.is_empty() {
            faults.push(format!("body {bodies}: missing {missing:?}, invented {invented:?}"));
        }
        for loss in &text.losses {
            println!("body {bodies}: {loss}");
        }
        lossy += usize::from(!text.losses.is_empty());
        bodies += 1;
        total += expected.values().sum::<usize>();
    }
    println!(
        "storage: {bodies} bodies, {total} visible words, {lossy} bodies with losses, {} bodies differ",
        faults.len()
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(bodies, 559);
}

fn json_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of documents") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            json_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            out.push(path);
        }
    }
}

/// Texts of all `text` nodes, neighbours joined except at links, and texts in attributes that readers see.
fn adf_texts(node: &Value, out: &mut String) {
    let kind = node["type"].as_str().unwrap_or_default();
    if kind == "text" {
        let linked = node["marks"].as_array().into_iter().flatten().any(|mark| mark["type"] == "link");
        let edge = if linked { " " } else { "" };
        out.push_str(&[edge, node["text"].as_str().unwrap_or_default(), edge].concat());
        return;
    }
    out.push(' ');
    if matches!(kind, "status" | "mention" | "inlineExtension" | "expand" | "nestedExpand" | "emoji") {
        let shown = if kind == "emoji" { &node["attrs"]["shortName"] } else { &node["attrs"]["text"] };
        let shown = if kind == "emoji" && node["attrs"]["text"].is_string() { &node["attrs"]["text"] } else { shown };
        out.push_str(shown.as_str().unwrap_or_default());
        out.push_str(node["attrs"]["title"].as_str().unwrap_or_default());
        out.push(' ');
    }
    for child in node["content"].as_array().into_iter().flatten() {
        adf_texts(child, out);
    }
    out.push(' ');
}

#[test]
fn adf_documents_lose_no_text() {
    let Some(folder) = real_data() else { return };
    let mut files = Vec::new();
    json_files(&folder.join("adf/documents"), &mut files);
    files.sort();
    let (mut total, mut faults, mut lossy) = (0, Vec::new(), 0);
    for file in &files {
        let source = fs::read_to_string(file).unwrap();
        let text = text::adf::parse_str(&source);
        let mut expected = String::new();
        adf_texts(&serde_json::from_str(&source).unwrap(), &mut expected);
        let expected = words(&expected);
        let missing = missing(&expected, &words(&text.plain()));
        if !missing.is_empty() {
            faults.push(format!("{}: missing {missing:?}", file.display()));
        }
        lossy += usize::from(!text.losses.is_empty());
        total += expected.values().sum::<usize>();
    }
    println!("adf: {} documents, {total} words, {lossy} with losses, {} differ", files.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(files.len() >= 200, "only {} documents", files.len());
}
