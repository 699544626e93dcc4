//! A proxy between hub and simulator that spoils chosen answers, for faults that no honest server makes.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Response;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

use crate::client::plain;

/// What becomes of an answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Another status and body, as the gateway would send them.
    Answer(u16, &'static str, &'static str),
    /// The true answer, cut in the middle of its JSON, with a correct length.
    Cut,
    /// So many megabytes of one JSON string.
    Large(usize),
    /// The true answer, with bytes that are no UTF-8 inside the first string value of this key.
    NoUtf8(&'static str),
    /// The true answer, with this text replaced by another one wherever it stands.
    Replace(String, String),
    /// The connection is closed in the middle of the body.
    HangUp,
}

/// When an answer is spoilt.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Requests whose path holds this text.
    pub path: &'static str,
    /// So many of them pass first.
    pub after: usize,
    /// So many are spoilt then.
    pub times: usize,
    /// How.
    pub fault: Fault,
}

#[derive(Default)]
struct Rules {
    rules: Vec<(Rule, usize)>,
    spoilt: usize,
    requests: Vec<(String, String)>,
}

#[derive(Clone)]
struct Shared {
    http: reqwest::Client,
    target: String,
    rules: Arc<Mutex<Rules>>,
}

/// A proxy that runs as long as it is held.
pub struct Proxy {
    base: String,
    shared: Shared,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts before the server at `target`, and spoils nothing yet.
    pub async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no address: {error}"));
        let shared = Shared { http: plain(), target: target.to_owned(), rules: Arc::default() };
        let app = Router::new().fallback(pass).with_state(shared.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                panic!("the proxy fell over: {error}");
            }
        });
        Self { base: format!("http://{address}"), shared, task }
    }

    /// Where it answers.
    pub fn base(&self) -> String {
        self.base.clone()
    }

    /// Spoils answers by these rules from now on; none heals everything.
    pub fn spoil(&self, rules: Vec<Rule>) {
        let rules = rules.into_iter().map(|rule| (rule, 0)).collect();
        *self.shared.lock() = Rules { rules, ..Rules::default() };
    }

    /// How many answers were spoilt since the rules were set.
    pub fn spoilt(&self) -> usize {
        self.shared.lock().spoilt
    }

    /// Method and path, with the query, of every request since the rules were set.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.shared.lock().requests.clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.lock();
        rules.requests.push((method.to_owned(), path.to_owned()));
        let rules = &mut *rules;
        for (rule, seen) in &mut rules.rules {
            if path.contains(rule.path) {
                *seen += 1;
                if *seen > rule.after && *seen <= rule.after.saturating_add(rule.times) {
                    rules.spoilt += 1;
                    return Some(rule.fault.clone());
                }
            }
        }
        None
    }
}

async fn pass(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let fault = shared.fault(parts.method.as_str(), &path);
    if let Some(Fault::Answer(status, kind, text)) = fault {
        return answer(status, kind, Body::from(text));
    }
    let body = to_bytes(body, 64 << 20).await.unwrap_or_default();
    let mut sent = shared.http.request(parts.method, format!("{}{path}", shared.target)).body(body);
    for (name, value) in &parts.headers {
        if !matches!(
            *name,
            header::CONNECTION | header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::ACCEPT_ENCODING
        ) {
            sent = sent.header(name, value);
        }
    }
    let Ok(received) = sent.send().await else { return answer(502, "text/plain", Body::from("the simulator is gone")) };
    let (status, headers) = (received.status(), received.headers().clone());
    let Ok(bytes) = received.bytes().await else { return answer(502, "text/plain", Body::from("broken off")) };
    let mut response = Response::new(match fault {
        None => Body::from(bytes),
        Some(fault) => spoilt(fault, &bytes),
    });
    *response.status_mut() = StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in &headers {
        if ![header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION].contains(name) {
            response.headers_mut().append(HeaderName::clone(name), value.clone());
        }
    }
    response
}

fn answer(status: u16, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

fn spoilt(fault: Fault, bytes: &Bytes) -> Body {
    let text = String::from_utf8_lossy(bytes);
    match fault {
        Fault::Answer(_, _, text) => Body::from(text),
        Fault::Cut => Body::from(bytes.slice(..bytes.len() / 2)),
        Fault::Large(megabytes) => Body::from(format!("{{\"results\":[\"{}\"]}}", "x".repeat(megabytes << 20))),
        Fault::Replace(from, to) => Body::from(text.replace(&from, &to)),
        Fault::NoUtf8(key) => {
            let mark = format!("\"{key}\":\"");
            let at = text.find(&mark).map_or(bytes.len(), |at| at + mark.len());
            Body::from([&bytes[..at], &[0xff, 0xfe, 0xc3, 0x28], &bytes[at..]].concat())
        }
        Fault::HangUp => {
            let half = bytes.slice(..bytes.len() / 2);
            let pieces = [Ok(half), Err(std::io::Error::other("the line went dead"))];
            Body::from_stream(futures_util::stream::iter(pieces))
        }
    }
}
