//! What surrounds a page, made from the session and the cookies, and the ways in which pages are answered.

use crate::cookies::Cookie;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{AdminSession, SignedIn};
use crate::pages::layout::{Chrome, Flash, Role, SignedIn as Person, Theme};
use crate::pages::part::Tone;
use crate::show::condition_notices;
use crate::token::Token;
use crate::urls::Route;
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// A message for the page after an action. The cookie carries a word, never a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Message {
    PasswordChanged,
    AccountAdded,
    AccountMapped,
    AccountUnmapped,
    ScopeSaved,
    SyncStarted,
    SyncCancelled,
    SourceRemoved,
    Objected,
    ObjectionSettled,
    SourcePaused,
    SourceResumed,
    LimitsSaved,
    DeletionsConfirmed,
    DeletionsRefused,
    DeletionsUndone,
    WebhookRemoved,
    Compared,
    Vouched,
}

impl Message {
    const ALL: &[Self] = &[
        Self::PasswordChanged,
        Self::AccountAdded,
        Self::AccountMapped,
        Self::AccountUnmapped,
        Self::ScopeSaved,
        Self::SyncStarted,
        Self::SyncCancelled,
        Self::SourceRemoved,
        Self::Objected,
        Self::ObjectionSettled,
        Self::SourcePaused,
        Self::SourceResumed,
        Self::LimitsSaved,
        Self::DeletionsConfirmed,
        Self::DeletionsRefused,
        Self::DeletionsUndone,
        Self::WebhookRemoved,
        Self::Compared,
        Self::Vouched,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password-changed",
            Self::AccountAdded => "account-added",
            Self::AccountMapped => "account-mapped",
            Self::AccountUnmapped => "account-unmapped",
            Self::ScopeSaved => "scope-saved",
            Self::SyncStarted => "sync-started",
            Self::SyncCancelled => "sync-cancelled",
            Self::SourceRemoved => "source-removed",
            Self::Objected => "objected",
            Self::ObjectionSettled => "objection-settled",
            Self::SourcePaused => "source-paused",
            Self::SourceResumed => "source-resumed",
            Self::LimitsSaved => "limits-saved",
            Self::DeletionsConfirmed => "deletions-confirmed",
            Self::DeletionsRefused => "deletions-refused",
            Self::DeletionsUndone => "deletions-undone",
            Self::WebhookRemoved => "webhook-removed",
            Self::Compared => "compared",
            Self::Vouched => "vouched",
        }
    }

    fn flash(self) -> Flash {
        let (tone, text) = match self {
            Self::PasswordChanged => (Tone::Good, "Your password is changed. All other sessions have ended."),
            Self::AccountAdded => (Tone::Good, "The account is added."),
            Self::AccountMapped => {
                (Tone::Good, "The account is mapped. Its next search finds what that person may see.")
            }
            Self::AccountUnmapped => (Tone::Good, "The mapping is removed. The e-mail decides again."),
            Self::ScopeSaved => (Tone::Good, "The choice is saved, and a sync has started."),
            Self::SyncStarted => (Tone::Active, "A sync has started."),
            Self::SyncCancelled => (Tone::Active, "The sync is being cancelled. What was read so far is kept."),
            Self::Objected => (Tone::Good, "The administrators of Fossick are told. Thank you."),
            Self::ObjectionSettled => (Tone::Good, "The objection is settled."),
            Self::SourceRemoved => (Tone::Good, "The source is removed, with everything that was read from it."),
            Self::SourcePaused => {
                (Tone::Active, "The source is paused. A run that was under way goes on when it is resumed.")
            }
            Self::SourceResumed => (Tone::Good, "The source is read again."),
            Self::LimitsSaved => (Tone::Good, "The cycles and limits are saved."),
            Self::DeletionsConfirmed => (Tone::Good, "They are deleted here. They can be brought back for some days."),
            Self::DeletionsRefused => (Tone::Good, "They are kept, and stay hidden until a run sees them again."),
            Self::DeletionsUndone => (Tone::Good, "They are kept again, and stay hidden until a run sees them."),
            Self::WebhookRemoved => {
                (Tone::Good, "Calls to the address are refused from now on. Remove the webhook in Jira, too.")
            }
            Self::Compared => (Tone::Active, "The comparison has ended."),
            Self::Vouched => (Tone::Good, "The choice is saved, and a sync has started."),
        };
        Flash { tone, text: text.to_owned() }
    }
}

/// What the cookies of a browser ask of any page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Device {
    pub(crate) theme: Theme,
    message: Option<Message>,
}

impl Device {
    pub(crate) fn of(hub: &Hub, headers: &HeaderMap) -> Self {
        let jar = hub.jar();
        let word = jar.read(headers, Cookie::Flash);
        Self {
            theme: Theme::from_word(jar.read(headers, Cookie::Theme).unwrap_or_default()),
            message: word.and_then(|word| Message::ALL.iter().copied().find(|message| message.word() == word)),
        }
    }
}

impl FromRequestParts<Hub> for Device {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        Ok(Self::of(hub, &parts.headers))
    }
}

impl Hub {
    /// The surroundings of a page for an account.
    pub(crate) fn chrome(&self, who: &SignedIn, device: Device) -> Result<Chrome, Failure> {
        let role = match who.account.role {
            store::Role::Admin => Role::Admin,
            store::Role::Member => Role::Member,
        };
        let person = Person { name: who.account.name.clone(), email: who.account.email.clone(), role };
        let csrf = who.token.csrf().masked(self.app.entropy.as_ref())?;
        let flash = device.message.map(Message::flash);
        Ok(Chrome { person: Some(person), csrf, flash, theme: device.theme, notices: Vec::new() })
    }

    /// The surroundings of a page of the settings, which tells what ails the hub.
    pub(crate) async fn settings_chrome(&self, admin: &AdminSession, device: Device) -> Result<Chrome, Failure> {
        let notices = condition_notices(&self.condition().await?);
        Ok(Chrome { notices, ..self.chrome(admin.signed_in(), device)? })
    }

    /// The surroundings of a page that nobody is signed in to.
    pub(crate) fn stranger_chrome(&self, visit: &Token, device: Device) -> Result<Chrome, Failure> {
        let csrf = visit.csrf().masked(self.app.entropy.as_ref())?;
        Ok(Chrome { csrf, theme: device.theme, ..Chrome::default() })
    }

    /// Leads to a page that shows a message.
    pub(crate) fn redirect_saying(&self, to: &Route, message: Message) -> Result<Response, Failure> {
        self.redirect_to_saying(&to.to_string(), message)
    }

    /// The same for an address with parameters.
    pub(crate) fn redirect_to_saying(&self, to: &str, message: Message) -> Result<Response, Failure> {
        let mut response = redirect(to)?;
        let cookie = self.jar().set(Cookie::Flash, message.word())?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }
}

/// Sends a page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    page_with(StatusCode::OK, template)
}

/// Sends a page with a status of its own.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Failure> {
    Ok((status, Html(template.render()?)).into_response())
}

/// Leads to an address of this hub, to be opened with GET.
pub(crate) fn redirect(to: &str) -> Result<Response, Failure> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, HeaderValue::try_from(to)?);
    Ok(response)
}
