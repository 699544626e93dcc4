//! What reports about a source are made from: hidden documents by container, layers by name, samples, comparisons.

mod support;

use access::{Clause, Hidden};
use model::{
    ClauseKey, ContainerKey, Difference, DocumentKey, Kind, MOST_KEPT, Millis, OpenProjects, Origin, Product,
    SelfAudit, SourceSettings,
};
use std::collections::{BTreeMap, BTreeSet};
use support::*;
use sync::Stream;

#[test]
fn what_is_hidden_is_counted_by_container_and_samples_leave_nothing_living_out() {
    let mut bench = Bench::new();
    let mut items = space();
    items.extend(open_page("1", "open"));
    items.push(clause(restriction("2"), Clause::nobody(Hidden::Truncated)));
    items.push(place(content("2"), Some(space_node())));
    items.push(layers(content("2"), &[restriction("2")]));
    items.push(document(page("2", "closed")));
    // Hangs below something that was never read.
    items.push(place(content("3"), Some(content("99"))));
    items.push(layers(content("3"), &[]));
    items.push(document(page("3", "lost")));
    bench.commit(Stream::Pages, items);
    let store = bench.store();
    let hidden = store.hidden_by_container(SOURCE).expect("it answers");
    let causes = BTreeMap::from([(Hidden::AncestorUnreadable, 1), (Hidden::Truncated, 1)]);
    assert_eq!(hidden.into_values().collect::<Vec<_>>(), [causes]);
    let parents = store.unread_parents(SOURCE, 10).expect("it answers");
    assert_eq!(parents.iter().map(|parent| (parent.native.as_str(), parent.below)).collect::<Vec<_>>(), [("99", 1)]);
    let sample = store.sample_documents(SOURCE, &[Kind::Page], 10).expect("it answers");
    let natives: BTreeSet<_> = sample.iter().map(|document| document.key.native.as_str()).collect();
    assert_eq!(natives, BTreeSet::from(["1", "2", "3"]));
    assert_eq!(store.sample_documents(SOURCE, &[Kind::Page], 2).expect("it answers").len(), 2);
    assert_eq!(store.sample_documents(SOURCE, &[Kind::Issue], 10).expect("it answers"), []);
    let alike = store.decided_alike(SOURCE).expect("it answers");
    assert_eq!(alike.iter().map(|group| group.documents).collect::<Vec<_>>(), [1, 1, 1]);
    let layer = store.layer(SOURCE, &restriction("2")).expect("it answers").expect("it is there");
    assert_eq!(layer.clause.hidden(), Some(Hidden::Truncated));
    assert_eq!(store.layer(SOURCE, &ClauseKey::new(Origin::ViewRestriction, "nothing")).expect("it answers"), None);
}

fn settings() -> SourceSettings {
    SourceSettings {
        open_projects: OpenProjects { all: false, ids: BTreeSet::from([ContainerKey("10007".into())]) },
        ..SourceSettings::of(Product::Jira, "acme.atlassian.net", "c-1")
    }
}

fn difference(at: u64) -> Difference {
    Difference {
        person: "acc-1".into(),
        document: DocumentKey::new(Kind::Issue, at.to_string()),
        container: ContainerKey("10000".into()),
        cause: "admitted by browse-project 10000".into(),
    }
}

#[test]
fn the_last_comparison_is_kept_with_some_of_its_differences_and_goes_with_its_source() {
    let mut bench = Bench::new();
    let id = wait(bench.store().add_source(settings(), Millis(5))).expect("it is added").id;
    assert_eq!(bench.store().last_self_audit(id).expect("it answers"), None);
    let mut audit = SelfAudit { ended: Millis(7), compared: 1000, ..SelfAudit::default() };
    (0..500).for_each(|at| audit.leak(difference(at)));
    audit.block(difference(1));
    assert_eq!((audit.leaks, audit.leaked.len(), audit.blocks), (500, MOST_KEPT, 1));
    for ended in 0..40 {
        let audit = SelfAudit { ended: Millis(ended), ..audit.clone() };
        wait(bench.store().put_self_audit(id, audit)).expect("it is kept");
    }
    bench.reopen();
    let last = bench.store().last_self_audit(id).expect("it answers").expect("it is there");
    assert_eq!(last, SelfAudit { ended: Millis(39), ..audit.clone() });
    let stored = bench.store().source(id).expect("it answers").expect("it is there");
    assert_eq!(stored.settings, settings(), "an administrator's word is kept");
    wait(bench.store().remove_source(id, Millis(50))).expect("it is removed");
    wait(bench.store().put_self_audit(id, audit)).expect("what comes too late is dropped");
    assert_eq!(bench.store().last_self_audit(id).expect("it answers"), None);
}
