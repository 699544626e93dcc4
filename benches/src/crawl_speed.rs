//! How fast a crawl is: bound by a slow network, and bound by this machine.
//!
//! The clock runs from the first call until everything is searchable. Simulator and crawl share the machine's cores. Below
//! full size the figures are shown without a limit: a small crawl is mostly its fixed part.

use crate::measure::{ROUNDS, percentile};
use crate::played::{company, play, play_with, runtime};
use crate::report::Report;
use anyhow::{Context, Result};
use e2e::pipeline::{Pipeline, Site};
use model::{Kind, Product};
use simulator::clock::Clock;
use simulator::state::World;
use simulator::{Running, real};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What a call takes at the real gateway, from far away.
const LATENCY: Duration = Duration::from_millis(150);
const PAGES: u32 = 1000;
const ISSUES: u32 = 10_052;
/// Pages per second at that latency, with their comments, files and permissions.
const LEAST_PAGES: f64 = 150.0;
/// Documents per second without latency.
const LEAST_DOCUMENTS: f64 = 1500.0;

struct Round {
    counted: usize,
    all: usize,
    read: Duration,
    searchable: Duration,
}

/// Crawls one product into a new data directory; `counted` are the documents of this kind.
async fn crawl(site: &Site, product: Product, kind: Option<Kind>) -> Result<Round> {
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let connected = pipeline.connect(product, site).await?;
    let began = Instant::now();
    pipeline.crawl(&connected).await?;
    let read = began.elapsed();
    pipeline.catch_up()?;
    let searchable = began.elapsed();
    let documents = pipeline.documents()?;
    let counted = documents.values().filter(|document| kind.is_none_or(|kind| document.document.key.kind == kind));
    Ok(Round { counted: counted.count(), all: documents.len(), read, searchable })
}

/// One row: crawled once to warm up, then measured.
struct Row {
    name: String,
    product: Product,
    kind: Option<Kind>,
    least: f64,
}

impl Row {
    fn measure(&self, site: &Site, scale: u32, report: &mut Report, runtime: &tokio::runtime::Runtime) -> Result<()> {
        let rounds = if scale == 1 { ROUNDS } else { 1 };
        let (mut rates, mut reads, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut sizes = (0, 0);
        for round in 0..=rounds {
            let done = runtime.block_on(crawl(site, self.product, self.kind)).context(self.name.clone())?;
            sizes = (done.counted, done.all);
            if round > 0 {
                rates.push(done.counted as f64 / done.searchable.as_secs_f64());
                reads.push(done.read.as_secs_f64());
                ends.push(done.searchable.as_secs_f64());
            }
        }
        let rate = percentile(rates, 50);
        report.row([
            self.name.clone(),
            sizes.0.to_string(),
            sizes.1.to_string(),
            format!("{:.2}", percentile(reads, 50)),
            format!("{:.2}", percentile(ends, 50)),
            format!("{rate:.0}"),
            if scale == 1 { format!("{:.0}", self.least) } else { "-".to_owned() },
        ]);
        if scale == 1 {
            report.at_least(&self.name, rate, self.least);
        }
        Ok(())
    }
}

/// The real issues, or at a smaller scale and without the data as many made-up ones.
fn issues(scale: u32) -> Result<(String, World, &'static str, &'static str)> {
    let folder = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from).filter(|_| scale == 1);
    let (name, world) = match folder {
        Some(folder) => ("real issues", real::load(&folder, Clock::system())?),
        None => return Ok(("made-up issues".to_owned(), company(0, ISSUES / scale)?, "ATSTT-cost", "org-key-cost")),
    };
    Ok((name.to_owned(), world, real::TOKEN, real::ORGANIZATION_KEY))
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let head = ["crawl", "counted", "documents", "read s", "searchable s", "counted/s", "limit"];
    let mut report = Report::new(&head);
    let runtime = runtime()?;
    let (running, site): (Running, Site) = runtime.block_on(play(company(PAGES / scale, 0)?, LATENCY))?;
    let name = format!("pages at {} ms", LATENCY.as_millis());
    let row = Row { name, product: Product::Confluence, kind: Some(Kind::Page), least: LEAST_PAGES };
    row.measure(&site, scale, &mut report, &runtime)?;
    runtime.block_on(running.shutdown());
    let (name, world, token, key) = issues(scale)?;
    let (_running, site) = runtime.block_on(play_with(world, Duration::ZERO, token, key))?;
    let row = Row { name: format!("{name} at 0 ms"), product: Product::Jira, kind: None, least: LEAST_DOCUMENTS };
    row.measure(&site, scale, &mut report, &runtime)?;
    Ok(report)
}
