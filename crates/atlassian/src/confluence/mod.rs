//! Confluence: spaces, pages, blog posts, comments, attachments, and who may read them.

mod cloud;

pub use cloud::ConfluenceCloud;
