//! Answers that stand in for the true one: limits, outages, and what the network in front of a site invents.

use axum::http::{HeaderName, StatusCode, header};
use serde_json::json;

use super::{Fault, RetryAfter, http_date};
use crate::clock::Millis;
use crate::reply::Reply;

const fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

/// What a client gets instead of the true answer; `None` for faults that need one.
pub(crate) fn instead(fault: &Fault, path: &str, now: Millis) -> Option<Reply> {
    Some(match fault {
        Fault::Throttled { retry_after, bare } => throttled(Reason::Burst(path), now, *retry_after, *bare),
        Fault::Unavailable { retry_after } => told(page(503, "Service Unavailable"), *retry_after, now),
        Fault::Broken(status) => page(*status, "Something went wrong"),
        Fault::Spurious(status) => page(*status, "ERROR: The request could not be satisfied"),
        Fault::Malformed => Reply::raw(StatusCode::OK, "application/json", "<html><body>Please wait</body></html>"),
        _ => return None,
    })
}

/// Why there were too many.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason<'p> {
    /// Requests a second, of the product that the path belongs to.
    Burst(&'p str),
    /// Writes to one issue.
    IssueWrites,
}

impl Reason<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Burst(path) if path.starts_with("/wiki/") => "confluence-burst-based",
            Self::Burst(_) => "jira-burst-based",
            Self::IssueWrites => "jira-per-issue-on-write",
        }
    }
}

/// 429, with all headers that the products send, or with none.
pub(crate) fn throttled(reason: Reason<'_>, now: Millis, retry_after: RetryAfter, bare: bool) -> Reply {
    let reply = Reply::json(StatusCode::TOO_MANY_REQUESTS, &json!({"code": 429, "message": "Rate limit exceeded"}));
    let reply = told(reply, retry_after, now);
    if bare {
        return reply;
    }
    let reset = jiff::Timestamp::from_millisecond(now + 60_000).unwrap_or_default();
    reply
        .with(name("x-ratelimit-limit"), "100")
        .with(name("x-ratelimit-remaining"), "0")
        .with(name("x-ratelimit-reset"), &reset.strftime("%Y-%m-%dT%H:%MZ").to_string())
        .with(name("ratelimit-reason"), reason.word())
}

fn told(reply: Reply, retry_after: RetryAfter, now: Millis) -> Reply {
    match retry_after {
        RetryAfter::Unsaid => reply,
        RetryAfter::Seconds(seconds) => reply.with(header::RETRY_AFTER, &seconds.to_string()),
        RetryAfter::Date(seconds) => reply.with(header::RETRY_AFTER, &http_date(now + Millis::from(seconds) * 1_000)),
    }
}

fn page(status: u16, title: &str) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let text = format!("<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    Reply::raw(status, "text/html;charset=UTF-8", text)
}
