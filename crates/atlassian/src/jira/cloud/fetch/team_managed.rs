//! Who may browse a team-managed project (sheet section 4.2).
//!
//! In a private one: whom its own scheme names, or else the actors of its roles, and nobody besides. An open or limited one
//! is for everybody with the product as well, but no grant says so. An administrator may say it, once for all or project
//! by project; where the account may ask for others, Jira is asked person by person; else only the roles count.

use crate::directory;
use crate::http::{Call, CallError, Endpoint, Fault, unless_refused};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::permissions::{Browse, ClauseBuilder, Named};
use crate::jira::cloud::wire;
use access::mutants::off;
use access::{Clause, Hidden};
use futures_util::future::join_all;
use model::{Container, Problem, ProblemKind};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::FetchError;

/// The most people that are asked for one by one, each reading of permissions anew. A larger site needs the word of its
/// administrator.
const MOST_ASKED: usize = 250;
/// People asked for at a time; the governor sets the pace.
const AT_ONCE: usize = 8;

/// Who else may browse the open projects, as Jira answered for each person; or why it did not.
pub(super) type Visitors = Result<BTreeMap<String, BTreeSet<String>>, String>;

/// `POST /permissions/check`: only what is granted comes back.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    #[serde(default)]
    project_permissions: Vec<GrantedIn>,
}

#[derive(Deserialize)]
struct GrantedIn {
    permission: String,
    #[serde(default)]
    projects: Vec<wire::Id>,
}

impl JiraCloud {
    /// Asks who may browse those projects that are open and that no administrator has vouched for.
    pub(super) async fn visitors(&self, projects: &[(Container, wire::Project)]) -> Result<Visitors, FetchError> {
        let open = projects.iter().map(|(_, project)| project);
        let open = open.filter(|project| project.is_team_managed() && !project.is_private);
        let open: Vec<u64> = open.filter(|project| !self.open.holds(&project.id.0)).filter_map(number).collect();
        if open.is_empty() {
            return Ok(Ok(BTreeMap::new()));
        }
        let people = match self.people().await? {
            Ok(people) if people.len() <= MOST_ASKED => people,
            Ok(people) => return Ok(Err(format!("{} people are too many to ask for one by one", people.len()))),
            Err(reason) => return Ok(Err(format!("people cannot be listed ({reason})"))),
        };
        let mut visitors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for some in people.chunks(AT_ONCE) {
            let answers = join_all(some.iter().map(|person| self.may_browse(person, &open))).await;
            for (person, answer) in some.iter().zip(answers) {
                let projects = match answer {
                    Ok(projects) => projects,
                    // An account that Jira does not take for a person any more holds nothing.
                    Err(CallError { fault: Fault::Rejected { status: 400, .. } | Fault::NotFound, .. }) => continue,
                    Err(error) => match unless_refused::<()>(Err(error))? {
                        Ok(()) => continue,
                        Err(reason) => return Ok(Err(format!("Jira does not answer for others ({reason})"))),
                    },
                };
                for project in projects {
                    visitors.entry(project).or_default().insert(person.clone());
                }
            }
        }
        Ok(Ok(visitors))
    }

    /// Which of these projects a person may browse.
    async fn may_browse(&self, person: &str, projects: &[u64]) -> Result<Vec<String>, CallError> {
        let asked = json!({"accountId": person, "globalPermissions": [],
            "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": projects, "issues": []}]});
        let answer = self.gateway.send(Call::new(Endpoint::JiraPermissionsCheck).json(&asked)).await?;
        let granted: Granted = answer.json()?;
        let browse = granted.project_permissions.into_iter().filter(|row| row.permission == "BROWSE_PROJECTS");
        Ok(browse.flat_map(|row| row.projects).map(|id| id.0).collect())
    }

    /// Everybody who may sign in, asked for once per crawl.
    async fn people(&self) -> Result<Result<Vec<String>, String>, FetchError> {
        if let Some(kept) = self.cache.lock().people.clone() {
            return Ok(kept);
        }
        let people = directory::people(&self.gateway).await?;
        self.cache.lock().people = Some(people.clone());
        Ok(people)
    }

    /// The clause of a team-managed project.
    pub(super) async fn team_members(
        &self,
        project: &wire::Project,
        visitors: &Visitors,
        problems: &mut Vec<Problem>,
    ) -> Result<Clause, FetchError> {
        let own = self.own_browse(&project.id.0).await?;
        // Whoever could be an issue's reporter may browse the project as a whole, as Jira answers; not each issue of it.
        let by_issue = own.as_ref().is_ok_and(|own| own.as_ref().is_some_and(depends_on_the_issue));
        let mut builder = match own {
            Ok(Some(browse)) => self.granted(project, &browse).await?,
            Ok(None) => self.by_roles(project).await?,
            // Roles need the same permission as the scheme; without the scheme a role without Browse could pass for one with.
            Err(reason) => {
                let mut builder = ClauseBuilder::new(self.source, format!("access to project {}", project.key));
                let reason = format!(
                    "its own permission scheme cannot be read ({reason}); give the service account `Administer projects` there"
                );
                builder.lose(Hidden::Forbidden, &reason);
                builder
            }
        };
        let open_to_all = off("jira.private-projects");
        if !project.is_private || open_to_all {
            if self.open.holds(&project.id.0) || open_to_all {
                builder.add(&Named::Licensed, None, |_| None);
            } else if let (Ok(visitors), false) = (visitors, by_issue) {
                let of_project = visitors.get(&project.id.0).into_iter().flatten();
                of_project.for_each(|person| builder.add(&Named::User(person.clone()), None, |_| None));
            } else {
                let why = visitors.as_ref().err().map_or("its grants depend on the issue", String::as_str);
                let reason = format!(
                    "it is team-managed with open or limited access, which Jira does not list as a grant, and {why}: only \
                     members of its roles find its issues, although others may open them at the source. If everybody with \
                     access to Jira may see it, say so in the source's settings, under access"
                );
                problems.push(Problem::new(ProblemKind::Notice, format!("project {}", project.key), reason));
            }
        }
        let (clause, mut noted) = builder.finish();
        problems.append(&mut noted);
        Ok(clause)
    }

    /// All who act in any role of the project.
    async fn by_roles(&self, project: &wire::Project) -> Result<ClauseBuilder, FetchError> {
        let id = project.id.0.as_str();
        let mut builder = ClauseBuilder::new(self.source, format!("access to project {}", project.key));
        match self.role_names(id).await? {
            Some(roles) => {
                let roles: BTreeSet<String> = roles.values().cloned().collect();
                let actors = self.actors(id, roles).await?;
                actors.iter().for_each(|(role, actors)| builder.role(role, Some(actors)));
            }
            None => {
                let reason = "its roles cannot be read; give the service account `Administer projects` there";
                builder.lose(Hidden::Forbidden, reason);
            }
        }
        Ok(builder)
    }
}

fn number(project: &wire::Project) -> Option<u64> {
    project.id.0.parse().ok()
}

fn depends_on_the_issue(browse: &Browse) -> bool {
    browse.named.iter().any(|named| matches!(named, Named::Field(_)))
}
