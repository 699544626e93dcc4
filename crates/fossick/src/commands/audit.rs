//! `fossick audit`: compares decisions with the source's own. A leak is a failure of its own kind.

use super::source::{number, words};
use super::table;
use crate::cli::Audit;
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::operator::Operator;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) async fn run(audit: Audit, config: &Config) -> Result<(), Fault> {
    let operator = Operator::reach(config).await?;
    let done = compare(&operator, &audit).await;
    operator.close().await;
    done
}

async fn compare(operator: &Operator, audit: &Audit) -> Result<(), Fault> {
    let id = number(operator, &audit.source).await?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    bar.set_message(format!("asking `{}` about {} pairs", audit.source, audit.pairs));
    bar.enable_steady_tick(Duration::from_millis(120));
    let answer = operator.post(&format!("/api/v1/sources/{id}/audit"), json!({"pairs": audit.pairs})).await;
    bar.finish_and_clear();
    let result = &answer?["audit"];
    for (kind, list) in [("leak", "leaked"), ("block", "blocked")] {
        let rows = result[list].as_array().into_iter().flatten();
        let rows: Vec<_> = rows
            .map(|row| {
                let document = format!("{} {}", words(&row["kind"]), words(&row["id"]));
                [kind.to_owned(), document, words(&row["person"]), words(&row["cause"])]
            })
            .collect();
        table::print(["WHAT", "DOCUMENT", "PERSON", "WHY"], &rows);
    }
    println!(
        "{}: {} pairs compared, {} leaks, {} blocks, {} without an answer",
        audit.source, result["compared"], result["leaks"], result["blocks"], result["unanswered"]
    );
    verdict(result)
}

fn verdict(result: &Value) -> Result<(), Fault> {
    let leaks = result["leaks"].as_u64().unwrap_or(0);
    if leaks > 0 {
        let message = format!(
            "{leaks} pairs would be shown that the source would not show; run a sync, and exclude what is named above if \
             they stay"
        );
        return Err(Fault::new(Exit::Leak, message));
    }
    match result["failed"].as_str() {
        Some(reason) => Err(Fault::new(Exit::Source, format!("the comparison ended early: {reason}"))),
        None => Ok(()),
    }
}
