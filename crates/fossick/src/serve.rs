//! `fossick serve`: the hub with its pages and API, until it is told to stop.

use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::hub::{Hub, now, refusal};
use crate::{listen, operator};
use axum::Router;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;
use web::App;
use web::pages::login::DemoAccount;

/// The router's parts for a hub.
pub(crate) fn app(hub: &Arc<Hub>, config: &Config, demo_accounts: Vec<DemoAccount>) -> App {
    App {
        store: Arc::new(hub.store.clone()),
        access: hub.access(),
        index: hub.index.clone(),
        operations: hub.clone(),
        upkeep: hub.clone(),
        inspection: hub.clone(),
        clock: Arc::new(now),
        entropy: Arc::new(store::SystemEntropy),
        public_url: config.web.public_url.clone(),
        secure_cookies: config.web.public_url.as_ref().is_some_and(|url| url.scheme() == "https"),
        demo_accounts,
        scopes: crate::scopes::groups(),
    }
}

/// Serves until Ctrl-C or a signal to end.
pub(crate) async fn run(config: &Config) -> Result<(), Fault> {
    let listener = listen::on(config.web.listen).await?;
    let hub = Hub::open(config).await?;
    hub.start_cycles();
    let address = listener.local_addr().map_err(|error| Fault::new(Exit::Listen, error.to_string()))?;
    // All before anybody is told that the hub is up: whoever then ends it must not do so the hard way, whoever then types a
    // command must reach it, and a site that calls then must not be told that it called before the start.
    let socket = operator::socket(config);
    let operators_listener = operators_listener(&socket)?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    tokio::spawn(stop_on_damage(hub.store.clone(), stop.clone()));
    let app = app(&hub, config, Vec::new());
    let (people_router, operators_router) = (web::router(app.clone()), web::operator_router(app));
    let accounts = hub.store.accounts().map_err(|error| crate::hub::store_fault(&error))?;
    say(&format!("fossick answers at http://{address}"));
    if accounts.is_empty() {
        say("no accounts yet; add one: fossick user add you@example.com --name \"Your Name\" --admin");
    }
    let operators = operators(&socket, operators_listener, operators_router, last(&hub.store, &stop));
    let (people, operators) = tokio::join!(people(listener, people_router, stop), operators);
    hub.close().await;
    if let Some(damage) = hub.store.damage() {
        return Err(Fault::new(Exit::Damaged, damage.to_string()));
    }
    people.and(operators)
}

/// Tells whoever started the hub. Who started it in a pipe may read no further, which is no reason to end.
fn say(line: &str) {
    use std::io::Write as _;
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

/// When the operator's socket ends: a command that asked for the check which found the damage is still to hear of it.
fn last(store: &store::Store, stop: &CancellationToken) -> impl Future<Output = ()> + Send + 'static {
    let (store, stop) = (store.clone(), stop.clone());
    async move {
        stop.cancelled().await;
        if store.damage().is_some() {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    }
}

/// A damaged store answers nobody: what it says of access may be as wrong as the rest.
async fn stop_on_damage(store: store::Store, stop: CancellationToken) {
    tokio::select! {
        _ = store.damaged() => stop.cancel(),
        () = stop.cancelled() => {}
    }
}

/// Serves pages and API to people and programs.
pub(crate) async fn people(listener: TcpListener, router: Router, stop: CancellationToken) -> Result<(), Fault> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(ending(stop)).await;
    served.map_err(|error| Fault::new(Exit::Failure, format!("the web server failed: {error}")))
}

/// Listens for the operator's commands on a socket that only this user can open.
fn operators_listener(path: &Path) -> Result<UnixListener, Fault> {
    let failed = |error| refusal(&format!("cannot listen on `{}`", path.display()), &error);
    // The lock on the data directory is ours, so a socket that is there was left by a crash.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    keep_private(path).map_err(failed)?;
    Ok(listener)
}

/// Serves the operator's commands.
async fn operators(
    path: &Path,
    listener: UnixListener,
    router: Router,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    let served = axum::serve(listener, router).with_graceful_shutdown(end).await;
    let _gone_already = std::fs::remove_file(path);
    served.map_err(|error| Fault::new(Exit::Failure, format!("the operator's socket failed: {error}")))
}

fn keep_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

async fn ending(stop: CancellationToken) {
    stop.cancelled().await;
}

/// Listens, from now on, for Ctrl-C and the signal that service managers send, and stops when one comes.
pub(crate) fn stop_on_signal(stop: CancellationToken) -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let listening = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        let waiting = listening.into_iter().map(|signal| {
            Box::pin(async move {
                match signal {
                    Ok(mut signal) => drop(signal.recv().await),
                    Err(_) => std::future::pending().await,
                }
            })
        });
        futures_util::future::select_all(waiting).await;
        stop.cancel();
    }
}
