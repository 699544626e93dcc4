//! The check of a credential, as a table that names each fault as exactly as Atlassian's answers allow (sheet 1.3).
//!
//! It only asks; nothing is crawled. Every row says what happened and what to do.

mod organization;
mod probes;
mod products;
mod report;

#[cfg(test)]
mod tests;

pub use probes::{Need, scopes_to_grant};
pub use report::{CheckReport, CheckRow, Outcome};

use crate::http::{Call, CallError, Credential, Endpoint, Fault, Gateway, HttpOptions, OrgKey};
use crate::site;
use model::{Millis, PersonName, Product, SiteDomain};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// How personal tokens begin (sheet 1.2). Only a hint.
const PERSONAL: &str = "ATATT";

/// Checks what an administrator typed: the domain, the token, and the organization's key if there is one.
///
/// `last_worked` is when the same token last worked, if it ever did, so that a refusal can say since when.
pub async fn check_credential(
    domain: &str,
    token: &SecretString,
    org: Option<&OrgKey>,
    last_worked: Option<Millis>,
    options: &HttpOptions,
) -> CheckReport {
    let mut report = CheckReport::default();
    let Some(cloud_id) = find_site(domain, options, &mut report).await else { return report };
    let credential = Credential { token: token.clone(), org: org.cloned() };
    let gateway = match Gateway::new(options, &cloud_id, &credential) {
        Ok(gateway) => gateway,
        Err(error) => {
            report.fail("Token", error.to_string(), "Create a token for a service account and paste it as it is.");
            return report;
        }
    };
    report.cloud_id = Some(cloud_id);
    if accepted(&gateway, token, last_worked, &mut report).await {
        products::confluence(&gateway, &mut report).await;
        products::jira(&gateway, &mut report).await;
        if report.products.is_empty() {
            let remedy = "Give the service account access to Jira or Confluence, and the token the scopes named above.";
            report.fail("Products", "Neither Jira nor Confluence can be read with this token.", remedy);
        }
    }
    if org.is_some() {
        organization::check(&gateway, &mut report).await;
    }
    report
}

async fn find_site(domain: &str, options: &HttpOptions, report: &mut CheckReport) -> Option<String> {
    let site = match SiteDomain::parse(domain) {
        Ok(site) => site,
        Err(error) => {
            report.fail("Domain", error.to_string(), "Write the site's address, such as acme.atlassian.net.");
            return None;
        }
    };
    report.site = Some(site.clone());
    match site::discover(&site, options).await {
        Ok(cloud_id) => {
            report.ok("Site", format!("An Atlassian Cloud site answers at {site}."));
            Some(cloud_id)
        }
        Err(error @ site::SiteError::NotFound(_)) => {
            report.fail("Site", error.to_string(), "Copy the address from the browser's address bar.");
            None
        }
        Err(error) => {
            report.fail("Site", error.to_string(), "Check the network and the proxy settings, then try again.");
            None
        }
    }
}

/// What the two products say of the account.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    account_id: Option<String>,
    display_name: Option<String>,
}

/// Whether the gateway takes the token at all. Both products are asked: a token may have scopes of one alone.
async fn accepted(
    gateway: &Gateway,
    token: &SecretString,
    last_worked: Option<Millis>,
    report: &mut CheckReport,
) -> bool {
    let ask = |endpoint| gateway.send(Call::new(endpoint));
    let (jira, confluence) = futures_util::join!(ask(Endpoint::JiraMyself), ask(Endpoint::ConfluenceCurrentUser));
    let answers = [jira, confluence];
    let account = answers.iter().flatten().filter_map(|answer| answer.json::<Account>().ok());
    report.account =
        account.filter_map(|account| Some(PersonName { id: account.account_id?, name: account.display_name? })).next();
    let errors: Vec<&CallError> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    if errors.len() == answers.len() && !errors.iter().any(|error| shows_a_known_token(&error.fault)) {
        refuse(&errors, token, last_worked, report);
        return false;
    }
    if is_personal(token) {
        let what = "The token is accepted, but it is a personal one: everything would be read as that person.";
        report.warn("Token", what, "Create a token for a service account in the organization's administration.");
    } else {
        report.ok("Token", "The token is accepted.".to_owned());
    }
    match &report.account {
        Some(account) => report.ok("Account", format!("It belongs to {}.", account.name)),
        None => report.warn("Account", "Whose token it is could not be read.", "See the missing scopes below."),
    }
    true
}

fn is_personal(token: &SecretString) -> bool {
    token.expose_secret().trim().starts_with(PERSONAL)
}

/// Whether an error can only come of a token that the gateway knows. All others say nothing about it, or that it is refused.
fn shows_a_known_token(fault: &Fault) -> bool {
    matches!(fault, Fault::ScopeMissing | Fault::NoProductAccess | Fault::Forbidden(_))
}

/// Why no product has taken the token: one refusal is enough, whatever has befallen the other product.
fn refuse(errors: &[&CallError], token: &SecretString, last_worked: Option<Millis>, report: &mut CheckReport) {
    if errors.iter().any(|error| error.fault == Fault::CredentialRefused) {
        return refused(token, last_worked, report);
    }
    if errors.iter().all(|error| error.fault == Fault::SiteNotRouted) {
        let remedy = "Try again in a minute; if it stays so, the site may have been moved or deleted.";
        report.fail("Token", "Atlassian's gateway does not know the site, so the token could not be tried.", remedy);
        return;
    }
    let reason = errors.first().map(|error| error.reason()).unwrap_or_default();
    let remedy = "Check the network and the proxy settings, then try again.";
    report.fail("Token", format!("The token could not be tried: {reason}."), remedy);
}

fn refused(token: &SecretString, last_worked: Option<Millis>, report: &mut CheckReport) {
    if is_personal(token) {
        let what = "The token is refused. It begins like a personal token, which the gateway does not take.";
        report.fail("Token", what, "Create a token for a service account in the organization's administration.");
        return;
    }
    let what = match last_worked.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
        Some(at) => {
            let at = at.strftime("%Y-%m-%d %H:%M UTC");
            format!("The token is refused. It last worked on {at}, so it was revoked or has expired since.")
        }
        None => "The token is refused: it was mistyped, revoked or has expired.".to_owned(),
    };
    report.fail(
        "Token",
        what,
        "Create a new token for the service account, with the scopes listed, and paste it here.",
    );
}

impl CheckReport {
    fn offer(&mut self, product: Product) {
        self.products.push(product);
    }
}
