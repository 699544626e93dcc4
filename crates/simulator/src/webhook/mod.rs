//! Webhooks that an administrator of Jira has set up: what they are told of, and how it reaches them.
//!
//! | file | what |
//! |---|---|
//! | `event` | which event a request makes, and its body |
//! | `delivery` | signed, sent, sent again; on request twice or late, as sites do now and then |
//!
//! Events of issues, their comments and worklogs, and new attachments, each caused by one request. What a bulk operation
//! does (move, archive), and that a file or link is deleted, is told to nobody: whoever relies on webhooks alone misses it, as at Atlassian what is lost on the way.

mod delivery;
mod event;

use serde::Serialize;

use crate::call::Call;
use crate::reply::Reply;
use crate::route::Route;
use crate::state::{AccountId, Millis};

pub use self::delivery::{Counts, Deliveries, Quirks};
pub(crate) use self::event::EVENTS;
use self::event::Event;

/// One webhook of the administration's page.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Rising id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub url: String,
    /// Events that it is told of, `jira:issue_updated`.
    pub events: Vec<String>,
    /// Key of its signature; without one it is not signed.
    pub secret: Option<String>,
    /// Who set it up.
    pub by: AccountId,
    /// When.
    pub updated: Millis,
}

/// How soon a site sends: cascades such as the comments of a deleted issue come after what caused them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(crate) enum Flow {
    Primary,
    Secondary,
}

/// Runs a request; if it changed something, whoever wants to know is told.
pub(crate) fn told(route: &Route, call: &Call<'_>, run: impl FnOnce() -> Reply) -> Reply {
    let event = Event::expected(route, call);
    let reply = run();
    if let Some(event) = event.filter(|_| call.wrote.get() && reply.status.is_success()) {
        let messages = event.messages(call, &reply);
        call.simulation.webhooks.tell(&call.world().jira.webhooks, &messages);
    }
    reply
}
