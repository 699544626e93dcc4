//! How the network is reached: addresses, proxy, certificate authorities, limits.
//!
//! The addresses can be changed for a simulator only, from the configuration file; nothing that a member types gets here.

use super::Roots;
use secrecy::SecretString;
use std::time::Duration;
use url::Url;

/// The settings of all outbound calls.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// The gateway that all calls with a credential go to.
    pub gateway: Url,
    /// Where sites answer instead of at their own domain, which is then sent as the `Host` header. For simulators.
    pub site_address: Option<Url>,
    /// A proxy for all calls, such as `http://proxy.example.com:3128`. The environment's proxy variables are not read.
    pub proxy: Option<Url>,
    /// Name and password for the proxy, as `name:password`.
    pub proxy_credential: Option<SecretString>,
    /// Certificate authorities trusted beside the system's.
    pub extra_roots: Option<Roots>,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long an answer may stand still.
    pub read_timeout: Duration,
    /// How long a call may take in all.
    pub total_timeout: Duration,
    /// The largest answer that is taken, in bytes after decompression.
    pub largest_answer: usize,
    /// The longest wait that a call sits out by itself; a longer one is reported to the caller.
    pub patience: Duration,
    /// The longest first wait before another try; doubles with each, up to [`patience`](Self::patience).
    pub backoff: Duration,
    /// A random fraction in `[0, 1)`, which spreads tries.
    pub jitter: fn() -> f64,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The proxy's address cannot be used.
    #[error("the proxy address cannot be used; write it like `http://proxy.example.com:3128`")]
    Proxy,
    /// An address is not of http or https.
    #[error("`{0}` is not an http or https address; the gateway is `https://api.atlassian.com`")]
    Address(String),
    /// The credential has characters that no header can carry.
    #[error("the {0} contains characters that no token has; copy it again without spaces or line breaks")]
    Credential(&'static str),
    /// The TLS library refused its own settings.
    #[error("cannot set up TLS: {0}")]
    Tls(String),
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            gateway: default_gateway(),
            site_address: None,
            proxy: None,
            proxy_credential: None,
            extra_roots: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(300),
            largest_answer: 64 << 20,
            patience: Duration::from_secs(30),
            backoff: Duration::from_secs(2),
            jitter: random_fraction,
        }
    }
}

impl HttpOptions {
    /// Everything at one simulator, which tells sites apart by the `Host` header.
    #[must_use]
    pub fn at(address: &Url) -> Self {
        Self { gateway: address.clone(), site_address: Some(address.clone()), ..Self::default() }
    }

    /// The same without waits between tries, for tests.
    #[must_use]
    pub fn without_waits(self) -> Self {
        Self { backoff: Duration::ZERO, ..self }
    }
}

#[expect(clippy::expect_used, reason = "a literal that a test reads")]
fn default_gateway() -> Url {
    Url::parse("https://api.atlassian.com").expect("a valid address")
}

fn random_fraction() -> f64 {
    // Without randomness tries are not spread, which costs politeness and nothing else.
    getrandom::u32().map_or(0.5, |number| f64::from(number) / (f64::from(u32::MAX) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_is_atlassians() {
        assert_eq!(HttpOptions::default().gateway.as_str(), "https://api.atlassian.com/");
    }

    #[test]
    fn fractions_stay_below_one() {
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random_fraction())));
    }
}
