//! Random histories of a source against the plainest model: decisions, reasons, and what a follower holds.

mod naive;
mod support;

use access::{Clause, DocNo, DynamicHolder, Hidden, Principal};
use model::{ClauseKey, ContainerKey, DocumentKey, Duration, Kind, Millis, NodeKey, NodeKind, Origin};
use naive::{Naive, Says};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use support::*;
use sync::{Changes, Item, Journal, Stream};

const PEOPLE: [&str; 3] = ["ana", "ben", "cho"];

/// One thing that a source states.
#[derive(Clone, Debug)]
enum Step {
    Container {
        space: u8,
        renamed: bool,
    },
    Clause {
        key: u8,
        says: Says,
    },
    PlaceSpace {
        space: u8,
    },
    Place {
        page: u8,
        under: Result<u8, u8>,
    },
    Layers {
        page: u8,
        restricted: bool,
        assignee: Option<&'static str>,
    },
    SpaceLayers {
        space: u8,
    },
    /// Place, layers and text at once, as an adapter lists a page.
    Whole {
        page: u8,
        under: Result<u8, u8>,
    },
    Page {
        page: u8,
        node: u8,
        space: u8,
        text: u8,
    },
    Comment {
        number: u8,
        page: u8,
        text: u8,
        restricted: bool,
    },
    /// A page is listed in the version that is stored; what is not stored is not.
    Seen {
        page: u8,
    },
    /// The source says that there is no such page.
    Gone {
        page: u8,
    },
}

/// One thing that happens to the store.
#[derive(Clone, Debug)]
enum Event {
    Batch(Vec<Step>),
    Again,
    Expire { age: i64 },
    EndOfRun { swept: bool },
    Crash,
}

fn says() -> impl Strategy<Value = Says> {
    prop_oneof![
        6 => proptest::collection::btree_set(select(&PEOPLE[..]), 0..=3).prop_map(Says::Any),
        2 => Just(Says::Assignee),
        1 => Just(Says::NotUnderstood),
        1 => Just(Says::Forbidden),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let under = prop_oneof![3 => (0..2_u8).prop_map(Ok), 2 => (0..7_u8).prop_map(Err)].boxed();
    let assignee = proptest::option::of(select(&PEOPLE[..]));
    prop_oneof![
        2 => (0..2_u8, any::<bool>()).prop_map(|(space, renamed)| Step::Container { space, renamed }),
        4 => (0..10_u8, says()).prop_map(|(key, says)| Step::Clause { key, says }),
        1 => (0..2_u8).prop_map(|space| Step::PlaceSpace { space }),
        6 => (0..7_u8, under.clone()).prop_map(|(page, under)| Step::Place { page, under }),
        6 => (0..7_u8, any::<bool>(), assignee)
            .prop_map(|(page, restricted, assignee)| Step::Layers { page, restricted, assignee }),
        1 => (0..2_u8).prop_map(|space| Step::SpaceLayers { space }),
        14 => (0..5_u8, under.clone()).prop_map(|(page, under)| Step::Whole { page, under }),
        6 => (0..5_u8, 0..7_u8, 0..2_u8, 0..3_u8)
            .prop_map(|(page, node, space, text)| Step::Page { page, node, space, text }),
        4 => (0..4_u8, 0..5_u8, 0..2_u8, any::<bool>())
            .prop_map(|(number, page, text, restricted)| Step::Comment { number, page, text, restricted }),
        4 => (0..5_u8).prop_map(|page| Step::Seen { page }),
        1 => (0..5_u8).prop_map(|page| Step::Gone { page }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => proptest::collection::vec(step(), 1..8).prop_map(Event::Batch),
        2 => Just(Event::Again),
        1 => (30..90_i64).prop_map(|age| Event::Expire { age }),
        3 => any::<bool>().prop_map(|swept| Event::EndOfRun { swept }),
        2 => Just(Event::Crash),
    ]
}

fn space_key(space: u8) -> NodeKey {
    NodeKey::new(NodeKind::Space, format!("s{space}"))
}

fn page_node(page: u8) -> NodeKey {
    content(&page.to_string())
}

/// Readers of both spaces, restrictions of the pages, and one audience.
fn clause_key(key: u8) -> ClauseKey {
    match key {
        0 | 1 => ClauseKey::new(Origin::SpaceReaders, format!("s{key}")),
        9 => ClauseKey::new(Origin::Audience, "group:g"),
        _ => restriction(&(key - 2).to_string()),
    }
}

fn stated(says: &Says) -> Clause {
    match says {
        Says::Any(names) => people(&names.iter().copied().collect::<Vec<_>>()),
        Says::Assignee => Clause::any_of([]).or_dynamic([DynamicHolder::Assignee]),
        Says::NotUnderstood => Clause::nobody(Hidden::NotUnderstood),
        Says::Forbidden => Clause::nobody(Hidden::Forbidden),
    }
}

struct World {
    bench: Bench,
    naive: Naive,
    /// What an index holds that read the outbox after every event, by number.
    index: BTreeMap<DocNo, (DocumentKey, String, String, DocNo)>,
    indexed: u64,
    now: i64,
    last: Option<sync::Commit>,
    /// How often somebody saw something: a history in which nobody does proves little.
    seen: u64,
}

impl World {
    fn new() -> Self {
        let mut bench = Bench::new();
        bench.commit(Stream::Directory, vec![directory(&PEOPLE)]);
        let (naive, index) = (Naive::default(), BTreeMap::new());
        let mut world = Self { bench, naive, index, indexed: 0, now: 1000, last: None, seen: 0 };
        // Most histories start with spaces that can be read, or hardly anything would ever be seen.
        let spaces = (0..2).flat_map(|space| {
            [Step::Container { space, renamed: false }, Step::PlaceSpace { space }, Step::SpaceLayers { space }]
        });
        world.batch(&spaces.collect::<Vec<_>>());
        world
    }

    fn clause(&mut self, key: &ClauseKey, says: &Says, items: &mut Vec<Item>) {
        self.naive.clause(key, says, self.now);
        items.push(clause(key.clone(), stated(says)));
    }

    fn own(&mut self, node: NodeKey, own: Vec<ClauseKey>, assignee: Option<&'static str>, items: &mut Vec<Item>) {
        for key in &own {
            if !self.naive.knows_clause(key) {
                self.clause(key, &Says::Any(PEOPLE[..].iter().copied().collect()), items);
            }
        }
        self.naive.own(&node, &own, assignee, self.now);
        let inline = assignee.map(|person| (DynamicHolder::Assignee, Principal::account(SOURCE, person)));
        items.push(Item::Layers { node, own, inline: inline.into_iter().collect() });
    }

    fn step(&mut self, step: &Step, items: &mut Vec<Item>) {
        let run = self.bench.run.0;
        match step {
            Step::Container { space, renamed } => {
                let name = if *renamed { format!("new{space}") } else { format!("old{space}") };
                self.naive.container(&format!("s{space}"), &name, run);
                items.push(Item::Container(named_container(&format!("s{space}"), &name)));
            }
            Step::Clause { key, says } => self.clause(&clause_key(*key), says, items),
            Step::PlaceSpace { space } => {
                self.naive.place(&space_key(*space), None);
                items.push(place(space_key(*space), None));
            }
            Step::Place { page, under } => {
                let parent = under.map_or_else(page_node, space_key);
                self.naive.place(&page_node(*page), Some(&parent));
                items.push(place(page_node(*page), Some(parent)));
            }
            Step::Layers { page, restricted, assignee } => {
                let own = if *restricted { vec![clause_key(page + 2)] } else { vec![] };
                self.own(page_node(*page), own, *assignee, items);
            }
            Step::Whole { page, under } => {
                self.step(&Step::Place { page: *page, under: *under }, items);
                self.step(&Step::Layers { page: *page, restricted: false, assignee: None }, items);
                self.step(&Step::Page { page: *page, node: *page, space: 0, text: 0 }, items);
            }
            Step::SpaceLayers { space } => self.own(space_key(*space), vec![clause_key(*space)], None, items),
            Step::Page { page: number, node, space, text } => {
                let mut read = page(&number.to_string(), &format!("text {text}"));
                (read.node, read.container) = (page_node(*node), ContainerKey(format!("s{space}")));
                self.naive.document(&read, run);
                items.push(document(read));
            }
            Step::Seen { page } => {
                let key = page_key(&page.to_string());
                if self.naive.see(&key, run) {
                    items.push(Item::Seen { key, version: "1".to_owned() });
                }
            }
            Step::Gone { page } => {
                let key = page_key(&page.to_string());
                self.naive.gone(&key, run);
                items.push(Item::Gone { key });
            }
            Step::Comment { number, page, text, restricted } => {
                let mut read = comment(&number.to_string(), &page.to_string());
                read.body.text = format!("comment {text}");
                read.audience = restricted.then(|| clause_key(9));
                // As adapters do, which ask the store where the page lies and what it is called.
                let lies_in = self.naive.lies_in(read.parent.as_ref().expect("a comment has a page"));
                read.container = lies_in.unwrap_or_else(|| ContainerKey(format!("s{}", page % 2)));
                read.title = support::page(&page.to_string(), "").title;
                self.naive.document(&read, run);
                items.push(document(read));
            }
        }
    }

    /// Commits runs of steps of one stream: a batch comes from one stream only.
    fn batch(&mut self, steps: &[Step]) {
        self.now += 10;
        let is_comment = |step: &Step| matches!(step, Step::Comment { .. });
        for steps in steps.chunk_by(|one, two| is_comment(one) == is_comment(two)) {
            let stream = if is_comment(&steps[0]) { Stream::FooterComments } else { Stream::Pages };
            let mut items = Vec::new();
            steps.iter().for_each(|step| self.step(step, &mut items));
            let mut commit = self.bench.batch(stream, items);
            commit.at = Millis(self.now);
            wait(self.bench.store().commit(commit.clone())).expect("the batch is stored");
            self.last = Some(commit);
        }
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Batch(steps) => self.batch(steps),
            Event::Again => {
                let again = self.last.clone().filter(|last| last.run == self.bench.run);
                if let Some(last) = again {
                    wait(self.bench.store().settle()).expect("it settles");
                    self.bench.follower.take();
                    let contradicts = contradicts_itself(&last.items);
                    wait(self.bench.store().commit(last)).expect("the batch is stored again");
                    let told = self.bench.follower.take();
                    assert!(told.is_empty() || contradicts, "the second time told {told:?}");
                }
            }
            Event::Expire { age } => {
                // What was closed for its age is not closed again, so the batch before is not the last any more.
                self.last = None;
                // A directory that is too old hides everything, which would prove nothing.
                let mut people = self.bench.batch(Stream::Directory, vec![directory(&PEOPLE)]);
                people.at = Millis(self.now);
                wait(self.bench.store().commit(people)).expect("the batch is stored");
                let expire = self.bench.store().expire_permissions(SOURCE, Millis(self.now), Duration(*age));
                wait(expire).expect("it answers");
                self.naive.expire(self.now - age);
            }
            Event::EndOfRun { swept } => {
                if *swept {
                    self.bench.sweep(Stream::Containers);
                    self.naive.sweep_spaces(self.bench.run.0);
                    self.naive.bury();
                    for (stream, kind) in [(Stream::Pages, Kind::Page), (Stream::FooterComments, Kind::Comment)] {
                        self.bench.sweep(stream);
                        self.naive.sweep(kind, self.bench.run.0);
                        self.naive.bury();
                    }
                }
                self.bench.next_run();
            }
            Event::Crash => self.bench.reopen(),
        }
    }

    /// Reads the outbox as an index does.
    fn follow(&mut self) {
        wait(self.bench.store().settle()).expect("it settles");
        let mut told = Vec::new();
        for change in self.bench.store().after(self.indexed, usize::MAX).expect("it answers") {
            assert!(change.sequence > self.indexed, "sequence numbers rise");
            self.indexed = change.sequence;
            told.push(change.docno);
            match change.document {
                None => self.index.remove(&change.docno),
                Some(doc) => {
                    let held = (doc.document.key, doc.document.body.text, doc.container_name, doc.group);
                    self.index.insert(change.docno, held)
                }
            };
        }
        assert!(self.indexed <= self.bench.store().last_sequence().expect("it answers"));
    }

    fn check(&mut self) {
        self.follow();
        let held: BTreeMap<_, _> = self
            .index
            .values()
            .map(|(key, text, name, group)| {
                // A document under a tombstone keeps its number; the tombstone itself is not held.
                let above = self.index.get(group).map(|above| above.0.clone());
                (key.clone(), (text.clone(), name.clone(), above))
            })
            .collect();
        let expected = self.naive.indexed();
        let live = |key: &DocumentKey| expected.contains_key(key).then(|| key.clone());
        let expected: BTreeMap<_, _> = expected
            .iter()
            .map(|(key, (text, name, above))| (key.clone(), (text.clone(), name.clone(), live(above))))
            .collect();
        assert_eq!(held, expected, "what a follower holds");
        self.check_decisions();
    }

    fn check_decisions(&mut self) {
        let state = self.bench.follower.state().indexed(self.indexed);
        let hidden = self.bench.store().hidden_documents(SOURCE, None, None, usize::MAX, |_| true).expect("it answers");
        for key in self.naive.keys() {
            let number = self.index.iter().find(|(_, held)| held.0 == *key).map(|(doc, _)| *doc);
            for person in PEOPLE {
                let sees = number.is_some_and(|doc| state.admits(&viewer(self.bench.store(), person), doc));
                self.seen += u64::from(sees);
                assert_eq!(sees, self.naive.admits(person, key), "{person} and {key:?}");
                assert!(
                    !sees || hidden.iter().all(|hidden| hidden.key != *key),
                    "{key:?} is seen, yet listed as hidden"
                );
            }
        }
        let stats = self.bench.store().source_stats(SOURCE).expect("it answers");
        let mut counted = BTreeMap::new();
        for hidden in &hidden {
            *counted.entry(hidden.cause).or_insert(0) += 1;
        }
        let without_deleted: BTreeMap<_, _> = stats
            .hidden
            .iter()
            .filter(|(cause, _)| **cause != Hidden::Deleted)
            .map(|(cause, n)| (*cause, *n))
            .collect();
        assert_eq!(without_deleted, counted, "every hidden document has a cause that is counted");
    }

    /// A fresh load decides as the state that deltas have made.
    fn check_reopened(&mut self) {
        let fed = self.bench.follower.state().indexed(self.indexed);
        self.bench.reopen();
        let loaded = self.bench.follower.state();
        assert_eq!(fed.document_end(), loaded.document_end());
        for doc in (0..fed.document_end()).map(DocNo) {
            assert_eq!(fed.document(doc), loaded.document(doc));
            for person in PEOPLE {
                let viewer = viewer(self.bench.store(), person);
                let layers = |state: &access::AccessState| format!("{:?}", state.layers(&viewer, doc));
                assert_eq!(layers(&fed), layers(&loaded), "{person} and {doc:?}");
            }
        }
        let rebuilt = self.bench.store().after(0, usize::MAX).expect("it answers");
        let rebuilt: Vec<_> = rebuilt.iter().map(|change| change.docno).collect();
        let mut held: Vec<_> = self.index.keys().copied().collect();
        let mut sorted = rebuilt.clone();
        sorted.sort_unstable();
        held.sort_unstable();
        assert_eq!(sorted, held, "from zero: every live document, once");
    }
}

#[test]
fn any_history_gives_what_recomputing_everything_gives() {
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let seen = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(config);
    let histories = proptest::collection::vec(event(), 4..24);
    let outcome = runner.run(&histories, |events| {
        let mut world = World::new();
        for event in &events {
            world.happen(event);
            world.check();
        }
        world.check_reopened();
        world.check();
        seen.set(seen.get() + world.seen);
        Ok(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
    println!("{} times somebody saw something", seen.get());
    assert!(seen.get() > 1000, "only {} times was anything seen", seen.get());
}
