//! A double of Atlassian Cloud: Jira, Confluence and the organization API of one company.

pub mod clock;
pub mod state;
