//! Connect Atlassian. Token and key go to the check and to the store, and never back to the browser.

use crate::chrome::{Device, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::{Form, Posted};
use crate::hub::Hub;
use crate::identity::{Address, AdminSession};
use crate::operations::{CheckReport, Connection};
use crate::pages::connect::{ConnectFaults, ConnectPage, ConnectedSource};
use crate::show;
use access::SourceId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{Product, SiteDomain};
use secrecy::ExposeSecret;

pub(crate) async fn form(State(hub): State<Hub>, admin: AdminSession, device: Device) -> Result<Response, Failure> {
    page(&blank(&hub, &admin, device).await?)
}

pub(crate) async fn connect(
    State(hub): State<Hub>,
    device: Device,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    let (admin, form) = (posted.owner, posted.form);
    let blank = blank(&hub, &admin, device).await?;
    let typed = ConnectPage {
        domain: form.trimmed("domain").to_owned(),
        organization: form.trimmed("organization").to_owned(),
        ..blank
    };
    let connection = match connection_of(&form) {
        Ok(connection) => connection,
        Err(faults) => return page_with(StatusCode::UNPROCESSABLE_ENTITY, &ConnectPage { faults, ..typed }),
    };
    match hub.connect(&admin.actor(), connection, &address).await {
        Ok((CheckReport { rows, .. }, ids)) => {
            let connected = connected(&hub, ids).await?;
            page(&ConnectPage { checks: show::checks(&rows), connected, ..typed })
        }
        Err(Failure::CheckFailed(report)) => {
            let failed = ConnectPage { checks: show::checks(&report.rows), ..typed };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &failed)
        }
        Err(other) => Err(other),
    }
}

async fn blank(hub: &Hub, admin: &AdminSession, device: Device) -> Result<ConnectPage, Failure> {
    Ok(ConnectPage {
        chrome: hub.settings_chrome(admin, device).await?,
        domain: String::new(),
        organization: String::new(),
        faults: ConnectFaults::default(),
        scopes: hub.app.scopes.clone(),
        checks: Vec::new(),
        connected: Vec::new(),
    })
}

/// The connection that was typed, or what is wrong with it before anything is asked at Atlassian.
fn connection_of(form: &Form) -> Result<Connection, ConnectFaults> {
    let (token, key) = (form.trimmed("token"), form.trimmed("organization_key"));
    let organization = form.trimmed("organization");
    let domain = SiteDomain::parse(form.one("domain"));
    let faults = ConnectFaults {
        domain: domain.as_ref().err().map(|error| sentence(&error.to_string())),
        token: token.is_empty().then(|| "Paste the service account's API token.".to_owned()),
        organization: (organization.is_empty() && !key.is_empty())
            .then(|| "The key needs the organization's id beside it.".to_owned()),
        key: (key.is_empty() && !organization.is_empty())
            .then(|| "The organization's id needs its API key beside it.".to_owned()),
    };
    let Ok(domain) = domain else { return Err(faults) };
    if faults.token.is_some() || faults.organization.is_some() || faults.key.is_some() {
        return Err(faults);
    }
    let organization = (!organization.is_empty()).then(|| (organization.to_owned(), key.into()));
    let connection = Connection { domain: domain.as_str().to_owned(), token: token.into(), organization };
    debug_assert!(!connection.token.expose_secret().is_empty());
    Ok(connection)
}

async fn connected(hub: &Hub, ids: Vec<SourceId>) -> Result<Vec<ConnectedSource>, Failure> {
    let mut connected = Vec::new();
    for id in ids {
        let settings = hub.source(id).await?.settings;
        let containers = match settings.product {
            Product::Confluence => "spaces",
            Product::Jira => "projects",
        };
        let (id, containers) = (id.0.to_string(), containers.to_owned());
        connected.push(ConnectedSource { id, name: settings.name(), containers });
    }
    Ok(connected)
}
