//! What it costs to know that nothing has changed about who may see what: calls of one cycle of permissions over an unchanged
//! site of 10,000 pages and 10,000 issues.
//!
//! People, groups, readers of spaces and holders of *Browse* are read by the permission run, restrictions of pages by the
//! sweep, which lists everything besides. The limit is for all four runs together, and does not scale.

use crate::cycle::{cost, crawl};
use crate::played::{company, play, runtime};
use crate::report::Report;
use anyhow::{Result, ensure};
use e2e::pipeline::Pipeline;
use model::RunKind;
use std::time::Duration;

const PAGES: u32 = 10_000;
const ISSUES: u32 = 10_000;
/// The most calls of one cycle.
const MOST: f64 = 300.0;
/// Between the crawl and the cycle: more than any overlap, in milliseconds.
const HOUR: i64 = 3_600_000;

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let mut report = Report::new(&["run", "product", "documents", "calls", "seconds", "limit"]);
    runtime()?.block_on(measure(scale, &mut report))?;
    Ok(report)
}

async fn measure(scale: u32, report: &mut Report) -> Result<()> {
    let (running, site) = play(company(PAGES / scale, ISSUES / scale)?, Duration::ZERO).await?;
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let sources = crawl(&pipeline, &site).await?;
    running.simulation.clock.advance(HOUR);
    let mut together = 0;
    for kind in [RunKind::Permissions, RunKind::Sweep] {
        for source in &sources {
            let cost = cost(&pipeline, &site, source, kind).await?;
            ensure!(cost.changed == 0, "{}: nothing changed, and the {kind} run changed something", source.product);
            together += cost.calls;
            let (calls, seconds) = (cost.calls.to_string(), format!("{:.2}", cost.took.as_secs_f64()));
            let known = source.documents.to_string();
            report.row([kind.to_string(), source.product.to_string(), known, calls, seconds, "-".to_owned()]);
        }
    }
    let documents: u64 = sources.iter().map(|source| source.documents).sum();
    let (name, dash) = ("one cycle".to_owned(), || "-".to_owned());
    report.row([
        name.clone(),
        "both".to_owned(),
        documents.to_string(),
        together.to_string(),
        dash(),
        format!("{MOST:.0}"),
    ]);
    report.at_most(&name, together as f64, MOST);
    running.shutdown().await;
    Ok(())
}
