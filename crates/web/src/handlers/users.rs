//! Accounts: the list, and the form for a new one.

use crate::accounts::Candidate;
use crate::audit::Action;
use crate::chrome::{Device, Message, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::Posted;
use crate::hub::Hub;
use crate::identity::{Address, AdminSession};
use crate::pages::account::JoinedPerson;
use crate::pages::layout::Role;
use crate::pages::user_form::{NewUserFaults, NewUserPage};
use crate::pages::users::{UserRow, UsersPage};
use crate::password;
use crate::show::moment;
use crate::urls::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::Millis;
use std::collections::BTreeMap;
use store::{Account, Store, StoreError, StoredSource};

/// How many rows of the audit log are looked through for the last time that somebody signed in.
const LATELY: u32 = 5000;

pub(crate) async fn list(State(hub): State<Hub>, admin: AdminSession, device: Device) -> Result<Response, Failure> {
    let (mut accounts, sources, seen) =
        hub.reading(|store| Ok((store.accounts()?, store.sources()?, last_sign_ins(store)?))).await?;
    accounts.sort_by_key(|account| account.name.to_lowercase());
    let users = accounts.iter().map(|account| user_row(&hub, account, &sources, &seen)).collect();
    page(&UsersPage { chrome: hub.settings_chrome(&admin, device).await?, users })
}

fn last_sign_ins(store: &Store) -> Result<BTreeMap<String, Millis>, StoreError> {
    let mut seen = BTreeMap::new();
    for row in store.audit_log(None, LATELY)? {
        if row.entry.action == Action::SignedIn.code() {
            seen.entry(row.entry.actor).or_insert(row.entry.at);
        }
    }
    Ok(seen)
}

fn user_row(hub: &Hub, account: &Account, sources: &[StoredSource], seen: &BTreeMap<String, Millis>) -> UserRow {
    let joined = hub.joined(account, sources).into_iter();
    UserRow {
        id: account.id.0.to_string(),
        name: account.name.clone(),
        email: account.email.clone(),
        role: match account.role {
            store::Role::Admin => Role::Admin,
            store::Role::Member => Role::Member,
        },
        active: !account.disabled,
        joined: joined.map(|(source, _, name)| JoinedPerson { source: source.settings.name(), name }).collect(),
        last_seen: seen.get(&account.email).map(|at| moment(*at, hub.now())),
    }
}

pub(crate) async fn form(State(hub): State<Hub>, admin: AdminSession, device: Device) -> Result<Response, Failure> {
    page(&NewUserPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        name: String::new(),
        email: String::new(),
        role: Role::Member,
        shortest_password: password::SHORTEST as u64,
        faults: NewUserFaults::default(),
    })
}

pub(crate) async fn add(
    State(hub): State<Hub>,
    device: Device,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    let (admin, form) = (posted.owner, posted.form);
    let role = store::Role::from_code(form.one("role"));
    let role = role.ok_or_else(|| Failure::Malformed("the role is `admin` or `member`".to_owned()))?;
    let wanted = Candidate {
        name: form.trimmed("name").to_owned(),
        email: form.trimmed("email").to_owned(),
        role,
        password: form.secret("password"),
    };
    let Err(faults) = hub.add_account(&admin.actor(), wanted, &address).await? else {
        return hub.redirect_saying(&Route::Users, Message::AccountAdded);
    };
    let words = |fault: Option<String>| fault.map(|fault| sentence(&fault));
    let page = NewUserPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        name: form.trimmed("name").to_owned(),
        email: form.trimmed("email").to_owned(),
        role: if role == store::Role::Admin { Role::Admin } else { Role::Member },
        shortest_password: password::SHORTEST as u64,
        faults: NewUserFaults {
            name: words(faults.name),
            email: words(faults.email),
            password: words(faults.password),
        },
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
