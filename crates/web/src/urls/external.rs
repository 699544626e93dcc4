//! Links out of Fossick: only `http` and `https`, so that no document can plant a script behind a title.

use std::fmt;

use url::Url;

/// An absolute `http` or `https` address without credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExternalUrl(String);

impl ExternalUrl {
    /// Reads an address; `None` when it is relative, carries a user name, or has another scheme.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        if !is_web || has_credentials {
            return None;
        }
        Some(Self(url.into()))
    }
}

impl fmt::Display for ExternalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
