//! Asking the source itself what one of its people may see: for comparisons, never for decisions.
//!
//! Both calls answer for others only if the account administers the product (sheet 2.3, 3.5). They read by `POST`.

use crate::confluence::ConfluenceCloud;
use crate::http::{Call, CallError, Endpoint, Fault};
use crate::jira::cloud::JiraCloud;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// The most issues of one call.
pub const MOST_ISSUES: usize = 1000;

/// Why the source gave no answer about a person.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// The account may not ask for others: no question of this kind will be answered.
    #[error("{0}")]
    NotAllowed(String),
    /// This one question has no answer: the person or the document is gone, or hidden from the account.
    #[error("{0}")]
    Unknown(String),
    /// The source or the network failed.
    #[error("{0}")]
    Failed(String),
}

fn no_answer(error: &CallError, product: &str, right: &str) -> NoAnswer {
    match &error.fault {
        Fault::Forbidden(_) | Fault::ScopeMissing => {
            let reason = error.reason();
            NoAnswer::NotAllowed(format!(
                "{product} does not say what others may see ({reason}); give the service account `{right}`"
            ))
        }
        Fault::NotFound | Fault::Rejected { .. } => NoAnswer::Unknown(error.reason()),
        _ => NoAnswer::Failed(error.to_string()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    #[serde(default)]
    project_permissions: Vec<GrantedOn>,
}

#[derive(Deserialize)]
struct GrantedOn {
    permission: String,
    #[serde(default)]
    issues: Vec<crate::id::Id>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowed {
    has_permission: bool,
}

impl JiraCloud {
    /// Which of these issues a person may see, levels included, as Jira itself answers. At most [`MOST_ISSUES`], by id.
    ///
    /// # Errors
    /// When Jira does not answer, or not for this account.
    pub async fn visible_issues(&self, person: &str, issues: &[String]) -> Result<BTreeSet<String>, NoAnswer> {
        let numbers: Vec<u64> = issues.iter().take(MOST_ISSUES).filter_map(|id| id.parse().ok()).collect();
        let asked = json!({"accountId": person, "globalPermissions": [],
            "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [], "issues": numbers}]});
        let call = Call::new(Endpoint::JiraPermissionsCheck).json(&asked);
        let answer = self.gateway().send(call).await.and_then(|answer| answer.json::<Granted>());
        let granted = answer.map_err(|error| no_answer(&error, "Jira", "Administer Jira"))?;
        let browse = granted.project_permissions.into_iter().filter(|row| row.permission == "BROWSE_PROJECTS");
        Ok(browse.flat_map(|row| row.issues).map(|id| id.0).collect())
    }
}

impl ConfluenceCloud {
    /// Whether a person may see a page or blog post, as Confluence itself answers.
    ///
    /// # Errors
    /// When Confluence does not answer, or not for this account.
    pub async fn is_visible(&self, person: &str, content: &str) -> Result<bool, NoAnswer> {
        let asked = json!({"subject": {"type": "user", "identifier": person}, "operation": "read"});
        let call = Call::to(Endpoint::ConfluencePermissionCheck, [content]).json(&asked);
        let answer = self.gateway().send(call).await.and_then(|answer| answer.json::<Allowed>());
        let allowed = answer.map_err(|error| no_answer(&error, "Confluence", "Confluence administrator"))?;
        Ok(allowed.has_permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jira::double::Double;
    use access::SourceId;
    use model::{Scope, SiteDomain};
    use serde_json::Value;

    async fn products(status: u16, answer: Value) -> (Double, JiraCloud, ConfluenceCloud) {
        let double = Double::start(move |_| (status, answer.clone())).await;
        let site = SiteDomain::parse("acme.atlassian.net").unwrap();
        let jira = JiraCloud::new(double.gateway(None), SourceId(1), &site, Scope::default());
        let confluence = ConfluenceCloud::new(&double.gateway(None), SourceId(2), site, Scope::default());
        (double, jira, confluence)
    }

    #[tokio::test]
    async fn both_products_are_asked_by_id_and_answer_by_id() {
        let granted = json!({"globalPermissions": [], "projectPermissions": [
            {"permission": "BROWSE_PROJECTS", "projects": [], "issues": [10002]}], "hasPermission": false, "errors": []});
        let (double, jira, confluence) = products(200, granted).await;
        let visible = jira.visible_issues("acc-1", &["10001".into(), "10002".into(), "odd".into()]).await.unwrap();
        assert_eq!(visible, BTreeSet::from(["10002".to_owned()]));
        assert_eq!(confluence.is_visible("acc-1", "70001").await, Ok(false));
        let asked = &double.asked("permissions/check")[0].body;
        assert_eq!(asked["projectPermissions"][0]["issues"], json!([10001, 10002]));
        let asked = &double.asked("content/70001/permission/check")[0].body;
        assert_eq!(asked, &json!({"subject": {"type": "user", "identifier": "acc-1"}, "operation": "read"}));
    }

    #[tokio::test]
    async fn a_refusal_for_others_is_told_apart_from_a_question_without_an_answer() {
        let refused = json!({"errorMessages": ["Only administrators"], "errors": {}});
        let (_double, jira, confluence) = products(403, refused).await;
        let told = jira.visible_issues("acc-1", &["1".into()]).await.unwrap_err();
        assert!(matches!(&told, NoAnswer::NotAllowed(reason) if reason.contains("`Administer Jira`")), "{told:?}");
        assert!(matches!(confluence.is_visible("acc-1", "1").await, Err(NoAnswer::NotAllowed(_))));
        let (_double, _, confluence) = products(404, json!({"statusCode": 404, "message": "gone"})).await;
        assert!(matches!(confluence.is_visible("acc-1", "1").await, Err(NoAnswer::Unknown(_))));
    }
}
