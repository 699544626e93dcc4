//! Which tests may be skipped where nobody looks: a committed list, so that leaving a test out is a reviewed decision.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The list, relative to the workspace's root.
pub(crate) const ALLOWED: &str = "xtask/allowed-skips.txt";

/// Reads the list: one `test name: why it may be skipped` a line; empty lines and lines that start with `#` aside.
pub(crate) fn allowed(root: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(root.join(ALLOWED)).with_context(|| format!("could not read `{ALLOWED}`"))?;
    parse(&text)
}

/// The skipped tests that the list does not name, as lines to print.
pub(crate) fn without_leave(skipped: &BTreeMap<String, String>, allowed: &BTreeMap<String, String>) -> Vec<String> {
    skipped
        .iter()
        .filter(|(name, _)| !allowed.contains_key(*name))
        .map(|(name, reason)| format!("`{name}` was skipped ({reason}) and `{ALLOWED}` does not allow it"))
        .collect()
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let mut list = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((name, reason)) = line.split_once(": ").filter(|(_, reason)| !reason.trim().is_empty()) else {
            bail!("`{ALLOWED}`: `{line}` needs the form `test name: why it may be skipped`");
        };
        list.insert(name.trim().to_owned(), reason.trim().to_owned());
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_tests_may_be_skipped() {
        let allowed = parse("# why\n\nreal::agrees: needs real data\n").unwrap();
        let skipped = BTreeMap::from([
            ("real::agrees".to_owned(), "no data".to_owned()),
            ("browser::opens".to_owned(), "no browser".to_owned()),
        ]);
        let problems = without_leave(&skipped, &allowed);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("browser::opens"), "{problems:?}");
    }

    #[test]
    fn a_line_without_a_reason_is_refused() {
        assert!(parse("browser::opens").is_err());
        assert!(parse("browser::opens: ").is_err());
    }
}
