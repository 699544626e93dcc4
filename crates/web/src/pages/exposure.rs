//! How far everything is open, per space and project; sortable by its column heads, also as a sheet for spreadsheets.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::Count;
use super::sample;
use crate::urls::{ExternalUrl, Route};

/// A column that rows can be sorted by.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// What the address carries after `sort=`.
    pub word: &'static str,
    /// Whether the rows are sorted by it.
    pub here: bool,
    /// Whether it holds numbers.
    pub number: bool,
}

/// Counts of documents.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// All.
    pub documents: Count,
    /// Seen by everybody with access to the product.
    pub everybody: Count,
    /// Seen by some.
    pub some: Count,
    /// Seen by at least one guest.
    pub guests: Count,
    /// Seen by nobody.
    pub nobody: Count,
    /// Why, with a count each.
    pub causes: Vec<String>,
}

/// One space or project.
#[derive(Clone, Debug)]
pub struct ExposureRow {
    /// Name of the source.
    pub source: String,
    /// Its key.
    pub short: String,
    /// Its name.
    pub name: String,
    /// The counts.
    pub open: Open,
    /// Why it looks open by mistake.
    pub mistake: Option<String>,
    /// Where its readers are set.
    pub link: Option<ExternalUrl>,
}

/// A restriction that keeps out nobody.
#[derive(Clone, Debug)]
pub struct IdleRow {
    /// Name of the source.
    pub source: String,
    /// What it is.
    pub what: String,
    /// The page's title, or its key where the reader may not see it.
    pub on: Option<String>,
    /// Whom it names.
    pub names: Vec<String>,
    /// Where it is set.
    pub link: Option<ExternalUrl>,
}

/// The report.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/exposure.html")]
pub struct ExposurePage {
    /// Surroundings.
    pub chrome: Chrome,
    /// All documents.
    pub totals: Open,
    /// Who "everybody" is: per source, how many people and guests.
    pub everybody: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Spaces and projects, as sorted.
    pub rows: Vec<ExposureRow>,
    /// Restrictions without effect.
    pub idle: Vec<IdleRow>,
    /// How many more there are.
    pub idle_more: Count,
}

impl ExposurePage {
    fn section(&self) -> Route {
        Route::Access
    }
}

fn open(documents: u64, everybody: u64, guests: u64, nobody: u64) -> Open {
    Open {
        documents: Count(documents),
        everybody: Count(everybody),
        some: Count(documents - everybody - nobody),
        guests: Count(guests),
        nobody: Count(nobody),
        causes: if nobody > 0 { vec![format!("{nobody}: its restrictions have not been read yet")] } else { vec![] },
    }
}

fn row(short: &str, name: &str, open: Open, mistake: Option<&str>) -> ExposureRow {
    ExposureRow {
        source: "acme.atlassian.net/confluence".to_owned(),
        short: short.to_owned(),
        name: name.to_owned(),
        open,
        mistake: mistake.map(str::to_owned),
        link: ExternalUrl::parse("https://acme.atlassian.net/wiki/spaces/spacepermissions.action?key=ENG"),
    }
}

fn usual() -> ExposurePage {
    let column = |head, word, here, number| Column { head, word, here, number };
    let mistake = "Everybody sees a part of it, while at least half of it is restricted.";
    ExposurePage {
        chrome: sample::admin(),
        totals: open(9_810, 6_200, 41, 12),
        everybody: vec!["acme.atlassian.net/confluence: 1,204 people and 31 guests".to_owned()],
        columns: vec![
            column("Space or project", "name", false, false),
            column("Documents", "documents", false, true),
            column("Everybody", "everybody", true, true),
            column("Guests", "guests", false, true),
            column("Nobody", "nobody", false, true),
            column("By mistake?", "mistake", false, false),
        ],
        rows: vec![
            row("ENG", "Engineering", open(8_210, 6_100, 41, 12), None),
            row("HR", "People", open(1_400, 100, 0, 0), Some(mistake)),
            row("BOARD", "Board papers", open(200, 0, 0, 0), None),
        ],
        idle: vec![IdleRow {
            source: "acme.atlassian.net/confluence".to_owned(),
            what: "Page restrictions in Confluence".to_owned(),
            on: Some("Onboarding".to_owned()),
            names: vec!["group “confluence-users”".to_owned()],
            link: ExternalUrl::parse("https://acme.atlassian.net/wiki/pages/viewinfo.action?pageId=7"),
        }],
        idle_more: Count(0),
    }
}

impl Page for ExposurePage {
    const NAME: &'static str = "exposure";

    fn samples() -> Vec<(&'static str, Self)> {
        let empty =
            Self { totals: Open::default(), everybody: Vec::new(), rows: Vec::new(), idle: Vec::new(), ..usual() };
        let text = sample::HOSTILE;
        let hostile = Self {
            chrome: sample::hostile(),
            everybody: vec![text.to_owned()],
            rows: vec![ExposureRow { source: text.to_owned(), ..row(text, text, open(3, 1, 1, 1), Some(text)) }],
            idle: vec![IdleRow {
                source: text.to_owned(),
                what: text.to_owned(),
                on: Some(text.to_owned()),
                names: vec![text.to_owned()],
                link: None,
            }],
            idle_more: Count(7),
            ..usual()
        };
        let long = Self { rows: vec![row("LONG", sample::LONG, open(1_000_000, 999_999, 0, 1), None)], ..usual() };
        vec![("usual", usual()), ("empty", empty), ("long", long), ("hostile", hostile)]
    }
}
