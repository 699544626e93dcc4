//! What members say they should not see, for administrators.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::lookup::DocumentLine;
use super::part::Moment;
use super::sample;
use crate::kind::Kind;
use crate::urls::Route;

/// One objection.
#[derive(Clone, Debug)]
pub struct ObjectionRow {
    /// Its number.
    pub id: String,
    /// When it was raised.
    pub at: Moment,
    /// By which account.
    pub by: String,
    /// What was written.
    pub note: String,
    /// The document.
    pub document: DocumentLine,
    /// The address that explains why the member sees it.
    pub explained: String,
    /// When and by whom it was settled.
    pub settled: Option<(Moment, String)>,
}

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/objections.html")]
pub struct ObjectionsPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// Open ones first.
    pub rows: Vec<ObjectionRow>,
}

impl ObjectionsPage {
    fn section(&self) -> Route {
        Route::Access
    }
}

impl Page for ObjectionsPage {
    const NAME: &'static str = "objections";

    fn samples() -> Vec<(&'static str, Self)> {
        let document = DocumentLine {
            kind: Kind::Page,
            title: Some("Salaries 2026".to_owned()),
            url: None,
            name: "1:page:70001".to_owned(),
            container: "HR".to_owned(),
        };
        let open = ObjectionRow {
            id: "3".to_owned(),
            at: sample::moment("10 minutes ago"),
            by: "ben.okafor@example.com".to_owned(),
            note: "This looks like it is for HR only.".to_owned(),
            document: document.clone(),
            explained: "/settings/access?person=ben.okafor%40example.com&document=1%3Apage%3A70001".to_owned(),
            settled: None,
        };
        let settled = ObjectionRow {
            id: "2".to_owned(),
            note: String::new(),
            document: DocumentLine { title: None, kind: Kind::Issue, name: "HR-7".to_owned(), ..document.clone() },
            settled: Some((sample::moment("Yesterday"), "ana.souza@example.com".to_owned())),
            ..open.clone()
        };
        let text = sample::HOSTILE.to_owned();
        let hostile = ObjectionRow {
            id: "1".to_owned(),
            at: sample::hostile_moment(),
            by: text.clone(),
            note: text.clone(),
            document: DocumentLine {
                title: Some(text.clone()),
                name: text.clone(),
                container: text.clone(),
                ..document
            },
            settled: Some((sample::hostile_moment(), text)),
            ..open.clone()
        };
        let long = ObjectionRow { note: sample::LONG.to_owned(), by: sample::RIGHT_TO_LEFT.to_owned(), ..open.clone() };
        vec![
            ("usual", Self { chrome: sample::admin(), rows: vec![open, settled] }),
            ("empty", Self { chrome: sample::admin(), rows: Vec::new() }),
            ("long", Self { chrome: sample::admin(), rows: vec![long] }),
            ("hostile", Self { chrome: sample::hostile(), rows: vec![hostile] }),
        ]
    }
}
