//! Which event a request makes, and what is told of it.

use serde_json::{Value, json};

use super::Flow;
use crate::call::Call;
use crate::jira::changelog;
use crate::reply::Reply;
use crate::route::Route;
use crate::state::World;

const UPDATED: &str = "jira:issue_updated";
const DELETED: &str = "jira:issue_deleted";
const COMMENT_DELETED: &str = "comment_deleted";

/// Method and path of a request, and the events that it makes.
const CAUSES: [(&str, &str, &[&str]); 11] = [
    ("POST", "/rest/api/3/issue", &["jira:issue_created"]),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}", &[UPDATED]),
    ("DELETE", "/rest/api/3/issue/{issueIdOrKey}", &[DELETED]),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}/assignee", &[UPDATED]),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/transitions", &[UPDATED]),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/attachments", &["attachment_created", UPDATED]),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/comment", &["comment_created"]),
    ("PUT", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", &["comment_updated"]),
    ("DELETE", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", &[COMMENT_DELETED]),
    ("POST", "/rest/api/3/issue/{issueIdOrKey}/worklog", &["worklog_created"]),
    ("DELETE", "/rest/api/3/issue/{issueIdOrKey}/worklog/{id}", &["worklog_deleted"]),
];

/// Every event that a webhook may ask for here.
pub(crate) const EVENTS: [&str; 9] = [
    "jira:issue_created",
    UPDATED,
    DELETED,
    "comment_created",
    "comment_updated",
    COMMENT_DELETED,
    "worklog_created",
    "worklog_deleted",
    "attachment_created",
];

/// One body on its way to whoever asked for the event.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) event: &'static str,
    pub(crate) flow: Flow,
    pub(crate) body: Value,
}

/// The issue as it was before the request, and the events that the request will have made.
#[derive(Debug)]
pub(crate) struct Event {
    names: &'static [&'static str],
    issue: Option<Value>,
    comments: Vec<u64>,
    changes: usize,
}

impl Event {
    /// `None` where nobody would be told.
    pub(crate) fn expected(route: &Route, call: &Call<'_>) -> Option<Self> {
        let cause = CAUSES.iter().find(|cause| cause.0 == route.method.as_str() && cause.1 == route.template)?;
        let world = call.world();
        if world.jira.webhooks.is_empty() {
            return None;
        }
        let issue = world.jira.issue(call.path_value("issueIdOrKey"));
        let comments = issue.iter().flat_map(|issue| world.jira.comments_of(issue.id)).map(|comment| comment.id);
        Some(Self {
            names: cause.2,
            comments: comments.collect(),
            changes: issue.map_or(0, |issue| issue.changes.len()),
            issue: issue.map(|issue| brief(call, issue.id, &issue.key, &issue.summary)),
        })
    }

    /// Once the request has been answered.
    pub(crate) fn messages(&self, call: &Call<'_>, reply: &Reply) -> Vec<Message> {
        let world = call.world();
        let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let made = answer["id"].as_str();
        let subject = self.issue.as_ref().and_then(|issue| issue["id"].as_str()).or(made);
        let now = subject.and_then(|id| world.jira.issue(id));
        let issue = now.map(|issue| brief(call, issue.id, &issue.key, &issue.summary)).or_else(|| self.issue.clone());
        let user = call.caller.account().map(|account| user(&world, account));
        let base = json!({"timestamp": call.simulation.clock.now(), "user": user, "issue": issue});
        let part = |kind: &str, id: &str| {
            let path = format!("{}/rest/api/3/issue/{}/{kind}/{id}", call.base, subject.unwrap_or_default());
            json!({"id": id, "self": path})
        };
        let message = |event: &'static str| {
            let mut body = base.clone();
            body["webhookEvent"] = json!(event);
            match event.split_once('_') {
                Some((kind @ ("comment" | "worklog"), _)) => {
                    body[kind] = part(kind, made.unwrap_or_else(|| call.path_value("id")));
                }
                Some(("attachment", _)) => body["attachment"] = answer[0].clone(),
                _ => {
                    body["issue_event_type_name"] = json!(issue_event(event));
                    let change =
                        now.filter(|issue| issue.changes.len() > self.changes).and_then(|one| one.changes.last());
                    if let Some(change) = change {
                        body["changelog"] = changelog::told(&world, change);
                    }
                }
            }
            Message { event, flow: Flow::Primary, body }
        };
        let mut messages: Vec<Message> = self.names.iter().map(|event| message(event)).collect();
        if self.names.contains(&DELETED) {
            messages.extend(self.comments.iter().map(|comment| {
                let mut body = base.clone();
                body["webhookEvent"] = json!(COMMENT_DELETED);
                body["comment"] = part("comment", &comment.to_string());
                Message { event: COMMENT_DELETED, flow: Flow::Secondary, body }
            }));
        }
        messages
    }
}

fn issue_event(event: &str) -> &'static str {
    match event {
        "jira:issue_created" => "issue_created",
        DELETED => "issue_deleted",
        _ => "issue_generic",
    }
}

fn brief(call: &Call<'_>, id: u64, key: &str, summary: &str) -> Value {
    let address = format!("{}/rest/api/3/issue/{id}", call.base);
    json!({"id": id.to_string(), "self": address, "key": key, "fields": {"summary": summary}})
}

/// A user without e-mail and locale, as webhooks tell of one.
fn user(world: &World, account: &str) -> Value {
    let person = world.directory.person(account);
    let name = person.map_or("", |person| &person.display_name);
    let active = person.is_some_and(|person| person.active);
    json!({"accountId": account, "displayName": name, "active": active, "accountType": "atlassian"})
}
