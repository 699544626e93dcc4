//! What the binary hands over: everything with an effect, and what only it can know.

use crate::inspection::Inspection;
use crate::operations::Operations;
use crate::pages::connect::ScopeGroup;
use crate::pages::login::DemoAccount;
use crate::upkeep::Upkeep;
use access::AccessState;
use model::Millis;
use search::SearchIndex;
use std::sync::Arc;
use store::{Entropy, Store};
use url::Url;

/// The parts that the hub's pages and API stand on. Cheap to clone: two routers may share them.
#[derive(Clone)]
pub struct App {
    /// Accounts, sessions, audit, sources, and the directories that make viewers.
    pub store: Arc<Store>,
    /// The state of access that searches use, for explanations.
    pub access: Arc<dyn Fn() -> Arc<AccessState> + Send + Sync>,
    /// What answers searches.
    pub index: Arc<dyn SearchIndex>,
    /// What can be done with sources.
    pub operations: Arc<dyn Operations>,
    /// What keeps the hub whole.
    pub upkeep: Arc<dyn Upkeep>,
    /// Reports about sources.
    pub inspection: Arc<dyn Inspection>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    /// Gives random bytes for tokens and salts.
    pub entropy: Arc<dyn Entropy>,
    /// The address that people type, where the configuration tells it.
    pub public_url: Option<Url>,
    /// Whether the public address is https: cookies are then sent over https only.
    pub secure_cookies: bool,
    /// Accounts that the login page offers with one click. Empty on a real hub.
    pub demo_accounts: Vec<DemoAccount>,
    /// The scopes that a service account's token needs, to copy into Atlassian's form.
    pub scopes: Vec<ScopeGroup>,
}
