//! The project's own tools: one gate (`test`), the rules of the house (`tidy`), benchmarks and the run over real data.
//!
//! It has as few dependencies as possible, because it is compiled before anything else on a fresh machine; for the same
//! reason it reads its command line by hand.

mod bench;
mod chaos;
mod command;
mod gate;
mod prove;
mod real;
mod settings;
mod setup;
mod skips;
mod tally;
mod tidy;
mod timing;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use settings::Settings;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test [--quick]          the gate: format, tidy, lints, documentation, all tests, benchmarks at 1/20 of their size;
                          --quick stops after the unit tests
  tidy                    the rules of the house: arrows between crates, file heads and sizes, paths in documents
  setup                   install what the tests need beyond cargo: a browser, Python clients
  bench NAME [--scale N]  run a benchmark, or `all`, at 1/N of its size; `bench --list` names them
  prove [--full N] [--pure N] [--from SEED]
                          the proof of permissions: N pairs through the whole chain (1,000,000), through access alone
                          (20,000,000); a company that fails is made small and kept in worlds/found
  prove --mutants [NAME]  switches one rule off at a time; each must be noticed
  chaos [--seeds N] [--seconds S] [--first K]
                          kill hub and source under faults and changes, N times for S seconds, and compare all that is left
  chaos --mutants [NAME]  switches one safeguard off at a time; each must be noticed
  real                    load, crawl and compare the real data in FOSSICK_REAL_DATA";

/// What the command line asked for.
#[derive(Debug, Eq, PartialEq)]
enum Request {
    Test { quick: bool },
    Tidy,
    Setup,
    Bench { arguments: Vec<String> },
    Prove { arguments: Vec<String> },
    Chaos { arguments: Vec<String> },
    Real,
    Help,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1).collect()).and_then(|request| run(&request)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Turns arguments into a request. An unknown word is an error with the usage, never ignored.
fn parse(mut arguments: Vec<String>) -> Result<Request> {
    if arguments.is_empty() {
        bail!("no command given\n\n{USAGE}");
    }
    let command = arguments.remove(0);
    let request = match (command.as_str(), arguments.as_slice()) {
        ("test", []) => Request::Test { quick: false },
        ("test", [flag]) if flag == "--quick" => Request::Test { quick: true },
        ("tidy", []) => Request::Tidy,
        ("setup", []) => Request::Setup,
        ("bench", [_, ..]) => Request::Bench { arguments },
        ("prove", _) => Request::Prove { arguments },
        ("chaos", _) => Request::Chaos { arguments },
        ("real", []) => Request::Real,
        ("help" | "--help" | "-h", _) => Request::Help,
        _ => bail!("`{} {}` is not a command\n\n{USAGE}", command, arguments.join(" ")),
    };
    Ok(request)
}

/// Runs a request. `Ok(false)` means that it ran and found something wrong, which it has already printed.
fn run(request: &Request) -> Result<bool> {
    let workspace = Workspace::load()?;
    let settings = Settings::from_environment();
    match request {
        Request::Test { quick } => gate::run(&workspace, &settings, *quick),
        Request::Tidy => tidy::run(&workspace),
        Request::Setup => Ok(setup::run(&workspace).complete()),
        Request::Bench { arguments } => bench::run(&workspace, arguments),
        Request::Prove { arguments } => prove::run(&workspace, arguments),
        Request::Chaos { arguments } => chaos::run(&workspace, arguments),
        Request::Real => real::run(&workspace, &settings),
        Request::Help => {
            println!("{USAGE}");
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn commands_are_read_with_their_flags() {
        assert_eq!(parse(words("test")).unwrap(), Request::Test { quick: false });
        assert_eq!(parse(words("test --quick")).unwrap(), Request::Test { quick: true });
        assert_eq!(
            parse(words("bench memory --scale 20")).unwrap(),
            Request::Bench { arguments: words("memory --scale 20") }
        );
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_usage() {
        for line in ["", "tests", "test --quik", "tidy now", "bench"] {
            let message = parse(words(line)).unwrap_err().to_string();
            assert!(message.contains("usage: cargo xtask"), "{line:?} gave {message:?}");
        }
    }
}
