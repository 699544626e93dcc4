//! Addresses as types: what a page links to is what the router answers, and both come from here.
//!
//! No web framework in this file, so that pages, tests and the command line can build addresses without one.

mod external;
mod local;
pub mod pattern;
mod search;

use std::fmt;

pub use external::ExternalUrl;
pub use local::LocalPath;
pub use search::SearchUrl;

/// A page or action of the hub. `Display` writes its path, with ids percent-encoded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Route {
    /// Search, with nothing asked yet.
    Home,
    /// Sign in: the form (GET) and the attempt (POST).
    Login,
    /// Sign out (POST).
    Logout,
    /// One's own account.
    Account,
    /// Change one's own password (POST).
    Password,
    /// Choose light, dark or the system's theme (POST).
    Theme,
    /// All sources.
    Sources,
    /// Connect Atlassian: the form (GET) and the credential check (POST).
    Connect,
    /// One source, by its id.
    Source(String),
    /// Which spaces and projects of a source are read: the form (GET) and Save (POST).
    SourceScope(String),
    /// Start a sync (POST).
    SourceSync(String),
    /// Cancel the running sync (POST).
    SourceCancel(String),
    /// Remove a source (POST).
    SourceRemove(String),
    /// Server-sent events of the running sync.
    SourceEvents(String),
    /// One run of a source, by the ids of both.
    SourceRun(String, String),
    /// What runs of a source could not read.
    SourceOwed(String),
    /// Read nothing more of a source (POST).
    SourcePause(String),
    /// Read a paused source again (POST).
    SourceResume(String),
    /// How often a source is read, and its limits: the form (GET) and Save (POST).
    SourceSchedule(String),
    /// What has vanished from a source: the page (GET), and an administrator's word on it (POST).
    SourceDeletions(String),
    /// Bring back what was deleted (POST).
    SourceUndelete(String),
    /// Where a source's site may tell of changes: the page (GET), and a new address (POST).
    SourceWebhook(String),
    /// Show the secret of that address again (POST).
    SourceWebhookSecret(String),
    /// Take that address back (POST).
    SourceWebhookRemove(String),
    /// Comparison with the source, and open projects.
    SourceAccess(String),
    /// Compare with the source (POST).
    SourceCompare(String),
    /// Say which team-managed projects are open (POST).
    SourceOpenProjects(String),
    /// What of a source can be read.
    SourceDoctor(String),
    /// All accounts.
    Users,
    /// Add an account: the form (GET) and Save (POST).
    NewUser,
    /// Who may see what: looked up by person and document.
    Access,
    /// How far everything is open.
    Exposure,
    /// The same for spreadsheets.
    ExposureSheet,
    /// What members say they should not see.
    Objections,
    /// Settle an objection (POST).
    SettleObjection(String),
    /// Why one sees a document (GET), and that one should not (POST).
    Why,
    /// As whom one account searches, by the account's id.
    Persons(String),
    /// Map the account to a user (POST).
    PersonMap(String),
    /// Remove such a mapping (POST).
    PersonUnmap(String),
    /// The audit log.
    Audit,
}

impl Route {
    /// The pattern that a router registers for this route; `{id}` stands for the id of a source, `{run}` for that of a run.
    pub fn pattern(&self) -> &'static str {
        match self {
            Self::Home => pattern::HOME,
            Self::Login => pattern::LOGIN,
            Self::Logout => pattern::LOGOUT,
            Self::Account => pattern::ACCOUNT,
            Self::Password => pattern::PASSWORD,
            Self::Theme => pattern::THEME,
            Self::Sources => pattern::SOURCES,
            Self::Connect => pattern::CONNECT,
            Self::Source(_) => pattern::SOURCE,
            Self::SourceScope(_) => pattern::SOURCE_SCOPE,
            Self::SourceSync(_) => pattern::SOURCE_SYNC,
            Self::SourceCancel(_) => pattern::SOURCE_CANCEL,
            Self::SourceRemove(_) => pattern::SOURCE_REMOVE,
            Self::SourceEvents(_) => pattern::SOURCE_EVENTS,
            Self::SourceRun(..) => pattern::SOURCE_RUN,
            Self::SourceOwed(_) => pattern::SOURCE_OWED,
            Self::SourcePause(_) => pattern::SOURCE_PAUSE,
            Self::SourceResume(_) => pattern::SOURCE_RESUME,
            Self::SourceSchedule(_) => pattern::SOURCE_SCHEDULE,
            Self::SourceDeletions(_) => pattern::SOURCE_DELETIONS,
            Self::SourceUndelete(_) => pattern::SOURCE_UNDELETE,
            Self::SourceWebhook(_) => pattern::SOURCE_WEBHOOK,
            Self::SourceWebhookSecret(_) => pattern::SOURCE_WEBHOOK_SECRET,
            Self::SourceWebhookRemove(_) => pattern::SOURCE_WEBHOOK_REMOVE,
            Self::Users => pattern::USERS,
            Self::NewUser => pattern::NEW_USER,
            Self::Access => pattern::ACCESS,
            Self::Exposure => pattern::EXPOSURE,
            Self::ExposureSheet => pattern::EXPOSURE_SHEET,
            Self::Objections => pattern::OBJECTIONS,
            Self::SettleObjection(_) => pattern::SETTLE_OBJECTION,
            Self::Why => pattern::WHY,
            Self::SourceAccess(_) => pattern::SOURCE_ACCESS,
            Self::SourceCompare(_) => pattern::SOURCE_COMPARE,
            Self::SourceOpenProjects(_) => pattern::SOURCE_OPEN_PROJECTS,
            Self::SourceDoctor(_) => pattern::SOURCE_DOCTOR,
            Self::Persons(_) => pattern::PERSONS,
            Self::PersonMap(_) => pattern::PERSON_MAP,
            Self::PersonUnmap(_) => pattern::PERSON_UNMAP,
            Self::Audit => pattern::AUDIT,
        }
    }

    /// The address of page `number` (from 1) of a list; the first page has no parameter.
    pub fn at_page(&self, number: u32) -> String {
        if number <= 1 { self.to_string() } else { format!("{self}?page={number}") }
    }

    /// The address with these parameters, escaped.
    pub fn asking(&self, parameters: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        format!("{self}?{}", query.finish())
    }

    fn id(&self) -> Option<&str> {
        match self {
            Self::Source(id)
            | Self::SourceScope(id)
            | Self::SourceSync(id)
            | Self::SourceCancel(id)
            | Self::SourceRemove(id)
            | Self::SourceEvents(id)
            | Self::SettleObjection(id)
            | Self::SourceRun(id, _)
            | Self::SourceOwed(id)
            | Self::SourcePause(id)
            | Self::SourceResume(id)
            | Self::SourceSchedule(id)
            | Self::SourceDeletions(id)
            | Self::SourceUndelete(id)
            | Self::SourceWebhook(id)
            | Self::SourceWebhookSecret(id)
            | Self::SourceWebhookRemove(id)
            | Self::SourceAccess(id)
            | Self::SourceCompare(id)
            | Self::SourceOpenProjects(id)
            | Self::SourceDoctor(id)
            | Self::Persons(id)
            | Self::PersonMap(id)
            | Self::PersonUnmap(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = self.pattern().to_owned();
        // An encoded id holds no brace, so one cannot stand for the other.
        if let Some(id) = self.id() {
            path = path.replace("{id}", &segment(id));
        }
        if let Self::SourceRun(_, run) = self {
            path = path.replace("{run}", &segment(run));
        }
        f.write_str(&path)
    }
}

/// Percent-encodes all but unreserved characters, so that an id can never end its path segment.
fn segment(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
