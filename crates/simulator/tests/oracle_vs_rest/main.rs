//! The oracle against the simulator's own answers, for every account and object of small worlds.
//!
//! Two comparisons. Over HTTP: what each account's listings return is what the oracle lists. Beside it the trimming itself,
//! asked for each object, which is the only way to what no listing shows. And both must be able to fail: an oracle that
//! lacks any one rule, and a site that forgets one, are noticed.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

mod companies;
mod http;
mod mutation;
mod trimming;

use std::collections::BTreeSet;

use simulator::oracle::{Object, Oracle};
use simulator::state::World;

/// Every difference in words: `who: object: oracle says …`.
pub(crate) fn differences(
    world: &World,
    oracle: &Oracle,
    says: impl Fn(&Oracle, &str) -> BTreeSet<Object>,
    answers: impl Fn(&str) -> BTreeSet<Object>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for person in world.directory.people.values() {
        let (ours, theirs) = (says(oracle, &person.account_id), answers(&person.account_id));
        for object in ours.symmetric_difference(&theirs) {
            let verdict = match oracle.why_not(&person.account_id, *object) {
                None if ours.contains(object) => "the oracle shows it".to_owned(),
                None => "the oracle does not list it".to_owned(),
                Some(layer) => format!("the oracle hides it: {layer}"),
            };
            lines.push(format!("{}: {object}: {verdict}", person.display_name));
        }
    }
    lines
}
