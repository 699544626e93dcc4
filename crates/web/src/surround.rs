//! What happens around every request: a name for the log, a form for failures, headers for browsers.
//!
//! The log knows the route's pattern, never the address: addresses hold queries and e-mails.

use crate::CONTENT_SECURITY_POLICY;
use crate::chrome::{Device, redirect};
use crate::cookies::Cookie;
use crate::failure::{Failure, sentence};
use crate::hub::Hub;
use crate::identity::{OperatorMark, cookie_session};
use crate::operations::CheckReport;
use crate::pages::fault::FaultPage;
use crate::pages::layout::Chrome;
use crate::show::checks_json;
use crate::urls::pattern;
use askama::Template;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY as CSP, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    SET_COOKIE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::panic::AssertUnwindSafe;
use std::time::Instant;

/// What a failure's answer needs to know of the request.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    operator: bool,
    reference: String,
}

impl Asked {
    /// Programs get JSON: under `/api/`, and wherever JSON is asked for and HTML is not.
    fn wants_json(&self) -> bool {
        let accept = self.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        self.operator
            || self.uri.path().starts_with("/api/")
            || (accept.contains("json") && !accept.contains("text/html"))
    }
}

/// The outermost layer.
pub(crate) async fn surround(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        headers: request.headers().clone(),
        operator: request.extensions().get::<OperatorMark>().is_some(),
        reference: reference(&hub),
    };
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|panic| Failure::Internal(panic_words(panic.as_ref())).into_response());
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Failure>().is_none() {
        response.extensions_mut().insert(Failure::WrongMethod);
    }
    if let Some(failure) = response.extensions().get::<Failure>().cloned() {
        log_failure(&failure, &asked.reference, &route);
        response = shaped(&hub, &failure, &asked, response.headers()).await;
    }
    forget_message(&hub, &asked, &mut response);
    guard(response.headers_mut(), &asked.reference);
    let status = response.status().as_u16();
    let millis = started.elapsed().as_millis();
    tracing::debug!(reference = asked.reference, method = %asked.method, route, status, millis, "answered a request");
    response
}

fn reference(hub: &Hub) -> String {
    let mut bytes = [0; 8];
    // Without random bytes sessions fail, too; the log line of that failure then has a name that is not unique.
    drop(hub.app.entropy.fill(&mut bytes));
    hex::encode(bytes)
}

fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a handler panicked: {}", words.unwrap_or_default())
}

fn log_failure(failure: &Failure, reference: &str, route: &str) {
    match failure {
        Failure::Internal(cause) => tracing::error!(reference, route, cause, "a request failed"),
        Failure::Full => tracing::error!(reference, route, "a request failed because the disk is full"),
        Failure::Busy => tracing::warn!(reference, route, "a request was turned away because too many sign in at once"),
        _ => {}
    }
}

async fn shaped(hub: &Hub, failure: &Failure, asked: &Asked, before: &HeaderMap) -> Response {
    let mut response = if asked.wants_json() {
        problem(failure, &asked.reference)
    } else if *failure == Failure::SignInFirst {
        sign_in_first(asked)
    } else {
        fault_page(hub, failure, asked).await
    };
    let headers = response.headers_mut();
    if let Failure::Throttled { seconds } = failure {
        headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if let Some(allowed) = before.get("allow") {
        headers.insert("allow", allowed.clone());
    }
    response
}

/// The failure as programs read it.
pub(crate) fn problem(failure: &Failure, reference: &str) -> Response {
    let status = failure.status();
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": failure.code(),
        "detail": failure.detail(),
        "reference": reference,
    });
    if let (Failure::CheckFailed(CheckReport { rows, .. }), Some(fields)) = (failure, body.as_object_mut()) {
        fields.insert("checks".to_owned(), Value::Array(checks_json(rows)));
    }
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if *failure == Failure::SignInFirst {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Leads to the login page, and from there back to what was to be read.
fn sign_in_first(asked: &Asked) -> Response {
    let mut to = pattern::LOGIN.to_owned();
    let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
    if asked.method == Method::GET && path != pattern::HOME {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        to = format!("{to}?{}", query.append_pair("next", path).finish());
    }
    redirect(&to).unwrap_or_else(|failure| failure.status().into_response())
}

async fn fault_page(hub: &Hub, failure: &Failure, asked: &Asked) -> Response {
    let device = Device::of(hub, &asked.headers);
    let chrome = match cookie_session(hub, &asked.headers).await {
        Ok(who) => hub.chrome(&who, device).unwrap_or_default(),
        Err(_) => Chrome { theme: device.theme, ..Chrome::default() },
    };
    let page = FaultPage { chrome, fault: failure.fault(&asked.reference) };
    match page.render() {
        Ok(html) => (failure.status(), Html(html)).into_response(),
        Err(_) => (failure.status(), sentence(&failure.detail())).into_response(),
    }
}

/// The message of the action before is shown once: the page that shows it takes it away.
fn forget_message(hub: &Hub, asked: &Asked, response: &mut Response) {
    let shows_it = response.status() == StatusCode::OK
        && response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if shows_it
        && hub.jar().read(&asked.headers, Cookie::Flash).is_some()
        && let Ok(cookie) = hub.jar().clear(Cookie::Flash)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// What every answer says to browsers and to caches in between.
fn guard(headers: &mut HeaderMap, reference: &str) {
    let fixed: [(HeaderName, &'static str); 7] = [
        (CSP, CONTENT_SECURITY_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    if let Ok(value) = HeaderValue::try_from(reference) {
        headers.insert("x-request-id", value);
    }
    debug_assert!(headers.get_all(LOCATION).iter().count() <= 1);
}
