//! One's own account: as whom one searches, the password, the colours.

use crate::chrome::{Device, Message, page, page_with, redirect};
use crate::cookies::Cookie;
use crate::failure::{Failure, sentence};
use crate::form::Posted;
use crate::hub::Hub;
use crate::identity::{Address, SignedIn};
use crate::pages::account::{AccountPage, JoinedPerson, PasswordFaults};
use crate::pages::layout::Theme;
use crate::password;
use crate::urls::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

pub(crate) async fn show(State(hub): State<Hub>, who: SignedIn, device: Device) -> Result<Response, Failure> {
    page(&account_page(&hub, &who, device, PasswordFaults::default()).await?)
}

async fn account_page(
    hub: &Hub,
    who: &SignedIn,
    device: Device,
    faults: PasswordFaults,
) -> Result<AccountPage, Failure> {
    let sources = hub.reading(|store| Ok(store.sources()?)).await?;
    let joined = hub.joined(&who.account, &sources).into_iter();
    Ok(AccountPage {
        chrome: hub.chrome(who, device)?,
        joined: joined.map(|(source, _, name)| JoinedPerson { source: source.settings.name(), name }).collect(),
        shortest_password: password::SHORTEST as u64,
        faults,
    })
}

pub(crate) async fn change_password(
    State(hub): State<Hub>,
    device: Device,
    address: Address,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let (who, form) = (posted.owner, posted.form);
    let mut faults = PasswordFaults {
        current: None,
        new: password::fault_of(form.one("new"), &who.account.email).map(|fault| sentence(&fault)),
        repeated: (form.one("new") != form.one("repeated")).then(|| "The two new passwords differ.".to_owned()),
    };
    let is_sound = faults.new.is_none() && faults.repeated.is_none();
    if is_sound && !hub.is_password(&who.account, form.secret("current"), &address).await? {
        faults.current = Some("This is not your current password.".to_owned());
    }
    if !is_sound || faults.current.is_some() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &account_page(&hub, &who, device, faults).await?);
    }
    let opened = hub.change_own_password(&who, form.secret("new"), &address).await?;
    let mut response = hub.redirect_saying(&Route::Account, Message::PasswordChanged)?;
    response.headers_mut().append(SET_COOKIE, hub.jar().set(Cookie::Session, &opened.token.text())?);
    Ok(response)
}

pub(crate) async fn choose_theme(State(hub): State<Hub>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let theme = Theme::from_word(posted.form.one("theme"));
    let mut response = redirect(&Route::Account.to_string())?;
    response.headers_mut().append(SET_COOKIE, hub.jar().set(Cookie::Theme, theme.word())?);
    Ok(response)
}
