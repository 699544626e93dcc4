//! From an event to the address of whoever asked for it: signed, sent, and sent again until it is taken.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::event::Message;
use super::{Flow, Webhook};

/// So often a site sends again what was not taken.
const RETRIES: u32 = 5;

/// Answers after which it does, besides all of 500 and above.
const AGAIN: [u16; 4] = [408, 409, 425, 429];

/// How long the receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How deliveries go wrong. All off unless set.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quirks {
    /// Every so many deliveries one comes twice. 0 is never.
    pub twice_every: u64,
    /// Every so many deliveries one comes late, behind those that follow. 0 is never.
    pub late_every: u64,
    /// How late, in milliseconds.
    pub late_ms: u64,
    /// How long a site waits before it sends again, in milliseconds; each time as long again.
    pub retry_ms: u64,
}

impl Default for Quirks {
    fn default() -> Self {
        Self { twice_every: 0, late_every: 0, late_ms: 0, retry_ms: 1_000 }
    }
}

/// What came of deliveries.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Deliveries that were begun.
    pub begun: u64,
    /// Requests that were taken.
    pub taken: u64,
    /// Deliveries that were given up.
    pub lost: u64,
}

#[derive(Debug, Default)]
struct State {
    quirks: Quirks,
    counts: Counts,
}

/// All deliveries of a simulator. Before it listens, nothing is sent.
#[derive(Debug, Default)]
pub struct Deliveries {
    queue: OnceLock<UnboundedSender<Delivery>>,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug)]
struct Delivery {
    url: String,
    signature: Option<String>,
    identifier: String,
    flow: Flow,
    body: String,
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deliveries {
    /// Lets deliveries go wrong in these ways from now on.
    pub fn set(&self, quirks: Quirks) {
        locked(&self.state).quirks = quirks;
    }

    /// What came of all deliveries so far.
    pub fn counts(&self) -> Counts {
        locked(&self.state).counts
    }

    /// Begins to send. The task ends with the simulator.
    pub(crate) fn begin(&self) -> reqwest::Result<()> {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build()?;
        let (queue, deliveries) = mpsc::unbounded_channel();
        if self.queue.set(queue).is_ok() {
            tokio::spawn(send_all(http, deliveries, Arc::clone(&self.state)));
        }
        Ok(())
    }

    pub(crate) fn tell(&self, webhooks: &[Webhook], messages: &[Message]) {
        let Some(queue) = self.queue.get() else { return };
        for message in messages {
            let body = message.body.to_string();
            for webhook in webhooks.iter().filter(|webhook| webhook.events.iter().any(|event| event == message.event)) {
                let delivery = Delivery {
                    url: webhook.url.clone(),
                    signature: webhook.secret.as_ref().map(|secret| signature(secret, &body)),
                    identifier: format!("{:032x}", fastrand::u128(..)),
                    flow: message.flow,
                    body: body.clone(),
                };
                let _simulator_stops = queue.send(delivery);
            }
        }
    }
}

fn signature(secret: &str, body: &str) -> String {
    // A key of any length is taken.
    let Ok(mut keyed) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    keyed.update(body.as_bytes());
    format!("sha256={}", hex::encode(keyed.finalize().into_bytes()))
}

async fn send_all(http: reqwest::Client, mut deliveries: UnboundedReceiver<Delivery>, state: Arc<Mutex<State>>) {
    while let Some(delivery) = deliveries.recv().await {
        let (quirks, number) = {
            let mut state = locked(&state);
            state.counts.begun += 1;
            (state.quirks, state.counts.begun)
        };
        let strikes = |every: u64| every > 0 && number.is_multiple_of(every);
        let late = if strikes(quirks.late_every) { quirks.late_ms } else { 0 };
        let times = if strikes(quirks.twice_every) { 2 } else { 1 };
        let (http, state) = (http.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(late)).await;
            for _ in 0..times {
                send(&http, &delivery, quirks.retry_ms, &state).await;
            }
        });
    }
}

async fn send(http: &reqwest::Client, delivery: &Delivery, retry_ms: u64, state: &Mutex<State>) {
    for attempt in 0..=RETRIES {
        tokio::time::sleep(Duration::from_millis(retry_ms * u64::from(attempt))).await;
        let mut request = http.post(&delivery.url).header("content-type", "application/json; charset=UTF-8");
        request = request.header("x-atlassian-webhook-identifier", &delivery.identifier);
        request = request.header("x-atlassian-webhook-flow", format!("{:?}", delivery.flow));
        if let Some(signature) = &delivery.signature {
            request = request.header("x-hub-signature", signature);
        }
        if attempt > 0 {
            request = request.header("x-atlassian-webhook-retry", attempt.to_string());
        }
        match request.body(delivery.body.clone()).send().await.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => {
                locked(state).counts.taken += 1;
                return;
            }
            Ok(status) if !status.is_server_error() && !AGAIN.contains(&status.as_u16()) => break,
            Ok(_) | Err(_) => {}
        }
    }
    locked(state).counts.lost += 1;
}
