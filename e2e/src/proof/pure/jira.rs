//! Projects, issues and what hangs on them, as layers.

use super::JIRA;
use super::directory::group;
use super::ledger::Ledger;
use crate::people::Thing;
use access::{AccessClass, Clause, ClauseId, DynamicHolder, Holder as Held, Principal};
use model::Kind;
use simulator::state::World;
use simulator::state::issue::{Audience, FieldValue, Issue, adf_text};
use simulator::state::jira::Jira;
use simulator::state::project::{Actors, Holder, Project, ProjectStyle, TeamAccess};

fn of_group(id: &str) -> Principal {
    Principal::new(JIRA, Held::Group(group(id)))
}

fn of_class(class: AccessClass) -> Principal {
    Principal::new(JIRA, Held::Class(class))
}

fn of_actors(actors: &Actors) -> Vec<Principal> {
    let users = actors.users.iter().map(|account| Principal::account(JIRA, account));
    users.chain(actors.groups.iter().map(|id| of_group(id))).collect()
}

/// The holders of one list in one project.
fn clause<'h>(project: &Project, holders: impl Iterator<Item = &'h Holder>) -> Clause {
    let (mut any_of, mut dynamic) = (Vec::new(), Vec::new());
    for holder in holders {
        match holder {
            Holder::Anyone => any_of.push(Principal::new(JIRA, Held::Anyone)),
            Holder::ApplicationRole(None) => any_of.push(of_class(AccessClass::LicensedUsers)),
            Holder::ApplicationRole(Some(key)) => {
                any_of.push(of_class(AccessClass::ApplicationRole(key.as_str().into())));
            }
            Holder::Group(id) => any_of.push(of_group(id)),
            Holder::User(account) => any_of.push(Principal::account(JIRA, account)),
            Holder::ProjectRole(role) => any_of.extend(project.roles.get(role).map(of_actors).unwrap_or_default()),
            Holder::ProjectLead => any_of.push(Principal::account(JIRA, &project.lead)),
            Holder::Reporter => dynamic.push(DynamicHolder::Reporter),
            Holder::Assignee => dynamic.push(DynamicHolder::Assignee),
            Holder::UserCustomField(field) => dynamic.push(DynamicHolder::UserField(field.as_str().into())),
            Holder::GroupCustomField(field) => dynamic.push(DynamicHolder::GroupField(field.as_str().into())),
            Holder::PortalOnly => {}
        }
    }
    Clause::any_of(any_of).or_dynamic(dynamic)
}

fn browse(jira: &Jira, project: &Project) -> Clause {
    match project.style {
        ProjectStyle::NextGen(TeamAccess::Open | TeamAccess::Limited) => {
            Clause::any_of([of_class(AccessClass::LicensedUsers)])
        }
        ProjectStyle::NextGen(TeamAccess::Private) => Clause::any_of(project.roles.values().flat_map(of_actors)),
        ProjectStyle::Classic => {
            let scheme = jira.permission_schemes.get(&project.permission_scheme);
            let grants = scheme.into_iter().flat_map(|scheme| &scheme.grants);
            let browse = grants.filter(|grant| grant.permission == "BROWSE_PROJECTS");
            clause(project, browse.map(|grant| &grant.holder))
        }
    }
}

fn named(issue: &Issue) -> Vec<(DynamicHolder, Principal)> {
    let mut named = Vec::new();
    let user = |account: &str| Principal::account(JIRA, account);
    named.extend(issue.reporter.iter().map(|account| (DynamicHolder::Reporter, user(account))));
    named.extend(issue.assignee.iter().map(|account| (DynamicHolder::Assignee, user(account))));
    for (field, value) in &issue.custom {
        let (users, groups) =
            (DynamicHolder::UserField(field.as_str().into()), DynamicHolder::GroupField(field.as_str().into()));
        match value {
            FieldValue::User(account) => named.push((users, user(account))),
            FieldValue::Users(accounts) => named.extend(accounts.iter().map(|account| (users.clone(), user(account)))),
            FieldValue::Group(id) => named.push((groups, of_group(id))),
            FieldValue::Groups(ids) => named.extend(ids.iter().map(|id| (groups.clone(), of_group(id)))),
            _ => {}
        }
    }
    named
}

pub(super) fn write(world: &World, ledger: &mut Ledger) {
    let jira = &world.jira;
    for project in jira.projects.values().filter(|project| !project.deleted) {
        let key = format!("project {}", project.id);
        let clause = ledger.clause(&key, browse(jira, project));
        ledger.place(&key, None, vec![clause]);
        for issue in jira.issues_in(project.id) {
            write_issue(jira, project, issue, ledger);
        }
    }
}

fn write_issue(jira: &Jira, project: &Project, issue: &Issue, ledger: &mut Ledger) {
    let key = format!("issue {}", issue.id);
    let own = issue.security.map(|level| {
        let members = jira.security_level(level).map(|(_, level)| level.members.as_slice()).unwrap_or_default();
        let members = clause(project, members.iter().map(|member| &member.holder));
        // Roles differ from project to project, so a level is a layer of its own in each.
        ledger.clause(&format!("level {level} of {}", project.id), members)
    });
    ledger.place(&key, Some(&format!("project {}", project.id)), own.into_iter().collect());
    ledger.fields(&key, named(issue));
    ledger.document(Thing::jira(Kind::Issue, issue.id), &key, None, issue.summary.clone());
    for comment in jira.comments_of(issue.id) {
        let audience = audience(project, comment.id, comment.visibility.as_ref(), ledger);
        ledger.document(Thing::jira(Kind::Comment, comment.id), &key, audience, adf_text(&comment.body));
    }
    for file in jira.attachments_of(issue.id) {
        let comment = file.comment.map(|comment| jira.comments.get(&comment));
        let audience = match comment {
            Some(Some(comment)) => audience(project, comment.id, comment.visibility.as_ref(), ledger),
            // Where the comment is gone, nothing tells any more through what the file came.
            Some(None) | None => None,
        };
        ledger.document(Thing::jira(Kind::Attachment, file.id), &key, audience, file.filename.clone());
    }
}

fn audience(project: &Project, comment: u64, only: Option<&Audience>, ledger: &mut Ledger) -> Option<ClauseId> {
    let clause = match only? {
        Audience::Group(id) => Clause::any_of([of_group(id)]),
        Audience::Role(role) => Clause::any_of(project.roles.get(role).map(of_actors).unwrap_or_default()),
    };
    Some(ledger.clause(&format!("audience {comment}"), clause))
}
