//! Signed addresses of files: another host, no credential, good for one use.
//!
//! A ticket that is presented with an `Authorization` header is refused with 400, so that a client which forwards its token
//! to a foreign host is caught.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;

use crate::reply::Reply;
use crate::state::directory::stable_uuid;

/// How long a ticket is good, in milliseconds.
pub(crate) const LIFETIME: i64 = 10 * 60 * 1_000;

#[derive(Debug)]
struct Ticket {
    bytes: Bytes,
    media_type: String,
    expires_at: i64,
}

/// All tickets; used ones stay known, without their bytes.
#[derive(Debug, Default)]
pub struct Media(Mutex<HashMap<String, Option<Ticket>>>);

impl Media {
    /// A ticket for these bytes.
    pub fn issue(&self, bytes: Bytes, media_type: &str, now: i64) -> String {
        let Ok(mut tickets) = self.0.lock() else { return String::new() };
        let id = stable_uuid(&format!("ticket {} {now}", tickets.len()));
        let ticket = Ticket { bytes, media_type: media_type.to_owned(), expires_at: now + LIFETIME };
        tickets.insert(id.clone(), Some(ticket));
        id
    }

    /// Answers `GET /media/{ticket}`.
    pub fn redeem(&self, id: &str, headers: &HeaderMap, now: i64) -> Reply {
        let text = |status, body: &str| Reply::raw(status, "text/plain", body.to_owned());
        if headers.contains_key(header::AUTHORIZATION) {
            return text(StatusCode::BAD_REQUEST, "Only one auth mechanism allowed");
        }
        let Ok(mut tickets) = self.0.lock() else { return text(StatusCode::INTERNAL_SERVER_ERROR, "") };
        match tickets.get_mut(id).map(Option::take) {
            Some(Some(ticket)) if now < ticket.expires_at => {
                Reply::raw(StatusCode::OK, &ticket.media_type, ticket.bytes)
            }
            Some(_) => text(StatusCode::FORBIDDEN, "Signature expired"),
            None => text(StatusCode::NOT_FOUND, "Not found"),
        }
    }
}
