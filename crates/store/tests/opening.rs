//! Which data directories are opened, and what is said of the others.

mod support;

use model::Millis;
use std::fs;
use std::path::Path;
use store::{MasterKey, OpenError, StoreError};
use support::*;
use sync::{Changes, Stream};

fn refusal(dir: &Path) -> OpenError {
    match open(dir) {
        Ok(_) => panic!("the directory was opened"),
        Err(error) => error,
    }
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: &str| (name.to_owned(), fs::read(dir.join(name)).expect("the file can be read"));
    ["content.db", "hub.db"].map(read).into()
}

#[test]
fn one_process_owns_the_directory() {
    let bench = Bench::new();
    let error = refusal(bench.dir.path());
    assert!(matches!(error, OpenError::InUse(_)));
    let told = format!("data directory `{}` is in use by another fossick process", bench.dir.path().display());
    assert!(error.to_string().starts_with(&told), "{error}");
}

#[test]
fn a_directory_is_free_again_when_the_last_handle_is_gone() {
    let mut bench = Bench::new();
    let second = bench.store().clone();
    bench.store = None;
    assert!(matches!(refusal(bench.dir.path()), OpenError::InUse(_)));
    drop(second);
    bench.reopen();
}

#[test]
fn a_directory_of_a_newer_version_is_refused_unchanged() {
    for file in ["content.db", "hub.db"] {
        let mut bench = Bench::new();
        bench.store = None;
        let sql = rusqlite::Connection::open(bench.dir.path().join(file)).expect("it opens");
        sql.pragma_update(None, "user_version", 99).expect("it is changed");
        drop(sql);
        let before = files(bench.dir.path());
        let error = refusal(bench.dir.path());
        assert!(matches!(&error, OpenError::Newer { found: 99, path, .. } if path.ends_with(file)), "{error}");
        assert!(error.to_string().contains("has format 99"), "{error}");
        assert_eq!(files(bench.dir.path()), before);
    }
}

#[test]
fn a_file_that_is_no_database_is_called_damaged() {
    for file in ["content.db", "hub.db"] {
        let mut bench = Bench::new();
        bench.store = None;
        fs::write(bench.dir.path().join(file), b"this is not a database, whatever its name says".repeat(99))
            .expect("written");
        let error = refusal(bench.dir.path());
        assert!(matches!(&error, OpenError::Damaged { path, .. } if path.ends_with(file)), "{error}");
        assert!(error.to_string().contains("fossick restore"), "{error}");
    }
}

#[test]
fn a_torn_page_is_noticed_and_never_opens_anything() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    let pages = (0..300).flat_map(|at| open_page(&at.to_string(), "text")).collect();
    bench.commit(Stream::Pages, pages);
    bench.store = None;
    let path = bench.dir.path().join("content.db");
    let mut bytes = fs::read(&path).expect("it can be read");
    for byte in &mut bytes[4096..] {
        *byte = 0x5A;
    }
    fs::write(&path, bytes).expect("it is written");
    let error = refusal(bench.dir.path());
    assert!(matches!(error, OpenError::Damaged { .. } | OpenError::Store(StoreError::Damaged(_))), "{error:?}");
}

#[test]
fn another_key_is_refused() {
    let mut bench = Bench::new();
    bench.store = None;
    fs::write(bench.dir.path().join(MasterKey::FILE), "ab".repeat(32)).expect("the key is replaced");
    assert!(matches!(refusal(bench.dir.path()), OpenError::WrongKey(_)));
    fs::write(bench.dir.path().join(MasterKey::FILE), "ab").expect("the key is replaced");
    assert!(matches!(refusal(bench.dir.path()), OpenError::Damaged { .. }));
}

#[test]
fn a_lost_key_is_not_replaced_in_silence() {
    let mut bench = Bench::new();
    bench.store = None;
    fs::remove_file(bench.dir.path().join(MasterKey::FILE)).expect("the key is removed");
    assert!(matches!(refusal(bench.dir.path()), OpenError::KeyMissing(_)));
    assert!(!bench.dir.path().join(MasterKey::FILE).exists());
}

#[cfg(unix)]
#[test]
fn the_key_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let mode = fs::metadata(bench.dir.path().join(MasterKey::FILE)).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_store_keeps_the_name_of_its_life() {
    let mut bench = Bench::new();
    let before = bench.store().generation().expect("it answers");
    assert_eq!(before.0.len(), 32);
    bench.reopen();
    assert_eq!(bench.store().generation().expect("it answers"), before);
}

#[test]
fn everything_answered_survives_a_crash_after_each_commit() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    for at in 0..20 {
        let native = at.to_string();
        bench.commit(Stream::Pages, open_page(&native, "text"));
        // Files as they lie on the disk while the store still runs: what a killed process leaves.
        let copy = tempfile::tempdir().expect("a directory of its own");
        for file in ["content.db", "content.db-wal", "hub.db", "hub.db-wal", "key"] {
            fs::copy(bench.dir.path().join(file), copy.path().join(file)).expect("it is copied");
        }
        let (store, follower) = open(copy.path()).expect("the copy opens");
        let run = wait(store.recover(Millis(9))).expect("it recovers").interrupted;
        assert_eq!(run, [(SOURCE, bench.run, model::RunKind::Full)]);
        let stored = store.document_by_key(SOURCE, &page_key(&native)).expect("it answers").expect("it is there");
        assert!(follower.state().admits(&viewer(&store, "ana"), stored.docno));
        assert_eq!(store.last_sequence().expect("it answers"), at + 1);
    }
}
