//! Jira as a source: projects, issues, comments, and who may see them.

pub mod cloud;
#[cfg(test)]
pub(crate) mod double;
