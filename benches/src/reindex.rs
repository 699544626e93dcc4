//! How fast an empty index is filled from the store, against a bare Tantivy loop over the same documents in memory, with
//! the same schema, analysis and writer.
//!
//! Below full size the share is shown without a limit: opening, merges and the last commit are then much of a round.

use crate::measure::percentile;
use crate::played::runtime;
use crate::report::Report;
use crate::stocked::{Pool, fill};
use access::SourceId;
use anyhow::{Result, ensure};
use index::{AccessMirror, Bare, Indexer};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{MasterKey, Store, SystemEntropy};
use sync::{Changes, Mirror};
use tokio_util::sync::CancellationToken;

const DOCUMENTS: u32 = 1_000_000;
const LEAST: f64 = 0.7;
const ROUNDS: usize = 3;
/// No further round begins after so long: of the full size a single one takes minutes.
const ENOUGH: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(3600);

/// Follows the store from its first change until all is searchable.
fn ours(store: &Store, documents: u32) -> Result<Duration> {
    let folder = tempfile::tempdir()?;
    let changes: Arc<dyn Changes> = Arc::new(store.clone());
    let last = changes.last_sequence()?;
    let began = Instant::now();
    let indexer = Indexer::open(folder.path(), changes, Arc::new(AccessMirror::new()))?;
    let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
    let token = shutdown.clone();
    let thread = std::thread::spawn(move || indexer.run(&token));
    let caught_up = handle.wait_until(last, PATIENCE);
    let took = began.elapsed();
    shutdown.cancel();
    let ended = thread.join();
    let status = handle.status();
    ensure!(caught_up && ended.is_ok() && status.documents == u64::from(documents), "it is not complete: {status:?}");
    Ok(took)
}

fn bare(pool: &Pool, documents: u32) -> Result<Duration> {
    let folder = tempfile::tempdir()?;
    let began = Instant::now();
    let mut bare = Bare::create(folder.path())?;
    for number in 0..documents {
        bare.add(&pool.stored(number))?;
    }
    bare.commit()?;
    Ok(began.elapsed())
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let documents = DOCUMENTS / scale;
    let (data, pool, entropy) = (tempfile::tempdir()?, Pool::new(), Arc::new(SystemEntropy));
    let key = MasterKey::load_or_create(data.path(), entropy.as_ref())?;
    let mirror: Arc<dyn Mirror> = Arc::new(AccessMirror::new());
    let store = Store::open(data.path(), mirror, key, entropy)?;
    let began = Instant::now();
    runtime()?.block_on(fill(&store, SourceId(1), &pool, documents))?;
    let filled = began.elapsed();
    let (mut times, began) = ((Vec::new(), Vec::new()), Instant::now());
    while times.0.is_empty() || times.0.len() < ROUNDS && began.elapsed() < ENOUGH {
        times.1.push(bare(&pool, documents)?);
        times.0.push(ours(&store, documents)?);
    }
    let (ours, rival) = (percentile(times.0, 50), percentile(times.1, 50));
    let rate = |time: Duration| f64::from(documents) / time.as_secs_f64();
    let share = rate(ours) / rate(rival);
    let mut report = Report::new(&["documents", "into the store/s", "reindexed/s", "bare/s", "share", "limit"]);
    let name = documents.to_string();
    report.row([
        name.clone(),
        format!("{:.0}", rate(filled)),
        format!("{:.0}", rate(ours)),
        format!("{:.0}", rate(rival)),
        format!("{share:.2}"),
        if scale == 1 { format!("{LEAST:.1}") } else { "-".to_owned() },
    ]);
    if scale == 1 {
        report.at_least(&format!("{name} documents"), share, LEAST);
    }
    Ok(report)
}
