//! Counts tests from the lines that the test binaries print themselves.
//!
//! A test that cannot run on this machine passes, but says `SKIPPED: <test name>: <reason>`; it is counted as skipped,
//! not as passed. The test runner is asked to show the output of passing tests, because it would swallow that line; the
//! rest of what passing tests print is dropped here.

use std::collections::BTreeMap;

use crate::command::Stream;

const SKIP_MARK: &str = "SKIPPED: ";
const RESULT_MARK: &str = "test result: ";

/// The sum over all test binaries so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    passed_by_runner: u64,
    pub(crate) failed: u64,
    /// Test name → reason. Tests that the runner itself ignored are here, too.
    pub(crate) skipped: BTreeMap<String, String>,
    ignored_by_runner: u64,
    /// Inside the part that repeats what passing tests printed.
    in_successes: bool,
}

impl Tally {
    /// Takes in one line; returns whether a reader wants to see it.
    pub(crate) fn line(&mut self, stream: Stream, line: &str) -> bool {
        if let Some(note) = line.trim_start().strip_prefix(SKIP_MARK) {
            let (name, reason) = note.split_once(": ").unwrap_or((note, "no reason given"));
            return self.skipped.insert(name.trim().to_owned(), reason.trim().to_owned()).is_none();
        }
        if stream == Stream::Err {
            return true;
        }
        if let Some(result) = line.strip_prefix(RESULT_MARK) {
            self.in_successes = false;
            self.result(result);
            return true;
        }
        if let Some(name) = ignored_test(line) {
            self.skipped.insert(name.to_owned(), "ignored by the test itself".to_owned());
            self.ignored_by_runner += 1;
        }
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ => {}
        }
        !self.in_successes
    }

    /// Tests that ran to their end and did not skip themselves.
    pub(crate) fn passed(&self) -> u64 {
        let self_skipped = self.skipped.len() as u64 - self.ignored_by_runner.min(self.skipped.len() as u64);
        self.passed_by_runner.saturating_sub(self_skipped)
    }

    /// The closing line.
    pub(crate) fn summary(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed(), self.failed, self.skipped.len())
    }

    fn result(&mut self, result: &str) {
        // `ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`
        let counts = result.split_once(". ").map_or("", |(_, counts)| counts);
        for part in counts.split("; ") {
            match part.split_once(' ').map(|(count, what)| (count.parse::<u64>(), what)) {
                Some((Ok(count), "passed")) => self.passed_by_runner += count,
                Some((Ok(count), "failed")) => self.failed += count,
                _ => {}
            }
        }
    }
}

/// The name in `test NAME ... ignored` or `test NAME ... ignored, REASON`.
fn ignored_test(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    outcome.starts_with("ignored").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> (Tally, Vec<&str>) {
        let mut tally = Tally::default();
        let shown = output.lines().filter(|line| tally.line(Stream::Out, line)).collect();
        (tally, shown)
    }

    #[test]
    fn results_of_several_binaries_are_added_up() {
        let (tally, _) = read(
            "running 2 tests\ntest a ... ok\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!(tally.summary(), "3 passed, 3 failed, 0 skipped");
    }

    #[test]
    fn a_test_that_skips_itself_is_not_counted_as_passed() {
        let (tally, shown) = read(
            "test browser::opens ... ok\n\nsuccesses:\n\n---- browser::opens stdout ----\nchatter\n\
             SKIPPED: browser::opens: no browser on this machine\n\nsuccesses:\n    browser::opens\n\n\
             test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!(tally.summary(), "0 passed, 0 failed, 1 skipped");
        assert_eq!(tally.skipped["browser::opens"], "no browser on this machine");
        assert!(shown.contains(&"SKIPPED: browser::opens: no browser on this machine"));
        assert!(!shown.contains(&"chatter"));
    }

    #[test]
    fn a_skip_on_either_stream_counts_once() {
        let mut tally = Tally::default();
        assert!(tally.line(Stream::Err, "SKIPPED: clients: no python"));
        assert!(!tally.line(Stream::Out, "SKIPPED: clients: no python"));
        tally.line(Stream::Out, "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(tally.summary(), "3 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn an_ignored_test_is_a_skip_and_takes_nothing_from_the_passed() {
        let (tally, _) = read(
            "test slow ... ignored\ntest result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1s",
        );
        assert_eq!(tally.summary(), "5 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn output_of_failed_tests_stays_visible_after_the_successes() {
        let (_, shown) = read("successes:\nquiet\nfailures:\n---- b stdout ----\npanicked at b.rs");
        assert_eq!(shown, ["failures:", "---- b stdout ----", "panicked at b.rs"]);
    }
}
