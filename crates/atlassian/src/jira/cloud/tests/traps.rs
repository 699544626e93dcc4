//! The traps of the sheet, each with what it would break.

use super::site::{Kept, Site, all, comment, crawl, documents, jira, project};
use crate::jira::double::{Asked, Double};
use model::{DocumentKey, Kind, ProblemKind, Scope, Target};
use serde_json::{Value, json};
use sync::{Item, Reading, Source, Stream};

#[tokio::test]
async fn trap_an_issue_carries_20_comments_at_most() {
    let comments: Vec<Value> = (0..125).map(|id| comment(1000 + id, &format!("c{id}"), json!(null))).collect();
    let embedded = json!({"comments": comments[..20], "total": 125, "maxResults": 20, "startAt": 0});
    let mut site = Site::new().with(1, json!({"comment": embedded})).with(2, json!({}));
    site.comments.insert(1, comments);
    let double = site.start().await;
    let (_, batch) = crawl(&double).await;
    let found = documents(&batch, Kind::Comment);
    assert_eq!(found.len(), 125);
    assert_eq!(found[124].body.text, "c124");
    assert_eq!(double.asked("/comment").len(), 2, "pages of 100, and only where some are missing");
}

#[tokio::test]
async fn a_comment_that_breaks_its_page_costs_itself_only() {
    let comments: Vec<Value> = (0..125).map(|id| comment(1000 + id, &format!("c{id}"), json!(null))).collect();
    let embedded = json!({"comments": comments[..20], "total": 125, "maxResults": 20, "startAt": 0});
    let mut site = Site::new().with(1, json!({"comment": embedded})).with(2, json!({}));
    site.comments.insert(1, comments);
    let holds = |asked: &Asked, at: usize| {
        asked.path.ends_with("/comment")
            && (asked.number("startAt")..).take(asked.number("maxResults")).any(|n| n == at)
    };
    let double = Double::start_cutting(move |asked| holds(asked, 57), move |asked| site.answer(asked)).await;
    let (_, batch) = crawl(&double).await;
    let found: Vec<&str> = documents(&batch, Kind::Comment).iter().map(|comment| comment.body.text.as_str()).collect();
    assert_eq!((found.len(), found.contains(&"c57"), found.last()), (124, false, Some(&"c124")));
    assert_eq!(documents(&batch, Kind::Issue).len(), 2);
    let [problem] = batch.problems.as_slice() else { panic!("{:?}", batch.problems) };
    assert_eq!(problem.item, "comment 58 of issue 1, counted from the oldest");
    assert_eq!(problem.target, Some(Target::Document(DocumentKey::new(Kind::Issue, "1"))));
}

#[tokio::test]
async fn an_issue_whose_comments_all_break_keeps_those_that_came_with_it_and_is_owed() {
    let comments: Vec<Value> = (0..40).map(|id| comment(1000 + id, &format!("c{id}"), json!(null))).collect();
    let embedded = json!({"comments": comments[..20], "total": 40, "maxResults": 20, "startAt": 0});
    let site = Site::new().with(1, json!({"comment": embedded})).with(2, json!({}));
    let double = Double::start_cutting(|asked| asked.path.ends_with("/comment"), move |asked| site.answer(asked)).await;
    let (_, batch) = crawl(&double).await;
    assert_eq!((documents(&batch, Kind::Issue).len(), documents(&batch, Kind::Comment).len()), (2, 20));
    let [problem] = batch.problems.as_slice() else { panic!("{:?}", batch.problems) };
    assert_eq!((problem.item.as_str(), problem.is_loss(), problem.target.is_some()), ("issue 1", true, true));
}

#[tokio::test]
async fn trap_bulkfetch_leaves_out_what_it_may_not_show() {
    let mut site = Site::new().with(1, json!({})).with(2, json!({}));
    site.missing = vec![2];
    let double = site.start().await;
    let (_, batch) = crawl(&double).await;
    assert_eq!(documents(&batch, Kind::Issue).len(), 1);
    let [problem] = batch.problems.as_slice() else { panic!("{:?}", batch.problems) };
    assert_eq!(problem.kind, ProblemKind::Notice, "whether it is gone is judged by the whole listing");
    assert!(problem.reason.contains("(2)"), "{}", problem.reason);
}

#[tokio::test]
async fn trap_without_names_of_fields_only_ids_come() {
    let double = Site::new().with(1, json!({})).start().await;
    crawl(&double).await;
    let listing = &double.asked("search/jql")[0].body;
    assert_eq!((&listing["fields"], &listing["maxResults"]), (&json!(["id"]), &json!(5000)));
    assert_eq!(listing["jql"], "project in (10000) ORDER BY created ASC, key ASC", "bounded, by id");
    let bulk = &double.asked("bulkfetch")[0].body;
    let fields: Vec<&str> = bulk["fields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap()).collect();
    for field in ["summary", "description", "security", "comment", "attachment", "reporter", "customfield_1"] {
        assert!(fields.contains(&field), "{field}");
    }
    assert!(!fields.iter().any(|field| field.starts_with('*')));
}

#[tokio::test]
async fn trap_administrators_see_projects_that_they_may_not_browse() {
    let double = Site::new().start().await;
    crawl(&double).await;
    let asked = &double.asked("project/search")[0].query;
    assert_eq!(asked["action"], "browse");
    assert!(!asked.contains_key("status"), "archived ones only when wanted");
}

#[tokio::test]
async fn trap_a_page_of_projects_holds_100() {
    let mut site = Site::new();
    site.projects = (0..230).map(|number| project(20000 + number, &format!("P{number}"))).collect();
    let double = site.start().await;
    let scope = Scope { exclude: vec!["p7".into()], ..Scope::default() };
    let batch = all(&jira(&double, scope), Stream::Containers, &Kept::default()).await;
    let containers = batch.items.iter().filter(|item| matches!(item, Item::Container(_))).count();
    assert_eq!((containers, double.asked("project/search").len()), (229, 3));
    assert_eq!(
        double.asked("/permissionscheme").len(),
        1 + 229,
        "schemes are listed once, excluded projects not asked"
    );
}

#[tokio::test]
async fn trap_a_pause_of_the_source_is_no_refusal() {
    let double = Site::new().instead("issuesecurityschemes", 503, json!({})).start().await;
    let read = jira(&double, Scope::default()).read(Stream::Containers, &Reading::Whole, None, &Kept::default()).await;
    assert!(read.unwrap_err().is_transient(), "nothing may be hidden because of it");
}

/// The figure `crawl-cost`, on a site of its size.
#[tokio::test]
async fn a_thousand_issues_cost_at_most_45_calls() {
    let three = |id: u64| {
        let comments: Vec<Value> = (0..3).map(|n| comment(100_000 + id * 3 + n, "c", json!(null))).collect();
        json!({"comment": {"comments": comments, "total": 3}})
    };
    let mut site = (1..=1000).fold(Site::new(), |site, id| site.with(id, three(id)));
    site.projects = (0..5).map(|number| project(10000 + number, &format!("P{number}"))).collect();
    let groups: Vec<Value> = (0..10).map(|n| json!({"name": format!("g{n}"), "groupId": format!("g-{n}")})).collect();
    let users: Vec<Value> = (0..48).map(|n| json!({"accountId": format!("acc-{n}"), "active": true})).collect();
    let page = |values: &[Value]| super::site::values(values);
    let site = site.instead("group/bulk", 200, page(&groups)).instead("group/member", 200, page(&users)).instead(
        "applicationrole",
        200,
        json!([{"key": "jira-software", "groupDetails": [groups[0]], "defined": true}]),
    );
    let double = crate::jira::double::Double::start({
        let site = site.clone();
        move |asked| match (asked.path.ends_with("users/search"), asked.number("startAt")) {
            (true, 0) => (200, json!(users)),
            (true, _) => (200, json!([])),
            (false, _) => site.answer(asked),
        }
    })
    .await;
    let (source, kept) = (jira(&double, Scope::default()), Kept::default());
    let directory = all(&source, Stream::Directory, &kept).await;
    let containers = all(&source, Stream::Containers, &kept).await;
    let fixed = source.calls();
    let issues = all(&source, Stream::Issues, &kept).await;
    assert_eq!(documents(&issues, Kind::Issue).len() + documents(&issues, Kind::Comment).len(), 4000);
    assert!(directory.problems.is_empty() && containers.problems.is_empty() && issues.problems.is_empty());
    println!("directory and containers {fixed} calls, issues {} calls", source.calls() - fixed);
    assert!(source.calls() <= 45, "{} calls", source.calls());
}
