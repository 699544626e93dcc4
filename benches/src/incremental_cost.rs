//! What staying fresh costs: calls and seconds of one cycle over a site of 50,000 documents in which 200 things have changed.
//!
//! The changes are made through the simulator's routes: new and edited pages, blog posts and issues, comments and files on old
//! ones, view restrictions. Sweeps and permission runs have cycles of their own and are shown per 10,000 documents. The limit
//! is for both products together and does not scale: fewer changes cost hardly fewer calls.

use crate::cycle::{cost, crawl};
use crate::played::{company, play, runtime};
use crate::report::Report;
use anyhow::{Context, Result, ensure};
use e2e::pipeline::Pipeline;
use model::RunKind;
use simulator::play::{Family, Player};
use std::time::Duration;

/// With a comment and a file each.
const PAGES: u32 = 12_000;
/// With three comments each.
const ISSUES: u32 = 3500;
const CHANGES: u32 = 200;
/// The most calls of one cycle of both products.
const MOST: f64 = 60.0;
/// Between the last change of the company's past, the crawl and the changes: more than any overlap.
const HOUR: i64 = 3_600_000;

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let mut report =
        Report::new(&["run", "product", "documents read", "changed", "calls", "per 10,000", "seconds", "limit"]);
    runtime()?.block_on(measure(scale, &mut report))?;
    Ok(report)
}

async fn measure(scale: u32, report: &mut Report) -> Result<()> {
    let (running, site) = play(company(PAGES / scale, ISSUES / scale)?, Duration::ZERO).await?;
    let simulation = &running.simulation;
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    simulation.clock.advance(HOUR);
    let sources = crawl(&pipeline, &site).await?;
    simulation.clock.advance(HOUR);
    let families = [Family::Text, Family::Comments, Family::Files, Family::Restrictions];
    let mut player = Player::new(1).only(&families);
    for _ in 0..CHANGES / scale {
        player.step(simulation).context("the company does not find anything to change")?;
    }
    for kind in [RunKind::Incremental, RunKind::Sweep, RunKind::Permissions] {
        let mut together = 0;
        for source in &sources {
            let (product, all) = (source.product, source.documents);
            let cost = cost(&pipeline, &site, source, kind).await?;
            ensure!(kind != RunKind::Incremental || cost.changed > 0, "{product}: the cycle has found nothing");
            together += cost.calls;
            report.row([
                kind.to_string(),
                product.to_string(),
                cost.documents.to_string(),
                cost.changed.to_string(),
                cost.calls.to_string(),
                format!("{:.1}", cost.calls as f64 * 10_000.0 / all as f64),
                format!("{:.2}", cost.took.as_secs_f64()),
                "-".to_owned(),
            ]);
        }
        if kind == RunKind::Incremental {
            let dash = || "-".to_owned();
            let name = format!("{kind}, both");
            let (all, calls) = (sources.iter().map(|source| source.documents).sum::<u64>(), together.to_string());
            report.row([
                name.clone(),
                format!("{all} documents"),
                dash(),
                dash(),
                calls,
                dash(),
                dash(),
                format!("{MOST:.0}"),
            ]);
            report.at_most(&name, together as f64, MOST);
        }
    }
    running.shutdown().await;
    Ok(())
}
