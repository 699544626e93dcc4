//! The domain of a Cloud site, checked when it is typed.
//!
//! Only `*.atlassian.net` is taken, so that the hub can never be talked into calling an address of somebody's choice.

use std::fmt;

/// A Cloud site such as `acme.atlassian.net`, lower-case, without scheme or path.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SiteDomain(String);

/// Why a typed domain was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidSite {
    /// Nothing was typed.
    #[error("the domain is empty; write the site's address, such as `acme.atlassian.net`")]
    Empty,
    /// The name contains something that a host name cannot.
    #[error("`{0}` is not a host name; write the site's address, such as `acme.atlassian.net`")]
    Malformed(String),
    /// A host outside Atlassian Cloud.
    #[error(
        "`{0}` is not an Atlassian Cloud site; its address ends in `.atlassian.net`, such as `acme.atlassian.net`. \
         A Data Center instance cannot be connected by this version"
    )]
    NotCloud(String),
}

impl SiteDomain {
    /// Takes what a person types: scheme, path, port 443 and upper case are forgiven; anything else is refused.
    pub fn parse(typed: &str) -> Result<Self, InvalidSite> {
        let text = typed.trim().to_ascii_lowercase();
        let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
        let host = text.split(['/', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
        let host = host.strip_suffix(":443").unwrap_or(host);
        if host.is_empty() {
            return Err(InvalidSite::Empty);
        }
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if host.len() > 253 || !host.split('.').all(label) {
            return Err(InvalidSite::Malformed(host.to_owned()));
        }
        match host.strip_suffix(".atlassian.net") {
            Some(name) if !name.contains('.') => Ok(Self(host.to_owned())),
            _ => Err(InvalidSite::NotCloud(host.to_owned())),
        }
    }

    /// The host name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The site's address without a trailing slash.
    pub fn url(&self) -> String {
        format!("https://{}", self.0)
    }
}

impl fmt::Display for SiteDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_the_domain() {
        for typed in ["acme.atlassian.net", " HTTPS://Acme.atlassian.net/wiki/spaces/X?y#z ", "acme.atlassian.net:443."]
        {
            let parsed = SiteDomain::parse(typed).map(|site| site.to_string());
            assert_eq!(parsed.as_deref(), Ok("acme.atlassian.net"), "{typed}");
        }
    }

    #[test]
    fn no_other_host_passes() {
        for typed in [
            "",
            "localhost",
            "127.0.0.1",
            "169.254.169.254",
            "jira.example.com",
            "acme.atlassian.net.evil.com",
            "evil.com/acme.atlassian.net",
            "a@b.atlassian.net",
            "user:pw@acme.atlassian.net",
            "acme.atlassian.net:8080",
            ".atlassian.net",
            "atlassian.net",
            "a.b.atlassian.net",
            "acme.atlassian.net\\@evil.com",
            "acmé.atlassian.net",
        ] {
            assert!(SiteDomain::parse(typed).is_err(), "{typed}");
        }
    }
}
