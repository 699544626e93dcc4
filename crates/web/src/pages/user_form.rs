//! Add an account. The e-mail that an admin sets here is trusted, and joins the account to persons at the sources.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::{Chrome, Role};
use super::sample;
use crate::urls::Route;

/// What was wrong with the form.
#[derive(Clone, Debug, Default)]
pub struct NewUserFaults {
    /// About the name.
    pub name: Option<String>,
    /// About the e-mail address.
    pub email: Option<String>,
    /// About the password.
    pub password: Option<String>,
}

/// The form for a new account.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/user_form.html")]
pub struct NewUserPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// Name as typed before.
    pub name: String,
    /// E-mail as typed before.
    pub email: String,
    /// Role as chosen before.
    pub role: Role,
    /// The least number of characters of a password.
    pub shortest_password: u64,
    /// What was wrong with the attempt before.
    pub faults: NewUserFaults,
}

impl NewUserPage {
    fn section(&self) -> Route {
        Route::Users
    }

    fn roles(&self) -> [(Role, &'static str); 2] {
        [
            (Role::Member, "Searches, and finds what this person may see at the sources."),
            (Role::Admin, "Also connects sources and manages accounts. Finds no more than a member."),
        ]
    }
}

impl Page for NewUserPage {
    const NAME: &'static str = "new-user";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            chrome: sample::admin(),
            name: String::new(),
            email: String::new(),
            role: Role::Member,
            shortest_password: 12,
            faults: NewUserFaults::default(),
        };
        let faults = NewUserFaults {
            name: Some("Write a name.".to_owned()),
            email: Some("There is already an account with this address.".to_owned()),
            password: Some("Use at least 12 characters.".to_owned()),
        };
        let hostile = NewUserFaults {
            name: Some(sample::HOSTILE.to_owned()),
            email: Some(sample::HOSTILE.to_owned()),
            password: Some(sample::HOSTILE.to_owned()),
        };
        vec![
            ("usual", usual.clone()),
            ("faulty", Self { email: "ana.souza@example.com".to_owned(), role: Role::Admin, faults, ..usual.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    name: sample::HOSTILE.to_owned(),
                    email: sample::HOSTILE.to_owned(),
                    faults: hostile,
                    ..usual
                },
            ),
        ]
    }
}
