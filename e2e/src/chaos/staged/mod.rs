//! Safeguards whose moment chance seldom meets, each on a stage of its own: what it keeps from happening nearly happens.
//!
//! A stage is played with all safeguards by a test, and must hold; `chaos --mutants` plays it without the one, and then it
//! must not ([`mutants`](super::mutants)).

mod index;
mod losses;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

pub use self::index::{generation, old_and_new, waits_after_restart};
pub use self::losses::{issue_comes_back, loss_judges_nothing, outside_hides};
use super::hub::Hub;
use crate::opened::Opened;
use crate::people::Thing;
use crate::stack::{Setting, Stack};
use crate::waiting;
use model::{DocumentKey, Kind, Product};
use serde_json::{Value, json};
use simulator::state::content::Container;

/// How a stage ended: what went wrong, in words.
pub type Held = Result<(), String>;

/// A word that stands nowhere in the company.
const WORD: &str = "zwetschgenmus";
/// Another one.
const OTHER: &str = "quittenbrot";
/// How long a run of the small company may take.
const RUN: Duration = Duration::from_secs(120);

/// A company with a hub that knows everybody and is connected. `without` names the safeguard that is off.
async fn connected(setting: Setting, without: Option<&str>) -> Stack {
    let mut stack = setting.without(without).start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack
}

async fn run(stack: &Stack, kind: &str) {
    stack.run_beside(&["sync", "--kind", kind], "").await.ended(0);
}

/// A change that somebody of the company may make, and its answer.
async fn change(stack: &Stack, method: &str, path: &str, body: &Value) -> Value {
    for person in stack.company.people.iter().filter(|person| person.active && !person.app) {
        if let Ok(answer) = stack.site.write(person, method, path, body.clone()).await {
            return answer;
        }
    }
    panic!("nobody may {method} {path}");
}

fn has_word(opened: &Opened, word: &str) -> bool {
    opened.documents.values().any(|stored| stored.document.own_title().contains(word))
}

/// An edit that the source's search has not indexed yet when changes are asked for is found by asking again for what came
/// shortly before the last look.
///
/// # Errors
/// If the edit is not found.
pub async fn overlap(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), without).await;
    stack.sync().await;
    let open = stack.company.world.jira.issues.values().find(|issue| issue.security.is_none() && !issue.archived);
    let issue = open.map_or_else(|| panic!("no open issue"), |issue| issue.id);
    stack.site.turn("switches", json!({"search_lag_ms": 600_000})).await;
    let fields = json!({"fields": {"summary": format!("About {WORD}")}});
    change(&stack, "PUT", &format!("/rest/api/3/issue/{issue}"), &fields).await;
    // The source tells its time in whole seconds.
    stack.site.turn("clock", json!({"advance": 60_000})).await;
    run(&stack, "incremental").await;
    stack.site.turn("switches", json!({"search_lag_ms": 0})).await;
    run(&stack, "incremental").await;
    let opened = stack.open();
    if has_word(&opened, WORD) { Ok(()) } else { Err(format!("the edit of issue {issue} was never read")) }
}

/// A crawl that is killed again and again goes on from its last batch, and lacks none.
///
/// # Errors
/// If something is missing once it has ended.
pub async fn checkpoint_with_items(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo").latency(60), without).await;
    let hub = Hub::reached(&stack).await;
    let address = hub.base.trim_start_matches("http://").to_owned();
    for source in hub.sources() {
        hub.start(source, "full").await.unwrap_or_else(|why| panic!("the crawl does not start: {why}"));
    }
    // Each life ends after a few more calls than the one before, so that every stage of a crawl is hit.
    for more in [3, 7, 12, 5, 18, 9, 25] {
        let (start, end) = (stack.site.calls().await, Instant::now() + Duration::from_secs(30));
        while stack.site.calls().await < start + more && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stack.kill();
        stack.serve_again_at(&address);
    }
    stack.site.turn("latency", json!({"ms": 0})).await;
    for source in hub.sources() {
        let idle = async || hub.idle(source).await.then_some(());
        waiting::until("the end of the crawl", RUN, idle).await;
    }
    let scope = stack.company.in_scope(false);
    let oracle = stack.site.oracle(&stack.company.service).await;
    let opened = stack.open();
    let stored: BTreeSet<Thing> = opened.documents.values().map(|document| opened.thing(document)).collect();
    let lost: Vec<String> =
        oracle.intersection(&scope).filter(|thing| !stored.contains(thing)).map(ToString::to_string).collect();
    if lost.is_empty() { Ok(()) } else { Err(format!("lost {}: {}", lost.len(), lost[..lost.len().min(5)].join(", "))) }
}

/// What one complete listing has left out is hidden, and not deleted before a second one leaves it out, too.
///
/// # Errors
/// If it was deleted at once.
pub async fn two_listings(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), without).await;
    stack.sync().await;
    let readable = stack.site.oracle(&stack.company.service).await;
    let confluence = &stack.company.world.confluence;
    let leaf = confluence.comments.values().find(|comment| {
        let answered = confluence.comments.values().any(|other| other.parent == Some(comment.id));
        let on_page = matches!(comment.container, Container::Content(_));
        on_page && !answered && !comment.is_inline() && readable.contains(&Thing::confluence(Kind::Comment, comment.id))
    });
    let comment = leaf.map_or_else(|| panic!("no comment without an answer"), |comment| comment.id);
    change(&stack, "DELETE", &format!("/wiki/api/v2/footer-comments/{comment}"), &Value::Null).await;
    run(&stack, "sweep").await;
    let opened = stack.open();
    let sources =
        opened.store.sources().unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    let source = sources.iter().find(|source| source.settings.product == Product::Confluence);
    let source = source.map_or_else(|| panic!("Confluence is not connected"), |source| source.id);
    let key = DocumentKey::new(Kind::Comment, comment.to_string());
    let stored = opened
        .store
        .document_by_key(source, &key)
        .unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    let hidden = opened
        .store
        .hidden_documents(source, None, None, 999, |_| false)
        .unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    assert!(
        stored.is_none() || hidden.iter().any(|hidden| hidden.key == key),
        "the sweep has not missed comment {comment}"
    );
    stored.map_or_else(|| Err(format!("comment {comment} was deleted after one listing")), |_| Ok(()))
}

/// A safeguard of this process that is off until dropped.
struct Off;

impl Off {
    #[cfg(feature = "mutants")]
    fn here(without: Option<&str>) -> Self {
        access::mutants::switch_off(without.unwrap_or_default());
        Self
    }

    #[cfg(not(feature = "mutants"))]
    fn here(without: Option<&str>) -> Self {
        assert!(without.is_none(), "this build has no switches");
        Self
    }
}

impl Drop for Off {
    fn drop(&mut self) {
        #[cfg(feature = "mutants")]
        access::mutants::switch_on_all();
    }
}
