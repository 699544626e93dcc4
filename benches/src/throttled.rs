//! How much of a limit a crawl uses that nobody has told it: 20 calls a second, refused with 429 and a wait beyond.
//!
//! Counted by the simulator: calls that got through, against those that the bucket held and got back meanwhile; calls that came
//! before the time that a refusal had told. Below full size the share is shown without a limit: the first bucketful is then
//! most of the crawl.

use crate::played::{company_of_spaces, play, runtime};
use crate::report::Report;
use anyhow::{Result, ensure};
use e2e::pipeline::Pipeline;
use model::Product;
use simulator::faults::Limit;
use simulator::faults::limit::Counts;
use std::time::{Duration, Instant};

/// Calls a second, and at once.
const PER_SECOND: u32 = 20;
/// Each costs a call for its permissions, so that the crawl takes two minutes at that pace: its first and last calls wait for
/// one another, and of a short crawl they would be much.
const SPACES: u32 = 2400;
const PAGES: u32 = 1000;
/// The least share of the limit.
const LEAST: f64 = 0.9;

/// Crawls under the limit; with what the limiter counted and how long it took.
async fn crawl(scale: u32, latency: Duration) -> Result<(Counts, Duration)> {
    let (running, site) = play(company_of_spaces(PAGES / scale, SPACES / scale)?, latency).await?;
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let connected = pipeline.connect(Product::Confluence, &site).await?;
    let limiter = &running.simulation.faults.limiter;
    limiter.set(Some(Limit { per_second: PER_SECOND, burst: PER_SECOND, told: true }));
    let began = Instant::now();
    pipeline.crawl(&connected).await?;
    let took = began.elapsed();
    let counts = limiter.counts();
    running.shutdown().await;
    Ok((counts, took))
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let mut report =
        Report::new(&["latency", "calls", "refused", "early", "seconds", "calls/s", "of the limit", "limit"]);
    let runtime = runtime()?;
    for latency in [Duration::ZERO, Duration::from_millis(150)] {
        let (counts, took) = runtime.block_on(crawl(scale, latency))?;
        let seconds = took.as_secs_f64();
        let available = f64::from(PER_SECOND) * (seconds + 1.0);
        let share = counts.passed as f64 / available;
        let name = format!("{} ms", latency.as_millis());
        report.row([
            name.clone(),
            counts.passed.to_string(),
            counts.refused.to_string(),
            counts.early.to_string(),
            format!("{seconds:.1}"),
            format!("{:.1}", counts.passed as f64 / seconds),
            format!("{share:.2}"),
            if scale == 1 { format!("{LEAST:.2}") } else { "-".to_owned() },
        ]);
        ensure!(counts.early == 0, "at {name} latency {} calls came earlier than told", counts.early);
        if scale == 1 {
            report.at_least(&name, share, LEAST);
        }
    }
    Ok(report)
}
