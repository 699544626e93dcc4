//! The search page: without a question, and with its answer.

use crate::chrome::{Device, page};
use crate::failure::Failure;
use crate::find::{Found, container_or_nowhere, request};
use crate::hub::Hub;
use crate::identity::SignedIn;
use crate::kind::Kind;
use crate::pages::layout::Chrome;
use crate::pages::pager::Pager;
use crate::pages::part::Count;
use crate::pages::search::{ContainerFacet, HomePage, ResultsPage};
use crate::show::{container_id, page_hit};
use crate::urls::SearchUrl;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use model::{ContainerKind, Millis};
use search::Page;

/// The last page that the pager offers.
const LAST_PAGE: u64 = 100;

pub(crate) async fn home(State(hub): State<Hub>, who: SignedIn, device: Device) -> Result<Response, Failure> {
    let sources = hub.reading(|store| Ok(store.sources()?)).await?;
    let is_joined = !hub.joined(&who.account, &sources).is_empty();
    page(&HomePage { chrome: hub.chrome(&who, device)?, has_sources: !sources.is_empty(), is_joined })
}

pub(crate) async fn results(
    State(hub): State<Hub>,
    who: SignedIn,
    device: Device,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let asked = SearchUrl::parse(&query);
    if asked.query().trim().is_empty() {
        return home(State(hub), who, device).await;
    }
    let containers = asked.containers().map(container_or_nowhere).collect();
    let request = request(asked.query(), asked.kinds().collect(), containers, asked.page());
    let found = hub.find(&who.account, request).await?;
    let mut results = results_page(hub.chrome(&who, device)?, asked, &found, hub.now());
    results.hints.extend(SearchUrl::passed_over(&query));
    page(&results)
}

fn results_page(chrome: Chrome, asked: SearchUrl, found: &Found, now: Millis) -> ResultsPage {
    let results = &found.results;
    let last = results.total.div_ceil(Page::SIZE as u64).clamp(1, LAST_PAGE);
    let last = u32::try_from(last).unwrap_or(1);
    let count = |kind: Kind| {
        let counted = results.facets.kinds.iter().find(|(counted, _)| Kind::from(*counted) == kind);
        (kind, Some(Count(counted.map_or(0, |(_, count)| *count))))
    };
    let containers = found.containers.iter().map(|found| {
        let id = container_id(found.source, &found.key);
        ContainerFacet {
            name: found.container.as_ref().map_or_else(|| id.clone(), |container| container.name.clone()),
            is_project: found.container.as_ref().is_some_and(|container| container.kind == ContainerKind::Project),
            count: Some(Count(found.count)),
            id,
        }
    });
    ResultsPage {
        chrome,
        total: Count(results.total),
        kind_counts: Kind::ALL.map(count).to_vec(),
        containers: kept_as_asked(containers.collect(), &asked),
        hits: results.hits.iter().map(|hit| page_hit(hit, found.related_to(hit), now)).collect(),
        hints: found.hints(),
        pager: Pager::new(asked.page(), last, |number| asked.at_page(number).to_string()),
        search: asked,
    }
}

/// A filter that names no container stands in the list as it was typed, so that it can be lifted again.
fn kept_as_asked(mut facets: Vec<ContainerFacet>, asked: &SearchUrl) -> Vec<ContainerFacet> {
    let is_asked_or_counted =
        |facet: &ContainerFacet| asked.has_container(&facet.id) || facet.count.is_some_and(|count| !count.is_zero());
    facets.retain(is_asked_or_counted);
    for id in asked.containers() {
        if !facets.iter().any(|facet| facet.id == id) {
            let (id, name) = (id.to_owned(), id.to_owned());
            facets.push(ContainerFacet { id, name, is_project: false, count: Some(Count(0)) });
        }
    }
    facets
}
