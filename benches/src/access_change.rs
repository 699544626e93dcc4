//! How soon a changed permission is in force: from the commit of the change to the first answer that obeys it.

use crate::company::Dice;
use crate::filled::{BUSY, Filled, Size, document, person, readers, restriction};
use crate::measure::{ms, percentile};
use crate::report::Report;
use anyhow::{Result, ensure};
use model::Kind;
use search::{Request, SearchIndex};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use sync::Changes;

const DOCUMENTS: u32 = 1_000_000;
/// Few and many lists of clauses.
const ACLS: [u32; 2] = [20_000, 500_000];
/// How soon a change is in force.
const LIMIT: f64 = 150.0;
/// How much longer the first query of somebody in 300 groups takes than the second.
const FIRST: f64 = 30.0;
/// Edits that run beside the changes, in the larger company.
const EDITS_A_SECOND: u64 = 20;
const ROUNDS: usize = 7;

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut report = Report::new(&["change", "lists", "edits/s", "p50 ms", "worst ms", "limit", "re-indexed"]);
    for (at, acls) in ACLS.into_iter().enumerate() {
        let size = Size { documents: DOCUMENTS / scale, acls: acls / scale };
        let filled = Arc::new(runtime.block_on(Filled::with(size))?);
        measure(&runtime, &filled, if at == 0 { 0 } else { EDITS_A_SECOND }, &mut report)?;
    }
    Ok(report)
}

fn measure(runtime: &tokio::runtime::Runtime, filled: &Arc<Filled>, edits: u64, report: &mut Report) -> Result<()> {
    let lists = filled.lists();
    let stop = Arc::new(AtomicBool::new(false));
    let edited = Arc::new(AtomicU32::new(0));
    let editing = (edits > 0).then(|| runtime.spawn(edit(filled.clone(), edits, stop.clone(), edited.clone())));
    let rows = [
        ("readers of a space", "ofthelarge", Change::Readers),
        ("restriction above a tree", "belowone", Change::Restriction),
    ];
    for (name, word, change) in rows {
        let before = (filled.store.last_sequence()?, edited.load(Ordering::SeqCst));
        let times = runtime.block_on(changes(filled, word, change))?;
        let (sequence, edits_done) = (filled.store.last_sequence()?, edited.load(Ordering::SeqCst));
        // An edit may be counted a moment after it is committed.
        let reindexed = (sequence - before.0).saturating_sub(u64::from(edits_done - before.1) + 1);
        ensure!(reindexed == 0, "{name}: {reindexed} documents were indexed again");
        let (median, worst) = (percentile(times.clone(), 50), percentile(times, 100));
        report.row([
            name.to_owned(),
            lists.to_string(),
            edits.to_string(),
            ms(median),
            ms(worst),
            LIMIT.to_string(),
            reindexed.to_string(),
        ]);
        report.at_most(&format!("{name}, {lists} lists"), median.as_secs_f64() * 1e3, LIMIT);
    }
    stop.store(true, Ordering::SeqCst);
    if let Some(editing) = editing {
        runtime.block_on(editing)??;
    }
    let (first, second) = first_and_second(filled)?;
    let more = first.saturating_sub(second);
    report.row([
        "first query, 300 groups".to_owned(),
        lists.to_string(),
        "0".to_owned(),
        ms(first),
        ms(second),
        format!("+{FIRST}"),
        "-".to_owned(),
    ]);
    report.at_most(&format!("first query, {lists} lists"), more.as_secs_f64() * 1e3, FIRST);
    Ok(())
}

#[derive(Clone, Copy)]
enum Change {
    Readers,
    Restriction,
}

/// Takes access away and gives it back, each time until the next query obeys.
async fn changes(filled: &Filled, word: &str, change: Change) -> Result<Vec<Duration>> {
    let viewer = filled.viewer(&person(7));
    let request = Request::of(word);
    let all = filled.index.search(&viewer, &request)?.total;
    ensure!(all > 0, "nothing has the word `{word}`");
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        for open in [false, true] {
            let groups: &[&str] = match (change, open) {
                (Change::Readers, true) => &["staff"],
                (Change::Restriction, true) => &[],
                // Person 7 is not in it.
                (_, false) => &["g8"],
            };
            let items = match change {
                Change::Readers => vec![readers(0, groups)],
                Change::Restriction => restriction(1, groups),
            };
            let began = Instant::now();
            filled.commit(items).await?;
            let total = filled.index.search(&viewer, &request)?.total;
            let took = began.elapsed();
            ensure!(total == if open { all } else { 0 }, "the change is not in force: {total} of {all} are found");
            if round > 0 {
                times.push(took);
            }
        }
    }
    Ok(times)
}

/// Edits comments elsewhere until told to stop.
async fn edit(filled: Arc<Filled>, a_second: u64, stop: Arc<AtomicBool>, edited: Arc<AtomicU32>) -> Result<()> {
    let size = filled.size;
    let mut ticks = tokio::time::interval(Duration::from_millis(1000 / a_second));
    let mut version = 1;
    while !stop.load(Ordering::SeqCst) {
        ticks.tick().await;
        version += 1;
        let page = size.large() + version % (size.documents / 2 - size.large());
        filled.commit(vec![document(page, Kind::Comment, size, version)]).await?;
        edited.fetch_add(1, Ordering::SeqCst);
    }
    Ok(())
}

/// The first query of somebody in 300 groups, and the second one, the median of several such people.
fn first_and_second(filled: &Filled) -> Result<(Duration, Duration)> {
    filled.caught_up()?;
    // Two words from the middle ranks, as `search-overhead` draws them.
    let mut dice = Dice::new(0);
    let mut term = || format!("w{}q", (5.0 * 1000.0_f64.powf(dice.roll())) as u32);
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for busy in 0..BUSY {
        // Nobody has asked for any of them yet.
        let (viewer, request) = (filled.viewer(&person(busy)), Request::of(&format!("{} {}", term(), term())));
        // Somebody else has asked for the words, so that only what is decided for this viewer is new.
        filled.index.search(&filled.viewer(&person(BUSY + busy)), &request)?;
        for times in [&mut firsts, &mut seconds] {
            let began = Instant::now();
            filled.index.search(&viewer, &request)?;
            times.push(began.elapsed());
        }
    }
    Ok((percentile(firsts, 50), percentile(seconds, 50)))
}
