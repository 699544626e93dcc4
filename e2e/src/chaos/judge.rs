//! When it is quiet again: store = source, index = store, nothing twice, and what is hidden has a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, company_at_the_end};
use crate::opened::Opened;
use crate::people::{Company, Somebody, Thing};
use crate::site::things_of;
use crate::stack::Stack;
use access::{Hidden, Viewer};
use model::{Kind, Product, StoredDocument};
use simulator::state::content::Container;
use simulator::state::issue::adf_text;

/// Reasons that a complete and successful cycle may leave: the source itself does not say who may see it.
const LASTING: [Hidden; 4] = [Hidden::Forbidden, Hidden::NotUnderstood, Hidden::Truncated, Hidden::AncestorUnreadable];

/// Stops the hub and compares all that there is.
pub(super) async fn settled(stack: &mut Stack, outcome: &mut Outcome) {
    let picture = stack.site.control("oracle").await;
    let everybody: BTreeMap<String, BTreeSet<Thing>> = picture
        .as_object()
        .into_iter()
        .flatten()
        .map(|(account, answer)| (account.clone(), things_of(answer)))
        .collect();
    let company = company_at_the_end(stack);
    let in_scope = company.in_scope(false);
    let nothing = BTreeSet::new();
    let readable: BTreeSet<Thing> =
        everybody.get(&company.service).unwrap_or(&nothing).intersection(&in_scope).cloned().collect();
    outcome.log.push(stack.stop());
    let opened = Opened::at(&stack.data());
    outcome.documents = opened.documents.len();
    duplicates(&opened, outcome);
    let mut most = (BTreeSet::new(), None);
    for person in &company.people {
        let Some(account) = opened.accounts().get(&person.email).cloned() else { continue };
        let seen = everybody.get(&person.account).unwrap_or(&nothing);
        let expected: BTreeSet<Thing> =
            if joined(person) { seen.intersection(&readable).cloned().collect() } else { BTreeSet::new() };
        let viewer = opened.viewer(&account);
        let admitted = pairs(&opened, person, &viewer, &expected, outcome);
        if admitted.len() > most.0.len() {
            most = (admitted, Some(viewer));
        }
    }
    if let (admitted, Some(viewer)) = most {
        words(&opened, &viewer, &admitted, outcome);
    }
    texts(&opened, &company, &readable, outcome);
}

fn joined(person: &Somebody) -> bool {
    person.active && !person.app
}

fn duplicates(opened: &Opened, outcome: &mut Outcome) {
    let mut seen = BTreeSet::new();
    for document in opened.documents.values() {
        let thing = opened.thing(document);
        if !seen.insert(thing.clone()) {
            outcome.duplicated.push(format!("{thing} is stored twice"));
        }
    }
}

/// What access admits, and what the index counts for somebody.
fn pairs(
    opened: &Opened,
    person: &Somebody,
    viewer: &Viewer,
    expected: &BTreeSet<Thing>,
    outcome: &mut Outcome,
) -> BTreeSet<Thing> {
    let admitted = opened.admitted(viewer);
    outcome.pairs += opened.documents.len();
    for thing in admitted.difference(expected) {
        outcome.leaked.push(format!("{thing} is admitted to {} ({})", person.name, person.account));
    }
    for thing in expected.difference(&admitted) {
        match reason(opened, viewer, thing) {
            Some(reason) if LASTING.contains(&reason) => {
                *outcome.hidden.entry(reason.to_string()).or_default() += 1;
            }
            reason => {
                let why = reason.map_or_else(String::new, |reason| format!(", because {reason}"));
                outcome.lost.push(format!("{thing} for {} ({}){why}", person.name, person.account));
            }
        }
    }
    let found = opened.found(&opened.index, viewer);
    let wanted = opened.counts(&admitted);
    let keys: BTreeSet<_> = found.counts.keys().chain(wanted.keys()).cloned().collect();
    for key in keys {
        let (index, store) = (found.counts.get(&key).unwrap_or(&0), wanted.get(&key).unwrap_or(&0));
        let words = || format!("{key:?}: the index counts {index} for {}, the store {store}", person.name);
        match index.cmp(store) {
            std::cmp::Ordering::Less => outcome.lost.push(words()),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => outcome.duplicated.push(words()),
        }
    }
    admitted
}

/// By every word that the play has written, the person who sees most finds what says it, and nothing that says it no more.
fn words(opened: &Opened, viewer: &Viewer, admitted: &BTreeSet<Thing>, outcome: &mut Outcome) {
    let (mut own, mut named) = (BTreeMap::<&str, BTreeSet<Thing>>::new(), BTreeMap::<&str, BTreeSet<Thing>>::new());
    for stored in opened.documents.values() {
        let (thing, document) = (opened.thing(stored), &stored.document);
        if !admitted.contains(&thing) {
            continue;
        }
        for word in marks(&document.body.text).into_iter().chain(marks(document.own_title())) {
            own.entry(word).or_default().insert(thing.clone());
        }
        // A comment is found by the title of its page, too.
        for word in marks(&document.title) {
            named.entry(word).or_default().insert(thing.clone());
        }
    }
    let nothing = BTreeSet::new();
    let written: BTreeSet<&str> = outcome.words.iter().map(String::as_str).chain(own.keys().copied()).collect();
    let mut stale = Vec::new();
    for word in written {
        let (own, named) = (own.get(word).unwrap_or(&nothing), named.get(word).unwrap_or(&nothing));
        let found = opened.found_by(word, viewer);
        stale.extend(own.difference(&found).map(|thing| format!("{thing} is not found by its word {word}")));
        let strange = found.iter().filter(|thing| !own.contains(thing) && !named.contains(thing));
        stale.extend(strange.map(|thing| format!("{thing} is found by {word}, which it does not say")));
    }
    outcome.stale.extend(stale);
}

/// Why a stored document is hidden from everybody; `None` if it is not stored, or if it is hidden from this person only.
fn reason(opened: &Opened, viewer: &Viewer, thing: &Thing) -> Option<Hidden> {
    let (docno, _) = opened.documents.iter().find(|(_, document)| opened.thing(document) == *thing)?;
    opened.access().layers(viewer, *docno).into_iter().find_map(|layer| layer.hidden)
}

/// What a document is to say at the end.
struct Wanted {
    title: Option<String>,
    text: String,
    /// Key of the space or project.
    container: String,
}

/// Words that the play has written: `qu…o…`, of few consonants.
fn marks(text: &str) -> BTreeSet<&str> {
    let is_mark = |word: &&str| {
        let inner = word.strip_prefix("qu").and_then(|rest| rest.split_once('o'));
        let plain = |letters: &str| letters.chars().all(|letter| "bcfhjkmpqtvwxz".contains(letter));
        inner.is_some_and(|(seed, number)| !seed.is_empty() && !number.is_empty() && plain(seed) && plain(number))
    };
    text.split(|letter: char| !letter.is_alphanumeric()).filter(is_mark).collect()
}

/// Titles, texts and places of everything that the service account reads.
fn texts(opened: &Opened, company: &Company, readable: &BTreeSet<Thing>, outcome: &mut Outcome) {
    let stored: BTreeMap<Thing, &StoredDocument> =
        opened.documents.values().map(|document| (opened.thing(document), document)).collect();
    for thing in readable {
        let (Some(wanted), Some(stored)) = (wanted(company, thing), stored.get(thing)) else { continue };
        let document = &stored.document;
        let (own, source) = (format!("{} {}", document.own_title(), document.body.text), &wanted.text);
        if marks(&own) != marks(source) {
            outcome.stale.push(format!("{thing} says {:?} and not {:?}", marks(&own), marks(source)));
        }
        if wanted.title.as_ref().is_some_and(|title| *title != document.title) {
            outcome.stale.push(format!("{thing} is called `{}` and not {:?}", document.title, wanted.title));
        }
        if stored.container_key != wanted.container {
            outcome.stale.push(format!("{thing} lies in {} and not in {}", stored.container_key, wanted.container));
        }
    }
}

fn wanted(company: &Company, thing: &Thing) -> Option<Wanted> {
    let id: u64 = thing.native.trim_start_matches("att").parse().ok()?;
    match thing.product {
        Product::Confluence => in_confluence(company, thing.kind, id),
        Product::Jira => in_jira(company, thing.kind, id),
    }
}

fn in_confluence(company: &Company, kind: Kind, id: u64) -> Option<Wanted> {
    let confluence = &company.world.confluence;
    let (title, text, page) = match kind {
        Kind::Comment => {
            let comment = confluence.comments.get(&id)?;
            let page = match comment.container {
                Container::Content(id) => id,
                Container::Attachment(id) => confluence.attachments.get(&id)?.container,
            };
            (None, comment.body.to_string(), page)
        }
        Kind::Attachment => {
            let file = confluence.attachments.get(&id)?;
            (Some(file.title.clone()), file.title.clone(), file.container)
        }
        _ => {
            let content = confluence.content.get(&id)?;
            (Some(content.title.clone()), format!("{} {}", content.title, content.body), id)
        }
    };
    let space = confluence.spaces.get(&confluence.content.get(&page)?.space)?;
    Some(Wanted { title, text, container: space.key.clone() })
}

fn in_jira(company: &Company, kind: Kind, id: u64) -> Option<Wanted> {
    let jira = &company.world.jira;
    let (title, text, issue) = match kind {
        Kind::Comment => {
            let comment = jira.comments.get(&id)?;
            (None, adf_text(&comment.body), comment.issue)
        }
        Kind::Attachment => {
            let file = jira.attachments.get(&id)?;
            (Some(file.filename.clone()), file.filename.clone(), file.issue)
        }
        _ => {
            let issue = jira.issues.get(&id)?;
            let description = issue.description.as_ref().map(|text| adf_text(text)).unwrap_or_default();
            (Some(issue.summary.clone()), format!("{} {description}", issue.summary), id)
        }
    };
    let project = jira.projects.get(&jira.issues.get(&issue)?.project)?;
    Some(Wanted { title, text, container: project.key.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_words_of_the_play_and_no_others() {
        let text = "<p>Checked it again, qubcofh.</p> quote quorum qubo quoth";
        assert_eq!(marks(text).into_iter().collect::<Vec<_>>(), ["qubcofh"]);
    }
}
