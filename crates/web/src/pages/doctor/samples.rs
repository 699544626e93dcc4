//! Samples of the report on what can be read.

use super::super::connect::{Check, Outcome};
use super::super::part::Count;
use super::super::{Page, sample};
use super::{ContainerCard, DoctorPage, FindingRow, PeopleCard};

fn finding(item: &str, what: &str, remedy: &str) -> FindingRow {
    FindingRow { item: item.to_owned(), what: what.to_owned(), remedy: Some(remedy.to_owned()) }
}

fn container(key: &str, name: &str) -> ContainerCard {
    ContainerCard {
        key: key.to_owned(),
        name: name.to_owned(),
        in_scope: true,
        documents: Count(1204),
        hidden: Count(0),
        is_closed: false,
        readers: "3 grants, which admit 84 people; read 12 minutes ago".to_owned(),
        findings: Vec::new(),
    }
}

fn closed() -> ContainerCard {
    ContainerCard {
        hidden: Count(17),
        is_closed: true,
        readers: "Nobody: the source refused to show who may see it".to_owned(),
        findings: vec![
            finding(
                "17 documents hidden",
                "The source refused to show who may see it.",
                "Give the service account the role that may read these permissions.",
            ),
            finding(
                "project LEGAL",
                "Jira states 40 issues, of which the service account finds 17: the others are archived, or have a security \
                 level or a grant that leaves it out.",
                "Put the service account into each security level, and grant it `Browse Projects` by name.",
            ),
        ],
        ..container("LEGAL", "Legal matters")
    }
}

fn well() -> DoctorPage {
    DoctorPage {
        chrome: sample::admin(),
        source: "1".to_owned(),
        name: "acme.atlassian.net/jira".to_owned(),
        containers_are: "Projects",
        checks: Vec::new(),
        findings: Vec::new(),
        containers: vec![container("ENG", "Engineering"), container("OPS", "Operations")],
        people: PeopleCard { people: Count(96), with_product: Count(84), joined: Count(12), ..PeopleCard::default() },
        unknowable: vec!["Archived issues: Jira lists none.".to_owned()],
    }
}

fn usual() -> DoctorPage {
    let check = Check {
        what: "Scope manage:jira-configuration".to_owned(),
        outcome: Outcome::Warning,
        found: "The token lacks it; without it, groups have no members.".to_owned(),
        remedy: Some("Create a token with these scopes: read:jira-work.".to_owned()),
    };
    DoctorPage {
        checks: vec![check],
        findings: vec![finding(
            "Administer Jira",
            "The service account does not have it: issues with a security level are hidden, grants to one Jira application \
             admit nobody.",
            "Give the service account the global permission `Administer Jira`.",
        )],
        containers: vec![
            container("ENG", "Engineering"),
            closed(),
            ContainerCard { in_scope: false, ..container("OLD", "Archive of the old site") },
        ],
        people: PeopleCard {
            without_email: Count(31),
            sharing_email: Count(2),
            guests: Count(4),
            not_joined: vec![("ambiguous".to_owned(), Count(1)), ("no-user".to_owned(), Count(3))],
            waiting_for_accounts: Count(2310),
            for_nobody: Count(8),
            ..well().people
        },
        ..well()
    }
}

fn hostile() -> DoctorPage {
    let text = || sample::HOSTILE.to_owned();
    let bad = || finding(sample::HOSTILE, sample::HOSTILE, sample::HOSTILE);
    DoctorPage {
        chrome: sample::hostile(),
        name: text(),
        findings: vec![bad()],
        containers: vec![ContainerCard {
            key: text(),
            name: text(),
            readers: text(),
            findings: vec![bad()],
            ..closed()
        }],
        unknowable: vec![text()],
        ..usual()
    }
}

impl Page for DoctorPage {
    const NAME: &'static str = "doctor";

    fn samples() -> Vec<(&'static str, Self)> {
        let long = ContainerCard { name: sample::LONG.to_owned(), ..closed() };
        vec![
            ("usual", usual()),
            ("well", well()),
            ("empty", DoctorPage { containers: Vec::new(), people: PeopleCard::default(), ..well() }),
            ("long", DoctorPage { containers: vec![long], ..usual() }),
            ("hostile", hostile()),
        ]
    }
}
