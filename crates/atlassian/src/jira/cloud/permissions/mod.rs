//! From what Jira says about permissions to clauses (sheet sections 3.5 and 4.1). Pure: no calls here.
//!
//! Whatever is unknown, unreadable or malformed contributes nothing, so a clause can only come out narrower than the
//! source meant, never wider (ACL-5). Each such loss is a problem that says what is hidden and how to mend it (ACL-10).

mod audience;
mod clause;
mod holder;
mod roles;
mod scheme;
mod security;

pub(crate) use audience::Audience;
pub(crate) use clause::{Actors, ClauseBuilder};
pub(crate) use holder::{HOLDER_TYPES, Named};
pub(crate) use roles::actors;
pub(crate) use scheme::{Browse, Schemes};
pub(crate) use security::{Security, level_key};
