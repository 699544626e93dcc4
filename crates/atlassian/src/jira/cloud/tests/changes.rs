//! Readings of changes and of structure, by states that cost a call per thousand issues.

use super::site::{Kept, Site, all, comment, documents, jira, project, read_all};
use access::{Clause, Group, Holder, Principal};
use model::{ClauseKey, DocumentKey, Kind, Millis, Origin, RunKind, Scope, Target};
use serde_json::{Value, json};
use sync::{Batch, Item, Reading, Source, Stream};

const SINCE: Reading = Reading::Changes { since: Millis(1_769_000_000_000) };

/// The state of an issue of the small site: `updated` is 2026-01-31T09:00:00-08:00.
fn state(id: u64) -> String {
    format!("1769878800000 ENG-{id} 10000 - -")
}

fn key(id: u64) -> DocumentKey {
    DocumentKey::new(Kind::Issue, id.to_string())
}

fn kept(stored: &[u64]) -> Kept {
    let versions = stored.iter().map(|id| (key(*id), state(*id))).collect();
    Kept { versions, ..Kept::holding(&[("10000", "ENG")]) }
}

fn read(batch: &Batch) -> Vec<u64> {
    documents(batch, Kind::Issue).into_iter().map(|document| document.key.native.parse().unwrap()).collect()
}

fn seen(batch: &Batch) -> Vec<String> {
    let native = |item: &Item| if let Item::Seen { key, .. } = item { Some(key.native.clone()) } else { None };
    batch.items.iter().filter_map(native).collect()
}

#[tokio::test]
async fn a_retry_may_read_whatever_a_full_run_may_owe() {
    let jira = jira(&Site::new().start().await, Scope::default());
    let streams = |kind| jira.plan(kind).into_iter().map(|(stream, _)| stream).collect::<Vec<_>>();
    assert_eq!(streams(RunKind::Retry), streams(RunKind::Full));
}

#[tokio::test]
async fn a_cycle_asks_by_epoch_and_reads_only_issues_in_another_state() {
    let double = Site::new().with(1, json!({})).with(2, json!({})).start().await;
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &SINCE, &kept(&[1])).await;
    assert_eq!((read(&batch), seen(&batch)), (vec![2], vec![]));
    let jql = double.asked("search/jql")[0].body["jql"].as_str().unwrap().to_owned();
    assert!(jql.contains("updated >= 1769000000000"), "unquoted, so that no time zone is read into it: {jql}");
    let bulk = double.asked("bulkfetch");
    assert_eq!(bulk.len(), 2, "one for states, one for the issue");
    assert_eq!(bulk[0].body["fields"], json!(["updated", "security", "project", "status", "archiveddate"]));
    assert_eq!(bulk[1].body["issueIdsOrKeys"], json!(["2"]));
    assert!(double.asked("approximate-count").is_empty());
}

#[tokio::test]
async fn an_issue_whose_state_cannot_be_understood_is_a_loss_that_is_read_again() {
    let mut site = Site::new().with(1, json!({}));
    site.issues.insert(2, json!({"id": "2", "key": 7, "fields": {"project": {"id": "10000"}}}));
    let double = site.start().await;
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &SINCE, &kept(&[])).await;
    assert_eq!(read(&batch), [1]);
    let losses: Vec<_> = batch.problems.iter().filter(|problem| problem.is_loss()).collect();
    assert_eq!(losses.len(), 1, "{:?}", batch.problems);
    assert_eq!(losses[0].target, Some(Target::Document(key(2))));
}

#[tokio::test]
async fn a_level_a_key_and_a_status_that_change_without_an_update_are_changes() {
    let level = json!({"security": {"id": "10021", "name": "Staff"}});
    let status = json!({"status": {"id": "3", "name": "In review", "statusCategory": {"key": "indeterminate"}}});
    let double = Site::new().with(1, json!({})).with(2, level).with(3, status).start().await;
    let mut known = kept(&[1, 2, 3]);
    let source = jira(&double, Scope::default());
    let batch = read_all(&source, Stream::Issues, &Reading::Structure, &known).await;
    assert_eq!((seen(&batch), read(&batch)), (vec!["1".to_owned()], vec![2, 3]));
    known.versions.insert(key(1), "1769878800000 OLD-1 10000 - -".to_owned());
    assert_eq!(read(&read_all(&source, Stream::Issues, &Reading::Structure, &known).await), [1, 2, 3]);
}

#[tokio::test]
async fn two_thousand_unchanged_issues_cost_three_calls() {
    let site = (1..=2000).fold(Site::new(), |site, id| site.with(id, json!({})));
    let double = site.start().await;
    let known = kept(&(1..=2000).collect::<Vec<_>>());
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &Reading::Structure, &known).await;
    assert_eq!((seen(&batch).len(), read(&batch).len()), (2000, 0));
    assert_eq!(double.asked("").len(), 3, "a page of ids and two of states");
}

#[tokio::test]
async fn more_changes_than_a_batch_holds_are_all_read() {
    let site = (1..=1300).fold(Site::new(), |site, id| site.with(id, json!({})));
    let double = site.start().await;
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &SINCE, &kept(&[])).await;
    assert_eq!(read(&batch), (1..=1300).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_issue_that_the_lagging_index_left_out_is_read_and_one_that_is_gone_is_proved() {
    let double = Site::new().with(3, json!({})).start().await;
    let mut known = kept(&[]);
    known.unlisted = vec![key(3), key(4), DocumentKey::new(Kind::Comment, "9")];
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &Reading::Structure, &known).await;
    assert!(read(&batch).contains(&3));
    let gone: Vec<_> = batch.items.iter().filter(|item| matches!(item, Item::Gone { .. })).collect();
    assert_eq!(gone, [&Item::Gone { key: key(4) }]);
    assert_eq!(double.asked("issue/4").len(), 3, "looked at three times");
}

#[tokio::test]
async fn what_is_missing_below_an_issue_is_judged_only_where_all_of_it_is_known() {
    let fine = comment(7, "fine", Value::Null);
    let with = |comments: Vec<Value>| json!({"comment": {"total": comments.len(), "comments": comments}});
    let site = Site::new().with(1, with(vec![fine.clone()])).with(2, with(vec![fine, json!({"id": "8", "author": 5})]));
    let double = site.start().await;
    let batch = all(&jira(&double, Scope::default()), Stream::Issues, &kept(&[])).await;
    let listed = |id: u64, kind: Kind| batch.items.contains(&Item::ChildrenListed { parent: key(id), kind });
    assert!(listed(1, Kind::Comment) && listed(1, Kind::Attachment) && listed(2, Kind::Attachment));
    assert!(!listed(2, Kind::Comment), "a comment that cannot be understood is not gone");
    let lost: Vec<_> = batch.problems.iter().filter(|problem| problem.is_loss()).collect();
    assert_eq!(lost[0].target, Some(Target::Document(DocumentKey::new(Kind::Comment, "8"))));
}

#[tokio::test]
async fn only_the_issues_that_are_owed_are_read_again() {
    let double = Site::new().with(1, json!({})).with(2, json!({})).start().await;
    let only = Reading::Only(vec![Target::Document(key(2))]);
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &only, &kept(&[])).await;
    assert_eq!(read(&batch), [2]);
    assert!(double.asked("search/jql").is_empty());
}

#[tokio::test]
async fn an_archived_issue_is_not_read_however_it_is_asked_for_and_is_not_taken_for_gone() {
    let double = Site::new().with(2, json!({"archiveddate": "2026-02-01T10:00:00.000+0000"})).start().await;
    let jira = jira(&double, Scope::default());
    let only = Reading::Only(vec![Target::Document(key(2))]);
    let owed = read_all(&jira, Stream::Issues, &only, &kept(&[])).await;
    assert_eq!((read(&owed), owed.problems.len()), (vec![], 0));
    let bulk = double.asked("issue/bulkfetch");
    assert!(bulk[0].body["fields"].as_array().unwrap().contains(&json!("archiveddate")), "{:?}", bulk[0].body);
    let mut known = kept(&[]);
    known.unlisted = vec![key(2)];
    let swept = read_all(&jira, Stream::Issues, &Reading::Structure, &known).await;
    let gone = swept.items.iter().any(|item| matches!(item, Item::Gone { .. }));
    assert!(!gone && double.asked("issue/2").is_empty(), "Jira has just given it");
}

#[tokio::test]
async fn a_project_whose_id_is_refused_is_owed_by_itself() {
    let mut site = Site::new().with(1, json!({}));
    site.projects = vec![project(10000, "ENG")];
    let double = site.start().await;
    let known = Kept::holding(&[("10000", "ENG"), ("10001", "GONE")]);
    let batch = read_all(&jira(&double, Scope::default()), Stream::Issues, &SINCE, &known).await;
    assert_eq!(read(&batch), [1]);
    let targets: Vec<_> = batch.problems.iter().filter_map(|problem| problem.target.clone()).collect();
    assert_eq!(targets, [Target::Container(model::ContainerKey("10001".to_owned()))]);
}

#[tokio::test]
async fn who_acts_in_a_role_that_comments_are_for_is_read_again_with_the_projects() {
    let double = Site::new().start().await;
    let role = ClauseKey::new(Origin::Audience, "role:10002@10000");
    let other = ClauseKey::new(Origin::Audience, "group:g-2");
    let known = Kept { clauses: vec![other, role.clone()], ..Kept::default() };
    let batch = all(&jira(&double, Scope::default()), Stream::Containers, &known).await;
    let group = Principal::new(super::site::SOURCE, Holder::Group(Group::Id("g-1".into())));
    assert!(batch.items.contains(&Item::Clause { key: role, clause: Clause::any_of([group]) }));
}
