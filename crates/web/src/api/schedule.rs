//! When a source is read: runs by hand, cycles, pause.

use super::json;
use crate::failure::Failure;
use crate::form::{Json, Query, SourcePath};
use crate::hub::Hub;
use crate::identity::ApiAdmin;
use crate::on_source::OnSource;
use crate::schedule::Wanted;
use crate::show::machine;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{Cycles, Duration};
use serde::Deserialize;
use serde_json::{Value, json as value};

/// The most debts of one answer.
const MOST_OWED: u32 = 500;

/// The run is the first of its kind with a number above `after`.
pub(crate) async fn sync(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Query(asked): Query,
) -> Result<Response, Failure> {
    let after = hub.start_sync(admin.actor(), id, Wanted::of(&asked)?, &address).await?;
    Ok(json(StatusCode::ACCEPTED, &value!({"after": after.0})))
}

pub(crate) async fn pause(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.pause_source(admin.actor(), id, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn resume(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.resume_source(admin.actor(), id, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Cycles in seconds. What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seconds {
    incremental: Option<u32>,
    permissions: Option<u32>,
    sweep: Option<u32>,
    full: Option<u32>,
}

pub(crate) async fn set_cycles(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(typed): Json<Seconds>,
) -> Result<Response, Failure> {
    let kept = hub.source(id).await?.settings.cycles;
    let of = |typed: Option<u32>, kept: Duration| typed.map_or(kept, |seconds| Duration(i64::from(seconds) * 1000));
    let cycles = Cycles {
        incremental: of(typed.incremental, kept.incremental),
        permissions: of(typed.permissions, kept.permissions),
        sweep: of(typed.sweep, kept.sweep),
        full: of(typed.full, kept.full),
    };
    hub.save_cycles(admin.actor(), id, cycles, &address).await?;
    Ok(json(StatusCode::OK, &cycles_json(&cycles)))
}

/// What runs could not read and a retry reads; `?after=` pages on.
pub(crate) async fn owed(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
    Query(asked): Query,
) -> Result<Response, Failure> {
    hub.source(id).await?;
    let after = asked.number("after")?.unwrap_or(0);
    let owed = hub.reading(move |store| Ok(store.owed(id, after, MOST_OWED)?)).await?;
    let rows = owed.iter().map(|debt| {
        value!({
            "id": debt.id,
            "stream": debt.stream.code(),
            "item": debt.item,
            "reason": debt.reason,
            "attempts": debt.attempts,
            "first": machine(debt.first_at),
            "last": machine(debt.last_at),
        })
    });
    Ok(json(StatusCode::OK, &value!({"owed": rows.collect::<Vec<_>>()})))
}

/// A limit in hours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hours {
    hours: u16,
}

pub(crate) async fn set_max_age(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(typed): Json<Hours>,
) -> Result<Response, Failure> {
    hub.save_max_age(admin.actor(), id, Duration::hours(i64::from(typed.hours)), &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A budget of calls an hour; null for none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    calls: Option<u32>,
}

pub(crate) async fn set_hourly_budget(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(typed): Json<Budget>,
) -> Result<Response, Failure> {
    hub.save_hourly_budget(admin.actor(), id, typed.calls, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Cycles as [`set_cycles`] takes them.
pub(crate) fn cycles_json(cycles: &Cycles) -> Value {
    let each = Cycles::KINDS.iter().map(|kind| (kind.code().to_owned(), value!(cycles.of(*kind).0 / 1000)));
    Value::Object(each.collect())
}
