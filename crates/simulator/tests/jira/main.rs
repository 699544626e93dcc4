//! Jira over HTTP: what each account is shown, how much at once, in which words it is refused, and what writes do.

mod attachments;
mod comments;
mod holders;
mod issues;
mod people;
mod projects;
mod search;
mod site;
mod writes;
