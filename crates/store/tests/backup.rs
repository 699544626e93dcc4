//! A backup holds both files at one moment, and a restore is all or nothing, and believes nobody.

mod support;

use model::{Millis, Product, RunKind, RunStatus, SourceEvent, SourceSettings, SourceState};
use secrecy::ExposeSecret;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use store::{
    AuditEntry, BackupError, BackupRequest, Manifest, MasterKey, NewAccount, RestoreError, RestoreRequest, RestoredKey,
    Role, SecretName, Store, TokenHash, restore,
};
use support::*;
use sync::{Changes, Journal, Stream};
use tempfile::TempDir;

fn token() -> SecretName {
    SecretName::of_source(SOURCE, "token")
}

/// A store with a source that has been read, an account with a session, and a secret.
fn filled() -> Bench {
    let mut bench = Bench::new();
    let settings = SourceSettings::of(Product::Confluence, "acme.atlassian.net", "c-1");
    let store = bench.store();
    wait(store.add_source(settings, Millis(1))).expect("it is added");
    wait(store.source_event(SOURCE, SourceEvent::Wanted)).expect("it moves");
    wait(store.source_event(SOURCE, SourceEvent::CaughtUp(Millis(2)))).expect("it moves");
    wait(store.put_secret(&token(), &"ATSTT-secret".into())).expect("it is kept");
    let new = NewAccount { email: "ana@x".into(), name: "Ana".into(), role: Role::Admin, password: None };
    let ana = wait(store.add_account(new, Millis(1))).expect("it is added").id;
    wait(store.open_session(TokenHash([7; 32]), ana, Millis(1), Millis(i64::MAX))).expect("it opens");
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, (0..40).flat_map(|at| open_page(&at.to_string(), "some text")).collect());
    bench
}

fn request(to: &Path) -> BackupRequest {
    BackupRequest { to: to.to_owned(), with_key: false, at: Millis(5_000), version: "0.1.0".into() }
}

fn back_up(store: &Store, to: &Path) -> Manifest {
    store.backup(&request(to), &mut |_| true).expect("a backup is made")
}

fn wanted(from: &Path, data: &Path) -> RestoreRequest {
    let (from, data) = (from.to_owned(), data.to_owned());
    RestoreRequest { from, data, replace: false, key: RestoredKey::Found, at: Millis(9_000) }
}

fn put_back(request: &RestoreRequest) -> Result<Manifest, RestoreError> {
    restore(request, Counting::new(5).as_ref(), &mut |_| true)
}

/// A folder with a backup in it.
fn backed_up(bench: &Bench) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let to = folder.path().join("fossick.tar");
    back_up(bench.store(), &to);
    (folder, to)
}

/// Every file below a folder with its content.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else {
            found.push((path.clone(), fs::read(&path).expect("it can be read")));
        }
    }
    found.sort();
    found
}

#[test]
fn what_was_backed_up_comes_back_and_nothing_else_is_left_behind() {
    let bench = filled();
    let (folder, from) = backed_up(&bench);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("it is listed").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["fossick.tar"]);
    let data = folder.path().join("restored");
    let mut request = wanted(&from, &data);
    request.key = RestoredKey::File(bench.dir.path().join(MasterKey::FILE));
    let manifest = put_back(&request).expect("it is restored");
    assert_eq!((manifest.version.as_str(), manifest.made_at), ("0.1.0", Millis(5_000)));
    let (store, _) = open(&data).expect("it opens");
    assert_eq!(store.last_sequence().expect("it answers"), bench.store().last_sequence().expect("it answers"));
    for at in 0..40 {
        let key = page_key(&at.to_string());
        let (there, here) = (store.document_by_key(SOURCE, &key), bench.store().document_by_key(SOURCE, &key));
        assert_eq!(there.expect("it answers"), here.expect("it answers"));
    }
    let secret = store.secret(&token()).expect("it opens").expect("it is there");
    assert_eq!(secret.expose_secret(), "ATSTT-secret");
    assert_eq!(store.accounts().expect("it answers"), bench.store().accounts().expect("it answers"));
    let audit = store.audit_log(None, 1).expect("it answers");
    assert_eq!(audit[0].entry.action, "backup.restored");
}

#[test]
fn a_backup_with_its_key_needs_nothing_else() {
    let bench = filled();
    let folder = tempfile::tempdir().expect("a folder of its own");
    let from = folder.path().join("whole.tar");
    let with_key = BackupRequest { with_key: true, ..request(&from) };
    bench.store().backup(&with_key, &mut |_| true).expect("a backup is made");
    let data = folder.path().join("restored");
    put_back(&wanted(&from, &data)).expect("it is restored");
    let (store, _) = open(&data).expect("it opens");
    assert!(store.secret(&token()).expect("it opens").is_some());
}

#[test]
fn sto_9_nothing_of_a_restored_source_is_shown_before_a_full_run_has_ended() {
    let bench = filled();
    assert!(bench.sees("ana", &page_key("1")));
    let (folder, from) = backed_up(&bench);
    let data = folder.path().join("restored");
    let key = RestoredKey::File(bench.dir.path().join(MasterKey::FILE));
    put_back(&RestoreRequest { key, ..wanted(&from, &data) }).expect("it is restored");
    let (store, follower) = open(&data).expect("it opens");
    let sees = |store: &Store| {
        let doc = store.document_by_key(SOURCE, &page_key("1")).expect("it answers").expect("it is there").docno;
        follower.state().admits(&viewer(store, "ana"), doc)
    };
    assert_eq!(wait(store.recover(Millis(10_000))).expect("it recovers").restored, [SOURCE]);
    let state = store.source(SOURCE).expect("it answers").expect("it is there").state;
    assert!(matches!(&state, SourceState::Degraded { reason, .. } if reason.contains("backup")), "{state:?}");
    assert!(!sees(&store));
    let run = wait(store.open_run(SOURCE, RunKind::Full, Millis(10_000))).expect("a run opens");
    assert!(!run.resumed, "what was read before the backup proves nothing now");
    let mut again = Bench {
        dir: tempfile::tempdir().expect("unused"),
        store: Some(store),
        follower: follower.clone(),
        run: run.id,
        cursor: 100,
    };
    again.commit(Stream::Containers, space());
    // A directory that differs must not slip through either.
    again.commit(Stream::Directory, vec![directory(&["ana", "ben", "cleo"])]);
    assert!(!sees(again.store()));
    wait(again.store().close_run(run.id, RunStatus::Failed, None, Millis(11_000))).expect("it closes");
    assert!(!sees(again.store()), "a run that failed proves nothing");
    let run = wait(again.store().open_run(SOURCE, RunKind::Full, Millis(12_000))).expect("a run opens").id;
    wait(again.store().close_run(run, RunStatus::Succeeded, None, Millis(13_000))).expect("it closes");
    assert!(sees(again.store()));
    assert_eq!(wait(again.store().recover(Millis(14_000))).expect("it recovers").restored, []);
}

#[test]
fn a_restored_store_is_another_life_and_nobody_is_signed_in() {
    let bench = filled();
    let (folder, from) = backed_up(&bench);
    let data = folder.path().join("restored");
    let key = RestoredKey::File(bench.dir.path().join(MasterKey::FILE));
    put_back(&RestoreRequest { key, ..wanted(&from, &data) }).expect("it is restored");
    let (store, _) = open(&data).expect("it opens");
    assert_ne!(store.generation().expect("it answers"), bench.store().generation().expect("it answers"));
    assert_eq!(store.session(&TokenHash([7; 32]), Millis(2)).expect("it answers"), None);
    assert!(bench.store().session(&TokenHash([7; 32]), Millis(2)).expect("it answers").is_some());
}

#[test]
fn both_files_of_a_backup_are_of_one_moment_while_everything_goes_on() {
    let mut bench = filled();
    let (store, folder) = (bench.store().clone(), tempfile::tempdir().expect("a folder of its own"));
    let path = folder.path().to_owned();
    let backing_up = std::thread::spawn(move || {
        for at in 0..5 {
            back_up(&store, &path.join(format!("{at}.tar")));
        }
    });
    let before = bench.store().audit_log(None, 1).expect("it answers").first().map_or(0, |row| row.id);
    let first = bench.store().last_sequence().expect("it answers");
    let mut rounds = 0;
    // An entry in the one file, then a document in the other: the copies may differ by the round under way, no more.
    while !backing_up.is_finished() {
        let entry = AuditEntry { at: Millis(1), actor: "a".into(), action: "b".into(), target: rounds.to_string() };
        wait(bench.store().audit(entry)).expect("it is written");
        bench.commit(Stream::Pages, open_page(&format!("n{rounds}"), "text"));
        rounds += 1;
    }
    backing_up.join().expect("five backups");
    assert!(rounds > 0);
    let key = RestoredKey::File(bench.dir.path().join(MasterKey::FILE));
    for at in 0..5 {
        let data = folder.path().join(format!("restored-{at}"));
        let from = folder.path().join(format!("{at}.tar"));
        put_back(&RestoreRequest { key: key.clone(), ..wanted(&from, &data) }).expect("it is restored");
        let (store, _) = open(&data).expect("it opens");
        // One entry is the restore's own.
        let entries = store.audit_log(None, 1).expect("it answers")[0].id - before - 1;
        let documents = store.last_sequence().expect("it answers") - first;
        let documents = i64::try_from(documents).expect("few");
        assert!((documents..=documents + 1).contains(&entries), "{entries} entries, {documents} documents");
    }
}

#[test]
fn a_directory_that_holds_data_or_is_in_use_is_left_alone() {
    let mut bench = filled();
    let (_folder, from) = backed_up(&bench);
    let data = bench.dir.path().to_owned();
    assert!(matches!(put_back(&wanted(&from, &data)), Err(RestoreError::InUse(_))));
    bench.store = None;
    let before = everything(&data);
    let refused = put_back(&wanted(&from, &data)).expect_err("it is refused");
    assert!(refused.to_string().contains("--replace"), "{refused}");
    assert_eq!(everything(&data), before);
    put_back(&RestoreRequest { replace: true, ..wanted(&from, &data) }).expect("it is restored with its own key");
    assert!(data.join("before-restore/hub.db").is_file() && data.join("before-restore/key").is_file());
    let (store, _) = open(&data).expect("it opens");
    assert!(store.secret(&token()).expect("it opens").is_some());
    drop(store);
    put_back(&RestoreRequest { replace: true, ..wanted(&from, &data) }).expect("it is restored once more");
}

#[test]
fn a_lost_key_is_named_and_can_be_given_up() {
    let bench = filled();
    let (folder, from) = backed_up(&bench);
    let data = folder.path().join("restored");
    let refused = put_back(&wanted(&from, &data)).expect_err("there is no key");
    assert!(matches!(refused, RestoreError::KeyNeeded), "{refused}");
    let other = folder.path().join("other");
    fs::write(&other, "ab".repeat(32)).expect("written");
    let refused = put_back(&RestoreRequest { key: RestoredKey::File(other.clone()), ..wanted(&from, &data) });
    assert!(matches!(&refused, Err(RestoreError::WrongKey(path)) if *path == other), "{refused:?}");
    put_back(&RestoreRequest { key: RestoredKey::New, ..wanted(&from, &data) }).expect("it is restored");
    let (store, _) = open(&data).expect("it opens");
    assert!(store.secret(&token()).expect("it opens").is_none());
    assert!(matches!(
        store.source(SOURCE).expect("it answers").expect("there").state,
        SourceState::Unauthorized { .. }
    ));
}

#[test]
fn a_flipped_byte_or_a_missing_end_is_noticed_before_anything_is_touched() {
    let mut bench = filled();
    let (folder, from) = backed_up(&bench);
    bench.store = None;
    let data = bench.dir.path().to_owned();
    let before = everything(&data);
    let good = fs::read(&from).expect("it can be read");
    let bad = folder.path().join("bad.tar");
    let manifest: Manifest = {
        let mut archive = tar::Archive::new(good.as_slice());
        let mut first = archive.entries().expect("entries").next().expect("a manifest").expect("it is whole");
        let mut text = String::new();
        first.read_to_string(&mut text).expect("it is text");
        serde_json::from_str(&text).expect("it is a manifest")
    };
    // Data begins behind a header; what the padding at the end of a file holds does not matter to anybody.
    let mut starts = Vec::new();
    for entry in tar::Archive::new(good.as_slice()).entries().expect("entries").flatten() {
        starts.push(usize::try_from(entry.raw_file_position()).expect("it fits"));
    }
    let mut spoilt = 0;
    for (listed, start) in manifest.files.iter().zip(&starts[1..]) {
        let size = usize::try_from(listed.size).expect("it fits");
        for at in (0..size).step_by(size / 25).chain([size - 1]) {
            let mut bytes = good.clone();
            bytes[start + at] ^= 0x10;
            fs::write(&bad, &bytes).expect("written");
            let refused = put_back(&RestoreRequest { replace: true, ..wanted(&bad, &data) });
            assert!(matches!(&refused, Err(RestoreError::Damaged { file, .. }) if *file == listed.name), "{refused:?}");
            spoilt += 1;
        }
        fs::write(&bad, &good[..start + size / 2]).expect("written");
        let refused = put_back(&RestoreRequest { replace: true, ..wanted(&bad, &data) });
        assert!(matches!(refused, Err(RestoreError::Damaged { .. })), "{refused:?}");
    }
    assert!(spoilt > 40);
    for (what, bytes) in [("empty", &good[..0]), ("text", b"not a tar".as_slice()), ("half a manifest", &good[..600])] {
        fs::write(&bad, bytes).expect("written");
        let refused = put_back(&RestoreRequest { replace: true, ..wanted(&bad, &data) });
        assert!(matches!(refused, Err(RestoreError::NoBackup { .. })), "{what}: {refused:?}");
    }
    assert_eq!(everything(&data), before);
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let bench = filled();
    let (folder, from) = backed_up(&bench);
    for (old, new) in [("\"layout\": 1", "\"layout\": 2"), ("\"format\": 1", "\"format\": 7")] {
        let text = fs::read(&from).expect("it can be read");
        let at = text.windows(old.len()).position(|part| part == old.as_bytes()).expect("the manifest says it");
        let mut newer = text.clone();
        newer[at..at + old.len()].copy_from_slice(new.as_bytes());
        let path = folder.path().join("newer.tar");
        fs::write(&path, newer).expect("written");
        let data = folder.path().join("restored");
        assert!(matches!(put_back(&wanted(&path, &data)), Err(RestoreError::Newer { .. })));
        assert!(!data.exists(), "a refused backup leaves no directory");
    }
}

#[test]
fn sto_8_a_restore_that_was_broken_off_is_forgotten_or_finished_whole() {
    let mut bench = filled();
    let (folder, from) = backed_up(&bench);
    let old_life = bench.store().generation().expect("it answers");
    bench.store = None;
    let data = bench.dir.path().to_owned();
    let original = everything(&data);
    // Stopped at any call of the watch, nothing has changed.
    for stop_at in 0.. {
        let mut calls = 0;
        let request = RestoreRequest { replace: true, ..wanted(&from, &data) };
        let restored = restore(&request, Counting::new(5).as_ref(), &mut |_| {
            calls += 1;
            calls <= stop_at
        });
        if restored.is_ok() {
            assert!(stop_at > 3);
            break;
        }
        assert!(matches!(restored, Err(RestoreError::Stopped)), "{restored:?}");
        assert_eq!(everything(&data), original, "stopped at call {stop_at}");
    }
    // From the restored files, every state that a crash between two renames leaves.
    let placed: Vec<(&str, Vec<u8>)> =
        ["content.db", "hub.db", "key"].map(|name| (name, fs::read(data.join(name)).expect("it was placed"))).into();
    for done in 0..=7 {
        let crashed = folder.path().join(format!("crashed-{done}"));
        let (stage, before) = (crashed.join("restore"), crashed.join("before-restore"));
        fs::create_dir_all(&stage).expect("made");
        fs::write(stage.join("READY"), "").expect("written");
        for (path, bytes) in &original {
            fs::write(crashed.join(path.file_name().expect("a file")), bytes).expect("written");
        }
        placed.iter().for_each(|(name, bytes)| fs::write(stage.join(name), bytes).expect("written"));
        if done > 0 {
            fs::create_dir(&before).expect("made");
            fs::write(stage.join("CLEARED"), "").expect("written");
        }
        for step in 1..done {
            let (name, _) = placed[(step - 1) / 2];
            let (from, to) = if step % 2 == 1 { (&crashed, &before) } else { (&stage, &crashed) };
            fs::rename(from.join(name), to.join(name)).expect("renamed");
        }
        let (store, _) = open(&crashed).expect("the next start finishes it");
        assert_ne!(store.generation().expect("it answers"), old_life, "after {done} steps");
        assert!(store.secret(&token()).expect("it opens").is_some());
        assert!(!stage.exists());
        for (name, _) in &placed {
            let kept = fs::read(before.join(name)).expect("it is kept");
            let old = original.iter().find(|(path, _)| path.ends_with(name)).expect("it was there");
            assert_eq!(kept, old.1, "`{name}` after {done} steps");
        }
    }
}

#[test]
fn what_is_half_unpacked_is_removed_by_the_next_start() {
    let mut bench = filled();
    bench.store = None;
    let stage = bench.dir.path().join("restore");
    fs::create_dir(&stage).expect("made");
    fs::write(stage.join("content.db"), "half").expect("written");
    let (store, _) = open(bench.dir.path()).expect("it opens");
    assert!(!stage.exists());
    assert!(store.document_by_key(SOURCE, &page_key("1")).expect("it answers").is_some());
}

#[test]
fn a_backup_that_was_broken_off_never_looks_like_one_and_is_cleared_away() {
    let bench = filled();
    let folder = tempfile::tempdir().expect("a folder of its own");
    let to = folder.path().join("fossick.tar");
    for stop_at in 0.. {
        let mut calls = 0;
        let made = bench.store().backup(&request(&to), &mut |_| {
            calls += 1;
            calls <= stop_at
        });
        if made.is_ok() {
            assert!(stop_at > 5);
            break;
        }
        assert!(matches!(made, Err(BackupError::Stopped)), "{made:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("it is listed").count(), 0, "stopped at call {stop_at}");
    }
    assert!(matches!(bench.store().backup(&request(&to), &mut |_| true), Err(BackupError::Exists(_))));
    // What a killed process leaves: its folder, and a lock that nobody holds.
    let left = folder.path().join("earlier.tar.partial");
    fs::create_dir(&left).expect("made");
    fs::write(left.join("lock"), "").expect("written");
    fs::write(left.join("content.db"), "half").expect("written");
    // Not of our making, whatever its name.
    let others = folder.path().join("download.partial");
    fs::create_dir(&others).expect("made");
    back_up(bench.store(), &folder.path().join("later.tar"));
    assert!(!left.exists() && others.exists());
}

#[test]
fn a_damaged_store_gives_no_backup() {
    let mut bench = filled();
    bench.commit(Stream::Pages, (0..900).flat_map(|at| open_page(&format!("m{at}"), "more")).collect());
    bench.reopen();
    let path = bench.dir.path().join("content.db");
    let mut bytes = fs::read(&path).expect("it can be read");
    // In the middle lie the bodies and their tree, which opening does not read.
    let store = bench.store().clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 64].fill(0xFF);
    fs::write(&path, bytes).expect("written");
    let folder = tempfile::tempdir().expect("a folder of its own");
    let to = folder.path().join("fossick.tar");
    let made = store.backup(&request(&to), &mut |_| true);
    assert!(matches!(made, Err(BackupError::Damaged { file: "content.db", .. })), "{made:?}");
    assert!(!to.exists());
}

#[test]
fn a_folder_or_a_missing_file_is_no_backup() {
    let folder = tempfile::tempdir().expect("a folder of its own");
    for from in [folder.path().to_owned(), folder.path().join("nothing")] {
        let refused = put_back(&wanted(&from, &folder.path().join("restored"))).expect_err("it is refused");
        assert!(matches!(refused, RestoreError::NoBackup { .. }), "{refused}");
    }
    assert!(!folder.path().join("restored").exists());
}
