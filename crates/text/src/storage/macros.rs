//! Macros: which settings a reader sees, what a body is, and which macros only point to other documents.

use super::links::{Found, Holder, What};
use super::scan::Tag;
use super::walk::{Close, Walk};
use crate::block::Kind;
use crate::reference::{Relation, Target};
use crate::writer::Writer;

/// An open macro.
pub(super) struct Macro {
    name: String,
    /// It stands in running text.
    inline: bool,
    language: Option<String>,
    /// Number of the block that its plain body becomes.
    code_block: Option<usize>,
}

impl Macro {
    /// Ends the macro. The language of a code block may follow its code.
    pub(super) fn finish(self, out: &mut Writer) {
        out.pad();
        if let (Some(block), Some(language)) = (self.code_block, &self.language) {
            out.name_language(block, language);
        }
    }
}

pub(super) fn opened(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    let mut name = tag.get("ac:name").or_else(|| tag.get("name")).unwrap_or_default();
    name.make_ascii_lowercase();
    let inline = name.ends_with("inline")
        || matches!(name.as_str(), "status" | "anchor" | "jira" | "jiraissues" | "profile-picture" | "view-file");
    walk.out.pad();
    walk.macros.push(Macro { name, inline, language: None, code_block: None });
    Close::Macro
}

pub(super) fn rich_body(walk: &mut Walk<'_>) -> Close {
    let Some(current) = walk.macros.last() else {
        walk.out.break_block();
        return Close::Break;
    };
    match current.name.as_str() {
        "info" | "note" | "warning" | "tip" | "panel" | "success" | "error" | "alert" | "auimessage" => {
            walk.out.enter(Kind::Panel);
            Close::Leave
        }
        "quote" => {
            walk.out.enter(Kind::Quote);
            Close::Leave
        }
        _ if current.inline => {
            walk.out.pad();
            Close::Pad
        }
        _ => {
            walk.out.break_block();
            Close::Break
        }
    }
}

pub(super) fn plain_body(walk: &mut Walk<'_>) -> Close {
    let Some(current) = walk.macros.last_mut() else {
        walk.out.break_block();
        return Close::Break;
    };
    if current.name == "markdown" {
        let visible = walk.out.visible();
        walk.holders.push(Holder::new(What::Prose, visible));
        return Close::Holder;
    }
    if current.inline {
        walk.out.pad();
        return Close::Pad;
    }
    // The body of `code` and `noformat` is in no language unless a setting says so; any other plain body (`html`,
    // `plantuml`, a formula) is in the language of its macro.
    let own = (!is_code(&current.name)).then_some(current.name.as_str());
    walk.out.enter_code(current.language.as_deref().or(own));
    current.code_block = Some(walk.out.block_count());
    Close::Leave
}

/// Acts on a macro's setting.
pub(super) fn parameter(walk: &mut Walk<'_>, name: &str, text: &str, found: Vec<Found>) {
    let Some(current) = walk.macros.last_mut() else {
        return;
    };
    match (current.name.as_str(), name) {
        ("code", "language" | "") => current.language = Some(text.to_owned()),
        (_, "atlassian-macro-output-type") => current.inline |= text == "INLINE",
        ("include" | "excerpt-include", _) => {
            let relation = if current.name == "include" { Relation::Include } else { Relation::Excerpt };
            let targets: Vec<_> = found.into_iter().filter_map(Found::target).collect();
            let named = targets.is_empty() && matches!(name, "" | "page");
            for target in targets.into_iter().chain(named.then(|| page_of(text)).flatten()) {
                walk.out.reference(relation, target);
            }
        }
        ("jira" | "jiraissues", "key") => {
            walk.out.apart(text);
            walk.out.reference(Relation::Embed, Target::Issue { key: text.to_owned() });
        }
        ("jira" | "jiraissues", "jqlQuery" | "jql") => {
            walk.out.reference(Relation::Embed, Target::Query(text.to_owned()));
        }
        ("profile" | "profile-picture", _) => settings(walk, Relation::Link, found, true),
        ("view-file" | "viewfile" | "viewpdf" | "viewdoc" | "viewxls" | "viewppt" | "multimedia", "name") => {
            file(walk, text, found);
        }
        (_, "url" | "src" | "uri") if found.is_empty() => {
            if text.contains("://") {
                walk.out.reference(Relation::Embed, Target::Url(text.to_owned()));
            }
        }
        _ => {
            shown(walk, name, text);
            settings(walk, Relation::Setting, found, false);
        }
    }
}

/// Writes a setting that readers see.
fn shown(walk: &mut Walk<'_>, name: &str, text: &str) {
    let Some(current) = walk.macros.last() else {
        return;
    };
    let formula = current.name.contains("math") && name == "body";
    let footer = current.name == "panel" && matches!(name, "footer" | "header");
    let unnamed_title = name.is_empty() && matches!(current.name.as_str(), "expand" | "status" | "panel");
    let label = matches!(name, "title" | "subTitle" | "caption" | "heading" | "buttonLabel" | "xLabel" | "yLabel");
    if label || formula || footer || unnamed_title {
        if current.inline {
            walk.out.apart(text);
        } else if formula {
            walk.out.enter_code(Some("math"));
            walk.out.text(text);
            walk.out.leave();
        } else {
            walk.out.block(Kind::Title, text);
        }
    }
}

/// Resources named by a setting; people among them are filters unless the macro shows the person.
fn settings(walk: &mut Walk<'_>, relation: Relation, found: Vec<Found>, people: bool) {
    for found in found {
        match found {
            Found::Person(person) if people => walk.out.mention(person, ""),
            Found::Person(_) => {}
            Found::Target(target) => walk.out.reference(relation, target),
        }
    }
}

fn file(walk: &mut Walk<'_>, text: &str, found: Vec<Found>) {
    let mut targets: Vec<_> = found.into_iter().filter_map(Found::target).collect();
    if targets.is_empty() && !text.is_empty() {
        targets.push(Target::Attachment { file: text.to_owned(), of: None });
    }
    for target in targets {
        if let Target::Attachment { file, .. } = &target {
            walk.out.apart(file);
        }
        walk.out.reference(Relation::Embed, target);
    }
}

/// `SPACE:Title` or `Title`, as older editors wrote it.
fn page_of(text: &str) -> Option<Target> {
    let (space, title) = match text.split_once(':') {
        Some((space, title)) if !space.contains(char::is_whitespace) => (Some(space.to_owned()), title.trim()),
        _ => (None, text),
    };
    (!title.is_empty()).then(|| Target::Page { title: title.to_owned(), space })
}

fn is_code(name: &str) -> bool {
    matches!(name, "code" | "noformat" | "paste-code-macro")
}
