//! The credential check, for the page and for programs.

use crate::failure::sentence;
use crate::operations::{CheckOutcome, CheckReport, CheckRow};
use crate::pages::connect::{Check, Outcome};
use serde_json::{Value, json};

/// The rows of the page.
pub(crate) fn checks(rows: &[CheckRow]) -> Vec<Check> {
    let row = |row: &CheckRow| Check {
        what: row.check.clone(),
        outcome: match row.outcome {
            CheckOutcome::Ok => Outcome::Ok,
            CheckOutcome::Warning => Outcome::Warning,
            CheckOutcome::Failed => Outcome::Failed,
        },
        found: sentence(&row.found),
        remedy: (!row.remedy.is_empty()).then(|| sentence(&row.remedy)),
    };
    rows.iter().map(row).collect()
}

/// The rows for programs.
pub(crate) fn checks_json(rows: &[CheckRow]) -> Vec<Value> {
    let outcome = |outcome: CheckOutcome| match outcome {
        CheckOutcome::Ok => "ok",
        CheckOutcome::Warning => "warning",
        CheckOutcome::Failed => "failed",
    };
    let row = |row: &CheckRow| json!({"check": row.check, "outcome": outcome(row.outcome), "found": row.found, "remedy": row.remedy});
    rows.iter().map(row).collect()
}

/// A whole report for programs.
pub(crate) fn report_json(report: &CheckReport) -> Value {
    let products: Vec<&str> = report.products.iter().map(|product| product.code()).collect();
    let passed = report.rows.iter().all(|row| row.outcome != CheckOutcome::Failed);
    json!({"passed": passed, "checks": checks_json(&report.rows), "products": products})
}
