//! Rows of the two products: access, scopes, and how much of each the account sees.

use super::CheckReport;
use super::probes::{Need, Probed, probe, scopes_to_grant};
use crate::http::{Call, CallError, Endpoint, Gateway};
use model::Product;
use serde::Deserialize;
use serde_json::Value;

/// Spaces counted in one call.
const COUNTED: usize = 250;

pub(super) async fn confluence(gateway: &Gateway, report: &mut CheckReport) {
    if !readable(gateway, Product::Confluence, "Confluence", report).await {
        return;
    }
    report.offer(Product::Confluence);
    let spaces = Call::new(Endpoint::ConfluenceSpaces).query("limit", COUNTED);
    let counted = match gateway.send(spaces).await {
        Ok(answer) => answer.records::<Value>("results", "space").map(|spaces| spaces.found.len()),
        Err(error) => Err(error),
    };
    let remedy = "Give the service account, or a group of it, the permission to view each space that is to be found.";
    match counted {
        Ok(0) => report.warn("Spaces", "The account sees no space.", remedy),
        Ok(COUNTED) => report.ok("Spaces", format!("The account sees {COUNTED} spaces or more.")),
        Ok(1) => report.ok("Spaces", "The account sees 1 space.".to_owned()),
        Ok(count) => report.ok("Spaces", format!("The account sees {count} spaces.")),
        Err(error) => report.warn("Spaces", format!("They could not be counted: {}.", error.reason()), "Try again."),
    }
}

pub(super) async fn jira(gateway: &Gateway, report: &mut CheckReport) {
    if !readable(gateway, Product::Jira, "Jira", report).await {
        return;
    }
    report.offer(Product::Jira);
    let (browse, view) = futures_util::join!(projects(gateway, "browse"), projects(gateway, "view"));
    let remedy = "Give the service account Browse Projects in each project that is to be found.";
    match (browse, view) {
        (Ok(browse), Ok(view)) if view > browse => {
            let what = format!("The account knows of {view} projects, but may read only {browse} of them.");
            report.warn("Projects", what, remedy);
        }
        (Ok(0), _) => report.warn("Projects", "The account may read no project.", remedy),
        (Ok(1), _) => report.ok("Projects", "The account may read 1 project.".to_owned()),
        (Ok(browse), _) => report.ok("Projects", format!("The account may read {browse} projects.")),
        (Err(error), _) => {
            report.warn("Projects", format!("They could not be counted: {}.", error.reason()), "Try again.");
        }
    }
}

#[derive(Deserialize)]
struct Total {
    total: u64,
}

/// `view` also counts projects that the account merely administers (sheet 3.4).
async fn projects(gateway: &Gateway, action: &str) -> Result<u64, CallError> {
    let call = Call::new(Endpoint::JiraProjects).query("action", action).query("maxResults", 1);
    gateway.send(call).await?.json::<Total>().map(|page| page.total)
}

/// Whether the product can be read, with rows for what speaks against it.
async fn readable(gateway: &Gateway, product: Product, name: &str, report: &mut CheckReport) -> bool {
    let probed = probe(gateway, product).await;
    if no_access(&probed) {
        let what = format!("The account has no access to {name}, or the site does not have it.");
        let remedy = format!("Give the service account access to {name}, if {name} is to be found.");
        report.warn(name, what, remedy);
        return false;
    }
    let essentials = |wanted: fn(&Probed) -> bool| probed.iter().any(|(need, probed)| need.essential && wanted(probed));
    if essentials(|probed| matches!(probed, Probed::Unknown(_))) {
        let reason = probed.iter().find_map(|(_, probed)| match probed {
            Probed::Unknown(reason) => Some(reason.as_str()),
            _ => None,
        });
        let what = format!("{name} could not be asked: {}.", reason.unwrap_or("no answer"));
        report.fail(name, what, "Try again in a minute.");
        return false;
    }
    let usable = !essentials(|probed| matches!(probed, Probed::Missing));
    let whole: Vec<&str> = scopes_to_grant(product).map(|need| need.scope).collect();
    let remedy = format!("Create a token with these scopes: {}.", whole.join(" "));
    let before = report.rows.len();
    for (need, probed) in &probed {
        row(need, probed, &remedy, report);
    }
    if report.rows.len() == before {
        report.ok(name, format!("The token has all {} scopes that {name} needs.", whole.len()));
    }
    usable
}

/// Every essential probe that is not stopped by a scope says that the account is out.
fn no_access(probed: &[(&Need, Probed)]) -> bool {
    let essentials = probed.iter().filter(|(need, _)| need.essential).map(|(_, probed)| probed);
    let mut told = essentials.filter(|probed| !matches!(probed, Probed::Missing)).peekable();
    told.peek().is_some() && told.all(|probed| matches!(probed, Probed::NoProduct | Probed::AccountRefused))
}

fn row(need: &Need, probed: &Probed, remedy: &str, report: &mut CheckReport) {
    let scope = format!("Scope {}", need.scope);
    match probed {
        Probed::Granted => {}
        Probed::Missing if need.essential => {
            report.fail(scope, format!("The token lacks it; without it, {}.", need.without), remedy);
        }
        Probed::Missing => report.warn(scope, format!("The token lacks it; without it, {}.", need.without), remedy),
        Probed::NoProduct | Probed::AccountRefused => {
            let what = format!("The token has it, but the account itself is refused; so {}.", need.without);
            report.warn(scope, what, "Make the service account an administrator of the product.");
        }
        Probed::Unknown(reason) => {
            report.warn(scope, format!("Whether the token has it is unknown: {reason}."), "Try again in a minute.");
        }
    }
}
