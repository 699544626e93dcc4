//! One run of a source, and what is owed of all of them.

use crate::chrome::{Device, page};
use crate::failure::Failure;
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::on_source::ShownSource;
use crate::pages::run::RunPage;
use crate::pages::source::TroubleRow;
use crate::show::{debt_key, debt_row, run_row, trouble_row};
use crate::titles;
use access::SourceId;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use model::RunId;

/// Rows of one page of a list.
const ROWS: u32 = 200;

fn after(query: Option<String>) -> i64 {
    Form::parse(query.unwrap_or_default().as_bytes()).one("after").parse().unwrap_or(0)
}

/// Where a list goes on, if it fills the page.
fn more(rows: usize, last: Option<i64>) -> Option<i64> {
    last.filter(|_| rows >= ROWS as usize)
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    ids: Result<Path<(u32, i64)>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Path((source, run)) = ids.map_err(|_| Failure::NotFound)?;
    let (id, run, after, now) = (SourceId(source), RunId(run), after(query), hub.now());
    let source = hub.source(id).await?;
    let (run, problems) = hub
        .reading(move |store| {
            let run = store.run(run)?.filter(|run| run.source == id).ok_or(Failure::NotFound)?;
            let problems = store.problems(run.id, after, ROWS)?;
            Ok((run, problems))
        })
        .await?;
    let named = problems.iter().filter_map(|problem| titles::named(&problem.problem.item)).collect();
    let titles = hub.titles(&admin.signed_in().account, id, named).await?;
    let troubles: Vec<TroubleRow> = problems.iter().map(|problem| trouble_row(problem, &titles, now)).collect();
    page(&RunPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        source: id.0.to_string(),
        name: source.settings.name(),
        run: Some(run_row(&run, now)),
        more: more(problems.len(), problems.last().map(|problem| problem.id)),
        can_retry: problems.iter().any(|problem| problem.problem.is_loss()),
        troubles,
    })
}

pub(crate) async fn owed(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (after, now) = (after(query), hub.now());
    let source = hub.source(id).await?;
    let owed = hub.reading(move |store| Ok(store.owed(id, after, ROWS)?)).await?;
    let titles = hub.titles(&admin.signed_in().account, id, owed.iter().filter_map(debt_key).collect()).await?;
    page(&RunPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        source: id.0.to_string(),
        name: source.settings.name(),
        run: None,
        more: more(owed.len(), owed.last().map(|debt| debt.id)),
        can_retry: !owed.is_empty(),
        troubles: owed.iter().map(|debt| debt_row(debt, &titles, now)).collect(),
    })
}
