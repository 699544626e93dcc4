//! A source that is removed goes as a whole, whenever the hub dies: its documents are hidden at once, its rows go in
//! slices, and the next start goes on.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use e2e::stack::Stack;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Rows of a table that belong to a source.
fn rows(data: &Path, table: &str, source: i64) -> i64 {
    let sql = rusqlite::Connection::open(data.join("content.db")).unwrap();
    sql.query_row(&format!("SELECT count(*) FROM {table} WHERE source = ?1"), [source], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_killed_again_and_again_ends_and_touches_nothing_else() {
    let mut stack = Stack::of("cost").start().await;
    stack.serve();
    stack.add_admin().await;
    stack.connect().await;
    stack.sync().await;
    stack.stop();
    let (first, second) = (rows(&stack.data(), "documents", 1), rows(&stack.data(), "documents", 2));
    assert!(first > 2000 && second > 2000, "{first} and {second} documents");
    let mut left = Vec::new();
    for millis in [30, 60, 90, 5, 15] {
        stack.serve();
        let mut command = stack.command(&["source", "remove", "1", "--yes"]);
        let mut removing = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The first word of the hub about the removal is a source that is gone or going.
        tokio::time::sleep(Duration::from_millis(millis)).await;
        stack.kill();
        let _refused = removing.wait();
        left.push(rows(&stack.data(), "documents", 1));
        assert_eq!(rows(&stack.data(), "documents", 2), second, "the other source lost something");
    }
    stack.serve();
    stack.run_beside(&["source", "remove", "1", "--yes"], "").await;
    let list = stack.run_beside(&["source", "list"], "").await.ended(0).out;
    assert_eq!(list.lines().count(), 2, "a heading and the other source: {list}");
    stack.stop();
    for table in ["documents", "nodes", "clauses", "acls", "containers", "runs"] {
        assert_eq!(rows(&stack.data(), table, 1), 0, "{table} (left after the kills: {left:?})");
    }
    let opened = e2e::opened::Opened::at(&stack.data());
    assert_eq!(i64::try_from(opened.documents.len()).unwrap(), second);
    println!("{first} documents; after each kill {left:?}");
}
