//! What a route answers, and each product's form of errors.
//!
//! A handler returns `Result<Reply, Reply>`: success and error are both complete answers, so `?` ends a handler with the
//! product's own error body. `points` follows the quota formula: 1 per call, 1 per object, 2 per identity or permission.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

/// A complete answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers besides those that every answer of the product carries.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Body.
    pub body: Bytes,
    /// Quota points.
    pub points: u64,
}

/// What handlers return.
pub type Answer = Result<Reply, Reply>;

const JIRA_JSON: &str = "application/json;charset=UTF-8";

impl Reply {
    /// Any body of that content type.
    pub fn raw(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), points: 1 }.with(header::CONTENT_TYPE, content_type)
    }

    /// JSON with that status.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Self {
        // All wire values are maps with string keys, which always print.
        Self::raw(status, JIRA_JSON, serde_json::to_vec(value).unwrap_or_default())
    }

    /// 200 with JSON.
    pub fn ok(value: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, value)
    }

    /// 201 with JSON.
    pub fn created(value: &impl Serialize) -> Self {
        Self::json(StatusCode::CREATED, value)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: Bytes::new(), points: 1 }
    }

    /// Adds a header; a value that is not valid in a header is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Counts `n` returned objects (issues, pages, comments, …).
    #[must_use]
    pub fn objects(mut self, n: usize) -> Self {
        self.points += n as u64;
        self
    }

    /// Counts `n` returned users, groups, roles or permissions.
    #[must_use]
    pub fn identities(self, n: usize) -> Self {
        self.objects(2 * n)
    }
}

/// Jira's errors.
pub mod jira {
    use super::{Reply, StatusCode, Value, json};

    /// `{"errorMessages":[…],"errors":{}}`.
    pub fn error(status: StatusCode, message: &str) -> Reply {
        Reply::json(status, &json!({"errorMessages": [message], "errors": {}}))
    }

    /// 404 with that message.
    pub fn not_found(message: &str) -> Reply {
        error(StatusCode::NOT_FOUND, message)
    }

    /// An issue that is missing or hidden.
    pub fn no_issue() -> Reply {
        not_found("Issue does not exist or you do not have permission to see it.")
    }

    /// A project that is missing or hidden.
    pub fn no_project(key: &str) -> Reply {
        not_found(&format!("No project could be found with key '{key}'."))
    }

    /// 403 with that message.
    pub fn forbidden(message: &str) -> Reply {
        error(StatusCode::FORBIDDEN, message)
    }

    /// 400 with that message.
    pub fn bad_request(message: &str) -> Reply {
        error(StatusCode::BAD_REQUEST, message)
    }

    /// 400 about one field.
    pub fn bad_field(field: &str, message: &str) -> Reply {
        Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": [], "errors": {field: message}}))
    }

    /// Invalid JSON or an unknown body property.
    pub fn bad_payload() -> Reply {
        let message = "Invalid request payload. Refer to the REST API documentation and try again.";
        Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": [message]}))
    }

    /// The framework's own errors: wrong type of a parameter, unknown route, 405, 415.
    pub fn problem(status: StatusCode, detail: &str, instance: &str) -> Reply {
        let title = status.canonical_reason().unwrap_or("Error");
        let value: Value = json!({
            "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail, "instance": instance,
        });
        Reply::raw(status, "application/problem+json", value.to_string())
    }
}

/// Confluence's errors.
pub mod confluence {
    use super::{Reply, StatusCode, json};

    /// v1: `{"statusCode":…,"message":…}`.
    pub fn v1(status: StatusCode, message: &str) -> Reply {
        let data = json!({"authorized": true, "valid": true, "errors": [], "successful": true});
        Reply::json(status, &json!({"statusCode": status.as_u16(), "data": data, "message": message}))
    }

    /// v1: content that is missing or hidden.
    pub fn v1_no_content(id: &str) -> Reply {
        let kind = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
        v1(StatusCode::NOT_FOUND, &format!("{kind}: No content found with id: ContentId{{id={id}}}"))
    }

    /// v2: `{"errors":[{status,code,title,detail}]}`.
    pub fn v2(status: StatusCode, code: &str, title: &str) -> Reply {
        let error = json!({"status": status.as_u16(), "code": code, "title": title, "detail": null});
        Reply::json(status, &json!({"errors": [error]}))
    }

    /// v2: `kind` ("page", "space", …) that is missing or hidden.
    pub fn v2_not_found(kind: &str, id: &str) -> Reply {
        v2(StatusCode::NOT_FOUND, "NOT_FOUND", &format!("Cannot find a {kind} with id [{id}]"))
    }

    /// v2: a parameter that cannot be read as `kind`.
    pub fn v2_bad_parameter(name: &str, kind: &str) -> Reply {
        let title = format!("Provided value for '{name}' is not the correct type. Expected type is {kind}.");
        v2(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", &title)
    }
}
