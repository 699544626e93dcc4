//! World files: what the committed ones hold, who sees what in them, and what wrong ones say.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use std::path::Path;

use simulator::clock::Clock;
use simulator::state::World;
use simulator::state::content::{Container, ContentKind};
use simulator::state::directory::AccountType;
use simulator::state::project::Holder;
use simulator::visibility::jira::JiraView;
use simulator::world_file;

fn load(name: &str) -> World {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds").join(name);
    world_file::load(&path, Clock::frozen(1_800_000_000_000)).unwrap()
}

fn error(text: &str) -> String {
    world_file::parse(text, "x.toml", Clock::system()).unwrap_err().to_string()
}

#[test]
fn cost_has_the_sizes_that_the_benchmark_counts_on() {
    let world = load("cost.toml");
    let (jira, confluence) = (&world.jira, &world.confluence);
    assert_eq!((confluence.spaces.len(), jira.projects.len()), (5, 5));
    assert_eq!((confluence.content.len(), confluence.comments.len(), confluence.attachments.len()), (1000, 1000, 1000));
    assert_eq!((jira.issues.len(), jira.comments.len()), (1000, 3000));
    assert_eq!(world.directory.groups.len(), 10);
    assert!(world.directory.groups.values().all(|group| group.members.len() <= 50));
    for page in confluence.content.keys() {
        assert_eq!(confluence.comments_of(Container::Content(*page)).count(), 1);
        assert_eq!(confluence.attachments_of(*page).count(), 1);
    }
    for project in jira.projects.values() {
        let grants = &jira.permission_schemes[&project.permission_scheme].grants;
        let browse = grants.iter().filter(|grant| grant.permission == "BROWSE_PROJECTS");
        assert_eq!(browse.map(|grant| matches!(grant.holder, Holder::ProjectRole(_))).collect::<Vec<_>>(), [true]);
        let write = grants.iter().filter(|grant| matches!(grant.holder, Holder::Group(_))).count();
        assert_eq!((write, grants.len()), (9, 10), "teams write, the service account does not");
    }
    let robot = world.credentials.token("ATSTT-cost").unwrap().account.clone().unwrap();
    let view = JiraView::new(&world, Some(&robot));
    assert!(jira.issues.values().all(|issue| view.can_see_issue(issue)));
}

#[test]
fn demo_is_a_company_of_a_dozen_people_and_three_hundred_documents() {
    let world = load("demo.toml");
    let (jira, confluence) = (&world.jira, &world.confluence);
    let people = world.directory.people.values().filter(|person| person.account_type == AccountType::Atlassian);
    assert_eq!((people.count(), confluence.spaces.len(), jira.projects.len()), (12, 6, 5));
    let pages =
        confluence.content.values().filter(|content| matches!(content.kind, ContentKind::Page | ContentKind::BlogPost));
    let hanging =
        confluence.comments.len() + confluence.attachments.len() + jira.comments.len() + jira.attachments.len();
    let documents = pages.count() + jira.issues.len() + hanging;
    assert!((280..=320).contains(&documents), "{documents} documents");
}

#[test]
fn tiny_hides_the_level_and_the_role_comment() {
    let world = load("tiny.toml");
    let sees = |handle: &str| {
        let account = world.directory.person_by_email(&format!("{handle}@tiny.example")).unwrap();
        let view = JiraView::new(&world, Some(&account.account_id));
        let issues = world.jira.issues.values().filter(|issue| view.can_see_issue(issue)).count();
        let comments = world.jira.comments.values().filter(|comment| view.can_see_comment(comment)).count();
        (issues, comments)
    };
    assert_eq!(sees("alice"), (2, 2));
    assert_eq!(sees("bob"), (1, 1));
    // Administers site, Jira and the project, and still is not in the level.
    assert_eq!(sees("carol"), (1, 1));
    let public = JiraView::new(&world, None);
    assert!(!world.jira.issues.values().any(|issue| public.can_see_issue(issue)));
}

#[test]
fn errors_name_file_key_and_a_correct_example() {
    let unknown_key = error("[site]\nhost = \"a.atlassian.net\"\n[[space]]\nkey = \"A\"\ncolour = \"red\"\n");
    assert!(unknown_key.contains("x.toml") && unknown_key.contains("colour"), "{unknown_key}");
    assert!(unknown_key.contains("[[space]] key = \"ENG\""), "{unknown_key}");
    let nobody = error("[site]\nhost = \"a.atlassian.net\"\n[[group]]\nname = \"g\"\nmembers = [\"zoe\"]\n");
    assert_eq!(nobody, "world file `x.toml`, key `group.members`: no such person `zoe`; write it as `alice`");
    let missing = world_file::load(Path::new("no/such.toml"), Clock::system()).unwrap_err().to_string();
    assert!(missing.contains("no/such.toml") && missing.contains("worlds/tiny.toml"), "{missing}");
}

#[test]
fn every_restricted_ancestor_must_admit_and_administrators_have_no_way_around() {
    use simulator::visibility::confluence::ConfluenceView;
    let text = r#"
        [site]
        host = "a.atlassian.net"
        [access]
        confluence = ["staff"]
        confluence_guests = ["guests"]
        confluence_admins = ["admins"]
        anonymous = true
        [[group]]
        name = "staff"
        members = ["ann", "ben", "off"]
        [[group]]
        name = "admins"
        members = ["root"]
        [[group]]
        name = "guests"
        members = ["gus"]
        [[group]]
        name = "gone"
        members = ["ben"]
        deleted = true
        [[person]]
        handle = "ann"
        [[person]]
        handle = "ben"
        [[person]]
        handle = "root"
        [[person]]
        handle = "gus"
        guest = true
        [[person]]
        handle = "off"
        active = false
        [[person]]
        handle = "out"
        [[space]]
        key = "S"
        owner = "root"
        read = ["group:staff", "group:guests", "anyone"]
        admin = ["@root"]
        page = [
          { title = "open" },
          { title = "folder", slug = "f", kind = "folder", view = ["@ann", "@ben"] },
          { title = "below", slug = "b", parent = "f", view = ["@ann"] },
          { title = "leaf", parent = "b", view = ["@ann", "@ben", "@root"] },
          { title = "gone", view = ["group:gone"] },
          { title = "draft", status = "draft", by = "ann", collaborators = ["ben"] },
          { title = "trash", status = "trashed" },
        ]
        [[space]]
        key = "G"
        owner = "root"
        read = ["@gus"]
        page = [{ title = "for gus" }]
    "#;
    let world = world_file::parse(text, "x.toml", Clock::system()).unwrap();
    let sees = |handle: Option<&str>| -> Vec<&str> {
        let person = handle.map(|handle| world.directory.person_by_email(&format!("{handle}@a.example")).unwrap());
        let view = ConfluenceView::new(&world, person.map(|person| &*person.account_id));
        let seen = world.confluence.content.values().filter(|page| view.can_see_content(page));
        seen.map(|page| page.title.as_str()).collect()
    };
    assert_eq!(sees(Some("ann")), ["open", "folder", "below", "leaf", "draft"]);
    assert_eq!(sees(Some("ben")), ["open", "folder", "draft"]);
    assert_eq!(sees(Some("root")), ["open", "trash"]);
    assert_eq!(sees(Some("gus")), ["for gus"]);
    assert_eq!(sees(None), ["open"]);
    assert!(sees(Some("off")).is_empty());
    assert!(sees(Some("out")).is_empty());
}

#[test]
fn an_answer_stands_where_the_comment_stands_that_it_answers() {
    let comments = load("demo.toml").confluence.comments;
    let answers: Vec<_> =
        comments.values().filter_map(|answer| Some((answer, comments.get(&answer.parent?)?))).collect();
    assert!(
        answers.iter().any(|(answer, _)| answer.is_inline()) && answers.iter().any(|(answer, _)| !answer.is_inline())
    );
    assert!(answers.iter().all(|(answer, above)| answer.placement == above.placement));
}
