//! Stages of the index: an old text under newer rights, and an index of another store.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{Held, OTHER, Off, WORD, change, connected, run};
use crate::client::Client;
use crate::opened::Opened;
use crate::people::{Somebody, Thing};
use crate::stack::{PASSWORD, Stack};
use ::index::{AccessMirror, Indexer, TantivyIndex};
use model::Kind;
use search::{Request, SearchIndex as _};
use serde_json::json;
use store::{MasterKey, Store, SystemEntropy};

/// Puts a secret into an issue that has a level, reads it, takes it out and opens the issue. Somebody who may see the issue
/// only since then, if there is anybody; nothing of this has been read by then.
async fn opened_up(stack: &Stack, issue: u64, once_read: impl AsyncFnOnce()) -> Option<&Somebody> {
    let path = format!("/rest/api/3/issue/{issue}");
    change(stack, "PUT", &path, &json!({"fields": {"summary": format!("About {WORD}")}})).await;
    stack.sync().await;
    once_read().await;
    let before = seen_by(stack, issue).await;
    change(stack, "PUT", &path, &json!({"fields": {"summary": format!("About {OTHER}"), "security": null}})).await;
    let after = seen_by(stack, issue).await;
    let newly = |person: &&Somebody| after.contains(&person.account) && !before.contains(&person.account);
    stack.company.people.iter().filter(|person| person.active && !person.app).find(newly)
}

/// The accounts that see an issue.
async fn seen_by(stack: &Stack, issue: u64) -> BTreeSet<String> {
    let (picture, thing) = (stack.site.control("oracle").await, Thing::jira(Kind::Issue, issue));
    let answers = picture.as_object().into_iter().flatten();
    let seeing = answers.filter(|(_, answer)| crate::site::things_of(answer).contains(&thing));
    seeing.map(|(account, _)| account.clone()).collect()
}

fn secret_issues(stack: &Stack) -> Vec<u64> {
    let issues = stack.company.world.jira.issues.values();
    issues.filter(|issue| issue.security.is_some() && !issue.archived).map(|issue| issue.id).take(4).collect()
}

/// Somebody takes a secret out of an issue and then opens the issue: nobody new finds it by the secret while the index still
/// holds the old text.
///
/// # Errors
/// If somebody does.
pub async fn old_and_new(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), without).await;
    let (mut held, mut staged) = (Ok(()), 0);
    for issue in secret_issues(&stack) {
        let Some(person) = opened_up(&stack, issue, async || {}).await else { continue };
        staged += 1;
        let id = issue.to_string();
        let shown = tokio::select! {
            shown = shown_to(stack.hub(), person, &id) => shown,
            () = run(&stack, "incremental") => false,
        };
        if shown {
            held =
                Err(format!("{} found issue {issue} by a word that was taken out before it was opened", person.name));
            break;
        }
    }
    assert!(staged > 0, "no issue was opened to anybody");
    // A run may be under way where the search was faster.
    stack.kill();
    held
}

/// Searches for the secret until the issue is found by it.
async fn shown_to(hub: &str, person: &Somebody, issue: &str) -> bool {
    let mut client = Client::program(hub, &person.email, PASSWORD).await;
    loop {
        let page = client.json(&format!("/api/v1/search?q={WORD}")).await;
        if page["hits"].as_array().into_iter().flatten().any(|hit| hit["id"] == issue) {
            return true;
        }
        tokio::task::yield_now().await;
    }
}

/// The same with a hub that was killed before the index had the new text: what the former rights were is forgotten, so
/// nobody is shown the old text at all.
///
/// # Errors
/// If somebody is.
pub async fn waits_after_restart(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), None).await;
    let (index, kept) = (stack.data().join("index"), stack.folder().join("index-before"));
    let mut new = None;
    for issue in secret_issues(&stack) {
        let keep = async || {
            let again = if kept.exists() { std::fs::remove_dir_all(&kept) } else { Ok(()) };
            again
                .and_then(|()| copied(&index, &kept))
                .unwrap_or_else(|error| panic!("the index cannot be kept: {error}"));
        };
        if let Some(person) = opened_up(&stack, issue, keep).await {
            new = Some(person.clone());
            break;
        }
    }
    let person = new.unwrap_or_else(|| panic!("no issue was opened to anybody"));
    run(&stack, "incremental").await;
    stack.stop();
    let replaced = std::fs::remove_dir_all(&index).and_then(|()| copied(&kept, &index));
    replaced.unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    let _off = Off::here(without);
    let shown = shown_at_start(&stack.data(), &person)
        .unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    if shown == 0 { Ok(()) } else { Err(format!("{} found {shown} by a word that was taken out before", person.name)) }
}

/// How many documents somebody finds by the secret when a hub has started, and its index has read nothing yet.
fn shown_at_start(data: &Path, person: &Somebody) -> Result<u64, Box<dyn std::error::Error>> {
    let (mirror, entropy) = (Arc::new(AccessMirror::new()), Arc::new(SystemEntropy));
    let key = MasterKey::load_or_create(data, entropy.as_ref())?;
    let store = Store::open(data, mirror.clone(), key, entropy)?;
    let _behind = Indexer::open(&data.join("index"), Arc::new(store.clone()), mirror.clone())?;
    let account = store.accounts()?.into_iter().find(|account| account.email == person.email);
    let account = account.ok_or("the person has no account")?;
    let viewer = store.directory().viewer_of(&account.person());
    Ok(TantivyIndex::new(mirror).search(&viewer, &Request::of(WORD))?.total)
}

/// An index that belongs to another store is built anew, though it has come no further than this one.
///
/// # Errors
/// If it is taken for this store's own.
pub async fn generation(without: Option<&str>) -> Held {
    let mut small = connected(Stack::of("tiny"), None).await;
    small.sync().await;
    small.stop();
    let mut stack = connected(Stack::of("demo"), None).await;
    stack.sync().await;
    stack.stop();
    let index = stack.data().join("index");
    let replaced = std::fs::remove_dir_all(&index).and_then(|()| copied(&small.data().join("index"), &index));
    replaced.unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    let _off = Off::here(without);
    let opened = Opened::at(&stack.data());
    for account in opened.accounts().values() {
        let viewer = opened.viewer(account);
        if opened.found(&opened.index, &viewer).counts != opened.counts(&opened.admitted(&viewer)) {
            return Err(format!("index and store differ for {}", account.email));
        }
    }
    Ok(())
}

fn copied(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
