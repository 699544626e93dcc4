//! What the service account can and cannot read of a product, asked anew: for a report, never for decisions (sheet 3.9).
//!
//! What leaves no trace at all cannot be found here; it is listed as what cannot be known.

use crate::confluence::ConfluenceCloud;
use crate::http::{Call, CallError, Endpoint, Gateway, unless_refused};
use crate::id::Id;
use crate::jira::cloud::{JiraCloud, all_pages};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::ContainerKey;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use sync::FetchError;

/// Projects that are looked into one by one; the rest is told as not looked into.
const MOST: usize = 200;
/// Calls prepared side by side; the governor sets the pace.
const AT_ONCE: usize = 8;

/// Something that is missing or hidden, with the way to mend it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Which thing: `project ENG`, `Administer Jira`.
    pub item: String,
    /// What is so, and what follows from it; a message without a full stop.
    pub what: String,
    /// Which grant or scope would mend it.
    pub remedy: String,
}

impl Finding {
    fn new(item: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { item: item.into(), what: what.into(), remedy: remedy.into() }
    }
}

/// What an examination found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Examination {
    /// About the product as a whole, and about containers that are not read at all.
    pub findings: Vec<Finding>,
    /// About containers that are read.
    pub containers: BTreeMap<ContainerKey, Vec<Finding>>,
    /// What no call can tell.
    pub unknowable: &'static [&'static str],
}

const JIRA_UNKNOWABLE: &[&str] = &[
    "issues with a security level that the service account is not in: Jira leaves them out of every list, unless a project's own count betrays them",
    "comments and worklogs for roles and groups that the service account is not in",
    "projects that the service account may neither browse nor administer",
    "archived issues: Jira lists none",
    "who may open an open or limited team-managed project, where Jira does not answer for others",
];

const CONFLUENCE_UNKNOWABLE: &[&str] = &[
    "pages, blog posts and folders with a view restriction that does not name the service account: Confluence leaves them out of every list",
    "spaces that the service account may not view",
    "whether a guest may use Confluence: no call names the groups that let guests in",
    "restrictions that were changed after they were last read",
];

#[derive(Deserialize)]
struct ListedProject {
    id: Id,
    key: String,
    insight: Option<Insight>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Insight {
    total_issue_count: Option<u64>,
}

#[derive(Deserialize)]
struct Mine {
    permissions: BTreeMap<String, Have>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Have {
    have_permission: bool,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

/// Whether the account holds one permission, everywhere or in a project.
async fn holds(gateway: &Gateway, permission: &str, project: Option<&str>) -> Result<bool, CallError> {
    let call = Call::new(Endpoint::JiraMyPermissions).query("permissions", permission).query_opt("projectId", project);
    let mine: Mine = gateway.send(call).await?.json()?;
    Ok(mine.permissions.get(permission).is_some_and(|have| have.have_permission))
}

async fn projects(gateway: &Gateway, action: &str) -> Result<Vec<ListedProject>, CallError> {
    let call = || {
        Call::new(Endpoint::JiraProjects).query("action", action).query("expand", "insight").query("maxResults", 100)
    };
    all_pages(gateway, call, "project", &mut Vec::new()).await
}

impl JiraCloud {
    /// Looks what the service account can read of Jira: 4 calls, and 1 or 2 for each of at most 200 projects.
    ///
    /// # Errors
    /// When Jira cannot be reached or refuses the credential.
    pub async fn examine(&self) -> Result<Examination, FetchError> {
        let gateway = self.gateway();
        let mut found = Examination { unknowable: JIRA_UNKNOWABLE, ..Examination::default() };
        let admin = holds(gateway, "ADMINISTER", None).await?;
        if !admin {
            found.findings.push(Finding::new(
                "Administer Jira",
                "the service account does not have it: issues with a security level are hidden, grants to one Jira \
                 application admit nobody, and Jira does not say what others may see",
                "give the service account the global permission `Administer Jira`",
            ));
        }
        if !holds(gateway, "USER_PICKER", None).await? {
            found.findings.push(Finding::new(
                "Browse users and groups",
                "the service account does not have it: people and the members of groups cannot be listed",
                "give the service account the global permission `Browse users and groups`, or add an organization key",
            ));
        }
        let browsed = projects(gateway, "browse").await?;
        for project in projects(gateway, "view").await? {
            if !browsed.iter().any(|known| known.id == project.id) {
                found.findings.push(Finding::new(
                    format!("project {}", project.key),
                    "the service account administers it but may not browse it, so nothing of it is read",
                    "give the service account `Browse Projects` there",
                ));
            }
        }
        if browsed.len() > MOST {
            let what = format!("only {MOST} of {} projects were looked into one by one", browsed.len());
            found.findings.push(Finding::new("projects", what, "see the warnings of the last sync for the others"));
        }
        let each = browsed.iter().take(MOST).map(|project| self.examine_project(project, admin));
        let each: Vec<_> = stream::iter(each.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await?;
        found.containers = each.into_iter().filter(|(_, findings)| !findings.is_empty()).collect();
        Ok(found)
    }

    async fn examine_project(
        &self,
        project: &ListedProject,
        admin: bool,
    ) -> Result<(ContainerKey, Vec<Finding>), FetchError> {
        let (gateway, id) = (self.gateway(), project.id.0.as_str());
        let item = || format!("project {}", project.key);
        let mut findings = Vec::new();
        if !admin && !holds(gateway, "ADMINISTER_PROJECTS", Some(id)).await? {
            findings.push(Finding::new(
                item(),
                "its permission scheme and the members of its roles cannot be read, so nobody finds its issues",
                "give the service account `Administer Projects` there, or `Administer Jira`",
            ));
        }
        let asked = json!({ "jql": format!("project = {id}") });
        let counted = gateway.send(Call::new(Endpoint::JiraApproximateCount).json(&asked)).await;
        let counted = unless_refused(counted.and_then(|answer| answer.json::<Count>()))?;
        let stated = project.insight.as_ref().and_then(|insight| insight.total_issue_count);
        if let (Ok(Count { count }), Some(stated)) = (counted, stated)
            && stated > count
        {
            let what = format!(
                "Jira states {stated} issues, of which the service account finds {count}: the others are archived, or have \
                 a security level or a grant that leaves it out"
            );
            let remedy = "put the service account into each security level, and grant it `Browse Projects` by name";
            findings.push(Finding::new(item(), what, remedy));
        }
        Ok((ContainerKey(id.to_owned()), findings))
    }
}

impl ConfluenceCloud {
    /// Looks what the service account can read of Confluence: two calls.
    ///
    /// # Errors
    /// When Confluence cannot be reached or refuses the credential.
    pub async fn examine(&self) -> Result<Examination, FetchError> {
        let mut found = Examination { unknowable: CONFLUENCE_UNKNOWABLE, ..Examination::default() };
        let mode = Call::new(Endpoint::ConfluenceSpaceRoleMode).confirmed();
        if let Err(reason) = unless_refused(self.gateway().send(mode).await)? {
            found.findings.push(Finding::new(
                "space roles",
                format!("whether spaces use roles cannot be read, so roles admit nobody: {reason}"),
                "create a token with the scope `read:configuration:confluence`",
            ));
        }
        let groups = Call::new(Endpoint::ConfluenceGroups).query("limit", 1);
        if let Err(reason) = unless_refused(self.gateway().send(groups).await)? {
            found.findings.push(Finding::new(
                "groups",
                format!("groups cannot be listed, so nobody is admitted through one: {reason}"),
                "create a token with the scope `read:group:confluence`, and let the service account view people",
            ));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jira::double::{Asked, Double};
    use access::SourceId;
    use model::{Scope, SiteDomain};
    use serde_json::Value;

    fn project(id: &str, key: &str, issues: u64) -> Value {
        json!({"id": id, "key": key, "insight": {"totalIssueCount": issues}})
    }

    /// Administers OPS without browsing it; sees 3 of the 5 issues of ENG.
    fn answers(asked: &Asked, admin: bool) -> (u16, Value) {
        let values =
            |values: Vec<Value>| json!({"startAt": 0, "total": values.len(), "isLast": true, "values": values});
        let body = match asked.path.as_str() {
            "/rest/api/3/mypermissions" => {
                let permission = asked.query["permissions"].as_str();
                json!({"permissions": {permission: {"havePermission": admin}}})
            }
            "/rest/api/3/project/search" if asked.query["action"] == "browse" => values(vec![project("1", "ENG", 5)]),
            "/rest/api/3/project/search" => values(vec![project("1", "ENG", 5), project("2", "OPS", 9)]),
            "/rest/api/3/search/approximate-count" => json!({"count": 3}),
            _ => return (403, json!({"message": "no"})),
        };
        (200, body)
    }

    async fn examined(admin: bool) -> Examination {
        let double = Double::start(move |asked| answers(asked, admin)).await;
        let site = SiteDomain::parse("acme.atlassian.net").unwrap();
        JiraCloud::new(double.gateway(None), SourceId(1), &site, Scope::default()).examine().await.unwrap()
    }

    fn items(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.item.as_str()).collect()
    }

    #[tokio::test]
    async fn projects_that_are_only_administered_and_counts_that_differ_leave_a_trace() {
        let found = examined(true).await;
        assert_eq!(items(&found.findings), ["project OPS"]);
        let of_eng = &found.containers[&ContainerKey("1".into())];
        assert!(of_eng[0].what.contains("states 5 issues") && of_eng[0].what.contains("finds 3"), "{of_eng:?}");
        assert_eq!(of_eng.len(), 1);
        assert!(!found.unknowable.is_empty());
    }

    #[tokio::test]
    async fn what_needs_an_administrator_is_told_with_the_grant_that_mends_it() {
        let found = examined(false).await;
        assert_eq!(items(&found.findings), ["Administer Jira", "Browse users and groups", "project OPS"]);
        assert_eq!(found.containers[&ContainerKey("1".into())].len(), 2);
        let double = Double::start(|asked| answers(asked, false)).await;
        let site = SiteDomain::parse("acme.atlassian.net").unwrap();
        let confluence = ConfluenceCloud::new(&double.gateway(None), SourceId(2), site, Scope::default());
        assert_eq!(items(&confluence.examine().await.unwrap().findings), ["space roles", "groups"]);
    }
}
