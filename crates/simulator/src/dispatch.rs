//! From host and path to a handler: site, gateway, organization, media, test controls.
//!
//! `*.atlassian.net` is a site (an unknown one answers with a page of HTML). Any other host is the public gateway for the
//! gateway's paths and the site for all others, so that clients which only take a base address can use one.

use std::cell::Cell;
use std::time::Instant;

use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode, header};
use bytes::Bytes;
use serde_json::json;

use crate::call::Call;
use crate::caller::{self, Caller, LOGIN_REASON, Via};
use crate::control;
use crate::faults::{self, Limit, Reason, RetryAfter};
use crate::inside::Inside;
use crate::reply::{Reply, confluence, jira};
use crate::route::{Found, Product, Route};
use crate::server::Simulation;
use crate::{token_exchange, webhook, wire_time};

/// Counted instead of a template when nothing matched.
const NO_ROUTE: &str = "(no route)";

/// The template that matched, and the complete answer.
pub(crate) fn answer(simulation: &Simulation, parts: &Parts, body: Bytes) -> (&'static str, Reply) {
    let path = parts.uri.path();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    if name.ends_with(".atlassian.net") {
        if name != simulation.site.host {
            return (NO_ROUTE, unknown_site());
        }
        return at(simulation, parts, body, Door { via: Via::Site, path, base: format!("https://{name}") });
    }
    if path.starts_with("/_sim/") {
        let query = parts.uri.query().unwrap_or_default();
        return ("/_sim/", control::answer(simulation, &parts.method, path, query, &body));
    }
    if let Some(ticket) = path.strip_prefix("/media/") {
        return ("/media/{ticket}", simulation.media.redeem(ticket, &parts.headers, simulation.clock.now()));
    }
    if path.starts_with("/oauth/token/accessible-resources") {
        return ("/oauth/token/accessible-resources", caller::unauthorized("Unauthorized"));
    }
    if path == token_exchange::PATH {
        return (token_exchange::PATH, token_exchange::answer(simulation, &parts.method, &body));
    }
    if path.starts_with("/ex/") {
        return through_gateway(simulation, parts, body);
    }
    if path.starts_with("/admin/") {
        let base = "https://api.atlassian.com".to_owned();
        return at(simulation, parts, body, Door { via: Via::Gateway, path, base });
    }
    at(simulation, parts, body, Door { via: Via::Site, path, base: format!("http://{host}") })
}

struct Door<'a> {
    via: Via,
    /// Path at the site.
    path: &'a str,
    /// Start of `self` links.
    base: String,
}

fn through_gateway(simulation: &Simulation, parts: &Parts, body: Bytes) -> (&'static str, Reply) {
    let path = parts.uri.path();
    let site = &simulation.site;
    let products = [("jira", site.has_jira, "/rest/"), ("confluence", site.has_confluence, "/wiki/")];
    for (product, served, wanted) in products {
        let base = format!("/ex/{product}/{}", site.cloud_id);
        if let Some(inner) = path.strip_prefix(&base).filter(|inner| served && inner.starts_with(wanted)) {
            let base = format!("https://api.atlassian.com{base}");
            return at(simulation, parts, body, Door { via: Via::Gateway, path: inner, base });
        }
    }
    let body = json!({
        "timestamp": wire_time::iso_utc(simulation.clock.now()), "status": 404, "error": "Not Found",
        "message": "No message available", "path": path,
    });
    (NO_ROUTE, Reply::json(StatusCode::NOT_FOUND, &body))
}

fn unknown_site() -> Reply {
    let page = "<!doctype html><html><head><title>Page unavailable</title></head>\
        <body><h1>Your Atlassian Cloud site is currently unavailable.</h1></body></html>";
    Reply::raw(StatusCode::NOT_FOUND, "text/html;charset=UTF-8", page)
}

fn at(simulation: &Simulation, parts: &Parts, body: Bytes, door: Door<'_>) -> (&'static str, Reply) {
    match simulation.routes.find(&parts.method, door.path) {
        Found::Nothing => (NO_ROUTE, no_route(parts, door.path)),
        Found::OtherMethods(methods) => {
            let allowed: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
            (NO_ROUTE, other_methods(parts, door.path, &allowed.join(", ")))
        }
        Found::Route(route, parameters) => {
            let identified = caller::identify(&simulation.world(), door.via, route, &parts.headers);
            let caller = match identified {
                Ok(caller) => caller,
                Err(reply) => return (route.template, dressed(simulation, route.product, None, reply)),
            };
            let query = parts.uri.query().unwrap_or_default();
            let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let (path, headers, base) = (door.path, &parts.headers, door.base);
            let wrote = Cell::new(false);
            let call = Call { simulation, caller: &caller, path, parameters, query, headers, body, base, wrote };
            let mut reply = written_too_often(route, &call).unwrap_or_else(|| run(route, &call));
            if caller.login_failed {
                reply = reply.with(LOGIN_REASON, "AUTHENTICATED_FAILED");
            }
            (route.template, dressed(simulation, route.product, caller.account(), reply))
        }
    }
}

/// The answer to a request that starts inside the process: the same routes, rights and errors, without a credential.
pub(crate) fn answer_inside(simulation: &Simulation, request: &Inside) -> Reply {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let Found::Route(route, parameters) = simulation.routes.find(&request.method, path) else {
        let problem = format!("no route {} {path}", request.method);
        return Reply::json(StatusCode::NOT_FOUND, &json!({"error": problem}));
    };
    let account = request.account.clone().filter(|_| route.product != Product::Admin);
    let caller = Caller { account, via: Via::Site, login_failed: false };
    let headers = request.headers();
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (body, base) = (request.body.clone(), simulation.site.base());
    let (headers, wrote) = (&headers, Cell::new(false));
    let call = Call { simulation, caller: &caller, path, parameters, query, headers, body, base, wrote };
    run(route, &call)
}

/// Refuses a write to an issue that has been written too often of late, where the switch says so.
fn written_too_often(route: &Route, call: &Call<'_>) -> Option<Reply> {
    let simulation = call.simulation;
    if route.product != Product::Jira || route.method == Method::GET || !simulation.switches.issue_write_limit() {
        return None;
    }
    let issue = simulation.world().jira.issue(call.path_value("issueIdOrKey"))?.id;
    let wait = simulation.faults.issue_writes.refuses(issue, Instant::now())?;
    Some(faults::throttled(Reason::IssueWrites, simulation.clock.now(), RetryAfter::Seconds(wait), false))
}

/// Runs a handler; what it writes is kept where the simulator keeps a journal, and told to webhooks.
fn run(route: &Route, call: &Call<'_>) -> Reply {
    let run = || (route.run)(call).unwrap_or_else(std::convert::identity);
    let run = || match &call.simulation.journal {
        Some(journal) if route.method != Method::GET => journal.keep(call, &route.method, run),
        Some(journal) => journal.read(run),
        None => run(),
    };
    webhook::told(route, call, run)
}

fn is_v2(path: &str) -> bool {
    path.starts_with("/wiki/api/v2")
}

fn no_route(parts: &Parts, path: &str) -> Reply {
    if is_v2(path) {
        let title = format!("No handler found for {} {path}", parts.method);
        return confluence::v2(StatusCode::NOT_FOUND, "NOT_FOUND", &title);
    }
    if path.starts_with("/wiki/") {
        let message = format!("null for uri: {path}");
        return confluence::v1(StatusCode::NOT_FOUND, &message);
    }
    if path.starts_with("/admin/") {
        return Reply::json(StatusCode::NOT_FOUND, &json!({"code": 404, "message": "Not Found"}));
    }
    jira::problem(StatusCode::NOT_FOUND, &format!("No endpoint {} {path}.", parts.method), path)
}

fn other_methods(parts: &Parts, path: &str, allowed: &str) -> Reply {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let detail = format!("Method '{}' is not supported.", parts.method);
    let reply = if path.starts_with("/wiki/") {
        confluence::v2(status, "METHOD_NOT_ALLOWED", &detail)
    } else {
        jira::problem(status, &detail, path)
    };
    reply.with(header::ALLOW, allowed)
}

const fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

/// Headers that every answer of a product carries.
fn dressed(simulation: &Simulation, product: Product, account: Option<&str>, reply: Reply) -> Reply {
    let trace = format!("{:032x}", simulation.counters.next_trace());
    let reply = reply.with(name("atl-traceid"), &trace).with(name("atl-request-id"), &trace);
    match product {
        Product::Edge | Product::Admin => reply,
        Product::Confluence => reply.with(name("x-confluence-request-time"), "12"),
        Product::Jira => {
            let reply = reply.with(name("x-arequestid"), &trace);
            let Some(account) = account else { return reply };
            limited(reply.with(name("x-aaccountid"), account), simulation.faults.limiter.room())
        }
    }
}

/// How much Jira says is left: what is, where there is a limit, and else what a site that nobody else calls answers.
fn limited(reply: Reply, room: Option<(Limit, u32)>) -> Reply {
    let [most, left, burst, rest] = match room {
        Some((limit, left)) => [limit.burst, left, limit.per_second, left],
        None => [350, 349, 100, 99],
    };
    let reply = reply
        .with(name("x-ratelimit-limit"), &most.to_string())
        .with(name("x-ratelimit-remaining"), &left.to_string())
        .with(name("ratelimit-policy"), &format!("\"jira-burst-based\";q={burst};w=1"))
        .with(name("ratelimit"), &format!("\"jira-burst-based\";r={rest};t=1"));
    if left * 5 < most { reply.with(name("x-ratelimit-nearlimit"), "true") } else { reply }
}
