//! The index follows the store through restarts, restores, damage and errors (IDX-2, IDX-4), and what is not indexed
//! yet stays closed (ACL-7).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod world;

use index::{Scrubbed, scrub};
use search::conformance::assert_visible;
use search::{Request, SearchIndex};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;
use world::{Draft, World, viewer};

fn company(documents: u32) -> World {
    let mut world = World::new();
    world.clause(0, &[0, 1]);
    world.clause(1, &[0]);
    world.node(0, &[0]);
    world.node(1, &[1]);
    for docno in 0..documents {
        world.write(docno, 0, &Draft::page(docno, &format!("Page {docno}"), "signing keys"));
    }
    world
}

fn visible(world: &World, person: u32, expected: impl IntoIterator<Item = u32>) {
    assert_visible(&world.index(), &viewer(person), &expected.into_iter().collect::<BTreeSet<_>>());
}

fn total(world: &World, person: u32, typed: &str) -> u64 {
    world.index().search(&viewer(person), &Request::of(typed)).unwrap().total
}

fn builds(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "CURRENT");
    names
}

#[test]
fn updates_replace_and_deletes_remove() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(3);
    let running = world.start(folder.path());
    running.catch_up();
    world.write(1, 0, &Draft::page(1, "Page 1", "nothing of the kind"));
    world.delete(2);
    running.catch_up();
    assert_eq!((total(&world, 1, "signing"), total(&world, 1, "kind"), running.handle.status().documents), (1, 1, 2));
    visible(&world, 1, [0, 1]);
}

#[test]
fn a_restart_goes_on_from_the_commit_and_keeps_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(20);
    world.start(folder.path()).catch_up();
    let before = builds(folder.path());
    world.write(3, 0, &Draft::page(3, "New", "rotated"));
    world.restart();
    let indexer = world.open(folder.path());
    assert_eq!(indexer.handle().status().sequence, 20);
    assert_eq!(indexer.handle().status().documents, 20);
    drop(indexer);
    let running = world.start(folder.path());
    running.catch_up();
    assert_eq!((total(&world, 0, "rotated"), builds(folder.path())), (1, before));
}

#[test]
fn acl_7_after_a_restart_what_the_index_lacks_is_closed_until_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(2);
    world.write(2, 1, &Draft::page(2, "Secret", "the password is swordfish"));
    world.start(folder.path()).catch_up();
    // The secret is deleted and the page opened while no indexer runs.
    world.write(2, 0, &Draft::page(2, "Open", "nothing"));
    world.restart();
    let indexer = world.open(folder.path());
    assert_eq!((total(&world, 1, "swordfish"), total(&world, 0, "swordfish")), (0, 0));
    visible(&world, 1, [0, 1]);
    drop(indexer);
    world.start(folder.path()).catch_up();
    assert_eq!((total(&world, 1, "swordfish"), total(&world, 1, "nothing")), (0, 1));
}

#[test]
fn acl_7_widening_waits_for_the_text_and_tightening_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(2);
    world.write(2, 1, &Draft::page(2, "Secret", "swordfish"));
    let running = world.start(folder.path());
    running.catch_up();
    drop(running);
    world.write(2, 0, &Draft::page(2, "Open", "nothing"));
    assert_eq!((total(&world, 1, "swordfish"), total(&world, 0, "swordfish")), (0, 1));
    world.point(0, 1);
    visible(&world, 1, [1]);
    world.start(folder.path()).catch_up();
    assert_eq!((total(&world, 1, "nothing"), total(&world, 0, "swordfish")), (1, 0));
    assert_eq!(world.mirror.waiting(), 0);
}

#[test]
fn an_index_of_another_life_or_ahead_of_the_store_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(10);
    world.start(folder.path()).catch_up();
    let first = builds(folder.path());
    world.outbox.renew("restored");
    let indexer = world.open(folder.path());
    assert_eq!(indexer.handle().status().sequence, 0);
    visible(&world, 0, []);
    drop(indexer);
    world.start(folder.path()).catch_up();
    visible(&world, 0, 0..10);
    let second = builds(folder.path());
    assert!(second.len() == 1 && second != first);
    // The store lost its last changes, as after a restore that kept its generation by mistake.
    world.outbox.forget_after(6);
    world.restart();
    world.start(folder.path()).catch_up();
    visible(&world, 0, 0..6);
    assert!(builds(folder.path()) != second);
}

#[test]
fn a_damaged_index_is_built_anew() {
    let damages: [fn(&Path); 4] = [
        |build| fs::remove_file(build.join("meta.json")).unwrap(),
        |build| fs::write(build.join("meta.json"), "{").unwrap(),
        |build| {
            for entry in fs::read_dir(build).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "idx" || ending == "store" || ending == "term") {
                    fs::write(path, "x").unwrap();
                }
            }
        },
        |build| fs::remove_dir_all(build).unwrap(),
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let mut world = company(10);
        world.start(folder.path()).catch_up();
        damage(&folder.path().join(&builds(folder.path())[0]));
        world.restart();
        world.start(folder.path()).catch_up();
        visible(&world, 0, 0..10);
    }
}

#[test]
fn a_commit_that_never_happened_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(10);
    world.start(folder.path()).catch_up();
    // A process that died between two commits leaves files that no commit names, and maybe a build not in force.
    let build = folder.path().join(&builds(folder.path())[0]);
    fs::write(build.join("0123456789abcdef0123456789abcdef.idx"), "half a segment").unwrap();
    fs::create_dir(folder.path().join("build-77")).unwrap();
    fs::write(folder.path().join("CURRENT.new"), "build-77").unwrap();
    world.write(10, 0, &Draft::page(10, "Late", "signing"));
    world.restart();
    world.start(folder.path()).catch_up();
    visible(&world, 0, 0..11);
    assert!(!folder.path().join("build-77").exists());
}

#[test]
fn a_rebuild_serves_the_old_index_until_the_new_one_has_caught_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(500);
    let running = world.start(folder.path());
    running.catch_up();
    let before = builds(folder.path());
    running.handle.rebuild();
    let sequence = world.write(500, 0, &Draft::page(500, "Late", "signing"));
    while builds(folder.path()) == before || running.handle.status().rebuilding {
        assert_eq!(total(&world, 0, "page"), 500);
        std::thread::yield_now();
    }
    assert!(running.handle.wait_until(sequence, Duration::from_secs(30)));
    visible(&world, 0, 0..501);
    assert_eq!(builds(folder.path()).len(), 1);
}

#[test]
fn an_error_is_told_and_the_work_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(5);
    let running = world.start(folder.path());
    running.catch_up();
    world.outbox.fail(true);
    let sequence = world.write(5, 0, &Draft::page(5, "Late", "signing"));
    while running.handle.status().problem.is_none() {
        std::thread::yield_now();
    }
    assert!(running.handle.status().problem.unwrap().contains("the disk is gone"));
    world.outbox.fail(false);
    assert!(running.handle.wait_until(sequence, Duration::from_secs(30)));
    assert_eq!(running.handle.status().problem, None);
    visible(&world, 0, 0..6);
}

#[test]
fn a_store_whose_documents_are_all_gone_is_caught_up_with() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(2);
    world.delete(0);
    world.delete(1);
    let running = world.start(folder.path());
    running.catch_up();
    assert_eq!(running.handle.status().documents, 0);
    assert!(!running.handle.status().rebuilding);
}

/// Files of the build in force.
fn build_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let build = folder.join(fs::read_to_string(folder.join("CURRENT")).unwrap());
    let entries = fs::read_dir(build).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| !path.to_string_lossy().ends_with(".lock")).collect();
    files.sort();
    files
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x20;
    fs::write(path, bytes).unwrap();
}

#[test]
fn idx_7_a_flipped_byte_in_any_file_is_found_by_a_scrub_and_the_index_built_anew() {
    let mut flipped = 0;
    for number in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let mut world = company(40);
        world.start(folder.path()).catch_up();
        let files = build_files(folder.path());
        let Some(file) = files.get(number) else { break };
        // Tantivy's list of its own files only says which may be thrown away.
        if file.ends_with(".managed.json") {
            continue;
        }
        assert!(matches!(scrub(folder.path(), &mut |_, _| true).unwrap(), Scrubbed::Sound { .. }));
        let size = usize::try_from(fs::metadata(file).unwrap().len()).unwrap();
        flip(file, size / 2);
        let found = scrub(folder.path(), &mut |_, _| true).unwrap();
        assert!(matches!(found, Scrubbed::Damaged { .. }), "{}: {found:?}", file.display());
        flipped += 1;
        let before = fs::read_to_string(folder.path().join("CURRENT")).unwrap();
        world.restart();
        let running = world.start(folder.path());
        while fs::read_to_string(folder.path().join("CURRENT")).unwrap() == before || running.handle.status().rebuilding
        {
            std::thread::yield_now();
        }
        running.catch_up();
        visible(&world, 0, 0..40);
        assert!(matches!(scrub(folder.path(), &mut |_, _| true).unwrap(), Scrubbed::Sound { .. }));
    }
    assert!(flipped >= 6, "{flipped} files");
}

#[test]
fn a_damage_that_a_search_meets_is_told_and_shows_nothing_of_another_document() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(40);
    world.start(folder.path()).catch_up();
    let store = build_files(folder.path()).into_iter().find(|path| path.extension().is_some_and(|end| end == "store"));
    let store = store.unwrap();
    let bytes = fs::read(&store).unwrap();
    for at in (0..bytes.len() / 2).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xFF;
        fs::write(&store, &damaged).unwrap();
        world.restart();
        let indexer = world.open(folder.path());
        let index = world.index().told_to(indexer.handle());
        let mut request = Request::of("signing");
        request.page.limit = 40;
        match index.search(&viewer(1), &request) {
            Err(_) => assert!(indexer.handle().take_suspicion(), "at {at}"),
            Ok(found) => assert!(found.hits.iter().all(|hit| hit.document.docno.0 < 40)),
        }
    }
}

#[test]
fn a_rebuild_that_a_crash_breaks_off_is_begun_again_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company(60);
    world.start(folder.path()).catch_up();
    let before = fs::read_to_string(folder.path().join("CURRENT")).unwrap();
    let file = build_files(folder.path()).into_iter().find(|path| path.extension().is_some_and(|end| end == "pos"));
    let file = file.unwrap();
    flip(&file, 3);
    assert!(matches!(scrub(folder.path(), &mut |_, _| true).unwrap(), Scrubbed::Damaged { .. }));
    // The next start opens it and dies before it has done anything; half a build lies beside it.
    world.restart();
    drop(world.open(folder.path()));
    fs::create_dir(folder.path().join("build-99")).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("CURRENT")).unwrap(), before);
    world.restart();
    let running = world.start(folder.path());
    assert_eq!(total(&world, 0, "signing"), 60, "what can be read serves meanwhile");
    while fs::read_to_string(folder.path().join("CURRENT")).unwrap() == before || running.handle.status().rebuilding {
        std::thread::yield_now();
    }
    running.catch_up();
    visible(&world, 0, 0..60);
    drop(running);
    world.restart();
    assert!(!world.open(folder.path()).handle().status().rebuilding);
}
