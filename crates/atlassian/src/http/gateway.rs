//! Makes calls with a service account's credential: pace, tries, counting.

use super::clock::SourceClock;
use super::governor::{Governor, Governors, Held, Permit, RunSize, Share};
use super::limits::Limits;
use super::transport::{Outgoing, ReqwestTransport, Transport, TransportFault};
use super::{Answer, Call, CallError, Endpoint, Family, Fault, HttpOptions, SetupError, backoff, fault};
use access::SourceId;
use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The key of an organization, for its directory.
#[derive(Clone, Debug)]
pub struct OrgKey {
    /// The organization's id.
    pub org_id: String,
    /// The key, which is not an API token.
    pub key: SecretString,
}

/// What the calls are made with.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The service account's API token.
    pub token: SecretString,
    /// The organization's key, if there is one.
    pub org: Option<OrgKey>,
}

/// Calls Atlassian for one site and one credential. Cheap to clone; clones share pace and counters.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
    /// Turns among all that use the token.
    turns: Arc<Share>,
    /// Turns among all that use the organization's key, which has limits of its own.
    org_turns: Arc<Share>,
    counted: Arc<Mutex<BTreeMap<Endpoint, u64>>>,
}

struct Shared {
    transport: Box<dyn Transport>,
    options: HttpOptions,
    cloud_id: String,
    bearer: HeaderValue,
    org: Option<(String, HeaderValue)>,
    clock: SourceClock,
}

impl Gateway {
    /// Prepares calls for the site with this cloud id. Makes none.
    pub fn new(options: &HttpOptions, cloud_id: &str, credential: &Credential) -> Result<Self, SetupError> {
        let transport = Box::new(ReqwestTransport::new(options)?);
        Self::over(transport, options, cloud_id, credential)
    }

    pub(crate) fn over(
        transport: Box<dyn Transport>,
        options: &HttpOptions,
        cloud_id: &str,
        credential: &Credential,
    ) -> Result<Self, SetupError> {
        let org = match &credential.org {
            Some(org) => Some((org.org_id.clone(), bearer(&org.key, "organization key")?)),
            None => None,
        };
        let shared = Shared {
            transport,
            options: options.clone(),
            cloud_id: cloud_id.to_owned(),
            bearer: bearer(&credential.token, "token")?,
            org,
            clock: SourceClock::default(),
        };
        let alone = || Arc::new(Governor::default().share(RunSize::Small, None));
        Ok(Self { shared: Arc::new(shared), turns: alone(), org_turns: alone(), counted: Arc::default() })
    }

    /// The same gateway, taking its turns among all that call with the same credential, within a budget of calls an hour.
    #[must_use]
    pub fn governed(self, governors: &Governors, source: SourceId, size: RunSize, hourly_budget: Option<u32>) -> Self {
        let budget = hourly_budget.map(|calls| (source, calls));
        let turns = governors.of(&self.shared.cloud_id, self.shared.bearer.as_bytes()).share(size, budget);
        let org_turns = match &self.shared.org {
            Some((id, key)) => Arc::new(governors.of(id, key.as_bytes()).share(size, budget)),
            None => self.org_turns,
        };
        Self { turns: Arc::new(turns), org_turns, ..self }
    }

    /// The same gateway with counters of its own: what one product of the site has cost.
    #[must_use]
    pub fn counting_apart(&self) -> Self {
        Self { counted: Arc::default(), ..self.clone() }
    }

    /// The organization's id, if its key is known.
    pub fn org_id(&self) -> Option<&str> {
        self.shared.org.as_ref().map(|(id, _)| id.as_str())
    }

    /// How many calls were made, every try counted.
    pub fn calls(&self) -> u64 {
        self.lock().values().sum()
    }

    /// How many calls were made of each endpoint.
    pub fn calls_by_endpoint(&self) -> Vec<(Endpoint, u64)> {
        self.lock().iter().map(|(endpoint, count)| (*endpoint, *count)).collect()
    }

    /// The source's own clock, as far as it has told the time.
    pub(crate) fn clock(&self) -> &SourceClock {
        &self.shared.clock
    }

    /// Makes a call, with a few tries where another may help.
    ///
    /// The answer is valid JSON. Waits longer than the options' patience are not sat out but reported.
    pub async fn send(&self, call: Call) -> Result<Answer, CallError> {
        let outgoing = self.prepare(&call)?;
        let share = match call.endpoint.family() {
            Family::Jira | Family::Confluence => &self.turns,
            Family::Organization => &self.org_turns,
        };
        let place = share.place();
        let mut tried = 0;
        loop {
            let permit = place.permit(self.shared.options.patience).await;
            let permit = permit.map_err(|held| CallError::new(call.endpoint, held_back(held)))?;
            let error = match self.attempt(&call, outgoing.clone(), &permit).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            drop(permit);
            tried += 1;
            let asked = asked_wait(&error.fault);
            let patient = asked.is_none_or(|asked| asked <= self.shared.options.patience);
            if !patient || !worth_another_try(&error.fault, &call, tried) {
                return Err(error);
            }
            tracing::debug!(endpoint = %call.endpoint, tried, reason = %error.reason(), "trying again");
            match asked {
                // The governor holds everybody back for as long as the source asked; not a moment is added to it.
                Some(_) if is_for_pace(&error.fault) => {}
                None if is_for_pace(&error.fault) => {
                    share.governor().pause(backoff::wait(None, tried - 1, &self.shared.options));
                }
                asked => tokio::time::sleep(backoff::wait(asked, tried - 1, &self.shared.options)).await,
            }
        }
    }

    async fn attempt(&self, call: &Call, outgoing: Outgoing, permit: &Permit) -> Result<Answer, CallError> {
        *self.lock().entry(call.endpoint).or_default() += 1;
        let sent = Instant::now();
        let incoming = match self.shared.transport.exchange(outgoing).await {
            Ok(incoming) => incoming,
            Err(TransportFault::Network(what)) => return Err(CallError::new(call.endpoint, Fault::Network(what))),
            Err(TransportFault::TooLarge) => return Err(CallError::new(call.endpoint, Fault::TooLarge)),
        };
        let trace = incoming.headers.get("atl-traceid").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let limits = Limits::read(&incoming.headers);
        if call.endpoint.family() != Family::Organization {
            self.shared.clock.told(&incoming.headers, sent.elapsed());
        }
        let read = match incoming.status {
            200..300 => Answer::read(call.endpoint, incoming),
            // Without the cursor the same call was answered.
            400 if call.goes_on() => Err(Fault::CursorRefused),
            _ => Err(fault::of_answer(&incoming)),
        };
        match &read {
            Ok(_) => permit.accepted(call.endpoint, &limits),
            Err(fault) if is_for_pace(fault) => permit.refused(asked_wait(fault), &limits),
            Err(_) => {}
        }
        read.map_err(|fault| CallError { endpoint: call.endpoint, fault, trace })
    }

    fn prepare(&self, call: &Call) -> Result<Outgoing, CallError> {
        let error =
            |message: &str| CallError::new(call.endpoint, Fault::Rejected { status: 0, message: message.to_owned() });
        let url = call
            .url(&self.shared.options.gateway, &self.shared.cloud_id)
            .ok_or_else(|| error("an id in the address is missing or malformed; the call was not made"))?;
        let authorization = match (call.endpoint.family(), &self.shared.org) {
            (Family::Organization, Some((_, key))) => key.clone(),
            (Family::Organization, None) => return Err(error("no organization key is set; the call was not made")),
            (Family::Jira | Family::Confluence, _) => self.shared.bearer.clone(),
        };
        let body = call.body.as_ref().map(|body| Bytes::from(body.to_string()));
        Ok(Outgoing { method: call.endpoint.method(), url, authorization: Some(authorization), host: None, body })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Endpoint, u64>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("cloud_id", &self.shared.cloud_id).finish_non_exhaustive()
    }
}

fn bearer(secret: &SecretString, what: &'static str) -> Result<HeaderValue, SetupError> {
    let token = secret.expose_secret().trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SetupError::Credential(what));
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| SetupError::Credential(what))?;
    value.set_sensitive(true);
    Ok(value)
}

fn held_back(held: Held) -> Fault {
    let reason = held.by_budget.then(|| "the hourly budget of this source is used up".to_owned());
    Fault::Throttled { retry_after: Some(held.left), reason }
}

fn worth_another_try(fault: &Fault, call: &Call, tried: u32) -> bool {
    match fault {
        Fault::Throttled { .. } => tried < backoff::TRIES_AT_PACE,
        Fault::Malformed(_) if call.is_probe() => false,
        Fault::ServerError { .. } | Fault::Network(_) | Fault::Malformed(_) => tried < backoff::TRIES,
        Fault::Forbidden(_) | Fault::NotFound => tried < call.looks(),
        _ => false,
    }
}

/// 503 says the same as 429 (sheet 6.2).
fn is_for_pace(fault: &Fault) -> bool {
    matches!(fault, Fault::Throttled { .. } | Fault::ServerError { status: 503, .. })
}

fn asked_wait(fault: &Fault) -> Option<Duration> {
    match fault {
        Fault::Throttled { retry_after, .. } | Fault::ServerError { retry_after, .. } => *retry_after,
        _ => None,
    }
}
