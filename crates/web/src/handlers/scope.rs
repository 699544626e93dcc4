//! Which spaces or projects of a source are read.
//!
//! A row that was not on the page keeps what was decided about it. A choice that would not do what its ticks say is
//! sent back: nothing ticked in an include list would mean everything, a ticked archived one with archived ones off nothing.

use crate::chrome::{Device, Message, page, page_with};
use crate::failure::Failure;
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::operations::ListedContainer;
use crate::pages::part::Count;
use crate::pages::scope::{Choice, Newcomers, ScopePage};
use crate::show::summary;
use crate::sources::Overview;
use crate::urls::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{Container, ContainerKind, Product, Scope};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) async fn form(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    let overview = hub.overview(id).await?;
    let listed = hub.app.operations.containers(id).await?;
    let scope = overview.source.settings.scope.clone();
    page(&scope_page(&hub, &admin, device, (&overview, &listed), (&scope, None)).await?)
}

pub(crate) async fn save(
    State(hub): State<Hub>,
    device: Device,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let overview = hub.overview(id).await?;
    let listed = hub.app.operations.containers(id).await?;
    let scope = chosen(&posted.form, &overview.source.settings.scope, &listed);
    if let Some(fault) = fault_of(&posted.form, &scope, &listed) {
        let told = (&scope, Some(fault));
        let page = scope_page(&hub, &posted.owner, device, (&overview, &listed), told).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    hub.save_scope(&posted.owner.actor(), id, scope, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::ScopeSaved)
}

/// What the form asks for, on top of what was decided before about rows that it did not show.
fn chosen(form: &Form, before: &Scope, listed: &[ListedContainer]) -> Scope {
    let shown: BTreeSet<String> = form.all("listed").map(str::to_owned).collect();
    let ticked: BTreeSet<String> = form.all("chosen").map(str::to_owned).filter(|key| shown.contains(key)).collect();
    let (archived, personal) = (form.has("archived"), form.has("personal"));
    let kept = |list: &[String]| -> BTreeSet<String> {
        list.iter().filter(|key| !shown.iter().any(|shown| shown.eq_ignore_ascii_case(key))).cloned().collect()
    };
    if form.one("newcomers") == Newcomers::LeftOut.word() {
        let include = kept(&before.include).into_iter().chain(ticked).collect();
        let exclude = kept(&before.exclude).into_iter().collect();
        return Scope { include, exclude, archived, personal };
    }
    // What a switch leaves out needs no exclusion; one that stands from before is kept.
    let by_switch = |key: &String| {
        let found = listed.iter().find(|listed| listed.container.short.eq_ignore_ascii_case(key));
        found.is_some_and(|listed| left_out_by_switch(&listed.container, archived, personal))
            && !before.exclude.iter().any(|before| before.eq_ignore_ascii_case(key))
    };
    let unticked = shown.iter().filter(|key| !ticked.contains(*key) && !by_switch(key)).cloned();
    let exclude: BTreeSet<String> = kept(&before.exclude).into_iter().chain(unticked).collect();
    Scope { include: Vec::new(), exclude: exclude.into_iter().collect(), archived, personal }
}

fn left_out_by_switch(container: &Container, archived: bool, personal: bool) -> bool {
    (container.archived && !archived) || (container.kind == ContainerKind::PersonalSpace && !personal)
}

/// Why the choice cannot be kept as it is, in one sentence.
fn fault_of(form: &Form, scope: &Scope, listed: &[ListedContainer]) -> Option<String> {
    if Newcomers::of(form.one("newcomers")).is_none() {
        return Some("Choose whether new spaces or projects are read, too.".to_owned());
    }
    if form.one("newcomers") == Newcomers::LeftOut.word() && scope.include.is_empty() {
        return Some("Tick at least one, or choose that new ones are read, too.".to_owned());
    }
    let ticked: BTreeSet<&str> = form.all("chosen").collect();
    let contrary = listed
        .iter()
        .map(|listed| &listed.container)
        .find(|container| ticked.contains(container.short.as_str()) && !scope.admits(container))?;
    let switch = if contrary.archived && !scope.archived { "archived ones" } else { "personal spaces" };
    Some(format!("You ticked {}, but {switch} are not read. Switch them on, or untick it.", contrary.name))
}

async fn scope_page(
    hub: &Hub,
    admin: &AdminSession,
    device: Device,
    (overview, listed): (&Overview, &[ListedContainer]),
    (scope, fault): (&Scope, Option<String>),
) -> Result<ScopePage, Failure> {
    let source = &overview.source;
    let id = source.id;
    let stored = hub.reading(move |store| Ok(store.containers(id)?)).await?;
    let counts: BTreeMap<_, _> = stored.into_iter().map(|stats| (stats.container.key, stats.documents)).collect();
    let mut choices: Vec<Choice> = listed
        .iter()
        .map(|ListedContainer { container, .. }| Choice {
            id: container.short.clone(),
            key: container.short.clone(),
            name: container.name.clone(),
            archived: container.archived,
            personal: container.kind == ContainerKind::PersonalSpace,
            documents: counts.get(&container.key).map(|count| Count(*count)),
            chosen: scope.admits(container),
        })
        .collect();
    choices.sort_by_key(|choice| choice.name.to_lowercase());
    Ok(ScopePage {
        chrome: hub.settings_chrome(admin, device).await?,
        summary: summary(overview, hub.now()),
        newcomers: if scope.include.is_empty() { Newcomers::Read } else { Newcomers::LeftOut },
        archived: scope.archived,
        personal: (source.settings.product == Product::Confluence).then_some(scope.personal),
        choices,
        fault,
    })
}

#[cfg(test)]
mod tests;
