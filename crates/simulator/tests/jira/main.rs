//! Jira over HTTP: what each account is shown, how much at once, in which words it is refused, and what writes do.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

mod attachments;
mod comments;
mod holders;
mod issues;
mod limits;
mod people;
mod projects;
mod search;
mod site;
mod webhooks;
mod writes;
