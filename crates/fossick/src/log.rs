//! What the program writes about itself: to standard error, never a secret, never a query.

use crate::config::LogConfig;
use crate::exit::{Exit, Fault};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts the log.
pub(crate) fn start(config: &LogConfig) -> Result<(), Fault> {
    let filter = EnvFilter::try_new(&config.filter).map_err(|_| {
        let message = format!("`log.filter` cannot be read: `{}`; write it like `info,sync=debug`", config.filter);
        Fault::new(Exit::Configuration, message)
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process, as tests make it, keeps the first log.
    let _already_started = if config.json {
        log.json().try_init()
    } else {
        log.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    Ok(())
}
