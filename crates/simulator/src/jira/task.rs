//! Long-running tasks: here they have always just finished.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::jira(Method::GET, "/rest/api/3/task/{taskId}", one)]
}

fn task_json(call: &Call<'_>, id: u64, now: i64) -> Value {
    json!({
        "self": format!("{}/rest/api/3/task/{id}", call.base), "id": id.to_string(), "description": "",
        "status": "COMPLETE", "progress": 100, "elapsedRuntime": 1, "submitted": now, "started": now, "finished": now,
        "lastUpdate": now, "submittedBy": 0,
    })
}

/// 303 to the task that has done the work.
pub(super) fn done(call: &Call<'_>, world: &mut World) -> Reply {
    let id = world.jira.take_id("task");
    let reply = Reply::json(StatusCode::SEE_OTHER, &task_json(call, id, world.clock.now()));
    reply.with(header::LOCATION, &format!("{}/rest/api/3/task/{id}", call.base))
}

fn one(call: &Call<'_>) -> Answer {
    let id = call.path_id("taskId").filter(|id| *id > 10_000);
    let id = id.ok_or_else(|| jira::not_found("The task does not exist."))?;
    Ok(Reply::ok(&task_json(call, id, call.world().clock.now())))
}
