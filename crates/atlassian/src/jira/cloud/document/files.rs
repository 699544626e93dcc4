//! Files that came through a restricted comment have that comment's audience (sheet section 4.1).
//!
//! Jira lists them with the other files and does not say which comment they belong to. The comment's text does:
//! it shows the file, most often with its name as the alternative text. Where that is missing or names no file of the
//! issue, since people may write another, every file of the comment's author counts: hiding too much is the safe side.
//! Where a comment could not be read, it may show any file.

use crate::jira::cloud::wire::{Attachment, Comment};
use model::{ClauseKey, Origin};
use serde_json::Value;
use std::collections::BTreeSet;

/// The restricted comments of one issue, as far as they show files.
#[derive(Debug, Default)]
pub(crate) struct Carriers {
    named: Vec<Shown>,
    by_author: Vec<(Option<String>, ClauseKey)>,
    /// Whether a comment is missing, of which nobody knows what it shows.
    unread: bool,
}

/// A file that a restricted comment shows.
#[derive(Debug)]
struct Shown {
    name: String,
    author: Option<String>,
    audience: ClauseKey,
}

impl Carriers {
    /// Notes a restricted comment.
    pub(crate) fn add(&mut self, comment: &Comment, audience: &ClauseKey) {
        let mut open = vec![&comment.body];
        while let Some(node) = open.pop() {
            if node.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("media")) {
                self.show(node, comment, audience);
            }
            open.extend(node.get("content").and_then(Value::as_array).into_iter().flatten());
        }
    }

    fn show(&mut self, node: &Value, comment: &Comment, audience: &ClauseKey) {
        let Some(attributes) = node.get("attrs").filter(|attributes| attributes.get("id").is_some()) else { return };
        let author = comment.author.as_ref().and_then(|author| author.account_id.clone());
        let audience = audience.clone();
        match attributes.get("alt").and_then(Value::as_str).filter(|name| !name.is_empty()) {
            Some(name) => self.named.push(Shown { name: name.to_owned(), author, audience }),
            None => self.by_author.push((author, audience)),
        }
    }

    /// Notes that a comment of the issue could not be read.
    pub(crate) fn miss(&mut self) {
        self.unread = true;
    }

    /// Compares what comments show with the files that the issue has.
    pub(crate) fn settle(&mut self, files: &[Attachment]) {
        let there = |shown: &mut Shown| files.iter().any(|file| file.filename == shown.name);
        let elsewhere = self.named.extract_if(.., |shown| !there(shown));
        self.by_author.extend(elsewhere.map(|shown| (shown.author, shown.audience)));
    }

    /// The audience of a file; `None` when no restricted comment shows it.
    ///
    /// The second part tells that nobody sees it: because comments of different audiences show it, and a document has one
    /// audience of its own at most, or because a comment that may show it could not be read.
    pub(crate) fn audience(&self, file: &Attachment, project: &str) -> Option<(ClauseKey, bool)> {
        if self.unread {
            return Some((ClauseKey::new(Origin::Audience, format!("unread@{project}")), true));
        }
        let author = file.author.as_ref().and_then(|author| author.account_id.as_ref());
        let named = self.named.iter().filter(|shown| shown.name == file.filename).map(|shown| &shown.audience);
        let unnamed = self.by_author.iter().filter(|(by, _)| by.is_none() || author.is_none() || by.as_ref() == author);
        let found: BTreeSet<&ClauseKey> = named.chain(unnamed.map(|(_, audience)| audience)).collect();
        let mut found = found.into_iter().filter(|_| !access::mutants::off("jira.files-of-comments"));
        match (found.next(), found.next()) {
            (None, _) => None,
            (Some(only), None) => Some((only.clone(), false)),
            (Some(_), Some(_)) => Some((ClauseKey::new(Origin::Audience, format!("several@{project}")), true)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file(name: &str, author: &str) -> Attachment {
        serde_json::from_value(json!({"id": "1", "filename": name, "author": {"accountId": author}})).unwrap()
    }

    fn carriers(list: &[(&str, &str, Option<&str>)]) -> Carriers {
        let mut carriers = Carriers::default();
        for (audience, author, alt) in list {
            let media = json!({"type": "media", "attrs": {"type": "file", "id": "uuid", "collection": "", "alt": alt}});
            let body = json!({"type": "doc", "content": [{"type": "mediaSingle", "content": [media]}]});
            let comment = json!({"id": "5", "author": {"accountId": author}, "body": body});
            let comment: Comment = serde_json::from_value(comment).unwrap();
            carriers.add(&comment, &ClauseKey::new(Origin::Audience, *audience));
        }
        carriers
    }

    fn audience(carriers: &Carriers, name: &str, author: &str) -> Option<String> {
        carriers.audience(&file(name, author), "7").map(|(key, _)| key.native)
    }

    #[test]
    fn a_file_shown_by_a_restricted_comment_has_its_audience() {
        let carriers = carriers(&[("group:g-1", "acc-1", Some("plan.pdf"))]);
        assert_eq!(audience(&carriers, "plan.pdf", "acc-2").as_deref(), Some("group:g-1"));
        assert_eq!(audience(&carriers, "other.pdf", "acc-1"), None);
    }

    #[test]
    fn without_a_name_all_files_of_the_author_count() {
        let carriers = carriers(&[("group:g-1", "acc-1", None)]);
        assert_eq!(audience(&carriers, "plan.pdf", "acc-1").as_deref(), Some("group:g-1"));
        assert_eq!(audience(&carriers, "plan.pdf", "acc-2"), None);
    }

    #[test]
    fn two_audiences_close_a_file() {
        let carriers = carriers(&[("group:g-1", "a", Some("x.txt")), ("group:g-2", "a", Some("x.txt"))]);
        assert_eq!(carriers.audience(&file("x.txt", "a"), "7").map(|(_, closed)| closed), Some(true));
    }
    #[test]
    fn a_name_that_no_file_has_counts_as_none() {
        let mut carriers = carriers(&[("group:g-1", "acc-1", Some("the plan, as a picture"))]);
        carriers.settle(&[file("plan.pdf", "acc-1"), file("other.pdf", "acc-2")]);
        assert_eq!(audience(&carriers, "plan.pdf", "acc-1").as_deref(), Some("group:g-1"));
        assert_eq!(audience(&carriers, "other.pdf", "acc-2"), None);
    }

    #[test]
    fn a_comment_that_could_not_be_read_may_show_any_file() {
        let mut carriers = Carriers::default();
        carriers.miss();
        assert_eq!(carriers.audience(&file("x.txt", "a"), "7").map(|(_, closed)| closed), Some(true));
    }
}
