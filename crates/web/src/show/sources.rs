//! Sources, runs, problems and what is hidden, for the settings pages and for programs. Ids; a title only where it was
//! given for this reader.

use super::freshness::kind_words;
use super::hidden;
use super::when::{machine, moment, took};
use crate::api::schedule::cycles_json;
use crate::failure::sentence;
use crate::operations::{ListedContainer, SyncProgress};
use crate::pages::part::{Count, Lozenge, Tone};
use crate::pages::progress::Progress;
use crate::pages::source::{HiddenRow, RunRow, TroubleRow};
use crate::pages::sources::{Product, SourceState, SourceSummary};
use crate::sources::Overview;
use crate::titles::{self, Titles};
use crate::urls::ExternalUrl;
use access::Hidden;
use model::{DocumentKey, Millis, RunCounts, RunStatus, SourceState as State, Target};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Ageing, Freshness, StoredDebt, StoredProblem, StoredRun, StoredSource};
use sync::Stream;

fn product(product: model::Product) -> Product {
    match product {
        model::Product::Confluence => Product::Confluence,
        model::Product::Jira => Product::Jira,
    }
}

fn state(source: &StoredSource, runs_now: bool) -> SourceState {
    match &source.state {
        State::Deleting => SourceState::Deleting,
        _ if runs_now => SourceState::Syncing,
        State::Draft => SourceState::New,
        State::Backfilling => SourceState::Incomplete,
        State::Live { .. } => SourceState::Live,
        State::Degraded { .. } => SourceState::Degraded,
        State::Unauthorized { .. } => SourceState::Unauthorized,
        State::Paused => SourceState::Paused,
    }
}

/// What every page about a source says of it.
pub(crate) fn summary(overview: &Overview, now: Millis) -> SourceSummary {
    let source = &overview.source;
    SourceSummary {
        id: source.id.0.to_string(),
        name: source.settings.name(),
        product: product(source.settings.product),
        site: source.settings.site.clone(),
        state: state(source, overview.progress.is_some()),
        last_sync: overview.last_success.map(|at| moment(at, now)),
        documents: Count(overview.findable()),
        errors: Count(overview.errors()),
        warnings: Count(overview.warnings),
    }
}

/// The running sync in words.
pub(crate) fn progress(sync: &SyncProgress) -> Progress {
    let stage = match sync.status {
        RunStatus::Queued => "Waiting for its turn".to_owned(),
        RunStatus::Cancelling => "Stopping".to_owned(),
        _ if sync.held_up.is_some() => format!("Waiting: {}", sync.held_up.as_deref().unwrap_or_default()),
        _ if sync.reading.is_empty() => "Finishing".to_owned(),
        _ => format!("Reading {}", sync.reading),
    };
    // A rate is rounded for people; whatever is no number is zero.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
    let per_second = sync.rate.max(0.0).round() as u64;
    Progress {
        stage,
        documents: Count(sync.counts.documents),
        expected: sync.counts.expected.map(|expected| Count(expected.max(sync.counts.documents))),
        per_second: Count(per_second),
        calls: Count(sync.counts.calls),
        seconds_left: sync.seconds_left,
    }
}

fn lozenge(status: RunStatus) -> Lozenge {
    match status {
        RunStatus::Queued => Lozenge::new(Tone::Plain, "Waiting"),
        RunStatus::Running => Lozenge::new(Tone::Active, "Running"),
        RunStatus::Cancelling => Lozenge::new(Tone::Active, "Stopping"),
        RunStatus::Succeeded => Lozenge::new(Tone::Good, "Succeeded"),
        RunStatus::Partial => Lozenge::new(Tone::Warning, "Partial"),
        RunStatus::Failed => Lozenge::new(Tone::Bad, "Failed"),
        RunStatus::Cancelled => Lozenge::new(Tone::Plain, "Cancelled"),
    }
}

/// A run in the history.
pub(crate) fn run_row(run: &StoredRun, now: Millis) -> RunRow {
    RunRow {
        id: run.id.0.to_string(),
        started: moment(run.started, now),
        what: kind_words(run.kind).to_owned(),
        status: lozenge(run.status),
        took: took(run.started, run.ended.unwrap_or(now)),
        documents: Count(run.counts.documents),
        calls: Count(run.counts.calls),
        errors: Count(run.counts.losses),
        reason: run.reason.as_deref().map(sentence),
    }
}

/// What an item of a list is called, and where it opens: by its title for those who may see it, else by its id.
fn named_item(item: &str, key: Option<DocumentKey>, titles: &Titles) -> (String, Option<ExternalUrl>) {
    match key.and_then(|key| titles.get(&key)) {
        Some(title) => (title.text.clone(), ExternalUrl::parse(&title.url)),
        None => (item.to_owned(), None),
    }
}

/// A problem of a run.
pub(crate) fn trouble_row(stored: &StoredProblem, titles: &Titles, now: Millis) -> TroubleRow {
    let item = &stored.problem.item;
    let (item, url) = named_item(item, titles::named(item), titles);
    TroubleRow {
        is_error: stored.problem.is_loss(),
        item,
        url,
        reason: sentence(&stored.problem.reason),
        attempts: Count(u64::from(stored.attempts)),
        last: moment(stored.last_at, now),
        owed: None,
    }
}

/// The document that is owed, if it is one.
pub(crate) fn debt_key(debt: &StoredDebt) -> Option<DocumentKey> {
    match &debt.target {
        Some(Target::Document(key)) => Some(key.clone()),
        Some(Target::Container(_)) | None => titles::named(&debt.item),
    }
}

/// Something that no run could read so far.
pub(crate) fn debt_row(debt: &StoredDebt, titles: &Titles, now: Millis) -> TroubleRow {
    let (item, url) = named_item(&debt.item, debt_key(debt), titles);
    TroubleRow {
        is_error: true,
        item,
        url,
        reason: sentence(&debt.reason),
        attempts: Count(u64::from(debt.attempts)),
        last: moment(debt.last_at, now),
        owed: Some(debt.id),
    }
}

/// What is hidden, most first.
pub(crate) fn hidden_rows(counts: &BTreeMap<Hidden, u64>) -> Vec<HiddenRow> {
    let mut counts: Vec<(Hidden, u64)> = counts.iter().map(|(cause, count)| (*cause, *count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let row = |(cause, count): (Hidden, u64)| HiddenRow {
        reason: sentence(hidden::reason(cause)),
        count: Count(count),
        remedy: sentence(cause.remedy()),
    };
    counts.into_iter().map(row).collect()
}

fn counts_json(counts: &RunCounts) -> Value {
    json!({
        "documents": counts.documents,
        "changed": counts.changed,
        "calls": counts.calls,
        "errors": counts.losses,
        "warnings": counts.warnings,
        "expected": counts.expected,
    })
}

/// The running sync for programs.
pub(crate) fn progress_json(sync: &SyncProgress) -> Value {
    json!({
        "run": sync.run.map(|run| run.0),
        "status": sync.status.code(),
        "counts": counts_json(&sync.counts),
        "rate": sync.rate,
        "seconds_left": sync.seconds_left,
        "held_up": sync.held_up,
        "reading": sync.reading,
        "parts_done": sync.parts.0,
        "parts": sync.parts.1,
        "kind": sync.kind.code(),
        "waiting": sync.waiting.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
    })
}

/// What will be hidden unless the source confirms it, for programs.
fn ageing_json(ageing: &Ageing) -> Value {
    json!({
        "documents": ageing.documents,
        "hidden_from": machine(ageing.hidden_from),
        "directory": ageing.directory,
    })
}

/// Up to when one stream is known, for programs. How long ago that was is theirs to say: this answer grows old.
fn freshness_json((stream, fresh): (&Stream, &Freshness)) -> Value {
    json!({
        "stream": stream.code(),
        "read": machine(fresh.read_at),
        "listed": fresh.listed_at.map(machine),
    })
}

/// A source for programs.
pub(crate) fn source_json(overview: &Overview) -> Value {
    let source = &overview.source;
    let (since, reason) = match &source.state {
        State::Live { since } | State::Unauthorized { since } => (Some(*since), None),
        State::Degraded { since, reason } => (Some(*since), Some(reason.clone())),
        State::Draft | State::Backfilling | State::Paused | State::Deleting => (None, None),
    };
    json!({
        "id": source.id.0,
        "name": source.settings.name(),
        "product": source.settings.product.code(),
        "deployment": source.settings.deployment.code(),
        "site": source.settings.site,
        "state": {"code": source.state.code(), "since": since.map(machine), "reason": reason},
        "scope": source.settings.scope,
        "created": machine(source.created),
        "last_sync": overview.last_success.map(machine),
        "documents": overview.findable(),
        "hidden": overview.hidden_total(),
        "errors": overview.errors(),
        "warnings": overview.warnings,
        "running": overview.progress.as_ref().map(progress_json),
        "cycles": cycles_json(&source.settings.cycles),
        "owed": overview.owed,
        "hourly_budget": source.settings.hourly_budget,
        "permissions": {
            "max_age_hours": source.settings.permission_max_age.0 / 3_600_000,
            "ageing": overview.ageing.as_ref().map(ageing_json),
            "directory_stale_since": overview.stale_directory.map(machine),
        },
        "freshness": overview.freshness.iter().map(freshness_json).collect::<Vec<_>>(),
    })
}

/// A run for programs.
pub(crate) fn run_json(run: &StoredRun) -> Value {
    json!({
        "id": run.id.0,
        "kind": run.kind.code(),
        "status": run.status.code(),
        "started": machine(run.started),
        "ended": run.ended.map(machine),
        "reason": run.reason,
        "counts": counts_json(&run.counts),
    })
}

/// A problem for programs.
pub(crate) fn problem_json(stored: &StoredProblem) -> Value {
    json!({
        "id": stored.id,
        "kind": stored.problem.kind.code(),
        "item": stored.problem.item,
        "reason": stored.problem.reason,
        "attempts": stored.attempts,
        "first": machine(stored.first_at),
        "last": machine(stored.last_at),
    })
}

/// What the service account sees, for programs.
pub(crate) fn containers_json(listed: &[ListedContainer]) -> Vec<Value> {
    let row = |listed: &ListedContainer| {
        let container = &listed.container;
        json!({
            "id": container.key.0,
            "key": container.short,
            "name": container.name,
            "kind": container.kind.code(),
            "archived": container.archived,
            "url": container.url,
            "included": listed.included,
        })
    };
    listed.iter().map(row).collect()
}
