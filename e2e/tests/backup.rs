//! Backups of a running hub, and what comes back from them: everything that was read, and nothing that was withdrawn.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use e2e::opened::Opened;
use e2e::people::Thing;
use e2e::stack::{ADMIN, Stack};
use e2e::waiting;
use reqwest::Method;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn things(opened: &Opened) -> BTreeSet<Thing> {
    opened.documents.values().map(|document| opened.thing(document)).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_backed_up_while_it_syncs_and_comes_back_whole() {
    let mut stack = Stack::of("demo").start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    stack.site.turn("latency", serde_json::json!({"ms": 40})).await;
    let mut admin = stack.admin().await;
    admin.send(Method::POST, "/api/v1/sources/1/sync", None).await.ended(202);
    std::fs::create_dir(stack.folder().join("backups")).unwrap();
    let made = stack.run_beside(&["backup", "backups"], "").await.ended(0).says(&["backup `", "does not hold the key"]);
    assert!(admin.json("/api/v1/sources/1/progress").await["running"].is_object(), "the sync went on: {made:?}");
    // Somebody signs in beside it, and the log says who made the backup.
    stack.admin().await;
    let files = names(&stack.folder().join("backups"));
    let [file] = files.as_slice() else { panic!("one file, nothing beside it: {files:?}") };
    let backup = format!("backups/{file}");
    stack.run_beside(&["restore", &backup, "--replace"], "").await.ended(4).says(&["in use", "stop it"]);
    stack.settled(&mut admin).await;
    stack.stop();
    let expected = things(&Opened::at(&stack.data()));
    assert!(expected.len() > 200);
    stack.run(&["restore", &backup], "").ended(2).says(&["--replace"]);
    let bytes = std::fs::read(stack.folder().join(&backup)).unwrap();
    std::fs::write(stack.folder().join("cut.tar"), &bytes[..bytes.len() / 2]).unwrap();
    stack.run(&["restore", "cut.tar", "--replace"], "").ended(9).says(&["damaged", "nothing was changed"]);
    stack.run(&["restore", "nothing.tar"], "").ended(2).says(&["`nothing.tar` is no backup"]);
    stack.run(&["restore", &backup, "--data", "elsewhere"], "").ended(4).says(&["holds no key", "--key-file"]);
    stack.run(&["restore", &backup, "--replace"], "").ended(0).says(&["restored the backup of 20", "sign in again"]);
    // By itself the hub reads everything again, and shows nothing before, though the index holds it all.
    stack.site.turn("latency", serde_json::json!({"ms": 150})).await;
    stack.serve();
    let mut admin = stack.admin().await;
    let person = stack.company.people[0].clone();
    let mut program = stack.program_of(&person).await;
    let built = async || (admin.json("/api/v1/health").await["index"] == "ok").then_some(());
    waiting::until("the text index", Duration::from_secs(60), built).await;
    let shown = program.search("the", 1).await["total"].clone();
    for id in ["1", "2"] {
        let progress = admin.json(&format!("/api/v1/sources/{id}/progress")).await;
        assert!(progress["running"].is_object(), "the sync was over too soon to prove anything");
    }
    assert_eq!(shown, 0);
    stack.site.turn("latency", serde_json::json!({"ms": 0})).await;
    stack.settled(&mut admin).await;
    assert_ne!(program.search("the", 1).await["total"], 0, "after the sync people find again");
    let audit = stack.log();
    assert!(audit.contains("came from a backup"), "{audit}");
    let opened = stack.open();
    assert_eq!(things(&opened), expected);
    let seen: usize = opened.accounts().values().map(|account| opened.admitted(&opened.viewer(account)).len()).sum();
    assert!(seen > 0, "after the sync nobody sees anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_in_the_middle_of_a_backup_leaves_none_or_a_whole_one() {
    let mut stack = Stack::of("demo").start().await;
    stack.add_admin().await;
    stack.connect().await;
    stack.sync().await;
    let folder = stack.folder().join("backups");
    std::fs::create_dir(&folder).unwrap();
    for millis in [0, 15, 40, 80, 160] {
        stack.serve();
        let to = folder.join(format!("{millis}.tar"));
        let mut command = stack.command(&["backup"]);
        let mut beside = command.arg(&to).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = |name: &String| name.starts_with(&format!("{millis}.tar"));
        while !names(&folder).iter().any(begun) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(millis)).await;
        stack.kill();
        let _ended_with_the_hub = beside.wait();
        if to.exists() {
            let data = format!("from-{millis}");
            let key = stack.data().join("key").display().to_string();
            let from = to.display().to_string();
            stack.run(&["restore", &from, "--data", &data, "--key-file", &key], "").ended(0);
        }
    }
    // Without a hub the same command does the same, and clears away what the killed ones have left.
    stack.run(&["backup", "backups/last.tar", "--with-key"], "").ended(0).says(&["it holds the key"]);
    assert!(names(&folder).iter().all(|name| name.ends_with(".tar")), "{:?}", names(&folder));
    stack.run(&["backup", "backups/last.tar"], "").ended(1).says(&["exists already"]);
    stack.run(&["restore", "backups/last.tar", "--data", "fresh"], "").ended(0);
    stack.run(&["backup", "x.tar", "--data", "nothing"], "").ended(2).says(&["nothing to back up"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_the_old_data_or_the_new() {
    let stack = Stack::of("demo").start().await;
    stack.add_admin().await;
    stack.connect().await;
    stack.sync().await;
    stack.run_beside(&["backup", "backup.tar"], "").await.ended(0);
    let later = ["user", "add", "later@hub.example", "--name", "Later"];
    let mut outcomes = BTreeSet::new();
    for millis in [0, 5, 10, 20, 30, 40, 60, 80, 120, 200, 400, 2000] {
        // Only the data that the backup does not know has this account.
        if !stack.run(&["user", "list"], "").ended(0).out.contains("later@hub.example") {
            stack.run(&later, e2e::stack::PASSWORD).ended(0);
        }
        let mut command = stack.command(&["restore", "backup.tar", "--replace"]);
        let mut restoring = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(millis)).await;
        let _ended_already = restoring.kill();
        restoring.wait().unwrap();
        let users = stack.run(&["user", "list"], "").ended(0).says(&[ADMIN]);
        outcomes.insert(users.out.contains("later@hub.example"));
        assert!(!stack.data().join("restore").exists(), "after {millis} ms");
        assert_eq!(check(&stack.data()), "ok", "after {millis} ms");
    }
    assert_eq!(outcomes, BTreeSet::from([false, true]), "each outcome is met");
}

/// SQLite's own word on the content of a data directory.
fn check(data: &Path) -> String {
    let sql = rusqlite::Connection::open(data.join("content.db")).unwrap();
    sql.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_help_of_both_commands_tells_about_the_key() {
    for command in ["backup", "restore"] {
        let help = e2e::command::run(Command::new(e2e::program::fossick()).args([command, "--help"]), "");
        help.ended(0).says(&["key"]);
    }
}
