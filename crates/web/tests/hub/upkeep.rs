//! How fresh a source is, its runs one by one, and what vanished from it: what the pages say and what their buttons do.

use crate::stage::{ANA, BEN, CLEO, START, Stage};
use crate::world::{SOURCE, commit, space};
use axum::http::StatusCode;
use model::{Deletion, DocumentKey, Kind, Millis, Problem, ProblemKind, RunKind, RunStatus, Target};
use store::{AccountChange, Role};
use sync::{Checkpoint, Commit, Journal, Reading, Stream};
use web::upkeep::Condition;

/// A complete listing that names both spaces and no page.
async fn empty_listing(stage: &Stage) {
    let store = &stage.store;
    let run = store.open_run(SOURCE, RunKind::Sweep, Millis(START)).await.unwrap().id;
    let listing = |stream, items| Commit {
        run,
        source: SOURCE,
        stream,
        reading: Reading::Structure,
        items,
        problems: Vec::new(),
        checkpoint: Checkpoint::Complete,
        calls: 1,
        at: Millis(START),
        source_time: Some(Millis(START)),
    };
    // Documents are judged only in spaces that the run has listed.
    let spaces = [space("65", "ENG", "Engineering"), space("66", "BOARD", "Board papers")].concat();
    store.commit(listing(Stream::Containers, spaces)).await.unwrap();
    store.commit(listing(Stream::Pages, Vec::new())).await.unwrap();
    store.sweep(run, Stream::Pages, Millis(START)).await.unwrap();
    store.bury(run, Millis(START)).await.unwrap();
    store.close_run(run, RunStatus::Succeeded, None, Millis(START + 1000)).await.unwrap();
}

/// Two such listings, at a source that is not to delete anything without being asked.
async fn vanished(stage: &Stage) {
    let mut settings = stage.store.source(SOURCE).unwrap().unwrap().settings;
    settings.deletion = Deletion { percent: 0, at_least: 0, ..Deletion::default() };
    stage.store.set_source_settings(SOURCE, settings).await.unwrap();
    empty_listing(stage).await;
    empty_listing(stage).await;
}

#[tokio::test]
async fn a_source_tells_how_fresh_it_is_and_what_comes_next() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let page = ana.get("/settings/sources/1").await.body;
    assert!(page.contains("Freshness") && page.contains("never yet"), "{page}");
    empty_listing(&stage).await;
    stage.pass(40_000);
    let page = ana.get("/settings/sources/1").await.body;
    for told in ["Complete as of", "40 seconds ago", "Restrictions", "never yet", "every minute", "every 15 minutes"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("href=\"/settings/sources/1/runs/1\""), "each run has a page");
    let jira = ana.get("/settings/sources/2").await.body;
    assert!(jira.contains("Nothing has been read yet") && !jira.contains("Freshness"), "{jira}");
}

#[tokio::test]
async fn runs_of_each_kind_are_started_by_hand_and_a_source_is_paused_and_resumed() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    for kind in ["", "incremental", "permissions", "sweep", "retry"] {
        let answer = ana.post_signed("/settings/sources/1/sync", &[("kind", kind)]).await;
        assert_eq!(answer.header("location"), "/settings/sources/1", "{kind}");
    }
    let retried = ana.post_signed("/settings/sources/1/sync", &[("kind", "retry"), ("owed", "7")]).await;
    assert_eq!(retried.header("location"), "/settings/sources/1");
    // What names no number must not mean everything.
    for fields in
        [[("kind", "everything"), ("owed", "")], [("kind", "retry"), ("owed", "abc")], [("kind", ""), ("owed", "7")]]
    {
        let refused = ana.post_signed("/settings/sources/1/sync", &fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{fields:?}");
    }
    for button in ["pause", "resume"] {
        let answer = ana.post_signed(&format!("/settings/sources/1/{button}"), &[]).await;
        assert_eq!(answer.header("location"), "/settings/sources/1");
    }
    let asked = [
        "sync 1 full",
        "sync 1 incremental",
        "sync 1 permissions",
        "sync 1 sweep",
        "sync 1 retry",
        "retry 1 7",
        "pause 1",
        "resume 1",
    ];
    assert_eq!(stage.operations.calls(), asked);
    assert!(ana.get("/settings/sources/1").await.body.contains("The source is read again."));
}

#[tokio::test]
async fn a_run_lists_what_it_could_not_read_and_offers_to_try_again() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    for path in ["/settings/sources/1/runs/1", "/settings/sources/1/owed"] {
        let page = ana.get(path).await.body;
        assert!(page.contains("page 98342") && page.contains("Retry now"), "{path}: {page}");
        assert!(!page.contains("string <b>") && !page.contains("gold"), "{path}: reasons are escaped, titles not told");
    }
    for path in ["/settings/sources/2/runs/1", "/settings/sources/1/runs/99", "/settings/sources/1/runs/one"] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(ana.get("/settings/sources/2/owed").await.body.contains("Nothing is owed"));
}

#[tokio::test]
async fn titles_of_what_failed_are_told_to_who_may_see_them_only() {
    let stage = Stage::open().await;
    let problem = |id: &str| {
        let target = Target::Document(DocumentKey::new(Kind::Page, id));
        Problem::new(ProblemKind::Record, format!("page {id}"), "its body was left out").about(target)
    };
    // 101 is for everybody, 201 for Ana, 104 for nobody.
    commit(&stage.store, Vec::new(), vec![problem("101"), problem("201"), problem("104")]).await;
    let mut ana = stage.browser_of(ANA).await;
    for path in ["/settings/sources/1", "/settings/sources/1/runs/2", "/settings/sources/1/owed"] {
        let page = ana.get(path).await.body;
        assert!(page.contains("How we pan for gold") && page.contains("Takeover of the gold mine"), "{path}: {page}");
        assert!(page.contains("page 104") && !page.contains("Gold nobody may see"), "{path}: {page}");
    }
    let cleo = stage.store.account_by_email(CLEO).unwrap().unwrap();
    stage.store.change_account(cleo.id, AccountChange::Role(Role::Admin)).await.unwrap();
    let page = stage.browser_of(CLEO).await.get("/settings/sources/1/runs/2").await.body;
    assert!(page.contains("page 101") && page.contains("page 201"), "no source knows Cleo: {page}");
    assert!(!page.contains("How we pan") && !page.contains("Takeover"), "{page}");
}

#[tokio::test]
async fn deletions_wait_for_a_word_and_can_be_undone() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let page = "/settings/sources/1/deletions";
    assert!(ana.get(page).await.body.contains("Nothing to bring back"));
    vanished(&stage).await;
    assert!(ana.get("/settings/sources/1").await.body.contains("have vanished at once"));
    let asked = ana.get(page).await.body;
    assert!(asked.contains("Waiting for your word") && asked.contains("BOARD"), "{asked}");
    assert!(!asked.contains("Takeover") && !asked.contains("Board papers"), "no title of a document or space");
    assert_eq!(ana.post_signed(page, &[("verdict", "perhaps")]).await.status, StatusCode::BAD_REQUEST);
    assert!(stage.store.stopped_deletion(SOURCE).unwrap().is_some(), "a form that says nothing decides nothing");
    let confirmed = ana.post_signed(page, &[("verdict", "confirmed")]).await;
    assert_eq!(confirmed.header("location"), page);
    assert_eq!(stage.store.stopped_deletion(SOURCE).unwrap(), None);
    let kept = ana.get(page).await.body;
    assert!(kept.contains("page 201") && kept.contains("in 7 days") && !kept.contains("Takeover"), "{kept}");
    stage.pass(1);
    assert!(ana.get(page).await.body.contains("in 6 days"), "less than 7 days are no 7 days");
    let number =
        |body: &str| body.split("name=\"document\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let before = stage.store.tombstones(SOURCE, None, 99).unwrap().len();
    ana.post_signed("/settings/sources/1/deletions/undo", &[]).await;
    assert_eq!(stage.store.tombstones(SOURCE, None, 99).unwrap().len(), before, "nothing ticked is not everything");
    ana.post_signed("/settings/sources/1/deletions/undo", &[("document", &number(&kept))]).await;
    assert_eq!(stage.store.tombstones(SOURCE, None, 99).unwrap().len(), before - 1);
    ana.post_signed("/settings/sources/1/deletions/undo", &[("all", "yes")]).await;
    assert_eq!(stage.store.tombstones(SOURCE, None, 99).unwrap().len(), 0);
    let actions = stage.audit().into_iter().map(|(_, action, _)| action);
    let judged: Vec<String> = actions.filter(|action| action.starts_with("deletion")).collect();
    assert_eq!(judged, ["deletion.undone", "deletion.undone", "deletion.confirmed"]);
}

#[tokio::test]
async fn a_refused_deletion_leaves_everything_hidden_and_kept() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    vanished(&stage).await;
    let refused = ana.post_signed("/settings/sources/1/deletions", &[("verdict", "refused")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(ana.get("/settings/sources/1/deletions").await.body.contains("Nothing to bring back"));
    assert_eq!(ana.get("/api/v1/search?q=gold").await.json()["total"], 0);
    assert_eq!(stage.audit()[0].1, "deletion.refused");
}

#[tokio::test]
async fn what_ails_the_hub_stands_on_every_page_of_the_settings_and_on_no_other() {
    let stage = Stage::open().await;
    let (mut ana, mut ben) = (stage.browser_of(ANA).await, stage.browser_of(BEN).await);
    let told = |rebuilding, stuck, damaged, disk_full| Condition { rebuilding, stuck, damaged, disk_full };
    for (condition, words) in [
        (told(true, false, false, false), "The text index is being built anew"),
        (told(false, true, false, false), "The text index does not move on"),
        (told(false, false, true, false), "A database is damaged"),
        (told(false, false, false, true), "The disk is full"),
    ] {
        for path in ["/settings/sources", "/settings/sources/1", "/settings/sources/1/schedule", "/settings/users"] {
            *stage.operations.condition.lock().unwrap() = Condition::default();
            assert!(!ana.get(path).await.body.contains(words), "{path} of a hub that is well");
            *stage.operations.condition.lock().unwrap() = condition.clone();
            assert!(ana.get(path).await.body.contains(words), "{path}: {words}");
        }
        assert!(!ben.get("/account").await.body.contains(words), "nothing for a member to mend");
    }
}

/// The look takes a lock, asks the file system, and may write megabytes there.
#[tokio::test]
async fn how_the_hub_is_is_looked_at_for_pages_that_tell_it_and_for_no_others() {
    let stage = Stage::open().await;
    let looks = || std::mem::take(&mut *stage.operations.looks.lock().unwrap());
    let (mut ana, mut ben) = (stage.browser_of(ANA).await, stage.browser_of(BEN).await);
    looks();
    for path in ["/", "/search?q=text", "/account", "/settings/sources/99"] {
        ana.get(path).await;
        ben.get(path).await;
        assert_eq!(looks(), 0, "{path}");
    }
    ana.get("/settings/sources").await;
    assert_eq!(looks(), 1);
}
