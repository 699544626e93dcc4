//! Signing in and out.

use crate::chrome::{Device, page_with, redirect};
use crate::cookies::Cookie;
use crate::failure::Failure;
use crate::form::{Form, Posted};
use crate::hub::Hub;
use crate::identity::{Address, SignedIn, Visitor};
use crate::pages::login::{LoginPage, Refusal};
use crate::token::Token;
use crate::urls::{LocalPath, Route};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::response::Response;

pub(crate) async fn form(
    State(hub): State<Hub>,
    who: Result<SignedIn, Failure>,
    visitor: Visitor,
    device: Device,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::parse(query.unwrap_or_default().as_bytes());
    let next = LocalPath::parse(asked.one("next"));
    if who.is_ok() {
        return redirect(next.as_str());
    }
    let visit = match visitor.0 {
        Some(visit) => visit,
        None => Token::random(hub.app.entropy.as_ref())?,
    };
    let mut response = login_page(&hub, &visit, device, ("", &next), None)?;
    response.headers_mut().append(SET_COOKIE, hub.jar().set(Cookie::Visit, &visit.text())?);
    Ok(response)
}

pub(crate) async fn attempt(
    State(hub): State<Hub>,
    device: Device,
    old: Result<SignedIn, Failure>,
    address: Address,
    posted: Posted<Visitor>,
) -> Result<Response, Failure> {
    let (email, next) = (posted.form.trimmed("email"), LocalPath::parse(posted.form.one("next")));
    let opened = match hub.sign_in(email, posted.form.secret("password"), &address).await {
        Ok(opened) => opened,
        Err(failure) => {
            let refusal = match failure {
                Failure::NoMatch => Refusal::NoMatch,
                Failure::Throttled { seconds } => Refusal::Throttled { seconds },
                other => return Err(other),
            };
            let visit = posted.owner.0.ok_or(Failure::ExpiredForm)?;
            return login_page(&hub, &visit, device, (email, &next), Some(refusal));
        }
    };
    if let Ok(old) = old {
        hub.sign_out(&old, &address).await?;
    }
    let mut response = redirect(next.as_str())?;
    response.headers_mut().append(SET_COOKIE, hub.jar().set(Cookie::Session, &opened.token.text())?);
    response.headers_mut().append(SET_COOKIE, hub.jar().clear(Cookie::Visit)?);
    Ok(response)
}

fn login_page(
    hub: &Hub,
    visit: &Token,
    device: Device,
    (email, next): (&str, &LocalPath),
    refusal: Option<Refusal>,
) -> Result<Response, Failure> {
    let page = LoginPage {
        chrome: hub.stranger_chrome(visit, device)?,
        email: email.to_owned(),
        next: next.as_str().to_owned(),
        refusal,
        demo_accounts: hub.app.demo_accounts.clone(),
    };
    let status = match refusal {
        None => StatusCode::OK,
        Some(Refusal::NoMatch) => StatusCode::UNAUTHORIZED,
        Some(Refusal::Throttled { .. }) => StatusCode::TOO_MANY_REQUESTS,
    };
    let mut response = page_with(status, &page)?;
    if let Some(Refusal::Throttled { seconds }) = refusal {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

pub(crate) async fn leave(
    State(hub): State<Hub>,
    address: Address,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    hub.sign_out(&posted.owner, &address).await?;
    let mut response = redirect(&Route::Login.to_string())?;
    response.headers_mut().append(SET_COOKIE, hub.jar().clear(Cookie::Session)?);
    Ok(response)
}
