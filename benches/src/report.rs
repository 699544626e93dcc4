//! What a benchmark says in the end: a table, and how close its worst row came to its limit.

use std::fmt;

/// A figure held against its limit.
struct Check {
    row: String,
    /// Above one the limit is broken.
    share: f64,
}

/// The outcome of one benchmark.
#[derive(Default)]
pub(crate) struct Report {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    checks: Vec<Check>,
    skipped: Option<String>,
}

impl Report {
    /// A table with these columns; the first one names the row.
    pub(crate) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&name| name.to_owned()).collect(), ..Self::default() }
    }

    /// The benchmark could not run; says why.
    pub(crate) fn skipped(reason: impl Into<String>) -> Self {
        Self { skipped: Some(reason.into()), ..Self::default() }
    }

    /// Adds a row, one cell per column.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Holds a figure that must not be above its limit against it.
    pub(crate) fn at_most(&mut self, row: &str, figure: f64, limit: f64) {
        self.checks.push(Check { row: row.to_owned(), share: figure / limit });
    }

    /// Holds a figure that must not be below its limit against it.
    pub(crate) fn at_least(&mut self, row: &str, figure: f64, limit: f64) {
        self.checks.push(Check { row: row.to_owned(), share: limit / figure });
    }

    fn worst(&self) -> Option<&Check> {
        self.checks.iter().max_by(|left, right| left.share.total_cmp(&right.share))
    }

    /// Whether every figure kept its limit.
    pub(crate) fn kept(&self) -> bool {
        self.checks.iter().all(|check| check.share <= 1.0)
    }

    /// The closing line.
    pub(crate) fn verdict(&self, name: &str) -> String {
        if let Some(reason) = &self.skipped {
            return format!("{name}: skipped: {reason}");
        }
        let word = if self.kept() { "ok" } else { "FAIL" };
        match self.worst() {
            Some(worst) => format!("{name}: {:.2} of its limit ({}) {word}", worst.share, worst.row),
            None => format!("{name}: no limit {word}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.head).chain(&self.rows).collect();
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        for line in lines.iter().filter(|line| !line.is_empty()) {
            for (column, cell) in line.iter().enumerate() {
                let width = width(column);
                if column == 0 { write!(f, "{cell:width$}")? } else { write!(f, "  {cell:>width$}")? }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_row_is_named_and_decides() {
        let mut report = Report::new(&["row", "figure"]);
        report.at_most("fast", 1.0, 2.0);
        report.at_least("good", 0.8, 0.6);
        assert_eq!(report.verdict("x"), "x: 0.75 of its limit (good) ok");
        report.at_most("slow", 3.0, 2.0);
        assert_eq!(report.verdict("x"), "x: 1.50 of its limit (slow) FAIL");
        assert!(!report.kept());
    }

    #[test]
    fn columns_line_up() {
        let mut report = Report::new(&["row", "figure"]);
        report.row(["a longer one".to_owned(), "1".to_owned()]);
        assert_eq!(report.to_string(), "row           figure\na longer one       1\n");
    }

    #[test]
    fn a_skip_is_loud_and_no_failure() {
        let report = Report::skipped("no data");
        assert_eq!(report.verdict("x"), "x: skipped: no data");
        assert!(report.kept());
    }
}
