//! "Why do I see this?", for whoever found a document: the layers that let them, and a way to say that they should not.

use askama::Template;

use super::Page;
use super::icon::Icon;
use super::layout::Chrome;
use super::lookup::{DocumentLine, StepRow, document_sample, steps_sample};
use super::part::Tone;
use super::sample;
use crate::urls::Route;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/why.html")]
pub struct WhyPage {
    /// Surroundings.
    pub chrome: Chrome,
    /// What the form sends back.
    pub key: String,
    /// The document.
    pub document: DocumentLine,
    /// The layers; each of them admits.
    pub steps: Vec<StepRow>,
}

impl Page for WhyPage {
    const NAME: &'static str = "why";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            chrome: sample::member(),
            key: "1:page:70001".to_owned(),
            document: document_sample(),
            steps: steps_sample()[..2].to_vec(),
        };
        let told =
            sample::with_flash(sample::member(), Tone::Good, "The administrators of Fossick are told. Thank you.");
        let long = DocumentLine { title: Some(sample::LONG.to_owned()), url: None, ..document_sample() };
        let hostile = DocumentLine { title: Some(sample::HOSTILE.to_owned()), ..document_sample() };
        vec![
            ("usual", usual.clone()),
            ("told", Self { chrome: told, ..usual.clone() }),
            ("long", Self { document: long, ..usual.clone() }),
            (
                "hostile",
                Self { chrome: sample::hostile(), key: sample::HOSTILE.to_owned(), document: hostile, ..usual },
            ),
        ]
    }
}
