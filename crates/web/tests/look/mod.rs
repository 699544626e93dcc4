//! The stylesheet against the pages: contrast of the colours in both themes, and no class without a rule or a use.

use std::collections::{BTreeMap, BTreeSet};

use web::{assets, pages};

use crate::html::Document;

/// Least contrast of text with its ground (WCAG 2.2, 1.4.3), and of edges and bars (1.4.11).
const TEXT: f64 = 4.5;
const EDGE: f64 = 3.0;

/// Which colour stands on which, and how well it must be told apart.
const PAIRS: [(&str, &[&str], f64); 23] = [
    ("ink", &["ground", "surface", "sunken", "hover", "mark"], TEXT),
    ("ink", &["plain-ground", "active-ground", "good-ground", "warning-ground", "bad-ground"], TEXT),
    ("ink-soft", &["ground", "surface", "sunken", "hover"], TEXT),
    ("ink-faint", &["ground", "surface", "hover"], TEXT),
    ("link", &["ground", "surface", "hover", "mark", "active-ground", "warning-ground", "bad-ground"], TEXT),
    ("visited", &["ground", "surface"], TEXT),
    ("on-accent", &["accent", "accent-hover"], TEXT),
    ("plain-ink", &["plain-ground"], TEXT),
    ("active-ink", &["active-ground"], TEXT),
    ("good-ink", &["good-ground"], TEXT),
    ("warning-ink", &["warning-ground", "surface", "ground"], TEXT),
    ("bad-ink", &["bad-ground", "surface", "ground"], TEXT),
    ("kind-page", &["ground", "active-ground", "hover"], EDGE),
    ("kind-blog", &["ground", "active-ground", "hover"], EDGE),
    ("kind-issue", &["ground", "active-ground", "hover"], EDGE),
    ("kind-small", &["ground", "active-ground", "hover"], EDGE),
    ("edge", &["ground", "surface"], EDGE),
    ("focus", &["ground", "surface", "hover"], EDGE),
    ("gold", &["surface", "plain-ground", "ground"], EDGE),
    ("accent", &["ground", "surface"], EDGE),
    ("good-ink", &["surface"], TEXT),
    ("active-ink", &["surface"], TEXT),
    ("plain-ink", &["surface"], TEXT),
];

type Colour = [f64; 3];

fn colour(hex: &str) -> Colour {
    let digits = hex.trim().trim_start_matches('#');
    let channel = |at: usize| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).expect("six hex digits")) / 255.0;
    [channel(0), channel(2), channel(4)]
}

fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Every token that is a colour: its light and its dark value.
fn tokens() -> BTreeMap<String, [Colour; 2]> {
    let mut tokens = BTreeMap::new();
    for line in assets::STYLESHEET.body.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": light-dark(#"))
        else {
            continue;
        };
        let (light, dark) = value.trim_end_matches(");").split_once(", ").expect("two colours");
        tokens.insert(name.to_owned(), [colour(light), colour(dark)]);
    }
    tokens
}

#[test]
fn colours_can_be_told_apart_in_both_themes() {
    let tokens = tokens();
    let mut faint = Vec::new();
    for (front, backs, least) in PAIRS {
        for back in backs {
            for (theme, name) in ["light", "dark"].iter().enumerate() {
                let ratio = contrast(tokens[front][theme], tokens[*back][theme]);
                if ratio < least {
                    faint.push(format!("{front} on {back}, {name}: {ratio:.2} < {least}"));
                }
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn contrast_is_reckoned_as_the_guidelines_say() {
    assert!((contrast(colour("#000000"), colour("#ffffff")) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("#777777"), colour("#ffffff")) - 4.48).abs() < 0.01);
}

/// Names after a dot in the selectors of the stylesheet.
fn styled() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = assets::STYLESHEET.body;
    while let Some((selector, after)) = rest.split_once('{') {
        let selector = selector.rsplit(['}', ';', '/']).next().unwrap_or_default();
        for part in selector.split('.').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                names.insert(name);
            }
        }
        rest = after;
    }
    names
}

fn used() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for page in pages::gallery().expect("every sample renders") {
        let document = Document::parse(&page.html).expect("a well-formed page");
        for classes in document.elements().filter_map(|element| element.attribute("class")) {
            names.extend(classes.split_whitespace().map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_class_has_a_rule_and_every_rule_a_use() {
    let (styled, used) = (styled(), used());
    let bare: Vec<_> = used.difference(&styled).collect();
    let idle: Vec<_> = styled.difference(&used).collect();
    assert!(bare.is_empty() && idle.is_empty(), "classes without a rule: {bare:?}; rules without a use: {idle:?}");
}

#[test]
fn every_token_that_is_asked_for_exists_and_the_other_way_round() {
    let sheet = assets::STYLESHEET.body;
    let names_after = |mark: &str| -> BTreeSet<&str> {
        let parts = sheet.split(mark).skip(1);
        parts.filter_map(|part| part.split([')', ':', ',']).next()).filter(|name| !name.contains(' ')).collect()
    };
    let asked = names_after("var(--");
    let given: BTreeSet<&str> = sheet.lines().filter_map(|l| l.trim().strip_prefix("--")?.split(':').next()).collect();
    let unknown: Vec<_> = asked.difference(&given).collect();
    let idle: Vec<_> = given.difference(&asked).collect();
    assert!(unknown.is_empty() && idle.is_empty(), "unknown: {unknown:?}; idle: {idle:?}");
}
