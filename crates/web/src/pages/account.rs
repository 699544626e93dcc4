//! One's own account: as whom one searches, the password, the theme.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::{Chrome, Theme};
use super::part::Tone;
use super::sample;
use crate::urls::Route;

/// A person at a source who counts as this account.
#[derive(Clone, Debug)]
pub struct JoinedPerson {
    /// Name of the source.
    pub source: String,
    /// Display name there.
    pub name: String,
}

/// What was wrong with an attempt to change the password.
#[derive(Clone, Debug, Default)]
pub struct PasswordFaults {
    /// About the current password.
    pub current: Option<String>,
    /// About the new one.
    pub new: Option<String>,
    /// About its repetition.
    pub repeated: Option<String>,
}

/// The account page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/account.html")]
pub struct AccountPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// As whom the sources know this account; empty means that it finds nothing.
    pub joined: Vec<JoinedPerson>,
    /// The least number of characters of a new password.
    pub shortest_password: u64,
    /// What was wrong with the attempt before.
    pub faults: PasswordFaults,
}

impl Page for AccountPage {
    const NAME: &'static str = "account";

    fn samples() -> Vec<(&'static str, Self)> {
        let person = |source: &str, name: &str| JoinedPerson { source: source.to_owned(), name: name.to_owned() };
        let usual = Self {
            chrome: sample::member(),
            joined: vec![person("Acme Confluence", "Ben Okafor"), person("Acme Jira", "Ben Okafor (he/him)")],
            shortest_password: 12,
            faults: PasswordFaults::default(),
        };
        let faults = PasswordFaults {
            current: Some("This is not your current password.".to_owned()),
            new: Some("Use at least 12 characters.".to_owned()),
            repeated: Some("The two new passwords differ.".to_owned()),
        };
        let hostile = PasswordFaults {
            current: Some(sample::HOSTILE.to_owned()),
            new: Some(sample::HOSTILE.to_owned()),
            repeated: Some(sample::HOSTILE.to_owned()),
        };
        vec![
            ("usual", usual.clone()),
            (
                "changed",
                Self {
                    chrome: sample::with_flash(sample::member(), Tone::Good, "Your password is changed."),
                    ..usual.clone()
                },
            ),
            ("not-joined", Self { joined: Vec::new(), ..usual.clone() }),
            ("faulty", Self { faults, ..usual.clone() }),
            ("long", Self { joined: vec![person(sample::LONG, sample::RIGHT_TO_LEFT)], ..usual }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    joined: vec![person(sample::HOSTILE, sample::HOSTILE)],
                    shortest_password: 12,
                    faults: hostile,
                },
            ),
        ]
    }
}
