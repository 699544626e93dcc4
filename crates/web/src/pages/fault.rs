//! What is shown when there is nothing else to show. "Not found" and "not allowed" differ only for routes, never for
//! documents: those have no page here.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::sample;
use crate::urls::Route;

/// What went wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// No such address (404).
    NotFound,
    /// The role is not enough (403).
    Forbidden,
    /// The form is older than the session, or came from elsewhere (403).
    ExpiredForm,
    /// A fault of the hub (500).
    Internal {
        /// What to search for in the log.
        reference: String,
    },
    /// Not ready yet, or going down (503).
    Unavailable,
    /// Anything else that has a reason worth reading.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What happened and what to do, in one sentence.
        reason: String,
    },
}

impl Fault {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden | Self::ExpiredForm => 403,
            Self::Internal { .. } => 500,
            Self::Unavailable => 503,
            Self::Refused { status, .. } => *status,
        }
    }

    /// What happened.
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "There is no such page",
            Self::Forbidden => "This page is for administrators",
            Self::ExpiredForm => "This form has expired",
            Self::Internal { .. } => "Something went wrong here",
            Self::Unavailable => "Fossick is not ready yet",
            Self::Refused { .. } => "That did not work",
        }
    }

    /// What to do now.
    pub fn advice(&self) -> &str {
        match self {
            Self::NotFound => "The address may be mistyped, or what it named is gone. Search for it instead.",
            Self::Forbidden => {
                "Your account can search but not change settings. Ask an administrator of Fossick to do it, or to give \
                 you that role."
            }
            Self::ExpiredForm => {
                "You may have signed out, or signed in again, in another tab. Nothing was changed. Go back, reload the \
                 page, and send the form again."
            }
            Self::Internal { .. } => {
                "Nothing that you sent was kept. Try again in a moment. If it happens again, give the reference below \
                 to whoever runs Fossick: it leads to the cause in the log."
            }
            Self::Unavailable => "It is starting up or shutting down. Try again in a few seconds.",
            Self::Refused { reason, .. } => reason,
        }
    }
}

/// The page of a fault.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/fault.html")]
pub struct FaultPage {
    /// Surroundings; without a person when nobody is signed in.
    pub chrome: Chrome,
    /// What went wrong.
    pub fault: Fault,
}

impl Page for FaultPage {
    const NAME: &'static str = "fault";

    fn samples() -> Vec<(&'static str, Self)> {
        let of = |fault: Fault| Self { chrome: sample::member(), fault };
        vec![
            ("not-found", of(Fault::NotFound)),
            ("forbidden", of(Fault::Forbidden)),
            ("expired-form", of(Fault::ExpiredForm)),
            ("internal", of(Fault::Internal { reference: "7f3c-91d2".to_owned() })),
            ("refused", of(Fault::Refused { status: 409, reason: "This source is being removed.".to_owned() })),
            ("refused-hostile", of(Fault::Refused { status: 422, reason: sample::HOSTILE.to_owned() })),
            ("unavailable", Self { chrome: sample::stranger(), fault: Fault::Unavailable }),
            (
                "hostile",
                Self { chrome: sample::hostile(), fault: Fault::Internal { reference: sample::HOSTILE.to_owned() } },
            ),
        ]
    }
}
