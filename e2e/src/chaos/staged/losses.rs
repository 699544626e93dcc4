//! Stages of what cannot be read, and of what comes back.

use super::{Held, Off, change, connected, run};
use crate::proxy::{Fault, Rule};
use crate::stack::Stack;
use model::Kind;
use serde_json::json;

/// Answers in which the record of this number has an id that no record has.
fn unreadable(id: &str) -> Rule {
    let (from, to) = (format!("\"id\":\"{id}\""), "\"id\":{\"broken\":true}".to_owned());
    Rule { path: "/footer-comments", after: 0, times: usize::MAX, fault: Fault::Replace(from, to) }
}

/// Runs, though it may miss something.
async fn run_with_losses(stack: &Stack, kind: &str) {
    let ran = stack.run_beside(&["sync", "--kind", kind], "").await;
    assert!(stack.proxy().spoilt() > 0, "no answer was spoilt: {ran:?}");
}

/// A complete listing in which a record cannot be read says nothing about what it left out.
///
/// # Errors
/// If something is hidden because of it.
pub async fn loss_judges_nothing(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo").proxied(), without).await;
    stack.sync().await;
    let comments = stack.company.world.confluence.comments.values();
    let victim = comments.into_iter().find(|comment| !comment.is_inline()).map(|comment| comment.id.to_string());
    let victim = victim.unwrap_or_else(|| panic!("no comment"));
    stack.proxy().spoil(vec![unreadable(&victim)]);
    run_with_losses(&stack, "sweep").await;
    let opened = stack.open();
    let sources =
        opened.store.sources().unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
    for source in sources {
        let hidden = opened.store.hidden_documents(source.id, None, None, 999, |_| false);
        let hidden = hidden.unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"));
        if hidden.iter().any(|hidden| hidden.key.native == victim) {
            return Err(format!("comment {victim} is hidden because it could not be read"));
        }
    }
    Ok(())
}

/// With an issue that was gone and comes back unchanged its comments come back.
///
/// # Errors
/// If they do not.
pub async fn issue_comes_back(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), without).await;
    stack.sync().await;
    let jira = &stack.company.world.jira;
    let readable = stack.site.oracle(&stack.company.service).await;
    let seen = |kind, id: u64| readable.contains(&crate::people::Thing::jira(kind, id));
    let comment = jira.comments.values().find(|comment| {
        let open = jira.issues.get(&comment.issue).is_some_and(|issue| !issue.archived);
        open && seen(Kind::Issue, comment.issue) && seen(Kind::Comment, comment.id)
    });
    let (comment, issue) =
        comment.map_or_else(|| panic!("no comment"), |comment| (comment.id.to_string(), comment.issue));
    let sent = json!({"issueIdsOrKeys": [issue.to_string()]});
    change(&stack, "PUT", "/rest/api/3/issue/archive", &sent).await;
    run(&stack, "sweep").await;
    run(&stack, "sweep").await;
    change(&stack, "PUT", "/rest/api/3/issue/unarchive", &sent).await;
    run(&stack, "sweep").await;
    let opened = stack.open();
    let back = |kind: Kind, native: &str| {
        let mut all = opened.documents.values().map(|stored| &stored.document.key);
        all.any(|key| key.kind == kind && key.native == native)
    };
    if !back(Kind::Issue, &issue.to_string()) {
        return Err(format!("issue {issue} has not come back"));
    }
    let hidden = opened
        .store
        .sources()
        .unwrap_or_else(|error| panic!("the store or its index does not answer: {error}"))
        .into_iter()
        .any(|source| {
            let hidden = opened.store.hidden_documents(source.id, None, None, 999, |_| false).unwrap_or_default();
            hidden.iter().any(|hidden| hidden.key.kind == Kind::Comment && hidden.key.native == comment)
        });
    let shown = back(Kind::Comment, &comment) && !hidden;
    if shown { Ok(()) } else { Err(format!("comment {comment} has not come back with issue {issue}")) }
}

/// With a project that is archived everything in it is hidden at once, though nothing is asked about it any more.
///
/// # Errors
/// If somebody still sees something of it.
pub async fn outside_hides(without: Option<&str>) -> Held {
    let mut stack = connected(Stack::of("demo"), without).await;
    stack.sync().await;
    let jira = &stack.company.world.jira;
    let issues = |project: u64| jira.issues.values().filter(|issue| issue.project == project).count();
    let fullest = jira.projects.values().filter(|project| !project.archived && !project.deleted);
    let fullest = fullest.max_by_key(|project| issues(project.id)).map(|project| project.key.clone());
    let project = fullest.unwrap_or_else(|| panic!("no project"));
    change(&stack, "POST", &format!("/rest/api/3/project/{project}/archive"), &json!({})).await;
    run(&stack, "sweep").await;
    // What is opened here is read by this process.
    let _off = Off::here(without);
    let opened = stack.open();
    let inside: Vec<_> = opened.documents.values().filter(|stored| stored.container_key == project).collect();
    assert!(!inside.is_empty(), "nothing of project {project} is stored any more");
    for account in opened.accounts().values() {
        let (viewer, access) = (opened.viewer(account), opened.access());
        let shown = inside.iter().filter(|stored| access.admits(&viewer, stored.docno)).count();
        if shown > 0 {
            return Err(format!("{} still sees {shown} documents of the archived project {project}", account.email));
        }
    }
    Ok(())
}
