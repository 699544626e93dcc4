//! Every sample of every page is well-formed, escaped, labelled, and allowed by the content security policy.

mod html;
mod look;

use std::collections::{BTreeMap, BTreeSet};

use html::{Document, Element};
use web::assets;
use web::pages::{self, Rendered};

/// A piece of the samples' hostile string that no page may contain unescaped.
const UNESCAPED: [&str; 3] = ["<script>alert", "<img src=x", "</title></textarea>"];

fn documents() -> Vec<(String, Document, Rendered)> {
    let rendered = pages::gallery().expect("every sample renders");
    assert!(rendered.len() > 40, "only {} samples", rendered.len());
    rendered
        .into_iter()
        .map(|page| {
            let name = format!("{}.{}", page.page, page.sample);
            let document = Document::parse(&page.html).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            (name, document, page)
        })
        .collect()
}

/// Collects the complaints of `check` over all samples, and fails with all of them at once.
fn on_every_sample(check: impl Fn(&Document, &mut Vec<String>)) {
    let mut all = Vec::new();
    for (name, document, _) in documents() {
        let mut complaints = Vec::new();
        check(&document, &mut complaints);
        all.extend(complaints.into_iter().map(|complaint| format!("{name}: {complaint}")));
    }
    assert!(all.is_empty(), "{} complaints:\n{}", all.len(), all.join("\n"));
}

#[test]
fn every_page_has_a_hostile_sample_and_escapes_it() {
    let mut hostile = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (name, document, page) in documents() {
        names.insert(page.page);
        for piece in UNESCAPED {
            assert!(!page.html.contains(piece), "{name} lets `{piece}` through");
        }
        for script in document.all("script") {
            assert_eq!(script.attribute("type"), Some("module"), "{name}");
            assert!(script.attribute("src").is_some_and(|src| src.starts_with("/assets/")), "{name}");
        }
        if page.sample == "hostile" {
            hostile.insert(page.page);
            assert!(document.body_text().contains("<script>alert(1)</script>"), "{name} does not show the string");
        }
    }
    assert_eq!(hostile, names);
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    on_every_sample(|document, complaints| {
        for element in document.elements() {
            for (name, _) in &element.attributes {
                if name == "style" || name.starts_with("on") {
                    complaints.push(format!("<{}> has `{name}`", element.name));
                }
            }
            if element.name == "style" || element.name == "iframe" || element.name == "base" {
                complaints.push(format!("<{}> is not allowed", element.name));
            }
            let loaded = match element.name.as_str() {
                "script" | "img" => element.attribute("src"),
                "link" => element.attribute("href"),
                _ => None,
            };
            if let Some(address) = loaded {
                let name = address.strip_prefix("/assets/").unwrap_or_default();
                if assets::find(name).is_none() {
                    complaints.push(format!("loads `{address}`, which is no asset"));
                }
            }
        }
    });
}

#[test]
fn every_form_that_changes_something_carries_the_token_and_no_other_does() {
    on_every_sample(|document, complaints| {
        for form in document.all("form") {
            let action = form.attribute("action").unwrap_or_default();
            let tokens = document.inside(form).filter(|e| e.attribute("name") == Some("csrf")).count();
            let is_post = form.attribute("method") == Some("post");
            if !action.starts_with('/') {
                complaints.push(format!("form goes to `{action}`"));
            }
            if tokens != usize::from(is_post) {
                complaints.push(format!("form to `{action}` has {tokens} tokens"));
            }
        }
    });
}

#[test]
fn every_field_has_a_label_and_every_button_a_name() {
    on_every_sample(|document, complaints| {
        let labelled: BTreeSet<&str> = document.all("label").filter_map(|label| label.attribute("for")).collect();
        for field in document.elements().filter(|e| matches!(e.name.as_str(), "input" | "select" | "textarea")) {
            let is_hidden = field.attribute("type") == Some("hidden");
            let by_id = field.attribute("id").is_some_and(|id| labelled.contains(id));
            let by_parent = document.ancestors(field).any(|parent| parent.name == "label");
            if !is_hidden && !by_id && !by_parent {
                complaints.push(format!("field {:?} has no label", field.attribute("name")));
            }
        }
        for pressed in document.elements().filter(|e| matches!(e.name.as_str(), "button" | "a" | "summary")) {
            let is_named = pressed.attribute("aria-label").is_some() || !document.text_of(pressed).trim().is_empty();
            if !is_named {
                complaints.push(format!("<{}> {:?} has no name", pressed.name, pressed.attribute("href")));
            }
        }
        for bar in document.all("progress") {
            if bar.attribute("aria-label").is_none() {
                complaints.push("progress bar without a label".to_owned());
            }
        }
    });
}

#[test]
fn landmarks_headings_and_the_skip_link_are_in_place() {
    on_every_sample(|document, complaints| {
        let count = |name: &str| document.all(name).count();
        for (name, wanted) in [("h1", 1), ("main", 1), ("header", 1), ("title", 1)] {
            if count(name) != wanted {
                complaints.push(format!("{} <{name}>", count(name)));
            }
        }
        let main = document.all("main").next().and_then(|main| main.attribute("id"));
        let first_link = document.all("a").next().and_then(|link| link.attribute("href"));
        if main != Some("main") || first_link != Some("#main") {
            complaints.push("the first link does not skip to the content".to_owned());
        }
        for nav in document.all("nav").chain(document.all("aside")) {
            if nav.attribute("aria-label").is_none() {
                complaints.push(format!("<{}> without a label", nav.name));
            }
        }
        let mut before = 0;
        for heading in document.elements().filter(|e| matches!(e.name.as_str(), "h1" | "h2" | "h3")) {
            let level = usize::from(heading.name.as_bytes()[1] - b'0');
            let is_beside_main = document.ancestors(heading).any(|parent| parent.name == "aside");
            if heading.attribute("role").is_some() {
                complaints.push(format!("<{}> is given another role", heading.name));
            }
            if level > before + 1 && !is_beside_main {
                complaints.push(format!("<{}> follows level {before}", heading.name));
            }
            if !is_beside_main {
                before = level;
            }
        }
        for image in document.all("img") {
            if image.attribute("alt").is_none() {
                complaints.push("image without alt".to_owned());
            }
        }
        for cell in document.all("th") {
            if cell.attribute("scope").is_none() {
                complaints.push("header cell without scope".to_owned());
            }
        }
    });
}

#[test]
fn ids_are_unique_and_references_lead_to_them() {
    on_every_sample(|document, complaints| {
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for id in document.elements().filter_map(|element| element.attribute("id")) {
            *ids.entry(id).or_default() += 1;
        }
        for (id, times) in &ids {
            if *times > 1 {
                complaints.push(format!("id `{id}` stands {times} times"));
            }
        }
        for element in document.elements() {
            for name in ["for", "aria-labelledby", "aria-describedby", "data-copy", "data-narrow"] {
                for id in element.attribute(name).unwrap_or_default().split_whitespace() {
                    if !ids.contains_key(id) {
                        complaints.push(format!("`{name}` names `{id}`, which is not there"));
                    }
                }
            }
        }
    });
}

#[test]
fn links_out_keep_the_address_of_the_search_to_themselves() {
    on_every_sample(|document, complaints| {
        for link in document.all("a") {
            let address = link.attribute("href").unwrap_or("/");
            let is_out = address.starts_with("http");
            let is_in = address.starts_with('/') || address.starts_with('#');
            let is_sample_pager = document.ancestors(link).any(|parent| has_class(parent, "pager"));
            if is_out && link.attribute("rel") != Some("noreferrer") {
                complaints.push(format!("link to `{address}` sends a referrer"));
            }
            if !is_out && !is_in && !is_sample_pager {
                complaints.push(format!("link to `{address}`"));
            }
        }
    });
}

fn has_class(element: &Element, class: &str) -> bool {
    element.attribute("class").unwrap_or_default().split_whitespace().any(|word| word == class)
}
