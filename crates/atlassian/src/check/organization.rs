//! The row of the organization's key.

use super::CheckReport;
use crate::http::{Call, Endpoint, Fault, Gateway};
use serde_json::{Value, json};

/// Asks for one person of the organization's directory.
pub(super) async fn check(gateway: &Gateway, report: &mut CheckReport) {
    let Some(org) = gateway.org_id() else { return };
    let call = Call::to(Endpoint::OrgUsersSearch, [org, "-"]).json(&json!({ "limit": 1 }));
    let row = "Organization key";
    let instead = "Until then e-mails come from the site, as far as each person shows them.";
    let error = match gateway.send(call).await {
        Ok(answer) => {
            match answer.records::<Value>("data", "person") {
                Ok(people) if !people.found.is_empty() => report.ok(row, "It reads the organization's directory."),
                Ok(_) => {
                    let remedy = format!("Check that the id is that of the site's organization. {instead}");
                    report.warn(row, "The key is accepted, but the organization's directory is empty.", remedy);
                }
                Err(error) => report.warn(row, format!("Its answer is odd: {}.", error.reason()), instead),
            }
            return;
        }
        Err(error) => error,
    };
    match &error.fault {
        Fault::CredentialRefused => {
            let remedy = "Create an API key in the organization's settings; a service account's token does not serve.";
            report.fail(row, "The key is refused: it was mistyped, revoked or has expired.", remedy);
        }
        Fault::ScopeMissing => {
            let remedy = "Create a key with the scopes read:accounts:admin, read:directories:admin, read:groups:admin.";
            report.fail(row, "The key lacks a scope.", remedy);
        }
        Fault::Forbidden(_) | Fault::NoProductAccess => {
            let what = "The key is known, but may not read the directory; that may need Atlassian Guard.";
            report.fail(row, what, format!("Use the key of an organization with a directory. {instead}"));
        }
        Fault::NotFound | Fault::Rejected { .. } | Fault::SiteNotRouted => {
            let remedy = "Copy the organization's id from the address of its administration pages.";
            report.fail(row, "There is no organization with this id that the key may read.", remedy);
        }
        _ => report.warn(row, format!("It could not be tried: {}.", error.reason()), "Try again in a minute."),
    }
}
