//! As whom one account searches: the table, the search for a user to map it to, and the mapping itself.

use crate::chrome::{Device, Message, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::{Form, Posted};
use crate::hub::Hub;
use crate::identity::{Address, AdminSession};
use crate::pages::persons::{CandidateRow, Finding, PersonRow, PersonsPage};
use crate::persons::{Candidate, PersonAt, bare};
use crate::show::not_joined;
use crate::urls::Route;
use access::{Joined, NotJoined, SourceId};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use store::{Account, AccountId};

/// What is looked for: a source and a few words.
#[derive(Default)]
struct Search {
    source: Option<SourceId>,
    words: String,
}

impl Search {
    fn parse(query: Option<&str>) -> Self {
        let form = Form::parse(query.unwrap_or_default().as_bytes());
        Self { source: form.one("source").parse().ok().map(SourceId), words: form.trimmed("find").to_owned() }
    }
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let account = hub.account(AccountId(id)).await?;
    page(&context(&hub, &admin, device, &account, &Search::parse(query.as_deref()), None).await?)
}

async fn context(
    hub: &Hub,
    admin: &AdminSession,
    device: Device,
    account: &Account,
    search: &Search,
    fault: Option<(SourceId, String)>,
) -> Result<PersonsPage, Failure> {
    let persons = hub.persons(account).await?;
    let row = |person: &PersonAt| {
        let id = person.source.id;
        let wanted = search.source == Some(id);
        let found = if wanted { hub.candidates(id, &search.words) } else { same_address(hub, person) };
        PersonRow {
            source_id: id.0.to_string(),
            source: person.source.settings.name(),
            mapped: person.mapped,
            finding: finding(hub, person),
            words: if wanted { search.words.clone() } else { String::new() },
            searched: wanted && !search.words.is_empty(),
            candidates: found.iter().map(candidate_row).collect(),
            fault: fault.as_ref().filter(|(source, _)| *source == id).map(|(_, reason)| sentence(reason)),
        }
    };
    Ok(PersonsPage {
        chrome: hub.settings_chrome(admin, device).await?,
        account: account.id.0.to_string(),
        name: account.name.clone(),
        email: account.email.clone(),
        persons: persons.iter().map(row).collect(),
    })
}

fn finding(hub: &Hub, person: &PersonAt) -> Finding {
    match &person.standing {
        Joined::As { user, .. } => {
            let name = hub.user_at(person.source.id, user).map(|user| user.display_name);
            Finding::As { name: name.unwrap_or_default(), id: bare(user).to_owned() }
        }
        Joined::Nobody(reason) => {
            Finding::Nothing { reason: sentence(&not_joined(reason)), remedy: sentence(reason.remedy()) }
        }
    }
}

/// Those who share the account's e-mail stand ready to be chosen from.
fn same_address(hub: &Hub, person: &PersonAt) -> Vec<Candidate> {
    let Joined::Nobody(NotJoined::Ambiguous(users)) = &person.standing else { return Vec::new() };
    let candidate =
        |id: &access::UserId| hub.user_at(person.source.id, id).map(|user| Candidate { id: id.clone(), user });
    users.iter().filter_map(candidate).collect()
}

fn candidate_row(candidate: &Candidate) -> CandidateRow {
    CandidateRow {
        id: bare(&candidate.id).to_owned(),
        name: candidate.user.display_name.clone(),
        email: candidate.user.email.clone(),
        can_be_taken: !candidate.user.outsider,
        is_active: candidate.user.active,
    }
}

fn source_of(form: &Form) -> Result<SourceId, Failure> {
    let source = form.one("source").parse().map(SourceId);
    source.map_err(|_| Failure::Malformed("the form names no source".to_owned()))
}

pub(crate) async fn map(
    State(hub): State<Hub>,
    device: Device,
    Path(id): Path<i64>,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    let (admin, source) = (posted.owner, source_of(&posted.form)?);
    let account = hub.account(AccountId(id)).await?;
    match hub.map_account(&admin.actor(), &account, source, posted.form.one("user"), &address).await {
        Ok(_) => hub.redirect_saying(&Route::Persons(id.to_string()), Message::AccountMapped),
        Err(Failure::Invalid(reason)) => {
            let fault = Some((source, reason));
            let page = context(&hub, &admin, device, &account, &Search::default(), fault).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(failure) => Err(failure),
    }
}

pub(crate) async fn unmap(
    State(hub): State<Hub>,
    Path(id): Path<i64>,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    let source = source_of(&posted.form)?;
    let account = hub.account(AccountId(id)).await?;
    hub.unmap_account(&posted.owner.actor(), &account, source, &address).await?;
    hub.redirect_saying(&Route::Persons(id.to_string()), Message::AccountUnmapped)
}
