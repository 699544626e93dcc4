//! Who may see what, for administrators: looking it up, the exposure report, what members object to.

use crate::api::explain::{EXPOSURE_FILE, sheet};
use crate::chrome::{Device, Message, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::{Form, Posted};
use crate::hub::Hub;
use crate::identity::{Address, AdminSession};
use crate::looking::Looker;
use crate::pages::exposure::ExposurePage;
use crate::pages::lookup::{Answer, DocumentLine, LookupPage};
use crate::pages::objections::{ObjectionRow, ObjectionsPage};
use crate::pages::part::Count;
use crate::show::{
    audience_view, columns, document_line, exposure_rows, idle_rows, moment, open_totals, pair_view, reach_view,
};
use crate::urls::Route;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use explain::{About, Order, exposure_csv};
use model::Millis;
use store::Objection;

pub(crate) async fn show(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    address: Address,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::parse(query.unwrap_or_default().as_bytes());
    let (person, document) = (asked.trimmed("person"), asked.trimmed("document"));
    let actor = admin.actor();
    let looker = Looker { actor: &actor, account: Some(&admin.signed_in().account), address: &address };
    let found = match (person, document) {
        ("", "") => Ok(Answer::Nothing),
        ("", document) => {
            hub.explain_document(&looker, document).await.map(|found| Answer::Audience(audience_view(&found)))
        }
        (person, "") => hub.explain_person(&looker, person).await.map(|found| Answer::Reach(reach_view(&found))),
        (person, document) => {
            let now = hub.now();
            hub.explain_pair(&looker, person, document).await.map(|found| Answer::Pair(pair_view(&found, now)))
        }
    };
    let (answer, fault) = match found {
        Ok(answer) => (answer, None),
        Err(Failure::Invalid(reason)) => (Answer::Nothing, Some(sentence(&reason))),
        Err(failure) => return Err(failure),
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let context = LookupPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        person: person.to_owned(),
        document: document.to_owned(),
        fault,
        answer,
        objections: Count(hub.reading(|store| Ok(store.open_objections()?)).await?),
    };
    page_with(status, &context)
}

pub(crate) async fn exposure(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    address: Address,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::parse(query.unwrap_or_default().as_bytes());
    let order = Order::from_word(asked.one("sort")).unwrap_or_default();
    let actor = admin.actor();
    let looker = Looker { actor: &actor, account: Some(&admin.signed_in().account), address: &address };
    let report = hub.exposure(&looker, order).await?;
    let everybody = report.people.iter().map(|(source, members, guests)| {
        let (members, guests) = (Count(*members as u64), Count(*guests as u64));
        format!("{source}: {} and {}", members.of("person", "people"), guests.of("guest", "guests"))
    });
    page(&ExposurePage {
        chrome: hub.settings_chrome(&admin, device).await?,
        totals: open_totals(&report.totals),
        everybody: everybody.collect(),
        columns: columns(order),
        rows: exposure_rows(&report),
        idle: idle_rows(&report),
        idle_more: Count(report.idle_total.saturating_sub(report.idle.len()) as u64),
    })
}

pub(crate) async fn exposure_sheet(
    State(hub): State<Hub>,
    admin: AdminSession,
    address: Address,
) -> Result<Response, Failure> {
    let actor = admin.actor();
    let looker = Looker { actor: &actor, account: Some(&admin.signed_in().account), address: &address };
    Ok(sheet(EXPOSURE_FILE, exposure_csv(&hub.exposure(&looker, Order::default()).await?)))
}

pub(crate) async fn objections(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    address: Address,
) -> Result<Response, Failure> {
    let actor = admin.actor();
    let looker = Looker { actor: &actor, account: Some(&admin.signed_in().account), address: &address };
    let listed = hub.objections(&looker).await?;
    let now = hub.now();
    let rows = listed.iter().map(|(objection, about)| objection_row(objection, about.as_ref(), now)).collect();
    page(&ObjectionsPage { chrome: hub.settings_chrome(&admin, device).await?, rows })
}

fn objection_row(objection: &Objection, about: Option<&About>, now: Millis) -> ObjectionRow {
    let key = explain::key_text(objection.source, &objection.key);
    let gone = || DocumentLine {
        kind: objection.key.kind.into(),
        title: None,
        url: None,
        name: key.clone(),
        container: "what is gone".to_owned(),
    };
    ObjectionRow {
        id: objection.id.to_string(),
        at: moment(objection.at, now),
        by: objection.by.clone(),
        note: objection.note.clone(),
        document: about.map_or_else(gone, document_line),
        explained: Route::Access.asking(&[("person", &objection.by), ("document", &key)]),
        settled: objection.settled.as_ref().map(|(at, by)| (moment(*at, now), by.clone())),
    }
}

pub(crate) async fn settle(
    State(hub): State<Hub>,
    address: Address,
    Path(id): Path<String>,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    let actor = posted.owner.actor();
    let looker = Looker { actor: &actor, account: Some(&posted.owner.signed_in().account), address: &address };
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    hub.settle_objection(&looker, id).await?;
    hub.redirect_saying(&Route::Objections, Message::ObjectionSettled)
}
