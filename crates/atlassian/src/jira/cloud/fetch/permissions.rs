//! Schemes and security levels, each read once per crawl.

use super::all_pages;
use crate::http::unless_refused;
use crate::http::{Call, CallError, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::permissions::{Browse, Schemes, Security};
use crate::jira::cloud::wire::{self, Misfit};
use futures_util::try_join;
use model::{Problem, ProblemKind};
use std::sync::Arc;
use sync::FetchError;

/// What is asked for per page of security levels; Jira may give less.
const PAGE: u32 = 100;

impl JiraCloud {
    /// All schemes that one call shows.
    pub(super) async fn schemes(&self, problems: &mut Vec<Problem>) -> Result<Arc<Schemes>, FetchError> {
        if let Some(kept) = self.cache.lock().schemes.clone() {
            return Ok(kept);
        }
        let call = Call::new(Endpoint::JiraPermissionSchemes).query("expand", "all");
        let answer = self.gateway.send(call).await.and_then(|answer| answer.json::<wire::PermissionSchemes>());
        let schemes = match unless_refused(answer)? {
            Ok(list) => Schemes::read(list),
            Err(reason) => {
                let reason = format!("{reason}; the schemes are read one by one");
                let item = Endpoint::JiraPermissionSchemes.to_string();
                problems.push(Problem::new(ProblemKind::Notice, item, reason));
                Schemes::default()
            }
        };
        let schemes = Arc::new(schemes);
        self.cache.lock().schemes = Some(schemes.clone());
        Ok(schemes)
    }

    /// Who may browse a project by its scheme; the reason if that cannot be read.
    pub(super) async fn browse(&self, project: &str, schemes: &Schemes) -> Result<Result<Browse, String>, FetchError> {
        let scheme = match unless_refused(self.project_scheme(project, None).await)? {
            Ok(scheme) => scheme,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Some(browse) = schemes.get(&scheme.id.0) {
            return Ok(Ok(browse.clone()));
        }
        // The list for all projects may show less than a project's own scheme (sheet section 3.5).
        let alone = self.project_scheme(project, Some("permissions")).await;
        let missing = || "its permission scheme comes without its grants".to_owned();
        Ok(unless_refused(alone)?.and_then(|scheme| Browse::read(scheme).ok_or_else(missing)))
    }

    /// Whom the own scheme of a team-managed project lets browse; `None` where it has none of its own or where that grants
    /// nothing, so that roles alone tell; the reason if it cannot be read.
    pub(super) async fn own_browse(&self, project: &str) -> Result<Result<Option<Browse>, String>, FetchError> {
        let scheme = match unless_refused(self.project_scheme(project, Some("permissions")).await)? {
            Ok(scheme) => scheme,
            Err(reason) => return Ok(Err(reason)),
        };
        let browse = if scheme.is_of_one_project() { Browse::read(scheme) } else { None };
        Ok(Ok(browse.filter(|browse| !browse.named.is_empty())))
    }

    async fn project_scheme(&self, project: &str, expand: Option<&str>) -> Result<wire::PermissionScheme, CallError> {
        let call = Call::to(Endpoint::JiraProjectPermissionScheme, [project]).query_opt("expand", expand);
        self.gateway.send(call).await?.json()
    }

    /// All security levels; `None` if the account may not read them.
    pub(super) async fn security(&self, problems: &mut Vec<Problem>) -> Result<Arc<Option<Security>>, FetchError> {
        if let Some(kept) = self.cache.lock().security.clone() {
            return Ok(kept);
        }
        let mut noted = Vec::new();
        let security = match unless_refused(self.read_security(&mut noted).await)? {
            Ok(security) => Some(security),
            Err(reason) => {
                let reason = format!(
                    "{reason}; issues with a security level are hidden from everybody; give the service account \
                     `Administer Jira`"
                );
                problems.push(Problem::new(ProblemKind::Permission, "issue security levels", reason));
                None
            }
        };
        problems.extend(noted);
        let security = Arc::new(security);
        self.cache.lock().security = Some(security.clone());
        Ok(security)
    }

    async fn read_security(&self, problems: &mut Vec<Problem>) -> Result<Security, CallError> {
        let schemes = async {
            let answer = self.gateway.send(Call::new(Endpoint::JiraSecuritySchemes)).await?;
            answer.json::<wire::SecuritySchemes>()
        };
        let members = async {
            let mut problems = Vec::new();
            let call =
                || Call::new(Endpoint::JiraSecurityLevelMembers).query("expand", "all").query("maxResults", PAGE);
            let found = all_pages(&self.gateway, call, "security level member", &mut problems).await?;
            Ok::<_, CallError>((found, problems))
        };
        let projects = async {
            let mut problems = Vec::new();
            let call = || Call::new(Endpoint::JiraSecuritySchemeProjects).query("maxResults", PAGE);
            let found = all_pages(&self.gateway, call, "project of a security scheme", &mut problems).await;
            Ok((found, problems))
        };
        let (schemes, (members, bad_members), (projects, bad_projects)) = try_join!(schemes, members, projects)?;
        let misfits: Vec<Misfit> =
            bad_members.iter().map(|bad| Misfit { id: Some(bad.item.clone()), reason: bad.reason.clone() }).collect();
        problems.extend(bad_members.into_iter().map(|bad| Problem { kind: ProblemKind::Permission, ..bad }));
        problems.extend(bad_projects.into_iter().map(|bad| Problem { kind: ProblemKind::Notice, ..bad }));
        let projects = match projects {
            Ok(projects) => projects,
            // Which project uses which scheme is also told by each issue's own level, so this alone hides nothing.
            Err(error) if error.is_refusal() => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Security::read(schemes, members, &misfits, projects))
    }
}
