//! What an issue becomes, and how the stream goes on.

use super::site::{Kept, SOURCE, Site, adf, all, comment, crawl, documents, issue, jira, project};
use access::{DynamicHolder, Principal};
use model::{ClauseKey, DocumentKey, Kind, Millis, NodeKey, NodeKind, Origin, ProblemKind, Scope};
use serde_json::json;
use std::collections::BTreeSet;
use sync::{Checkpoint, Item, Reading, Source, Stream};

fn rich() -> serde_json::Value {
    let body = json!({"type": "doc", "version": 1, "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Why"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "keys leak"}]},
        {"type": "codeBlock", "content": [{"type": "text", "text": "rotate()"}]}]});
    json!({
        "summary": "Rotate keys", "description": body, "environment": adf("prod"), "customfield_3": "free text",
        "status": {"name": "Doing", "statusCategory": {"key": "indeterminate"}}, "issuetype": {"name": "Bug"},
        "priority": {"name": "High"}, "labels": ["sec"],
        "reporter": {"accountId": "acc-1", "displayName": "Ana"}, "assignee": {"accountId": "acc-2", "displayName": "Bo"},
        "creator": {"accountId": "acc-3", "displayName": "Cy"}, "customfield_1": {"accountId": "acc-4"},
        "customfield_2": [{"name": "x", "groupId": "g-7"}, {"name": "y", "groupId": "g-8"}],
        "security": {"id": "10021", "name": "Staff"}, "parent": {"id": "9", "fields": {"summary": "hidden parent"}},
        "issuelinks": [{"id": "1", "type": {"name": "Blocks"}, "outwardIssue": {"id": "8", "fields": {"summary": "hidden link"}}}],
        "subtasks": [{"id": "6", "fields": {"summary": "hidden child"}}],
        "comment": {"comments": [comment(20001, "done", json!(null))], "total": 1},
        "attachment": [{"id": "301", "filename": "plan.pdf", "author": {"accountId": "acc-1", "displayName": "Ana"},
            "created": "2026-01-30T10:00:00.000+0000", "size": 123, "mimeType": "application/pdf",
            "content": "https://api.atlassian.com/ex/jira/cid/rest/api/3/attachment/content/301"}]
    })
}

#[tokio::test]
async fn an_issue_becomes_documents_under_its_node() {
    let double = Site::new().with(10, rich()).start().await;
    let (_, batch) = crawl(&double).await;
    let node = NodeKey::new(NodeKind::Issue, "10");
    let found = documents(&batch, Kind::Issue)[0];
    assert_eq!((found.title.as_str(), found.issue_key.as_deref()), ("Rotate keys", Some("ENG-10")));
    assert_eq!(found.url, "https://acme.atlassian.net/browse/ENG-10");
    assert_eq!(found.updated, Millis(1_769_878_800_000), "the caller's offset counts");
    assert_eq!(found.body.headings, "Why");
    assert_eq!(found.body.code, "rotate()");
    for text in ["keys leak", "prod", "free text", "rotate()"] {
        assert!(found.body.text.contains(text), "{text} in {:?}", found.body.text);
    }
    let whole = format!("{batch:?}");
    for hidden in ["hidden parent", "hidden link", "hidden child"] {
        assert!(!whole.contains(hidden), "text of another issue: {hidden}");
    }
    let relations: BTreeSet<_> = found.facts.relations.iter().map(|key| key.native.as_str()).collect();
    assert_eq!(relations, BTreeSet::from(["6", "8", "9"]));
    assert_eq!(found.facts.status_category.as_deref(), Some("indeterminate"));
    assert_eq!(found.facts.author.as_ref().unwrap().name, "Cy");
    let comment = documents(&batch, Kind::Comment)[0];
    assert_eq!((comment.title.as_str(), comment.body.text.as_str()), ("Rotate keys", "done"));
    assert_eq!(comment.url, "https://acme.atlassian.net/browse/ENG-10?focusedCommentId=20001");
    let file = documents(&batch, Kind::Attachment)[0];
    assert_eq!((file.title.as_str(), file.facts.size), ("plan.pdf", Some(123)));
    assert_eq!(file.url, "https://acme.atlassian.net/rest/api/3/attachment/content/301");
    for document in [found, comment, file] {
        assert_eq!((&document.node, &document.audience, document.container.0.as_str()), (&node, &None, "10000"));
    }
    assert_eq!(comment.parent, Some(DocumentKey::new(Kind::Issue, "10")));
    assert_eq!(batch.problems, []);
}

#[tokio::test]
async fn an_issue_has_the_words_of_its_short_fields() {
    let short = json!({
        "description": adf("keys leak"), "labels": ["sec"], "duedate": "2026-03-01",
        "components": [{"id": "1", "name": "Login page"}], "versions": [{"id": "2", "name": "4.1"}],
        "fixVersions": [{"id": "3", "name": "4.2"}], "resolution": {"id": "4", "name": "Won't do"},
        "customfield_4": {"id": "5", "value": "Europe", "child": {"id": "6", "value": "Berlin"}},
        "customfield_5": [{"id": "7", "value": "Red"}, {"id": "8"}, {"id": "9", "value": "Blue"}],
    });
    let double = Site::new().with(10, short).start().await;
    let (_, batch) = crawl(&double).await;
    let lines: Vec<&str> = documents(&batch, Kind::Issue)[0].body.text.lines().collect();
    let expected = ["keys leak", "Login page", "4.1", "4.2", "Won't do", "2026-03-01", "sec"];
    assert_eq!(lines, [&expected[..], &["Europe", "Berlin", "Red", "Blue"]].concat());
    let [problem] = batch.problems.as_slice() else { panic!("{:?}", batch.problems) };
    assert_eq!((problem.kind, problem.item.as_str()), (ProblemKind::Notice, "field customfield_5 of issue ENG-10"));
    let asked = &double.asked("bulkfetch")[0].body["fields"];
    for field in ["components", "versions", "fixVersions", "resolution", "duedate", "customfield_4"] {
        assert!(asked.as_array().unwrap().contains(&json!(field)), "{field} in {asked}");
    }
}

#[tokio::test]
async fn the_node_hangs_under_its_project_with_its_level_and_its_people() {
    let double = Site::new().with(10, rich()).start().await;
    let (_, batch) = crawl(&double).await;
    let node = NodeKey::new(NodeKind::Issue, "10");
    let parent = Some(NodeKey::new(NodeKind::Project, "10000"));
    assert!(batch.items.contains(&Item::Place { node: node.clone(), parent }));
    let account = |id| Principal::account(SOURCE, id);
    let group_field = || DynamicHolder::GroupField("customfield_2".into());
    let inline = vec![
        (DynamicHolder::Reporter, account("acc-1")),
        (DynamicHolder::Assignee, account("acc-2")),
        (DynamicHolder::UserField("customfield_1".into()), account("acc-4")),
        (group_field(), Principal::group(SOURCE, "g-7")),
        (group_field(), Principal::group(SOURCE, "g-8")),
    ];
    let own = vec![ClauseKey::new(Origin::SecurityLevel, "10021@10000")];
    assert!(batch.items.contains(&Item::Layers { node, own, inline }), "{:?}", batch.items);
}

fn many(count: u64, page: usize) -> Site {
    let mut site = (1..=count).fold(Site::new(), |site, id| site.with(id, json!({})));
    site.page = page;
    site
}

fn ids(items: &[Item]) -> Vec<u64> {
    let ids = items.iter().filter_map(|item| match item {
        Item::Document(document) if document.key.kind == Kind::Issue => document.key.native.parse().ok(),
        _ => None,
    });
    ids.collect()
}

#[tokio::test]
async fn every_issue_comes_once_over_all_pages() {
    let double = many(1150, 500).start().await;
    let (_, batch) = crawl(&double).await;
    let found = ids(&batch.items);
    assert_eq!(found.len(), 1150);
    assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), (1..=1150).collect());
    assert_eq!(double.asked("search/jql").len(), 3);
    assert_eq!(double.asked("approximate-count").len(), 1, "asked once, because one page does not hold all");
    assert_eq!(batch.expected, Some(1150));
}

#[tokio::test]
async fn a_restart_goes_on_behind_the_last_issue_even_if_the_page_has_shifted() {
    let kept = Kept::holding(&[("10000", "ENG")]);
    let before = many(900, 900).start().await;
    let first = jira(&before, Scope::default()).read(Stream::Issues, &Reading::Whole, None, &kept).await.unwrap();
    let Checkpoint::At(cursor) = &first.checkpoint else { panic!("{:?}", first.checkpoint) };
    // Meanwhile an issue that was read is deleted, and one is created.
    let mut site = many(901, 901);
    site.issues.remove(&7);
    let after = site.start().await;
    let source = jira(&after, Scope::default());
    let mut found: BTreeSet<u64> = ids(&first.items).into_iter().collect();
    let mut cursor = Some(cursor.clone());
    while let Some(at) = cursor {
        let batch = source.read(Stream::Issues, &Reading::Whole, Some(&at), &kept).await.unwrap();
        let read = ids(&batch.items);
        assert!(read.iter().all(|id| found.insert(*id)), "an issue twice");
        cursor = match batch.checkpoint {
            Checkpoint::At(next) => Some(next),
            Checkpoint::Complete => None,
        };
    }
    assert_eq!(found, (1..=901).collect());
}

#[tokio::test]
async fn a_refused_token_lists_again_and_loses_nothing() {
    let kept = Kept::holding(&[("10000", "ENG")]);
    let mut site = many(600, 300);
    site.refused_tokens = vec!["300"];
    let expired = site.clone().start().await;
    let cursor = sync::Cursor(r#"{"first":0,"width":1,"token":"300","after":450}"#.to_owned());
    let batch =
        jira(&expired, Scope::default()).read(Stream::Issues, &Reading::Whole, Some(&cursor), &kept).await.unwrap();
    assert_eq!(ids(&batch.items), (1..=300).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_project_that_is_gone_does_not_hide_the_others() {
    let mut site = many(5, 5000);
    site.projects.push(project(10002, "OPS"));
    site.issues.insert(6, issue(6, 10002, json!({})));
    let double = site.start().await;
    let kept = Kept::holding(&[("10000", "ENG"), ("10001", "GONE"), ("10002", "OPS")]);
    let batch = all(&jira(&double, Scope::default()), Stream::Issues, &kept).await;
    assert_eq!(ids(&batch.items).into_iter().collect::<BTreeSet<_>>(), (1..=6).collect());
    let losses: Vec<_> = batch.problems.iter().filter(|problem| problem.is_loss()).collect();
    assert_eq!(losses.len(), 1, "{:?}", batch.problems);
    assert_eq!((losses[0].kind, losses[0].item.as_str()), (ProblemKind::Call, "issues of project 10001"));
}

#[tokio::test]
async fn one_malformed_issue_comment_or_file_costs_itself_only() {
    let broken = json!({"comment": {"comments": [{"id": "7", "visibility": "all"}, comment(8, "x", json!(null))], "total": 2},
        "attachment": [{"id": "9"}, {"id": "10", "filename": "a.txt"}]});
    let mut site = Site::new().with(1, broken).with(3, json!({}));
    site.issues.insert(2, json!({"id": "2", "key": 7, "fields": {"project": {"id": "10000"}}}));
    let double = site.start().await;
    let (_, batch) = crawl(&double).await;
    assert_eq!(ids(&batch.items), [1, 3]);
    assert_eq!(documents(&batch, Kind::Comment)[0].key.native, "8");
    assert_eq!(documents(&batch, Kind::Attachment)[0].key.native, "10");
    assert_eq!(
        batch.problems.iter().filter(|problem| problem.kind == ProblemKind::Record).count(),
        3,
        "{:?}",
        batch.problems
    );
}

#[tokio::test]
async fn an_empty_scope_is_a_complete_listing() {
    let double = Site::new().start().await;
    let batch = all(&jira(&double, Scope::default()), Stream::Issues, &Kept::default()).await;
    assert_eq!((batch.items.len(), double.asked("").len()), (0, 0));
}
