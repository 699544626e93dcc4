//! Damaged files are noticed: at the start, by the first read that meets them, or by a scrub.

mod support;

use model::Millis;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use store::{OpenError, ScrubError, SecretName, StoreError};
use support::*;
use sync::{Changes, Stream};

const PAGE: usize = 4096;

/// A closed directory with some of everything, its logs written into its files.
fn filled() -> tempfile::TempDir {
    let mut bench = Bench::new();
    wait(bench.store().add_source(settings(model::Scope::default()), Millis(1))).expect("it is added");
    let token = SecretName::of_source(SOURCE, "token");
    wait(bench.store().put_secret(&token, &"ATSTT-secret".into())).expect("it is kept");
    bench.commit(Stream::Containers, space());
    for part in 0..4 {
        let pages = (0..100).flat_map(|at| open_page(&format!("{part}-{at}"), &format!("zebra{part}x{at} text")));
        bench.commit(Stream::Pages, pages.collect());
    }
    bench.store = None;
    bench.dir
}

fn copy(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a directory of its own");
    for file in ["content.db", "hub.db", "key"] {
        fs::copy(dir.join(file), copy.path().join(file)).expect("it is copied");
    }
    copy
}

/// What is said of a directory, by the start or by a scrub; `None` if nothing.
fn noticed(dir: &Path) -> Option<String> {
    let store = match open(dir) {
        Ok((store, _)) => store,
        Err(OpenError::Damaged { reason, .. } | OpenError::Store(StoreError::Damaged(reason))) => return Some(reason),
        Err(error) => panic!("neither opened nor called damaged: {error}"),
    };
    match store.scrub(&mut |_| true) {
        Ok(()) => None,
        Err(ScrubError::Damaged(damage)) => {
            assert_eq!(store.damage(), Some(damage.clone()));
            assert!(damage.to_string().contains("fossick restore"));
            Some(damage.to_string())
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn every_page_that_is_overwritten_is_noticed_in_either_file() {
    let dir = filled();
    assert_eq!(noticed(copy(dir.path()).path()), None);
    for file in ["content.db", "hub.db"] {
        let good = fs::read(dir.path().join(file)).expect("it can be read");
        let pages = good.len() / PAGE;
        assert!(pages > 15, "{pages} pages of {file}");
        for page in 0..pages {
            let copy = copy(dir.path());
            let mut bytes = good.clone();
            bytes[page * PAGE..page * PAGE + 120].fill(0xA5);
            fs::write(copy.path().join(file), bytes).expect("written");
            assert!(noticed(copy.path()).is_some(), "page {page} of {pages} of {file}");
        }
    }
}

#[test]
fn a_file_that_lost_its_end_is_not_opened() {
    let dir = filled();
    for file in ["content.db", "hub.db"] {
        let copy = copy(dir.path());
        let path = copy.path().join(file);
        let bytes = fs::read(&path).expect("it can be read");
        fs::write(&path, &bytes[..bytes.len() / PAGE / 2 * PAGE]).expect("written");
        assert!(open(copy.path()).is_err(), "{file}");
    }
}

#[test]
fn one_letter_of_a_text_that_changed_is_noticed() {
    let dir = filled();
    let path = dir.path().join("content.db");
    let mut bytes = fs::read(&path).expect("it can be read");
    let word = b"zebra2x77";
    let at = bytes.windows(word.len()).position(|part| part == word).expect("the text is stored");
    bytes[at] = b'Z';
    fs::write(&path, bytes).expect("written");
    let said = noticed(dir.path()).expect("it is noticed");
    assert!(said.contains("the text of document"), "{said}");
}

#[test]
fn what_decides_about_access_and_secrets_is_read_too() {
    let spoil = [
        ("content.db", "UPDATE clauses SET content = x'FFFFFF'"),
        ("content.db", "UPDATE directories SET content = x'00FF'"),
        ("content.db", "UPDATE acls SET clauses = x'01'"),
        ("content.db", "DELETE FROM bodies WHERE docno = 17"),
        ("hub.db", "UPDATE secrets SET sealed = zeroblob(length(sealed)) WHERE owner <> 'store'"),
        ("hub.db", "UPDATE sources SET state = '{}'"),
    ];
    let dir = filled();
    for (file, change) in spoil {
        let copy = copy(dir.path());
        let sql = Connection::open(copy.path().join(file)).expect("it opens");
        sql.execute_batch(change).expect("it is changed");
        drop(sql);
        assert!(noticed(copy.path()).is_some(), "{change}");
    }
}

#[test]
fn sto_10_the_first_read_that_meets_damage_tells_those_who_watch() {
    let dir = filled();
    let (store, _follower) = open(dir.path()).expect("it opens");
    let watching = store.clone();
    let watching = std::thread::spawn(move || wait(watching.damaged()));
    let path = dir.path().join("content.db");
    let mut bytes = fs::read(&path).expect("it can be read");
    // Behind the first pages, so that the file still looks like a database to a new connection.
    for page in 2..bytes.len() / PAGE {
        bytes[page * PAGE..page * PAGE + 120].fill(0xA5);
    }
    fs::write(&path, bytes).expect("written");
    let read = store.after(0, 1000);
    assert!(read.is_err());
    let damage = watching.join().expect("it is told");
    assert_eq!(damage.file, "content.db");
}

#[test]
fn a_scrub_goes_on_beside_commits_and_stops_when_told() {
    let dir = filled();
    let (store, follower) = open(dir.path()).expect("it opens");
    let run = wait(sync::Journal::open_run(&store, SOURCE, model::RunKind::Full, Millis(3))).expect("it opens").id;
    let scrubbing = store.clone();
    let scrubbing = std::thread::spawn(move || scrubbing.scrub(&mut |_| true));
    let mut bench =
        Bench { dir: tempfile::tempdir().expect("unused"), store: Some(store.clone()), follower, run, cursor: 900 };
    let mut rounds = 0;
    while !scrubbing.is_finished() || rounds < 20 {
        bench.commit(Stream::Pages, open_page(&format!("new-{rounds}"), "text"));
        rounds += 1;
    }
    scrubbing.join().expect("no panic").expect("nothing is wrong");
    for stop_at in 0..6 {
        let mut calls = 0;
        let ended = store.scrub(&mut |_| {
            calls += 1;
            calls <= stop_at
        });
        assert!(matches!(ended, Err(ScrubError::Stopped)), "{ended:?}");
    }
    assert_eq!(store.damage(), None);
}
