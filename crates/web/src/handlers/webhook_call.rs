//! Calls of sources' sites. The answer is a status and one word, for whoever reads the site's log of deliveries.
//!
//! A refusal is never a status that makes Jira try again (408, 409, 425, 429 and 5xx do): what was refused once is refused
//! for good. Only a failure of the hub itself is worth another attempt.

use crate::failure::Failure;
use crate::form;
use crate::hub::Hub;
use crate::webhooks::Outcome;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(crate) async fn receive(
    State(hub): State<Hub>,
    address: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Failure> {
    let source = match address {
        Ok(Path(address)) => hub.called(&address)?,
        Err(_) => None,
    };
    // Before a byte of the body is read: a stranger costs nothing.
    let Some(source) = source else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let headers = request.headers().clone();
    let outcome = match form::read(request, &hub).await {
        Ok(body) => hub.receive(source, &headers, &body),
        Err(Failure::TooLarge) => {
            hub.count_call(source, Outcome::TooLarge);
            Ok(Outcome::TooLarge)
        }
        Err(broken_off) => Err(broken_off),
    };
    match outcome {
        Ok(outcome) => Ok((status(outcome), outcome.code()).into_response()),
        Err(Failure::NotFound) => Ok(StatusCode::NOT_FOUND.into_response()),
        Err(other) => Err(other),
    }
}

fn status(outcome: Outcome) -> StatusCode {
    match outcome {
        Outcome::Accepted => StatusCode::ACCEPTED,
        Outcome::Unsigned => StatusCode::UNAUTHORIZED,
        Outcome::WronglySigned | Outcome::SeenBefore | Outcome::TooOld | Outcome::Ahead => StatusCode::FORBIDDEN,
        Outcome::NotUnderstood => StatusCode::BAD_REQUEST,
        Outcome::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Outcome::FormerAddress => StatusCode::NOT_FOUND,
    }
}
