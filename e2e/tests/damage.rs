//! Files that are not what was written any more: the index mends itself, the store stops and says what to do.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use e2e::opened::Opened;
use e2e::stack::Stack;
use e2e::waiting;
use std::path::{Path, PathBuf};
use std::time::Duration;

async fn filled() -> Stack {
    let mut stack = Stack::of("demo").start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    healthy(&stack).await;
    stack
}

fn current(data: &Path) -> String {
    std::fs::read_to_string(data.join("index/CURRENT")).unwrap()
}

/// A file of the index in force, by its ending.
fn index_file(data: &Path, ending: &str) -> PathBuf {
    let build = data.join("index").join(current(data));
    let files = std::fs::read_dir(build).unwrap().map(|entry| entry.unwrap().path());
    let of_ending = files.filter(|path| path.extension().is_some_and(|found| found == ending));
    // The file of a small segment may be empty.
    of_ending.max_by_key(|path| path.metadata().unwrap().len()).unwrap()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 0x20;
    std::fs::write(path, bytes).unwrap();
}

async fn healthy(stack: &Stack) {
    let well = async || {
        let health = e2e::client::plain().get(format!("{}/api/v1/health", stack.hub())).send().await.ok()?;
        let health: serde_json::Value = health.json().await.ok()?;
        (health["status"] == "ok").then_some(())
    };
    waiting::until("a hub that is well", Duration::from_secs(60), well).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_built_anew_while_people_search() {
    let mut stack = filled().await;
    stack.run_beside(&["scrub"], "").await.ended(0).says(&["every file is as it was written"]);
    let person = stack.company.people[0].clone();
    let mut program = stack.program_of(&person).await;
    // A build from the store holds what the one before it held: a sync ends when everything is searchable.
    let whole = program.search("the", 1).await["total"].clone();
    assert!(whole.as_u64().is_some_and(|total| total > 0), "{whole}");
    for ending in ["pos", "store"] {
        let build = current(&stack.data());
        flip(&index_file(&stack.data(), ending), 10);
        stack.run_beside(&["scrub"], "").await.ended(0).says(&["was damaged", "is built anew"]);
        let swapped = async || (current(&stack.data()) != build).then_some(());
        waiting::until("another build", Duration::from_secs(60), swapped).await;
        healthy(&stack).await;
        assert_eq!(program.search("the", 1).await["total"], whole, "{ending}");
        stack.run_beside(&["scrub"], "").await.ended(0).says(&["every file is as it was written"]);
    }
    let log = stack.log();
    assert!(log.contains("the text index is damaged and is built anew"), "{log}");
    // Killed right after the damage was found: the next start goes on with it.
    let build = current(&stack.data());
    flip(&index_file(&stack.data(), "term"), 3);
    stack.run_beside(&["scrub"], "").await.ended(0);
    stack.kill();
    stack.serve();
    let swapped = async || (current(&stack.data()) != build).then_some(());
    waiting::until("another build", Duration::from_secs(60), swapped).await;
    healthy(&stack).await;
    stack.run_beside(&["scrub"], "").await.ended(0).says(&["every file is as it was written"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_stops_the_hub_and_a_backup_brings_it_back() {
    let mut stack = filled().await;
    stack.run_beside(&["backup", "good.tar"], "").await.ended(0);
    let path = stack.data().join("content.db");
    // What the log still holds would hide the damage from the running hub.
    stack.stop();
    let documents = Opened::at(&stack.data()).documents.len();
    let store = rusqlite::Connection::open(&path).unwrap();
    store.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(store);
    stack.serve();
    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    // Bodies fill most of the file, and nothing reads them at the start.
    for page in pages / 2..pages / 2 + 3 {
        bytes[page * 4096..page * 4096 + 100].fill(0xA5);
    }
    std::fs::write(&path, bytes).unwrap();
    stack.run_beside(&["scrub"], "").await.ended(9).says(&["`content.db` is damaged", "fossick restore"]);
    let (code, log) = stack.wait();
    assert_eq!(code, Some(9), "{log}");
    assert!(log.contains("fossick: `content.db` is damaged") && log.contains("fossick restore"), "{log}");
    stack.run(&["restore", "good.tar", "--replace"], "").ended(0);
    stack.serve();
    let mut admin = stack.admin().await;
    stack.settled(&mut admin).await;
    assert_eq!(stack.open().documents.len(), documents);
}
