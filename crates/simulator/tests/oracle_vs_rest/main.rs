//! The oracle against the simulator's own answers, for every account and object of small worlds.
//!
//! Two comparisons. Over HTTP: what each account's listings return is what the oracle lists. Beside it the trimming itself,
//! asked for each object, which is the only way to what no listing shows. And both must be able to fail: an oracle that
//! lacks any one rule, and a site that forgets one, are noticed.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

mod companies;
mod drawn;
mod http;
mod mutation;
mod trimming;

use std::collections::BTreeSet;

use simulator::oracle::{Object, Oracle};
use simulator::state::World;

/// Every difference in words: `who: object: oracle says …`. Whoever has not signed in is asked about as `None`.
pub(crate) fn differences(
    world: &World,
    oracle: &Oracle,
    says: impl Fn(&Oracle, Option<&str>) -> BTreeSet<Object>,
    answers: impl Fn(Option<&str>) -> BTreeSet<Object>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let people =
        world.directory.people.values().map(|person| (Some(&*person.account_id), person.display_name.as_str()));
    for (account, name) in people.chain([(None, "the public")]) {
        let (ours, theirs) = (says(oracle, account), answers(account));
        for object in ours.symmetric_difference(&theirs) {
            let verdict = match account.and_then(|account| oracle.why_not(account, *object)) {
                None if ours.contains(object) => "the oracle shows it".to_owned(),
                None => "the oracle does not list it".to_owned(),
                Some(layer) => format!("the oracle hides it: {layer}"),
            };
            lines.push(format!("{name}: {object}: {verdict}"));
        }
    }
    lines
}
