//! Bodies as handlers take them: a form that was proved to be ours, or JSON. Nothing reaches a handler unproved.

use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::FormOwner;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use url::form_urlencoded;

use access::SourceId;

/// The most bytes of a body. Large enough for the choice among 10,000 spaces, and for an issue in a site's call.
pub(crate) const LARGEST: usize = 2 * 1024 * 1024;

/// The fields of a form, in the order sent.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field; empty if it was not sent.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The same without surrounding white space.
    pub(crate) fn trimmed(&self, name: &str) -> &str {
        self.one(name).trim()
    }

    /// The same as a secret, exactly as typed.
    pub(crate) fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.one(name))
    }

    /// Whether a field was sent: what a ticked box is.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The number in a field, if anything is in it.
    pub(crate) fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, Failure> {
        match self.trimmed(name) {
            "" => Ok(None),
            typed => typed.parse().map(Some).map_err(|_| Failure::Malformed(format!("`{name}` is a number"))),
        }
    }

    /// All values of a field.
    pub(crate) fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The parameters of an address.
pub(crate) struct Query(pub(crate) Form);

impl FromRequestParts<Hub> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Hub) -> Result<Self, Failure> {
        Ok(Self(Form::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

/// A form sent back by the owner that it was made for.
pub(crate) struct Posted<O> {
    pub(crate) owner: O,
    pub(crate) form: Form,
}

impl<O: FormOwner + FromRequestParts<Hub, Rejection = Failure> + Send> FromRequest<Hub> for Posted<O> {
    type Rejection = Failure;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let owner = O::from_request_parts(&mut parts, hub).await?;
        // Browsers say themselves when a form stood on another site; the token below is what counts.
        if parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
            return Err(Failure::ExpiredForm);
        }
        if media_type(&parts.headers) != "application/x-www-form-urlencoded" {
            return Err(Failure::Malformed("send the form as `application/x-www-form-urlencoded`".to_owned()));
        }
        let body = read(Request::from_parts(parts, body), hub).await?;
        let form = Form::parse(&body);
        let csrf = owner.csrf().ok_or(Failure::ExpiredForm)?;
        if !csrf.matches(form.one("csrf")) {
            return Err(Failure::ExpiredForm);
        }
        Ok(Self { owner, form })
    }
}

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Hub> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, Failure> {
        // The type is demanded, because browsers send other types across sites without asking.
        if media_type(request.headers()) != "application/json" {
            return Err(Failure::Malformed("send the body as `application/json`".to_owned()));
        }
        let body = read(request, hub).await?;
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(Failure::Malformed(without_values(&error))),
        }
    }
}

/// Where the body is wrong. The parser's own words can repeat a value, which may be a password.
fn without_values(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if error.is_data() {
        let text = error.to_string();
        // Names of fields are ours: `missing field` and `unknown field` tell them and nothing else.
        if let Some(told) = text.strip_prefix("missing field ").and_then(|rest| rest.split(" at line").next()) {
            return format!("the body lacks the field {told}");
        }
        return format!("a field before line {line}, column {column} is unknown or has the wrong type");
    }
    format!("the body is not valid JSON at line {line}, column {column}")
}

/// Reads a body to its end, as far as the router's limit goes.
pub(crate) async fn read(request: Request, hub: &Hub) -> Result<Bytes, Failure> {
    Bytes::from_request(request, hub).await.map_err(|rejection: BytesRejection| {
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
            _ => Failure::Malformed("the body could not be read to its end".to_owned()),
        }
    })
}

fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// The source that an address names. Anything but a number names nothing.
#[derive(Clone, Copy)]
pub(crate) struct SourcePath(pub(crate) SourceId);

impl FromRequestParts<Hub> for SourcePath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        let Path(id) = Path::<u32>::from_request_parts(parts, hub).await.map_err(|_| Failure::NotFound)?;
        Ok(Self(SourceId(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_repeat_a_field() {
        let form = Form::parse(b"chosen=A&chosen=B%20C&archived=on&csrf=+x+");
        assert_eq!(form.all("chosen").collect::<Vec<_>>(), ["A", "B C"]);
        assert!(form.has("archived") && !form.has("personal"));
        assert_eq!(form.trimmed("csrf"), "x");
        assert_eq!(form.one("missing"), "");
        let form = Form::parse(b"after=+7+&run=&kind=x");
        assert_eq!((form.number("after"), form.number::<u32>("run")), (Ok(Some(7_u32)), Ok(None)));
        assert!(form.number::<u32>("kind").is_err());
    }

    #[test]
    fn a_faulty_body_is_not_repeated() {
        #[derive(Debug, serde::Deserialize)]
        struct Body {
            #[expect(dead_code, reason = "only its type matters here")]
            password: u8,
        }
        for (body, told) in [
            ("{\"password\":\"hunter22222\"}", "wrong type"),
            ("{\"password\":hunter22222}", "not valid JSON"),
            ("{}", "lacks the field `password`"),
        ] {
            let message = without_values(&serde_json::from_str::<Body>(body).unwrap_err());
            assert!(message.contains(told) && !message.contains("hunter"), "{message}");
        }
    }
}
