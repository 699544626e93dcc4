//! The program: command line, configuration, wiring. Everything that decides something lives in the other crates.
//!
//! A library only so that proofs and benchmarks can run the hub in their own process, see [`embedded`].

mod cli;
mod commands;
mod config;
pub mod embedded;
mod exit;
mod hub;
mod listen;
mod log;
mod operator;
mod scopes;
mod serve;

use clap::Parser as _;
use cli::{Cli, Command};
use config::{Config, LogConfig};
use exit::{Exit, Fault};
use std::process::ExitCode;

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    // For the proof that each rule is noticed when it is missing: no product is built with this.
    #[cfg(feature = "mutants")]
    if let Some(rule) = config::environment("FOSSICK_MUTANT") {
        access::mutants::switch_off(&rule);
    }
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return told(&Fault::new(Exit::Failure, format!("cannot start: {error}"))),
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => told(&fault),
    }
}

fn told(fault: &Fault) -> ExitCode {
    eprintln!("fossick: {fault}");
    fault.exit.into()
}

async fn run(cli: Cli) -> Result<(), Fault> {
    let quiet = LogConfig { filter: "warn".to_owned(), json: false };
    match cli.command {
        Command::Config => {
            print!("{}", config::reference());
            Ok(())
        }
        Command::Demo(demo) => {
            log::start(&quiet)?;
            commands::demo::run(demo).await
        }
        Command::Sim(sim) => {
            log::start(&quiet)?;
            commands::sim::run(sim).await
        }
        Command::Serve => {
            let config = load(cli.config.as_deref(), cli.data.as_deref())?;
            log::start(&config.log)?;
            serve::run(&config).await
        }
        command => {
            let config = load(cli.config.as_deref(), cli.data.as_deref())?;
            log::start(&quiet)?;
            operate(command, &config).await
        }
    }
}

/// The commands of an operator, on a running hub or, without one, in this process.
async fn operate(command: Command, config: &Config) -> Result<(), Fault> {
    match command {
        Command::Source(command) => commands::source::run(command, config).await,
        Command::Sync(sync) => commands::sync::run(sync, config).await,
        Command::Backup(wanted) => commands::backup::backup(wanted, config).await,
        Command::Scrub => commands::backup::scrub(config).await,
        Command::Restore(wanted) => commands::backup::restore(wanted, config).await,
        Command::Explain(asked) => commands::explain::run(asked, config).await,
        Command::Doctor(doctor) => commands::doctor::run(doctor, config).await,
        Command::Audit(audit) => commands::audit::run(audit, config).await,
        Command::User(command) => commands::user::run(command, config).await,
        Command::Config | Command::Demo(_) | Command::Sim(_) | Command::Serve => Ok(()),
    }
}

fn load(file: Option<&std::path::Path>, data: Option<&std::path::Path>) -> Result<Config, Fault> {
    Config::load(file, data)
}
