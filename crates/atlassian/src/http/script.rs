//! Two doubles of the other side for tests: a script in memory, and a server of a few lines on a real socket.

use super::{Credential, Gateway, HttpOptions, Incoming, Outgoing, Transport, TransportFault};
use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// The token that tests look for in everything that is printed.
pub(crate) const TOKEN: &str = "ATSTTsecret0token0value";

pub(crate) fn credential() -> Credential {
    Credential { token: SecretString::from(TOKEN), org: None }
}

/// An answer with a status, headers and a body.
pub(crate) fn answer(status: u16, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Incoming {
    let pairs = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header's value")));
    Incoming { status, headers: pairs.collect::<HeaderMap>(), body: body.into().into() }
}

/// A JSON answer.
pub(crate) fn json(body: &serde_json::Value) -> Incoming {
    answer(200, &[], body.to_string())
}

type Reply = dyn Fn(&Outgoing, usize) -> Result<Incoming, TransportFault> + Send + Sync;

/// Answers calls from a function, which also gets the number of the call, and remembers them.
#[derive(Clone)]
pub(crate) struct Script {
    reply: Arc<Reply>,
    takes: std::time::Duration,
    heard: Arc<Mutex<Vec<Outgoing>>>,
}

impl Script {
    pub(crate) fn new(
        reply: impl Fn(&Outgoing, usize) -> Result<Incoming, TransportFault> + Send + Sync + 'static,
    ) -> Self {
        Self::slow(std::time::Duration::ZERO, reply)
    }

    /// The same, but each answer takes so long.
    pub(crate) fn slow(
        takes: std::time::Duration,
        reply: impl Fn(&Outgoing, usize) -> Result<Incoming, TransportFault> + Send + Sync + 'static,
    ) -> Self {
        Self { reply: Arc::new(reply), takes, heard: Arc::default() }
    }

    pub(crate) fn heard(&self) -> Vec<Outgoing> {
        self.heard.lock().unwrap().clone()
    }

    /// The paths called, with their queries, decoded.
    pub(crate) fn paths(&self) -> Vec<String> {
        let line = |outgoing: &Outgoing| {
            let query: Vec<String> =
                outgoing.url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}?{}", outgoing.url.path(), query.join("&"))
        };
        self.heard().iter().map(line).collect()
    }

    pub(crate) fn gateway(&self, options: &HttpOptions) -> Gateway {
        Gateway::over(Box::new(self.clone()), options, "cid", &credential()).unwrap()
    }

    /// A gateway that never waits.
    pub(crate) fn swift(&self) -> Gateway {
        self.gateway(&HttpOptions::default().without_waits())
    }
}

#[async_trait]
impl Transport for Script {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, TransportFault> {
        let number = {
            let mut heard = self.heard.lock().unwrap();
            heard.push(outgoing.clone());
            heard.len()
        };
        match self.takes.is_zero() {
            true => tokio::task::yield_now().await,
            false => tokio::time::sleep(self.takes).await,
        }
        (self.reply)(&outgoing, number)
    }
}

/// One request as a socket heard it: request line and headers, as text.
pub(crate) type Heard = Arc<Mutex<Vec<String>>>;

/// A server that answers each request with raw bytes and closes.
pub(crate) struct Server {
    pub(crate) address: Url,
    pub(crate) heard: Heard,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(reply: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let heard = Heard::default();
        let (reply, log) = (Arc::new(reply), heard.clone());
        let task = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (reply, log) = (reply.clone(), log.clone());
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    let mut buffer = [0; 4096];
                    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                        match socket.read(&mut buffer).await {
                            Ok(0) | Err(_) => return,
                            Ok(read) => request.extend_from_slice(&buffer[..read]),
                        }
                    }
                    let request = String::from_utf8_lossy(&request).into_owned();
                    let answer = reply(&request);
                    log.lock().unwrap().push(request);
                    let _gone = socket.write_all(&answer).await;
                    let _gone = socket.shutdown().await;
                });
            }
        });
        Self { address, heard, task }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn options(&self) -> HttpOptions {
        HttpOptions::at(&self.address).without_waits()
    }

    pub(crate) fn gateway(&self) -> Gateway {
        Gateway::new(&self.options(), "cid", &credential()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A response on the wire.
pub(crate) fn wire(status: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
