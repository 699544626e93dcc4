//! `GET /_sim/oracle?account=ID`: the oracle for tests of other processes; `GET /_sim/oracle` is about everybody at once, one
//! still picture of the company with such an answer for each account.
//!
//! Ids are strings as the products write them (`att…` for files in Confluence). The lists hold what listings show;
//! `unlisted` holds the same lists for what only a direct address shows.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Kind, Object, Oracle};
use crate::reply::Reply;
use crate::state::{AccountId, World};

const LISTS: [(&str, Kind); 14] = [
    ("spaces", Kind::Space),
    ("pages", Kind::Page),
    ("blogposts", Kind::BlogPost),
    ("folders", Kind::Folder),
    ("whiteboards", Kind::Whiteboard),
    ("databases", Kind::Database),
    ("embeds", Kind::Embed),
    ("confluence_comments", Kind::PageComment),
    ("confluence_attachments", Kind::PageAttachment),
    ("projects", Kind::Project),
    ("issues", Kind::Issue),
    ("jira_comments", Kind::IssueComment),
    ("jira_attachments", Kind::IssueAttachment),
    ("worklogs", Kind::Worklog),
];

fn lists(objects: &BTreeSet<Object>) -> Value {
    let ids_of = |kind: Kind| -> Vec<String> {
        let of_kind = objects.iter().filter(|object| object.kind == kind);
        let prefix = if kind == Kind::PageAttachment { "att" } else { "" };
        of_kind.map(|object| format!("{prefix}{}", object.id)).collect()
    };
    LISTS.into_iter().map(|(name, kind)| (name.to_owned(), Value::from(ids_of(kind)))).collect()
}

/// The answer for a query such as `account=5b10…`; 404 when there is no such account.
pub(crate) fn answer(world: &World, query: &str) -> Reply {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "account");
    if asked.is_none() {
        let oracle = Oracle::of(world);
        let about = |account: &AccountId| (account.to_string(), lists(&oracle.visible(account).listed));
        return Reply::ok(&world.directory.people.keys().map(about).collect::<serde_json::Map<_, _>>());
    }
    let Some(person) = asked.and_then(|(_, account)| world.directory.person(&account)) else {
        let hint = "no such account; ask for `/_sim/oracle?account=ID` with an accountId of this world";
        return Reply::json(StatusCode::NOT_FOUND, &json!({"error": hint}));
    };
    let visible = Oracle::of(world).visible(&person.account_id);
    let mut answer = lists(&visible.listed);
    answer["unlisted"] = lists(&visible.unlisted);
    Reply::ok(&answer)
}
