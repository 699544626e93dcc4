//! The proof of permissions as the gate runs it: companies that nobody wrote, and every pair in them. `cargo xtask prove`
//! runs the same at any size.

use e2e::proof::case::Case;
use e2e::proof::run::{self, Outcome, Plan, Through};

/// Prints what was compared; panics with what differs.
fn assert_proved(what: &str, outcome: &Outcome) {
    let tally = &outcome.tally;
    println!("{what}: {tally:?}");
    let failed: Vec<String> = outcome.failed.iter().map(|(case, found)| format!("{}: {found}", case.name)).collect();
    assert!(failed.is_empty(), "{what}: {}\n`cargo xtask prove` makes them small", failed.join("\n"));
    let admitted = tally.admitted as f64 / tally.pairs as f64;
    assert!((0.02..0.6).contains(&admitted), "{what} proves little: {admitted:.3} of all pairs are admitted");
}

#[test]
fn through_the_whole_chain_every_pair_of_drawn_companies_agrees_at_every_step() {
    let outcome = run::all(Plan::chain(40, 100_000));
    assert_proved("chain", &outcome);
    let excused: u64 = outcome.tally.excused.values().sum();
    assert!(excused * 50 < outcome.tally.pairs, "too much is hidden: {:?}", outcome.tally.excused);
}

#[test]
fn through_access_alone_a_million_pairs_agree_with_the_oracle() {
    assert_proved("access", &run::all(Plan::access(1_000_000)));
}

#[test]
fn cases_that_once_failed_hold() {
    let kept = Case::kept().unwrap_or_else(|error| panic!("{error:#}"));
    assert!(!kept.is_empty(), "nothing is kept, so nothing is proved");
    for case in kept {
        for through in [Through::Access, Through::Chain] {
            let (_, result) = run::play(&case, through);
            assert!(result.is_ok(), "{} {through:?}: {}", case.name, result.err().unwrap_or_default());
        }
    }
}

#[test]
fn this_build_has_no_switches_that_turn_rules_off() {
    const { assert!(!access::mutants::BUILT_IN || cfg!(feature = "mutants")) };
    assert!(!access::mutants::off("access.every-layer"));
}
