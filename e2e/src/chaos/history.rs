//! What the source allowed, and when: one moment after each change, for everybody and everything.
//!
//! Times of a moment are taken before the change was asked for and after its effect was looked at, so that a moment is
//! never thought shorter than it was: in doubt a state was in force.

use std::collections::{BTreeMap, BTreeSet};

use super::hub::Run;
use super::{Millis, Outcome, now};
use crate::people::Thing;
use crate::site::{Site, things_of};
use model::Product;
use serde_json::Value;

/// One state of the source.
#[derive(Debug)]
struct Moment {
    from: Millis,
    until: Millis,
    /// Whether it came by a change of people or rights, or by one of which nobody knows.
    grants: bool,
    /// By account, the numbers of what it may see, as bits.
    sees: BTreeMap<String, Vec<u64>>,
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
        history.note(began, false, &picture);
        history
    }

    /// A state of the source, which may have come into force at any time since `from`, and is in force now; `grants` if
    /// people or rights may have changed.
    pub fn note(&mut self, from: Millis, grants: bool, picture: &Value) {
        let until = now();
        if let Some(last) = self.moments.last_mut() {
            last.until = until;
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
        self.moments.push(Moment { from, until: Millis::MAX, grants, sees });
    }

    /// Takes down what somebody was shown.
    pub fn saw(&mut self, sight: Sight) {
        self.sights.push(sight);
    }

    /// Whether some state in force between the two times let the account see it.
    fn allowed(&self, account: &str, thing: &Thing, between: (Millis, Millis)) -> bool {
        let Some(number) = self.numbers.get(thing) else { return false };
        let moments = self.moments.iter().filter(|moment| moment.until >= between.0 && moment.from <= between.1);
        moments.into_iter().any(|moment| {
            let bits = moment.sees.get(account).and_then(|bits| bits.get(number / 64));
            bits.is_some_and(|bits| bits & (1 << (number % 64)) != 0)
        })
    }

    /// Whether the thing is newer than the last read of people and rights, and these have changed since. No state of the
    /// source had both the thing and the rights under which it was shown, for each has a cycle of its own, so that its
    /// states cannot tell whether the rights that were read last admit the account.
    fn is_newer_than_rights(&self, thing: &Thing, between: (Millis, Millis)) -> bool {
        let Some(number) = self.numbers.get(thing) else { return false };
        let seen_in = |moment: &Moment| {
            moment.sees.values().any(|bits| bits.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0))
        };
        let mut window = self.moments.iter().filter(|moment| moment.until >= between.0 && moment.from <= between.1);
        window.next().is_some_and(|first| !seen_in(first)) && window.any(|moment| moment.grants)
    }

    /// Finds what was shown though no state since the last successful read allowed it.
    pub fn judge(&self, runs: &[Run], outcome: &mut Outcome) {
        for sight in &self.sights {
            for thing in &sight.things {
                outcome.seen += 1;
                let since = self.read_since(thing.product, runs, sight.at.0);
                let window = (since, sight.at.1);
                if self.allowed(&sight.account, thing, window) {
                    continue;
                }
                if self.is_newer_than_rights(thing, window) {
                    outcome.undecided += 1;
                } else {
                    let words = format!("{thing} to {} at {}, read since {since}", sight.account, sight.at.0);
                    outcome.leaked.push(words);
                }
            }
        }
    }

    /// Since when everything that decides is known: people and groups are read by other runs than what they may see, and
    /// a decision is as old as the older of the two.
    fn read_since(&self, product: Product, runs: &[Run], at: Millis) -> Millis {
        let last = |reads: fn(&Run) -> bool| {
            let read = runs.iter().filter(|run| run.product == product && run.status == "succeeded" && reads(run));
            let before = read.filter(|run| run.ended.is_some_and(|ended| ended < at));
            before.map(|run| run.started).max().unwrap_or(self.began)
        };
        last(Run::reads_content).min(last(Run::reads_people))
    }
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

    /// Ann saw page 7 until it was hidden at 200; then she is shown it at 500.
    fn leaks(runs: &[Run]) -> usize {
        let mut history = History { began: 100, ..History::default() };
        history.note(100, false, &picture(&["7"]));
        history.note(200, false, &picture(&[]));
        history.moments[0].until = 210;
        let things = BTreeSet::from([Thing::confluence(model::Kind::Page, 7)]);
        history.saw(Sight { at: (500, 501), account: "ann".to_owned(), things });
        let mut outcome = Outcome::default();
        history.judge(runs, &mut outcome);
        outcome.leaked.len()
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
}
