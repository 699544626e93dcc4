//! The clauses behind restricted comments, resolved once the comments are read.

use crate::http::unless_refused;
use crate::http::{Call, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::permissions::{Audience, ClauseBuilder};
use crate::known::store_failed;
use access::{Clause, Group, Hidden, Holder, Principal};
use model::{ClauseKey, Origin, Problem, ProblemKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use sync::{FetchError, Item, Known};

/// Keys of clauses asked the store for at a time.
const KEYS: usize = 500;

/// One audience in one project.
pub(super) type Wanted = (Audience, String);

/// Where each audience's clause is found.
pub(super) type Keys = BTreeMap<Wanted, ClauseKey>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedGroup {
    name: String,
    group_id: String,
}

impl JiraCloud {
    /// Resolves audiences. Gives the clause to store for each, and which key to point to.
    pub(super) async fn audiences(
        &self,
        wanted: BTreeSet<Wanted>,
        problems: &mut Vec<Problem>,
    ) -> Result<(Keys, BTreeMap<ClauseKey, Clause>), FetchError> {
        let (mut keys, mut clauses) = (Keys::new(), BTreeMap::new());
        for (audience, project) in wanted {
            let (id, clause) = self.audience(&audience, &project, problems).await?;
            let key = audience.key(id.as_deref(), &project);
            clauses.entry(key.clone()).or_insert(clause);
            keys.insert((audience, project), key);
        }
        Ok((keys, clauses))
    }

    /// The actors of roles that comments are restricted to, read again. They are met with comments only, and who acts in a role
    /// may change while no comment does.
    pub(super) async fn role_audiences(
        &self,
        known: &dyn Known,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Item>, FetchError> {
        let mut items = Vec::new();
        let mut after: Option<ClauseKey> = None;
        loop {
            let stored = known.clauses(Origin::Audience, after.as_ref(), KEYS).map_err(store_failed)?;
            let Some(last) = stored.last().cloned() else { return Ok(items) };
            for key in stored {
                if let Some((role, project)) = Audience::role_of(&key) {
                    let (_, clause) = self.role_audience(role, project, problems).await?;
                    items.push(Item::Clause { key, clause });
                }
            }
            after = Some(last);
        }
    }

    async fn audience(
        &self,
        audience: &Audience,
        project: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<(Option<String>, Clause), FetchError> {
        let group = |id: &str| Clause::any_of([Principal::new(self.source, Holder::Group(Group::Id(id.into())))]);
        let (cause, what) = match audience {
            Audience::Group(id) => return Ok((None, group(id))),
            Audience::GroupName(name) => match self.group_named(name).await? {
                Some(id) => return Ok((Some(id.clone()), group(&id))),
                None => (Hidden::NotUnderstood, "a group that cannot be found by its name".to_owned()),
            },
            Audience::RoleName(name) => match self.role_names(project).await? {
                None => (Hidden::Forbidden, "a role, but the project's roles cannot be read".to_owned()),
                Some(roles) => match roles.get(name) {
                    Some(role) => return self.role_audience(role, project, problems).await,
                    None => (Hidden::NotUnderstood, format!("a role that project {project} does not have")),
                },
            },
            Audience::NotUnderstood(kind) => {
                (Hidden::NotUnderstood, format!("an audience of the unknown type `{kind}`"))
            }
        };
        let reason = format!("some are for {what}, so nobody finds them");
        problems.push(Problem::new(
            ProblemKind::Permission,
            format!("restricted comments of project {project}"),
            reason,
        ));
        Ok((None, Clause::nobody(cause)))
    }

    async fn role_audience(
        &self,
        role: &str,
        project: &str,
        problems: &mut Vec<Problem>,
    ) -> Result<(Option<String>, Clause), FetchError> {
        let actors = self.actors(project, BTreeSet::from([role.to_owned()])).await?;
        let mut builder = ClauseBuilder::new(self.source, format!("comments for role {role} in project {project}"));
        builder.role(role, actors.get(role));
        let (clause, mut noted) = builder.finish();
        problems.append(&mut noted);
        Ok((Some(role.to_owned()), clause))
    }

    /// The id of the one group with this name. Names compare exactly: a group that differs in case is another.
    async fn group_named(&self, name: &str) -> Result<Option<String>, FetchError> {
        if let Some(kept) = self.cache.lock().groups.get(name) {
            return Ok(kept.clone());
        }
        let call = Call::new(Endpoint::JiraGroups).query("groupName", name);
        let answer = self.gateway.send(call).await.and_then(|answer| answer.records::<NamedGroup>("values", "group"));
        let found = unless_refused(answer)?.ok().map(|groups| groups.found).unwrap_or_default();
        let id = found.into_iter().find(|group| group.name == name).map(|group| group.group_id);
        self.cache.lock().groups.insert(name.to_owned(), id.clone());
        Ok(id)
    }
}
