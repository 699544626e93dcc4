//! The chaos proof: a hub and a company as processes, random faults, a busy company, and both killed at random moments.
//!
//! While it runs, people search, and each of them may see only what states of the source since the last successful read
//! allowed ([`history`]). When the noise stops, one quiet cycle of reading must set everything right (`judge`): the store is
//! what the source is, the index what the store is, nothing is there twice, and what is hidden has a reason.
//!
//! Everything that is drawn comes from the seed: the faults, the changes, the moments of the kills. The machine's own pace
//! does not, so a seed repeats the trouble and not each single interleaving of it.

pub mod history;
mod hub;
mod judge;
pub mod mutants;
mod noise;
pub mod past;
mod record;
pub mod staged;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::people::Company;
use crate::stack::{Stack, write};
use crate::waiting;
use fastrand::Rng;
use history::History;
use hub::Hub;
use past::Past;
use serde_json::json;
use simulator::clock::Clock;
use simulator::server::Simulation;
use simulator::world_file;

/// Unix milliseconds by this machine's clock, which the hub shares.
pub type Millis = i64;

/// How long the quiet cycle may take.
const QUIET: Duration = Duration::from_secs(240);

/// What one seed came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Seen by somebody without any state of the source that allowed it.
    pub leaked: Vec<String>,
    /// Not there after the quiet cycle, and without a reason.
    pub lost: Vec<String>,
    /// There twice.
    pub duplicated: Vec<String>,
    /// There with an old text, title or place.
    pub stale: Vec<String>,
    /// Answers that were spoilt, by kind.
    pub faults: BTreeMap<String, u64>,
    /// Kills of the hub and of the simulator.
    pub kills: [u64; 2],
    /// Changes of the company.
    pub changes: u64,
    /// Documents that searches of people showed meanwhile.
    pub seen: u64,
    /// Those among them that no single state of the source allowed since everything was read: judged by what records of
    /// different age come to together.
    pub mixed: u64,
    /// Companies that were put together of such records and asked, each about one account and one thing.
    pub asked: usize,
    /// Words that changes have written, each into one text or title.
    pub words: BTreeSet<String>,
    /// What each life of the hub wrote.
    pub log: Vec<String>,
    /// The quiet cycle: the kinds of its runs.
    pub quiet: Vec<String>,
    /// Where everything of a seed that found something is kept.
    pub kept: Option<PathBuf>,
    /// Runs of the hub, by kind and end.
    pub runs: BTreeMap<String, u64>,
    /// Documents that were compared at the end.
    pub documents: usize,
    /// (person, document) that were compared at the end.
    pub pairs: usize,
    /// What was hidden at the end for a reason that is listed, by reason.
    pub hidden: BTreeMap<String, u64>,
}

impl Outcome {
    /// Nothing leaked, lost, duplicated or stale.
    pub fn is_good(&self) -> bool {
        [&self.leaked, &self.lost, &self.duplicated, &self.stale].iter().all(|list| list.is_empty())
    }

    /// `leaked 0, lost 0, duplicated 0, stale 0`.
    pub fn verdict(&self) -> String {
        let [leaked, lost, duplicated, stale] = [&self.leaked, &self.lost, &self.duplicated, &self.stale].map(Vec::len);
        format!("leaked {leaked}, lost {lost}, duplicated {duplicated}, stale {stale}")
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: u64 = self.faults.values().sum();
        let list = |counts: &BTreeMap<String, u64>| {
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        };
        writeln!(f, "seed {}: {total} faults ({})", self.seed, list(&self.faults))?;
        writeln!(f, "  {} kills of the hub, {} of the simulator", self.kills[0], self.kills[1])?;
        writeln!(f, "  {} changes, {} documents shown in searches meanwhile", self.changes, self.seen)?;
        let asked = format!("{} mixed companies were asked", self.asked);
        writeln!(f, "  of these {} judged by records of different age; {asked}", self.mixed)?;
        writeln!(f, "  runs: {}; the quiet ones: {}", list(&self.runs), self.quiet.join(", "))?;
        write!(f, "  {} documents and {} pairs compared", self.documents, self.pairs)?;
        if !self.hidden.is_empty() {
            write!(f, "; hidden for a listed reason: {}", list(&self.hidden))?;
        }
        writeln!(f)?;
        let found =
            [("leaked", &self.leaked), ("lost", &self.lost), ("duplicated", &self.duplicated), ("stale", &self.stale)];
        for (name, list) in found {
            for one in list.iter().take(20) {
                writeln!(f, "  {name}: {one}")?;
            }
            if list.len() > 20 {
                writeln!(f, "  {name}: and {} more", list.len() - 20)?;
            }
        }
        if let Some(folder) = &self.kept {
            writeln!(f, "  everything of it is kept in {}", folder.display())?;
        }
        write!(f, "  {}", self.verdict())
    }
}

#[expect(clippy::disallowed_methods, reason = "the story's clock is where its times come from")]
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// Plays one seed: `length` of noise, then quiet.
///
/// # Panics
/// If a process falls over or does not come up: that is a finding, too.
pub async fn play(seed: u64, length: Duration) -> Outcome {
    play_without(None, seed, length).await
}

/// The same with a hub that lacks a rule, if one is named.
async fn play_without(rule: Option<&str>, seed: u64, length: Duration) -> Outcome {
    let mut draw = Rng::with_seed(seed);
    // The site's clock is off by up to ten minutes, and stays so.
    let skew = if draw.bool() { draw.i64(-600_000..600_000) } else { 0 };
    let mut stack = Stack::of("demo").journaled().skewed(skew).without(rule).start().await;
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    let started = now();
    stack.sync().await;
    let hub = Hub::reached(&stack).await;
    let mut history = History::begins(started, &stack.site).await;
    println!("seed {seed}: the site's clock is {skew} ms ahead");
    let mut outcome = noise::make(&mut stack, &hub, &mut history, &mut draw, length).await;
    outcome.seed = seed;
    let kinds: &[&str] = if draw.bool() { &["full"] } else { &["permissions", "incremental", "sweep"] };
    outcome.quiet = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    if let Err(trouble) = quieten(&stack, &hub, kinds).await {
        outcome.lost.push(trouble);
    }
    outcome.runs = hub.run_counts();
    let mut past = Past::of("demo", &stack.journal(), stack.folder());
    history.judge(&hub.runs(), &mut outcome, |known, account, thing| past.shows(known, account, thing));
    outcome.asked = past.asked();
    judge::settled(&mut stack, &mut outcome).await;
    if !outcome.is_good() {
        let folder = stack.keep();
        write(&folder.join("hub.log"), &outcome.log.join("\n--- killed ---\n"));
        outcome.kept = Some(folder);
    }
    outcome
}

/// Heals everything, and reads each source once more: as a whole, or by structure and changes.
async fn quieten(stack: &Stack, hub: &Hub, kinds: &[&str]) -> Result<(), String> {
    stack.site.turn("faults", json!({})).await;
    for source in hub.sources() {
        for kind in kinds {
            let started = begun(hub, source, kind).await?;
            let done = async || hub.ended_since(source, started).await;
            let run = waiting::until("the end of the quiet cycle", QUIET, done).await;
            if run.status != "succeeded" {
                let why = hub.problems(source).await;
                return Err(format!("the quiet {kind} run of source {source} ended {}: {why}", run.status));
            }
        }
    }
    Ok(())
}

/// Starts a run, and gives the time before its start. A run that began by itself meanwhile is waited for.
async fn begun(hub: &Hub, source: u64, kind: &str) -> Result<Millis, String> {
    let mut refused = String::new();
    for _ in 0..5 {
        let ended = async || hub.idle(source).await.then_some(());
        waiting::until("the end of the run under way", QUIET, ended).await;
        let started = now();
        match hub.start(source, kind).await {
            Ok(()) => return Ok(started),
            Err(words) => refused = words,
        }
    }
    Err(refused)
}

/// The company as it stands at the end, read from what its simulator has kept.
fn company_at_the_end(stack: &Stack) -> Company {
    let text = crate::people::text_of("demo");
    let world = world_file::parse(&text, "demo", Clock::system()).unwrap_or_else(|error| panic!("{error}"));
    let simulation = Simulation::resumed(world, &stack.journal());
    let simulation = simulation.unwrap_or_else(|error| panic!("the journal cannot be read: {error}"));
    Company::of(simulation.into_world(), "demo")
}
