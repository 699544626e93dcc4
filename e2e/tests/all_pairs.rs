//! The central promise, for every person and every document of a company: what the source's judge says, what the site's
//! own REST answers to that person, what the clauses decide, what both indexes find and what the API answers are equal.
//!
//! `expected(person, document)` = the oracle admits the person, and the service account reads the document, and it lies in
//! scope, and the person is joined. A failure names the pair and the layer that differs.

use access::Viewer;
use e2e::client::Client;
use e2e::opened::{Found, Opened};
use e2e::people::{Somebody, Thing, well_served};
use e2e::stack::{Setting, Stack};
use model::{Kind, Product, StoredDocument};
use search::ReferenceIndex;
use serde_json::Value;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Differences, in words, with the layer that made them.
#[derive(Default)]
struct Differences(String);

impl Differences {
    fn compare(&mut self, person: &Somebody, layer: &str, expected: &BTreeSet<Thing>, found: &BTreeSet<Thing>) {
        self.note(person, layer, "shows too much", found.difference(expected));
        self.note(person, layer, "hides", expected.difference(found));
    }

    fn note<'a>(&mut self, person: &Somebody, layer: &str, what: &str, things: impl Iterator<Item = &'a Thing>) {
        for thing in things {
            let _written = writeln!(self.0, "{layer} {what}: {thing} for {} ({})", person.name, person.email);
        }
    }

    fn assert_none(&self) {
        assert!(self.0.is_empty(), "the layers differ:\n{}", self.0);
    }
}

/// What is to be true of a company.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Law {
    /// The service account may read every setting: all layers are equal.
    Equal,
    /// It may not: nobody is shown more, and what is hidden beyond the source's own rules has a listed reason.
    HiddenWithReason,
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_sample_company_every_layer_agrees_about_every_pair() {
    every_pair(Stack::of("demo"), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_smallest_company_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("tiny")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_every_kind_of_holder_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("every-kind-of-holder")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_levels_and_audiences_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("levels-and-audiences")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_restrictions_above_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("restrictions-above")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_space_roles_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("space-roles")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_guests_and_strangers_every_layer_agrees_about_every_pair() {
    every_pair(Stack::playing(well_served("guests-and-strangers")), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_pages_and_all_above_them_are_found_by_those_who_may_once_they_are_wanted() {
    every_pair(Stack::playing(well_served("restrictions-above")), true, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_and_personal_spaces_are_found_by_those_who_may_once_they_are_wanted() {
    every_pair(Stack::playing(well_served("guests-and-strangers")), true, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_projects_are_found_by_those_who_may_once_they_are_wanted() {
    every_pair(Stack::playing(well_served("levels-and-audiences")), true, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_organization_whoever_hides_the_address_finds_nothing_and_all_layers_agree() {
    every_pair(Stack::playing(well_served("tiny")).without_organization(), false, Law::Equal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_service_account_that_administers_nothing_nobody_sees_more_and_each_gap_has_a_reason() {
    for world in [
        "tiny",
        "every-kind-of-holder",
        "levels-and-audiences",
        "restrictions-above",
        "space-roles",
        "guests-and-strangers",
    ] {
        println!("{world}");
        every_pair(Stack::of(world), false, Law::HiddenWithReason).await;
    }
}

/// What the source says about one person.
struct Seen {
    person: Somebody,
    /// By the oracle, and of that what Fossick is to show.
    expected: BTreeSet<Thing>,
    /// What the API gave for the phrase of each document.
    answers: BTreeMap<String, Answered>,
}

/// What one search by phrase gave: everything shown on all its pages, and how many hits in all.
#[derive(Default)]
struct Answered {
    shown: BTreeSet<Thing>,
}

async fn every_pair(setting: Setting, wide: bool, law: Law) {
    let mut stack = setting.start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect_with(if wide { &["--archived", "--personal"] } else { &[] }).await;
    stack.sync().await;
    let mut differences = Differences::default();
    let readable = stack.site.oracle(&stack.company.service).await;
    let in_scope = stack.company.in_scope(wide);
    let mut everybody = Vec::new();
    for person in stack.company.people.clone() {
        let oracle = stack.site.oracle(&person.account).await;
        let shown = stack.site.shown_to(&person).await;
        differences.compare(&person, "the source's REST", &oracle, &shown);
        // No route tells which groups give the role of a guest, so whoever has Confluence through one alone stays out.
        let lost_guest = stack.company.has_confluence_as_guest_only(&person);
        let joined = person.active && !person.app && (person.email_shown || stack.organization_key().is_some());
        let expected = oracle.into_iter().filter(|thing| {
            let product = !lost_guest || thing.product != Product::Confluence;
            joined && product && readable.contains(thing) && in_scope.contains(thing)
        });
        everybody.push(Seen { person, expected: expected.collect(), answers: BTreeMap::new() });
    }
    // The phrases come from the store, which only a stopped hub gives away; then the hub answers again.
    let phrases = phrases(&stack.open());
    stack.serve();
    for seen in &mut everybody {
        ask(&mut stack.program_of(&seen.person).await, &phrases, seen).await;
    }
    let reasons = reasons(&stack).await;
    let guests_lost = everybody.iter().any(|seen| stack.company.has_confluence_as_guest_only(&seen.person));
    assert!(!guests_lost || reasons.tells_of_people_without_access, "guests find nothing, and no reason is listed");
    let opened = stack.open();
    for seen in &mut everybody {
        let viewer = opened.viewer(&opened.accounts()[&seen.person.email]);
        let admitted = opened.admitted(&viewer);
        if law == Law::HiddenWithReason {
            differences.note(&seen.person, "access", "shows too much", admitted.difference(&seen.expected));
            let unexplained =
                seen.expected.difference(&admitted).filter(|thing| !reasons.products.contains(&thing.product));
            differences.note(&seen.person, "access", "hides without a listed reason", unexplained);
            seen.expected = admitted;
        }
        compare(&opened, seen, &viewer, &phrases, &mut differences);
    }
    let (pairs, people) = (opened.documents.len() * everybody.len(), everybody.len());
    let admitted: usize = everybody.iter().map(|seen| seen.expected.len()).sum();
    println!("{pairs} pairs of {people} people, {admitted} of them admitted");
    assert!(
        (admitted > 0 || law == Law::HiddenWithReason) && admitted < pairs,
        "the company proves nothing: {admitted} of {pairs} pairs"
    );
    differences.assert_none();
}

/// Why documents are hidden beyond the source's own rules, as the settings pages list it.
#[derive(Default)]
struct Reasons {
    /// Products with hidden documents, or with any warning about what cannot be read.
    products: BTreeSet<Product>,
    /// Whether people whom no known group lets in are told of.
    tells_of_people_without_access: bool,
}

async fn reasons(stack: &Stack) -> Reasons {
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await["sources"].as_array().cloned().unwrap_or_default();
    let mut reasons = Reasons::default();
    for source in sources {
        let id = &source["id"];
        let product: Product =
            source["product"].as_str().unwrap_or_default().parse().unwrap_or_else(|error| panic!("{error}"));
        let hidden = admin.json(&format!("/api/v1/sources/{id}/hidden")).await;
        let problems = admin.json(&format!("/api/v1/sources/{id}/problems")).await;
        let [hidden, problems] =
            [&hidden["hidden"], &problems["problems"]].map(|list| list.as_array().cloned().unwrap_or_default());
        // People without the product are no reason why a document is hidden from those who have it.
        let of_documents = |problem: &serde_json::Value| problem["item"] != "people without access";
        if !hidden.is_empty() || problems.iter().any(of_documents) {
            reasons.products.insert(product);
        }
        for item in problems.iter().filter_map(|problem| problem["item"].as_str()) {
            reasons.tells_of_people_without_access |= item == "people without access";
        }
    }
    reasons
}

/// A quoted phrase of each document, from its own title and text.
fn phrases(opened: &Opened) -> BTreeMap<Thing, String> {
    opened.documents.values().map(|document| (opened.thing(document), phrase(document))).collect()
}

fn phrase(document: &StoredDocument) -> String {
    let inner = &document.document;
    // A comment's title is that of the page above it.
    let own = match inner.key.kind {
        Kind::Comment => inner.body.text.lines().find(|line| line.chars().any(char::is_alphanumeric)),
        _ => Some(inner.title.as_str()),
    };
    let words: Vec<&str> = own.unwrap_or(&inner.title).split_whitespace().take(12).collect();
    format!("\"{}\"", words.join(" ").replace('"', " "))
}

/// Searches as the person for every phrase, through all pages, kind by kind so that what hangs on a page is counted, too.
async fn ask(client: &mut Client, phrases: &BTreeMap<Thing, String>, seen: &mut Seen) {
    for (thing, phrase) in phrases {
        let key = format!("{} {phrase}", thing.kind);
        if let Entry::Vacant(unasked) = seen.answers.entry(key) {
            unasked.insert(all_pages(client, thing.kind, phrase).await);
        }
    }
}

async fn all_pages(client: &mut Client, kind: Kind, phrase: &str) -> Answered {
    let mut answered = Answered::default();
    let query = url::form_urlencoded::byte_serialize(phrase.as_bytes()).collect::<String>();
    for page in 1.. {
        let results = client.json(&format!("/api/v1/search?q={query}&type={kind}&page={page}")).await;
        let hits = results["hits"].as_array().cloned().unwrap_or_default();
        for hit in &hits {
            for document in std::iter::once(hit).chain(hit["nested"].as_array().into_iter().flatten()) {
                answered.shown.insert(thing(document));
            }
        }
        let total = results["total"].as_u64().unwrap_or_default();
        assert_eq!(hits.is_empty(), total <= 10 * (page - 1), "page {page} of {total} hits for {phrase}: {results}");
        if total <= 10 * page {
            break;
        }
    }
    answered
}

/// What a hit of the API stands for. The address tells the product: Confluence lies under `/wiki`.
fn thing(document: &Value) -> Thing {
    let text = |name: &str| document[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {document}")).to_owned();
    let product = if text("url").contains("/wiki/") { Product::Confluence } else { Product::Jira };
    let kind = text("kind").parse().unwrap_or_else(|error| panic!("{error}"));
    Thing { product, kind, native: text("id") }
}

fn compare(
    opened: &Opened,
    seen: &Seen,
    viewer: &Viewer,
    phrases: &BTreeMap<Thing, String>,
    differences: &mut Differences,
) {
    let (person, expected) = (&seen.person, &seen.expected);
    let stored: BTreeSet<Thing> = phrases.keys().cloned().collect();
    differences.note(person, "the store", "lacks", expected.difference(&stored));
    differences.compare(person, "access", expected, &opened.admitted(viewer));
    let access = opened.access().as_ref().clone();
    let reference = ReferenceIndex::new(opened.documents.values().cloned(), access, index::analyze);
    let found =
        [("the reference index", opened.found(&reference, viewer)), ("tantivy", opened.found(&opened.index, viewer))];
    for (layer, Found { shown, counts }) in found {
        differences.note(person, layer, "shows too much", shown.difference(expected));
        let heads = expected.iter().filter(|thing| !matches!(thing.kind, Kind::Comment | Kind::Attachment));
        differences.note(person, layer, "hides", heads.filter(|thing| !shown.contains(thing)));
        let wanted = opened.counts(expected);
        if counts != wanted {
            differences.0.push_str(&format!("{layer} counts {counts:?} instead of {wanted:?} for {}\n", person.name));
        }
    }
    for answered in seen.answers.values() {
        differences.note(person, "the API", "shows too much", answered.shown.difference(expected));
    }
    let lost = expected.iter().filter(|thing| phrases.contains_key(thing)).filter(|thing| {
        let answered = &seen.answers[&format!("{} {}", thing.kind, phrases[thing])];
        !answered.shown.contains(thing)
    });
    differences.note(person, "the API", "hides", lost);
}
