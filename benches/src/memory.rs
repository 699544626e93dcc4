//! How much memory a crawl takes: anonymous resident memory of the hub's process, read from outside all the while.
//!
//! Three processes, so that the hub is measured alone: this one, a simulator, and a hub, all of it but its sockets; the
//! latter two are this program, called with a word that the list of benchmarks does not show. What is mapped from files (the index) can be dropped by
//! the system at any time and does not count.

use crate::played::{company, play, runtime};
use crate::report::Report;
use anyhow::{Context, Error, Result, bail, ensure};
use axum::body::Body;
use axum::http::{Request, header};
use e2e::pipeline::Site;
use fossick::embedded::Embedded;
use model::RunKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::Store;
use sync::Changes;
use tower::ServiceExt;

/// The word that makes this program a simulator: `SIMULATOR PAGES ISSUES`.
pub(crate) const SIMULATOR: &str = "memory-simulator";
/// The word that makes it a hub: `HUB`, with the site as JSON on standard input.
pub(crate) const HUB: &str = "memory-hub";

/// With a comment and a file each: 120,000 documents.
const PAGES: u32 = 40_000;
/// With three comments each: 80,000 documents.
const ISSUES: u32 = 20_000;
const MOST_MIB: f64 = 400.0;
/// How often the hub's memory is read.
const SAMPLE: Duration = Duration::from_millis(20);

#[derive(Serialize, Deserialize)]
struct Address {
    base: String,
    host: String,
    token: String,
    organization: Option<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Done {
    documents: u64,
    text: u64,
    store: u64,
    index: u64,
    seconds: f64,
}

/// Plays the company until standard input closes.
pub(crate) fn simulator(words: &[&str]) -> Result<()> {
    let [pages, issues] = words else { bail!("`{SIMULATOR}` wants two numbers") };
    let runtime = runtime()?;
    let (_running, site) = runtime.block_on(play(company(pages.parse()?, issues.parse()?)?, Duration::ZERO))?;
    let Site { base, host, token, organization, .. } = site;
    println!("{}", serde_json::to_string(&Address { base, host, token, organization })?);
    std::io::stdin().lines().for_each(drop);
    Ok(())
}

/// Crawls the site named on standard input and says what came of it.
pub(crate) fn hub() -> Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let address: Address = serde_json::from_str(&line)?;
    let data = tempfile::tempdir()?;
    let runtime = runtime()?;
    let hub = runtime.block_on(connected(data.path(), &address))?;
    let began = Instant::now();
    runtime.block_on(async {
        let sources: Vec<_> = hub.store().sources()?.into_iter().map(|source| source.id).collect();
        ensure!(sources.len() == 2, "{} sources were connected", sources.len());
        let (one, other) = tokio::join!(hub.sync(sources[0], RunKind::Full), hub.sync(sources[1], RunKind::Full));
        one.and(other).map_err(|error| Error::msg(error.to_string()))
    })?;
    let seconds = began.elapsed().as_secs_f64();
    // From here on the parent does not measure: it is told that the crawl is over.
    println!("crawled");
    let (documents, text) = size_of_texts(hub.store())?;
    let index = size_of(&data.path().join("index"))?;
    runtime.block_on(hub.close());
    let store = size_of(data.path())? - size_of(&data.path().join("index"))?;
    println!("{}", serde_json::to_string(&Done { documents, text, store, index, seconds })?);
    Ok(())
}

/// A hub with both products of the site, connected as an operator does it.
async fn connected(data: &Path, address: &Address) -> Result<Embedded> {
    let hub = Embedded::open(data, &address.base.parse()?).await.map_err(Error::msg)?;
    let organization = address.organization.as_ref().map(|(id, key)| json!({"id": id, "key": key}));
    let connection = json!({"domain": address.host, "token": address.token, "organization": organization});
    let request = Request::post("/api/v1/sources").header(header::CONTENT_TYPE, "application/json");
    let answer = hub.operator().oneshot(request.body(Body::from(connection.to_string()))?).await?;
    ensure!(answer.status().is_success(), "connecting gave {}", answer.status());
    Ok(hub)
}

/// How many live documents there are, and the bytes of their titles and texts.
fn size_of_texts(store: &Store) -> Result<(u64, u64)> {
    const AT_ONCE: usize = 500;
    let (mut documents, mut bytes, mut after) = (0, 0, 0);
    loop {
        let changes = store.after(after, AT_ONCE)?;
        let Some(last) = changes.last() else { return Ok((documents, bytes)) };
        after = last.sequence;
        for stored in changes.iter().filter_map(|change| change.document.as_ref()) {
            documents += 1;
            bytes += (stored.document.title.len() + stored.document.body.text.len()) as u64;
        }
    }
}

/// Bytes of all files below a folder.
fn size_of(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() { size_of(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}

/// A child that is ended with its parent's interest in it.
struct Process(Child);

impl Process {
    fn start(words: &[&str]) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(Self(command.spawn().context("cannot start this program once more")?))
    }

    fn lines(&mut self) -> Result<impl Iterator<Item = std::io::Result<String>> + Send + use<>> {
        Ok(BufReader::new(self.0.stdout.take().context("no output")?).lines())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// Anonymous resident memory of a process, in KiB; `None` once it is gone.
fn anonymous(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn measure(pages: u32, issues: u32) -> Result<(u64, Done)> {
    let mut simulator = Process::start(&[SIMULATOR, &pages.to_string(), &issues.to_string()])?;
    let address = simulator.lines()?.next().context("the simulator did not start")??;
    let mut hub = Process::start(&[HUB])?;
    let (process, mut lines) = (hub.0.id(), hub.lines()?);
    writeln!(hub.0.stdin.take().context("no input")?, "{address}")?;
    let first = std::thread::spawn(move || (lines.next(), lines));
    let mut peak = 0;
    while !first.is_finished() {
        peak = peak.max(anonymous(process).unwrap_or(0));
        std::thread::sleep(SAMPLE);
    }
    let Ok((crawled, mut lines)) = first.join() else { bail!("the reader of the hub's output panicked") };
    let crawled = crawled.context("the hub ended in the middle; its message stands above")??;
    ensure!(crawled == "crawled", "the hub says `{crawled}`");
    let done = lines.next().context("the hub ended before it said what it did")??;
    Ok((peak, serde_json::from_str(&done)?))
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    if !Path::new("/proc/self/status").exists() {
        return Ok(Report::skipped("this system has no /proc to read a process's memory from"));
    }
    let (pages, issues) = (PAGES / scale, ISSUES / scale);
    let (peak, done) = measure(pages, issues)?;
    let expected = u64::from(pages) * 3 + u64::from(issues) * 4;
    ensure!(done.documents == expected, "{} of {expected} documents were crawled", done.documents);
    let mib = |bytes: u64| format!("{:.1}", bytes as f64 / f64::from(1 << 20));
    let per_text = |bytes: u64| format!("{:.2}", bytes as f64 / done.text.max(1) as f64);
    let head =
        ["crawl", "seconds", "peak MiB", "limit", "text MiB", "store MiB", "index MiB", "store/text", "index/text"];
    let mut report = Report::new(&head);
    let name = format!("{} documents", done.documents);
    let peak = peak as f64 / 1024.0;
    report.row([
        name.clone(),
        format!("{:.1}", done.seconds),
        format!("{peak:.1}"),
        format!("{MOST_MIB:.0}"),
        mib(done.text),
        mib(done.store),
        mib(done.index),
        per_text(done.store),
        per_text(done.index),
    ]);
    report.at_most(&name, peak, MOST_MIB);
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_this_process_can_be_read() {
        assert!(anonymous(std::process::id()).is_some_and(|kib| kib > 100));
        assert_eq!(anonymous(u32::MAX), None);
    }
}
