//! Breaking either side alone is noticed.

use std::collections::BTreeSet;

use simulator::oracle::{Object, Oracle, Rules};
use simulator::state::World;
use simulator::state::content::Subjects;

use crate::companies::{FILES, enriched};
use crate::differences;
use crate::trimming::{said, shown};

/// Drawn companies that are asked beside the written ones.
const DRAWN: u64 = 12;

/// Rules that change what is listed, not what is visible: the comparison over HTTP is theirs.
const OF_LISTINGS: [&str; 1] = ["archived_unlisted"];

fn notices(rules: &Rules) -> bool {
    let drawn = (0..DRAWN).map(crate::drawn::company);
    FILES.into_iter().map(enriched).chain(drawn).any(|world| {
        let broken = Oracle::with_rules(&world, rules);
        !differences(&world, &broken, said, |account| shown(&world, account)).is_empty()
    })
}

#[test]
fn an_oracle_that_lacks_any_one_rule_disagrees_with_the_trimming_somewhere() {
    let blind: Vec<&str> = Rules::all()
        .map(|rule| rule.name)
        .filter(|name| !OF_LISTINGS.contains(name) && !notices(&Rules::without(name)))
        .collect();
    assert_eq!(blind, [""; 0], "no world shows the absence of these rules");
}

/// A site that forgets a rule, by taking from its world what the rule reads.
type Forgets = (&'static str, &'static str, fn(&mut World));

const SITES: [Forgets; 8] = [
    ("restrictions-above.toml", "view restrictions of folders", |world| {
        let folders = world.confluence.content.values_mut();
        let folders = folders.filter(|content| content.kind == simulator::state::content::ContentKind::Folder);
        folders.for_each(|folder| folder.restrictions.read = Subjects::default());
    }),
    ("restrictions-above.toml", "all but the nearest restriction", |world| {
        let page = world.confluence.content.values_mut().find(|content| content.title == "One").unwrap();
        page.restrictions.read = Subjects::default();
    }),
    ("restrictions-above.toml", "groups in lists of viewers", |world| {
        world.confluence.content.values_mut().for_each(|content| content.restrictions.read.groups.clear());
    }),
    ("guests-and-strangers.toml", "that guests are guests", |world| {
        world.directory.people.values_mut().for_each(|person| person.guest = false);
    }),
    ("space-roles.toml", "that roles rule", |world| {
        world.confluence.mode = simulator::state::confluence::RoleMode::RolesTransition;
    }),
    ("levels-and-audiences.toml", "security levels", |world| {
        let issues: Vec<_> = world.jira.issues.values().cloned().collect();
        for mut issue in issues {
            issue.security = None;
            world.jira.put_issue(issue);
        }
    }),
    ("levels-and-audiences.toml", "audiences of comments", |world| {
        let notes: Vec<_> = world.jira.comments.values().cloned().collect();
        for mut note in notes {
            note.visibility = None;
            world.jira.put_comment(note);
        }
    }),
    ("every-kind-of-holder.toml", "values of custom fields", |world| {
        let issues: Vec<_> = world.jira.issues.values().cloned().collect();
        for mut issue in issues {
            issue.custom.clear();
            world.jira.put_issue(issue);
        }
    }),
];

#[test]
fn a_site_that_forgets_a_rule_disagrees_with_the_oracle() {
    for (file, what, forget) in SITES {
        let (world, mut site) = (enriched(file), enriched(file));
        forget(&mut site);
        let answers = |account: Option<&str>| -> BTreeSet<Object> { shown(&site, account) };
        let found = differences(&world, &Oracle::of(&world), said, answers);
        assert_ne!(found, [""; 0], "nobody noticed a site that forgets {what}");
    }
}
