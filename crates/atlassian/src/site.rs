//! From the domain that a person types to the cloud id that the gateway wants (sheet 1.1).
//!
//! `_edge/tenant_info` of the site is the only source of it: the gateway's own list refuses API tokens. Any name below
//! `atlassian.net` answers something, so only JSON with a cloud id counts; where there is no site, that is a 404.

use crate::http::{HttpOptions, Incoming, Method, Outgoing, ReqwestTransport, SetupError, Transport};
use crate::http::{TransportFault, backoff_wait};
use model::SiteDomain;
use serde::Deserialize;
use url::Url;

/// Tries in all; discovery runs while a person waits.
const TRIES: u32 = 3;

/// Why a site was not found.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Something answers there, but no site.
    #[error("there is no site at `{0}`; check the spelling, or copy the address from the browser")]
    NotFound(SiteDomain),
    /// What answers is neither a site nor Atlassian's word that there is none.
    #[error(
        "`{site}` is not answered by Atlassian: {what}; a proxy, a firewall or a sign-in page of your own network may stand in \
         between"
    )]
    Foreign {
        /// The site asked for.
        site: SiteDomain,
        /// What came.
        what: String,
    },
    /// Nothing answers, or only with failures.
    #[error("`{site}` does not answer: {what}; check the network, the proxy and the site's status")]
    Unreachable {
        /// The site asked for.
        site: SiteDomain,
        /// What happened.
        what: String,
    },
    /// The network settings cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TenantInfo {
    cloud_id: String,
}

/// The cloud id of a site. Sends no credential.
pub async fn discover(site: &SiteDomain, options: &HttpOptions) -> Result<String, SiteError> {
    let transport = ReqwestTransport::new(options)?;
    discover_over(&transport, site, options).await
}

pub(crate) async fn discover_over(
    transport: &dyn Transport,
    site: &SiteDomain,
    options: &HttpOptions,
) -> Result<String, SiteError> {
    let unreachable = |what: String| SiteError::Unreachable { site: site.clone(), what };
    let foreign = |what: String| SiteError::Foreign { site: site.clone(), what };
    let address = match &options.site_address {
        Some(address) => address.clone(),
        None => Url::parse(&site.url()).map_err(|error| unreachable(error.to_string()))?,
    };
    let url = address.join("/_edge/tenant_info").map_err(|error| unreachable(error.to_string()))?;
    let host = options.site_address.as_ref().map(|_| site.to_string());
    let outgoing = Outgoing { method: Method::Get, url, authorization: None, host, body: None };
    let mut tried = 0;
    loop {
        let what = match transport.exchange(outgoing.clone()).await {
            Ok(incoming) if incoming.status >= 500 || incoming.status == 429 => {
                format!("it answers with status {}", incoming.status)
            }
            Ok(incoming) if incoming.status == 404 => return Err(SiteError::NotFound(site.clone())),
            Ok(incoming) => return cloud_id(&incoming).map_err(foreign),
            Err(TransportFault::Network(what)) => what,
            Err(TransportFault::TooLarge) => return Err(foreign("the answer is too large".to_owned())),
        };
        tried += 1;
        if tried >= TRIES {
            return Err(unreachable(what));
        }
        tokio::time::sleep(backoff_wait(None, tried - 1, options)).await;
    }
}

/// The cloud id, or what came instead of it.
fn cloud_id(incoming: &Incoming) -> Result<String, String> {
    if incoming.status != 200 {
        return Err(format!("it answers with status {}", incoming.status));
    }
    let nothing = || "the answer names no cloud id".to_owned();
    let info: TenantInfo = serde_json::from_slice(&incoming.body).map_err(|_| nothing())?;
    let plausible = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_id = !info.cloud_id.is_empty() && info.cloud_id.len() <= 64 && info.cloud_id.bytes().all(plausible);
    if is_id { Ok(info.cloud_id) } else { Err(nothing()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Incoming {
        Incoming { status, headers: reqwest::header::HeaderMap::new(), body: body.into() }
    }

    #[test]
    fn only_json_with_a_cloud_id_is_a_site() {
        assert_eq!(cloud_id(&answer(200, r#"{"cloudId":"1111-22","x":1}"#)).as_deref(), Ok("1111-22"));
        for other in [
            answer(200, "<html>Page unavailable</html>"),
            answer(200, r#"{"tenant":"x"}"#),
            answer(200, r#"{"cloudId":""}"#),
            answer(200, r#"{"cloudId":"../admin"}"#),
            answer(302, r#"{"cloudId":"1111-22"}"#),
        ] {
            assert!(cloud_id(&other).is_err(), "{other:?}");
        }
        let told = |status| cloud_id(&answer(status, "{}")).unwrap_err();
        assert_eq!([302, 403].map(told), ["it answers with status 302", "it answers with status 403"]);
    }
}
