//! Whatever happens during a crawl, nothing that was read is lost, nothing is there twice, and people are told what to do.
//!
//! The hub is killed without warning, and the source misbehaves through a proxy that spoils chosen answers.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use e2e::opened::Opened;
use e2e::people::Thing;
use e2e::proxy::{Fault, Rule};
use e2e::stack::Stack;
use e2e::waiting;
use model::{Kind, RunStatus};
use reqwest::Method;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a company's data directory must hold once everything was read: each thing once, in store and index alike.
fn assert_complete(opened: &Opened, expected: &BTreeSet<Thing>) {
    let things: Vec<Thing> = opened.documents.values().map(|document| opened.thing(document)).collect();
    let once: BTreeSet<Thing> = things.iter().cloned().collect();
    assert_eq!(things.len(), once.len(), "something is stored twice");
    let lost: Vec<_> = expected.difference(&once).map(ToString::to_string).collect();
    let strange: Vec<_> = once.difference(expected).map(ToString::to_string).collect();
    assert!(lost.is_empty() && strange.is_empty(), "lost {lost:?}, more than there is {strange:?}");
    assert_index_equals_store(opened);
}

/// For the person who sees most, the index counts exactly what the clauses admit.
fn assert_index_equals_store(opened: &Opened) {
    let mut seen = 0;
    for account in opened.accounts().values() {
        let viewer = opened.viewer(account);
        let admitted = opened.admitted(&viewer);
        let found = opened.found(&opened.index, &viewer);
        assert_eq!(found.counts, opened.counts(&admitted), "index and store differ for {}", account.email);
        assert!(found.shown.is_subset(&admitted), "the index shows more than is admitted to {}", account.email);
        seen += admitted.len();
    }
    assert!(seen > 0, "nobody sees anything");
}

/// Everything that the service account reads and that lies in scope.
async fn readable(stack: &Stack) -> BTreeSet<Thing> {
    let in_scope = stack.company.in_scope(false);
    let oracle = stack.site.oracle(&stack.company.service).await;
    oracle.into_iter().filter(|thing| in_scope.contains(thing)).collect()
}

/// Calls of one undisturbed crawl of the company.
async fn calls_of_a_crawl(world: &str) -> u64 {
    let mut stack = Stack::of(world).start().await;
    stack.serve();
    stack.connect().await;
    stack.site.turn("reset-counters", serde_json::Value::Null).await;
    stack.sync().await;
    let calls = stack.site.calls().await;
    stack.stop();
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_again_and_again_resumes_and_loses_nothing() {
    let full = calls_of_a_crawl("demo").await;
    let mut stack = Stack::of("demo").latency(60).start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.site.turn("reset-counters", serde_json::Value::Null).await;
    start_all(&stack).await;
    let mut lives = 0;
    // Each life ends after a few more calls than the one before, so that every stage of a crawl is hit.
    for more in [3, 7, 12, 5, 18, 9, 25] {
        let start = stack.site.calls().await;
        let end = Instant::now() + Duration::from_secs(60);
        while stack.site.calls().await < start + more && !all_ended(&stack).await && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if all_ended(&stack).await {
            break;
        }
        stack.kill();
        lives += 1;
        stack.serve();
    }
    assert!(lives >= 3, "the crawl was over after {lives} lives");
    stack.site.turn("latency", serde_json::json!({"ms": 0})).await;
    let runs = settled(&stack).await;
    assert!(runs.iter().all(|run| run["status"] == "succeeded"), "{runs:?}");
    // A crawl from the start in every life would make at least `full` calls in the last one alone, and the others on top.
    let calls = stack.site.calls().await;
    println!("{lives} kills: {calls} calls, {full} without any");
    assert!(calls < full + lives * 16, "{lives} kills cost {calls} calls instead of {full}: runs begin anew");
    let expected = readable(&stack).await;
    let opened = stack.open();
    assert_complete(&opened, &expected);
    let runs = opened.store.runs(None, 10).unwrap();
    assert_eq!(runs.len(), 2, "one run per source, each resumed: {runs:?}");
}

async fn start_all(stack: &Stack) {
    for id in ["1", "2"] {
        operator(stack, "POST", &format!("/api/v1/sources/{id}/sync")).await;
    }
}

/// The operator's API over the socket, by the hand of curl: a story outside the harness of commands.
async fn operator(stack: &Stack, method: &str, path: &str) -> serde_json::Value {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "20", "--request", method, "--unix-socket"]);
    command.arg(stack.data().join("hub.sock")).arg(format!("http://hub{path}"));
    let ran = tokio::task::spawn_blocking(move || e2e::command::run(&mut command, "")).await.unwrap().ended(0);
    serde_json::from_str(&ran.out).unwrap_or(serde_json::Value::Null)
}

async fn newest(stack: &Stack) -> Vec<serde_json::Value> {
    let mut runs = Vec::new();
    for id in ["1", "2"] {
        runs.push(operator(stack, "GET", &format!("/api/v1/sources/{id}/runs")).await["runs"][0].clone());
    }
    runs
}

async fn all_ended(stack: &Stack) -> bool {
    newest(stack).await.iter().all(|run| run["ended"].is_string())
}

async fn settled(stack: &Stack) -> Vec<serde_json::Value> {
    waiting::until("the end of all syncs", Duration::from_secs(120), async || all_ended(stack).await.then_some(()))
        .await;
    newest(stack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_while_it_indexes_has_its_whole_index_after_the_next_start() {
    let mut stack = Stack::of("demo").start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    for round in 0..4_u64 {
        start_all(&stack).await;
        // Commits come at most twice a second while documents arrive: these moments fall before, into and after one.
        let path = stack.data().join("index");
        let before = newest_change(&path);
        let moved = async || (newest_change(&path) != before).then_some(());
        if round < 3 {
            let _seen = tokio::time::timeout(
                Duration::from_secs(3),
                waiting::until("a write to the index", Duration::from_secs(10), moved),
            )
            .await;
        }
        tokio::time::sleep(Duration::from_millis(round * 3)).await;
        stack.kill();
        stack.serve();
        settled(&stack).await;
    }
    let expected = readable(&stack).await;
    stack.kill();
    assert_complete(&Opened::at(&stack.data()), &expected);
}

fn newest_change(folder: &std::path::Path) -> Option<(std::time::SystemTime, usize)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).ok()?.flatten() {
            match entry.metadata() {
                Ok(found) if found.is_dir() => folders.push(entry.path()),
                Ok(found) => files.push(found.modified().ok()?),
                Err(_) => {}
            }
        }
    }
    Some((files.iter().max().copied()?, files.len()))
}

/// A fault in the middle of a crawl: the words, the exit code, what is kept, and how it heals.
struct Trouble {
    name: &'static str,
    rules: Vec<Rule>,
    /// Exit code of the sync in trouble.
    code: i32,
    says: &'static [&'static str],
}

fn rule(path: &'static str, after: usize, times: usize, fault: Fault) -> Rule {
    Rule { path, after, times, fault }
}

const REFUSED: &str = r#"{"code":401,"message":"Unauthorized"}"#;
const FORBIDDEN: &str = r#"{"statusCode":403,"message":"Current user not permitted to use Confluence"}"#;
const JSON: &str = "application/json";

fn troubles() -> Vec<Trouble> {
    let always = usize::MAX;
    vec![
        Trouble {
            name: "the token is revoked in the middle",
            rules: vec![rule("/wiki/", 6, always, Fault::Answer(401, JSON, REFUSED))],
            code: 5,
            says: &["failed", "token"],
        },
        Trouble {
            name: "the account loses the product in the middle",
            rules: vec![rule("/wiki/", 6, always, Fault::Answer(403, JSON, FORBIDDEN))],
            code: 5,
            says: &["failed", "access"],
        },
        Trouble {
            name: "some listings are malformed for good: cut, 20 MB of something else, larger than any",
            rules: vec![
                rule("/wiki/api/v2/footer-comments", 0, always, Fault::Cut),
                rule("/wiki/api/v2/inline-comments", 0, always, Fault::Large(20)),
                rule("/wiki/api/v2/attachments", 0, always, Fault::Large(80)),
            ],
            code: 7,
            says: &[
                "partial",
                "stream footer-comments",
                "an answer of GET /wiki/api/v2/inline-comments",
                "stream attachments",
                "larger",
            ],
        },
        Trouble {
            name: "a listing breaks off once",
            rules: vec![rule("/wiki/api/v2/pages", 0, 1, Fault::HangUp)],
            code: 0,
            says: &["succeeded"],
        },
        Trouble {
            name: "a server error passes",
            rules: vec![rule("/wiki/api/v2/pages", 0, 2, Fault::Answer(503, "text/html", "<html>busy</html>"))],
            code: 0,
            says: &["succeeded"],
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_the_middle_of_a_crawl_is_told_and_loses_nothing() {
    let mut stack = Stack::of("demo").proxied().start().await;
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    let expected = readable(&stack).await;
    let before = listed(&stack);
    for Trouble { name, rules, code, says } in troubles() {
        println!("{name}");
        stack.proxy().spoil(rules);
        let ran = stack.run_beside(&["sync", "brightwater.atlassian.net/confluence"], "").await;
        assert!(stack.proxy().spoilt() > 0, "{name}: no answer was spoilt, the story proves nothing: {ran:?}");
        println!("  {}{}", ran.out.trim(), ran.err.trim());
        ran.ended(code).says(says).hides(&stack.company.token);
        assert_eq!(listed(&stack), before, "{name}: something was lost");
        stack.proxy().spoil(Vec::new());
        stack.sync().await;
        assert_eq!(listed(&stack), before, "{name}: the next sync did not heal it");
    }
    stack.serve();
    let opened = stack.open();
    assert_complete(&opened, &expected);
    let statuses: BTreeSet<String> =
        opened.store.runs(None, 100).unwrap().iter().map(|run| run.status.code().to_owned()).collect();
    assert!(
        statuses.contains(RunStatus::Partial.code()) && statuses.contains(RunStatus::Failed.code()),
        "{statuses:?}"
    );
}

/// Documents of each source, as the operator sees them.
fn listed(stack: &Stack) -> Vec<(String, String)> {
    let list = stack.run(&["source", "list"], "").ended(0).out;
    let rows = list.lines().skip(1).map(|line| {
        let words: Vec<&str> = line.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
        (words[1].to_owned(), words[4].to_owned())
    });
    rows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_record_costs_one_row_and_not_the_page_of_results_around_it() {
    let mut stack = Stack::of("demo").proxied().start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    let confluence = &stack.company.world.confluence;
    let victim = confluence.comments.values().find(|comment| !comment.is_inline()).unwrap().id.to_string();
    // The id of one record becomes an object, which no record has.
    let (from, to) = (format!("\"id\":\"{victim}\""), "\"id\":{\"broken\":true}".to_owned());
    stack.proxy().spoil(vec![rule("/footer-comments", 0, usize::MAX, Fault::Replace(from, to))]);
    let ran = stack.run_beside(&["sync", "brightwater.atlassian.net/confluence"], "").await.ended(7);
    let rows = ran.out.lines().filter(|line| line.starts_with("  ")).count();
    assert_eq!(rows, 1, "one row for one record: {ran:?}");
    let listed = stack.run_beside(&["source", "list"], "").await.ended(0);
    let of_line = |line: &str| {
        let cells: Vec<_> = line.split_whitespace().rev().take(4).collect();
        cells.into_iter().rev().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut lines = listed.out.lines();
    assert_eq!(of_line(lines.next().unwrap()), ["DOCUMENTS", "HIDDEN", "ERRORS", "WARNINGS"], "{listed:?}");
    let cells = of_line(lines.find(|line| line.contains("/confluence")).unwrap());
    assert_eq!(cells[2], "1", "{listed:?}");
    assert!(ran.out.contains(&format!("1 errors, {} warnings", cells[3])), "{listed:?} {ran:?}");
    assert_ne!(cells[0], "0", "{listed:?}");
    stack.run_beside(&["sync", "brightwater.atlassian.net/confluence", "--kind", "incremental"], "").await;
    let later = stack.run_beside(&["source", "list"], "").await.ended(0);
    let after = of_line(later.out.lines().find(|line| line.contains("/confluence")).unwrap());
    assert_eq!(after, cells, "what is owed and what was warned of holds after a run that read something else");
    stack.proxy().spoil(Vec::new());
    let expected = readable(&stack).await;
    let opened = stack.open();
    let stored: BTreeSet<Thing> = opened.documents.values().map(|document| opened.thing(document)).collect();
    let of_confluence = expected.into_iter().filter(|thing| thing.product == model::Product::Confluence);
    let lost: Vec<Thing> = of_confluence.filter(|thing| !stored.contains(thing)).collect();
    assert_eq!(lost, [Thing::confluence(Kind::Comment, victim)]);
}

const WIKI: &str = "brightwater.atlassian.net/confluence";

/// A hub that owes two comments, which can be read by now; with their numbers in its list.
async fn owing_two_comments() -> (Stack, [(Thing, String); 2]) {
    let mut stack = Stack::of("demo").proxied().start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    let comments = &stack.company.world.confluence.comments;
    let victims = [false, true].map(|inline| {
        let victim = comments.values().find(|comment| comment.is_inline() == inline).unwrap();
        Thing::confluence(Kind::Comment, victim.id)
    });
    // A record with a number for its version cannot be understood, but its id can.
    let broken = [(&victims[0], "/footer-comments"), (&victims[1], "/inline-comments")].map(|(victim, path)| {
        let id = format!("\"id\":\"{}\"", victim.native);
        rule(path, 0, usize::MAX, Fault::Replace(id.clone(), format!("\"version\":7,{id}")))
    });
    stack.proxy().spoil(broken.into());
    stack.run_beside(&["sync", WIKI], "").await.ended(7);
    stack.proxy().spoil(Vec::new());
    let owed = stack.run_beside(&["source", "owed", WIKI], "").await.ended(0).out;
    let numbered = victims.map(|victim| {
        let row = owed.lines().find(|line| line.contains(&victim.native));
        let number = row.and_then(|row| row.split_whitespace().next()).map(str::to_owned);
        let number = number.unwrap_or_else(|| panic!("{victim} is not in\n{owed}"));
        (victim, number)
    });
    (stack, numbered)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_thing_that_could_not_be_read_is_read_when_the_operator_asks_for_it() {
    let (mut stack, [(one, first), (two, second)]) = owing_two_comments().await;
    let wrong = ["sync", WIKI, "--kind", "retry", "--item", "999"];
    assert_ne!(stack.run_beside(&wrong, "").await.code, Some(0), "nothing of that number is owed");
    stack.run_beside(&["sync", WIKI, "--kind", "retry", "--item", &second], "").await.ended(0);
    let left = stack.run_beside(&["source", "owed", WIKI], "").await.ended(0).says(&[&one.native]).hides(&two.native);
    assert!(left.out.lines().any(|line| line.starts_with(&first)), "{left:?}");
    stack.run_beside(&["sync", WIKI, "--kind", "retry"], "").await.ended(0);
    stack.run_beside(&["source", "owed", WIKI], "").await.ended(0).says(&["nothing is owed"]);
    let opened = stack.open();
    let stored: BTreeSet<Thing> = opened.documents.values().map(|document| opened.thing(document)).collect();
    assert!(stored.contains(&one) && stored.contains(&two));
}

/// The list of a retry is made when it begins. Whoever asks for something else meanwhile is not told that it was tried.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_thing_that_is_asked_for_while_the_first_is_retried_is_retried_after_it() {
    let (stack, [(_, first), (two, second)]) = owing_two_comments().await;
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await;
    let id = sources["sources"].as_array().unwrap().iter().find(|source| source["name"] == WIKI).unwrap()["id"].clone();
    let progress = format!("/api/v1/sources/{id}/progress");
    let busy = Fault::Answer(503, "text/html", "<html>busy</html>");
    stack.proxy().spoil(vec![rule("/footer-comments", 0, usize::MAX, busy)]);
    let retry = |item| ["sync", WIKI, "--kind", "retry", "--item", item];
    let story = async {
        let limit = Duration::from_secs(30);
        let held = async || (stack.proxy().spoilt() > 0).then_some(());
        waiting::until("a retry that waits for its source", limit, held).await;
        let (items, meanwhile) = (retry(&second), async {
            let queued = async || (admin.json(&progress).await["running"]["waiting"][0] == "retry").then_some(());
            waiting::until("a second retry behind the first", limit, queued).await;
            stack.proxy().spoil(Vec::new());
        });
        tokio::join!(stack.run_beside(&items, ""), meanwhile).0.ended(0);
        stack.run_beside(&["source", "owed", WIKI], "").await.ended(0).hides(&two.native);
    };
    let items = retry(&first);
    tokio::join!(stack.run_beside(&items, ""), story).0.ended(0);
    stack.run_beside(&["source", "owed", WIKI], "").await.ended(0).says(&["nothing is owed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_are_read_with_replacement_characters_and_told() {
    let mut stack = Stack::of("demo").proxied().start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.proxy().spoil(vec![rule("/wiki/api/v2/pages", 0, usize::MAX, Fault::NoUtf8("title"))]);
    let ran = stack.run_beside(&["sync", "brightwater.atlassian.net/confluence"], "").await;
    assert!(stack.proxy().spoilt() > 0, "{ran:?}");
    ran.ended(0).says(&["succeeded", "0 errors, 1 warnings"]);
    stack.proxy().spoil(Vec::new());
    stack.sync().await;
    let expected = readable(&stack).await;
    assert_complete(&stack.open(), &expected);
}

/// A hub on a disk that is too small for its crawl, until the file `larger` appears; what was written is kept.
const SMALL_DISK: &str = r#"
mount -t tmpfs -o size=14m none disk && cp -a data/. disk/ && export FOSSICK_DATA="$PWD/disk" || exit 99
(for i in $(seq 1200); do [ -e larger ] && exec mount -o remount,size=900m none disk; sleep 0.1; done) &
"$0" serve & hub=$!
trap 'kill -TERM $hub' TERM
while kill -0 $hub 2> /dev/null; do wait $hub; code=$?; done
mkdir healed && cp -a disk/. healed/ && exit $code
"#;

/// Where no disk can be mounted: no file may grow beyond half a megabyte, until it may.
const SMALL_FILES: &str = r#"
trap '' XFSZ
ulimit -S -f 512
"$0" serve & hub=$!
trap 'kill -TERM $hub' TERM
(for i in $(seq 1200); do [ -e larger ] && exec prlimit --pid $hub --fsize=unlimited; sleep 0.1; done) &
while kill -0 $hub 2> /dev/null; do wait $hub; code=$?; done
ulimit -S -f unlimited; cp -a data healed && exit $code
"#;

/// Whether this machine lets a test mount a disk of its own.
fn can_mount() -> bool {
    let mut trial = Command::new("unshare");
    trial.args(["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/tmp"]);
    trial.output().is_ok_and(|ran| ran.status.success())
}

/// Starts a hub that will soon be short of space. False if this machine offers no way to a small disk.
fn serve_in_little_space(stack: &mut Stack) -> bool {
    let mounts = can_mount();
    let mut command = if mounts { Command::new("unshare") } else { Command::new("bash") };
    if mounts {
        command.args(["--user", "--map-root-user", "--mount", "bash"]);
    }
    command.arg("-c").arg(if mounts { SMALL_DISK } else { SMALL_FILES }).arg(e2e::program::fossick());
    stack.settings(&mut command);
    stack.serve_with(&mut command);
    mounts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_makes_a_crawl_wait_while_people_sign_in_and_search() {
    let mut stack = Stack::of("cost").start().await;
    stack.add_admin().await;
    let person = stack.company.people[0].clone();
    stack.add(&person).await;
    stack.connect().await;
    std::fs::create_dir_all(stack.folder().join("disk")).unwrap();
    let mounted = serve_in_little_space(&mut stack);
    let mut admin = stack.admin().await;
    for id in ["1", "2"] {
        admin.send(Method::POST, &format!("/api/v1/sources/{id}/sync"), None).await.ended(202);
    }
    let mut waits = Vec::new();
    for id in ["1", "2"] {
        let path = format!("/api/v1/sources/{id}");
        let waiting =
            async || admin.json(&format!("{path}/progress")).await["running"]["held_up"].as_str().map(str::to_owned);
        waits.push(waiting::until("a sync that waits for space", Duration::from_secs(60), waiting).await);
    }
    assert!(waits.iter().all(|words| words.contains("full") && words.contains("by itself")), "{waits:?}");
    if mounted {
        assert_eq!(admin.json("/api/v1/health").await["disk"], "full");
    }
    // A day of people: each sign-in writes a session and an entry of the audit log.
    for _ in 0..5 {
        let mut somebody = stack.program_of(&person).await;
        somebody.search("the", 1).await;
        stack.admin().await.json("/api/v1/sources").await;
    }
    std::fs::write(stack.folder().join("larger"), "").unwrap();
    let runs = stack.settled(&mut admin).await;
    assert!(runs.iter().all(|run| run["status"] == "succeeded"), "{runs:?}");
    let noted = admin.json("/api/v1/sources/1/problems").await.to_string();
    assert!(noted.contains("disk of the data directory"), "{noted}");
    let well = async || (admin.json("/api/v1/health").await["status"] == "ok").then_some(());
    waiting::until("a hub that is well", Duration::from_secs(30), well).await;
    let log = stack.stop();
    assert!(log.contains("there is space on the disk again"), "{log}");
    let expected = readable(&stack).await;
    let opened = Opened::at(&stack.folder().join("healed"));
    assert_complete_for_all(&opened, &expected);
}

/// Opens data directories on disks that are full but for some kilobytes, or have so many inodes in all, and then all
/// of them with space enough. Says how each ended.
const FULL_DISKS: &str = r#"
try() { FOSSICK_DATA="$PWD/$1" "$0" source list > said 2>&1; echo "$1 $2: $? $(tail -1 said)"; }
for free in 0 4 8 16 32 64 128 256 512 1024 2048; do
    mkdir "free-$free" && mount -t tmpfs -o size=4m none "free-$free" || exit 99
    head -c "$free"K /dev/zero > "free-$free/place" && cat /dev/zero > "free-$free/full" 2> /dev/null
    rm "free-$free/place"; try "free-$free" full
    rm "free-$free/full"; mount -o remount,size=90m none "free-$free"; try "free-$free" larger
done
for inodes in 1 2 3 4 6 7 9; do
    mkdir "inodes-$inodes" && mount -t tmpfs -o nr_inodes=$inodes none "inodes-$inodes" || exit 99
    try "inodes-$inodes" full
    mount -o remount,nr_inodes=900 none "inodes-$inodes"; try "inodes-$inodes" larger
done
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_on_a_full_disk_is_refused_with_its_exit_code_and_opens_once_there_is_space() {
    let stack = Stack::of("tiny").start().await;
    let index = stack.data().join("index");
    std::fs::create_dir_all(&index).unwrap();
    // Needs no rights: what the index writes there finds no space.
    std::os::unix::fs::symlink("/dev/full", index.join("CURRENT.new")).unwrap();
    let told = ["the disk that holds the data directory is full", "free some space"];
    for command in ["serve", "sync"] {
        stack.run(&[command], "").ended(8).says(&told);
    }
    std::fs::remove_file(index.join("CURRENT.new")).unwrap();
    stack.run(&["source", "list"], "").ended(0);
    if !can_mount() {
        return;
    }
    let mut disks = Command::new("unshare");
    disks.args(["--user", "--map-root-user", "--mount", "bash", "-c", FULL_DISKS]).arg(e2e::program::fossick());
    stack.settings(&mut disks);
    let ran = e2e::command::run(&mut disks, "").ended(0);
    let [full, larger] = ["full", "larger"].map(|how| {
        let mark = format!(" {how}: ");
        ran.out.lines().filter(|line| line.contains(&mark)).collect::<Vec<_>>()
    });
    assert_eq!((full.len(), larger.len()), (18, 18), "{ran:?}");
    assert!(larger.iter().all(|line| line.contains(": 0 ")), "{larger:#?}");
    let refused = |line: &&&str| line.contains(": 8 ") && line.contains(told[0]);
    assert!(full.iter().filter(refused).count() >= 12, "{full:#?}");
    assert!(full.iter().all(|line| refused(&line) || line.contains(": 0 ")), "{full:#?}");
}

/// Each thing once; nobody of this company is joined to an account, so nothing is asked of the index.
fn assert_complete_for_all(opened: &Opened, expected: &BTreeSet<Thing>) {
    let things: BTreeSet<Thing> = opened.documents.values().map(|document| opened.thing(document)).collect();
    assert_eq!(things.len(), opened.documents.len(), "something is stored twice");
    assert!(things == *expected, "{} documents instead of {}", things.len(), expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_goes_down_for_a_moment_costs_nothing_and_one_that_stays_down_ends_the_sync() {
    let mut stack = Stack::of("tiny").proxied().start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    let expected = readable(&stack).await;
    let before = listed(&stack);
    let down = || Fault::Answer(502, "text/html", "<html>bad gateway</html>");
    stack.proxy().spoil(vec![rule("/ex/", 4, 3, down())]);
    stack.run_beside(&["sync"], "").await.ended(0);
    stack.proxy().spoil(vec![rule("/ex/", 4, usize::MAX, down())]);
    stack.run_beside(&["sync", "tiny.atlassian.net/jira"], "").await.ended(5).says(&["failed", "502"]);
    assert_eq!(listed(&stack), before, "something was lost");
    stack.proxy().spoil(Vec::new());
    stack.sync().await;
    assert_complete(&stack.open(), &expected);
}
