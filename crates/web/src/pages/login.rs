//! Sign in. The answer to a wrong name and to a wrong password is the same, so that nobody learns who has an account.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::sample;
use crate::urls::Route;

/// Why signing in did not work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// No account with this e-mail and password, or it is deactivated.
    NoMatch,
    /// Too many attempts.
    Throttled {
        /// Until the next attempt is heard.
        seconds: u64,
    },
}

/// An account of the demo, which signs in with one click.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Name of the person.
    pub name: String,
    /// What the person does in the sample company.
    pub role: String,
    /// What to sign in with.
    pub email: String,
    /// The demo's password; never one of a real account.
    pub password: String,
}

/// The login page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// Surroundings, without a person.
    pub chrome: Chrome,
    /// The e-mail as typed before.
    pub email: String,
    /// Where to go after signing in: a path of this hub.
    pub next: String,
    /// Why the attempt before failed.
    pub refusal: Option<Refusal>,
    /// Accounts of the demo; empty on a real hub.
    pub demo_accounts: Vec<DemoAccount>,
}

impl Page for LoginPage {
    const NAME: &'static str = "login";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            chrome: sample::stranger(),
            email: String::new(),
            next: "/".to_owned(),
            refusal: None,
            demo_accounts: Vec::new(),
        };
        let typed = Self { email: "ana.souza@example.com".to_owned(), ..usual.clone() };
        let account = |name: &str, role: &str, email: &str| DemoAccount {
            name: name.to_owned(),
            role: role.to_owned(),
            email: email.to_owned(),
            password: "demo".to_owned(),
        };
        let demo = vec![
            account("Ana Souza", "Administrator, platform lead", "ana@demo.example"),
            account("Ben Okafor", "Engineer", "ben@demo.example"),
            account("Noa Levi", "People team", "noa@demo.example"),
            account("Kit Larsen", "Contractor", "kit@demo.example"),
        ];
        vec![
            ("usual", usual.clone()),
            ("refused", Self { refusal: Some(Refusal::NoMatch), ..typed.clone() }),
            ("throttled", Self { refusal: Some(Refusal::Throttled { seconds: 45 }), ..typed }),
            ("demo", Self { demo_accounts: demo, ..usual }),
            (
                "hostile",
                Self {
                    chrome: Chrome { person: None, ..sample::hostile() },
                    email: sample::HOSTILE.to_owned(),
                    next: sample::HOSTILE.to_owned(),
                    refusal: None,
                    demo_accounts: vec![account(sample::HOSTILE, sample::HOSTILE, sample::HOSTILE)],
                },
            ),
        ]
    }
}
