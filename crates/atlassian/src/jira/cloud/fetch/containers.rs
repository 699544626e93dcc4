//! The containers stream: projects in scope, who may browse each, and the security levels of its issues.

use super::cursor;
use super::team_managed::Visitors;
use crate::http::{Call, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::permissions::{Browse, ClauseBuilder, Schemes, Security, level_key};
use crate::jira::cloud::wire::{self, Page};
use crate::known::unseen;
use access::{Clause, Hidden};
use futures_util::join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::{
    ClauseKey, Container, ContainerKey, ContainerKind, NamedKind, NodeKey, NodeKind, Origin, Problem, ProblemKind,
};
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known};

/// The most projects that Jira gives per page.
const PAGE: u32 = 100;
/// Projects whose permissions are read at a time; the governor sets the pace.
const AT_ONCE: usize = 8;

/// What was read of the site before its projects.
#[derive(Clone, Copy)]
struct Told<'a> {
    schemes: &'a Schemes,
    security: Option<&'a Security>,
    visitors: &'a Visitors,
}

impl JiraCloud {
    /// One page of projects with all their permissions.
    pub(crate) async fn read_containers(
        &self,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        let start = cursor::offset(cursor);
        if cursor.is_none() {
            self.cache.clear();
        }
        let mut problems = Vec::new();
        let (mut scheme_problems, mut security_problems) = (Vec::new(), Vec::new());
        let (listed, schemes, security) =
            join!(self.projects(start), self.schemes(&mut scheme_problems), self.security(&mut security_problems));
        let (projects, next) = listed?;
        let (schemes, security) = (schemes?, security?);
        problems.append(&mut scheme_problems);
        problems.append(&mut security_problems);
        let wanted = projects.into_found(&mut problems).into_iter().filter_map(|project| {
            let container = self.container(&project);
            self.scope.admits(&container).then_some((container, project))
        });
        let wanted: Vec<(Container, wire::Project)> = wanted.collect();
        let visitors = self.visitors(&wanted).await?;
        let told = Told { schemes: &schemes, security: security.as_ref().as_ref(), visitors: &visitors };
        let read = wanted.into_iter().map(|(container, project)| self.project(container, project, told));
        let read: Vec<(Vec<Item>, Vec<Problem>)> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
        let mut items = Vec::new();
        for (mut some, mut noted) in read {
            items.append(&mut some);
            problems.append(&mut noted);
        }
        let levels = items.iter().filter_map(|item| match item {
            Item::Clause { key, .. } if key.origin == Origin::SecurityLevel => Some(key.clone()),
            _ => None,
        });
        self.cache.lock().levels.extend(levels);
        if next.is_none() {
            items.extend(self.role_audiences(known, &mut problems).await?);
            problems.extend(unseen(&self.scope, known, &items)?);
        }
        let checkpoint = next.map_or(Checkpoint::Complete, |next| Checkpoint::At(cursor::at_offset(next)));
        Ok(Batch::new(items, problems, checkpoint))
    }

    /// Every project that the service account may browse, archived ones included where the scope says so.
    pub async fn all_projects(&self) -> Result<Vec<Container>, FetchError> {
        let mut all = Vec::new();
        let mut start = Some(0);
        while let Some(from) = start {
            let (projects, next) = self.projects(from).await?;
            // A project that cannot be read is named by the sync; a list to choose from goes on without it.
            all.extend(projects.into_found(&mut Vec::new()).iter().map(|project| self.container(project)));
            start = next;
        }
        Ok(all)
    }

    /// `action=browse`, because the default also lists projects that the account merely administers (sheet 3.4).
    async fn projects(&self, start: u64) -> Result<(crate::http::Records<wire::Project>, Option<u64>), FetchError> {
        let mut call = Call::new(Endpoint::JiraProjects)
            .query("action", "browse")
            .query("expand", "lead")
            .query("orderBy", "key")
            .query("maxResults", PAGE)
            .query("startAt", start);
        if self.scope.archived {
            call = call.query("status", "live").query("status", "archived");
        }
        let answer = self.gateway.send(call).await?;
        let page: Page = answer.json()?;
        Ok((answer.records("values", "project")?, page.next(start).filter(|next| *next > start)))
    }

    fn container(&self, project: &wire::Project) -> Container {
        Container {
            key: ContainerKey(project.id.0.clone()),
            kind: ContainerKind::Project,
            short: project.key.clone(),
            name: project.name.clone().unwrap_or_else(|| project.key.clone()),
            archived: project.archived,
            url: format!("{}/browse/{}", self.site, project.key),
        }
    }

    async fn project(
        &self,
        container: Container,
        project: wire::Project,
        Told { schemes, security, visitors }: Told<'_>,
    ) -> Result<(Vec<Item>, Vec<Problem>), FetchError> {
        let mut problems = Vec::new();
        let id = project.id.0.as_str();
        let lead = project.lead.as_ref().and_then(|lead| lead.account_id.clone());
        self.cache.lock().leads.insert(id.to_owned(), lead);
        let browse = if project.is_team_managed() {
            self.team_members(&project, visitors, &mut problems).await?
        } else {
            self.browsers(&project, schemes, &mut problems).await?
        };
        let key = ClauseKey::new(Origin::BrowseProject, id);
        let node = NodeKey::new(NodeKind::Project, id);
        let mut items = vec![Item::Container(container), Item::Clause { key: key.clone(), clause: browse }];
        for level in security.into_iter().flat_map(|security| security.levels_of(id)) {
            if let Some(clause) = self.level(level, id, security, &mut problems).await? {
                items.push(Item::Clause { key: level_key(level, id), clause });
            }
            if let Some(name) = security.and_then(|security| security.name_of(level)) {
                let (native, name) = (level.to_owned(), name.to_owned());
                items.push(Item::Name { kind: NamedKind::SecurityLevel, native, name });
            }
        }
        items.push(Item::Place { node: node.clone(), parent: None });
        items.push(Item::Layers { node, own: vec![key], inline: Vec::new() });
        Ok((items, problems))
    }

    /// Who may browse a company-managed project: what its scheme grants.
    async fn browsers(
        &self,
        project: &wire::Project,
        schemes: &Schemes,
        problems: &mut Vec<Problem>,
    ) -> Result<Clause, FetchError> {
        let id = project.id.0.as_str();
        let browse = match self.browse(id, schemes).await? {
            Ok(browse) => browse,
            Err(reason) => {
                let reason = format!(
                    "its permission scheme cannot be read, so nobody finds its issues: {reason}; give the service \
                     account `Administer projects` there or `Administer Jira`"
                );
                problems.push(Problem::new(ProblemKind::Permission, format!("project {}", project.key), reason));
                return Ok(Clause::nobody(Hidden::Forbidden));
            }
        };
        let (clause, mut noted) = self.granted(project, &browse).await?.finish();
        problems.append(&mut noted);
        Ok(clause)
    }

    /// Everybody whom the grants of Browse name in one project.
    pub(super) async fn granted(&self, project: &wire::Project, browse: &Browse) -> Result<ClauseBuilder, FetchError> {
        let actors = self.actors(&project.id.0, browse.roles()).await?;
        let lead = project.lead.as_ref().and_then(|lead| lead.account_id.as_deref());
        let mut builder = ClauseBuilder::new(self.source, format!("Browse Projects of project {}", project.key));
        for named in &browse.named {
            builder.add(named, lead, |role| actors.get(role));
        }
        Ok(builder)
    }

    /// The clause of a security level in one project; `None` for a level that is not known.
    pub(super) async fn level(
        &self,
        level: &str,
        project: &str,
        security: Option<&Security>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Clause>, FetchError> {
        let Some(security) = security else { return Ok(None) };
        let Some(roles) = security.roles_of(level) else { return Ok(None) };
        let actors = self.actors(project, roles).await?;
        let lead = if security.names_lead(level) { self.lead(project).await? } else { None };
        let built = security.clause(self.source, (level, project), lead.as_deref(), |role| actors.get(role));
        Ok(built.map(|(clause, mut noted)| {
            problems.append(&mut noted);
            clause
        }))
    }
}
