//! Webhooks: a site says that something changed, and the hub looks at once instead of in its next cycle.
//!
//! A call is believed as little as possible. It must come to an address that cannot be guessed, carry a signature over its
//! whole body, be of late, and not have been here before; then it is a reason to look, and no word of it is kept. So a
//! lost call costs time only (the next cycle finds the change), and a forged one could at most make the hub look.

pub(crate) mod delivery;
mod replay;
mod signature;
mod tally;

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use crate::urls::pattern;
use access::SourceId;
use axum::http::HeaderMap;
use delivery::Delivery;
use model::{Millis, Product};
use replay::Replay;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{AddressHash, Called, SecretError, SourceError, Store, StoredSource, Webhook};
use tally::Tally;

pub(crate) use tally::{Counted, Outcome};

/// The header by which Jira names a delivery: the same for every attempt.
const IDENTIFIER: &str = "x-atlassian-webhook-identifier";

/// What the hub keeps in memory about calls.
pub(crate) struct Calls {
    replay: Replay,
    pub(crate) tally: Tally,
}

impl Calls {
    pub(crate) fn since(start: Millis) -> Self {
        Self { replay: Replay::since(start), tally: Tally::default() }
    }
}

/// Whether a source can be called at all. Confluence Cloud calls nobody but apps.
pub(crate) fn is_callable(source: &StoredSource) -> bool {
    source.settings.product == Product::Jira
}

/// A source's address with what came of the calls to it.
pub(crate) struct Status {
    pub(crate) webhook: Option<Webhook>,
    pub(crate) counts: BTreeMap<Outcome, Counted>,
}

fn hash(address: &str) -> AddressHash {
    AddressHash(Sha256::digest(address).into())
}

fn secret_failure(error: SecretError) -> Failure {
    match error {
        SecretError::Store(error) => error.into(),
        other => Failure::internal(&other),
    }
}

impl Hub {
    /// A source that can be called; `NotFound` otherwise.
    async fn callable(&self, id: SourceId) -> Result<StoredSource, Failure> {
        let source = self.source(id).await?;
        if is_callable(&source) { Ok(source) } else { Err(Failure::NotFound) }
    }

    /// The address of a source and what came of it.
    pub(crate) async fn webhook(&self, id: SourceId) -> Result<Status, Failure> {
        self.callable(id).await?;
        let hub = self.clone();
        self.reading(move |store: &Store| {
            let webhook = store.webhook(id).map_err(secret_failure)?;
            Ok(Status { webhook, counts: hub.calls.tally.of(store, id)? })
        })
        .await
    }

    /// Where a source is to be called, as far as the hub knows its own address.
    pub(crate) fn webhook_url(&self, webhook: &Webhook) -> String {
        let path = pattern::WEBHOOK_CALL.replace("{address}", webhook.address.expose_secret());
        let base = self.app.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        base.unwrap_or_default() + &path
    }

    /// Gives a source a new address and secret; from now on those before are refused.
    ///
    /// `before` is when the present ones were made: whoever sends a form twice makes one address.
    pub(crate) async fn make_webhook(
        &self,
        actor: &Actor,
        id: SourceId,
        before: Option<Millis>,
        address: &Address,
    ) -> Result<Webhook, Failure> {
        let source = self.callable(id).await?;
        let present = self.reading(move |store| store.webhook(id).map_err(secret_failure)).await?;
        if present.map(|webhook| webhook.made) != before {
            return Err(Failure::Conflict("the address was made anew meanwhile; load the page again".to_owned()));
        }
        let webhook = Webhook { address: self.random()?, secret: self.random()?, made: self.now() };
        let hash = hash(webhook.address.expose_secret());
        let stored = self.app.store.put_webhook(id, hash, &webhook).await;
        stored.map_err(|error| match error {
            SourceError::Store(error) => error.into(),
            _ => Failure::NotFound,
        })?;
        let action = if before.is_some() { Action::WebhookRenewed } else { Action::WebhookMade };
        self.audit(actor, action, &source.settings.name(), address).await?;
        Ok(webhook)
    }

    /// 256 random bits that are safe in an address and easy to paste.
    fn random(&self) -> Result<SecretString, Failure> {
        let mut bytes = [0; 32];
        self.app.entropy.fill(&mut bytes)?;
        Ok(SecretString::from(hex::encode(bytes)))
    }

    /// Shows somebody who has just proved who they are the secret; the look is written down.
    pub(crate) async fn reveal_webhook(
        &self,
        actor: &Actor,
        id: SourceId,
        address: &Address,
    ) -> Result<Webhook, Failure> {
        let source = self.callable(id).await?;
        let webhook = self.webhook(id).await?.webhook.ok_or(Failure::NotFound)?;
        self.audit(actor, Action::WebhookSecretShown, &source.settings.name(), address).await?;
        Ok(webhook)
    }

    /// Takes the address back: every further call to it is refused.
    pub(crate) async fn remove_webhook(&self, actor: &Actor, id: SourceId, address: &Address) -> Result<(), Failure> {
        let source = self.callable(id).await?;
        self.app.store.remove_webhook(id).await?;
        self.audit(actor, Action::WebhookRemoved, &source.settings.name(), address).await
    }

    /// Which source has this address now. Whoever calls the one before is counted, and refused like a stranger.
    pub(crate) fn called(&self, address: &str) -> Result<Option<SourceId>, Failure> {
        match self.app.store.called(&hash(address))? {
            Some(Called::Current(source)) => Ok(Some(source)),
            Some(Called::Former(source)) => {
                self.count_call(source, Outcome::FormerAddress);
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Takes a call of a source in, or says why not. What it says is looked for at once.
    pub(crate) fn receive(&self, source: SourceId, headers: &HeaderMap, body: &[u8]) -> Result<Outcome, Failure> {
        // Taken back or removed while the body was on its way.
        let Some(webhook) = self.app.store.webhook(source).map_err(secret_failure)? else {
            return Err(Failure::NotFound);
        };
        let outcome = self.judge(source, &webhook.secret, headers, body);
        self.count_call(source, outcome.as_ref().map_or_else(|refused| *refused, |_| Outcome::Accepted));
        Ok(match outcome {
            Ok(delivery) => {
                self.app.operations.look(source, delivery.hint);
                Outcome::Accepted
            }
            Err(refused) => refused,
        })
    }

    fn judge(
        &self,
        source: SourceId,
        secret: &SecretString,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Delivery, Outcome> {
        let signature = signature::check(headers, secret, body)?;
        let delivery = Delivery::read(body).ok_or(Outcome::NotUnderstood)?;
        let identifier = headers.get(IDENTIFIER).map(axum::http::HeaderValue::as_bytes);
        self.calls.replay.admit(source, delivery.timestamp, self.now(), &signature, identifier)?;
        Ok(delivery)
    }

    /// Counts a call, in memory first: a storm of calls must not keep others from writing.
    pub(crate) fn count_call(&self, source: SourceId, outcome: Outcome) {
        if self.calls.tally.count(source, outcome, self.now()) {
            let hub = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(tally::WRITTEN_AFTER).await;
                hub.calls.tally.write(&hub.app.store).await;
            });
        }
    }
}
