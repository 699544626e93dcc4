//! The noise: changes, faults, searches, runs and kills, all at once, until the time is over.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::history::{History, Sight, Touched};
use super::hub::Hub;
use super::{Outcome, now};
use crate::client::plain;
use crate::stack::Stack;
use fastrand::Rng;
use serde_json::{Value, json};
use simulator::play::{Family, Step};
use tokio::sync::Mutex;

/// What all that makes noise has in hand.
#[derive(Clone)]
struct Room {
    hub: Hub,
    site: String,
    http: reqwest::Client,
    over: Arc<AtomicBool>,
    history: Arc<Mutex<History>>,
    /// The simulator's journal.
    journal: PathBuf,
    /// Words that changes have written, the newest last.
    words: Arc<Mutex<Vec<String>>>,
}

impl Room {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// One of the simulator's controls; `None` while it is dead.
    async fn control(&self, method: reqwest::Method, path: &str, body: &Value) -> Option<Value> {
        let request = self.http.request(method, format!("{}/_sim/{path}", self.site)).timeout(Duration::from_secs(10));
        let request = if body.is_null() { request } else { request.json(body) };
        let bytes = request.send().await.ok()?.error_for_status().ok()?.bytes().await.ok()?;
        Some(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

/// Makes noise for `length`, and returns what there is to count.
pub(super) async fn make(
    stack: &mut Stack,
    hub: &Hub,
    history: &mut History,
    draw: &mut Rng,
    length: Duration,
) -> Outcome {
    let room = Room {
        hub: hub.clone(),
        site: stack.site.base.clone(),
        http: plain(),
        over: Arc::default(),
        history: Arc::new(Mutex::new(std::mem::take(history))),
        journal: stack.journal(),
        words: Arc::default(),
    };
    let playing = tokio::spawn(changes(room.clone(), draw.fork()));
    let spoiling = tokio::spawn(faults(room.clone(), draw.fork()));
    let running = tokio::spawn(runs(room.clone(), draw.fork()));
    let searching: Vec<_> = (0..3).map(|_| tokio::spawn(searches(room.clone(), draw.fork()))).collect();
    let mut outcome = Outcome::default();
    kill(stack, &room, draw, length, &mut outcome).await;
    room.over.store(true, Ordering::SeqCst);
    outcome.changes = playing.await.unwrap_or_else(|error| panic!("the play broke off: {error}"));
    outcome.faults = spoiling.await.unwrap_or_else(|error| panic!("the faults broke off: {error}"));
    running.await.unwrap_or_else(|error| panic!("the runs broke off: {error}"));
    for search in searching {
        search.await.unwrap_or_else(|error| panic!("the searches broke off: {error}"));
    }
    outcome.words = std::mem::take(&mut *room.words.lock().await).into_iter().collect();
    *history = std::mem::take(&mut *room.history.lock().await);
    outcome
}

/// A busy company: one change after the other, with a picture of the source after each.
async fn changes(room: Room, mut draw: Rng) -> u64 {
    let (mut made, mut doubtful) = (0, None);
    while !room.is_over() || doubtful.is_some() {
        tokio::time::sleep(Duration::from_millis(draw.u64(20..250))).await;
        // Of a change whose answer was cut off by a kill nobody knows whether it was made.
        let doubtful_before = doubtful.is_some();
        let from = *doubtful.get_or_insert_with(now);
        let mut touched = Touched { people: true, rights: true };
        let asked = json!({"seed": draw.u64(1..1 << 40), "steps": 1});
        if let Some(steps) = room.control(reqwest::Method::POST, "play", &asked).await {
            let steps: Vec<Step> = serde_json::from_value(steps).unwrap_or_default();
            made += steps.len() as u64;
            if !doubtful_before {
                touched = touched_by(&steps);
            }
            let words = steps.iter().filter_map(|step| step.change.word()).map(str::to_owned);
            room.words.lock().await.extend(words);
        }
        if let Some(picture) = room.control(reqwest::Method::GET, "oracle", &Value::Null).await {
            // Nobody else changes anything, so the picture is of just so many changes.
            let changes =
                std::fs::read(&room.journal).map_or(0, |journal| journal.iter().filter(|b| **b == b'\n').count());
            room.history.lock().await.note(from, touched, changes, &picture);
            doubtful = None;
        }
    }
    made
}

/// What steps change besides content. Spaces and projects that are archived, or change their key, count as rights: they are
/// read with them.
fn touched_by(steps: &[Step]) -> Touched {
    let any = |families: &[Family]| steps.iter().any(|step| families.contains(&step.family));
    Touched { people: any(&[Family::People]), rights: any(&[Family::Rights, Family::Life, Family::Keys]) }
}

/// Another plan of faults every few seconds, and quiet in between now and then.
async fn faults(room: Room, mut draw: Rng) -> BTreeMap<String, u64> {
    let mut hits: BTreeMap<String, u64> = BTreeMap::new();
    let mut before: BTreeMap<String, u64> = BTreeMap::new();
    while !room.is_over() {
        let plan = if draw.u32(..5) == 0 { json!({}) } else { json!({"drawn": draw.u64(..1 << 40)}) };
        let _dead_just_now = room.control(reqwest::Method::POST, "faults", &plan).await;
        let end = Instant::now() + Duration::from_millis(draw.u64(1_000..4_000));
        while Instant::now() < end && !room.is_over() {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let Some(told) = room.control(reqwest::Method::GET, "faults", &Value::Null).await else { continue };
            let current: BTreeMap<String, u64> = serde_json::from_value(told["hits"].clone()).unwrap_or_default();
            for (name, count) in &current {
                // A simulator that was started anew counts from nothing.
                let known = before.get(name).filter(|known| *known <= count).copied().unwrap_or(0);
                *hits.entry(name.clone()).or_default() += count - known;
            }
            before = current;
        }
    }
    hits
}

/// Runs of every kind, as soon as a source is idle.
async fn runs(room: Room, mut draw: Rng) {
    while !room.is_over() {
        tokio::time::sleep(Duration::from_millis(draw.u64(30..300))).await;
        for source in room.hub.sources() {
            let kind = ["full", "incremental", "incremental", "sweep", "sweep", "permissions"][draw.usize(..6)];
            if room.hub.idle(source).await {
                // Refused while the hub is dead or the source was just now refused itself; the next turn tries again.
                let _refused = room.hub.start(source, kind).await;
            }
        }
    }
}

/// Words that many documents of the company hold.
const COMMON: [&str; 8] = ["station", "notes", "the", "water", "release", "renamed", "checked", "agreed"];

/// Somebody searches for something, again and again.
async fn searches(room: Room, mut draw: Rng) {
    while !room.is_over() {
        tokio::time::sleep(Duration::from_millis(draw.u64(10..120))).await;
        let who = room.hub.people[draw.usize(..room.hub.people.len())].clone();
        let words = {
            let words = room.words.lock().await;
            match words.len() {
                0 => COMMON[draw.usize(..COMMON.len())].to_owned(),
                _ if draw.u32(..3) == 0 => COMMON[draw.usize(..COMMON.len())].to_owned(),
                many => words[draw.usize(many.saturating_sub(60)..many)].clone(),
            }
        };
        let sent = now();
        if let Some(things) = room.hub.search(&who, &words).await {
            let sight = Sight { at: (sent, now()), account: who.account, things: things.into_iter().collect() };
            room.history.lock().await.saw(sight);
        }
    }
}

/// Kills the hub, the simulator or both at random moments until the time is over; both run at the end.
async fn kill(stack: &mut Stack, room: &Room, draw: &mut Rng, length: Duration, outcome: &mut Outcome) {
    let end = Instant::now() + length;
    let address = room.hub.base.trim_start_matches("http://").to_owned();
    loop {
        let pause = Duration::from_millis(draw.u64(700..4_500));
        if Instant::now() + pause >= end {
            tokio::time::sleep(end.saturating_duration_since(Instant::now())).await;
            return;
        }
        tokio::time::sleep(pause).await;
        let which = draw.u32(..10);
        if which >= 6 {
            outcome.kills[1] += 1;
            stack.kill_simulator();
        }
        if !(6..9).contains(&which) {
            outcome.kills[0] += 1;
            outcome.log.push(stack.kill());
            stack.serve_again_at(&address);
        }
    }
}
