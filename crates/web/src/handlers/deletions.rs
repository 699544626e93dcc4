//! What has vanished from a source: the page, an administrator's word on it, and bringing back.

use crate::chrome::{Message, page};
use crate::deletions::Verdict;
use crate::failure::Failure;
use crate::form::Form;
use crate::hub::Hub;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::pages::deletions::DeletionsPage;
use crate::show::{tombstone_rows, waiting_deletions};
use crate::urls::Route;
use access::DocNo;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use std::collections::BTreeMap;

/// Rows of one page of the list.
const ROWS: u32 = 100;

pub(crate) async fn show(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let after = Form::parse(query.unwrap_or_default().as_bytes()).one("after").parse().ok().map(DocNo);
    let (source, now) = (hub.source(id).await?, hub.now());
    let deletions = hub.deletions(id, after, ROWS).await?;
    // Spaces and projects are told by key and number: their names may not be for everybody who administrates.
    let keys = hub.reading(move |store| Ok(store.containers(id)?)).await?;
    let keys: BTreeMap<_, _> = keys.into_iter().map(|known| (known.container.key, known.container.short)).collect();
    let is_full = deletions.tombstones.len() >= ROWS as usize;
    page(&DeletionsPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        source: id.0.to_string(),
        name: source.settings.name(),
        waiting: deletions.stopped.as_ref().map(|stopped| waiting_deletions(stopped, &keys, now)),
        more: deletions.tombstones.last().map(|last| last.doc.0).filter(|_| is_full),
        tombstones: tombstone_rows(&deletions, &keys, now),
    })
}

pub(crate) async fn judge(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let (verdict, message) = match posted.form.one("verdict") {
        "confirmed" => (Verdict::Confirmed, Message::DeletionsConfirmed),
        "refused" => (Verdict::Refused, Message::DeletionsRefused),
        _ => return Err(Failure::Malformed("the verdict is `confirmed` or `refused`".to_owned())),
    };
    hub.judge_deletion(&posted.owner.actor(), id, verdict, &address).await?;
    hub.redirect_saying(&Route::SourceDeletions(id.0.to_string()), message)
}

pub(crate) async fn undo(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let ticked: Result<Vec<u32>, _> = posted.form.all("document").map(str::parse).collect();
    let ticked = ticked.map_err(|_| Failure::Malformed("a document is named by its number".to_owned()))?;
    let wanted = if posted.form.has("all") { None } else { Some(ticked.into_iter().map(DocNo).collect::<Vec<_>>()) };
    // Nothing ticked must not mean everything.
    if wanted.as_ref().is_none_or(|wanted| !wanted.is_empty()) {
        hub.undo_deletion(&posted.owner.actor(), id, wanted, &address).await?;
        return hub.redirect_saying(&Route::SourceDeletions(id.0.to_string()), Message::DeletionsUndone);
    }
    crate::chrome::redirect(&Route::SourceDeletions(id.0.to_string()).to_string())
}
