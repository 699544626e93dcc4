//! How long a hub takes from its start until it answers, as a process of its own, over a store and an index that hold
//! half a million documents.

use crate::measure::{ROUNDS, percentile};
use crate::played::runtime;
use crate::report::Report;
use crate::stocked::{Pool, fill};
use access::SourceId;
use anyhow::{Context, Result, ensure};
use e2e::pipeline::Pipeline;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DOCUMENTS: u32 = 500_000;
const MOST_SECONDS: f64 = 2.0;
/// What the hub says when it answers.
const READY: &str = "fossick answers at ";

/// A hub that is ended with the benchmark, whatever happens.
struct Hub(Child);

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// Starts a hub, waits for its word, and ends it as a service manager would.
fn start(program: &Path, data: &Path) -> Result<Duration> {
    let began = Instant::now();
    let mut command = Command::new(program);
    command.arg("serve").arg("--data").arg(data).env("FOSSICK_WEB_LISTEN", "127.0.0.1:0").current_dir(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut hub = Hub(command.spawn().context("the hub cannot be started")?);
    let lines = BufReader::new(hub.0.stdout.take().context("no output")?).lines();
    let ready = lines.map_while(Result::ok).any(|line| line.starts_with(READY));
    let took = began.elapsed();
    ensure!(ready, "the hub ended before it answered");
    Command::new("kill").args(["-TERM", &hub.0.id().to_string()]).status()?;
    ensure!(hub.0.wait()?.success(), "the hub did not end well");
    Ok(took)
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let documents = DOCUMENTS / scale;
    let program = std::env::current_exe()?.with_file_name("fossick");
    ensure!(program.is_file(), "`{}` is missing; build it first: cargo build --release", program.display());
    let (data, pool) = (tempfile::tempdir()?, Pool::new());
    let pipeline = Pipeline::open(data.path())?;
    runtime()?.block_on(fill(&pipeline.store, SourceId(1), &pool, documents))?;
    pipeline.catch_up()?;
    drop(pipeline);
    let mut times = Vec::new();
    for round in 0..=ROUNDS {
        let took = start(&program, data.path())?;
        if round > 0 {
            times.push(took.as_secs_f64());
        }
    }
    let (median, slowest) = (percentile(times.clone(), 50), percentile(times, 100));
    let mut report = Report::new(&["documents", "start to ready s", "slowest", "limit"]);
    let name = documents.to_string();
    report.row([name.clone(), format!("{median:.2}"), format!("{slowest:.2}"), format!("{MOST_SECONDS:.1}")]);
    report.at_most(&format!("{name} documents"), median, MOST_SECONDS);
    Ok(report)
}
