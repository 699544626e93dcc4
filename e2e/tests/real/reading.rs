//! The texts in the store against a second reading of the files that the world was made from.

use crate::{Crawled, words};
use model::{Kind, Product};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

fn records(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("`{}`: {error}", file.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("each line is a record")).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Checks every document that has a text in the data. The number of words compared.
pub(crate) fn check(crawled: &Crawled, folder: &Path) -> usize {
    let issues = records(&folder.join(simulator::real::ISSUES));
    let bodies = records(&folder.join(simulator::real::BODIES));
    check_issues(crawled, &issues) + check_comments(crawled, &issues) + check_bodies(crawled, &bodies)
}

/// Title and text of an issue: exactly the words of summary, description, environment, and of the names of its
/// components, versions and resolution.
fn check_issues(crawled: &Crawled, issues: &[Value]) -> usize {
    let mut stored = BTreeMap::new();
    for document in crawled.documents.values().filter(|document| document.document.key.kind == Kind::Issue) {
        let inner = &document.document;
        let words = words::of(&format!("{}\n{}", inner.title, inner.body.text));
        stored.insert(inner.issue_key.clone().unwrap_or_default(), words);
    }
    let mut compared = 0;
    for issue in issues {
        let description = words::of_markdown(text(issue, "body_md"));
        let environment = words::of_markdown(text(issue, "environment"));
        let named = ["components", "versions", "fixVersions"].into_iter();
        let names = named.flat_map(|field| issue[field].as_array().into_iter().flatten().filter_map(Value::as_str));
        let names: Vec<&str> = names.chain([text(issue, "resolution")]).collect();
        let read = [text(issue, "summary"), &description, &environment, &names.join("\n")].join("\n");
        let read = words::of(&read);
        let key = text(issue, "title");
        assert_eq!(stored.get(key), Some(&read), "words of {key}");
        compared += read.values().sum::<usize>();
    }
    compared
}

/// Comments: each issue's, in order of their ids, exactly the words of the data.
fn check_comments(crawled: &Crawled, issues: &[Value]) -> usize {
    let mut stored: BTreeMap<String, BTreeMap<u64, words::Words>> = BTreeMap::new();
    for document in crawled.documents.values() {
        let inner = &document.document;
        if crawled.product(document) == Product::Jira && inner.key.kind == Kind::Comment {
            let of_issue = stored.entry(inner.issue_key.clone().unwrap_or_default()).or_default();
            of_issue.insert(inner.key.native.parse().expect("ids are numbers"), words::of(&inner.body.text));
        }
    }
    let mut compared = 0;
    for issue in issues {
        let read: Vec<words::Words> = issue["comments"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|comment| words::of(&words::of_markdown(text(comment, "body"))))
            .collect();
        let key = text(issue, "title");
        let stored: Vec<words::Words> = stored.remove(key).unwrap_or_default().into_values().collect();
        assert_eq!(stored, read, "comments of {key}");
        compared += read.iter().flat_map(words::Words::values).sum::<usize>();
    }
    compared
}

/// Bodies in storage format: every word of the second reading stands in the store, each body in one document.
///
/// The store may hold more: titles of panels, names of people and link targets, which no plain reading knows.
fn check_bodies(crawled: &Crawled, bodies: &[Value]) -> usize {
    let world = crawled.simulator.simulation.world();
    // The world keeps bodies as they are; equal ones are told apart by nothing, so any of their documents will do.
    let mut ids: BTreeMap<&str, VecDeque<u64>> = BTreeMap::new();
    let contents = world.confluence.content.values().map(|content| (&content.body, content.id));
    let comments = world.confluence.comments.values().map(|comment| (&comment.body, comment.id));
    for (body, id) in contents.chain(comments) {
        ids.entry(body).or_default().push_back(id);
    }
    let mut stored = BTreeMap::new();
    for document in crawled.documents.values().filter(|document| crawled.product(document) == Product::Confluence) {
        stored.insert(document.document.key.native.clone(), words::of(&document.document.body.text));
    }
    let (mut compared, mut lacking) = (0, Vec::new());
    for body in bodies {
        let storage = text(body, "storage");
        let id = ids.get_mut(storage).and_then(VecDeque::pop_front).expect("the body is in the world");
        let read = words::of(&words::of_storage(storage));
        let Some(stored) = stored.get(&id.to_string()) else { panic!("body {id} is not stored") };
        compared += read.values().sum::<usize>();
        let missing = words::missing(&read, stored);
        if !missing.is_empty() {
            lacking.push(format!("{id} ({}): {missing:?}", text(body, "source")));
        }
    }
    assert!(lacking.is_empty(), "{} bodies lack words in the store:\n{}", lacking.len(), lacking.join("\n"));
    compared
}
