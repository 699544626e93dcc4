//! One look at a company: every layer about every pair.

use super::hub::Staged;
use super::{accounts, api};
use crate::people::{Somebody, Thing};
use crate::proof::judged::Judged;
use crate::proof::{Mismatch, Tally};
use access::{AccessState, DocNo, Viewer};
use model::{Kind, Product, StoredDocument};
use search::{Page, Query, ReferenceIndex, Request, SearchIndex};
use serde_json::Value;
use simulator::drawn::WORD;
use std::collections::{BTreeMap, BTreeSet};
use sync::Changes as _;

/// Changes read from the outbox at once.
const CHANGES: usize = 500;
/// Hits on a page of an index.
const HITS: usize = 50;

/// What the hub holds now.
struct Held {
    documents: BTreeMap<DocNo, StoredDocument>,
    numbers: BTreeMap<Thing, DocNo>,
    access: AccessState,
    viewers: BTreeMap<String, Viewer>,
}

impl Held {
    fn of(staged: &Staged) -> Self {
        let store = staged.hub().store();
        let (mut documents, mut after) = (BTreeMap::new(), 0);
        loop {
            let changes = store.after(after, CHANGES).unwrap_or_else(|error| panic!("{error}"));
            let Some(last) = changes.last() else { break };
            after = last.sequence;
            for change in changes {
                match change.document {
                    Some(document) => documents.insert(change.docno, *document),
                    None => documents.remove(&change.docno),
                };
            }
        }
        let (accounts, directory) = (store.accounts().unwrap_or_else(|error| panic!("{error}")), store.directory());
        let viewers = accounts.iter().map(|account| (account.email.clone(), directory.viewer_of(&account.person())));
        let numbers = documents.values().map(|document| (staged.thing(document), document.docno)).collect();
        Self { documents, numbers, access: staged.hub().access().as_ref().clone(), viewers: viewers.collect() }
    }

    fn document(&self, thing: &Thing) -> Option<&StoredDocument> {
        self.documents.get(self.numbers.get(thing)?)
    }

    fn viewer(&self, person: &Somebody) -> &Viewer {
        &self.viewers[&person.email]
    }

    fn admitted(&self, person: &Somebody) -> BTreeSet<Thing> {
        let viewer = self.viewer(person);
        let admitted = self.numbers.iter().filter(|(_, docno)| self.access.admits(viewer, **docno));
        admitted.map(|(thing, _)| thing.clone()).collect()
    }
}

/// Between cycles: whatever is shown was allowed at some moment since the last cycle that completed.
pub(in crate::proof) fn nothing_that_no_state_allowed(staged: &Staged, since: &[Judged], mismatch: &mut Mismatch) {
    let held = Held::of(staged);
    for person in accounts(staged) {
        for thing in held.admitted(&person) {
            if !since.iter().any(|judged| judged.allowed[&person.account].contains(&thing)) {
                mismatch.leaks.push(format!("{thing} to {} in the middle of a cycle", person.name));
            }
        }
    }
}

/// What no cycle has confirmed for too long is shown to nobody.
pub(in crate::proof) fn nothing_at_all(staged: &Staged, mismatch: &mut Mismatch) {
    let held = Held::of(staged);
    for person in accounts(staged) {
        let shown = held.admitted(&person);
        mismatch.leaks.extend(shown.iter().map(|thing| format!("{thing} to {}, long unconfirmed", person.name)));
    }
}

/// After a completed cycle: all layers say the same.
pub(in crate::proof) async fn everything(staged: &Staged, judged: &Judged, tally: &mut Tally, mismatch: &mut Mismatch) {
    let held = Held::of(staged);
    let named = named_in_problems(staged).await;
    let reference = ReferenceIndex::new(held.documents.values().cloned(), held.access.clone(), index::analyze);
    tally.looks += 1;
    for person in accounts(staged) {
        let expected = &judged.expected[&person.account];
        let admitted = held.admitted(&person);
        tally.pairs += held.documents.len() as u64;
        tally.admitted += admitted.len() as u64;
        let shown = staged.site.shown_to(&person).await;
        differ(mismatch, "the source's REST", &person, &judged.listed[&person.account], &shown);
        for thing in admitted.difference(expected) {
            mismatch.leaks.push(format!("access: {thing} to {}", person.name));
        }
        for thing in expected.difference(&admitted) {
            let lost_guest = thing.product == Product::Confluence && judged.lost_guests.contains(&person.account);
            let cause = excuse(&held, &person, thing, &named);
            match cause.or_else(|| lost_guest.then(|| "a guest by group alone".to_owned())) {
                Some(cause) => *tally.excused.entry(cause).or_default() += 1,
                None => mismatch.hidden.push(format!("access: {thing} from {}", person.name)),
            }
        }
        for (layer, index) in
            [("the reference index", &reference as &dyn SearchIndex), ("tantivy", staged.hub().index())]
        {
            let found = found(staged, &held, index, held.viewer(&person));
            agree(mismatch, layer, &person, &admitted, &found.shown, &found.counts);
        }
        match api::ask(staged, &person).await {
            Ok(answered) => {
                let with_word: BTreeSet<Thing> =
                    admitted.iter().filter(|thing| has_word(&held, thing)).cloned().collect();
                let related = answered.related.difference(&admitted);
                mismatch.leaks.extend(related.map(|thing| format!("the API names {thing} to {}", person.name)));
                agree(mismatch, "the API", &person, &with_word, &answered.shown, &answered.counts);
            }
            Err(why) => mismatch.other.push(why),
        }
    }
}

/// Whether the API's one word is in a document's own text.
fn has_word(held: &Held, thing: &Thing) -> bool {
    held.document(thing).is_some_and(|document| {
        let inner = &document.document;
        inner.own_title().contains(WORD) || inner.body.text.contains(WORD) || inner.body.headings.contains(WORD)
    })
}

fn differ(mismatch: &mut Mismatch, layer: &str, person: &Somebody, wanted: &BTreeSet<Thing>, shown: &BTreeSet<Thing>) {
    let (leaks, hidden) = (shown.difference(wanted), wanted.difference(shown));
    mismatch.other.extend(leaks.map(|thing| format!("{layer} shows {thing} to {}", person.name)));
    mismatch.other.extend(hidden.map(|thing| format!("{layer} hides {thing} from {}", person.name)));
}

/// An index shows only what is admitted, shows every page, blog post and issue of it, and counts all of it.
fn agree(
    mismatch: &mut Mismatch,
    layer: &str,
    person: &Somebody,
    admitted: &BTreeSet<Thing>,
    shown: &BTreeSet<Thing>,
    counts: &BTreeMap<Kind, u64>,
) {
    let leaks = shown.difference(admitted);
    mismatch.leaks.extend(leaks.map(|thing| format!("{layer}: {thing} to {}", person.name)));
    let heads = admitted.iter().filter(|thing| !matches!(thing.kind, Kind::Comment | Kind::Attachment));
    let hidden = heads.filter(|thing| !shown.contains(thing));
    mismatch.hidden.extend(hidden.map(|thing| format!("{layer}: {thing} from {}", person.name)));
    for kind in Kind::ALL.iter().copied() {
        let wanted = admitted.iter().filter(|thing| thing.kind == kind).count() as u64;
        let counted = counts.get(&kind).copied().unwrap_or_default();
        if counted != wanted {
            mismatch.other.push(format!("{layer} counts {counted} of {kind} for {}, not {wanted}", person.name));
        }
    }
}

/// What an index gives for everything.
#[derive(Default)]
struct Found {
    shown: BTreeSet<Thing>,
    counts: BTreeMap<Kind, u64>,
}

fn found(staged: &Staged, held: &Held, index: &dyn SearchIndex, viewer: &Viewer) -> Found {
    let mut found = Found::default();
    let mut request = Request { query: Query::everything(), ..Request::of("") };
    request.page = Page { offset: 0, limit: HITS };
    loop {
        let results = index.search(viewer, &request).unwrap_or_else(|error| panic!("{error}"));
        for hit in &results.hits {
            let hits = hit.matched.then_some(&hit.document).into_iter().chain(&hit.nested);
            // Whatever is found and not stored is found under a name of its own, so that it cannot pass.
            found.shown.extend(hits.map(|hit| {
                let stored = held.documents.get(&hit.docno).map(|document| staged.thing(document));
                stored.unwrap_or_else(|| Thing::jira(Kind::Issue, format_args!("lost {}", hit.docno.0)))
            }));
        }
        if request.page.offset == 0 {
            found.counts = results.facets.kinds.iter().copied().collect();
        }
        request.page.offset += HITS;
        if request.page.offset as u64 >= results.total {
            return found;
        }
    }
}

/// What administrators are told about all sources, as `item: message`.
pub(in crate::proof) async fn problems(staged: &Staged) -> Vec<String> {
    let mut told = Vec::new();
    for source in staged.hub().store().sources().unwrap_or_else(|error| panic!("{error}")) {
        let path = format!("/api/v1/sources/{}/problems", source.id.0);
        let problems = staged.operate("GET", &path, &Value::Null).await;
        for problem in problems["problems"].as_array().into_iter().flatten() {
            let [item, message] = ["item", "reason"].map(|key| problem[key].as_str().unwrap_or_default());
            told.push(format!("{item}: {message}"));
        }
    }
    told
}

/// Spaces and projects that a warning names, by the name it gives.
async fn named_in_problems(staged: &Staged) -> BTreeSet<String> {
    let problems = problems(staged).await;
    let items = problems.iter().filter_map(|problem| problem.split_once(": "));
    let named = items.filter_map(|(item, _)| item.strip_prefix("project ").or(item.strip_prefix("space ")));
    named.map(str::to_owned).collect()
}

/// The listed reason for which a person does not see what is expected: a closed layer, or a warning about its container.
fn excuse(held: &Held, person: &Somebody, thing: &Thing, named: &BTreeSet<String>) -> Option<String> {
    let document = held.document(thing)?;
    let layers = held.access.layers(held.viewer(person), document.docno);
    if let Some(hidden) = layers.iter().find_map(|layer| layer.hidden) {
        return Some(hidden.to_string());
    }
    named.contains(&document.container_key).then(|| "a warning about its container".to_owned())
}
