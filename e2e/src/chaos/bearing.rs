//! What of a company bears on one question: does it show this object to this account?
//!
//! Companies that agree in it answer alike, whatever else differs: most changes are of texts, of other spaces and of other
//! people. What is named here is what the oracle reads (`facts.rs` of the simulator); a test holds the two together.

use std::collections::BTreeSet;
use std::fmt::Debug;

use simulator::oracle::{Kind, Object};
use simulator::state::World;
use simulator::state::content::Container;

/// The spaces or projects that an object lies in, by content alone.
pub(super) type Places = BTreeSet<u64>;

fn told(what: impl Debug) -> String {
    format!("{what:?}")
}

/// Of people: the account itself, and the groups that it is in.
pub(super) fn of_people(world: &World, account: &str) -> String {
    let directory = &world.directory;
    let of_account = directory.groups.values().filter(|group| group.members.contains(account));
    let groups: Vec<_> = of_account.map(|group| (&group.id, group.deleted)).collect();
    told((directory.person(account), groups, &directory.site_admin_groups))
}

/// Of rights: who may read these spaces or projects, and by which roles, schemes and levels.
pub(super) fn of_rights(world: &World, kind: Kind, places: &Places) -> String {
    let (wiki, jira) = (&world.confluence, &world.jira);
    if !is_of_jira(kind) {
        let spaces = places.iter().map(|id| wiki.spaces.get(id));
        let spaces: Vec<_> = spaces.map(|space| space.map(|it| (&it.permissions, &it.role_assignments))).collect();
        return told((spaces, &wiki.space_roles));
    }
    let projects: Vec<_> = places.iter().filter_map(|id| jira.projects.get(id)).collect();
    let schemes: Vec<_> = projects.iter().map(|it| jira.permission_schemes.get(&it.permission_scheme)).collect();
    told((projects, schemes, &jira.security_schemes))
}

/// Of content: the object with all that it hangs on, and which groups give access to the products; and where it lies.
pub(super) fn of_content(world: &World, object: Object) -> (String, Places) {
    let (wiki, jira) = (&world.confluence, &world.jira);
    if is_of_jira(object.kind) {
        let gates = (&world.site, &jira.application_roles, &jira.admin_groups);
        let (issue, project) = of_issue(world, object);
        return (told((gates, issue)), project.into_iter().collect());
    }
    let gates = (&world.site, wiki.mode, wiki.anonymous_can_use);
    let groups = (&wiki.user_groups, &wiki.admin_groups, &wiki.guest_groups);
    let (place, spaces) = of_page(world, object);
    (told((gates, groups, place)), spaces)
}

fn is_of_jira(kind: Kind) -> bool {
    matches!(kind, Kind::Project | Kind::Issue | Kind::IssueComment | Kind::IssueAttachment | Kind::Worklog)
}

fn of_issue(world: &World, object: Object) -> (String, Option<u64>) {
    let jira = &world.jira;
    let comment = match object.kind {
        Kind::IssueComment => Some(object.id),
        Kind::IssueAttachment => jira.attachments.get(&object.id).and_then(|file| file.comment),
        _ => None,
    };
    let comment = comment.map(|id| jira.comments.get(&id));
    let issue = match object.kind {
        Kind::IssueComment => comment.flatten().map(|comment| comment.issue),
        Kind::IssueAttachment => jira.attachments.get(&object.id).map(|file| file.issue),
        _ => Some(object.id),
    };
    let issue = issue.and_then(|id| jira.issues.get(&id));
    let people = issue.map(|it| (it.project, &it.reporter, &it.assignee, it.security, it.archived, &it.custom));
    let audience = comment.map(|comment| comment.map(|comment| &comment.visibility));
    (told((people, audience)), issue.map(|issue| issue.project))
}

fn of_page(world: &World, object: Object) -> (String, Places) {
    let wiki = &world.confluence;
    let mut above = Vec::new();
    let mut file = (object.kind == Kind::PageAttachment).then_some(object.id);
    let mut page = Some(object.id).filter(|_| !matches!(object.kind, Kind::PageAttachment | Kind::PageComment));
    if object.kind == Kind::PageComment {
        match wiki.comments.get(&object.id).map(|comment| comment.container) {
            Some(Container::Content(id)) => page = Some(id),
            Some(Container::Attachment(id)) => file = Some(id),
            None => {}
        }
    }
    if let Some(file) = file.and_then(|id| wiki.attachments.get(&id)) {
        above.push(told((file.id, file.status)));
        page = Some(file.container);
    }
    let (mut spaces, mut walked) = (Places::new(), BTreeSet::new());
    while let Some(id) = page.filter(|id| walked.insert(*id)) {
        let content = wiki.content.get(&id);
        let place = content.map(|it| (it.kind, it.space, it.status, &it.author, &it.restrictions, &it.collaborators));
        above.push(told((id, place)));
        spaces.extend(content.map(|content| content.space));
        page = content.and_then(|content| content.parent);
    }
    (above.join(" under "), spaces)
}
