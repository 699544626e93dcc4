//! Companies that benchmarks crawl, and the simulators that play them.

use anyhow::{Context, Result};
use e2e::pipeline::Site;
use simulator::clock::Clock;
use simulator::state::World;
use simulator::{Options, Running, Simulator, world_file};
use std::time::Duration;

const COST: &str = include_str!("../../worlds/cost.toml");
const TOKEN: &str = "ATSTT-cost";
const ORGANIZATION_KEY: &str = "org-key-cost";

/// `worlds/cost.toml` with other numbers: pages with a comment and a file each, issues with three comments each.
pub(crate) fn company(pages: u32, issues: u32) -> Result<World> {
    let text = COST.replace("pages = 1000", &format!("pages = {pages}"));
    let text = text.replace("issues = 1000", &format!("issues = {issues}"));
    parse(&text)
}

/// The same with other numbers of spaces, each of which costs calls of its own.
pub(crate) fn company_of_spaces(pages: u32, spaces: u32) -> Result<World> {
    let text = COST.replace("pages = 1000", &format!("pages = {pages}"));
    let text = text.replace("issues = 1000", "issues = 0").replace("spaces = 5", &format!("spaces = {spaces}"));
    parse(&text)
}

fn parse(text: &str) -> Result<World> {
    world_file::parse(text, "worlds/cost.toml", Clock::system()).context("the world of this benchmark")
}

/// Plays a company made by [`company`] at a port of its own.
pub(crate) async fn play(world: World, latency: Duration) -> Result<(Running, Site)> {
    play_with(world, latency, TOKEN, ORGANIZATION_KEY).await
}

/// Plays any company, given what opens it.
pub(crate) async fn play_with(world: World, latency: Duration, token: &str, key: &str) -> Result<(Running, Site)> {
    let (host, cloud_id) = (world.site.host.clone(), world.site.cloud_id.clone());
    let organization = Some((world.site.org_id.clone(), key.to_owned()));
    let options = Options { latency, ..Options::default() };
    let running = Simulator::start(world, options).await.context("cannot start a simulator")?;
    let site = Site { base: running.base(), host, cloud_id, token: token.to_owned(), organization };
    Ok((running, site))
}

/// The runtime of simulator and crawl together, as wide as the machine.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start a runtime")
}
