//! The audit log: for administrators, and closed on free plans.

use axum::http::Method;
use serde_json::{Value, json};

use super::gate;
use super::scene::caller_zone;
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::{AuditRecord, Millis};
use crate::visibility::jira::JiraView;
use crate::wire_time;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::GET, "/rest/api/3/auditing/record", records)]
}

/// An instant or a day; `from` and `to` take either.
fn instant(call: &Call<'_>, name: &str) -> Result<Option<Millis>, Reply> {
    let Some(text) = call.query(name) else { return Ok(None) };
    let bad = || jira::bad_request(&format!("The value '{text}' of '{name}' is not a valid date."));
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let exact = || jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).ok()?.to_timestamp().ok();
    let at = text.parse::<jiff::Timestamp>().ok().or_else(exact).or_else(|| day().map(|day| day.timestamp()));
    at.map(|at| Some(at.as_millisecond())).ok_or_else(bad)
}

fn records(call: &Call<'_>) -> Answer {
    let offset = usize::try_from(call.jira_number("offset", 0)?.max(0)).unwrap_or(0);
    let limit = usize::try_from(call.jira_number("limit", 1000)?.clamp(0, 1000)).unwrap_or(1000);
    let (from, to) = (instant(call, "from")?, instant(call, "to")?);
    let filter = call.query("filter").map(str::to_lowercase);
    let world = call.world();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    if !world.jira.audit_enabled {
        return Err(jira::forbidden("The audit log is not available on the Free plan."));
    }
    let fits = |record: &&AuditRecord| {
        from.is_none_or(|from| record.created >= from)
            && to.is_none_or(|to| record.created <= to)
            && filter.as_ref().is_none_or(|words| {
                [&record.summary, &record.category, &record.object_name]
                    .iter()
                    .any(|text| text.to_lowercase().contains(words))
            })
    };
    let zone = caller_zone(&world, call);
    let found: Vec<&AuditRecord> = world.jira.audit.iter().rev().filter(fits).collect();
    let shown = found.iter().skip(offset).take(limit).map(|record| {
        let changes: Vec<Value> = record
            .changes
            .iter()
            .map(|(field, from, to)| json!({"fieldName": field, "changedFrom": from, "changedTo": to}))
            .collect();
        json!({
            "id": record.id, "summary": record.summary, "created": wire_time::jira_time(record.created, &zone),
            "category": record.category, "eventSource": "", "authorKey": record.author,
            "objectItem": {"id": record.object_id, "name": record.object_name, "typeName": record.object_type},
            "changedValues": changes, "associatedItems": [],
        })
    });
    let shown: Vec<Value> = shown.collect();
    let body = json!({"offset": offset, "limit": limit, "total": found.len(), "records": shown});
    Ok(Reply::ok(&body).objects(shown.len()))
}
