//! Deletions of a source: those that wait, those that can be undone, and their limits.

use super::json;
use crate::deletions::{Deletions, Verdict};
use crate::failure::Failure;
use crate::form::{Json, Query, SourcePath};
use crate::hub::Hub;
use crate::identity::ApiAdmin;
use crate::on_source::OnSource;
use crate::show::machine;
use access::DocNo;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{Deletion, Duration};
use serde::Deserialize;
use serde_json::{Value, json as value};

/// The most tombstones of one answer.
const MOST: u32 = 500;
const DAY: i64 = Duration::hours(24).0;

/// `?after=` pages on through what can be undone.
pub(crate) async fn show(
    State(hub): State<Hub>,
    _: ApiAdmin,
    SourcePath(id): SourcePath,
    Query(asked): Query,
) -> Result<Response, Failure> {
    let after = asked.number("after")?.map(DocNo);
    Ok(json(StatusCode::OK, &deletions_json(&hub.deletions(id, after, MOST).await?)))
}

fn deletions_json(deletions: &Deletions) -> Value {
    let stopped = deletions.stopped.as_ref().map(|stopped| {
        let by =
            stopped.documents.iter().map(|(container, count)| value!({"container": container.0, "documents": count}));
        value!({
            "since": machine(stopped.since),
            "documents": stopped.documents.values().sum::<u64>(),
            "of": stopped.of,
            "containers": by.collect::<Vec<_>>(),
        })
    });
    let limits = &deletions.limits;
    // Ids only: who may read titles is not known here.
    let tombstones = deletions.tombstones.iter().map(|tombstone| {
        value!({
            "document": tombstone.doc.0,
            "kind": tombstone.key.kind.code(),
            "id": tombstone.key.native,
            "container": tombstone.container.0,
            "deleted": machine(tombstone.deleted_at),
            "kept_until": machine(model::Millis(tombstone.deleted_at.0.saturating_add(limits.kept.0))),
        })
    });
    value!({
        "stopped": stopped,
        "tombstones": tombstones.collect::<Vec<_>>(),
        "limits": limits_json(limits),
    })
}

fn limits_json(limits: &Deletion) -> Value {
    value!({"percent": limits.percent, "at_least": limits.at_least, "kept_days": limits.kept.0 / DAY})
}

pub(crate) async fn confirm(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.judge_deletion(admin.actor(), id, Verdict::Confirmed, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn refuse(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
) -> Result<Response, Failure> {
    hub.judge_deletion(admin.actor(), id, Verdict::Refused, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which deletions are undone; all if none is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undo {
    #[serde(default)]
    documents: Option<Vec<u32>>,
}

pub(crate) async fn undo(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(undo): Json<Undo>,
) -> Result<Response, Failure> {
    let docs = undo.documents.map(|docs| docs.into_iter().map(DocNo).collect());
    hub.undo_deletion(admin.actor(), id, docs, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Limits. What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    percent: Option<u8>,
    at_least: Option<u32>,
    kept_days: Option<u16>,
}

pub(crate) async fn set_limits(
    State(hub): State<Hub>,
    OnSource { admin, id, address }: OnSource,
    Json(typed): Json<Limits>,
) -> Result<Response, Failure> {
    let kept = hub.source(id).await?.settings.deletion;
    let limits = Deletion {
        percent: typed.percent.unwrap_or(kept.percent),
        at_least: typed.at_least.unwrap_or(kept.at_least),
        kept: typed.kept_days.map_or(kept.kept, |days| Duration(i64::from(days) * DAY)),
    };
    hub.save_deletion(admin.actor(), id, limits, &address).await?;
    Ok(json(StatusCode::OK, &limits_json(&limits)))
}
