//! The pages about access to a source: comparison and open projects, and the report on what can be read.

use crate::chrome::{Device, Message, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::inspections::PAIRS;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::pages::comparison::{ComparisonPage, OpenProjectsForm};
use crate::pages::doctor::DoctorPage;
use crate::show::{checks, comparison_card, container_card, finding_rows, people_card};
use crate::urls::Route;
use access::SourceId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::Product;

pub(crate) async fn show(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    page(&context(&hub, &admin, device, id, None, None).await?)
}

async fn context(
    hub: &Hub,
    admin: &AdminSession,
    device: Device,
    id: SourceId,
    typed: Option<String>,
    fault: Option<String>,
) -> Result<ComparisonPage, Failure> {
    let source = hub.source(id).await?;
    let open = &source.settings.open_projects;
    let known = hub.reading(move |store| Ok(store.containers(id)?)).await?;
    // Keys are what people know; ids of projects that are not listed any more stand as they are.
    let keys = open.ids.iter().map(|wanted| {
        let found = known.iter().find(|known| known.container.key == *wanted);
        found.map_or_else(|| wanted.0.clone(), |found| found.container.short.clone())
    });
    let keys: Vec<String> = keys.collect();
    let form = OpenProjectsForm {
        all: open.all,
        some: !open.all && !open.ids.is_empty(),
        projects: typed.unwrap_or_else(|| keys.join(", ")),
        fault: fault.as_deref().map(sentence),
    };
    let last = hub.last_comparison(id).await?;
    Ok(ComparisonPage {
        chrome: hub.settings_chrome(admin, device).await?,
        source: id.0.to_string(),
        name: source.settings.name(),
        comparison: last.map(|audit| comparison_card(&audit, hub.now())),
        pairs: u64::from(PAIRS),
        open: (source.settings.product == Product::Jira).then_some(form),
    })
}

pub(crate) async fn compare(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let pairs = posted.form.trimmed("pairs").parse();
    let pairs = pairs.map_err(|_| Failure::Malformed("the number of pairs is not a number".to_owned()))?;
    hub.compare(&posted.owner.actor(), id, pairs, &address).await?;
    hub.redirect_saying(&Route::SourceAccess(id.0.to_string()), Message::Compared)
}

/// `Ok(None)` for all; the words of the form are keys or ids, separated by commas or spaces.
fn wanted(form: &Form) -> Result<Option<Vec<String>>, Failure> {
    match form.one("open") {
        "all" => Ok(None),
        "none" => Ok(Some(Vec::new())),
        "some" => {
            let words = form.one("projects").split([',', ' ', '\n', '\t']).map(str::trim);
            Ok(Some(words.filter(|word| !word.is_empty()).map(str::to_owned).collect()))
        }
        _ => Err(Failure::Malformed("choose none, some or all projects".to_owned())),
    }
}

pub(crate) async fn vouch(
    State(hub): State<Hub>,
    device: Device,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let projects = wanted(&posted.form)?;
    match hub.vouch(&posted.owner.actor(), id, projects, &address).await {
        Ok(()) => hub.redirect_saying(&Route::SourceAccess(id.0.to_string()), Message::Vouched),
        Err(Failure::Conflict(reason)) => {
            let typed = Some(posted.form.trimmed("projects").to_owned());
            let page = context(&hub, &posted.owner, device, id, typed, Some(reason)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(failure) => Err(failure),
    }
}

pub(crate) async fn doctor(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    let (source, diagnosis, now) = (hub.source(id).await?, hub.diagnose(id).await?, hub.now());
    page(&DoctorPage {
        chrome: hub.settings_chrome(&admin, device).await?,
        source: id.0.to_string(),
        name: source.settings.name(),
        containers_are: if source.settings.product == Product::Jira { "Projects" } else { "Spaces" },
        checks: checks(&diagnosis.check.rows),
        findings: finding_rows(&diagnosis.findings),
        containers: diagnosis.containers.iter().map(|report| container_card(report, now)).collect(),
        people: people_card(&diagnosis.people),
        unknowable: diagnosis.unknowable.iter().map(|line| sentence(line)).collect(),
    })
}
