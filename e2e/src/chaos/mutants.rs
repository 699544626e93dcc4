//! One safeguard of reading, storing and indexing switched off at a time: whatever nothing notices is a safeguard that
//! nothing proves.
//!
//! The switches are those of `access::mutants`; a hub with switches takes the name of the rule from its environment. Rules of
//! access have a proof of their own ([`crate::proof::mutants`]).

use std::time::Duration;

use super::staged::{self, Held};

/// What has to notice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum By {
    /// The chaos of some seed.
    Chaos,
    /// A stage of its own: chance meets the moment too seldom.
    Stage(Stage),
}

/// The stages of [`staged`].
#[expect(missing_docs, reason = "named after the functions that play them")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    Overlap,
    CheckpointWithItems,
    TwoListings,
    OldAndNew,
    Generation,
    WaitsAfterRestart,
    LossJudgesNothing,
    IssueComesBack,
    OutsideHides,
}

/// Every safeguard that can be switched off, and what has to notice.
pub const MUTANTS: &[(&str, By)] = &[
    ("store.absence-hides", By::Chaos),
    ("store.outbox", By::Chaos),
    ("index.replaces", By::Chaos),
    ("sync.overlap", By::Stage(Stage::Overlap)),
    ("store.checkpoint-with-items", By::Stage(Stage::CheckpointWithItems)),
    ("store.two-listings", By::Stage(Stage::TwoListings)),
    ("access.old-and-new", By::Stage(Stage::OldAndNew)),
    ("index.generation", By::Stage(Stage::Generation)),
    ("index.waits-after-restart", By::Stage(Stage::WaitsAfterRestart)),
    ("sync.loss-judges-nothing", By::Stage(Stage::LossJudgesNothing)),
    ("store.outside-hides", By::Stage(Stage::OutsideHides)),
    ("store.issue-comes-back", By::Stage(Stage::IssueComesBack)),
];

/// Seeds that may be played before a mutant counts as missed.
const SEEDS: u64 = 6;
/// How long each is played.
const LENGTH: Duration = Duration::from_secs(20);

impl Stage {
    /// Plays the stage without the rule.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn play(self, without: Option<&str>) -> Held {
        match self {
            Self::Overlap => staged::overlap(without).await,
            Self::CheckpointWithItems => staged::checkpoint_with_items(without).await,
            Self::TwoListings => staged::two_listings(without).await,
            Self::OldAndNew => staged::old_and_new(without).await,
            Self::Generation => staged::generation(without).await,
            Self::WaitsAfterRestart => staged::waits_after_restart(without).await,
            Self::LossJudgesNothing => staged::loss_judges_nothing(without).await,
            Self::IssueComesBack => staged::issue_comes_back(without).await,
            Self::OutsideHides => staged::outside_hides(without).await,
        }
    }
}

/// What the search for a missing safeguard came to.
#[derive(Debug)]
pub enum Hunted {
    /// Noticed, and with all safeguards in force nothing is wrong there.
    Found {
        /// Who noticed.
        by: String,
        /// What.
        what: String,
    },
    /// Something is wrong there with all safeguards in force as well, so that nothing was proved.
    WrongAnyway(String),
    /// Nothing has noticed.
    Missed,
}

/// Plays without the rule until something goes wrong, and then the same with it.
pub async fn hunt(rule: &str, by: By) -> Hunted {
    match by {
        By::Stage(stage) => match stage.play(Some(rule)).await {
            Ok(()) => Hunted::Missed,
            Err(what) => match stage.play(None).await {
                Ok(()) => Hunted::Found { by: format!("the stage {stage:?}"), what },
                Err(anyway) => Hunted::WrongAnyway(anyway),
            },
        },
        By::Chaos => {
            for seed in 1..=SEEDS {
                let Some(what) = trouble(Some(rule), seed).await else { continue };
                return match trouble(None, seed).await {
                    None => Hunted::Found { by: format!("seed {seed}"), what },
                    Some(anyway) => Hunted::WrongAnyway(anyway),
                };
            }
            Hunted::Missed
        }
    }
}

/// The first thing that a seed finds.
async fn trouble(without: Option<&str>, seed: u64) -> Option<String> {
    let outcome = super::play_without(without, seed, LENGTH).await;
    let found = [&outcome.leaked, &outcome.lost, &outcome.duplicated, &outcome.stale];
    let what = found.into_iter().flatten().next()?;
    outcome.kept.as_ref().map(std::fs::remove_dir_all);
    Some(format!("{}: {what}", outcome.verdict()))
}
