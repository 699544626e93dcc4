//! Every way in which a request can end without what it asked for. Handlers return it; how it looks, as a page or as
//! `application/problem+json`, is decided in one place, [`crate::surround`].

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::StoreError;

use crate::operations::{CheckReport, OperationError};
use crate::pages::fault::Fault;

/// Why a request was not answered as asked. Texts are for people and hold no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// Nothing has this address, or the thing it names is gone.
    NotFound,
    /// Nobody is signed in.
    SignInFirst,
    /// E-mail and password do not fit; also for accounts that do not exist or are deactivated.
    NoMatch,
    /// The address exists, but what it names does not; says which thing and where to look.
    Missing(String),
    /// The role is not enough.
    Forbidden,
    /// The form's token is missing, old, or of another session.
    ExpiredForm,
    /// The request cannot be understood.
    Malformed(String),
    /// A value was understood and cannot be taken.
    Invalid(String),
    /// The credential check failed.
    CheckFailed(CheckReport),
    /// The state does not allow it.
    Conflict(String),
    /// Too many attempts.
    Throttled {
        /// Until the next one is heard.
        seconds: u64,
    },
    /// The body is too large.
    TooLarge,
    /// The address exists, but not with this method.
    WrongMethod,
    /// The source refused or could not be reached.
    Source(String),
    /// Too much to do at once.
    Busy,
    /// The disk is full.
    Full,
    /// A defect or a broken part; the text goes to the log only.
    Internal(String),
}

impl Failure {
    /// A defect or a broken part. The cause is logged, never shown.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        Self::Internal(error.to_string())
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::SignInFirst | Self::NoMatch => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::ExpiredForm => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) | Self::CheckFailed(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Source(_) => StatusCode::BAD_GATEWAY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable name that programs tell failures by.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotFound | Self::Missing(_) => "not-found",
            Self::SignInFirst => "not-signed-in",
            Self::NoMatch => "no-match",
            Self::Forbidden => "forbidden",
            Self::ExpiredForm => "form-token",
            Self::Malformed(_) => "malformed",
            Self::Invalid(_) => "invalid",
            Self::CheckFailed(_) => "check-failed",
            Self::Conflict(_) => "conflict",
            Self::Throttled { .. } => "throttled",
            Self::TooLarge => "too-large",
            Self::WrongMethod => "wrong-method",
            Self::Source(_) => "source",
            Self::Busy => "busy",
            Self::Full => "disk-full",
            Self::Internal(_) => "internal",
        }
    }

    /// What happened and what to do, for people and programs.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::NotFound => "there is nothing here; check the address".to_owned(),
            Self::SignInFirst => "sign in first: send a session cookie or `Authorization: Bearer TOKEN`".to_owned(),
            Self::NoMatch => "this e-mail and password do not fit together".to_owned(),
            Self::Forbidden => "this is for administrators".to_owned(),
            Self::ExpiredForm => {
                "the form's token is missing or expired; load the form again. Programs with a session \
                                  cookie send the token of `/api/v1/me` as `X-CSRF-Token`"
                    .to_owned()
            }
            Self::Missing(text)
            | Self::Malformed(text)
            | Self::Invalid(text)
            | Self::Conflict(text)
            | Self::Source(text) => text.clone(),
            Self::CheckFailed(report) => OperationError::CheckFailed(report.clone()).to_string(),
            Self::Throttled { seconds } => {
                let unit = if *seconds == 1 { "second" } else { "seconds" };
                format!("too many attempts; try again in {seconds} {unit}")
            }
            Self::TooLarge => "the body is larger than this address takes".to_owned(),
            Self::WrongMethod => "this address does not take this method".to_owned(),
            Self::Busy => "too many people are signing in at once; try again in a few seconds".to_owned(),
            Self::Full => "the disk of the hub is full; free some space, then try again".to_owned(),
            Self::Internal(_) => "something went wrong here; the reference leads to the cause in the log".to_owned(),
        }
    }

    /// The same for the page of a fault.
    pub(crate) fn fault(&self, reference: &str) -> Fault {
        match self {
            Self::NotFound => Fault::NotFound,
            Self::Forbidden => Fault::Forbidden,
            Self::ExpiredForm => Fault::ExpiredForm,
            Self::Internal(_) => Fault::Internal { reference: reference.to_owned() },
            other => Fault::Refused { status: other.status().as_u16(), reason: sentence(&other.detail()) },
        }
    }
}

/// A message of an error as a sentence: messages begin in lower case and end without a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if message.ends_with(['.', '!', '?', ':', '…']) { "" } else { "." };
    first.to_uppercase().chain(letters).chain(end.chars()).collect()
}

impl IntoResponse for Failure {
    /// A bare status with the failure beside it, for [`crate::surround`] to give it its form.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::internal(&other),
        }
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::NoSuchSource(_) => Self::NotFound,
            OperationError::CheckFailed(report) => Self::CheckFailed(report),
            OperationError::Refused(reason) => Self::Conflict(reason),
            OperationError::Source(reason) => Self::Source(reason),
            OperationError::Full => Self::Full,
            OperationError::Store(reason) => Self::Internal(reason),
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<axum::http::header::InvalidHeaderValue> for Failure {
    fn from(error: axum::http::header::InvalidHeaderValue) -> Self {
        Self::internal(&error)
    }
}

impl From<tokio::task::JoinError> for Failure {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::internal(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("the site is down"), "The site is down.");
        assert_eq!(sentence("Éa va?"), "Éa va?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn a_full_disk_has_one_name_whoever_met_it() {
        for failure in [Failure::from(StoreError::Full), OperationError::from(StoreError::Full).into()] {
            assert_eq!((failure.code(), failure.status()), ("disk-full", StatusCode::INSUFFICIENT_STORAGE));
        }
    }

    #[test]
    fn what_is_broken_inside_is_not_told() {
        let failure = Failure::Internal("row 17 of table secrets".to_owned());
        assert!(!failure.detail().contains("secrets"));
    }
}
