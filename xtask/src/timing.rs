//! The steps of a run, how long each took, and the table of them at its end.

use std::fmt::Write;
use std::time::{Duration, Instant};

/// How a step ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    Ok,
    Failed,
    /// Did not run; the reason was printed where it was decided.
    Skipped,
}

impl Outcome {
    /// `Ok` or `Failed`.
    pub(crate) fn of(success: bool) -> Self {
        if success { Self::Ok } else { Self::Failed }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

/// The steps so far, in the order in which they ran.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    steps: Vec<(&'static str, Outcome, Duration)>,
}

impl Timing {
    /// Announces a step, runs it, and notes its outcome and duration. An error inside the step is printed and counts
    /// as a failure, so that the remaining steps still get their chance to report.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> anyhow::Result<Outcome>) -> Outcome {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = work().unwrap_or_else(|error| {
            eprintln!("xtask: {name}: {error:#}");
            Outcome::Failed
        });
        self.steps.push((name, outcome, started.elapsed()));
        outcome
    }

    /// Whether no step failed.
    pub(crate) fn succeeded(&self) -> bool {
        self.steps.iter().all(|(_, outcome, _)| *outcome != Outcome::Failed)
    }

    /// One line per step and one for the sum.
    pub(crate) fn table(&self) -> String {
        let mut table = String::from("\nstep                  seconds  outcome\n");
        for (name, outcome, taken) in &self.steps {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{name:<20} {:>8.1}  {}", taken.as_secs_f64(), outcome.word());
        }
        let total: Duration = self.steps.iter().map(|(_, _, taken)| *taken).sum();
        let _ = writeln!(table, "{:<20} {:>8.1}", "total", total.as_secs_f64());
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_run_and_is_named_in_the_table() {
        let mut timing = Timing::default();
        timing.step("first", || Ok(Outcome::Ok));
        timing.step("second", || Ok(Outcome::Skipped));
        assert!(timing.succeeded());
        timing.step("third", || anyhow::bail!("no such program"));
        assert!(!timing.succeeded());
        let table = timing.table();
        assert!(table.lines().any(|line| line.starts_with("third") && line.ends_with("FAILED")), "{table}");
        assert!(table.lines().any(|line| line.starts_with("second") && line.ends_with("skipped")), "{table}");
    }
}
