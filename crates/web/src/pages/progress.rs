//! Progress of a running sync, in words. The page and the server-sent events use the same words, so that the module
//! in the browser only puts them in place.

use serde::Serialize;

use super::part::Count;
use super::sample;

/// How far a sync is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What is being read now, such as `Reading pages`.
    pub stage: String,
    /// Documents read so far.
    pub documents: Count,
    /// Documents to read, where that is known.
    pub expected: Option<Count>,
    /// Documents per second of late.
    pub per_second: Count,
    /// Calls made to the source.
    pub calls: Count,
    /// Seconds left, where they can be guessed.
    pub seconds_left: Option<u64>,
}

/// The data of a `progress` event, as JSON. The field names are those of `data-progress` in the page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ProgressEvent {
    /// Value of the progress bar.
    pub value: u64,
    /// Its maximum; `null` while unknown, and the bar then only says that something happens.
    pub max: Option<u64>,
    /// What is being read now.
    pub stage: String,
    /// `1,200 of 5,000`.
    pub documents: String,
    /// `45 per second`.
    pub rate: String,
    /// `310`.
    pub calls: String,
    /// `about 2 minutes`.
    pub left: String,
}

impl Progress {
    /// Documents so far, of how many.
    pub fn documents_words(&self) -> String {
        match self.expected {
            Some(expected) => format!("{} of {expected}", self.documents),
            None => self.documents.to_string(),
        }
    }

    /// Documents per second.
    pub fn rate_words(&self) -> String {
        format!("{} per second", self.per_second)
    }

    /// Time left, as roughly as it is known.
    pub fn left_words(&self) -> String {
        match self.seconds_left {
            None => "not known yet".to_owned(),
            Some(seconds) if seconds < 60 => "less than a minute".to_owned(),
            Some(seconds) if seconds < 3600 => format!("about {}", Count(seconds.div_ceil(60)).of("minute", "minutes")),
            Some(seconds) => format!("about {}", Count(seconds.div_ceil(3600)).of("hour", "hours")),
        }
    }

    /// The same as an event for the browser.
    pub fn event(&self) -> ProgressEvent {
        ProgressEvent {
            value: self.documents.0,
            max: self.expected.map(|expected| expected.0),
            stage: self.stage.clone(),
            documents: self.documents_words(),
            rate: self.rate_words(),
            calls: self.calls.to_string(),
            left: self.left_words(),
        }
    }

    pub(super) fn sample() -> Self {
        Self {
            stage: "Reading issues".to_owned(),
            documents: Count(6_240),
            expected: Some(Count(18_412)),
            per_second: Count(148),
            calls: Count(431),
            seconds_left: Some(83),
        }
    }

    pub(super) fn unknown_sample() -> Self {
        Self { stage: "Listing spaces".to_owned(), expected: None, seconds_left: None, ..Self::sample() }
    }

    pub(super) fn hostile_sample() -> Self {
        Self { stage: sample::HOSTILE.to_owned(), ..Self::sample() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(seconds: Option<u64>) -> String {
        Progress { seconds_left: seconds, ..Progress::sample() }.left_words()
    }

    #[test]
    fn time_left_is_said_as_roughly_as_it_is_known() {
        assert_eq!(left(None), "not known yet");
        assert_eq!(left(Some(0)), "less than a minute");
        assert_eq!(left(Some(60)), "about 1 minute");
        assert_eq!(left(Some(61)), "about 2 minutes");
        assert_eq!(left(Some(3600)), "about 1 hour");
        assert_eq!(left(Some(7201)), "about 3 hours");
    }

    #[test]
    fn an_event_carries_the_words_of_the_page() {
        let event = serde_json::to_value(Progress::sample().event()).unwrap();
        assert_eq!(event["documents"], "6,240 of 18,412");
        assert_eq!(event["value"], 6240);
        assert_eq!(event["left"], "about 2 minutes");
        let unknown = serde_json::to_value(Progress::unknown_sample().event()).unwrap();
        assert!(unknown["max"].is_null());
    }
}
