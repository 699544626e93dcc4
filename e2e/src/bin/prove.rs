//! The proof of permissions at any size; `cargo xtask prove` builds and runs it.
//!
//! A case that fails is made as small as it can be and written to `worlds/found`, where a test plays it from then on.

use e2e::program::root;
use e2e::proof::case::Case;
use e2e::proof::run::{self, Outcome, Plan, Through};
use e2e::proof::{Tally, shrink};
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: prove [--full PAIRS] [--pure PAIRS] [--from SEED] [--mutants [NAME]]";

/// What to prove.
struct Asked {
    full: u64,
    pure: u64,
    from: u64,
    mutants: Option<String>,
}

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(why) => {
            eprintln!("prove: {why}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let proved = match &asked.mutants {
        Some(only) => mutants(only),
        None => prove(&asked),
    };
    if proved { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn asked(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked { full: 1_000_000, pure: 20_000_000, from: 1, mutants: None };
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().ok_or(format!("`{word}` needs a number"))?;
            text.replace('_', "").parse().map_err(|_| format!("`{text}` is no number"))
        };
        match word.as_str() {
            "--full" => asked.full = number()?,
            "--pure" => asked.pure = number()?,
            "--from" => asked.from = number()?,
            "--mutants" => asked.mutants = Some(words.next().unwrap_or_default()),
            _ => return Err(format!("`{word}` is not understood")),
        }
    }
    Ok(asked)
}

fn prove(asked: &Asked) -> bool {
    let mut total = Tally::default();
    let mut failures = (0, 0, 0);
    for plan in [Plan::access(asked.pure), Plan::chain(0, asked.full)] {
        if plan.pairs == 0 {
            continue;
        }
        let started = Instant::now();
        let outcome = run::all(Plan { first: asked.from, ..plan });
        let what = if plan.through == Through::Chain { "through the whole chain" } else { "through access" };
        let Tally { worlds, looks, pairs, admitted, unfinished, excused } = &outcome.tally;
        println!(
            "{what}: {worlds} worlds, {looks} looks, {pairs} pairs, {admitted} of them admitted, {unfinished} unfinished \
             cycles, hidden with a listed reason {excused:?}, {:.1} s",
            started.elapsed().as_secs_f64()
        );
        total.add(&outcome.tally);
        for (_, mismatch) in &outcome.failed {
            failures.0 += mismatch.leaks.len();
            failures.1 += mismatch.hidden.len();
            failures.2 += mismatch.other.len();
        }
        keep(&outcome, plan.through);
    }
    let ok = failures == (0, 0, 0);
    let (worlds, pairs, word) = (total.worlds, total.pairs, if ok { "ok" } else { "FAIL" });
    if failures.2 > 0 {
        println!("{} other differences", failures.2);
    }
    println!("prove: worlds {worlds}, pairs {pairs}, leaks {}, hidden {} {word}", failures.0, failures.1);
    ok
}

/// Makes what failed small, and keeps it.
fn keep(outcome: &Outcome, through: Through) {
    for (case, mismatch) in &outcome.failed {
        println!("{}: {mismatch}", case.name);
        let same = |case: &Case| run::play(case, through).1.is_err_and(|found| found.kind() == mismatch.kind());
        let smallest = shrink::smallest(case.clone(), same);
        let path = root().join(format!("worlds/found/{}.toml", case.name.replace(' ', "-")));
        let text = smallest.text().and_then(|text| {
            std::fs::create_dir_all(root().join("worlds/found"))?;
            Ok(std::fs::write(&path, text)?)
        });
        match text {
            Ok(()) => println!("{} kept as {}", case.name, path.display()),
            Err(error) => println!("{} cannot be kept: {error:#}", case.name),
        }
        if let Err(mismatch) = run::play(&smallest, through).1 {
            println!("the smallest: {mismatch}");
        }
    }
}

#[cfg(not(feature = "mutants"))]
fn mutants(_only: &str) -> bool {
    println!("prove: this build has no switches; run `cargo xtask prove --mutants`");
    false
}

#[cfg(feature = "mutants")]
fn mutants(only: &str) -> bool {
    use e2e::proof::mutants::{Found, MUTANTS, hunt, hunt_in_oracle, of_oracle};
    let (mut all, mut noticed) = (0, 0);
    let mut told = |name: &str, found: &Found| {
        all += 1;
        match &found.by {
            // A difference that the switch had no part in is no finding.
            Some((case, what)) if found.reached > 0 => {
                noticed += 1;
                println!("{name:<40} found by {case}: {what}");
            }
            _ => println!("{name:<40} MISSED (asked for {} times)", found.reached),
        }
    };
    for mutant in MUTANTS.iter().filter(|mutant| mutant.name.contains(only)) {
        told(mutant.name, &hunt(*mutant));
    }
    for rule in of_oracle() {
        let name = format!("oracle.{rule}");
        if name.contains(only) {
            told(&name, &hunt_in_oracle(rule));
        }
    }
    // A name that no mutant has proves nothing.
    let ok = all > 0 && noticed == all;
    println!("prove: mutants found {noticed} of {all} {}", if ok { "ok" } else { "FAIL" });
    ok
}
