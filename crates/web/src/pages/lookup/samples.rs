//! Samples of the page for looking up access.

use super::*;
use crate::pages::part::Tone;
use crate::pages::{Page, sample};

pub(in crate::pages) fn step(tone: Tone, word: &str, what: &str, says: &str) -> StepRow {
    StepRow {
        outcome: Lozenge::new(tone, word),
        what: what.to_owned(),
        says: says.to_owned(),
        names: Vec::new(),
        read: Some(sample::moment("4 minutes ago")),
        remedy: None,
        link: None,
    }
}

pub(in crate::pages) fn steps() -> Vec<StepRow> {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let link = |label: &str, path: &str| {
        ExternalUrl::parse(&format!("https://acme.atlassian.net{path}")).map(|url| (label.to_owned(), url))
    };
    vec![
        StepRow {
            read: None,
            link: link("Users and product access", "/admin"),
            ..step(
                Tone::Good,
                "Admits",
                "Access to Confluence on acme.atlassian.net",
                "Through the group “confluence-users”.",
            )
        },
        StepRow {
            names: named(&["group “engineering”", "group “auditors”"]),
            link: link("Space permissions", "/wiki/spaces/spacepermissions.action?key=ENG"),
            ..step(Tone::Good, "Admits", "Space permission “View” of ENG", "Through the group “engineering”.")
        },
        StepRow {
            names: named(&["Noa Levi", "group “payments-leads”"]),
            link: link("Page information, with its restrictions", "/wiki/pages/viewinfo.action?pageId=7"),
            ..step(
                Tone::Bad,
                "Refuses",
                "Restrictions of “Incident reviews” above it",
                "It names neither this person nor a group or class that the person is in.",
            )
        },
        StepRow {
            remedy: Some("run a sync of the source".to_owned()),
            ..step(Tone::Warning, "Closed", "State in this hub", "Its restrictions have not been read yet.")
        },
    ]
}

pub(in crate::pages) fn document() -> DocumentLine {
    DocumentLine {
        kind: Kind::Page,
        title: Some("How we deploy the payment gateway".to_owned()),
        url: ExternalUrl::parse("https://acme.atlassian.net/wiki/spaces/ENG/pages/1"),
        name: "1:page:70001".to_owned(),
        container: "ENG".to_owned(),
    }
}

fn unseen() -> DocumentLine {
    DocumentLine { title: None, url: None, ..document() }
}

fn pair() -> PairView {
    PairView {
        person: "Ben Okafor".to_owned(),
        known_as: "ben.okafor@example.com".to_owned(),
        document: unseen(),
        visible: false,
        steps: steps(),
    }
}

fn audience() -> AudienceView {
    let person = |name: &str, account: Option<&str>| PersonRow {
        name: name.to_owned(),
        id: "557058:0f1e".to_owned(),
        guest: false,
        account: account.map(str::to_owned),
        kept_out: None,
    };
    AudienceView {
        document: document(),
        people: vec![
            person("Ana Souza", Some("ana.souza@example.com")),
            person("Kit Larsen", None),
            PersonRow { guest: true, ..person("Robin (contractor)", None) },
            PersonRow {
                kept_out: Some("an administrator keeps the account from this source".to_owned()),
                ..person("Otto Brandt", Some("otto.brandt@example.com"))
            },
        ],
        total: Count(1204),
        finding: Count(311),
        cause: None,
    }
}

fn reach() -> ReachView {
    let row = |short: &str, name: &str, documents: u64, visible: u64, hidden: u64| ReachRow {
        source: "acme.atlassian.net/confluence".to_owned(),
        short: short.to_owned(),
        name: name.to_owned(),
        documents: Count(documents),
        visible: Count(visible),
        refused: Count(documents - visible - hidden),
        hidden: Count(hidden),
        causes: if hidden > 0 { vec![format!("{hidden}: the source refused to show who may see it")] } else { vec![] },
    };
    ReachView {
        person: "Mira Lindqvist".to_owned(),
        known_as: "mira.lindqvist@example.com".to_owned(),
        has_account: false,
        visible: Count(10_432),
        documents: Count(12_610),
        rows: vec![
            row("ENG", "Engineering", 8210, 8150, 12),
            row("HR", "People", 1400, 212, 0),
            row("BOARD", "Board papers", 90, 0, 90),
        ],
    }
}

fn hostile() -> PairView {
    let text = sample::HOSTILE.to_owned();
    let row = StepRow {
        outcome: Lozenge::new(Tone::Bad, text.clone()),
        what: text.clone(),
        says: text.clone(),
        names: vec![text.clone()],
        read: Some(sample::hostile_moment()),
        remedy: Some(text.clone()),
        link: None,
    };
    let document =
        DocumentLine { title: Some(text.clone()), name: text.clone(), container: text.clone(), ..document() };
    PairView { person: text.clone(), known_as: text, document, visible: false, steps: vec![row] }
}

impl Page for LookupPage {
    const NAME: &'static str = "lookup";

    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            chrome: sample::admin(),
            person: String::new(),
            document: String::new(),
            fault: None,
            answer: Answer::Nothing,
            objections: Count(0),
        };
        let asked = Self {
            person: "ben.okafor@example.com".to_owned(),
            document: "https://acme.atlassian.net/wiki/spaces/ENG/pages/70001".to_owned(),
            ..empty.clone()
        };
        let seen = PairView { visible: true, document: document(), steps: steps()[..2].to_vec(), ..pair() };
        let nobody = AudienceView {
            people: Vec::new(),
            total: Count(0),
            finding: Count(0),
            cause: Some(("who may see it was last read too long ago".to_owned(), "run a sync".to_owned())),
            ..audience()
        };
        let long = PairView { person: sample::LONG.to_owned(), known_as: sample::RIGHT_TO_LEFT.to_owned(), ..pair() };
        vec![
            ("empty", Self { objections: Count(2), ..empty.clone() }),
            ("refused", Self { answer: Answer::Pair(pair()), ..asked.clone() }),
            ("admitted", Self { answer: Answer::Pair(seen), ..asked.clone() }),
            ("audience", Self { person: String::new(), answer: Answer::Audience(audience()), ..asked.clone() }),
            ("nobody", Self { person: String::new(), answer: Answer::Audience(nobody), ..asked.clone() }),
            ("reach", Self { document: String::new(), answer: Answer::Reach(reach()), ..asked.clone() }),
            ("fault", Self { fault: Some("Nobody is known as `ben`.".to_owned()), ..asked.clone() }),
            ("long", Self { answer: Answer::Pair(long), ..asked }),
            (
                "hostile",
                Self {
                    chrome: sample::hostile(),
                    person: sample::HOSTILE.to_owned(),
                    document: sample::HOSTILE.to_owned(),
                    fault: Some(sample::HOSTILE.to_owned()),
                    answer: Answer::Pair(hostile()),
                    ..empty
                },
            ),
        ]
    }
}
