//! The run over real issues and pages: `cargo xtask real`, with their folder in `FOSSICK_REAL_DATA`.
//!
//! One crawl of both products over HTTP. Then store, index and oracle must agree to the document, for every person, and
//! every text in the store must have the words that a second reading of the data finds.

mod agreement;
mod reading;
mod words;

use access::DocNo;
use e2e::pipeline::{Connected, Pipeline, Site};
use model::{Kind, Product, StoredDocument};
use search::{Request, SearchIndex};
use simulator::clock::Clock;
use simulator::oracle::Oracle;
use simulator::state::World;
use simulator::{Options, Running, Simulator, real};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

/// What a person might type at this company.
const QUERIES: [&str; 20] = [
    "uploader progress",
    "keyboard navigation",
    "\"screen reader\"",
    "FLUID-4000",
    "inline edit undo",
    "renderer component tree",
    "build script maven",
    "internet explorer",
    "colour contrast theme",
    "reorderer drag drop",
    "unit tests fail",
    "documentation wiki",
    "memory leak",
    "subversion git migration",
    "video player captions",
    "accessibility audit",
    "confluence macro",
    "task list",
    "release 1.5",
    "null pointer exception",
];

/// The folder. Only `cargo xtask real` runs this test, and it checks the variable first.
fn folder() -> PathBuf {
    let set = std::env::var_os("FOSSICK_REAL_DATA").filter(|folder| !folder.is_empty());
    PathBuf::from(
        set.expect("FOSSICK_REAL_DATA is not set; name the folder with the real data, then `cargo xtask real`"),
    )
}

/// Everything that the checks look at.
struct Crawled {
    simulator: Running,
    pipeline: Pipeline,
    confluence: Connected,
    jira: Connected,
    documents: BTreeMap<DocNo, StoredDocument>,
    _data: tempfile::TempDir,
}

impl Crawled {
    fn product(&self, document: &StoredDocument) -> Product {
        if document.source == self.jira.id { Product::Jira } else { Product::Confluence }
    }

    fn count(&self, product: Product, kinds: &[Kind]) -> usize {
        let counted = |document: &&StoredDocument| {
            self.product(document) == product && kinds.contains(&document.document.key.kind)
        };
        self.documents.values().filter(counted).count()
    }
}

async fn crawl(world: World) -> anyhow::Result<Crawled> {
    let organization = (world.site.org_id.clone(), real::ORGANIZATION_KEY.to_owned());
    let (host, cloud_id) = (world.site.host.clone(), world.site.cloud_id.clone());
    let simulator = Simulator::start(world, Options::default()).await?;
    let token = real::TOKEN.to_owned();
    let site = Site { base: simulator.base(), host, cloud_id, token, organization: Some(organization) };
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let confluence = pipeline.connect(Product::Confluence, &site).await?;
    let jira = pipeline.connect(Product::Jira, &site).await?;
    let began = Instant::now();
    let (wiki, issues) = tokio::join!(pipeline.crawl(&confluence), pipeline.crawl(&jira));
    let (wiki, issues) = (wiki?, issues?);
    let read = began.elapsed();
    pipeline.catch_up()?;
    let documents = pipeline.documents()?;
    let (calls, all) = (wiki.counts.calls + issues.counts.calls, documents.len());
    let rate = all as f64 / began.elapsed().as_secs_f64();
    println!(
        "crawled {all} documents with {calls} calls in {read:.1?}, searchable after {:.1?}: {rate:.0}/s",
        began.elapsed()
    );
    Ok(Crawled { simulator, pipeline, confluence, jira, documents, _data: data })
}

#[tokio::test(flavor = "multi_thread")]
async fn store_index_and_oracle_agree_to_the_document() {
    let folder = folder();
    let began = Instant::now();
    let world = real::load(&folder, Clock::system()).unwrap_or_else(|error| panic!("{error}"));
    println!("loaded the world in {:.1?}", began.elapsed());
    let crawled = crawl(world).await.unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(crawled.count(Product::Jira, &[Kind::Issue]), 10_052, "issues");
    assert_eq!(crawled.count(Product::Jira, &[Kind::Comment]), 17_950, "comments");
    let bodies = crawled.count(Product::Confluence, &[Kind::Page, Kind::BlogPost, Kind::Comment]);
    assert_eq!(bodies, 559, "pages, blog posts and comments");
    let began = Instant::now();
    let oracle = Oracle::of(&crawled.simulator.simulation.world());
    let people = agreement::check(&crawled, &oracle);
    println!("oracle, access and index agree for {people} people in {:.1?}", began.elapsed());
    let began = Instant::now();
    let words = reading::check(&crawled, &folder);
    println!("{words} words stand in the store as in the data, checked in {:.1?}", began.elapsed());
    show(&crawled, &oracle);
}

/// Prints the first hits of whoever sees most.
fn show(crawled: &Crawled, oracle: &Oracle) {
    let people = agreement::people(crawled);
    let (account, name) =
        people.into_iter().max_by_key(|(account, _)| oracle.visible(account).listed.len()).expect("there are people");
    let viewer = crawled.pipeline.viewer(&account, &[crawled.confluence.id, crawled.jira.id]);
    println!("as {name}:");
    for query in QUERIES {
        let began = Instant::now();
        let results = crawled.pipeline.index.search(&viewer, &Request::of(query)).expect("the index answers");
        let took = began.elapsed();
        println!("{query}: {} hits in {took:.1?}", results.total);
        for hit in results.hits.iter().take(3) {
            let title = search::plain(&hit.document.title);
            println!("    {} {title}", hit.document.issue_key.as_deref().unwrap_or(&hit.document.container_key));
        }
        assert!(!results.hits.is_empty(), "nothing was found for `{query}`");
    }
}
