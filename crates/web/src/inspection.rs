//! Reports about a source for administrators: what of it can be read, and whether Fossick decides as the source does.
//!
//! A port like [`crate::operations`]: the binary implements it over adapters, store and access; tests over fixed answers.
//! Reports hold ids, keys and counts, never a title.

use crate::operations::{CheckReport, OperationError};
use access::{Hidden, SourceId};
use async_trait::async_trait;
use model::{Container, Millis, SelfAudit};
use std::collections::BTreeMap;

/// Something that is missing or hidden, with the way to mend it. Messages without a full stop.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Which thing.
    pub item: String,
    /// What is so, and what follows from it.
    pub what: String,
    /// Which grant, scope or step would mend it.
    pub remedy: String,
}

/// How far the permissions of a container are known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Readers {
    /// They were read, then.
    Known {
        /// How many users, groups and classes they name.
        named: u64,
        /// How many people of the source they admit to something there.
        people: u64,
        /// When they were last confirmed.
        read_at: Millis,
    },
    /// Nobody is admitted, for this cause.
    Closed(Hidden),
    /// They were never read.
    Unread,
}

/// One space or project.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerReport {
    /// The space or project.
    pub container: Container,
    /// Whether it is in scope.
    pub in_scope: bool,
    /// Its documents.
    pub documents: u64,
    /// Those among them that nobody sees, by cause.
    pub hidden: BTreeMap<Hidden, u64>,
    /// Who may read or browse it.
    pub readers: Readers,
    /// What is missing or left a trace.
    pub findings: Vec<Finding>,
}

/// The people of a source and the accounts of Fossick.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PeopleReport {
    /// Active people in the directory; customers and apps are not among them.
    pub people: u64,
    /// Those of them who have the product.
    pub with_product: u64,
    /// Those whose e-mail is not told.
    pub without_email: u64,
    /// Those who share an e-mail with another.
    pub sharing_email: u64,
    /// Guests among them.
    pub guests: u64,
    /// Accounts of Fossick that search as one of them.
    pub joined: u64,
    /// Accounts that find nothing, by the reason's code.
    pub not_joined: BTreeMap<&'static str, u64>,
    /// Documents that somebody of the source may see, but no account of Fossick.
    pub waiting_for_accounts: u64,
    /// Documents whose layers were read and admit none of the people.
    pub for_nobody: u64,
}

/// One report over a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// The credential, tried again.
    pub check: CheckReport,
    /// About the source as a whole, and about containers that are not read.
    pub findings: Vec<Finding>,
    /// Container by container.
    pub containers: Vec<ContainerReport>,
    /// People and accounts.
    pub people: PeopleReport,
    /// What cannot be known.
    pub unknowable: Vec<String>,
}

/// What can be asked about a source.
#[async_trait]
pub trait Inspection: Send + Sync {
    /// Looks what of a source can be read and what is hidden, why, and what would mend it.
    async fn diagnose(&self, source: SourceId) -> Result<Diagnosis, OperationError>;

    /// Compares at most `pairs` decisions with the source's own and keeps the result.
    async fn audit(&self, source: SourceId, pairs: u32) -> Result<SelfAudit, OperationError>;

    /// Says which team-managed projects are open to everybody with the product; by key or id, `None` for all.
    /// The next reading of permissions obeys.
    async fn vouch(&self, source: SourceId, projects: Option<Vec<String>>) -> Result<(), OperationError>;
}
