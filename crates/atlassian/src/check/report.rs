//! What a check found, row by row.

use model::{PersonName, Product, SiteDomain};
use serde::Serialize;

/// How one check ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// It works, but something will be missing.
    Warn,
    /// It does not work.
    Fail,
}

/// One row of the table.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CheckRow {
    /// What was checked, such as `Token` or `Scope read:page:confluence`.
    pub check: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What happened, as a sentence.
    pub what: String,
    /// What to do, as a sentence; empty where nothing is to be done.
    pub remedy: String,
}

/// The whole table, and what it means.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// In the order in which they were checked.
    pub rows: Vec<CheckRow>,
    /// The site, if the domain is one.
    pub site: Option<SiteDomain>,
    /// The site's cloud id, if it was found.
    pub cloud_id: Option<String>,
    /// The products that can be read with this credential.
    pub products: Vec<Product>,
    /// The account that the token belongs to.
    pub account: Option<PersonName>,
}

impl CheckReport {
    /// Whether at least one product can be connected.
    pub fn is_usable(&self) -> bool {
        self.cloud_id.is_some() && !self.products.is_empty()
    }

    pub(super) fn ok(&mut self, check: impl Into<String>, what: impl Into<String>) {
        self.row(Outcome::Ok, check, what, "");
    }

    pub(super) fn warn(&mut self, check: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.row(Outcome::Warn, check, what, remedy);
    }

    pub(super) fn fail(&mut self, check: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.row(Outcome::Fail, check, what, remedy);
    }

    fn row(&mut self, outcome: Outcome, check: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.rows.push(CheckRow { check: check.into(), outcome, what: what.into(), remedy: remedy.into() });
    }
}
