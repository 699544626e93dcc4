//! One run of one product over a site that is crawled already, and what it cost.

use anyhow::{Context, Result};
use e2e::pipeline::{Pipeline, Site};
use model::{Product, RunKind};
use std::time::{Duration, Instant};

/// What a run cost.
pub(crate) struct Cost {
    pub(crate) calls: u64,
    /// Documents that were read.
    pub(crate) documents: u64,
    /// Documents that became others.
    pub(crate) changed: u64,
    pub(crate) took: Duration,
}

/// A product of the site as it was crawled.
pub(crate) struct Crawled {
    pub(crate) product: Product,
    id: access::SourceId,
    pub(crate) documents: u64,
}

/// Crawls both products.
pub(crate) async fn crawl(pipeline: &Pipeline, site: &Site) -> Result<Vec<Crawled>> {
    let mut crawled = Vec::new();
    for product in [Product::Confluence, Product::Jira] {
        let connected = pipeline.connect(product, site).await?;
        let outcome = pipeline.crawl(&connected).await?;
        crawled.push(Crawled { product, id: connected.id, documents: outcome.counts.documents });
    }
    Ok(crawled)
}

/// One run with an adapter of its own, as in the hub, so that nothing is remembered from the run before.
pub(crate) async fn cost(pipeline: &Pipeline, site: &Site, crawled: &Crawled, kind: RunKind) -> Result<Cost> {
    let connected = Pipeline::adapter(crawled.id, crawled.product, site)?;
    let began = Instant::now();
    let outcome = pipeline.run(kind, &connected).await.with_context(|| format!("{}, {kind}", crawled.product))?;
    let took = began.elapsed();
    let calls: u64 = connected.calls().values().sum();
    Ok(Cost { calls, documents: outcome.counts.documents, changed: outcome.counts.changed, took })
}
