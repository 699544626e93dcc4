//! The running double: one listener for site, gateway, organization, media and the test controls.
//!
//! A request passes these steps: latency, (place for faults), dispatch by host and path, credential and scopes, handler,
//! product headers, counters. Handlers are synchronous and hold the world's lock only while they work.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::counters::Counters;
use crate::dispatch;
use crate::jira::search_pages::SearchPages;
use crate::media::Media;
use crate::reply::Reply;
use crate::route::Routes;
use crate::state::switches::Switches;
use crate::state::{Site, World};

/// Largest request body that is read, in bytes.
const MAX_BODY: usize = 128 * 1024 * 1024;

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Added to every answer.
    pub latency: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), latency: Duration::ZERO }
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
    /// Tickets for files.
    pub media: Media,
    /// Open chains of Jira searches.
    pub search_pages: SearchPages,
    /// All routes of both products and the organization.
    pub routes: Routes,
    latency_ms: AtomicU64,
    port: AtomicU16,
}

impl Simulation {
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
    /// Listens and serves `world`. Fails when the address is taken or not ours.
    pub async fn start(world: World, options: Options) -> std::io::Result<Running> {
        let listener = TcpListener::bind(options.listen).await?;
        let addr = listener.local_addr()?;
        let simulation = Arc::new(Simulation {
            site: world.site.clone(),
            clock: world.clock.clone(),
            switches: world.switches.clone(),
            world: RwLock::new(world),
            counters: Counters::default(),
            media: Media::default(),
            search_pages: SearchPages::default(),
            routes: Routes::new(all_routes()),
            latency_ms: AtomicU64::new(0),
            port: AtomicU16::new(addr.port()),
        });
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
    let latency = simulation.latency_ms.load(Ordering::SeqCst);
    let (parts, body) = request.into_parts();
    if latency > 0 && !parts.uri.path().starts_with("/_sim/") {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return into_response(Reply::raw(axum::http::StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "body too large"));
    };
    // Faults go here: between the complete request and its answer, and once more around `reply`.
    let (template, reply) = dispatch::answer(&simulation, &parts, body);
    if !template.starts_with("/_sim/") {
        simulation.counters.add(&parts.method, template, reply.status, reply.body.len(), reply.points);
    }
    into_response(reply)
}

fn into_response(reply: Reply) -> Response {
    let mut response = Response::new(axum::body::Body::from(reply.body));
    *response.status_mut() = reply.status;
    for (name, value) in reply.headers {
        response.headers_mut().append(name, value);
    }
    response
}
