//! Explanations over a whole company: for every person and every document the verdict is the decision (ACL-12), reports
//! add up to the same decisions, and no explanation brings along a title that its reader may not see.

use access::{Crowd, DocNo};
use e2e::opened::Opened;
use e2e::people::well_served;
use e2e::stack::{Setting, Stack};
use explain::{Explainer, Outcome, Whom};
use model::NamedKind;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test(flavor = "multi_thread")]
async fn acl_12_in_the_sample_company_every_pair_is_explained_as_it_is_decided() {
    every_pair(Stack::of("demo"), &["Issue security level “Responders”"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acl_12_with_every_kind_of_holder_every_pair_is_explained_as_it_is_decided() {
    every_pair(
        Stack::playing(well_served("every-kind-of-holder")),
        &["users in the field “Approvers”", "field “Team”"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acl_12_with_restrictions_above_every_pair_is_explained_as_it_is_decided() {
    every_pair(Stack::playing(well_served("restrictions-above")), &["of “Box” above"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acl_12_where_little_can_be_read_every_pair_is_explained_as_it_is_decided() {
    every_pair(Stack::of("levels-and-audiences"), &[]).await;
}

/// `called` is what some explanation has to say: things go by the names that the product gives them.
async fn every_pair(setting: Setting, called: &[&str]) {
    let mut stack = setting.start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    let opened = stack.open();
    let (access, accounts) = (opened.access(), opened.accounts());
    let (mut pairs, mut not_called) = (0, called.iter().copied().collect::<BTreeSet<_>>());
    for (at, reader) in accounts.values().enumerate() {
        let reader = opened.viewer(reader);
        let unseen = unseen_titles(&opened, |doc| access.admits(&reader, doc));
        let folders = |source| opened.store.names(source, NamedKind::Content).expect("the store answers").into_values();
        let explainer = Explainer { store: &opened.store, access: &access, index: &opened.index, reader: &reader };
        // Every reader once with a few people, and every person with one reader.
        let people = accounts.values().skip(at % 3).step_by(3);
        for account in people {
            let (whom, viewer) = (Whom::account(account), opened.viewer(account));
            for document in opened.documents.values() {
                let told = explainer.pair(&whom, document).unwrap_or_else(|error| panic!("{error}"));
                let (name, key) = (&account.email, &told.about.key);
                assert_eq!(told.visible, access.admits(&viewer, document.docno), "{name}, {key}");
                let admitted = told.steps.iter().all(|step| step.outcome == Outcome::Admits);
                assert_eq!(admitted, told.visible, "{name}, {key}: {told:#?}");
                let words = format!("{told:?}");
                let leaked: Vec<_> = unseen.iter().filter(|title| words.contains(title.as_str())).collect();
                assert!(leaked.is_empty(), "{name}, {key}: titles that the reader may not see: {leaked:?} in {words}");
                let shown = access.admits(&reader, document.docno);
                let named = folders(document.source).find(|name| !shown && words.contains(&format!("“{name}”")));
                assert_eq!(named, None, "{name}, {key}: a folder above what the reader may not see: {words}");
                not_called.retain(|called| !words.contains(called));
                pairs += 1;
            }
            counted(&opened, &explainer, &whom, |doc| access.admits(&viewer, doc));
        }
    }
    assert!(pairs > 0, "the company proves nothing");
    assert!(not_called.is_empty(), "nothing is called so: {not_called:?}");
    reported(&opened);
    println!("{pairs} pairs explained");
}

/// Titles of what the reader may not see, apart from those that something else has, too.
fn unseen_titles(opened: &Opened, sees: impl Fn(DocNo) -> bool) -> BTreeSet<String> {
    let (mut seen, mut unseen) = (BTreeSet::new(), BTreeSet::new());
    for document in opened.documents.values() {
        let title = document.document.title.clone();
        if sees(document.docno) {
            seen.insert(title)
        } else {
            unseen.insert(title)
        };
    }
    unseen.retain(|title| title.len() > 8 && !seen.iter().any(|seen| seen.contains(title.as_str())));
    unseen
}

/// What a person would find, counted, is what decisions say.
fn counted(opened: &Opened, explainer: &Explainer<'_>, whom: &Whom, sees: impl Fn(DocNo) -> bool) {
    let reach = explainer.reach(whom).unwrap_or_else(|error| panic!("{error}"));
    let seen = opened.documents.keys().filter(|doc| sees(**doc)).count() as u64;
    assert_eq!(reach.totals().0, seen, "{}", whom.known_as);
    assert_eq!(reach.totals().1, opened.documents.len() as u64, "{}", whom.known_as);
}

/// The exposure report adds up to one decision per person and document.
fn reported(opened: &Opened) {
    let (access, directory) = (opened.access(), opened.store.directory());
    let nobody = access::Directory::default().viewer_of(&access::Person::default());
    let explainer = Explainer { store: &opened.store, access: &access, index: &opened.index, reader: &nobody };
    let report = explainer.exposure().unwrap_or_else(|error| panic!("{error}"));
    let (mut everybody, mut by_nobody) = (0, 0);
    let mut crowds: BTreeMap<_, _> = BTreeMap::new();
    for document in opened.documents.values() {
        let source = document.source;
        let crowd =
            crowds.entry(source).or_insert_with(|| (directory.everybody(source), Crowd::of(&directory, source)));
        let admitted = crowd.0.iter().filter(|(_, viewer)| access.admits(viewer, document.docno)).count();
        let audience = explainer.audience(document).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(audience.people.len(), admitted, "{}", audience.about.key);
        by_nobody += u64::from(admitted == 0);
        let members = crowd.1.members().count();
        let guests = audience.people.iter().filter(|person| person.guest).count();
        everybody += u64::from(members > 0 && admitted - guests == members);
    }
    assert_eq!(report.totals.documents, opened.documents.len() as u64);
    assert_eq!((report.totals.everybody, report.totals.nobody), (everybody, by_nobody));
    assert_eq!(report.totals.without_cause() + report.totals.causes.values().sum::<u64>(), by_nobody);
}
