//! Who asks. Authority is a value that a handler must be given: it can be made here only.
//!
//! Pages know a cookie. Programs send a cookie or a bearer token; with a cookie, whatever changes something needs the
//! form token as a header, because a browser sends cookies for anybody's page. The operator's router, reached through
//! the owner's socket or from within the process, marks its requests, and no other request can carry that mark.

use crate::cookies::Cookie;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::token::{Csrf, Token};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use model::{Duration, Millis};
use store::{Account, Role, Session, TokenHash};

/// A session that nobody used for this long has ended.
const IDLE: Duration = Duration::hours(12);
/// A session ends this long after signing in, however much it is used.
const LONGEST: Duration = Duration::hours(7 * 24);
/// A session in use is extended no more often than this: most requests write nothing.
const STEP: Duration = Duration(15 * 60 * 1000);

/// The header that carries the form token of programs with a session cookie.
const CSRF_HEADER: &str = "x-csrf-token";

/// When a session opened at `created` and used at `now` ends.
pub(crate) fn expiry(created: Millis, now: Millis) -> Millis {
    Millis((now.0 + IDLE.0).min(created.0 + LONGEST.0))
}

/// An account that is signed in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) token: Token,
}

/// An administrator who is signed in. Made by extraction only.
pub(crate) struct AdminSession(SignedIn);

impl AdminSession {
    pub(crate) fn signed_in(&self) -> &SignedIn {
        &self.0
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Account(self.0.account.email.clone())
    }
}

/// Whom the audit log names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Actor {
    /// An account, by its e-mail.
    Account(String),
    /// Whoever owns the data directory.
    Operator,
    /// Somebody who is not signed in.
    Nobody,
}

impl Actor {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Account(email) => email,
            Self::Operator => "operator",
            Self::Nobody => "nobody",
        }
    }
}

/// The mark of the operator's router.
#[derive(Clone, Copy)]
pub(crate) struct OperatorMark;

/// A program that acts for an account, to search or to ask about itself.
pub(crate) struct ApiSession(pub(crate) SignedIn);

/// A program that may administer: an administrator's, or the operator's.
pub(crate) struct ApiAdmin(Actor, Option<Account>);

impl ApiAdmin {
    pub(crate) fn actor(&self) -> &Actor {
        &self.0
    }

    /// The administrator's account; the operator has none.
    pub(crate) fn account(&self) -> Option<&Account> {
        self.1.as_ref()
    }
}

/// The open session of a token. One in use is extended up to its longest life.
async fn session_of(hub: &Hub, token: Token) -> Result<SignedIn, Failure> {
    let now = hub.now();
    let digest = TokenHash(token.digest());
    let found: Option<Session> = hub.app.store.session(&digest, now)?;
    let session = found.ok_or(Failure::SignInFirst)?;
    let expires = expiry(session.created, now);
    if expires.since(session.expires).0 >= STEP.0 {
        hub.app.store.extend_session(digest, expires).await?;
    }
    Ok(SignedIn { account: session.account, token })
}

/// The session of the cookie among `headers`.
pub(crate) async fn cookie_session(hub: &Hub, headers: &HeaderMap) -> Result<SignedIn, Failure> {
    let text = hub.jar().read(headers, Cookie::Session).ok_or(Failure::SignInFirst)?;
    session_of(hub, Token::parse(text).ok_or(Failure::SignInFirst)?).await
}

fn bearer(headers: &HeaderMap) -> Option<Result<Token, Failure>> {
    let value = headers.get(AUTHORIZATION)?;
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") { Token::parse(token.trim()) } else { None }
    });
    Some(token.ok_or(Failure::SignInFirst))
}

async fn program_session(hub: &Hub, parts: &Parts) -> Result<SignedIn, Failure> {
    if let Some(token) = bearer(&parts.headers) {
        return session_of(hub, token?).await;
    }
    let signed_in = cookie_session(hub, &parts.headers).await?;
    if !parts.method.is_safe() {
        let sent = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !signed_in.token.csrf().matches(sent) {
            return Err(Failure::ExpiredForm);
        }
    }
    Ok(signed_in)
}

impl FromRequestParts<Hub> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        cookie_session(hub, &parts.headers).await
    }
}

impl FromRequestParts<Hub> for AdminSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        let signed_in = cookie_session(hub, &parts.headers).await?;
        if signed_in.account.role == Role::Admin { Ok(Self(signed_in)) } else { Err(Failure::Forbidden) }
    }
}

impl FromRequestParts<Hub> for ApiSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        program_session(hub, parts).await.map(Self)
    }
}

impl FromRequestParts<Hub> for ApiAdmin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        if parts.extensions.get::<OperatorMark>().is_some() {
            return Ok(Self(Actor::Operator, None));
        }
        let account = program_session(hub, parts).await?.account;
        match account.role {
            Role::Admin => Ok(Self(Actor::Account(account.email.clone()), Some(account))),
            Role::Member => Err(Failure::Forbidden),
        }
    }
}

/// Somebody at the login page, known by a cookie of their own as soon as they were shown the form.
pub(crate) struct Visitor(pub(crate) Option<Token>);

impl FromRequestParts<Hub> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        Ok(Self(hub.jar().read(&parts.headers, Cookie::Visit).and_then(Token::parse)))
    }
}

/// Whoever a form was made for.
pub(crate) trait FormOwner {
    /// The token that the form must send back; `None` if this owner was never shown one.
    fn csrf(&self) -> Option<Csrf>;
}

impl FormOwner for SignedIn {
    fn csrf(&self) -> Option<Csrf> {
        Some(self.token.csrf())
    }
}

impl FormOwner for AdminSession {
    fn csrf(&self) -> Option<Csrf> {
        self.0.csrf()
    }
}

impl FormOwner for Visitor {
    fn csrf(&self) -> Option<Csrf> {
        self.0.as_ref().map(Token::csrf)
    }
}

/// Where a request comes from, as far as the connection tells: the throttle and the audit log use it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Address(pub(crate) String);

impl FromRequestParts<Hub> for Address {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Hub) -> Result<Self, Failure> {
        if parts.extensions.get::<OperatorMark>().is_some() {
            return Ok(Self("this machine".to_owned()));
        }
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        Ok(Self(peer.map_or_else(|| "unknown".to_owned(), |peer| peer.0.ip().to_canonical().to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_in_use_is_extended_up_to_its_longest_life() {
        let created = Millis(1_000);
        assert_eq!(expiry(created, created), Millis(1_000 + IDLE.0));
        let last_day = Millis(created.0 + LONGEST.0 - 1);
        assert_eq!(expiry(created, last_day), Millis(created.0 + LONGEST.0));
    }
}
