//! Confluence: spaces, pages, blog posts, comments, attachments, and who may read them.

pub(crate) mod cloud;

pub use cloud::ConfluenceCloud;
