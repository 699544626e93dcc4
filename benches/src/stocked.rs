//! A store filled through its journal, as a crawl fills it, with texts drawn from a pool.
//!
//! The pool is made once, so that what reads it does not measure how texts are made up.

use crate::company::Dice;
use crate::search_overhead::text;
use access::{Clause, DocNo, Holder, Principal, SourceId};
use anyhow::Result;
use model::{
    Body, ClauseKey, Container, ContainerKey, ContainerKind, Document, DocumentKey, Facts, Kind, Millis, NodeKey,
    NodeKind, Origin, RunId, RunKind, RunStatus, StoredDocument,
};
use std::ops::Range;
use store::Store;
use sync::{Checkpoint, Commit, Cursor, Item, Journal, Reading, Stream};

/// Pages of one space.
const SPACE: u32 = 500;
/// Pages of one batch.
const BATCH: u32 = 500;
const TEXTS: u32 = 4096;

/// Titles and texts.
pub(crate) struct Pool(Vec<(String, String)>);

impl Pool {
    pub(crate) fn new() -> Self {
        let made = (0..TEXTS).map(|number| {
            let mut dice = Dice::new(u64::from(number) + 1);
            let length = 90 + (dice.roll() * 60.0) as usize;
            (text(&mut dice, 8), text(&mut dice, length))
        });
        Self(made.collect())
    }

    /// The page with this number.
    pub(crate) fn page(&self, number: u32) -> Document {
        let (title, text) = self.0[(number % TEXTS) as usize].clone();
        Document {
            key: DocumentKey::new(Kind::Page, number.to_string()),
            node: NodeKey::new(NodeKind::Content, number.to_string()),
            audience: None,
            parent: None,
            container: ContainerKey((number / SPACE).to_string()),
            title,
            issue_key: None,
            url: format!("https://acme.example/wiki/pages/{number}"),
            body: Body { headings: String::new(), text, code: String::new() },
            facts: Facts::default(),
            created: Millis(0),
            updated: Millis(i64::from(number)),
            version: "1".to_owned(),
        }
    }

    /// The same as a store hands it on.
    pub(crate) fn stored(&self, number: u32) -> StoredDocument {
        let space = number / SPACE;
        StoredDocument {
            docno: DocNo(number),
            group: DocNo(number),
            source: SourceId(1),
            container_key: format!("S{space}"),
            container_name: format!("Space {space}"),
            document: self.page(number),
        }
    }
}

/// Opens a run that pages can be committed to.
pub(crate) async fn open_run(store: &Store, source: SourceId) -> Result<RunId> {
    Ok(store.open_run(source, RunKind::Full, Millis(1)).await?.id)
}

/// Commits these pages with the spaces that they begin.
pub(crate) async fn commit(store: &Store, source: SourceId, run: RunId, pool: &Pool, pages: Range<u32>) -> Result<()> {
    for first in pages.clone().step_by(BATCH as usize) {
        let batch = first..pages.end.min(first + BATCH);
        let spaces =
            batch.clone().filter(|number| number % SPACE == 0).flat_map(|number| space(source, number / SPACE));
        let items = spaces.chain(batch.flat_map(|number| page(pool, number))).collect();
        let checkpoint = Checkpoint::At(Cursor(first.to_string()));
        let (stream, problems) = (Stream::Pages, Vec::new());
        let (reading, source_time, at) = (Reading::Whole, None, Millis(10));
        let commit = Commit { run, source, stream, reading, items, problems, checkpoint, source_time, calls: 1, at };
        store.commit(commit).await?;
    }
    Ok(())
}

/// Fills a source with this many pages, in a run that succeeds.
pub(crate) async fn fill(store: &Store, source: SourceId, pool: &Pool, pages: u32) -> Result<()> {
    let run = open_run(store, source).await?;
    commit(store, source, run, pool, 0..pages).await?;
    Ok(store.close_run(run, RunStatus::Succeeded, None, Millis(20)).await?)
}

fn space(source: SourceId, number: u32) -> Vec<Item> {
    let native = number.to_string();
    let readers = ClauseKey::new(Origin::SpaceReaders, native.clone());
    let node = NodeKey::new(NodeKind::Space, native.clone());
    let container = Container {
        key: ContainerKey(native),
        kind: ContainerKind::Space,
        short: format!("S{number}"),
        name: format!("Space {number}"),
        archived: false,
        url: String::new(),
    };
    let anyone = Clause::any_of([Principal::new(source, Holder::Anyone)]);
    vec![
        Item::Container(container),
        Item::Clause { key: readers.clone(), clause: anyone },
        Item::Place { node: node.clone(), parent: None },
        Item::Layers { node, own: vec![readers], inline: Vec::new() },
    ]
}

fn page(pool: &Pool, number: u32) -> [Item; 3] {
    let document = pool.page(number);
    let node = document.node.clone();
    let parent = Some(NodeKey::new(NodeKind::Space, (number / SPACE).to_string()));
    let layers = Item::Layers { node: node.clone(), own: Vec::new(), inline: Vec::new() };
    [Item::Place { node, parent }, layers, Item::Document(Box::new(document))]
}
