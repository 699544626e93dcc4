//! What reports count is what decisions say: sets of people against one question per person, on random worlds.

use access::{
    AccessClass, AccessState, AclId, Clause, ClauseId, Crowd, Delta, Directory, DocNo, DocumentEntry, DynamicHolder,
    Exposure, Group, Hidden, Holder, Inline, NodeEntry, NodeId, Person, Principal, ProductAccess, SourceDirectory,
    SourceId, Standing, User, UserId,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const SITE: SourceId = SourceId(3);

fn id(at: usize) -> UserId {
    UserId::Account(format!("u{at}").into())
}

fn group(at: usize) -> Group {
    Group::Id(format!("g{at}").into())
}

fn principal(at: usize) -> Principal {
    let holder = match at {
        0..8 => Holder::User(id(at)),
        8..12 => Holder::Group(group(at - 8)),
        12 => Holder::Class(AccessClass::LicensedUsers),
        13 => Holder::Class(AccessClass::ProductAdmins),
        _ => Holder::Anyone,
    };
    Principal::new(SITE, holder)
}

/// Eight accounts: all but one use the product, of them one is a guest, one gone, one a customer.
fn directory(members: &[BTreeSet<usize>]) -> Directory {
    let account = |at: usize| User { active: at != 5, guest: at == 6, outsider: at == 7, ..User::default() };
    let mut members: BTreeMap<Group, BTreeSet<UserId>> =
        (0..).zip(members).map(|(at, members)| (group(at), members.iter().map(|&at| id(at)).collect())).collect();
    members.insert(group(9), (1..8).map(id).collect());
    let source = SourceDirectory {
        users: (0..8).map(|at| (id(at), account(at))).collect(),
        members,
        nested: BTreeMap::from([(group(1), BTreeSet::from([group(2)])), (group(2), BTreeSet::from([group(1)]))]),
        product_access: ProductAccess::Groups(BTreeSet::from([group(9)])),
        classes: BTreeMap::from([(AccessClass::ProductAdmins, BTreeSet::from([group(0)]))]),
        ..SourceDirectory::unknown()
    };
    let mut directory = Directory::default();
    directory.put(SITE, source);
    directory
}

fn clause() -> impl Strategy<Value = Clause> {
    (prop::collection::btree_set(0..15_usize, 0..4), 0..10_usize).prop_map(|(holders, kind)| match kind {
        0 => Clause::nobody(Hidden::Stale),
        1 => Clause::any_of(holders.into_iter().map(principal)).or_dynamic([DynamicHolder::Reporter]),
        _ => Clause::any_of(holders.into_iter().map(principal)),
    })
}

prop_compose! {
    fn state()(
        clauses in prop::collection::vec(clause(), 6),
        lists in prop::collection::vec(prop::collection::vec(0..8_u32, 0..4), 4),
        reporters in prop::collection::vec(prop::option::of(0..12_usize), 4),
        documents in prop::collection::vec((0..5_u32, prop::option::of(0..6_u32), prop::bool::weighted(0.1)), 8),
        rewritten in prop::collection::vec(0..8_u32, 0..3),
        later in prop::collection::vec((0..6_u32, clause()), 0..2),
    ) -> AccessState {
        let stored = |at: u32| ClauseId(ClauseId::FIRST_STORED.0 + at);
        let node = |at: u32, reporter: &Option<usize>| {
            let inline = reporter.map(|at| Arc::new(Inline::new(vec![(DynamicHolder::Reporter, principal(at))])));
            (NodeId(at), NodeEntry { acl: AclId(at), inline })
        };
        let document = |(node, audience, hidden): &(u32, Option<u32>, bool)| DocumentEntry {
            node: NodeId(*node),
            audience: audience.map(stored),
            hidden: hidden.then_some(Hidden::Unconfirmed),
        };
        let delta = Delta {
            clauses: (0..).zip(&clauses).map(|(at, clause)| (stored(at), clause.clone())).collect(),
            acls: (0..).zip(&lists).map(|(at, list)| (AclId(at), list.iter().copied().map(stored).collect())).collect(),
            nodes: (0..).zip(&reporters).map(|(at, reporter)| node(at, reporter)).collect(),
            documents: (0..).zip(&documents).map(|(at, entry)| (DocNo(at), document(entry))).collect(),
            rewritten: vec![],
        };
        let rewrite = Delta { rewritten: rewritten.iter().map(|&at| (DocNo(at), 9)).collect(), ..Delta::default() };
        let clauses = later.iter().map(|(at, clause)| (stored(*at), clause.clone())).collect();
        AccessState::empty().apply(&delta).apply(&rewrite).apply(&Delta { clauses, ..Delta::default() })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn acl_8_sets_of_people_hold_exactly_those_whom_decisions_admit(
        state in state(), members in prop::collection::vec(prop::collection::btree_set(0..8_usize, 0..6), 4),
    ) {
        let directory = directory(&members);
        let crowd = Crowd::of(&directory, SITE);
        let mut exposure = Exposure::new(&state, &crowd);
        let everybody = directory.everybody(SITE);
        for doc in (0..9).map(DocNo) {
            let admitted: Vec<usize> =
                (0..everybody.len()).filter(|at| state.admits(&everybody[*at].1, doc)).collect();
            prop_assert_eq!(exposure.people(doc).places().collect::<Vec<_>>(), admitted.clone(), "{:?}", doc);
            let seen = exposure.seen(doc);
            prop_assert_eq!(seen.people, admitted.len());
            let is_guest = |at: &&usize| everybody[**at].0 == id(6);
            prop_assert_eq!(seen.guests, admitted.iter().filter(is_guest).count());
            let members = everybody.len() - everybody.iter().filter(|(user, _)| *user == id(6)).count();
            prop_assert_eq!(seen.by_all_members, members > 0 && admitted.iter().filter(|at| !is_guest(at)).count() == members);
            prop_assert!(seen.cause.is_none() || admitted.is_empty(), "a cause, and yet somebody sees it");
            for (_, viewer) in &everybody {
                let layers = state.layers(viewer, doc);
                let closed = layers.iter().find(|layer| layer.hidden.is_some_and(|cause| cause != Hidden::AwaitingIndex));
                prop_assert!(closed.is_none() || state.cause(doc) == closed.and_then(|layer| layer.hidden));
                prop_assert!(state.cause(doc).is_none() || layers.iter().all(|layer| layer.admits) == layers.is_empty());
            }
        }
    }

    #[test]
    fn every_layer_that_admits_names_a_holder_that_the_person_holds(
        state in state(), members in prop::collection::vec(prop::collection::btree_set(0..8_usize, 0..6), 4),
    ) {
        for (_, viewer) in directory(&members).everybody(SITE) {
            for layer in (0..9).flat_map(|doc| state.layers(&viewer, DocNo(doc))) {
                prop_assert_eq!(layer.admits, layer.by.is_some());
                if let Some(access::Admission::Listed(by) | access::Admission::Field(_, by)) = layer.by {
                    prop_assert!(viewer.holds(&by));
                }
            }
        }
    }

    #[test]
    fn everybody_is_who_each_would_be_alone(
        members in prop::collection::vec(prop::collection::btree_set(0..8_usize, 0..6), 4),
    ) {
        let directory = directory(&members);
        let everybody: BTreeMap<_, _> = directory.everybody(SITE).into_iter().collect();
        for at in 0..8 {
            let person = Person { mapped: BTreeMap::from([(SITE, id(at))]), ..Person::default() };
            let alone = directory.viewer_of(&person);
            let (_, standing) = directory.standing(&person, SITE);
            prop_assert_eq!(everybody.get(&id(at)), (!alone.is_empty()).then_some(&alone));
            prop_assert_eq!(standing.unwrap().is_admitted(), !alone.is_empty());
        }
    }
}

/// A space, a restriction, and one page under both.
fn under(readers: &[usize], restriction: &[usize]) -> (AccessState, Directory) {
    let stored = |at: u32| ClauseId(ClauseId::FIRST_STORED.0 + at);
    let clause = |holders: &[usize]| Clause::any_of(holders.iter().map(|&at| principal(at)));
    let state = AccessState::empty().apply(&Delta {
        clauses: vec![(stored(0), clause(readers)), (stored(1), clause(restriction))],
        acls: vec![(AclId(0), vec![stored(0), stored(1)])],
        nodes: vec![(NodeId(0), NodeEntry { acl: AclId(0), inline: None })],
        documents: vec![(DocNo(0), DocumentEntry { node: NodeId(0), audience: None, hidden: None })],
        rewritten: vec![],
    });
    (state, directory(&[BTreeSet::from([1, 2]), BTreeSet::new(), BTreeSet::new(), BTreeSet::new()]))
}

#[test]
fn a_restriction_is_without_effect_if_it_keeps_out_nobody_whom_the_space_lets_in() {
    for (readers, restriction, without) in
        [(&[1, 2][..], &[12][..], true), (&[8], &[1, 2], true), (&[8], &[1], false), (&[12], &[8], false)]
    {
        let (state, directory) = under(readers, restriction);
        let crowd = Crowd::of(&directory, SITE);
        let mut exposure = Exposure::new(&state, &crowd);
        exposure.seen(DocNo(0));
        let found = exposure.without_effect().any(|id| id.0 == ClauseId::FIRST_STORED.0 + 1);
        assert_eq!(found, without, "{readers:?} {restriction:?}");
    }
}

#[test]
fn each_reason_for_standing_outside_is_told_apart() {
    let directory = directory(&[BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new()]);
    let source = directory.source(SITE).unwrap();
    let expected = [
        (0, Standing::WithoutProduct),
        (1, Standing::Member),
        (5, Standing::Inactive),
        (6, Standing::Guest),
        (7, Standing::Outsider),
        (8, Standing::Unlisted),
    ];
    for (at, standing) in expected {
        assert_eq!(source.standing(&id(at)), standing, "account {at}");
    }
    let unread = SourceDirectory { product_access: ProductAccess::Unknown, ..source.clone() };
    assert_eq!(unread.standing(&id(1)), Standing::ProductUnknown);
}
