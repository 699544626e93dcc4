//! `chaos --seeds N --seconds S [--first K]`: the chaos proof over N seeds, each S seconds long. See [`e2e::chaos`].
//! `chaos --mutants [NAME]`: the same without one safeguard at a time; each must be noticed.
//!
//! Prints each seed as it ends, and a last line with the sums. The exit code is 1 if anything was found, 2 for a wrong
//! command line.

use e2e::chaos::mutants::{Hunted, MUTANTS, hunt};
use e2e::chaos::{self, Outcome};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const USAGE: &str = "usage: chaos --seeds N --seconds S [--first K] | --mutants [NAME]";

/// What the command line asked for.
struct Asked {
    seeds: u64,
    seconds: u64,
    first: u64,
    mutants: Option<String>,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { seeds: 6, seconds: 20, first: 1, mutants: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--mutants" {
            asked.mutants = Some(words.next().unwrap_or_default());
            continue;
        }
        let number = words.next().and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| format!("`{word}` needs a number\n{USAGE}"))?;
        match word.as_str() {
            "--seeds" => asked.seeds = number,
            "--seconds" => asked.seconds = number,
            "--first" => asked.first = number,
            _ => return Err(format!("`{word}` is not known\n{USAGE}")),
        }
    }
    Ok(asked)
}

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|error| panic!("{error}"));
    if let Some(only) = &asked.mutants {
        return if runtime.block_on(mutants(only)) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut all = Outcome::default();
    let (start, mut faults) = (Instant::now(), 0);
    for seed in asked.first..asked.first + asked.seeds {
        let outcome = runtime.block_on(chaos::play(seed, Duration::from_secs(asked.seconds)));
        println!("{outcome}");
        faults += outcome.faults.values().sum::<u64>();
        all.kills = [all.kills[0] + outcome.kills[0], all.kills[1] + outcome.kills[1]];
        all.changes += outcome.changes;
        all.seen += outcome.seen;
        all.documents += outcome.documents;
        all.pairs += outcome.pairs;
        all.leaked.extend(outcome.leaked);
        all.lost.extend(outcome.lost);
        all.duplicated.extend(outcome.duplicated);
        all.stale.extend(outcome.stale);
    }
    println!(
        "{} seeds in {} s: {faults} faults, {} kills of the hub, {} of the simulator, {} changes, {} documents shown \
         meanwhile, {} documents and {} pairs compared",
        asked.seeds,
        start.elapsed().as_secs(),
        all.kills[0],
        all.kills[1],
        all.changes,
        all.seen,
        all.documents,
        all.pairs
    );
    println!("chaos: {} {}", all.verdict(), if all.is_good() { "ok" } else { "FAIL" });
    if all.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays without one safeguard at a time. True if each was noticed.
async fn mutants(only: &str) -> bool {
    if !access::mutants::BUILT_IN {
        println!("chaos: this build has no switches; run `cargo xtask chaos --mutants`");
        return false;
    }
    let (mut all, mut missed) = (0, 0);
    for (rule, by) in MUTANTS.iter().filter(|(rule, _)| rule.contains(only)) {
        all += 1;
        match hunt(rule, *by).await {
            Hunted::Found { by, what } => println!("{rule:<32} found by {by}: {what}"),
            Hunted::WrongAnyway(what) => {
                missed += 1;
                println!("{rule:<32} PROVED NOTHING: with it in force, too: {what}");
            }
            Hunted::Missed => {
                missed += 1;
                println!("{rule:<32} MISSED by {by:?}");
            }
        }
    }
    println!("chaos: mutants {all}, missed {missed} {}", if missed == 0 && all > 0 { "ok" } else { "FAIL" });
    missed == 0 && all > 0
}
