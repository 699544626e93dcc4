//! What the source allowed, and when: one moment after each change, for everybody and everything.
//!
//! Times of a moment are taken before the change was asked for and after its effect was looked at, so that a moment is
//! never thought shorter than it was: in doubt a state was in force.
//!
//! People, rights and content are read by different runs. What somebody is shown must be allowed by a company whose records
//! are each as they were at some time since the last successful reading of the part that they belong to.

use std::collections::{BTreeMap, BTreeSet};

use super::hub::Run;
use super::past::Known;
use super::{Millis, Outcome, now};
use crate::people::Thing;
use crate::site::{Site, things_of};
use model::Product;
use serde_json::Value;

/// Leaks after which no more are looked for.
const ENOUGH: usize = 20;

/// What a change may have changed besides content.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Touched {
    /// Accounts or groups.
    pub people: bool,
    /// Who may read spaces and projects; roles, schemes and levels.
    pub rights: bool,
}

/// One state of the source.
#[derive(Debug)]
struct Moment {
    from: Millis,
    until: Millis,
    touched: Touched,
    /// How many writes the company had seen by then, and before: a change may take several.
    changes: usize,
    before: usize,
    /// By account, the numbers of what it may see, as bits.
    sees: BTreeMap<String, Vec<u64>>,
}

impl Moment {
    fn shows(&self, account: &str, number: usize) -> bool {
        self.sees.get(account).is_some_and(|bits| is_set(bits, number))
    }
}

fn is_set(bits: &[u64], number: usize) -> bool {
    bits.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
}

/// What somebody was shown.
#[derive(Debug)]
pub struct Sight {
    /// When the search was sent, and when its answer was there.
    pub at: (Millis, Millis),
    /// The account at the source of who searched.
    pub account: String,
    /// What was shown.
    pub things: BTreeSet<Thing>,
}

/// All states of the source, in order, and what people were shown meanwhile.
#[derive(Debug, Default)]
pub struct History {
    began: Millis,
    numbers: BTreeMap<Thing, usize>,
    moments: Vec<Moment>,
    sights: Vec<Sight>,
}

impl History {
    /// The state before any change. The first read began at `began`.
    pub async fn begins(began: Millis, site: &Site) -> Self {
        let mut history = Self { began, ..Self::default() };
        let picture = site.control("oracle").await;
        history.note(began, Touched::default(), 0, &picture);
        history
    }

    /// A state of the source after so many writes, which may have come into force at any time since `from`, and is in
    /// force now.
    pub fn note(&mut self, from: Millis, touched: Touched, changes: usize, picture: &Value) {
        let (until, mut before) = (now(), changes);
        if let Some(last) = self.moments.last_mut() {
            (last.until, before) = (until, last.changes);
        }
        let mut sees = BTreeMap::new();
        for (account, answer) in picture.as_object().into_iter().flatten() {
            let mut bits = Vec::new();
            for thing in things_of(answer) {
                let next = self.numbers.len();
                let number = *self.numbers.entry(thing).or_insert(next);
                if bits.len() <= number / 64 {
                    bits.resize(number / 64 + 1, 0_u64);
                }
                bits[number / 64] |= 1 << (number % 64);
            }
            sees.insert(account.clone(), bits);
        }
        self.moments.push(Moment { from, until: Millis::MAX, touched, changes, before, sees });
    }

    /// Takes down what somebody was shown.
    pub fn saw(&mut self, sight: Sight) {
        self.sights.push(sight);
    }

    /// The moments in force at some time since then and until the end of the sight.
    fn since(&self, since: Millis, sight: &Sight) -> impl DoubleEndedIterator<Item = &Moment> {
        let until = sight.at.1;
        self.moments.iter().filter(move |moment| moment.until >= since && moment.from <= until)
    }

    /// The states since then in which a part differs, as numbers of writes, the newest first.
    fn states(&self, since: Millis, sight: &Sight, differs: impl Fn(&Moment) -> bool) -> Vec<usize> {
        let mut states: Vec<usize> = Vec::new();
        for moment in self.since(since, sight) {
            if states.is_empty() || differs(moment) {
                states.extend((moment.before + 1..moment.changes).chain([moment.changes]));
            }
        }
        states.reverse();
        states.dedup();
        states
    }

    /// Finds what was shown though no states since the last successful reading of each part allowed it. `shows` tells
    /// whether some company shows it whose records are from such states.
    pub fn judge(&self, runs: &[Run], outcome: &mut Outcome, mut shows: impl FnMut(&Known, &str, &Thing) -> bool) {
        for sight in &self.sights {
            // Each costs many companies that are put together, and this seed has failed.
            if outcome.leaked.len() >= ENOUGH {
                outcome.leaked.push("what was shown later was not looked at any more".to_owned());
                return;
            }
            for thing in &sight.things {
                outcome.seen += 1;
                let read = self.read(thing.product, runs, sight.at.0);
                if self.allowed_at_once(sight, thing, &read) {
                    continue;
                }
                outcome.mixed += 1;
                if !shows(&self.known(sight, &read), &sight.account, thing) {
                    let words = format!("{thing} to {} at {}, {read:?}", sight.account, sight.at.0);
                    outcome.leaked.push(words);
                }
            }
        }
    }

    /// Whether a single state allowed it, since all parts were read.
    fn allowed_at_once(&self, sight: &Sight, thing: &Thing, read: &Read) -> bool {
        let Some(number) = self.numbers.get(thing) else { return false };
        let since = read.people.max(read.rights).max(read.content);
        self.since(since, sight).any(|moment| moment.shows(&sight.account, *number))
    }

    /// From which states each part may be known.
    fn known(&self, sight: &Sight, read: &Read) -> Known {
        Known {
            people: self.states(read.people, sight, |moment| moment.touched.people),
            rights: self.states(read.rights, sight, |moment| moment.touched.rights),
            content: self.states(read.content, sight, |_| true),
        }
    }

    /// Since when each part is known at a time.
    fn read(&self, product: Product, runs: &[Run], at: Millis) -> Read {
        let last = |reads: fn(&Run) -> bool| {
            let read = runs.iter().filter(|run| run.product == product && run.status == "succeeded" && reads(run));
            let before = read.filter(|run| run.ended.is_some_and(|ended| ended < at));
            before.map(|run| run.started).max().unwrap_or(self.began)
        };
        Read { people: last(Run::reads_people), rights: last(Run::reads_rights), content: last(Run::reads_content) }
    }
}

/// Since when the parts of a product are known.
#[derive(Debug)]
struct Read {
    people: Millis,
    rights: Millis,
    content: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn picture(pages: &[&str]) -> Value {
        json!({"ann": {
            "pages": pages, "blogposts": [], "confluence_comments": [], "confluence_attachments": [], "issues": [],
            "jira_comments": [], "jira_attachments": [],
        }})
    }

    fn run(started: Millis, ended: Millis) -> Run {
        let (kind, status) = ("full".to_owned(), "succeeded".to_owned());
        Run { source: 1, product: Product::Confluence, id: 1, kind, status, started, ended: Some(ended) }
    }

    /// Ann saw page 7 until it was hidden at 200; then she is shown it at 500. The leaks, and which states were asked about.
    fn judged(runs: &[Run], allowed: bool) -> (usize, Vec<Known>) {
        let mut history = History { began: 100, ..History::default() };
        history.note(100, Touched::default(), 0, &picture(&["7"]));
        history.note(200, Touched { people: true, rights: false }, 1, &picture(&[]));
        history.moments[0].until = 210;
        let things = BTreeSet::from([Thing::confluence(model::Kind::Page, 7)]);
        history.saw(Sight { at: (500, 501), account: "ann".to_owned(), things });
        let (mut outcome, mut asked) = (Outcome::default(), Vec::new());
        history.judge(runs, &mut outcome, |known, _, _| {
            asked.push(known.clone());
            allowed
        });
        (outcome.leaked.len(), asked)
    }

    fn leaks(runs: &[Run]) -> usize {
        judged(runs, false).0
    }

    #[test]
    fn what_was_allowed_since_the_last_read_is_no_leak_and_what_was_not_is() {
        assert_eq!(leaks(&[]), 0);
        assert_eq!(leaks(&[run(205, 300)]), 0);
        assert_eq!(leaks(&[run(220, 300)]), 1);
        // A read that ended only afterwards proves nothing.
        assert_eq!(leaks(&[run(220, 600)]), 0);
        let partial = Run { status: "partial".to_owned(), ..run(220, 300) };
        assert_eq!(leaks(&[partial]), 0);
        let changes = Run { kind: "incremental".to_owned(), ..run(220, 300) };
        assert_eq!(leaks(&[changes]), 0);
    }

    #[test]
    fn each_part_is_known_from_its_own_last_reading_on() {
        let sweep = Run { kind: "sweep".to_owned(), ..run(220, 300) };
        // People were read before the change, all else after it.
        let known = Known { people: vec![1, 0], rights: vec![1], content: vec![1] };
        assert_eq!(judged(std::slice::from_ref(&sweep), false), (1, vec![known.clone()]));
        assert_eq!(judged(std::slice::from_ref(&sweep), true), (0, vec![known.clone()]));
        let permissions = Run { kind: "permissions".to_owned(), ..run(220, 300) };
        assert_eq!(judged(&[sweep, permissions], false), (1, vec![Known { people: vec![1], ..known }]));
    }
}
