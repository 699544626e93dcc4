//! Which spaces or projects of a source are read.
//!
//! A tick always means "is read". What happens with containers that appear later is a question of its own: its answer
//! decides whether the unticked ones are kept as an exclude list or the ticked ones as an include list.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::part::Count;
use super::sample;
use super::sources::{Product, SourceState, SourceSummary, sample_summary};
use crate::assets;
use crate::urls::Route;

/// What happens with a space or project that appears later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Newcomers {
    /// It is read: the unticked ones are an exclude list.
    Read,
    /// It is left out until ticked: the ticked ones are an include list.
    LeftOut,
}

impl Newcomers {
    /// The word that the form sends.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::LeftOut => "left-out",
        }
    }

    /// What such a word means.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Read, Self::LeftOut].into_iter().find(|choice| choice.word() == word)
    }
}

/// One space or project to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its native id, as the form sends it.
    pub id: String,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether it is a personal space.
    pub personal: bool,
    /// How many documents it has, where that is known.
    pub documents: Option<Count>,
    /// Whether it is read.
    pub chosen: bool,
}

/// The form that chooses spaces or projects.
///
/// It sends `newcomers`, `archived` and `personal` (present when on), `listed` for each row and `chosen` for each
/// ticked row, so that a row that was not on the page is never taken for an unticked one.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/scope.html")]
pub struct ScopePage {
    /// Surroundings.
    pub chrome: Chrome,
    /// The source.
    pub summary: SourceSummary,
    /// What happens with new ones.
    pub newcomers: Newcomers,
    /// Whether archived ones are read.
    pub archived: bool,
    /// Whether personal spaces are read; `None` where there are none, as in Jira.
    pub personal: Option<bool>,
    /// All spaces or projects that the service account can read, by name.
    pub choices: Vec<Choice>,
    /// What was wrong with the choice before.
    pub fault: Option<String>,
}

impl ScopePage {
    fn section(&self) -> Route {
        Route::Sources
    }

    fn source(&self) -> Route {
        Route::Source(self.summary.id.clone())
    }

    fn action(&self) -> Route {
        Route::SourceScope(self.summary.id.clone())
    }

    fn options(&self) -> [(Newcomers, &'static str); 2] {
        [(Newcomers::Read, "Read them, too"), (Newcomers::LeftOut, "Leave them out until I tick them")]
    }

    fn chosen_words(&self) -> String {
        let chosen = self.choices.iter().filter(|choice| choice.chosen).count();
        format!("{chosen} of {} chosen", self.choices.len())
    }
}

impl Page for ScopePage {
    const NAME: &'static str = "scope";

    fn samples() -> Vec<(&'static str, Self)> {
        let choice = |key: &str, name: &str, documents: u64, chosen: bool| Choice {
            id: format!("id-{key}"),
            key: key.to_owned(),
            name: name.to_owned(),
            archived: false,
            personal: false,
            documents: Some(Count(documents)),
            chosen,
        };
        let choices = vec![
            choice("NEWS", "Company news", 214, true),
            choice("ENG", "Engineering", 8_211, true),
            Choice { archived: true, ..choice("HACK", "Hack week 2021", 61, false) },
            Choice { personal: true, documents: None, ..choice("~ana", "Ana Souza", 0, false) },
            choice("HR", "People", 402, false),
            choice("SALES", "Sales and partners", 1_330, true),
        ];
        let usual = Self {
            chrome: sample::admin(),
            summary: sample_summary("c1", "Acme Confluence", Product::Confluence, SourceState::New),
            newcomers: Newcomers::Read,
            archived: false,
            personal: Some(false),
            choices,
            fault: None,
        };
        let jira = Self {
            summary: sample_summary("j1", "Acme Jira", Product::Jira, SourceState::Live),
            newcomers: Newcomers::LeftOut,
            personal: None,
            choices: vec![choice("OPS", "Operations", 1_204, true), choice("PLAT", "Platform", 9_431, true)],
            ..usual.clone()
        };
        let long = vec![choice("LONG", sample::LONG, u64::MAX, true), choice("RTL", sample::RIGHT_TO_LEFT, 1, false)];
        let bad = sample::HOSTILE;
        vec![
            ("usual", usual.clone()),
            ("jira", jira),
            ("empty", Self { choices: Vec::new(), ..usual.clone() }),
            ("faulty", Self { fault: Some("Choose at least one space.".to_owned()), ..usual.clone() }),
            ("long", Self { choices: long, ..usual.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    summary: sample_summary(bad, bad, Product::Confluence, SourceState::New),
                    choices: vec![choice(bad, bad, 1, true)],
                    fault: Some(bad.to_owned()),
                    ..usual
                },
            ),
        ]
    }
}
