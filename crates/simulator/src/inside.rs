//! Requests that start inside the process: no socket and no credential, the same routes, rights and errors.
//!
//! For what plays people in great numbers ([`crate::play`]) and for tests that set a scene. Who calls is said, not proved;
//! what the account may do is decided as for everybody. Such requests are not counted: counters tell what clients did.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use bytes::Bytes;
use serde_json::Value;

use crate::dispatch;
use crate::reply::Reply;
use crate::server::Simulation;
use crate::state::AccountId;

/// One request from inside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inside {
    /// Who calls; `None` is nobody in particular. Routes of the organization are called with its key, whoever calls.
    pub account: Option<AccountId>,
    /// Method.
    pub method: Method,
    /// Path at the site with the query: `/rest/api/3/issue/ENG-1?fields=summary`.
    pub target: String,
    /// Content type of the body; `None` without one.
    pub content_type: Option<String>,
    /// Body.
    pub body: Bytes,
}

impl Inside {
    /// A request with a JSON body, or with none for `null`.
    pub fn json(account: &AccountId, method: Method, target: impl Into<String>, body: &Value) -> Self {
        let (content_type, body) = match body {
            Value::Null => (None, Bytes::new()),
            body => (Some("application/json".to_owned()), Bytes::from(body.to_string())),
        };
        Self { account: Some(account.clone()), method, target: target.into(), content_type, body }
    }

    /// A request that uploads one file.
    pub fn upload(account: &AccountId, method: Method, target: impl Into<String>, name: &str, text: &str) -> Self {
        let mark = "----a-file-from-inside";
        let body = format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/plain\r\n\r\n{text}\r\n--{mark}--\r\n"
        );
        Self {
            account: Some(account.clone()),
            method,
            target: target.into(),
            content_type: Some(format!("multipart/form-data; boundary={mark}")),
            body: Bytes::from(body),
        }
    }

    /// The headers that handlers read: the content type, and what uploads must carry.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(kind) = self.content_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok()) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        headers.insert("x-atlassian-token", HeaderValue::from_static("no-check"));
        headers
    }
}

impl Simulation {
    /// Answers a request from inside.
    pub fn send(&self, request: &Inside) -> Reply {
        dispatch::answer_inside(self, request)
    }
}
