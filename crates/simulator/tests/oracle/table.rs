//! Small worlds, and tables of who sees what in them.

use simulator::clock::Clock;
use simulator::oracle::{Kind, Object, Oracle, Rules};
use simulator::state::World;
use simulator::state::issue::adf_text;
use simulator::world_file;

/// Ann, Bob and Cat with both products; Ann in legal; Bob in gone, a deleted group.
pub(crate) const STAFF: &str = r#"
[access]
jira = { jira-software = ["staff"] }
confluence = ["staff"]

[[group]]
name = "staff"
members = ["ann", "bob", "cat"]
[[group]]
name = "legal"
members = ["ann"]
[[group]]
name = "gone"
members = ["bob"]
deleted = true

[[person]]
handle = "ann"
[[person]]
handle = "bob"
[[person]]
handle = "cat"
"#;

/// A world of these parts; a `[site]` is added where they have none.
pub(crate) fn world(parts: &[&str]) -> World {
    let text = parts.join("\n");
    let site = if text.contains("[site]") { "" } else { "[site]\nhost = \"truth.atlassian.net\"\n" };
    world_file::parse(&format!("{site}{text}"), "truth table", Clock::frozen(0))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The object with that title, summary, text, file name or key.
pub(crate) fn named(world: &World, name: &str) -> Object {
    let (wiki, jira) = (&world.confluence, &world.jira);
    let spaces = wiki.spaces.values().filter(|space| space.key == name).map(|space| (Kind::Space, space.id));
    let pages = wiki.content.values().filter(|page| page.title == name).map(|page| (Kind::of(page.kind), page.id));
    let notes = wiki.comments.values().filter(|note| note.body.contains(name)).map(|note| (Kind::PageComment, note.id));
    let files = wiki.attachments.values().filter(|file| file.title == name).map(|file| (Kind::PageAttachment, file.id));
    let projects = jira.projects.values().filter(|project| project.key == name).map(|found| (Kind::Project, found.id));
    let issues = jira.issues.values().filter(|issue| issue.summary == name).map(|issue| (Kind::Issue, issue.id));
    let said = jira.comments.values().filter(|said| adf_text(&said.body).trim() == name);
    let said = said.map(|said| (Kind::IssueComment, said.id));
    let added = jira.attachments.values().filter(|file| file.filename == name);
    let added = added.map(|file| (Kind::IssueAttachment, file.id));
    let spent = jira.worklogs.values().filter(|spent| {
        let said = spent.comment.as_ref().map(|said| adf_text(said));
        said.is_some_and(|said| said.trim() == name)
    });
    let spent = spent.map(|spent| (Kind::Worklog, spent.id));
    let found = spaces
        .chain(pages)
        .chain(notes)
        .chain(files)
        .chain(projects)
        .chain(issues)
        .chain(said)
        .chain(added)
        .chain(spent);
    let found: Vec<(Kind, u64)> = found.collect();
    assert_eq!(found.len(), 1, "`{name}` must name one object: {found:?}");
    Object::new(found[0].0, found[0].1)
}

/// The accountId of a handle.
pub(crate) fn account(world: &World, handle: &str) -> simulator::state::AccountId {
    let found = world.directory.people.values().find(|person| person.email.split('@').next() == Some(handle));
    found.unwrap_or_else(|| panic!("no `{handle}`")).account_id.clone()
}

fn who(world: &World, oracle: &Oracle, name: &str) -> String {
    let mut handles: Vec<&str> = oracle
        .who_sees(named(world, name))
        .iter()
        .filter_map(|account| world.directory.person(account)?.email.split('@').next())
        .collect();
    handles.sort_unstable();
    handles.join(" ")
}

/// Which of the named objects the public sees, under these rules.
pub(crate) fn public<'n>(world: &World, rules: &Rules, names: &[&'n str]) -> Vec<&'n str> {
    let visible = Oracle::with_rules(world, rules).visible_to_the_public();
    names.iter().copied().filter(|name| visible.contains(named(world, name))).collect()
}

fn seen(world: &World, rules: &Rules, table: &[(&str, &str)]) -> Vec<(String, String)> {
    let oracle = Oracle::with_rules(world, rules);
    table.iter().map(|(name, _)| ((*name).to_owned(), who(world, &oracle, name))).collect()
}

/// The table (object, handles in alphabetical order) holds, and every `why_not` agrees with it.
pub(crate) fn holds(world: &World, table: &[(&str, &str)]) {
    let expected: Vec<(String, String)> =
        table.iter().map(|(name, who)| ((*name).to_owned(), (*who).to_owned())).collect();
    assert_eq!(seen(world, &Rules::default(), table), expected);
    let oracle = Oracle::of(world);
    for (name, _) in table {
        let object = named(world, name);
        for account in oracle.accounts() {
            let why = oracle.why_not(account, object);
            assert_eq!(why.is_none(), oracle.may_see(account, object), "{name} for {account}: {why:?}");
        }
    }
}

/// The table holds, and no longer holds without the rule.
pub(crate) fn proves(rule: &str, world: &World, table: &[(&str, &str)]) {
    holds(world, table);
    let without = seen(world, &Rules::without(rule), table);
    assert_ne!(without, seen(world, &Rules::default(), table), "the table does not notice the absence of `{rule}`");
}

#[test]
fn every_rule_has_a_truth_table() {
    let tables = [include_str!("people.rs"), include_str!("confluence.rs"), include_str!("jira.rs")].concat();
    let missing: Vec<&str> =
        Rules::all().map(|rule| rule.name).filter(|name| !tables.contains(&format!("\"{name}\""))).collect();
    assert_eq!(missing, [""; 0], "no table proves these rules");
}
