//! What people open in a browser. Each handler makes three moves: it takes what was asked apart, calls one operation,
//! and renders the answer.

pub(crate) mod account;
pub(crate) mod assets;
pub(crate) mod connect;
pub(crate) mod deletions;
pub(crate) mod events;
pub(crate) mod inspections;
pub(crate) mod login;
pub(crate) mod lookup;
pub(crate) mod persons;
pub(crate) mod record;
pub(crate) mod runs;
pub(crate) mod schedule;
pub(crate) mod scope;
pub(crate) mod search;
pub(crate) mod sources;
pub(crate) mod users;
pub(crate) mod webhook;
pub(crate) mod webhook_call;
pub(crate) mod why;
