//! Who acts in the roles of a project, asked only for roles that something names.

use crate::http::unless_refused;
use crate::http::{Call, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::permissions::{self, Actors};
use crate::jira::cloud::wire;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::FetchError;

/// Roles asked for at a time; the governor sets the pace.
const AT_ONCE: usize = 8;

impl JiraCloud {
    /// The actors of some roles of one project.
    pub(super) async fn actors(
        &self,
        project: &str,
        roles: BTreeSet<String>,
    ) -> Result<BTreeMap<String, Actors>, FetchError> {
        let read = roles.into_iter().map(|role| async move {
            let actors = self.actors_of(project, &role).await?;
            Ok::<_, FetchError>((role, actors))
        });
        stream::iter(read).buffered(AT_ONCE).try_collect().await
    }

    async fn actors_of(&self, project: &str, role: &str) -> Result<Actors, FetchError> {
        let key = (project.to_owned(), role.to_owned());
        if let Some(kept) = self.cache.lock().actors.get(&key) {
            return Ok(kept.clone());
        }
        let call = Call::to(Endpoint::JiraProjectRole, [project, role]);
        let answer = self.gateway.send(call).await.and_then(|answer| answer.json::<wire::ProjectRole>());
        let actors = match unless_refused(answer)? {
            Ok(read) => permissions::actors(read),
            // Told by whoever needed the role, with what is hidden because of it.
            Err(_) => Actors::Forbidden,
        };
        self.cache.lock().actors.insert(key, actors.clone());
        Ok(actors)
    }

    /// The roles of a project, ids by name; `None` if they may not be read.
    pub(super) async fn role_names(&self, project: &str) -> Result<Option<Arc<BTreeMap<String, String>>>, FetchError> {
        if let Some(kept) = self.cache.lock().role_names.get(project) {
            return Ok(kept.clone());
        }
        let call = Call::to(Endpoint::JiraProjectRoles, [project]);
        let answer = self.gateway.send(call).await.and_then(|answer| answer.json::<BTreeMap<String, Value>>());
        let names = unless_refused(answer)?.ok().map(|roles| Arc::new(ids_by_name(&roles)));
        self.cache.lock().role_names.insert(project.to_owned(), names.clone());
        Ok(names)
    }

    /// The lead of a project, for a crawl that goes on after a restart; `None` if it is not told.
    pub(super) async fn lead(&self, project: &str) -> Result<Option<String>, FetchError> {
        if let Some(kept) = self.cache.lock().leads.get(project) {
            return Ok(kept.clone());
        }
        let call = Call::to(Endpoint::JiraProject, [project]);
        let answer = self.gateway.send(call).await.and_then(|answer| answer.json::<wire::Project>());
        let lead = unless_refused(answer)?.ok().and_then(|project| project.lead?.account_id);
        self.cache.lock().leads.insert(project.to_owned(), lead.clone());
        Ok(lead)
    }
}

/// Jira gives an address per role, whose last segment is the id.
fn ids_by_name(roles: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let id = |address: &Value| {
        let id = address.as_str()?.trim_end_matches('/').rsplit('/').next()?;
        (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
    };
    roles.iter().filter_map(|(name, address)| Some((name.clone(), id(address)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_of_a_role_is_the_last_segment_of_its_address() {
        let roles = json!({"Administrators": "https://api.atlassian.com/ex/jira/c/rest/api/3/project/1/role/10002",
            "Odd": "https://x/role/", "Odder": 7});
        let found = ids_by_name(&serde_json::from_value(roles).unwrap());
        assert_eq!(found, BTreeMap::from([("Administrators".to_owned(), "10002".to_owned())]));
    }
}
