//! Measures how fast batches become durable: `cargo run --release -p store --example commit_rate`.
//!
//! Small documents with their places and layers under one space, as a crawl commits them: once new, once unchanged,
//! and then a fresh start that loads everything.

use access::{Clause, Delta, Holder, Principal, SourceId};
use model::{
    Body, ClauseKey, Container, ContainerKey, ContainerKind, Document, DocumentKey, Facts, Kind, Millis, NodeKey,
    NodeKind, Origin, RunId, RunKind,
};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use store::{MasterKey, Store, SystemEntropy};
use sync::{Checkpoint, Commit, Cursor, Item, Journal, Mirror, Reading, Stream};

const DOCUMENTS: usize = 28_000;
const SOURCE: SourceId = SourceId(1);

struct Nobody;

impl Mirror for Nobody {
    fn apply(&self, _: &Delta) {}
}

fn space() -> Vec<Item> {
    let readers = ClauseKey::new(Origin::SpaceReaders, "S");
    let node = NodeKey::new(NodeKind::Space, "S");
    let container = Container {
        key: ContainerKey("S".into()),
        kind: ContainerKind::Space,
        short: "S".into(),
        name: "Space".into(),
        archived: false,
        url: String::new(),
    };
    let anyone = Clause::any_of([Principal::new(SOURCE, Holder::Anyone)]);
    vec![
        Item::Container(container),
        Item::Clause { key: readers.clone(), clause: anyone },
        Item::Place { node: node.clone(), parent: None },
        Item::Layers { node, own: vec![readers], inline: Vec::new() },
    ]
}

/// About 900 bytes of text that differ from page to page.
fn text(number: usize) -> String {
    let words = ["gold", "river", "pan", "sieve", "creek", "shovel", "claim", "nugget"];
    (0..150).map(|at| format!("{} ", words[(number * 31 + at * (number % 7 + 1)) % words.len()])).collect()
}

fn page(number: usize) -> [Item; 3] {
    let native = number.to_string();
    let node = NodeKey::new(NodeKind::Content, native.clone());
    let parent = match number {
        0..10 => NodeKey::new(NodeKind::Space, "S"),
        _ => NodeKey::new(NodeKind::Content, (number / 10).to_string()),
    };
    let document = Document {
        key: DocumentKey::new(Kind::Page, native.clone()),
        node: node.clone(),
        audience: None,
        parent: None,
        container: ContainerKey("S".into()),
        title: format!("Page {number}"),
        issue_key: None,
        url: format!("https://acme.atlassian.net/wiki/spaces/S/pages/{native}"),
        body: Body { headings: String::new(), text: text(number), code: String::new() },
        facts: Facts::default(),
        created: Millis(1),
        updated: Millis(2),
        version: "1".into(),
    };
    let layers = Item::Layers { node: node.clone(), own: Vec::new(), inline: Vec::new() };
    [Item::Place { node, parent: Some(parent) }, layers, Item::Document(Box::new(document))]
}

fn batch(run: RunId, stream: Stream, cursor: usize, items: Vec<Item>) -> Commit {
    let checkpoint = Checkpoint::At(Cursor(cursor.to_string()));
    Commit {
        run,
        source: SOURCE,
        stream,
        reading: Reading::Whole,
        items,
        problems: Vec::new(),
        checkpoint,
        calls: 1,
        at: Millis(10),
        source_time: None,
    }
}

fn open(dir: &Path) -> Result<Store, Box<dyn Error>> {
    let key = MasterKey::load_or_create(dir, &SystemEntropy)?;
    Ok(Store::open(dir, Arc::new(Nobody), key, Arc::new(SystemEntropy))?)
}

async fn crawl(store: &Store, run: RunId, size: usize) -> Result<f64, Box<dyn Error>> {
    let numbers: Vec<usize> = (0..DOCUMENTS).collect();
    let batches: Vec<Vec<Item>> =
        numbers.chunks(size).map(|chunk| chunk.iter().flat_map(|number| page(*number)).collect()).collect();
    let started = Instant::now();
    for (cursor, items) in batches.into_iter().enumerate() {
        store.commit(batch(run, Stream::Pages, cursor, items)).await?;
    }
    Ok(started.elapsed().as_secs_f64())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{DOCUMENTS} documents with place and layers, one transaction per batch, synchronous FULL");
    for size in [250, 500, 1000] {
        let dir = tempfile::tempdir()?;
        let store = open(dir.path())?;
        let run = store.open_run(SOURCE, RunKind::Full, Millis(1)).await?.id;
        store.commit(batch(run, Stream::Containers, 0, space())).await?;
        let new = crawl(&store, run, size).await?;
        let same = crawl(&store, run, size).await?;
        drop(store);
        let started = Instant::now();
        let store = open(dir.path())?;
        let ready = started.elapsed().as_secs_f64();
        drop(store);
        let bytes = std::fs::metadata(dir.path().join("content.db"))?.len();
        let rate = |seconds: f64| DOCUMENTS as f64 / seconds;
        println!(
            "batches of {size:>4}: new {:>6.0}/s ({new:.2} s), unchanged {:>6.0}/s, start {ready:.3} s, {:.1} MB",
            rate(new),
            rate(same),
            bytes as f64 / 1e6
        );
    }
    Ok(())
}
