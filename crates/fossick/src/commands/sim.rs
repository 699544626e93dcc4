//! `fossick sim`: a double of Atlassian Cloud on one port.

use crate::cli::Sim;
use crate::exit::{Exit, Fault};
use simulator::clock::Clock;
use simulator::state::World;
use simulator::{Options, Running, Simulator, world_file};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// The sample company, part of the program so that the demo needs no file.
const SAMPLE: &str = include_str!("../../../../worlds/demo.toml");

/// What opens the sample company; it stands in the world file, too, and opens nothing else.
pub(crate) const SAMPLE_TOKEN: &str = "ATSTT-brightwater";
/// The sample company's organization.
pub(crate) const SAMPLE_ORGANIZATION: &str = "org-brightwater";
/// The key of the sample company's organization.
pub(crate) const SAMPLE_ORGANIZATION_KEY: &str = "org-key-brightwater";

/// Plays a company until the program is stopped.
pub(crate) async fn run(sim: Sim) -> Result<(), Fault> {
    let world = match &sim.world {
        Some(path) => from_file(path)?,
        None => sample()?,
    };
    if sim.skew != 0 {
        world.clock.skew(sim.skew);
    }
    let host = world.site.host.clone();
    let options = Options { listen: sim.listen, latency: Duration::from_millis(sim.latency), journal: sim.journal };
    let running = start(world, options).await?;
    println!("simulating {host} at {}", running.base());
    println!("site, gateway and organization API share this address; `GET /_sim/counters` tells what was called");
    let _ = tokio::signal::ctrl_c().await;
    running.shutdown().await;
    Ok(())
}

/// The sample company.
pub(crate) fn sample() -> Result<World, Fault> {
    world_file::parse(SAMPLE, "worlds/demo.toml", Clock::system()).map_err(|error| wrong(&error))
}

fn from_file(path: &Path) -> Result<World, Fault> {
    world_file::load(path, Clock::system()).map_err(|error| wrong(&error))
}

fn wrong(error: &dyn std::error::Error) -> Fault {
    Fault::new(Exit::Configuration, error.to_string())
}

/// Starts a simulator, or says that the port is taken or the journal cannot be read.
pub(crate) async fn start(world: World, options: Options) -> Result<Running, Fault> {
    let (listen, journal) = (options.listen, options.journal.clone());
    Simulator::start(world, options).await.map_err(|error| match journal {
        // A socket that cannot be opened is one of these; anything else came from the file.
        Some(journal) if !matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable) => {
            let words = format!("cannot use the journal `{}`: {error}; name another file", journal.display());
            Fault::new(Exit::Configuration, words)
        }
        _ => crate::listen::refused(listen, &error),
    })
}
