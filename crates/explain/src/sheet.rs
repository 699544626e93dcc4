//! Reports as CSV, for spreadsheets.
//!
//! Names come from the sources, and a spreadsheet would run a cell that begins like a formula: such a cell gets an
//! apostrophe in front, which spreadsheets take for "this is text".

use crate::{ByMistake, ExposureReport, Reach};
use access::Hidden;

/// The exposure report, one line per space and project.
pub fn exposure_csv(report: &ExposureReport) -> String {
    let mut head: Vec<String> = [
        "source",
        "kind",
        "key",
        "name",
        "documents",
        "seen by everybody",
        "seen by some",
        "seen by guests",
        "seen by nobody",
        "nobody, without a cause",
        "open by mistake",
    ]
    .map(str::to_owned)
    .to_vec();
    head.extend(Hidden::ALL.iter().map(|cause| format!("nobody: {}", cause.code())));
    let rows = report.containers.iter().map(|row| {
        let totals = &row.totals;
        let mut cells = vec![
            row.source_name.clone(),
            row.container.kind.code().to_owned(),
            row.container.short.clone(),
            row.container.name.clone(),
        ];
        let counts =
            [totals.documents, totals.everybody, totals.some(), totals.guests, totals.nobody, totals.without_cause()];
        cells.extend(counts.iter().map(u64::to_string));
        cells.push(row.by_mistake.map_or("", ByMistake::code).to_owned());
        cells.extend(Hidden::ALL.iter().map(|cause| totals.causes.get(cause).copied().unwrap_or(0).to_string()));
        cells
    });
    sheet(head, rows)
}

/// What a person can see, one line per space and project.
pub fn reach_csv(reach: &Reach) -> String {
    let head = ["source", "key", "name", "documents", "visible", "not for this person", "hidden from everybody"];
    let rows = reach.containers.iter().map(|row| {
        let mut cells = vec![row.source_name.clone(), row.short.clone(), row.name.clone()];
        let hidden: u64 = row.hidden.values().sum();
        cells.extend([row.documents, row.visible, row.refused(), hidden].iter().map(u64::to_string));
        cells
    });
    sheet(head.map(str::to_owned).to_vec(), rows)
}

fn sheet(head: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(head).chain(rows) {
        let row = row.iter().map(|cell| harmless(cell));
        // Writing to memory fails only if rows differ in length, and then a short sheet would be a wrong one.
        if writer.write_record(row).is_err() {
            unreachable!("every row has as many cells as the head")
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_told_to_be_text() {
        let row = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "a,\"b\"", "plain"].map(str::to_owned);
        let sheet = sheet(vec!["h".to_owned(); 7], std::iter::once(row.to_vec()));
        let line = sheet.lines().nth(1).unwrap();
        assert_eq!(line, "'=cmd|' /C calc'!A0,'+1,'-1,'@SUM(A1),'\t=1,\"a,\"\"b\"\"\",plain");
    }
}
