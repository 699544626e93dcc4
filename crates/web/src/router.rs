//! Which address is answered by what: one table for people and programs, one for the operator.

use crate::App;
use crate::api;
use crate::failure::Failure;
use crate::form::LARGEST;
use crate::handlers::{
    account, assets, connect, deletions, events, inspections, login, lookup, persons, record, runs, schedule, scope,
    search, sources, users, webhook, webhook_call, why,
};
use crate::hub::Hub;
use crate::identity::OperatorMark;
use crate::surround::surround;
use crate::urls::pattern;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{delete, get, post, put};
use axum::{Extension, Router};
use tower_http::compression::CompressionLayer;

/// The router for people and programs.
///
/// Serve it with the peer's address (`into_make_service_with_connect_info::<SocketAddr>()`): the throttle of sign-ins
/// counts by it.
pub fn router(app: App) -> Router {
    let hub = Hub::new(app);
    let routes =
        Router::new().merge(people()).merge(settings()).merge(programs()).merge(administration()).merge(sites());
    surrounded(routes, hub)
}

/// The router for the operator: the administration part of the API, without signing in, named `operator` in the audit
/// log. Whoever can reach it may do everything: serve it on a socket that only the owner of the data directory can open,
/// or call it within the process.
pub fn operator_router(app: App) -> Router {
    use api::upkeep;
    // A backup is written wherever its caller says, so that only the owner of the data directory may ask for one.
    let backup = get(upkeep::backup).post(upkeep::begin_backup).delete(upkeep::stop_backup);
    let routes = administration().route(API_HEALTH, get(api::health::health)).route("/api/v1/backup", backup);
    surrounded(routes, Hub::new(app)).layer(Extension(OperatorMark))
}

const API_HEALTH: &str = "/api/v1/health";

fn surrounded(routes: Router<Hub>, hub: Hub) -> Router {
    routes
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(hub.clone(), surround))
        .layer(CompressionLayer::new())
        .with_state(hub)
}

async fn nothing_here() -> Failure {
    Failure::NotFound
}

/// What every account may open.
fn people() -> Router<Hub> {
    Router::new()
        .route(pattern::HOME, get(search::home))
        .route(pattern::SEARCH, get(search::results))
        .route(pattern::WHY, get(why::show).post(why::object))
        .route(pattern::LOGIN, get(login::form).post(login::attempt))
        .route(pattern::LOGOUT, post(login::leave))
        .route(pattern::ACCOUNT, get(account::show))
        .route(pattern::PASSWORD, post(account::change_password))
        .route(pattern::THEME, post(account::choose_theme))
        .route(pattern::ASSET, get(assets::asset))
}

/// What administrators may open.
fn settings() -> Router<Hub> {
    Router::new()
        .route(pattern::SETTINGS, get(async || Redirect::to(pattern::SOURCES)))
        .route(pattern::SOURCES, get(sources::list))
        .route(pattern::CONNECT, get(connect::form).post(connect::connect))
        .route(pattern::SOURCE, get(sources::show))
        .route(pattern::SOURCE_SCOPE, get(scope::form).post(scope::save))
        .route(pattern::SOURCE_SYNC, post(sources::sync))
        .route(pattern::SOURCE_CANCEL, post(sources::cancel))
        .route(pattern::SOURCE_PAUSE, post(sources::pause))
        .route(pattern::SOURCE_RESUME, post(sources::resume))
        .route(pattern::SOURCE_RUN, get(runs::show))
        .route(pattern::SOURCE_OWED, get(runs::owed))
        .route(pattern::SOURCE_SCHEDULE, get(schedule::form).post(schedule::save))
        .route(pattern::SOURCE_DELETIONS, get(deletions::show).post(deletions::judge))
        .route(pattern::SOURCE_UNDELETE, post(deletions::undo))
        .route(pattern::SOURCE_REMOVE, post(sources::remove))
        .route(pattern::SOURCE_EVENTS, get(events::events))
        .route(pattern::SOURCE_WEBHOOK, get(webhook::show).post(webhook::make))
        .route(pattern::SOURCE_WEBHOOK_SECRET, post(webhook::reveal))
        .route(pattern::SOURCE_WEBHOOK_REMOVE, post(webhook::remove))
        .route(pattern::USERS, get(users::list))
        .route(pattern::NEW_USER, get(users::form).post(users::add))
        .route(pattern::ACCESS, get(lookup::show))
        .route(pattern::EXPOSURE, get(lookup::exposure))
        .route(pattern::EXPOSURE_SHEET, get(lookup::exposure_sheet))
        .route(pattern::OBJECTIONS, get(lookup::objections))
        .route(pattern::SETTLE_OBJECTION, post(lookup::settle))
        .route(pattern::SOURCE_ACCESS, get(inspections::show))
        .route(pattern::SOURCE_COMPARE, post(inspections::compare))
        .route(pattern::SOURCE_OPEN_PROJECTS, post(inspections::vouch))
        .route(pattern::SOURCE_DOCTOR, get(inspections::doctor))
        .route(pattern::PERSONS, get(persons::show))
        .route(pattern::PERSON_MAP, post(persons::map))
        .route(pattern::PERSON_UNMAP, post(persons::unmap))
        .route(pattern::AUDIT, get(record::show))
}

/// What every account's programs may call.
fn programs() -> Router<Hub> {
    Router::new()
        .route(API_HEALTH, get(api::health::health))
        .route("/api/v1/login", post(api::session::login))
        .route("/api/v1/logout", post(api::session::logout))
        .route("/api/v1/me", get(api::session::me))
        .route("/api/v1/search", get(api::search::search))
        .route("/api/v1/why", get(api::explain::why).post(api::explain::object))
}

/// What sources' sites may call.
fn sites() -> Router<Hub> {
    Router::new().route(pattern::WEBHOOK_CALL, post(webhook_call::receive))
}

/// What administrators' programs and the operator may call.
fn administration() -> Router<Hub> {
    use api::{deletions, explain, inspections, persons, schedule, sources, upkeep, users, webhooks};
    Router::new()
        .route("/api/v1/sources", get(sources::list).post(sources::connect))
        .route("/api/v1/sources/check", post(sources::check_new))
        .route("/api/v1/sources/{id}", get(sources::show).merge(delete(sources::remove)))
        .route("/api/v1/sources/{id}/check", post(sources::check_again))
        .route("/api/v1/sources/{id}/containers", get(sources::containers))
        .route("/api/v1/sources/{id}/scope", put(sources::set_scope))
        .route("/api/v1/sources/{id}/sync", post(schedule::sync))
        .route("/api/v1/sources/{id}/deletions", get(deletions::show).merge(put(deletions::set_limits)))
        .route("/api/v1/sources/{id}/deletions/confirm", post(deletions::confirm))
        .route("/api/v1/sources/{id}/deletions/refuse", post(deletions::refuse))
        .route("/api/v1/sources/{id}/deletions/undo", post(deletions::undo))
        .route("/api/v1/sources/{id}/pause", post(schedule::pause))
        .route("/api/v1/sources/{id}/resume", post(schedule::resume))
        .route("/api/v1/sources/{id}/permission-max-age", put(schedule::set_max_age))
        .route("/api/v1/sources/{id}/hourly-budget", put(schedule::set_hourly_budget))
        .route("/api/v1/sources/{id}/cycles", put(schedule::set_cycles))
        .route("/api/v1/sources/{id}/cancel", post(sources::cancel))
        .route("/api/v1/sources/{id}/progress", get(sources::progress))
        .route("/api/v1/sources/{id}/runs", get(sources::runs))
        .route("/api/v1/sources/{id}/problems", get(sources::problems))
        .route("/api/v1/sources/{id}/owed", get(schedule::owed))
        .route("/api/v1/sources/{id}/hidden", get(sources::hidden))
        .route("/api/v1/explain", get(explain::pair))
        .route("/api/v1/explain/document", get(explain::document))
        .route("/api/v1/explain/person", get(explain::person))
        .route("/api/v1/explain/exposure", get(explain::exposure))
        .route("/api/v1/objections", get(explain::objections))
        .route("/api/v1/objections/{id}/settle", post(explain::settle))
        .route("/api/v1/sources/{id}/webhook", get(webhooks::show).post(webhooks::make).merge(delete(webhooks::remove)))
        .route("/api/v1/sources/{id}/doctor", get(inspections::doctor))
        .route("/api/v1/sources/{id}/audit", get(inspections::last).post(inspections::compare))
        .route("/api/v1/sources/{id}/open-projects", put(inspections::vouch))
        .route("/api/v1/scrub", get(upkeep::scrub).post(upkeep::begin_scrub).delete(upkeep::stop_scrub))
        .route("/api/v1/users", get(users::list).post(users::add))
        .route("/api/v1/users/{email}/password", put(users::set_password))
        .route("/api/v1/users/{email}/persons", get(persons::list))
        .route("/api/v1/users/{email}/persons/{source}", put(persons::map).merge(delete(persons::unmap)))
}
