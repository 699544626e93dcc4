//! The report on what of a source can be read: what the store holds, the account's powers asked anew, people and accounts.

use super::Hub;
use super::adapters::Adapter;
use access::{AccessState, Answer, Decision, Directory, Joined, Person, SourceDirectory, SourceId, UserId, Viewer};
use atlassian::examination::{self, Examination};
use atlassian::http::RunSize;
use model::{ClauseKey, ContainerKind, Origin, Problem, ProblemKind, Scope};
use std::collections::{BTreeMap, BTreeSet};
use store::{Account, DecidedAlike, Store, StoreError, StoredSource};
use web::inspection::{ContainerReport, Diagnosis, Finding, PeopleReport, Readers};
use web::operations::OperationError;

/// The most problems that are looked through.
const PROBLEMS: u32 = 500;
/// The most parents that are named one by one.
const PARENTS: u32 = 50;

/// Makes the report.
pub(super) async fn diagnose(hub: &Hub, source: &StoredSource) -> Result<Diagnosis, OperationError> {
    let connection = super::adapters::connection(&hub.store, source)?;
    let worked = hub.last_worked(source.id)?;
    let (check, _) = super::check::report(&connection, &hub.outbound.http, worked).await;
    let everything = Scope { archived: true, personal: true, ..Scope::default() };
    let adapter = Adapter::of(&hub.store, source, everything, &hub.outbound, RunSize::Small)?;
    let mut findings = Vec::new();
    let examined = match adapter.examine().await {
        Ok(examined) => examined,
        // The report is most wanted when the source does not answer.
        Err(error) => {
            let remedy = "see the rows about the credential, then try again".to_owned();
            findings.push(Finding { item: "the source".to_owned(), what: error.to_string(), remedy });
            Examination::default()
        }
    };
    let (store, access, directory) = (hub.store.clone(), hub.mirror.access(), hub.store.directory());
    let id = source.id;
    let stored = tokio::task::spawn_blocking(move || stored(&store, id, &access, &directory)).await;
    let stored = stored.map_err(|error| OperationError::Store(error.to_string()))??;
    Ok(joined(stored, examined, check, findings))
}

/// What the store alone knows.
struct Stored {
    containers: Vec<ContainerReport>,
    problems: Vec<Problem>,
    parents: Vec<store::UnreadParent>,
    people: PeopleReport,
}

fn stored(store: &Store, id: SourceId, access: &AccessState, directory: &Directory) -> Result<Stored, StoreError> {
    let people = Population::of(directory, id);
    let mut hidden = store.hidden_by_container(id)?;
    let mut containers = Vec::new();
    for known in store.containers(id)? {
        let origin = match known.container.kind {
            ContainerKind::Project => Origin::BrowseProject,
            ContainerKind::Space | ContainerKind::PersonalSpace => Origin::SpaceReaders,
        };
        let layer = store.layer(id, &ClauseKey::new(origin, &known.container.key.0))?;
        let readers = layer.map_or(Readers::Unread, |layer| people.readers(&layer));
        containers.push(ContainerReport {
            hidden: hidden.remove(&known.container.key).unwrap_or_default(),
            in_scope: known.in_scope,
            documents: known.documents,
            container: known.container,
            readers,
            findings: Vec::new(),
        });
    }
    let problems = store.newest_problems_of_source(id, PROBLEMS)?.into_iter().map(|stored| stored.problem).collect();
    let people = people.report(directory, &store.accounts()?, access, &store.decided_alike(id)?);
    Ok(Stored { containers, problems, parents: store.unread_parents(id, PARENTS)?, people })
}

/// Everything in one report: what concerns one container stands with it.
fn joined(
    stored: Stored,
    mut examined: Examination,
    check: web::operations::CheckReport,
    mut findings: Vec<Finding>,
) -> Diagnosis {
    let words =
        |finding: examination::Finding| Finding { item: finding.item, what: finding.what, remedy: finding.remedy };
    let Stored { mut containers, problems, parents, people } = stored;
    findings.extend(std::mem::take(&mut examined.findings).into_iter().map(words));
    for report in &mut containers {
        let found = examined.containers.remove(&report.container.key).unwrap_or_default();
        report.findings.extend(found.into_iter().map(words));
    }
    let told =
        problems.into_iter().filter(|problem| matches!(problem.kind, ProblemKind::Permission | ProblemKind::Notice));
    for problem in told {
        let key = problem.item.strip_prefix("project ").or(problem.item.strip_prefix("space "));
        let of = key.and_then(|key| containers.iter_mut().find(|report| report.container.short == key));
        let finding = Finding { item: problem.item, what: problem.reason, remedy: String::new() };
        match of {
            Some(report) => report.findings.push(finding),
            None => findings.push(finding),
        }
    }
    findings.extend(parents.into_iter().map(|parent| Finding {
        item: format!("content {}", parent.native),
        what: format!("it cannot be read, so everything below it is hidden, {} contents directly", parent.below),
        remedy: "share it with the service account: name the account in its view restriction".to_owned(),
    }));
    let unknowable = examined.unknowable.iter().map(|line| (*line).to_owned()).collect();
    Diagnosis { check, findings, containers, people, unknowable }
}

/// The people of one source, each with what they hold there.
struct Population {
    source: SourceId,
    known: SourceDirectory,
    viewers: Vec<Viewer>,
}

impl Population {
    fn of(directory: &Directory, source: SourceId) -> Self {
        let known = directory.source(source).cloned().unwrap_or_else(SourceDirectory::unknown);
        let viewers = directory.everybody(source).into_iter().map(|(_, viewer)| viewer).collect();
        Self { source, known, viewers }
    }

    fn readers(&self, layer: &store::StoredClause) -> Readers {
        match layer.clause.hidden() {
            _ if layer.stale => Readers::Closed(access::Hidden::Stale),
            Some(cause) => Readers::Closed(cause),
            None => {
                let admitted = self.viewers.iter().filter(|viewer| layer.clause.answer(viewer) != Answer::No);
                Readers::Known {
                    named: count(layer.clause.principals().count() + layer.clause.dynamic().count()),
                    people: count(admitted.count()),
                    read_at: layer.read_at,
                }
            }
        }
    }

    fn report(
        &self,
        directory: &Directory,
        accounts: &[Account],
        access: &AccessState,
        alike: &[DecidedAlike],
    ) -> PeopleReport {
        let people: Vec<_> = self.known.users.values().filter(|user| user.active && !user.outsider).collect();
        let mut addresses: BTreeMap<String, u64> = BTreeMap::new();
        for email in people.iter().filter_map(|user| user.email.as_ref()) {
            *addresses.entry(email.trim().to_lowercase()).or_default() += 1;
        }
        let mut report = PeopleReport {
            people: count(people.len()),
            with_product: count(self.viewers.len()),
            without_email: count(people.iter().filter(|user| user.email.is_none()).count()),
            sharing_email: addresses.values().filter(|sharing| **sharing > 1).sum(),
            guests: count(people.iter().filter(|user| user.guest).count()),
            ..PeopleReport::default()
        };
        let mut searching = BTreeSet::new();
        for account in accounts.iter().filter(|account| !account.disabled) {
            match directory.joined(&account.person(), self.source) {
                Joined::As { user, .. } => {
                    report.joined += 1;
                    searching.insert(user);
                }
                Joined::Nobody(reason) => *report.not_joined.entry(reason.code()).or_default() += 1,
            }
        }
        let joined = searching.iter().map(|user| directory.viewer_of(&as_user(self.source, user)));
        let mut joined: Vec<Decision> = joined.map(Decision::new).collect();
        let mut all: Vec<Decision> = self.viewers.iter().cloned().map(Decision::new).collect();
        let nobody = directory.viewer_of(&Person::default());
        for group in alike {
            let layers = access.layers(&nobody, group.example);
            // What could not be read is counted by its cause already.
            if layers.is_empty() || layers.iter().any(|layer| layer.hidden.is_some()) {
                continue;
            }
            if joined.iter_mut().any(|decision| decision.admits(access, group.example)) {
                continue;
            }
            if all.iter_mut().any(|decision| decision.admits(access, group.example)) {
                report.waiting_for_accounts += group.documents;
            } else {
                report.for_nobody += group.documents;
            }
        }
        report
    }
}

/// Somebody who is this user of this source, and nobody elsewhere.
pub(super) fn as_user(source: SourceId, user: &UserId) -> Person {
    Person { mapped: BTreeMap::from([(source, user.clone())]), ..Person::default() }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
