//! Samples of the page of one account's persons.

use super::super::{Page, sample};
use super::{CandidateRow, Finding, PersonRow, PersonsPage};

fn joined(source: &str, mapped: bool) -> PersonRow {
    PersonRow {
        source_id: "1".to_owned(),
        source: source.to_owned(),
        mapped,
        finding: Finding::As { name: "Mira Lindqvist".to_owned(), id: "712020:8f3a-41".to_owned() },
        words: String::new(),
        searched: false,
        candidates: Vec::new(),
        fault: None,
    }
}

fn candidate(id: &str, name: &str, email: Option<&str>) -> CandidateRow {
    CandidateRow {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.map(str::to_owned),
        can_be_taken: true,
        is_active: true,
    }
}

fn nothing(reason: &str, remedy: &str) -> Finding {
    Finding::Nothing { reason: reason.to_owned(), remedy: remedy.to_owned() }
}

fn twins() -> PersonRow {
    PersonRow {
        source_id: "2".to_owned(),
        finding: nothing(
            "2 active people there have this e-mail, so none of them is taken.",
            "Map the account to one of the users.",
        ),
        candidates: vec![
            candidate("712020:8f3a-41", "Mira Lindqvist", Some("mira.lindqvist@example.com")),
            candidate("557058:90ab", "Mira L. (old)", Some("mira.lindqvist@example.com")),
        ],
        ..joined("acme.atlassian.net/jira", false)
    }
}

fn searching() -> PersonRow {
    PersonRow {
        source_id: "3".to_owned(),
        finding: nothing(
            "No active person there has this e-mail, or none shows it.",
            "Correct the account's e-mail, add an organization key so that hidden addresses are known, or map the account.",
        ),
        words: "lind".to_owned(),
        searched: true,
        candidates: vec![
            CandidateRow { is_active: false, ..candidate("5b10a2844c", "Max Lindner", None) },
            CandidateRow { can_be_taken: false, ..candidate("qm:77", "Lindqvist Travel", None) },
            candidate("712020:8f3a-41", "Mira Lindqvist", None),
        ],
        ..joined("example.atlassian.net/jira", false)
    }
}

fn hostile() -> PersonRow {
    PersonRow {
        source: sample::HOSTILE.to_owned(),
        finding: nothing(sample::HOSTILE, sample::HOSTILE),
        words: sample::HOSTILE.to_owned(),
        searched: true,
        candidates: vec![candidate(sample::HOSTILE, sample::HOSTILE, Some(sample::HOSTILE))],
        fault: Some(sample::HOSTILE.to_owned()),
        ..joined("x", false)
    }
}

impl Page for PersonsPage {
    const NAME: &'static str = "persons";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            chrome: sample::admin(),
            account: "4".to_owned(),
            name: "Mira Lindqvist".to_owned(),
            email: "mira.lindqvist@example.com".to_owned(),
            persons: vec![joined("acme.atlassian.net/confluence", true), twins(), searching()],
        };
        let in_vain =
            PersonRow { words: "nobody like that".to_owned(), searched: true, candidates: Vec::new(), ..twins() };
        let told = "`example.atlassian.net/jira` has no user with the id `712020:8f3a-4`; copy the id from the user's \
                    profile there.";
        let refused = PersonRow { fault: Some(told.to_owned()), ..searching() };
        let long = PersonRow {
            finding: Finding::As { name: sample::LONG.to_owned(), id: "712020:".repeat(12) },
            ..joined(sample::LONG, true)
        };
        vec![
            ("usual", usual.clone()),
            ("faulty", Self { persons: vec![in_vain, refused], ..usual.clone() }),
            ("empty", Self { persons: Vec::new(), ..usual.clone() }),
            ("long", Self { name: sample::LONG.to_owned(), persons: vec![long], ..usual.clone() }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    name: sample::HOSTILE.to_owned(),
                    email: sample::HOSTILE.to_owned(),
                    persons: vec![hostile()],
                    ..usual
                },
            ),
        ]
    }
}
