//! Whose call is next: fair turns between the sources that share a credential.
//!
//! Stride scheduling: each party has a clock that moves on with every turn, a large crawl's three times as far as a small run's,
//! and the party whose clock is behind is next. So an incremental cycle gets through beside a crawl of days, and the
//! crawl still has at least one turn in four against each small run.

use access::SourceId;
use std::collections::{BTreeMap, BTreeSet};

/// How much a run has before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunSize {
    /// A cycle that somebody waits for.
    Small,
    /// A crawl of everything.
    Large,
}

impl RunSize {
    /// How far a turn moves the clock on.
    fn stride(self) -> u64 {
        match self {
            Self::Small => 1,
            Self::Large => 3,
        }
    }
}

/// A party's number.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Party(u64);

/// A call's number; lower ones came earlier.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
struct Queue {
    stride: u64,
    clock: u64,
    budget: Option<SourceId>,
    waiting: BTreeSet<Ticket>,
}

/// All parties of one governor.
#[derive(Debug, Default)]
pub(super) struct Turns {
    queues: BTreeMap<Party, Queue>,
    /// The clock of the party that was served last.
    now: u64,
    last: u64,
}

impl Turns {
    pub(super) fn join(&mut self, size: RunSize, budget: Option<SourceId>) -> Party {
        self.last += 1;
        let queue = Queue { stride: size.stride(), clock: self.now, budget, waiting: BTreeSet::new() };
        self.queues.insert(Party(self.last), queue);
        Party(self.last)
    }

    pub(super) fn part(&mut self, party: Party) {
        self.queues.remove(&party);
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.last += 1;
        Ticket(self.last)
    }

    /// Turns that were not wanted are not saved up.
    pub(super) fn enter(&mut self, party: Party, ticket: Ticket) {
        let now = self.now;
        if let Some(queue) = self.queues.get_mut(&party) {
            if queue.waiting.is_empty() {
                queue.clock = queue.clock.max(now);
            }
            queue.waiting.insert(ticket);
        }
    }

    pub(super) fn leave(&mut self, party: Party, ticket: Ticket) {
        if let Some(queue) = self.queues.get_mut(&party) {
            queue.waiting.remove(&ticket);
        }
    }

    pub(super) fn nobody_waits(&self) -> bool {
        self.queues.values().all(|queue| queue.waiting.is_empty())
    }

    /// Whether this call is next among those whose source has budget left.
    pub(super) fn is_next(&self, party: Party, ticket: Ticket, has_budget: impl Fn(SourceId) -> bool) -> bool {
        let able = |queue: &Queue| !queue.waiting.is_empty() && queue.budget.is_none_or(&has_budget);
        let able = self.queues.iter().filter(|(_, queue)| able(queue));
        let next = able.min_by_key(|(party, queue)| (queue.clock, **party));
        next.is_some_and(|(first, queue)| *first == party && queue.waiting.first() == Some(&ticket))
    }

    /// The party took its turn.
    pub(super) fn served(&mut self, party: Party) {
        if let Some(queue) = self.queues.get_mut(&party) {
            self.now = self.now.max(queue.clock);
            queue.clock += queue.stride;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves the next of these parties, each of which always wants a turn, and says which it was.
    fn serve(turns: &mut Turns, parties: &[Party]) -> usize {
        let tickets: Vec<Ticket> = parties.iter().map(|_| turns.ticket()).collect();
        for (party, ticket) in parties.iter().zip(&tickets) {
            turns.enter(*party, *ticket);
        }
        let is_next = |at: &usize| {
            let first = *turns.queues[&parties[*at]].waiting.first().unwrap();
            turns.is_next(parties[*at], first, |_| true)
        };
        let next = (0..parties.len()).find(is_next).unwrap();
        turns.served(parties[next]);
        next
    }

    #[test]
    fn a_small_run_gets_three_turns_for_each_of_a_large_crawl() {
        let mut turns = Turns::default();
        let parties = [turns.join(RunSize::Large, None), turns.join(RunSize::Small, None)];
        let served: Vec<usize> = (0..40).map(|_| serve(&mut turns, &parties)).collect();
        assert_eq!(served.iter().filter(|at| **at == 1).count(), 30);
        assert!(served.windows(4).all(|four| four.contains(&0)), "{served:?}");
    }

    #[test]
    fn equals_take_turns() {
        let mut turns = Turns::default();
        let parties = [turns.join(RunSize::Large, None), turns.join(RunSize::Large, None)];
        let served: Vec<usize> = (0..6).map(|_| serve(&mut turns, &parties)).collect();
        assert_eq!(served, [0, 1, 0, 1, 0, 1]);
    }

    #[test]
    fn who_was_away_does_not_get_all_turns_on_coming_back() {
        let mut turns = Turns::default();
        let parties = [turns.join(RunSize::Large, None), turns.join(RunSize::Large, None)];
        for _ in 0..20 {
            serve(&mut turns, &parties[..1]);
        }
        let served: Vec<usize> = (0..4).map(|_| serve(&mut turns, &parties)).collect();
        assert_eq!(served.iter().filter(|at| **at == 0).count(), 2, "{served:?}");
    }

    #[test]
    fn who_has_no_budget_left_holds_nobody_up() {
        let mut turns = Turns::default();
        let (poor, other) = (turns.join(RunSize::Small, Some(SourceId(1))), turns.join(RunSize::Large, None));
        let (first, second) = (turns.ticket(), turns.ticket());
        turns.enter(poor, first);
        turns.enter(other, second);
        assert!(turns.is_next(poor, first, |_| true));
        assert!(turns.is_next(other, second, |_| false));
    }
}
