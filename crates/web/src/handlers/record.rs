//! The audit log, page by page.

use crate::audit::{target_and_address, words_of};
use crate::chrome::{Device, page};
use crate::failure::Failure;
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::{Actor, AdminSession};
use crate::pages::audit::{AuditPage, AuditRow};
use crate::pages::pager::Pager;
use crate::show::moment;
use crate::urls::Route;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use model::Millis;
use store::Store;

const ROWS: u32 = 50;

pub(crate) async fn show(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::parse(query.unwrap_or_default().as_bytes());
    let number = asked.one("page").parse().unwrap_or(1).max(1);
    let (rows, last) = hub.reading(move |store| read(store, number)).await?;
    let now = hub.now();
    page(&AuditPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        rows: rows.iter().map(|row| audit_row(row, now)).collect(),
        pager: Pager::new(number, last, |number| Route::Audit.at_page(number)),
    })
}

/// The rows of one page, and the number of the last page: row numbers have no gaps, so the newest tells how many.
fn read(store: &Store, number: u32) -> Result<(Vec<store::AuditRow>, u32), Failure> {
    let newest = store.audit_log(None, 1)?.first().map_or(0, |row| row.id);
    let last = u32::try_from((newest + i64::from(ROWS) - 1) / i64::from(ROWS)).unwrap_or(u32::MAX).max(1);
    let before = newest + 1 - i64::from(number - 1) * i64::from(ROWS);
    Ok((store.audit_log(Some(before), ROWS)?, last))
}

fn audit_row(row: &store::AuditRow, now: Millis) -> AuditRow {
    let entry = &row.entry;
    let (target, from) = target_and_address(&entry.target);
    AuditRow {
        at: moment(entry.at, now),
        who: (entry.actor != Actor::Nobody.name()).then(|| entry.actor.clone()),
        action: words_of(&entry.action).to_owned(),
        target: target.to_owned(),
        from: from.map(str::to_owned),
    }
}
