//! The audit log, for administrators. It names things, it does not identify them.

use axum::http::Method;
use serde_json::{Value, json};

use crate::call::Call;
use crate::confluence::writer::{self, bad_request_v1};
use crate::paging::V1Page;
use crate::reply::{Answer, Reply};
use crate::route::Route;
use crate::state::{AuditRecord, Millis, World};
use crate::visibility::confluence::ConfluenceView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/rest/api/audit", list),
        Route::confluence(Method::GET, "/wiki/rest/api/audit/since", since),
    ]
}

fn row(world: &World, record: &AuditRecord) -> Value {
    let author = world.directory.person(&record.author);
    let changes: Vec<Value> =
        record.changes.iter().map(|(name, old, new)| json!({"name": name, "oldValue": old, "newValue": new})).collect();
    let spaces: Vec<Value> = record.space.iter().map(|name| json!({"name": name, "objectType": "Space"})).collect();
    json!({
        "author": {
            "type": "user", "displayName": author.map_or("", |person| &person.display_name),
            "accountId": record.author, "operations": null,
        },
        "remoteAddress": "192.0.2.10",
        "creationDate": record.created,
        "summary": record.summary,
        "description": "",
        "category": record.category,
        "sysAdmin": false,
        "superAdmin": false,
        "affectedObject": {"name": record.object_name, "objectType": record.object_type},
        "changedValues": changes,
        "associatedObjects": spaces,
    })
}

/// Records of a time, newest first.
fn answer(call: &Call<'_>, world: &World, from: Millis, to: Millis) -> Answer {
    let page = V1Page::of(call, 1_000, 1_000)?;
    if !ConfluenceView::new(world, call.caller.account()).is_admin() {
        return Err(writer::not_permitted_v1("Only administrators can view audit records"));
    }
    let text = call.query("searchString").unwrap_or_default().to_lowercase();
    let fits = |record: &&AuditRecord| {
        let words = format!("{} {} {}", record.summary, record.category, record.object_name);
        (from..=to).contains(&record.created) && words.to_lowercase().contains(&text)
    };
    let records: Vec<&AuditRecord> = world.confluence.audit.iter().rev().filter(fits).collect();
    let answer = page.envelope(call, &records, |record| row(world, record));
    let size = answer["results"].as_array().map_or(0, Vec::len);
    Ok(Reply::ok(&answer).objects(size))
}

fn list(call: &Call<'_>) -> Answer {
    let time = |name: &str, default: Millis| match call.query(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| bad_request_v1(&format!("{name} must be epoch milliseconds"))),
    };
    answer(call, &call.world(), time("startDate", Millis::MIN)?, time("endDate", Millis::MAX)?)
}

/// The last `number` of `units`; three months without either.
fn since(call: &Call<'_>) -> Answer {
    const DAY: Millis = 86_400_000;
    let number: Millis = match call.query("number") {
        None => 3,
        Some(text) => text.parse().map_err(|_| bad_request_v1("number must be a number"))?,
    };
    let unit = match call.query("units").unwrap_or("MONTHS") {
        "NANOS" | "MICROS" => 0,
        "MILLIS" => 1,
        "SECONDS" => 1_000,
        "MINUTES" => 60_000,
        "HOURS" => 3_600_000,
        "HALF_DAYS" => DAY / 2,
        "DAYS" => DAY,
        "WEEKS" => 7 * DAY,
        "MONTHS" => 30 * DAY,
        "YEARS" => 365 * DAY,
        "DECADES" => 3_650 * DAY,
        "CENTURIES" => 36_500 * DAY,
        other => return Err(bad_request_v1(&format!("Unknown units: {other}"))),
    };
    let world = call.world();
    let from = world.clock.now().saturating_sub(number.saturating_mul(unit));
    answer(call, &world, from, Millis::MAX)
}
