//! What ails the hub as a whole, in a sentence each.

use crate::pages::layout::Flash;
use crate::pages::part::Tone;
use crate::upkeep::Condition;

/// For administrators, the worst first.
pub(crate) fn condition_notices(condition: &Condition) -> Vec<Flash> {
    let Condition { rebuilding, stuck, damaged, disk_full } = *condition;
    let all = [
        (
            damaged,
            Tone::Bad,
            "A database is damaged, and the hub is about to stop. Keep a copy of the data directory, then restore a backup.",
        ),
        (
            disk_full,
            Tone::Bad,
            "The disk is full. Crawls wait, and go on by themselves once there is space; signing in and searching go on.",
        ),
        (
            stuck,
            Tone::Bad,
            "The text index does not move on, so what changed last is not found. It is tried again by itself; the log says \
             what keeps it.",
        ),
        (
            rebuilding,
            Tone::Warning,
            "The text index is being built anew. Until that has ended, searches may not find everything.",
        ),
    ];
    let told = all.into_iter().filter(|(is_so, ..)| *is_so);
    told.map(|(_, tone, text)| Flash { tone, text: text.to_owned() }).collect()
}
