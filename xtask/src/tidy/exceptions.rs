//! The list of what may break a rule, each with its reason.

use super::Problem;

/// The list, relative to the root.
pub(super) const LIST: &str = "xtask/tidy-exceptions.txt";

/// One line of the list: `RULE PLACE: reason`.
#[derive(Debug)]
pub(super) enum Entry {
    Exception {
        rule: String,
        place: String,
    },
    /// A line that has not this form or lacks its reason.
    Malformed(String),
}

/// Reads the list; empty lines and lines that start with `#` aside.
pub(super) fn parse(text: &str) -> Vec<Entry> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| entry(line).unwrap_or_else(|| Entry::Malformed(line.to_owned()))).collect()
}

/// Removes the problems that the list excuses and adds one for each entry that excuses nothing.
pub(super) fn apply(problems: Vec<Problem>, entries: &[Entry]) -> Vec<Problem> {
    let mut remaining = problems;
    for entry in entries {
        match entry {
            Entry::Malformed(line) => {
                remaining.push(Problem::new(
                    "exceptions",
                    LIST,
                    format!("`{line}` needs the form `RULE PLACE: reason`"),
                ));
            }
            Entry::Exception { rule, place } => {
                let before = remaining.len();
                remaining.retain(|problem| problem.rule != rule || problem.place != *place);
                if remaining.len() == before {
                    let message = format!("`{rule} {place}` is no longer needed; remove the line");
                    remaining.push(Problem::new("exceptions", LIST, message));
                }
            }
        }
    }
    remaining
}

fn entry(line: &str) -> Option<Entry> {
    let (subject, reason) = line.split_once(": ")?;
    let (rule, place) = subject.split_once(' ')?;
    let complete = !reason.trim().is_empty() && !place.trim().is_empty();
    complete.then(|| Entry::Exception { rule: rule.to_owned(), place: place.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_file() -> Vec<Problem> {
        vec![Problem::new("file-length", "crates/a/src/b.rs", "too long")]
    }

    #[test]
    fn an_exception_excuses_its_rule_at_its_place_only() {
        let entries = parse("file-length crates/a/src/b.rs: a table of 500 rows\n");
        assert!(apply(long_file(), &entries).is_empty());
        let other = vec![Problem::new("head", "crates/a/src/b.rs", "no head")];
        assert!(apply(other, &entries).iter().any(|problem| problem.rule == "head"));
    }

    #[test]
    fn an_exception_that_excuses_nothing_is_a_problem() {
        let left = apply(Vec::new(), &parse("file-length crates/a/src/b.rs: a table of 500 rows"));
        assert_eq!(left.len(), 1);
        assert!(left[0].message.contains("no longer needed"));
    }

    #[test]
    fn an_exception_without_a_reason_is_a_problem_and_excuses_nothing() {
        let left = apply(long_file(), &parse("file-length crates/a/src/b.rs"));
        assert_eq!(left.len(), 2);
    }
}
