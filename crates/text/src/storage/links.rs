//! Elements that decide at their end what they show: links, images, dates and settings, and the resources in them.

use serde_json::Value;

use super::macros;
use super::scan::Tag;
use super::walk::{Close, Walk};
use crate::adf;
use crate::block::Kind;
use crate::plain;
use crate::reference::{Person, Relation, Target};

/// An open element whose meaning is known at its end only.
pub(super) struct Holder {
    what: What,
    /// What the writer had shown when the element began.
    visible: usize,
    /// Resources named inside.
    pub(super) found: Vec<Found>,
    /// Text that is not written where it stands.
    pub(super) text: String,
}

/// Which element is open.
pub(super) enum What {
    Link {
        anchor: Option<String>,
    },
    Image,
    Address(Option<String>),
    Time(Option<String>),
    Parameter(String),
    TaskStatus,
    Attribute(String),
    /// A plain body that is prose.
    Prose,
    /// ADF as JSON inside storage format.
    Adf,
}

/// A resource identifier.
pub(super) enum Found {
    Person(Person),
    Target(Target),
}

impl Holder {
    pub(super) fn new(what: What, visible: usize) -> Self {
        Self { what, visible, found: Vec::new(), text: String::new() }
    }

    pub(super) fn captures(&self) -> bool {
        !matches!(self.what, What::Link { .. } | What::Image | What::Address(_) | What::Time(_))
    }
}

/// Reads an `ri:` element into the element that holds it.
pub(super) fn resource(walk: &mut Walk<'_>, tag: &Tag<'_>) -> Close {
    let Some(found) = identify(tag) else {
        return Close::Nothing;
    };
    let in_file = walk.parent() == Some("ri:attachment");
    match walk.holders.last_mut() {
        Some(holder) => match (holder.found.last_mut(), found) {
            (Some(Found::Target(Target::Attachment { of: of @ None, .. })), Found::Target(owner)) if in_file => {
                *of = Some(Box::new(owner));
            }
            (_, found) => holder.found.push(found),
        },
        None => match found {
            Found::Person(person) => walk.out.mention(person, ""),
            Found::Target(target) => walk.out.reference(Relation::Link, target),
        },
    }
    Close::Nothing
}

fn identify(tag: &Tag<'_>) -> Option<Found> {
    let target = match tag.name {
        "ri:user" => {
            return tag
                .get("ri:account-id")
                .map(Person::AccountId)
                .or_else(|| tag.get("ri:userkey").map(Person::UserKey))
                .or_else(|| tag.get("ri:username").map(Person::Username))
                .map(Found::Person);
        }
        "ri:page" => Target::Page { title: tag.get("ri:content-title")?, space: tag.get("ri:space-key") },
        "ri:blog-post" => Target::BlogPost {
            title: tag.get("ri:content-title")?,
            space: tag.get("ri:space-key"),
            day: tag.get("ri:posting-day"),
        },
        "ri:content-entity" => Target::Content { id: tag.get("ri:content-id")? },
        "ri:space" => Target::Space { key: tag.get("ri:space-key")? },
        "ri:attachment" => Target::Attachment { file: tag.get("ri:filename")?, of: None },
        "ri:url" => Target::Url(tag.get("ri:value")?),
        "ri:shortcut" => Target::Url(format!("{}@{}", tag.get("ri:parameter")?, tag.get("ri:key")?)),
        _ => return None,
    };
    Some(Found::Target(target))
}

/// The address of an HTML image.
pub(super) fn source(walk: &mut Walk<'_>, tag: &Tag<'_>) {
    if let Some(source) = tag.get("src").filter(|source| !source.starts_with("data:")) {
        walk.out.reference(Relation::Embed, Target::Url(source));
    }
}

/// Ends the innermost holder.
pub(super) fn released(walk: &mut Walk<'_>) {
    let Some(Holder { what, visible, found, text }) = walk.holders.pop() else {
        return;
    };
    let silent = walk.out.visible() == visible;
    walk.out.edge();
    match what {
        What::Link { anchor } => link(walk, anchor, found, silent),
        What::Image => {
            for target in found.into_iter().filter_map(Found::target) {
                walk.out.reference(Relation::Embed, target);
            }
        }
        What::Address(address) => link(walk, None, address.map(address_of).into_iter().collect(), silent),
        What::Time(time) => {
            if silent {
                walk.out.apart(&time.unwrap_or_default());
            }
        }
        What::Parameter(name) => macros::parameter(walk, &name, text.trim(), found),
        What::TaskStatus => {
            if let Some(done) = walk.tasks.last_mut() {
                *done = text.trim() == "complete";
            }
        }
        What::Attribute(key) => attribute(walk, &key, text.trim()),
        What::Prose => plain::write(&mut walk.out, &text),
        What::Adf => {
            walk.out.break_block();
            match serde_json::from_str::<Value>(&text) {
                Ok(node) => adf::write(&mut walk.out, &node),
                Err(_) => walk.out.text(&text),
            }
            walk.out.break_block();
        }
    }
}

impl Found {
    pub(super) fn target(self) -> Option<Target> {
        match self {
            Self::Person(_) => None,
            Self::Target(target) => Some(target),
        }
    }
}

fn address_of(address: String) -> Found {
    Found::Target(match address.strip_prefix('#') {
        Some(anchor) => Target::Anchor(anchor.to_owned()),
        None => Target::Url(address),
    })
}

/// A link without text of its own shows its target's name.
fn link(walk: &mut Walk<'_>, anchor: Option<String>, mut found: Vec<Found>, mut silent: bool) {
    if found.is_empty() {
        found.extend(anchor.map(|anchor| Found::Target(Target::Anchor(anchor))));
    }
    for found in found {
        match found {
            Found::Person(person) if silent => walk.out.mention(person, ""),
            Found::Person(person) => walk.out.person(person),
            Found::Target(target) => {
                if silent && let Some(label) = target.label() {
                    walk.out.apart(label);
                    silent = false;
                }
                walk.out.reference(Relation::Link, target);
            }
        }
    }
}

/// Attributes of ADF nodes inside storage format.
fn attribute(walk: &mut Walk<'_>, key: &str, value: &str) {
    match key {
        "title" => walk.out.block(Kind::Title, value),
        "text" | "alt" | "url" => walk.out.apart(value),
        "state" => walk.out.decide(value == "DECIDED"),
        _ => {}
    }
}
