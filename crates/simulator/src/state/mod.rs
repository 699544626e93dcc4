//! The simulated company: one `World`, plain structs, indexes beside them.
//!
//! Fields are public to read. Whatever has an index is written only through the methods here, which also stamp versions
//! and times from the world's clock; a direct write to a map would leave an index behind.
//! Ids rise per kind and are never reused. Nothing in this module decides who may see what (see `crate::visibility`).

pub mod attachment;
pub mod confluence;
pub mod confluence_change;
pub mod confluence_write;
pub mod content;
pub mod credentials;
pub mod defaults;
pub mod directory;
pub mod issue;
pub mod jira;
pub mod jira_write;
pub mod order;
pub mod project;
pub mod space;
pub mod switches;

use std::sync::Arc;

pub use crate::clock::{Clock, Millis};

/// `accountId` of a person, service account or app.
pub type AccountId = Arc<str>;
/// `groupId` (a UUID), the same in both products and in the organization.
pub type GroupId = Arc<str>;

/// Where the company lives.
#[derive(Clone, Debug)]
pub struct Site {
    /// Host of the site, `acme.atlassian.net`.
    pub host: String,
    /// Cloud id, a UUID.
    pub cloud_id: String,
    /// Organization id, a UUID.
    pub org_id: String,
    /// Organization name.
    pub org_name: String,
    /// The organization's one user directory.
    pub directory_id: String,
    /// IANA name of the site's time zone.
    pub time_zone: String,
    /// False when the site has no Jira.
    pub has_jira: bool,
    /// False when the site has no Confluence.
    pub has_confluence: bool,
}

impl Site {
    /// The site's public base, without a slash at the end.
    pub fn base(&self) -> String {
        format!("https://{}", self.host)
    }

    /// The Confluence base at the site, as `_links.base` states it.
    pub fn wiki_base(&self) -> String {
        format!("https://{}/wiki", self.host)
    }
}

/// A whole company with its clock. Shared behind one `RwLock`.
#[derive(Debug)]
pub struct World {
    /// The one site.
    pub site: Site,
    /// Time of every write.
    pub clock: Clock,
    /// People, groups and the organization.
    pub directory: directory::Directory,
    /// Tokens and keys.
    pub credentials: credentials::Credentials,
    /// What tests may switch.
    pub switches: switches::Switches,
    /// Spaces, pages, comments, attachments.
    pub confluence: confluence::Confluence,
    /// Projects, schemes, issues.
    pub jira: jira::Jira,
}

impl World {
    /// An empty company at `site`.
    pub fn new(site: Site, clock: Clock) -> Self {
        Self {
            site,
            clock,
            directory: directory::Directory::default(),
            credentials: credentials::Credentials::default(),
            switches: switches::Switches::default(),
            confluence: confluence::Confluence::default(),
            jira: jira::Jira::default(),
        }
    }
}

/// One line of a product's audit log.
#[derive(Clone, Debug)]
pub struct AuditRecord {
    /// Rising id.
    pub id: u64,
    /// When it happened.
    pub created: Millis,
    /// Who did it.
    pub author: AccountId,
    /// Human words, `Permission scheme updated`.
    pub summary: String,
    /// `permissions`, `group management`, `Permissions`, …
    pub category: String,
    /// Kind of the object, `SCHEME`, `PROJECT`, `Page`, `Space`, …
    pub object_type: String,
    /// Id of the object where the product states it.
    pub object_id: String,
    /// Name of the object.
    pub object_name: String,
    /// Name of the space that the object is in, where it is in one.
    pub space: Option<String>,
    /// (field, old value, new value).
    pub changes: Vec<(String, String, String)>,
}
