//! The command line as typed.

use crate::exit;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Search in Jira and Confluence: each person finds exactly what they may see at the source.
#[derive(Debug, Parser)]
#[command(name = "fossick", version, about, after_help = exit::HELP, max_term_width = 100)]
pub(crate) struct Cli {
    /// Configuration file; `fossick.toml` here if it exists.
    #[arg(long, global = true, env = "FOSSICK_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Data directory; wins over the configuration.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the hub: search page, settings, REST API, syncs.
    Serve,
    /// Try Fossick with a sample company: a simulator of Atlassian and a hub in one process.
    Demo(Demo),
    /// Run a double of Atlassian Cloud, for tests and demonstrations.
    Sim(Sim),
    /// Connect, check, list and remove sources.
    #[command(subcommand)]
    Source(Source),
    /// Sync a source now and show how it goes.
    Sync(Sync),
    /// Report what of a source can be read, what is hidden, why, and what would mend it.
    Doctor(Doctor),
    /// Compare decisions with the source's own: who may see what, pair by pair. Fails if anything leaks.
    Audit(Audit),
    /// Add, list and change the accounts that people log in with.
    #[command(subcommand)]
    User(User),
    /// Copy everything that cannot be read again into one file, while the hub runs or not.
    Backup(Backup),
    /// Put a backup in place of a data directory. No hub may be running.
    Restore(Restore),
    /// Explain who may see what, and why: a person and a document, or either alone.
    Explain(Explain),
    /// Read every file of the data directory and compare it with what was written.
    ///
    /// A hub does the same by itself once a day, and at once when something cannot be read. A damaged text index is
    /// built anew; a damaged database has to be restored from a backup.
    Scrub,
    /// Print the reference of all configuration keys.
    Config,
}

fn address(typed: &str) -> Result<SocketAddr, String> {
    typed.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:8080".to_owned())
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Address of the search page.
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Keep the demo's data here instead of in a temporary folder that is removed at the end.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// End as soon as everything is synced and the accounts are printed.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Sim {
    /// The company to play: a file such as `worlds/demo.toml`; the sample company if none is named.
    #[arg(value_name = "WORLD")]
    pub(crate) world: Option<PathBuf>,
    /// Address to answer on.
    #[arg(long, default_value = "127.0.0.1:9090", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Delay of every answer, in milliseconds.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub(crate) latency: u64,
    /// How far the company's clock is ahead of this machine's, in milliseconds; negative: behind.
    #[arg(long, default_value_t = 0, value_name = "MS", allow_negative_numbers = true)]
    pub(crate) skew: i64,
    /// File that keeps what is changed while the company is played; a later start goes on from there.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Connect an Atlassian Cloud site. The token is read from standard input, or from a file.
    Add(SourceAdd),
    /// Check the credential of a connected source.
    Check {
        /// The source, by number or name, such as `acme.atlassian.net/jira`.
        source: String,
    },
    /// List sources with status, documents, errors and warnings.
    List,
    /// Show, make or take back the address at which Jira may say that something changed.
    Webhook(Webhook),
    /// Read nothing more of a source until it is resumed.
    Pause {
        /// The source, by number or name.
        source: String,
    },
    /// Read a paused source again.
    Resume {
        /// The source, by number or name.
        source: String,
    },
    /// Show or change how often a source is read by itself, and how old its permissions may grow.
    Cycles(SourceCycles),
    /// Show deletions that wait for your word, or that can be undone.
    Deletions(SourceDeletions),
    /// Show what runs could not read and try again by themselves; `sync --kind retry --item` tries one at once.
    Owed {
        /// The source, by number or name.
        source: String,
    },
    /// Say which team-managed projects of Jira everybody with the product may see, where Jira does not tell.
    OpenProjects {
        /// The source, by number or name.
        source: String,
        /// All that are not private, those to come included.
        #[arg(long, conflicts_with = "projects")]
        all: bool,
        /// Keys or ids of projects; without any, and without --all, none is open by your word.
        projects: Vec<String>,
    },
    /// Remove a source, its documents and its credential.
    Remove {
        /// The source, by number or name.
        source: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Webhook {
    /// The source, by number or name, such as `acme.atlassian.net/jira`.
    pub(crate) source: String,
    /// Make a new address and secret, in place of those before, and print both.
    #[arg(long = "new", conflicts_with = "off")]
    pub(crate) make: bool,
    /// Take the address back: every further call is refused.
    #[arg(long)]
    pub(crate) off: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SourceAdd {
    /// The site, such as `acme.atlassian.net`.
    pub(crate) domain: String,
    /// File that holds the service account's API token; `-` or nothing reads standard input.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) token_file: PathBuf,
    /// Organization id, for e-mail addresses and groups from the organization's directory.
    #[arg(long, value_name = "ID", requires = "org_key_file")]
    pub(crate) org_id: Option<String>,
    /// File that holds the organization's API key.
    #[arg(long, value_name = "FILE", requires = "org_id")]
    pub(crate) org_key_file: Option<PathBuf>,
    /// Read only these spaces or projects (keys, separated by commas).
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(crate) include: Vec<String>,
    /// Leave these spaces or projects out.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Read archived spaces and projects, too.
    #[arg(long)]
    pub(crate) archived: bool,
    /// Read personal spaces, too.
    #[arg(long)]
    pub(crate) personal: bool,
}

/// With both, every layer that decides, and what it says. With a document alone, everybody who sees it. With a person
/// alone, how much they find per space and project, whether they have an account here or not.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Explain {
    /// The person: e-mail, account id or full name, as an account here or a source's directory has it.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Option<String>,
    /// The document: its address at the source, an issue key, or SOURCE:KIND:ID.
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) document: Option<String>,
    /// Print what the person finds as CSV.
    #[arg(long, requires = "person", conflicts_with = "document")]
    pub(crate) csv: bool,
    #[command(subcommand)]
    pub(crate) report: Option<ExplainReport>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExplainReport {
    /// How far everything is open: to everybody, to guests, to nobody; restrictions without effect; what looks open by
    /// mistake.
    Exposure {
        /// Sort by `name`, `documents`, `everybody`, `guests`, `nobody` or `mistake`.
        #[arg(long, default_value = "name")]
        sort: String,
        /// Print CSV.
        #[arg(long)]
        csv: bool,
    },
    /// What members say they should not see.
    Objections,
}

#[derive(Args, Debug)]
pub(crate) struct SourceDeletions {
    /// The source, by number or name.
    pub(crate) source: String,
    /// Delete what waits.
    #[arg(long, conflicts_with_all = ["refuse", "undo"])]
    pub(crate) confirm: bool,
    /// Keep what waits, hidden until the source lists it again.
    #[arg(long, conflicts_with = "undo")]
    pub(crate) refuse: bool,
    /// Undo deletions; what comes back stays hidden until the source lists it again.
    #[arg(long)]
    pub(crate) undo: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SourceCycles {
    /// The source, by number or name.
    pub(crate) source: String,
    /// Seconds from one look for edits and comments to the next.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) incremental: Option<u32>,
    /// Seconds from one reading of people, groups and readers to the next.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) permissions: Option<u32>,
    /// Seconds from one listing of everything, with restrictions, to the next.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) sweep: Option<u32>,
    /// Seconds from one reading of everything to the next.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) full: Option<u32>,
    /// Hours after which permissions that the source has not confirmed hide what they decide for: 1 to 168.
    #[arg(long, value_name = "HOURS")]
    pub(crate) permission_max_age: Option<u16>,
    /// The most calls an hour that reading it may cost, 100 or more; 0 for as many as the source accepts.
    #[arg(long, value_name = "CALLS")]
    pub(crate) hourly_budget: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct Sync {
    /// The source, by number or name; all sources if none is named.
    pub(crate) source: Option<String>,
    /// What to read: everything, what changed, who may see what, or what there is and what has vanished.
    #[arg(long, value_enum, default_value = "full")]
    pub(crate) kind: Kind,
    /// With --kind retry: just this of what is owed, by its number in `source owed`.
    #[arg(long, value_name = "NUMBER", requires = "source")]
    pub(crate) item: Option<i64>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Kind {
    /// Everything, with bodies.
    Full,
    /// What changed since the last look.
    Incremental,
    /// People, groups, readers of spaces, holders of Browse.
    Permissions,
    /// What there is and where, restrictions, and what has vanished.
    Sweep,
    /// Just what runs before could not read.
    Retry,
}

impl Kind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
            Self::Permissions => "permissions",
            Self::Sweep => "sweep",
            Self::Retry => "retry",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// The file to make; in a folder, one that is named after the moment. Nothing is overwritten.
    #[arg(value_name = "FILE|DIR")]
    pub(crate) to: PathBuf,
    /// Put the key into it, too. Without the key the tokens of the sources cannot be read from it: keep a copy of the
    /// data directory's file `key` apart from the backups. With it, whoever holds the backup holds the tokens.
    #[arg(long)]
    pub(crate) with_key: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup: a file that `fossick backup` has made.
    pub(crate) from: PathBuf,
    /// Replace what the data directory holds. It is kept in its folder `before-restore`.
    #[arg(long)]
    pub(crate) replace: bool,
    /// The key file that the backup was written with, if neither the backup nor the data directory holds it.
    #[arg(long, value_name = "FILE", conflicts_with = "new_key")]
    pub(crate) key_file: Option<PathBuf>,
    /// Make a new key, because the old one is lost. The tokens of all sources have to be entered again.
    #[arg(long)]
    pub(crate) new_key: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The source, by number or name, such as `acme.atlassian.net/jira`.
    pub(crate) source: String,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Audit {
    /// The source, by number or name.
    pub(crate) source: String,
    /// How many pairs of a person and a document to compare. Confluence takes one call for each, Jira one for each person.
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) pairs: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add an account. The password is read from standard input.
    Add {
        /// The e-mail address, which joins the account with the person at the source.
        email: String,
        /// The name shown.
        #[arg(long)]
        name: String,
        /// Give the account the settings pages as well.
        #[arg(long)]
        admin: bool,
    },
    /// List accounts with the persons that they are joined with.
    List,
    /// Show as whom an account searches at each source, and why it finds nothing where it does not.
    Persons {
        /// The e-mail address of the account.
        email: String,
    },
    /// Say who an account is at a source, where the e-mail does not tell. The account then finds what that user may see.
    Map {
        /// The e-mail address of the account.
        email: String,
        /// The source, by number or name, such as `acme.atlassian.net/jira`.
        source: String,
        /// The source's own id of the user: at Atlassian Cloud the account id in the address of the user's profile.
        user: String,
    },
    /// Leave it to the e-mail again who an account is at a source.
    Unmap {
        /// The e-mail address of the account.
        email: String,
        /// The source, by number or name.
        source: String,
    },
    /// Set an account's password, read from standard input, and end its sessions.
    Password {
        /// The e-mail address of the account.
        email: String,
    },
}
