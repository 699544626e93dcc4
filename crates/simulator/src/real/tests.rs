//! The loader over a few records of our own, in the shape of the real ones.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::oracle::{Kind, Object, Oracle};

fn records<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values.into_iter().map(|value| serde_json::from_value(value).unwrap()).collect()
}

fn issue(project: &str, number: u64, reporter: &str, comments: usize) -> Value {
    let comments: Vec<Value> = (0..comments)
        .map(|place| json!({"author": "Bo", "date": "2011-02-04T05:06:07.000-0500", "body": format!("note {place}\n")}))
        .collect();
    let other = format!("{project}-1");
    json!({
        "title": format!("{project}-{number}"), "summary": "Engine stalls", "tags": project, "type": "Improvement",
        "project": {"key": project, "title": "Engines"}, "status": "Pull Request", "priority": "Major",
        "resolution": "Fixed", "assignee": "Cy", "reporter": reporter, "date": "2011-02-03T04:05:06.700-0500",
        "updated": "2012-02-03T04:05:06.000+0100", "versions": ["1.0"], "fixVersions": [], "components": ["Pump"],
        "environment": null, "issueLinks": [{"type": "Related to", "key": other, "url": ""}],
        "attachments": [{"type": "image", "url": "", "filename": "pump.png"}], "comments": comments,
        "body_md": "It *stalls*.\n\n```java\nrun();\n```\n",
    })
}

fn body(class: &str, title: &str) -> Value {
    json!({"source": "ours+pages:a/b/entities.xml", "kind": "x", "contentClass": class, "title": title, "storage": "<p>x</p>"})
}

fn world() -> World {
    let issues = vec![issue("ENG", 1, "Al", 2), issue("ENG", 41, "Al", 1), issue("ENG", 97, "Bo", 0)];
    let bodies =
        vec![body("Comment", ""), body("Page", "Home"), body("Page", "home"), body("", ""), body("BlogPost", "News")];
    build(&records(issues), &records(bodies), Clock::frozen(0)).unwrap()
}

#[test]
fn an_issue_keeps_what_the_data_says() {
    let world = world();
    let issue = world.jira.issue("ENG-1").unwrap();
    assert_eq!((issue.number, issue.created, issue.updated), (1, 1_296_723_906_700, 1_328_238_306_000));
    let name = |id: &Option<crate::state::AccountId>| {
        world.directory.person(id.as_ref().unwrap()).unwrap().display_name.clone()
    };
    assert_eq!((name(&issue.reporter), name(&issue.assignee)), ("Al".to_owned(), "Cy".to_owned()));
    assert_eq!(world.jira.statuses[&issue.status].name, "Pull Request");
    assert_eq!(world.jira.issue_types[&issue.issue_type].name, "Improvement");
    assert_eq!(world.jira.priorities[&issue.priority.unwrap()], "Major");
    assert_eq!(world.jira.resolutions[&issue.resolution.unwrap()], "Fixed");
    let project = &world.jira.projects[&issue.project];
    assert_eq!(project.components[&issue.components[0]], "Pump");
    assert_eq!(project.versions[&issue.affects_versions[0]], "1.0");
    assert_eq!(project.last_number, 97);
    assert_eq!(crate::state::issue::adf_text(issue.description.as_ref().unwrap()).trim(), "It *stalls*.\nrun();");
    assert_eq!(world.jira.comments_of(issue.id).count(), 2);
    assert_eq!(world.jira.attachments_of(issue.id).count(), 1);
    let links: Vec<_> = world.jira.links_of(issue.id).map(|link| link.link_type.as_str()).collect();
    // ENG-1 names itself, and ENG-41 and ENG-97 name ENG-1; told twice, a link to oneself is one link with two ends.
    assert_eq!(links, ["Related to"; 3]);
}

#[test]
fn every_body_becomes_content_with_a_title_of_its_own() {
    let world = world();
    let mut titles: Vec<_> = world.confluence.content.values().map(|content| content.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Home", "News", "b", "home (2)"]);
    assert_eq!(world.confluence.comments.len(), 1);
}

#[test]
fn levels_and_projects_are_not_for_everybody() {
    let world = world();
    let oracle = Oracle::of(&world);
    let account = |name: &str| {
        world.directory.people.values().find(|person| person.display_name == name).unwrap().account_id.clone()
    };
    let sees = |name: &str, key: &str| {
        oracle.may_see(&account(name), Object::new(Kind::Issue, world.jira.issue(key).unwrap().id))
    };
    // Al is first by name, so of core and the lead; 41 divides 41, 97 divides 97.
    assert_eq!(["ENG-1", "ENG-41", "ENG-97"].map(|key| sees("Al", key)), [true, true, true]);
    assert_eq!(["ENG-1", "ENG-41", "ENG-97"].map(|key| sees("Cy", key)), [true, false, false]);
    assert_eq!(["ENG-1", "ENG-41", "ENG-97"].map(|key| sees("fossick", key)), [true, true, true]);
}

#[test]
fn a_date_that_is_none_names_the_issue() {
    let mut wrong = issue("ENG", 7, "Al", 0);
    wrong["date"] = json!("yesterday");
    let error = build(&records(vec![wrong]), &[], Clock::frozen(0)).unwrap_err().to_string();
    assert!(error.contains("ENG-7") && error.contains("yesterday"), "{error}");
}
