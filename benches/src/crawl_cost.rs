//! How many calls a full crawl makes, directory and permissions included: what a tenant's quota pays for.
//!
//! Counted twice, by the adapter and by the simulator, which must agree. A second company of twice the size tells what part
//! is fixed and what grows. Finding the site and checking the credential happen once per connection and are a row of their
//! own, outside the limits. Without the organization's key people and groups cost more calls: a row of its own, too. The size
//! does not scale: the limits are for these very numbers, and a crawl takes about a second.

use crate::played::{company, play, runtime};
use crate::report::Report;
use anyhow::{Context, Result, ensure};
use atlassian::check::check_credential;
use atlassian::http::{HttpOptions, OrgKey};
use e2e::pipeline::Pipeline;
use model::Product;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Pages and issues of `worlds/cost.toml`.
const SIZE: u32 = 1000;
/// The most calls for 1000 pages with permissions, comments and attachment lists.
const MOST_FOR_PAGES: f64 = 50.0;
/// The most calls for 1000 issues with all comments and permissions.
const MOST_FOR_ISSUES: f64 = 45.0;

struct Cost {
    calls: BTreeMap<String, u64>,
    documents: u64,
}

impl Cost {
    fn total(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// The cost of crawling one product of a company of this size.
async fn crawl(product: Product, size: u32, organization: bool) -> Result<Cost> {
    let world = match product {
        Product::Confluence => company(size, 0)?,
        Product::Jira => company(0, size)?,
    };
    let (running, mut site) = play(world, Duration::ZERO).await?;
    site.organization = site.organization.filter(|_| organization);
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let connected = pipeline.connect(product, &site).await?;
    let outcome = pipeline.crawl(&connected).await?;
    let calls = connected.calls();
    let (ours, theirs) = (calls.values().sum::<u64>(), running.simulation.counters.calls());
    ensure!(ours == theirs, "the adapter counts {ours} calls and the simulator {theirs}");
    ensure!(outcome.counts.calls == ours, "the run's record holds {} calls of {ours}", outcome.counts.calls);
    Ok(Cost { calls, documents: outcome.counts.documents })
}

/// Calls of finding the site and checking the credential for both products.
async fn check() -> Result<u64> {
    let (running, site) = play(company(1, 1)?, Duration::ZERO).await?;
    let address = Url::parse(&site.base)?;
    let (token, org) = (SecretString::from(site.token), site.organization);
    let org = org.map(|(org_id, key)| OrgKey { org_id, key: SecretString::from(key) });
    let checked = check_credential(&site.host, &token, org.as_ref(), None, &HttpOptions::at(&address)).await;
    ensure!(checked.is_usable(), "the credential is refused: {:?}", checked.rows);
    Ok(running.simulation.counters.calls())
}

/// Runs the benchmark.
pub(crate) fn run(_: u32) -> Result<Report> {
    let head = ["crawl", "documents", "calls", "limit", "fixed", "per 1000 more"];
    let mut report = Report::new(&head);
    let runtime = runtime()?;
    let products =
        [("1000 pages", Product::Confluence, MOST_FOR_PAGES), ("1000 issues", Product::Jira, MOST_FOR_ISSUES)];
    let mut endpoints = Vec::new();
    for ((what, product, most), organization) in products.into_iter().flat_map(|row| [(row, true), (row, false)]) {
        let name = if organization { what.to_owned() } else { format!("{what}, no organization key") };
        let cost = runtime.block_on(crawl(product, SIZE, organization)).context(name.clone())?;
        let twice = runtime.block_on(crawl(product, 2 * SIZE, organization)).context(name.clone())?;
        let (calls, more) = (cost.total(), twice.total().saturating_sub(cost.total()));
        let fixed = calls.saturating_sub(more);
        let cells =
            [cost.documents.to_string(), calls.to_string(), format!("{most:.0}"), fixed.to_string(), more.to_string()];
        report.row([name.clone()].into_iter().chain(cells));
        report.at_most(&name, calls as f64, most);
        if organization {
            endpoints.extend(cost.calls.iter().map(|(endpoint, calls)| {
                let in_twice = twice.calls.get(endpoint).copied().unwrap_or(0);
                (format!("  {product}: {endpoint}"), *calls, in_twice.saturating_sub(*calls))
            }));
        }
    }
    let checking = runtime.block_on(check())?;
    let dash = || "-".to_owned();
    report.row([
        "finding and checking".to_owned(),
        dash(),
        checking.to_string(),
        dash(),
        checking.to_string(),
        "0".to_owned(),
    ]);
    for (endpoint, calls, more) in endpoints {
        report.row([
            endpoint,
            dash(),
            calls.to_string(),
            dash(),
            calls.saturating_sub(more).to_string(),
            more.to_string(),
        ]);
    }
    Ok(report)
}
