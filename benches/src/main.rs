//! The benchmarks, each with a limit: `benches NAME [--scale N]`, `benches all`, `benches --list`.
//!
//! Each prints a table and one line with its verdict; the exit code says whether all of them kept their limits. At
//! `--scale N` a benchmark works on 1/N of its size, which shows that it works, not how fast it is.

mod access_change;
mod company;
mod contention;
mod crawl_cost;
mod crawl_speed;
mod cycle;
mod explain_pairs;
mod filled;
mod freshness;
mod incremental_cost;
mod measure;
mod memory;
mod permission_upkeep;
mod played;
mod reindex;
mod relevance;
mod report;
mod search_overhead;
mod start;
mod stocked;
mod throttled;

use anyhow::{Context, Result, bail};
use report::Report;
use std::process::ExitCode;

/// A benchmark: its name, and what runs it at 1/scale of its size.
type Benchmark = (&'static str, fn(u32) -> Result<Report>);

const BENCHMARKS: &[Benchmark] = &[
    ("search-overhead", search_overhead::run),
    ("crawl-cost", crawl_cost::run),
    ("crawl-speed", crawl_speed::run),
    ("freshness", freshness::run),
    ("memory", memory::run),
    ("relevance", relevance::run),
    ("access-change", access_change::run),
    ("explain", explain_pairs::run),
    ("reindex", reindex::run),
    ("start", start::run),
    ("write-contention", contention::run),
    ("throttled", throttled::run),
    ("incremental-cost", incremental_cost::run),
    ("permission-upkeep", permission_upkeep::run),
];

const USAGE: &str = "usage: benches NAME|all [--scale N], or benches --list";

fn main() -> Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (name, scale) = match words.as_slice() {
        ["--list"] => {
            BENCHMARKS.iter().for_each(|(name, _)| println!("{name}"));
            return Ok(ExitCode::SUCCESS);
        }
        [memory::SIMULATOR, sizes @ ..] => return memory::simulator(sizes).map(|()| ExitCode::SUCCESS),
        [memory::HUB] => return memory::hub().map(|()| ExitCode::SUCCESS),
        [name] => (*name, 1),
        [name, "--scale", scale] => (*name, scale.parse().ok().filter(|scale| *scale > 0).context(USAGE)?),
        _ => bail!(USAGE),
    };
    let chosen: Vec<&Benchmark> = BENCHMARKS.iter().filter(|(known, _)| name == *known || name == "all").collect();
    if chosen.is_empty() {
        bail!("there is no benchmark `{name}`; {USAGE}");
    }
    let mut kept = true;
    for (name, run) in chosen {
        println!("# {name}{}", if scale > 1 { format!(" at 1/{scale} of its size") } else { String::new() });
        let report = run(scale).with_context(|| format!("benchmark `{name}`"))?;
        print!("{report}");
        println!("{}", report.verdict(name));
        kept &= report.kept();
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
