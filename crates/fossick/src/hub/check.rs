//! A credential check in the words of the pages.

use atlassian::check::{self, Outcome};
use atlassian::http::{HttpOptions, OrgKey};
use model::Millis;
use web::operations::{CheckOutcome, CheckReport, CheckRow, Connection};

/// What a usable credential opened.
pub(super) struct Found {
    pub(super) site: String,
    pub(super) cloud_id: String,
}

/// Tries a credential. The second part is there when something can be connected with it.
pub(super) async fn report(
    typed: &Connection,
    http: &HttpOptions,
    last_worked: Option<Millis>,
) -> (CheckReport, Option<Found>) {
    let org = typed.organization.clone().map(|(org_id, key)| OrgKey { org_id, key });
    let checked = check::check_credential(&typed.domain, &typed.token, org.as_ref(), last_worked, http).await;
    let rows = checked.rows.iter().map(|row| CheckRow {
        check: row.check.clone(),
        outcome: match row.outcome {
            Outcome::Ok => CheckOutcome::Ok,
            Outcome::Warn => CheckOutcome::Warning,
            Outcome::Fail => CheckOutcome::Failed,
        },
        found: row.what.clone(),
        remedy: row.remedy.clone(),
    });
    let report = CheckReport { rows: rows.collect(), products: checked.products.clone() };
    let found = match (&checked.site, &checked.cloud_id) {
        (Some(site), Some(cloud_id)) if checked.is_usable() => {
            Some(Found { site: site.to_string(), cloud_id: cloud_id.clone() })
        }
        _ => None,
    };
    (report, found)
}
