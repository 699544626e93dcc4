//! Confluence over HTTP, one sentence per trap: what clients get wrong, and what the product does then.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

mod comments;
mod files;
mod listings;
mod old_content;
mod people;
mod restrictions;
mod searches;
mod site;
mod spaces;
mod switches;
mod trees;
mod writes;
