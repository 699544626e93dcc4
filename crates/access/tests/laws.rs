//! The laws of access, each on random worlds, against a model that knows only sets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use access::{
    AccessState, AclId, Clause, ClauseId, Decision, Delta, Directory, DocNo, DocumentEntry, DynamicHolder, Group,
    Hidden, Holder, Inline, NodeEntry, NodeId, Person, Principal, ProductAccess, SourceDirectory, SourceId, User,
    UserId, Viewer,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const SITE: SourceId = SourceId(1);
const USERS: usize = 4;
const GROUPS: usize = 4;

fn user(at: usize) -> Holder {
    Holder::User(UserId::Account(format!("u{at}").into()))
}

fn group(at: usize) -> Group {
    Group::Id(format!("g{at}").into())
}

fn principal(at: usize) -> Principal {
    let holder = if at < USERS { user(at) } else { Holder::Group(group(at - USERS)) };
    Principal::new(SITE, holder)
}

/// The viewer who is user `at` and is in `groups`.
fn viewer(at: usize, groups: &BTreeSet<usize>) -> Viewer {
    let id = UserId::Account(format!("u{at}").into());
    let mut directory = Directory::default();
    let everyone = group(99);
    let mut members: BTreeMap<Group, BTreeSet<UserId>> =
        groups.iter().map(|&at| (group(at), BTreeSet::from([id.clone()]))).collect();
    members.insert(everyone.clone(), BTreeSet::from([id.clone()]));
    directory.put(
        SITE,
        SourceDirectory {
            users: BTreeMap::from([(id.clone(), User { active: true, ..User::default() })]),
            members,
            product_access: ProductAccess::Groups(BTreeSet::from([everyone])),
            ..SourceDirectory::unknown()
        },
    );
    directory.viewer_of(&Person { mapped: BTreeMap::from([(SITE, id)]), ..Person::default() })
}

/// A layer as the model sees it: numbers of principals, and whether the reporter is admitted.
#[derive(Clone, Debug)]
struct Layer {
    principals: BTreeSet<usize>,
    reporter: bool,
    hidden: bool,
}

impl Layer {
    fn clause(&self) -> Clause {
        if self.hidden {
            return Clause::nobody(Hidden::Forbidden);
        }
        let clause = Clause::any_of(self.principals.iter().map(|&at| principal(at)));
        if self.reporter { clause.or_dynamic([DynamicHolder::Reporter]) } else { clause }
    }

    fn admits(&self, held: &BTreeSet<usize>, reporter: Option<usize>) -> bool {
        let as_reporter = self.reporter && reporter.is_some_and(|reporter| held.contains(&reporter));
        !self.hidden && (as_reporter || !self.principals.is_disjoint(held))
    }
}

fn layer() -> impl Strategy<Value = Layer> {
    let principals = prop::collection::btree_set(0..USERS + GROUPS, 0..4);
    (principals, prop::bool::weighted(0.2), prop::bool::weighted(0.1))
        .prop_map(|(principals, reporter, hidden)| Layer { principals, reporter, hidden })
}

fn person() -> impl Strategy<Value = (usize, BTreeSet<usize>)> {
    (0..USERS, prop::collection::btree_set(0..GROUPS, 0..GROUPS))
}

fn held(person: &(usize, BTreeSet<usize>)) -> BTreeSet<usize> {
    person.1.iter().map(|&at| USERS + at).chain([person.0]).collect()
}

fn stored(at: usize) -> ClauseId {
    ClauseId(ClauseId::FIRST_STORED.0 + u32::try_from(at).unwrap())
}

/// One document under all of `layers`, in the given order and repetition.
fn one_document(layers: &[Layer], order: &[usize], reporter: Option<usize>) -> AccessState {
    let inline = reporter.map(|at| Arc::new(Inline::new(vec![(DynamicHolder::Reporter, principal(at))])));
    AccessState::empty().apply(&Delta {
        clauses: layers.iter().enumerate().map(|(at, layer)| (stored(at), layer.clause())).collect(),
        acls: vec![(AclId(0), order.iter().map(|&at| stored(at)).collect())],
        nodes: vec![(NodeId(0), NodeEntry { acl: AclId(0), inline })],
        documents: vec![(DocNo(0), DocumentEntry { node: NodeId(0), audience: None, hidden: None })],
        rewritten: vec![],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn acl_1_adding_a_clause_never_widens(
        layers in prop::collection::vec(layer(), 2..5), person in person(), reporter in prop::option::of(0..USERS),
    ) {
        let viewer = viewer(person.0, &person.1);
        let all: Vec<usize> = (0..layers.len()).collect();
        let fewer = one_document(&layers, &all[..layers.len() - 1], reporter).admits(&viewer, DocNo(0));
        let more = one_document(&layers, &all, reporter).admits(&viewer, DocNo(0));
        prop_assert!(fewer || !more);
    }

    #[test]
    fn acl_2_order_and_repetition_do_not_matter(
        layers in prop::collection::vec(layer(), 1..4), mixed in prop::collection::vec(0..100_usize, 4..8), person in person(),
    ) {
        let viewer = viewer(person.0, &person.1);
        let all: Vec<usize> = (0..layers.len()).collect();
        let order: Vec<usize> = mixed.into_iter().map(|at| at % layers.len()).chain(all.iter().rev().copied()).collect();
        let first = one_document(&layers, &all, None).admits(&viewer, DocNo(0));
        prop_assert_eq!(first, one_document(&layers, &order, None).admits(&viewer, DocNo(0)));
    }

    #[test]
    fn acl_3_taking_a_principal_from_a_viewer_never_widens(
        layers in prop::collection::vec(layer(), 1..4), person in person(), reporter in prop::option::of(0..USERS),
    ) {
        let all: Vec<usize> = (0..layers.len()).collect();
        let state = one_document(&layers, &all, reporter);
        let whole = state.admits(&viewer(person.0, &person.1), DocNo(0));
        for &taken in &person.1 {
            let fewer: BTreeSet<usize> = person.1.iter().copied().filter(|&at| at != taken).collect();
            prop_assert!(whole || !state.admits(&viewer(person.0, &fewer), DocNo(0)));
        }
    }

    #[test]
    fn acl_4_adding_a_principal_to_a_clause_changes_only_those_who_hold_it(
        layers in prop::collection::vec(layer(), 1..4), added in 0..USERS + GROUPS, person in person(),
    ) {
        let all: Vec<usize> = (0..layers.len()).collect();
        let viewer = viewer(person.0, &person.1);
        let before = one_document(&layers, &all, None).admits(&viewer, DocNo(0));
        let mut wider = layers.clone();
        wider[0].principals.insert(added);
        let after = one_document(&wider, &all, None).admits(&viewer, DocNo(0));
        prop_assert!(!before || after, "it narrowed");
        prop_assert!(before == after || held(&person).contains(&added), "it widened for a stranger");
    }
}

/// A change to a small world, for the law of caches.
#[derive(Clone, Debug)]
enum Change {
    Clause(usize, Layer),
    NewAcl(Vec<usize>),
    Point { node: usize, acl: usize, reporter: Option<usize> },
    Document { doc: usize, node: usize, audience: Option<usize>, hidden: bool },
    Rewrite(usize),
    Indexed,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0..6_usize, layer()).prop_map(|(at, layer)| Change::Clause(at, layer)),
        prop::collection::vec(0..7_usize, 0..4).prop_map(Change::NewAcl),
        (0..4_usize, 0..8_usize, prop::option::of(0..USERS)).prop_map(|(node, acl, reporter)| Change::Point {
            node,
            acl,
            reporter
        }),
        (0..6_usize, 0..5_usize, prop::option::of(0..7_usize), prop::bool::weighted(0.1))
            .prop_map(|(doc, node, audience, hidden)| Change::Document { doc, node, audience, hidden }),
        (0..6_usize).prop_map(Change::Rewrite),
        Just(Change::Indexed),
    ]
}

type ModelDocument = (usize, Option<usize>, bool);

/// The same world as plain maps, evaluated from scratch each time.
#[derive(Clone, Default)]
struct Model {
    clauses: BTreeMap<usize, Layer>,
    acls: Vec<Vec<usize>>,
    nodes: BTreeMap<usize, (usize, Option<usize>)>,
    documents: BTreeMap<usize, ModelDocument>,
    /// Snapshots of the world from before each rewrite that the index does not hold yet.
    former: BTreeMap<usize, Vec<Model>>,
}

impl Model {
    fn admits_now(&self, doc: usize, held: &BTreeSet<usize>) -> bool {
        let Some((node, audience, false)) = self.documents.get(&doc) else { return false };
        let Some((acl, reporter)) = self.nodes.get(node) else { return false };
        let Some(acl) = self.acls.get(*acl).filter(|acl| !acl.is_empty()) else { return false };
        let by = |at: &usize| self.clauses.get(at).is_some_and(|layer| layer.admits(held, *reporter));
        acl.iter().chain(audience).all(by)
    }

    fn admits(&self, doc: usize, held: &BTreeSet<usize>) -> bool {
        let formers = self.former.get(&doc);
        self.admits_now(doc, held) && formers.into_iter().flatten().all(|model| model.admits_now(doc, held))
    }

    /// Applies a change and returns what the real state is told.
    fn apply(&mut self, change: &Change, sequence: u64) -> Delta {
        let mut delta = Delta::default();
        match change {
            Change::Clause(at, layer) => {
                self.clauses.insert(*at, layer.clone());
                delta.clauses.push((stored(*at), layer.clause()));
            }
            Change::NewAcl(clauses) => {
                let id = AclId(u32::try_from(self.acls.len()).unwrap());
                self.acls.push(clauses.clone());
                delta.acls.push((id, clauses.iter().map(|&at| stored(at)).collect()));
            }
            Change::Point { node, acl, reporter } => {
                self.nodes.insert(*node, (*acl, *reporter));
                let inline = reporter.map(|at| Inline::new(vec![(DynamicHolder::Reporter, principal(at))]));
                let acl = AclId(u32::try_from(*acl).unwrap());
                delta
                    .nodes
                    .push((NodeId(u32::try_from(*node).unwrap()), NodeEntry { acl, inline: inline.map(Arc::new) }));
            }
            Change::Document { doc, node, audience, hidden } => {
                self.documents.insert(*doc, (*node, *audience, *hidden));
                let entry = DocumentEntry {
                    node: NodeId(u32::try_from(*node).unwrap()),
                    audience: audience.map(stored),
                    hidden: hidden.then_some(Hidden::Unconfirmed),
                };
                delta.documents.push((DocNo(u32::try_from(*doc).unwrap()), entry));
            }
            Change::Rewrite(doc) => {
                if self.documents.contains_key(doc) {
                    let snapshot = Self { former: BTreeMap::new(), ..self.clone() };
                    self.former.entry(*doc).or_default().push(snapshot);
                }
                delta.rewritten.push((DocNo(u32::try_from(*doc).unwrap()), sequence));
            }
            Change::Indexed => self.former.clear(),
        }
        delta
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn acl_5_6_7_a_cached_decision_equals_the_model_after_any_changes(
        changes in prop::collection::vec(change(), 1..40), people in prop::collection::vec(person(), 1..3),
    ) {
        let mut model = Model::default();
        let mut state = AccessState::empty();
        let mut decisions: Vec<_> =
            people.iter().map(|person| (held(person), Decision::new(viewer(person.0, &person.1)))).collect();
        for (at, change) in changes.iter().enumerate() {
            let sequence = at as u64 + 1;
            let delta = model.apply(change, sequence);
            state = if matches!(change, Change::Indexed) { state.indexed(sequence) } else { state.apply(&delta) };
            for (held, decision) in &mut decisions {
                if at % 3 == 1 {
                    decision.ask_all(&state);
                }
                for doc in 0..7 {
                    let number = DocNo(u32::try_from(doc).unwrap());
                    let expected = model.admits(doc, held);
                    prop_assert_eq!(decision.admits(&state, number), expected, "cached, document {} after {:?}", doc, change);
                    prop_assert_eq!(state.admits(decision.viewer(), number), expected, "fresh, document {}", doc);
                }
            }
        }
    }
}

#[test]
fn acl_7_a_secret_deleted_before_the_restriction_is_lifted_never_shows() {
    let (insider, outsider) = (viewer(0, &BTreeSet::new()), viewer(1, &BTreeSet::new()));
    let only = |at: usize| Layer { principals: BTreeSet::from([at]), reporter: false, hidden: false };
    let state = one_document(&[only(0)], &[0], None);
    // The new text without the secret is read: the index still holds the old one.
    let state = state.apply(&Delta { rewritten: vec![(DocNo(0), 7)], ..Delta::default() });
    let both = Layer { principals: BTreeSet::from([0, 1]), reporter: false, hidden: false };
    let state = state.apply(&Delta { clauses: vec![(stored(0), both.clause())], ..Delta::default() });
    assert!(state.admits(&insider, DocNo(0)));
    assert!(!state.admits(&outsider, DocNo(0)), "the old text would show");
    assert!(!state.indexed(6).admits(&outsider, DocNo(0)));
    assert!(state.indexed(7).admits(&outsider, DocNo(0)));
}

#[test]
fn acl_7_a_text_that_is_rewritten_twice_waits_for_the_last_change() {
    let outsider = viewer(1, &BTreeSet::new());
    let only = |at: usize| Layer { principals: BTreeSet::from([at]), reporter: false, hidden: false };
    let both = Layer { principals: BTreeSet::from([0, 1]), reporter: false, hidden: false };
    let rewritten = |sequence| Delta { rewritten: vec![(DocNo(0), sequence)], ..Delta::default() };
    let state = one_document(&[only(0)], &[0], None).apply(&rewritten(7));
    let state = state.apply(&Delta { clauses: vec![(stored(0), both.clause())], ..Delta::default() });
    // The outbox row moves from 7 to 9, so an index that holds 8 may still hold the first text.
    let state = state.apply(&rewritten(9)).indexed(8);
    assert!(!state.admits(&outsider, DocNo(0)), "the first text would show");
    assert!(state.indexed(9).admits(&outsider, DocNo(0)));
}

#[test]
fn acl_5_a_former_list_that_is_unknown_admits_nobody_whatever_the_audience_says() {
    let clause = Layer { principals: BTreeSet::from([0]), reporter: false, hidden: false }.clause();
    let document = DocumentEntry { node: NodeId(0), audience: Some(stored(0)), hidden: None };
    let state = AccessState::empty().apply(&Delta {
        clauses: vec![(stored(0), clause)],
        nodes: vec![(NodeId(0), NodeEntry { acl: AclId(0), inline: None })],
        documents: vec![(DocNo(0), document)],
        ..Delta::default()
    });
    let state = state.apply(&Delta { rewritten: vec![(DocNo(0), 7)], ..Delta::default() });
    let state = state.apply(&Delta { acls: vec![(AclId(0), vec![stored(0)])], ..Delta::default() });
    let viewer = viewer(0, &BTreeSet::new());
    assert!(!state.admits(&viewer, DocNo(0)), "nothing allowed the old text");
    assert!(state.indexed(7).admits(&viewer, DocNo(0)));
}

#[test]
fn acl_5_a_document_under_an_empty_list_of_clauses_is_nobodys() {
    assert!(!one_document(&[], &[], None).admits(&viewer(0, &BTreeSet::new()), DocNo(0)));
}
