//! What a refused or failed call means, told apart as exactly as Atlassian's answers allow (sheet 1.3, 1.4).

use super::limits::Limits;
use super::{Endpoint, Family, Incoming, backoff};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use sync::{FetchError, FetchErrorKind};

/// The most of a message of the source that is kept.
const MESSAGE: usize = 300;

/// Why a call gave nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// 401: the credential is not known: mistyped, revoked or expired.
    CredentialRefused,
    /// 401 `scope does not match`: the credential is fine, but lacks a scope that the endpoint needs.
    ScopeMissing,
    /// 404 of the gateway itself, which knows no such site. Says nothing about any page or issue.
    SiteNotRouted,
    /// 403: the account has no access to the product at all.
    NoProductAccess,
    /// 403: this one thing is refused.
    Forbidden(String),
    /// 404 of the product: hidden or gone; the two look the same.
    NotFound,
    /// Another refusal, such as 400 for a query that the source cannot read.
    Rejected {
        /// The status.
        status: u16,
        /// What the source said, shortened.
        message: String,
    },
    /// 400 for a call with a cursor that the source gave: it has expired (sheet 1.4, 2).
    CursorRefused,
    /// 429, or 403 with a wait or a limit, after all tries.
    Throttled {
        /// The wait that the source asked for.
        retry_after: Option<Duration>,
        /// Which limit was hit, if the source said.
        reason: Option<String>,
    },
    /// 5xx, or an HTML page with 403 or 404 from the edge in front of the product, after all tries.
    ServerError {
        /// The status.
        status: u16,
        /// The wait that the source asked for.
        retry_after: Option<Duration>,
    },
    /// No whole answer came, after all tries.
    Network(String),
    /// An answer that is no JSON, or JSON of another shape.
    Malformed(String),
    /// An answer larger than the limit.
    TooLarge,
}

/// A call that gave nothing: which one, why, and the number under which Atlassian can find it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{endpoint}: {}", self.reason())]
pub struct CallError {
    /// The call.
    pub endpoint: Endpoint,
    /// Why.
    pub fault: Fault,
    /// `atl-traceid` of the last answer.
    pub trace: Option<String>,
}

impl CallError {
    pub(crate) fn new(endpoint: Endpoint, fault: Fault) -> Self {
        Self { endpoint, fault, trace: None }
    }

    /// What happened and what to do, in one sentence.
    pub fn reason(&self) -> String {
        let what = match &self.fault {
            Fault::CredentialRefused if self.endpoint.family() == Family::Organization => {
                "the organization key is refused; it was mistyped, revoked or has expired: create a new one".to_owned()
            }
            Fault::CredentialRefused => {
                "the token is refused; it was mistyped, revoked or has expired: create a new one".to_owned()
            }
            Fault::ScopeMissing => {
                let scopes = self.endpoint.scopes().join("` and `");
                format!("the token lacks a scope; create a token with `{scopes}`")
            }
            Fault::SiteNotRouted => "the gateway knows no such site; connect the site again".to_owned(),
            Fault::NoProductAccess => {
                "the account has no access to the product; grant it in the administration".to_owned()
            }
            Fault::Forbidden(message) => format!("refused with status 403: {message}"),
            Fault::NotFound => "not found, or not visible to the service account".to_owned(),
            Fault::Rejected { status, message } => format!("refused with status {status}: {message}"),
            Fault::CursorRefused => {
                "the place in the listing is not known any more; it has to be read again".to_owned()
            }
            Fault::Throttled { retry_after, reason } => {
                let limit = reason.as_ref().map_or(String::new(), |reason| format!(" ({reason})"));
                let wait = retry_after.map_or(String::new(), |wait| format!("; asked to wait {} s", wait.as_secs()));
                format!("asked to slow down{limit}{wait}")
            }
            Fault::ServerError { status, .. } => format!("failed with status {status}; try again later"),
            Fault::Network(what) => format!("{what}; check the network, the proxy and the site's status"),
            Fault::Malformed(what) => format!("the answer cannot be understood: {what}"),
            Fault::TooLarge => "the answer is larger than the limit".to_owned(),
        };
        match &self.trace {
            Some(trace) => format!("{what} (trace {trace})"),
            None => what,
        }
    }

    /// Whether asking for less at a time may help.
    pub(crate) fn is_too_much(&self) -> bool {
        matches!(self.fault, Fault::TooLarge | Fault::Malformed(_))
    }

    /// Whether the thing asked for is hidden, gone or refused, while other calls may work.
    pub fn is_refusal(&self) -> bool {
        matches!(self.fault, Fault::Forbidden(_) | Fault::NotFound | Fault::ScopeMissing | Fault::Rejected { .. })
    }
}

impl From<CallError> for FetchError {
    fn from(error: CallError) -> Self {
        let kind = match error.fault {
            Fault::CredentialRefused | Fault::NoProductAccess => FetchErrorKind::Unauthorized,
            Fault::ScopeMissing | Fault::Forbidden(_) | Fault::NotFound | Fault::Rejected { .. } => {
                FetchErrorKind::Forbidden
            }
            Fault::Throttled { retry_after, .. } => FetchErrorKind::Throttled { retry_after },
            Fault::SiteNotRouted | Fault::ServerError { .. } | Fault::Network(_) => FetchErrorKind::Unavailable,
            Fault::Malformed(_) | Fault::TooLarge => FetchErrorKind::Malformed,
            Fault::CursorRefused => FetchErrorKind::CursorRefused,
        };
        Self { kind, endpoint: error.endpoint.to_string(), reason: error.reason() }
    }
}

/// Tells a refusal of one call, with its reason, from a failure that ends the read.
///
/// A failure must not pass for a refusal: what is refused gets hidden.
pub(crate) fn unless_refused<T>(result: Result<T, CallError>) -> Result<Result<T, String>, FetchError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.is_refusal() => Ok(Err(error.reason())),
        Err(error) => Err(error.into()),
    }
}

/// Reads an answer whose status is not 2xx.
pub(crate) fn of_answer(incoming: &Incoming) -> Fault {
    let body: Option<ErrorBody> = serde_json::from_slice(&incoming.body).ok();
    let message = body.as_ref().map_or_else(|| plain_message(&incoming.body), ErrorBody::message);
    let asked = || backoff::asked_wait(&incoming.headers).or_else(|| Limits::read(&incoming.headers).used_up);
    let throttled = || Fault::Throttled { retry_after: asked(), reason: limit(incoming) };
    match incoming.status {
        401 if message.contains("scope does not match") => Fault::ScopeMissing,
        // Jira itself may answer 401 where the account lacks a permission; a dead token never gets past the gateway.
        401 if body.as_ref().is_some_and(|body| body.error_messages.is_some()) => Fault::Forbidden(message),
        401 => Fault::CredentialRefused,
        // Confluence at times says "too fast" with 403 (sheet 6.2); only then does it tell a wait or a limit.
        403 if tells_a_limit(incoming) => throttled(),
        // Not the product but the edge in front of it, under load. It says nothing about the thing asked for.
        status @ (403 | 404) if is_html(&incoming.body) => Fault::ServerError { status, retry_after: asked() },
        403 if is_product_refusal(&message) => Fault::NoProductAccess,
        403 => Fault::Forbidden(message),
        404 if body.is_some_and(|body| body.is_gateway()) => Fault::SiteNotRouted,
        404 => Fault::NotFound,
        429 => throttled(),
        status @ 500.. => Fault::ServerError { status, retry_after: asked() },
        status @ 300..=399 => Fault::Rejected { status, message: "redirects are not followed".to_owned() },
        status => Fault::Rejected { status, message },
    }
}

fn limit(incoming: &Incoming) -> Option<String> {
    incoming.headers.get("ratelimit-reason").and_then(|value| value.to_str().ok()).map(shortened)
}

fn tells_a_limit(incoming: &Incoming) -> bool {
    ["retry-after", "ratelimit-reason"].iter().any(|name| incoming.headers.contains_key(*name))
}

fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

fn is_product_refusal(message: &str) -> bool {
    message.contains("not permitted to use Confluence") || message.contains("caller cannot access Confluence")
}

/// The union of all shapes of error bodies.
#[derive(Deserialize)]
struct ErrorBody {
    timestamp: Option<Value>,
    path: Option<Value>,
    message: Option<Value>,
    error: Option<Value>,
    detail: Option<Value>,
    #[serde(rename = "errorMessages")]
    error_messages: Option<Value>,
    errors: Option<Value>,
}

impl ErrorBody {
    /// The gateway's own 404 names the path that it could not route; no product does (sheet 1.3).
    fn is_gateway(&self) -> bool {
        self.timestamp.is_some() && self.path.as_ref().and_then(Value::as_str).is_some()
    }

    fn message(&self) -> String {
        let first = |list: &Value| list.as_array().and_then(|list| list.first()).cloned();
        let from_list = self.error_messages.as_ref().and_then(first);
        let from_errors = self.errors.as_ref().and_then(first).and_then(|error| error.get("title").cloned());
        let found = [self.message.clone(), from_list, from_errors, self.detail.clone(), self.error.clone()];
        let text = found.into_iter().flatten().find_map(|value| value.as_str().map(shortened));
        text.unwrap_or_else(|| "no message".to_owned())
    }
}

fn plain_message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * MESSAGE)]);
    let text = text.trim();
    match text {
        "" => "empty body".to_owned(),
        html if html.starts_with('<') => "an HTML page instead of JSON".to_owned(),
        text => shortened(text),
    }
}

fn shortened(text: &str) -> String {
    let kept = text.char_indices().nth(MESSAGE).map_or(text, |(end, _)| &text[..end]);
    kept.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use reqwest::header::HeaderMap;

    fn fault(status: u16, body: &str) -> Fault {
        of_answer(&Incoming { status, headers: HeaderMap::new(), body: Bytes::from(body.to_owned()) })
    }

    #[test]
    fn a_403_that_tells_a_wait_is_a_throttle_and_a_page_of_the_edge_says_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "4".parse().unwrap());
        let body = Bytes::from(r#"{"statusCode":403,"message":"Request rejected"}"#);
        let read = of_answer(&Incoming { status: 403, headers, body });
        assert_eq!(read, Fault::Throttled { retry_after: Some(Duration::from_secs(4)), reason: None });
        for status in [403, 404] {
            let edge = fault(status, "<HTML><TITLE>ERROR: The request could not be satisfied</TITLE></HTML>");
            assert_eq!(edge, Fault::ServerError { status, retry_after: None });
        }
    }

    #[test]
    fn jiras_own_401_refuses_one_call_and_not_the_credential() {
        let refused = fault(401, r#"{"errorMessages":["You are not an administrator."],"errors":{}}"#);
        assert_eq!(refused, Fault::Forbidden("You are not an administrator.".to_owned()));
        assert_eq!(fault(401, r#"{"code":401,"message":"Unauthorized"}"#), Fault::CredentialRefused);
        assert_eq!(fault(401, "Client must be authenticated"), Fault::CredentialRefused);
    }
}
