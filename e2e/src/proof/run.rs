//! Many cases on all cores, and what they add up to.

use super::case::Case;
use super::{Mismatch, Tally, chain, pure};
use simulator::drawn::Size;
use simulator::oracle::Rules;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How the pairs are compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Through {
    /// Only `access` against the oracle.
    Access,
    /// Simulator, adapters, store, indexes and API.
    Chain,
}

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How pairs are compared.
    pub through: Through,
    /// The first seed.
    pub first: u64,
    /// At least so many companies.
    pub worlds: u64,
    /// And so many pairs.
    pub pairs: u64,
    /// How large each is.
    pub size: Size,
    /// Steps in each.
    pub steps: usize,
    /// Companies at once.
    pub threads: usize,
}

impl Plan {
    /// Small companies through everything.
    pub fn chain(worlds: u64, pairs: u64) -> Self {
        Self { through: Through::Chain, first: 1, worlds, pairs, size: Size::SMALL, steps: 10, threads: cores() }
    }

    /// Large companies through `access` alone.
    pub fn access(pairs: u64) -> Self {
        let (through, size) = (Through::Access, Size::LARGE);
        Self { through, first: 1, worlds: 4, pairs, size, steps: 10, threads: cores() }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What came of a plan.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All that was compared.
    pub tally: Tally,
    /// The cases that failed, with what differs.
    pub failed: Vec<(Case, Mismatch)>,
}

/// Plays one case.
///
/// # Errors
/// What differs.
///
/// # Panics
/// If the machine has no threads to give.
pub fn play(case: &Case, through: Through) -> (Tally, Result<(), Mismatch>) {
    match through {
        Through::Access => pure::play(case, &Rules::default()),
        Through::Chain => {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
            runtime.block_on(chain::play(case))
        }
    }
}

/// Draws and plays cases until the plan is done or a few have failed.
pub fn all(plan: Plan) -> Outcome {
    const MOST_FAILED: usize = 3;
    let next = AtomicU64::new(plan.first);
    let outcome = Mutex::new(Outcome::default());
    let lock = || outcome.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..plan.threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    {
                        let so_far = lock();
                        let enough = seed - plan.first >= plan.worlds && so_far.tally.pairs >= plan.pairs;
                        if enough || so_far.failed.len() >= MOST_FAILED {
                            return;
                        }
                    }
                    let case = Case::draw(seed, plan.size, plan.steps);
                    let (tally, result) = play(&case, plan.through);
                    let mut so_far = lock();
                    so_far.tally.add(&tally);
                    if let Err(mismatch) = result {
                        so_far.failed.push((case, mismatch));
                    }
                }
            });
        }
    });
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}
