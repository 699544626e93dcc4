//! The source's own clock, read off its answers: watermarks must not depend on the hub's.
//!
//! `Date` tells when an answer was made, and what it lists was looked up before. So each time is taken back to when the call
//! was sent. Fractions of a second are cut off by the source, which errs on the same, earlier side.

use super::{Gateway, backoff};
use model::Millis;
use reqwest::header::HeaderMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use sync::{Batch, FetchError};

#[derive(Clone, Copy, Debug, Default)]
struct Told {
    first: Option<Millis>,
    last: Option<Millis>,
}

/// What one source has told of the time.
#[derive(Debug, Default)]
pub(crate) struct SourceClock(Mutex<Told>);

impl SourceClock {
    /// Takes an answer's time, which came so long after its call was sent.
    pub(crate) fn told(&self, headers: &HeaderMap, took: Duration) {
        let Some(date) = backoff::source_time(headers) else { return };
        let took = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        let sent = Millis(date.as_millisecond().saturating_sub(took));
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.first = Some(told.first.map_or(sent, |first| first.min(sent)));
        told.last = Some(sent);
    }

    /// A time that has certainly passed at the source; later ones as more answers come.
    pub(crate) fn last(&self) -> Option<Millis> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    fn first(&self) -> Option<Millis> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first
    }
}

/// Reads a batch and says since when, by the source's clock. A reading that makes no call knows the time from those before.
pub(crate) async fn timed(
    gateway: &Gateway,
    read: impl Future<Output = Result<Batch, FetchError>>,
) -> Result<Batch, FetchError> {
    let before = gateway.clock().last();
    let batch = read.await?;
    Ok(Batch { source_time: before.or_else(|| gateway.clock().first()), ..batch })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::script::{Script, answer};
    use crate::http::{Call, Endpoint};
    use sync::Checkpoint;

    #[tokio::test(start_paused = true)]
    async fn a_reading_begins_when_its_call_was_sent_by_the_sources_clock() {
        let script = Script::slow(Duration::from_secs(40), |_, _| {
            Ok(answer(200, &[("date", "Wed, 21 Oct 2026 07:28:00 GMT")], "{}"))
        });
        let gateway = script.swift();
        let silent = || async { Ok(Batch::new(Vec::new(), Vec::new(), Checkpoint::Complete)) };
        assert_eq!(timed(&gateway, silent()).await.unwrap().source_time, None);
        let asking = async {
            gateway.send(Call::new(Endpoint::JiraMyself)).await?;
            silent().await
        };
        let sent = Some(Millis(1_792_567_680_000 - 40_000));
        assert_eq!(timed(&gateway, asking).await.unwrap().source_time, sent);
        assert_eq!(timed(&gateway, silent()).await.unwrap().source_time, sent, "known from the calls before");
    }
}
