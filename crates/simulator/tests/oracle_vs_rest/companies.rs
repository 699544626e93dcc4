//! The worlds that are compared, and what a file cannot say about them.

use std::collections::BTreeSet;
use std::path::Path;

use simulator::clock::Clock;
use simulator::state::World;
use simulator::state::confluence_write::NewContent;
use simulator::state::content::{Container, ContentKind, Placement, Status, Subjects};
use simulator::state::space::{RoleAssignment, SpacePrincipal, SpaceRole};
use simulator::world_file;

/// Files in `worlds/`.
pub(crate) const FILES: [&str; 6] = [
    "tiny.toml",
    "every-kind-of-holder.toml",
    "levels-and-audiences.toml",
    "restrictions-above.toml",
    "guests-and-strangers.toml",
    "space-roles.toml",
];

/// A world as its file says.
pub(crate) fn load(file: &str) -> World {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds").join(file);
    world_file::load(&path, Clock::frozen(1_800_000_000_000)).unwrap_or_else(|error| panic!("{error}"))
}

/// The same with what the documents' own routes would have made.
pub(crate) fn enriched(file: &str) -> World {
    let mut world = load(file);
    enrich_confluence(&mut world);
    enrich_jira(&mut world);
    world
}

/// Comments on files, a file in the trash, a post below a page, an orphan, a role that may write but not read.
fn enrich_confluence(world: &mut World) {
    let files: Vec<_> = world.confluence.attachments.values().cloned().collect();
    for (place, mut file) in files.into_iter().enumerate() {
        let author = file.version.by.clone();
        let on = Container::Attachment(file.id);
        world.create_page_comment(on, None, Placement::Footer, &author, "on the file".into());
        if place == 0 {
            let bytes = file.bytes.clone();
            let id = world.attach_to_page(file.container, "thrown away.txt", "text/plain", bytes, &author);
            file = world.confluence.attachments[&id].clone();
            file.status = Status::Trashed;
            world.confluence.put_attachment(file);
        }
    }
    let restricting = world.confluence.content.values().find(|page| !page.restrictions.read.is_empty()).cloned();
    if let Some(page) = restricting {
        let new = NewContent {
            kind: ContentKind::BlogPost,
            space: page.space,
            parent: Some(page.id),
            title: "Post below".to_owned(),
            body: "".into(),
            status: Status::Current,
            author: page.author,
        };
        world.create_content(new);
    }
    if let Some(mut page) = world.confluence.content.values().next_back().cloned() {
        page.id = world.confluence.take_id();
        page.kind = ContentKind::Page;
        page.restrictions.read = Subjects::default();
        page.parent = Some(1);
        world.confluence.put_content(page);
    }
    let role = SpaceRole {
        id: "blind".to_owned(),
        name: "Blind".to_owned(),
        description: String::new(),
        system: false,
        permissions: BTreeSet::from(["create/page".to_owned()]),
    };
    world.confluence.space_roles.insert(role.id.clone(), role);
    let people: Vec<_> = world.directory.people.keys().cloned().collect();
    for space in world.confluence.spaces.values_mut() {
        let blind = people
            .iter()
            .map(|id| RoleAssignment { principal: SpacePrincipal::User(id.clone()), role: "blind".to_owned() });
        space.role_assignments.extend(blind);
    }
}

/// Files of restricted comments, worklogs with the same audiences, an archived issue, a project in the trash.
fn enrich_jira(world: &mut World) {
    let restricted: Vec<_> = world.jira.comments.values().filter(|note| note.visibility.is_some()).cloned().collect();
    for note in restricted {
        let bytes = simulator::state::attachment::FileBytes::Generated { seed: note.id, size: 9 };
        let id = world.attach_to_issue(note.issue, "of a comment.txt", "text/plain", bytes, &note.author);
        let mut file = world.jira.attachments[&id].clone();
        file.comment = Some(note.id);
        world.jira.put_attachment(file);
        world.log_work(note.issue, &note.author, 60, None, note.visibility);
    }
    let last = world.jira.issues.values().next_back().cloned();
    if let Some(issue) = last {
        let (project, author) = (issue.project, issue.creator);
        world.create_issue(project, "put away", &author, |issue| issue.archived = true);
        let style = world.jira.projects[&project].style;
        if let Some(gone) = world.create_project("GONE", "Gone", "software", style, &author) {
            world.create_issue(gone, "thrown away", &author, |_| {});
            let mut project = world.jira.projects[&gone].clone();
            project.deleted = true;
            world.jira.put_project(project);
        }
    }
}
