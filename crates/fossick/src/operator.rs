//! How commands reach the hub: over its unix socket if one is running, else by opening the data directory themselves.
//!
//! Both ways run the same router, so a command does exactly what the REST API does.

use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::hub::Hub;
use crate::serve;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt as _;

/// The largest answer that a command takes, in bytes.
const LARGEST: usize = 16 << 20;

/// The hub, wherever it runs.
pub(crate) enum Operator {
    /// A running hub.
    Socket(reqwest::Client),
    /// A hub of this process alone.
    Here { router: axum::Router, hub: Arc<Hub> },
}

/// Where a running hub listens for its operator.
pub(crate) fn socket(config: &Config) -> PathBuf {
    config.data.join("hub.sock")
}

impl Operator {
    /// Finds the running hub of this data directory, or becomes one.
    pub(crate) async fn reach(config: &Config) -> Result<Self, Fault> {
        if let Some(running) = Self::running(config).await? {
            return Ok(running);
        }
        let hub = Hub::open(config).await?;
        let router = web::operator_router(serve::app(&hub, config, Vec::new()));
        Ok(Self::Here { router, hub })
    }

    /// The running hub of this data directory, if there is one.
    pub(crate) async fn running(config: &Config) -> Result<Option<Self>, Fault> {
        let socket = socket(config);
        if tokio::net::UnixStream::connect(&socket).await.is_ok() {
            // No TLS runs over a socket, but a client is not made without a provider of it.
            atlassian::http::install_provider();
            let client = reqwest::Client::builder().unix_socket(socket).no_proxy().build();
            let found = client.map(Self::Socket).map(Some);
            return found.map_err(|error| Fault::new(Exit::Failure, error.to_string()));
        }
        Ok(None)
    }

    /// Whether the hub ends with this command.
    pub(crate) fn is_here(&self) -> bool {
        matches!(self, Self::Here { .. })
    }

    /// Ends what this command started, leaving a running hub alone.
    pub(crate) async fn close(self) {
        if let Self::Here { hub, .. } = self {
            hub.close().await;
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Fault> {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, Fault> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Calls one route of the API. An answer that is no success becomes a fault with the answer's own words.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fault> {
        let answer = self.bytes(method, path, body).await?;
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer).unwrap_or(Value::Null) })
    }

    /// The same for an answer that is no JSON.
    pub(crate) async fn text(&self, path: &str) -> Result<String, Fault> {
        let answer = self.bytes(Method::GET, path, None).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    async fn bytes(&self, method: Method, path: &str, body: Option<Value>) -> Result<Bytes, Fault> {
        let failed =
            |error: &dyn std::fmt::Display| Fault::new(Exit::Failure, format!("the hub does not answer: {error}"));
        let text = body.map(|body| body.to_string());
        let (status, answer) = match self {
            Self::Socket(client) => {
                let mut request = client.request(method, format!("http://hub{path}"));
                if let Some(text) = text {
                    request = request.header(header::CONTENT_TYPE, "application/json").body(text);
                }
                let answer = request.send().await.map_err(|error| failed(&error))?;
                let status = answer.status();
                (status, answer.bytes().await.map_err(|error| failed(&error))?)
            }
            Self::Here { router, .. } => {
                let mut request = Request::builder().method(method).uri(path);
                if text.is_some() {
                    request = request.header(header::CONTENT_TYPE, "application/json");
                }
                let body = Body::from(text.unwrap_or_default());
                let request = request.body(body).map_err(|error| failed(&error))?;
                let answer = router.clone().oneshot(request).await.map_err(|error| failed(&error))?;
                let status = answer.status();
                (status, to_bytes(answer.into_body(), LARGEST).await.map_err(|error| failed(&error))?)
            }
        };
        if status.is_success() {
            return Ok(answer);
        }
        let value: Value = serde_json::from_slice(&answer).unwrap_or(Value::Null);
        let words = value["detail"].as_str().or(value["title"].as_str()).unwrap_or("no reason was given");
        let exit = match value["code"].as_str() {
            Some("check-failed" | "source") => Exit::Source,
            Some("disk-full") => Exit::DiskFull,
            _ => Exit::Failure,
        };
        Err(Fault::new(exit, words.to_owned()))
    }
}
