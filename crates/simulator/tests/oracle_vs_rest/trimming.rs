//! What the trimming of the routes says about each object, listed or not.

use std::collections::BTreeSet;

use simulator::oracle::{Kind, Object, Oracle};
use simulator::state::World;
use simulator::visibility::confluence::ConfluenceView;
use simulator::visibility::jira::JiraView;

use crate::companies::{FILES, enriched};
use crate::differences;

/// Everything that the trimming shows to an account, or to whoever has not signed in.
pub(crate) fn shown(world: &World, account: Option<&str>) -> BTreeSet<Object> {
    let (wiki, jira) = (&world.confluence, &world.jira);
    let (pages, issues) = (ConfluenceView::new(world, account), JiraView::new(world, account));
    let spaces = wiki.spaces.values().filter(|space| pages.can_see_space(space));
    let spaces = spaces.map(|space| Object::new(Kind::Space, space.id));
    let content = wiki.content.values().filter(|content| pages.can_see_content(content));
    let content = content.map(|content| Object::new(Kind::of(content.kind), content.id));
    let comments = wiki.comments.values().filter(|comment| pages.can_see_comment(comment));
    let comments = comments.map(|comment| Object::new(Kind::PageComment, comment.id));
    let files = wiki.attachments.values().filter(|file| pages.can_see_attachment(file));
    let files = files.map(|file| Object::new(Kind::PageAttachment, file.id));
    let projects = jira.projects.values().filter(|project| issues.can_browse_project(project));
    let projects = projects.map(|project| Object::new(Kind::Project, project.id));
    let tickets = jira.issues.values().filter(|issue| issues.can_see_issue(issue));
    let tickets = tickets.map(|issue| Object::new(Kind::Issue, issue.id));
    let notes = jira.comments.values().filter(|note| issues.can_see_comment(note));
    let notes = notes.map(|note| Object::new(Kind::IssueComment, note.id));
    let added = jira.attachments.values().filter(|file| issues.can_see_attachment(file));
    let added = added.map(|file| Object::new(Kind::IssueAttachment, file.id));
    let spent = jira.worklogs.values().filter(|spent| issues.can_see_worklog(spent));
    let spent = spent.map(|spent| Object::new(Kind::Worklog, spent.id));
    spaces
        .chain(spent)
        .chain(content)
        .chain(comments)
        .chain(files)
        .chain(projects)
        .chain(tickets)
        .chain(notes)
        .chain(added)
        .collect()
}

/// Everything that the oracle shows.
pub(crate) fn said(oracle: &Oracle, account: Option<&str>) -> BTreeSet<Object> {
    let visible = account.map_or_else(|| oracle.visible_to_the_public().into(), |account| oracle.visible(account));
    visible.listed.union(&visible.unlisted).copied().collect()
}

#[test]
fn the_oracle_and_the_trimming_agree_on_every_pair() {
    for file in FILES {
        let world = enriched(file);
        let found = differences(&world, &Oracle::of(&world), said, |account| shown(&world, account));
        assert_eq!(found, [""; 0], "{file}");
    }
}
