//! The whole chain over one company: a simulator and a hub in this process, and every layer asked about everybody.
//!
//! What a layer shows is asked for set-wise, one listing per person: the oracle, the source's REST as that account, the
//! clauses, the reference index, Tantivy, the API. Where the clauses hide what is expected, the reason has to be listed.

mod api;
pub(super) mod hub;
pub(super) mod looks;

use super::case::{Case, Step};
use super::judged::{Judged, people};
use super::{Mismatch, Tally};
use hub::Staged;

/// Plays a case through the whole chain.
///
/// # Errors
/// What differs, or which cycle could not be completed.
///
/// # Panics
/// If the case holds no company, or the machine has no port or folder for it.
pub async fn play(case: &Case) -> (Tally, Result<(), Mismatch>) {
    let world = case.company().unwrap_or_else(|error| panic!("{}: {error:#}", case.name));
    let mut staged = Staged::start(world, case.wide).await;
    let mut tally = Tally { worlds: 1, ..Tally::default() };
    let mut since: Vec<Judged> = Vec::new();
    for after in 0..=case.steps.len() {
        let mut mismatch = Mismatch { after, ..Mismatch::default() };
        let step = after.checked_sub(1).map(|before| &case.steps[before]);
        if let Some(step) = step {
            step.change().apply(&mut staged.world_mut());
        }
        since.push(Judged::of(&staged.world(), case.wide));
        // The first cycle of every second company breaks off, too: nothing is known then, and everything comes in.
        let unfinished = match step {
            Some(Step::Change(_)) => false,
            None if !case.wide => false,
            Some(Step::Crash(_)) | None => {
                staged.crash(|staged| looks::nothing_that_no_state_allowed(staged, &since, &mut mismatch)).await;
                true
            }
            Some(Step::Partial(_)) => {
                staged.refuse_a_part(after).await;
                true
            }
            Some(Step::Stale(_)) => {
                staged.grow_stale().await;
                looks::nothing_at_all(&staged, &mut mismatch);
                true
            }
        };
        if unfinished {
            tally.unfinished += 1;
            looks::nothing_that_no_state_allowed(&staged, &since, &mut mismatch);
        }
        if !mismatch.is_empty() {
            return (tally, Err(mismatch));
        }
        if let Err(why) = staged.cycle().await {
            mismatch.other.push(why);
            return (tally, Err(mismatch));
        }
        since.drain(..since.len() - 1);
        looks::everything(&staged, &since[0], &mut tally, &mut mismatch).await;
        if !mismatch.is_empty() {
            return (tally, Err(mismatch));
        }
    }
    staged.stop().await;
    (tally, Ok(()))
}

/// Everybody who has a say in what is compared.
fn accounts(staged: &Staged) -> Vec<crate::people::Somebody> {
    people(&staged.world())
}
