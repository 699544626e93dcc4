//! The running double: one listener for site, gateway, organization, media and the test controls.
//!
//! A request passes these steps: latency, faults that stand in for an answer or change what is asked, dispatch by host and
//! path, credential and scopes, handler, product headers, faults that spoil the answer, counters. Handlers are synchronous and hold the world's lock only while they work.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::{Clock, Millis};
use crate::counters::Counters;
use crate::dispatch;
use crate::faults::{self, Fault, Faults, Plan};
use crate::jira::search_pages::SearchPages;
use crate::journal::Journal;
use crate::media::Media;
use crate::reply::Reply;
use crate::route::Routes;
use crate::state::switches::Switches;
use crate::state::{Site, World};
use crate::webhook::Deliveries;

/// Largest request body that is read, in bytes.
const MAX_BODY: usize = 128 * 1024 * 1024;

/// Counted instead of a route where an answer did not come from one.
const IN_FRONT: &str = "(in front)";

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Added to every answer.
    pub latency: Duration,
    /// Where changes are kept, so that a later start goes on with them.
    pub journal: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), latency: Duration::ZERO, journal: None }
    }
}

/// What all requests share.
#[derive(Debug)]
pub struct Simulation {
    world: RwLock<World>,
    /// The site, which never changes: handlers that hold the lock must not take it again.
    pub site: Site,
    /// The world's clock.
    pub clock: Clock,
    /// The world's switches.
    pub switches: Switches,
    /// Calls so far.
    pub counters: Counters,
    /// What goes wrong.
    pub faults: Faults,
    /// Tickets for files.
    pub media: Media,
    /// Open chains of Jira searches.
    pub search_pages: SearchPages,
    /// All routes of both products and the organization.
    pub routes: Routes,
    /// What webhooks are told.
    pub webhooks: Deliveries,
    pub(crate) journal: Option<Journal>,
    latency_ms: AtomicU64,
    port: AtomicU16,
}

impl Simulation {
    /// A company that nobody can call yet: for requests from inside, see [`crate::inside`].
    pub fn of(world: World) -> Self {
        Self {
            site: world.site.clone(),
            clock: world.clock.clone(),
            switches: world.switches.clone(),
            world: RwLock::new(world),
            counters: Counters::default(),
            faults: Faults::default(),
            media: Media::default(),
            search_pages: SearchPages::default(),
            routes: Routes::new(all_routes()),
            webhooks: Deliveries::default(),
            journal: None,
            latency_ms: AtomicU64::new(0),
            port: AtomicU16::new(0),
        }
    }

    /// A company that goes on with the changes that a journal has kept. Nothing is added to the journal from here.
    pub fn resumed(world: World, journal: &Path) -> std::io::Result<Self> {
        let simulation = Self::of(world);
        Journal::resume(journal, &simulation)?;
        Ok(simulation)
    }

    /// The company alone.
    pub fn into_world(self) -> World {
        self.world.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world to read. A handler that panicked while it wrote leaves the lock usable: the test sees the panic's 500.
    pub fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world to change.
    pub fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Delays every answer from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.latency_ms.store(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    /// The port that the listener got.
    pub fn port(&self) -> u16 {
        self.port.load(Ordering::SeqCst)
    }
}

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

/// A simulator that runs; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// World, clock, counters and switches.
    pub simulation: Arc<Simulation>,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// `http://127.0.0.1:PORT`: gateway and site for clients that cannot send another `Host`.
    pub fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops listening and waits for open answers.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _stopped_already = stop.send(());
        }
        let _task_result = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Open connections of a client's pool would keep a graceful stop waiting.
        self.task.abort();
    }
}

impl Simulator {
    /// Listens and serves `world`. Fails when the address is taken or not ours, or the journal cannot be read.
    pub async fn start(world: World, options: Options) -> std::io::Result<Running> {
        let listener = TcpListener::bind(options.listen).await?;
        let addr = listener.local_addr()?;
        let mut simulation = Simulation::of(world);
        if let Some(path) = &options.journal {
            simulation.journal = Some(Journal::resume(path, &simulation)?);
        }
        simulation.webhooks.begin().map_err(std::io::Error::other)?;
        let simulation = Arc::new(simulation);
        simulation.port.store(addr.port(), Ordering::SeqCst);
        simulation.set_latency(options.latency);
        let app = Router::new().fallback(handle).with_state(Arc::clone(&simulation));
        // Small answers must not wait for the client's delayed acknowledgement.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
            let _sender_gone = stopped.await;
        });
        let task = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "simulator stopped serving");
            }
        });
        Ok(Running { addr, simulation, stop: Some(stop), task })
    }
}

/// Every route there is, for the server and for tests that walk over all of them.
pub fn all_routes() -> Vec<crate::route::Route> {
    let mut routes = crate::edge::routes();
    routes.extend(crate::jira::routes());
    routes.extend(crate::confluence::routes());
    routes.extend(crate::admin::routes());
    routes
}

async fn handle(State(simulation): State<Arc<Simulation>>, request: Request) -> Response {
    let sent = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return into_response(Reply::raw(axum::http::StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "body too large"));
    };
    if parts.uri.path().starts_with("/_sim/") {
        return into_response(dispatch::answer(&simulation, &parts, body).1);
    }
    let latency = simulation.latency_ms.load(Ordering::SeqCst);
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let fault = simulation.faults.strike(faults::site_path(parts.uri.path()));
    if let Some(Fault::Slow(more)) = fault {
        tokio::time::sleep(Duration::from_millis(more)).await;
    }
    let response = simulation.respond(parts, body, sent, fault.as_ref());
    dated(response, simulation.clock.now())
}

impl Simulation {
    /// Answers a client, as the fault will have it.
    fn respond(&self, mut parts: Parts, body: Bytes, sent: Instant, fault: Option<&Fault>) -> Response {
        let (now, path) = (self.clock.now(), faults::site_path(parts.uri.path()));
        let throttled = self.faults.limiter.refuses(sent, Instant::now());
        let throttled = throttled.map(|told| faults::throttled(faults::Reason::Burst(path), now, told, false));
        if let Some(reply) = throttled.or_else(|| faults::instead(fault?, path, now)) {
            // The route is not known, and need not be: the network in front answers.
            self.counters.add(&parts.method, IN_FRONT, reply.status, reply.body.len(), reply.points);
            return into_response(reply);
        }
        if fault == Some(&Fault::Dropped) {
            return broken_off(Reply::raw(axum::http::StatusCode::OK, "application/json", ""), 0);
        }
        let body = match fault {
            Some(fault) => faults::asked(fault, &mut parts, body),
            None => body,
        };
        let later_page = fault.is_some() && faults::goes_on(&parts, &body);
        let (template, reply) = dispatch::answer(self, &parts, body);
        let reply = match fault {
            Some(fault) => faults::answered(fault, reply, later_page),
            None => reply,
        };
        self.counters.add(&parts.method, template, reply.status, reply.body.len(), reply.points);
        match fault {
            Some(Fault::BrokenOff) => {
                let half = reply.body.len() / 2;
                broken_off(reply, half)
            }
            _ => into_response(reply),
        }
    }

    /// Lets things go wrong by this plan from now on; an empty plan heals everything.
    pub fn spoil(&self, plan: Plan) {
        self.switches.set_search_lag(plan.search_lag_ms);
        self.switches.set_empty_pages(plan.empty_pages);
        self.faults.set(plan);
    }
}

/// Says what time it is here: a client that trusts its own clock more is wrong.
fn dated(mut response: Response, now: Millis) -> Response {
    if let Ok(date) = HeaderValue::from_str(&faults::http_date(now)) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The start of an answer, after which the connection closes.
fn broken_off(reply: Reply, after: usize) -> Response {
    let start = reply.body.slice(..after);
    let promised = reply.body.len() + 1;
    let pieces = [Ok(start), Err(std::io::Error::other("a fault closes the connection"))];
    let mut response = into_response(Reply { body: Bytes::new(), ..reply });
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    *response.body_mut() = Body::from_stream(futures_util::stream::iter(pieces));
    response
}

fn into_response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    for (name, value) in reply.headers {
        response.headers_mut().append(name, value);
    }
    response
}
