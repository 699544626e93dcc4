//! Live progress of a sync, as server-sent events.
//!
//! A stream lives for a short while only; the browser then asks again, and so proves anew who it is.

use crate::failure::Failure;
use crate::form::SourcePath;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::show::progress;
use access::SourceId;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;

const BETWEEN: Duration = Duration::from_millis(500);
/// Events of one stream: 20 seconds.
const EVENTS: u32 = 40;
/// After this pause the browser asks again.
const RETRY: Duration = Duration::from_millis(500);

pub(crate) async fn events(
    State(hub): State<Hub>,
    _admin: AdminSession,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    hub.source(id).await?;
    Ok(Sse::new(progress_of(hub, id)).into_response())
}

enum Next {
    Look { seen: u32 },
    Stop,
}

fn progress_of(hub: Hub, id: SourceId) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Next::Look { seen: 0 }, move |next| {
        let hub = hub.clone();
        async move {
            let Next::Look { seen } = next else { return None };
            if seen > 0 {
                tokio::time::sleep(BETWEEN).await;
            }
            let Some(now) = hub.app.operations.progress(id) else {
                return Some((Ok(Event::default().event("end").data("{}")), Next::Stop));
            };
            let event = Event::default().event("progress").retry(RETRY);
            // The words of the page hold no text that could fail to be written as JSON.
            let event = event.json_data(progress(&now).event()).unwrap_or_default();
            let next = if seen + 1 < EVENTS { Next::Look { seen: seen + 1 } } else { Next::Stop };
            Some((Ok(event), next))
        }
    })
}
