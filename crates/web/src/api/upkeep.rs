//! Backups and checks of the hub's own files.

use super::json;
use crate::audit::Action;
use crate::failure::Failure;
use crate::form::Json;
use crate::hub::Hub;
use crate::identity::{Address, ApiAdmin};
use crate::upkeep::{Chore, ChoreKind, ChoreState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json as value};
use std::path::PathBuf;

/// Where a backup goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    to: PathBuf,
    #[serde(default)]
    with_key: bool,
}

pub(crate) async fn begin_backup(
    State(hub): State<Hub>,
    admin: ApiAdmin,
    address: Address,
    Json(wanted): Json<Wanted>,
) -> Result<Response, Failure> {
    let Wanted { to, with_key } = wanted;
    if !to.is_absolute() {
        return Err(Failure::Invalid(format!("`{}` is not an absolute path", to.display())));
    }
    let target = format!("{}{}", to.display(), if with_key { " with the key" } else { "" });
    hub.app.upkeep.begin(Chore::Backup { to, with_key })?;
    hub.audit(admin.actor(), Action::BackupStarted, &target, &address).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(crate) async fn stop_backup(State(hub): State<Hub>, _: ApiAdmin) -> Response {
    hub.app.upkeep.stop(ChoreKind::Backup);
    StatusCode::ACCEPTED.into_response()
}

pub(crate) async fn backup(State(hub): State<Hub>, _: ApiAdmin) -> Response {
    state(&hub.app.upkeep.state(ChoreKind::Backup))
}

pub(crate) async fn begin_scrub(State(hub): State<Hub>, _: ApiAdmin) -> Result<Response, Failure> {
    hub.app.upkeep.begin(Chore::Scrub)?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(crate) async fn stop_scrub(State(hub): State<Hub>, _: ApiAdmin) -> Response {
    hub.app.upkeep.stop(ChoreKind::Scrub);
    StatusCode::ACCEPTED.into_response()
}

pub(crate) async fn scrub(State(hub): State<Hub>, _: ApiAdmin) -> Response {
    state(&hub.app.upkeep.state(ChoreKind::Scrub))
}

fn state(state: &ChoreState) -> Response {
    let answer: Value = match state {
        ChoreState::Idle => value!({"state": "idle"}),
        ChoreState::Running { doing, done, total } => {
            value!({"state": "running", "doing": doing, "done": done, "total": total})
        }
        ChoreState::Done { result } => value!({"state": "done", "result": result}),
        ChoreState::Failed { reason, code } => value!({"state": "failed", "reason": reason, "code": code}),
    };
    json(StatusCode::OK, &answer)
}
