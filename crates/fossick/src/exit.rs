//! What the program tells the shell: one documented code per kind of trouble.

use std::process::ExitCode;

/// Why a command ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Something that none of the others names.
    Failure = 1,
    /// The command line was wrong; clap uses the same code.
    Usage = 2,
    /// The configuration was wrong.
    Configuration = 3,
    /// The data directory is locked, from a newer version, or its key does not fit.
    Data = 4,
    /// The site or its credential was refused, or the site could not be reached.
    Source = 5,
    /// An address or port is in use.
    Listen = 6,
    /// The sync ended, but missed something that is listed.
    Partial = 7,
    /// The disk is full.
    DiskFull = 8,
    /// The store or a backup is damaged.
    Damaged = 9,
    /// Somebody would be shown what the source would not show them.
    Leak = 10,
}

/// The table that `--help` prints.
pub(crate) const HELP: &str = "Exit codes:
  0  done
  1  failed; the message says why
  2  the command line was wrong
  3  the configuration was wrong; the message names the key and a correct example
  4  the data directory is in use, from a newer version, or its key does not fit
  5  the site or the credential was refused, or the site cannot be reached
  6  the address or port is in use
  7  the sync ended, but missed something that is listed
  8  the disk is full
  9  the store or a backup is damaged; the message says how to go on
  10 the audit found a leak";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error for people with its exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Fault {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}
