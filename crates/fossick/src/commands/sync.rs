//! `fossick sync`: starts syncs and shows how they go, until they have ended.

use super::source::{number, words};
use crate::cli::{Kind, Sync};
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::operator::Operator;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::Value;
use std::time::Duration;

/// How often progress is looked at.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) async fn run(sync: Sync, config: &Config) -> Result<(), Fault> {
    let operator = Operator::reach(config).await?;
    let done = all(&operator, sync).await;
    if operator.is_here() {
        tracing::debug!("no hub was running; this command was one");
    }
    operator.close().await;
    done
}

async fn all(operator: &Operator, sync: Sync) -> Result<(), Fault> {
    let ids = match &sync.source {
        Some(named) => vec![number(operator, named).await?],
        None => {
            let sources = operator.get("/api/v1/sources").await?;
            sources["sources"].as_array().into_iter().flatten().filter_map(|source| source["id"].as_u64()).collect()
        }
    };
    if ids.is_empty() {
        return Err(Fault::new(
            Exit::Usage,
            "no source is connected; connect one: fossick source add acme.atlassian.net",
        ));
    }
    let bars = MultiProgress::new();
    if sync.item.is_some() && sync.kind != Kind::Retry {
        return Err(Fault::new(Exit::Usage, "`--item` goes with `--kind retry` only"));
    }
    let started = ids.iter().map(|&id| one(operator, id, (sync.kind.code(), sync.item), &bars));
    let mut worst = Ok(());
    for ended in futures_util::future::join_all(started).await {
        let worse = match (&worst, &ended) {
            (Ok(()), _) => true,
            (Err(Fault { exit: Exit::Partial, .. }), Err(fault)) => fault.exit != Exit::Partial,
            _ => false,
        };
        if worse {
            worst = ended;
        }
    }
    worst
}

async fn one(
    operator: &Operator,
    id: u64,
    (kind, item): (&str, Option<i64>),
    bars: &MultiProgress,
) -> Result<(), Fault> {
    let name = words(&operator.get(&format!("/api/v1/sources/{id}")).await?["name"]);
    let only = item.map_or(String::new(), |item| format!("&owed={item}"));
    let begun = operator.post(&format!("/api/v1/sources/{id}/sync?kind={kind}{only}"), Value::Null).await?;
    let after = begun["after"].as_i64().unwrap_or(0);
    let bar = bars.add(ProgressBar::new(0));
    bar.set_style(style());
    bar.set_prefix(name.clone());
    let mut held_up = false;
    // The source may be read by itself meanwhile, and something else may be retried.
    let run = loop {
        let progress = operator.get(&format!("/api/v1/sources/{id}/progress")).await?;
        let running = &progress["running"];
        if let Some(ended) = ended_run(operator, id, (kind, after)).await? {
            break ended;
        }
        if running.is_null() {
            return Err(Fault::new(Exit::Source, format!("the sync of `{name}` did not begin; see the hub's log")));
        }
        if !held_up && let Some(words) = running["held_up"].as_str() {
            // Seen even where there is no terminal to draw a bar on.
            eprintln!("{name}: {words}");
        }
        held_up = running["held_up"].is_string();
        show(&bar, running);
        tokio::time::sleep(LOOK).await;
    };
    bar.set_message("making it searchable");
    let searchable = searchable(operator, id).await;
    bar.finish_and_clear();
    let (status, counts) = (words(&run["status"]), &run["counts"]);
    let line = format!(
        "{name}: {status}, {} documents ({} changed), {} calls, {} errors, {} warnings",
        counts["documents"], counts["changed"], counts["calls"], counts["errors"], counts["warnings"]
    );
    if bars.println(&line).is_err() || bars.is_hidden() {
        println!("{line}");
    }
    match status.as_str() {
        "succeeded" => searchable,
        "partial" => {
            problems(operator, id, &run["id"]).await?;
            Err(Fault::new(Exit::Partial, format!("the sync of `{name}` missed something; it is listed above")))
        }
        _ => {
            // Not for want of space: a run waits for that.
            let reason = words(&run["reason"]);
            Err(Fault::new(Exit::Source, format!("the sync of `{name}` ended as {status}: {reason}")))
        }
    }
}

/// Waits until searches find everything that is stored by now.
async fn searchable(operator: &Operator, id: u64) -> Result<(), Fault> {
    let path = format!("/api/v1/sources/{id}/progress");
    let mut index = operator.get(&path).await?["index"].clone();
    let stored = index["stored"].as_u64();
    while index["searchable"].as_u64() < stored {
        if index["stuck"] == true {
            let reason = "everything is stored, but the text index does not move on, so searches miss what is new; \
                          see the hub's log";
            return Err(Fault::new(Exit::Failure, reason));
        }
        tokio::time::sleep(LOOK).await;
        index = operator.get(&path).await?["index"].clone();
    }
    Ok(())
}

/// The first run of a kind with a number above `after`, once it is over.
async fn ended_run(operator: &Operator, id: u64, (kind, after): (&str, i64)) -> Result<Option<Value>, Fault> {
    let runs = operator.get(&format!("/api/v1/sources/{id}/runs")).await?;
    let runs = runs["runs"].as_array().cloned().unwrap_or_default().into_iter();
    let counts = |run: &Value| run["kind"] == kind && run["id"].as_i64() > Some(after);
    Ok(runs.rev().find(counts).filter(|run| !run["ended"].is_null()))
}

async fn problems(operator: &Operator, id: u64, run: &Value) -> Result<(), Fault> {
    let found = operator.get(&format!("/api/v1/sources/{id}/problems?run={run}")).await?;
    for problem in found["problems"].as_array().into_iter().flatten().take(20) {
        println!("  {}: {}", words(&problem["item"]), words(&problem["reason"]));
    }
    Ok(())
}

fn show(bar: &ProgressBar, running: &Value) {
    let documents = count(running, "documents").unwrap_or(0);
    bar.set_length(count(running, "expected").unwrap_or(documents).max(documents));
    bar.set_position(documents);
    bar.set_message(told(running));
}

fn count(running: &Value, what: &str) -> Option<u64> {
    running["counts"][what].as_u64()
}

/// What stands behind the bar: how fast, at what cost, for how long still, and what is being read.
fn told(running: &Value) -> String {
    let rate = running["rate"].as_f64().unwrap_or(0.0);
    let calls = count(running, "calls").unwrap_or(0);
    let left = running["seconds_left"].as_u64().map_or_else(String::new, |seconds| format!(", {seconds} s left"));
    format!("{rate:.0}/s, {calls} calls{left}; {}", words(&running["reading"]))
}

fn style() -> ProgressStyle {
    let template = "{prefix} {bar:30} {pos}/{len} documents, {msg}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use serde_json::json;

    /// A hub of which one path answers.
    fn hub(path: &str, answer: Value) -> (tempfile::TempDir, Operator) {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("hub.sock");
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        let router = Router::new().route(path, get(async move || answer.to_string()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        atlassian::http::install_provider();
        let client = reqwest::Client::builder().unix_socket(socket).no_proxy().build().unwrap();
        (folder, Operator::Socket(client))
    }

    #[tokio::test]
    async fn nobody_waits_for_an_index_that_does_not_move_on() {
        let index =
            |searchable: u64, stuck: bool| json!({"index": {"stored": 5, "searchable": searchable, "stuck": stuck}});
        for (answer, found) in [(index(3, true), false), (index(5, true), true)] {
            let (_folder, operator) = hub("/api/v1/sources/{id}/progress", answer);
            let waited = tokio::time::timeout(Duration::from_secs(30), searchable(&operator, 1)).await;
            assert_eq!(waited.expect("it answers in time").is_ok(), found);
        }
    }

    #[test]
    fn the_line_behind_the_bar_tells_rate_calls_time_left_and_what_is_read() {
        let mut running = json!({
            "counts": {"documents": 40, "expected": 100, "calls": 7},
            "rate": 12.6,
            "seconds_left": 5,
            "reading": "pages, comments",
        });
        assert_eq!(told(&running), "13/s, 7 calls, 5 s left; pages, comments");
        running["seconds_left"] = Value::Null;
        assert_eq!(told(&running), "13/s, 7 calls; pages, comments", "nothing is promised that is not known");
        assert_eq!(told(&Value::Null), "0/s, 0 calls; -");
    }

    #[test]
    fn the_bar_is_as_long_as_what_is_expected_and_never_shorter_than_what_was_read() {
        let bar = ProgressBar::hidden();
        for (counts, position, length) in [
            (json!({"documents": 40, "expected": 100}), 40, 100),
            (json!({"documents": 120, "expected": 100}), 120, 120),
            (json!({"documents": 40, "expected": null}), 40, 40),
        ] {
            show(&bar, &json!({"counts": counts}));
            assert_eq!((bar.position(), bar.length()), (position, Some(length)));
        }
    }
}
