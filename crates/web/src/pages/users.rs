//! All accounts, and as whom the sources know each. An account that is joined to no person finds nothing.

use askama::Template;

use super::Page;
use super::account::JoinedPerson;
use super::icon::Icon;
use super::layout::{Chrome, Role};
use super::part::{Count, Moment, Tone};
use super::sample;
use crate::urls::Route;

/// One account in the list.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Its number.
    pub id: String,
    /// Name of the account.
    pub name: String,
    /// Its e-mail address, which joins it to persons.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether it can sign in.
    pub active: bool,
    /// As whom the sources know it.
    pub joined: Vec<JoinedPerson>,
    /// When it last signed in.
    pub last_seen: Option<Moment>,
}

/// The list of accounts.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/users.html")]
pub struct UsersPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// All accounts, by name.
    pub users: Vec<UserRow>,
}

impl UsersPage {
    fn total(&self) -> String {
        Count(u64::try_from(self.users.len()).unwrap_or(u64::MAX)).of("account", "accounts")
    }

    fn section(&self) -> Route {
        Route::Users
    }
}

impl Page for UsersPage {
    const NAME: &'static str = "users";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, email: &str, role: Role, sources: &[&str]| UserRow {
            id: "4".to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            role,
            active: true,
            joined: sources
                .iter()
                .map(|source| JoinedPerson { source: (*source).to_owned(), name: name.to_owned() })
                .collect(),
            last_seen: Some(sample::moment("12 minutes ago")),
        };
        let both = ["Acme Confluence", "Acme Jira"];
        let users = vec![
            row("Ana Souza", "ana.souza@example.com", Role::Admin, &both),
            row("Ben Okafor", "ben.okafor@example.com", Role::Member, &both),
            UserRow { last_seen: None, ..row("Kit Larsen", "kit@contractors.example", Role::Member, &["Acme Jira"]) },
            UserRow { last_seen: None, ..row("Mira Lindqvist", "mira.lindqvist@example.com", Role::Member, &[]) },
            UserRow { active: false, ..row("Otto Brandt", "otto.brandt@example.com", Role::Member, &both) },
        ];
        let only = vec![row("Ana Souza", "ana.souza@example.com", Role::Admin, &[])];
        let long = vec![
            row(
                sample::LONG,
                "a.very.long.address.that.does.not.break@subdomain.of.a.long.example.com",
                Role::Member,
                &both,
            ),
            row(sample::RIGHT_TO_LEFT, "noa@example.com", Role::Admin, &both),
        ];
        let hostile = UserRow {
            last_seen: Some(sample::hostile_moment()),
            ..row(sample::HOSTILE, sample::HOSTILE, Role::Member, &[sample::HOSTILE])
        };
        let added = sample::with_flash(sample::admin(), Tone::Good, "Mira Lindqvist can now sign in.");
        vec![
            ("usual", Self { chrome: sample::admin(), users: users.clone() }),
            ("added", Self { chrome: added, users }),
            ("first", Self { chrome: sample::admin(), users: only }),
            ("long", Self { chrome: sample::admin(), users: long }),
            ("hostile", Self { chrome: sample::hostile(), users: vec![hostile] }),
        ]
    }
}
