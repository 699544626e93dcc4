//! One exchange over the network, without any judgement of what came back.
//!
//! A port, so that pace and retries are tested in paused time and the network is tested apart.

use super::{HttpOptions, Method, SetupError};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use url::Url;

/// What is sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// Marked as sensitive, so that `Debug` does not print it.
    pub(crate) authorization: Option<HeaderValue>,
    /// Sent in place of the address's own host.
    pub(crate) host: Option<String>,
    pub(crate) body: Option<Bytes>,
}

/// What came back, whole.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why nothing whole came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TransportFault {
    /// The connection could not be made, broke or stood still.
    Network(String),
    /// The answer is larger than the limit.
    TooLarge,
}

#[async_trait]
pub(crate) trait Transport: Send + Sync {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, TransportFault>;
}

/// The real network.
pub(crate) struct ReqwestTransport {
    client: reqwest::Client,
    largest: usize,
}

impl ReqwestTransport {
    pub(crate) fn new(options: &HttpOptions) -> Result<Self, SetupError> {
        for address in std::iter::once(&options.gateway).chain(&options.site_address) {
            if !matches!(address.scheme(), "http" | "https") || address.cannot_be_a_base() {
                return Err(SetupError::Address(address.to_string()));
            }
        }
        install_provider();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("fossick/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.read_timeout)
            .timeout(options.total_timeout);
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(proxy_of(proxy, options)?);
        }
        if let Some(roots) = &options.extra_roots {
            builder = builder.tls_certs_merge(roots.certificates());
        }
        let client = builder.build().map_err(|error| SetupError::Tls(error.to_string()))?;
        Ok(Self { client, largest: options.largest_answer })
    }
}

fn proxy_of(address: &Url, options: &HttpOptions) -> Result<reqwest::Proxy, SetupError> {
    let proxy = reqwest::Proxy::all(address.as_str()).map_err(|_| SetupError::Proxy)?;
    let Some(credential) = &options.proxy_credential else { return Ok(proxy) };
    let (name, password) = credential.expose_secret().split_once(':').ok_or(SetupError::Proxy)?;
    Ok(proxy.basic_auth(name, password))
}

/// The one TLS provider of the process. Somebody else may have set it first, to the same one.
pub fn install_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _already_set = rustls::crypto::ring::default_provider().install_default();
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, TransportFault> {
        let method = match outgoing.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut request = self.client.request(method, outgoing.url).header(reqwest::header::ACCEPT, "application/json");
        if let Some(authorization) = outgoing.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(host) = outgoing.host {
            request = request.header(HOST, host);
        }
        if let Some(body) = outgoing.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.map_err(network)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.try_next().await.map_err(network)? {
            if body.len() + chunk.len() > self.largest {
                return Err(TransportFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Incoming { status, headers, body: body.into() })
    }
}

/// The error in words, without the address: arguments may name things that logs must not hold.
#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn network(error: reqwest::Error) -> TransportFault {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the connection broke"
    };
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    let mut deepest = String::new();
    while let Some(inner) = cause {
        deepest = inner.to_string();
        cause = inner.source();
    }
    TransportFault::Network(if deepest.is_empty() { what.to_owned() } else { format!("{what}: {deepest}") })
}
