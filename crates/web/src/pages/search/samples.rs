//! Samples of the search pages: a company's usual results, and everything that could break their layout.

use super::*;
use crate::pages::part::Tone;
use crate::pages::{Page, sample};

impl Page for HomePage {
    const NAME: &'static str = "home";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self { chrome: sample::member(), has_sources: true, is_joined: true };
        vec![
            ("usual", usual.clone()),
            ("nothing-connected", Self { chrome: sample::admin(), has_sources: false, ..usual.clone() }),
            ("nothing-connected-member", Self { has_sources: false, ..usual.clone() }),
            ("not-joined", Self { is_joined: false, ..usual.clone() }),
            ("hostile", Self { chrome: sample::hostile(), ..usual }),
        ]
    }
}

fn link(path: &str) -> Option<ExternalUrl> {
    ExternalUrl::parse(&format!("https://acme.atlassian.net{path}"))
}

fn crumbs(names: &[&str]) -> Vec<Crumb> {
    names.iter().map(|name| Crumb { text: (*name).to_owned(), url: link("/wiki/spaces/ENG") }).collect()
}

fn involved(role: &str, name: &str) -> Involved {
    Involved { role: role.to_owned(), name: name.to_owned() }
}

fn hit(kind: Kind, title: &str, breadcrumb: &[&str], snippet: &str) -> Hit {
    Hit {
        kind,
        title: sample::marked(title),
        url: link("/wiki/spaces/ENG/pages/1"),
        key: None,
        breadcrumb: crumbs(breadcrumb),
        snippet: sample::marked(snippet),
        status: None,
        people: Vec::new(),
        updated: Some(sample::moment("3 March 2026")),
        nested: Vec::new(),
        nested_more: Count(0),
        related: Vec::new(),
        why: why(),
    }
}

fn why() -> String {
    Route::Why.asking(&[("document", "1:page:70001")])
}

fn related(kind: Kind, title: &str, key: Option<&str>) -> Related {
    Related { kind, title: title.to_owned(), key: key.map(str::to_owned), url: link("/browse/PLAT-1") }
}

fn nested(kind: Kind, title: &str, snippet: &str) -> NestedHit {
    NestedHit {
        kind,
        title: sample::marked(title),
        url: link("/wiki/spaces/ENG/pages/1?focusedCommentId=2"),
        snippet: sample::marked(snippet),
        updated: Some(sample::moment("5 March 2026")),
        why: why(),
    }
}

fn usual_hits() -> Vec<Hit> {
    vec![
        Hit {
            people: vec![involved("Author", "Ana Souza")],
            nested: vec![
                nested(
                    Kind::Comment,
                    "Comment by Ben Okafor",
                    "The second *deploy* step needs the new *token*, the old one was revoked on Monday.",
                ),
                nested(Kind::Attachment, "*deploy*-checklist-v3.pdf", ""),
            ],
            nested_more: Count(4),
            ..hit(
                Kind::Page,
                "How we *deploy* the payment gateway",
                &["Engineering", "Runbooks", "Payments"],
                "Every *deploy* starts with a green build on main. Ask for a *token* in the release channel, then run the \
                 checklist below from top to bottom. A *deploy* that is stopped half-way is rolled back, never resumed …",
            )
        },
        Hit {
            key: Some("PLAT-1432".to_owned()),
            status: Some(Lozenge::new(Tone::Active, "In progress")),
            people: vec![involved("Assignee", "Mira Lindqvist"), involved("Reporter", "Ben Okafor")],
            nested: vec![nested(
                Kind::Comment,
                "Comment by Mira Lindqvist",
                "Reproduced: the *deploy* *token* is read once at start and never again.",
            )],
            nested_more: Count(1),
            related: vec![
                related(Kind::Issue, "Renew tokens before a rollout", Some("PLAT-1400")),
                related(Kind::Issue, "Roll out region by region", Some("PLAT-1388")),
            ],
            ..hit(
                Kind::Issue,
                "*Deploy* fails when the *token* expires during the rollout",
                &["Platform"],
                "Steps: start a *deploy* with a *token* that has less than ten minutes left. Expected: it is renewed. Actual: \
                 the third region answers 401 and the rollout hangs …",
            )
        },
        Hit {
            people: vec![involved("Author", "Noa Levi")],
            ..hit(
                Kind::BlogPost,
                "What changed in February: faster *deploys*, fewer *tokens*",
                &["Company news"],
                "We went from two *deploys* a week to three a day. Personal *tokens* are gone; services have their own …",
            )
        },
        Hit {
            key: Some("OPS-88".to_owned()),
            status: Some(Lozenge::new(Tone::Good, "Done")),
            people: vec![involved("Assignee", "Kit Larsen")],
            ..hit(
                Kind::Issue,
                "Rotate the *deploy* *token* of the staging cluster",
                &["Operations"],
                "Due each quarter. Owner is whoever is on call in the first week …",
            )
        },
        Hit {
            people: vec![involved("Author", "Otto Brandt")],
            ..hit(
                Kind::Page,
                "*Token* service: design",
                &["Engineering", "Architecture", "Decisions"],
                "Context: *deploy* jobs share one secret. Decision: every job asks for a short-lived *token*; the service \
                 signs with a key that never leaves it. Consequences: …",
            )
        },
        Hit {
            key: Some("PLAT-1390".to_owned()),
            status: Some(Lozenge::new(Tone::Plain, "To do")),
            people: vec![involved("Reporter", "Ana Souza")],
            ..hit(
                Kind::Issue,
                "Show who started a *deploy* in the audit trail",
                &["Platform"],
                "Today the trail names the *token*, not the person. Support needs both …",
            )
        },
    ]
}

fn usual() -> ResultsPage {
    let search = SearchUrl::of("deploy token");
    let facet = |id: &str, name: &str, is_project: bool, count: u64| ContainerFacet {
        id: id.to_owned(),
        name: name.to_owned(),
        is_project,
        count: Some(Count(count)),
    };
    ResultsPage {
        chrome: sample::member(),
        pager: Pager::new(1, 13, |number| search.at_page(number).to_string()),
        search,
        total: Count(1_284),
        kind_counts: [
            (Kind::Page, 412),
            (Kind::BlogPost, 36),
            (Kind::Issue, 518),
            (Kind::Comment, 290),
            (Kind::Attachment, 28),
        ]
        .map(|(kind, count)| (kind, Some(Count(count))))
        .to_vec(),
        containers: vec![
            facet("c1:ENG", "Engineering", false, 388),
            facet("j1:PLAT", "Platform", true, 341),
            facet("j1:OPS", "Operations", true, 177),
            facet("c1:NEWS", "Company news", false, 24),
        ],
        hits: usual_hits(),
        hints: Vec::new(),
    }
}

fn nothing() -> ResultsPage {
    ResultsPage {
        search: SearchUrl::of("\"quarterly zebra forecast\"").toggling_kind(Kind::Issue),
        total: Count(0),
        kind_counts: Kind::ALL.map(|kind| (kind, None)).to_vec(),
        containers: Vec::new(),
        hits: Vec::new(),
        pager: Pager::default(),
        ..usual()
    }
}

fn long() -> ResultsPage {
    let title = format!("*{}*", sample::LONG);
    let tall = Hit {
        key: Some("VERYLONGPROJECTKEY-1234567".to_owned()),
        status: Some(Lozenge::new(Tone::Warning, "Waiting for the answer of a third party that is on leave")),
        people: vec![involved("Assignee", sample::LONG), involved("Reporter", sample::RIGHT_TO_LEFT)],
        breadcrumb: crumbs(&[sample::LONG, "Level two", "Level three", "Level four", "Level five", sample::LONG]),
        nested: vec![nested(Kind::Attachment, sample::LONG, sample::LONG)],
        ..hit(Kind::Issue, &title, &[], &title)
    };
    let mut query = sample::LONG.to_owned();
    query.push_str(sample::RIGHT_TO_LEFT);
    ResultsPage {
        search: SearchUrl::of(query),
        hits: vec![
            tall,
            hit(
                Kind::Page,
                "מדריך *הפעלה* לשרת ה-staging (גרסה 2)",
                &["הנדסה", "נהלים"],
                "לפני כל *הפעלה* יש לבקש אסימון מצוות ה-release ולוודא שהבנייה ירוקה …",
            ),
            hit(
                Kind::Page,
                "دليل *النشر* على الخوادم",
                &["الهندسة"],
                "قبل كل *نشر* اطلب رمزا من فريق الإصدار، ثم اتبع القائمة …",
            ),
            Hit { url: None, updated: None, ..hit(Kind::Comment, "Comment on a page without an address", &[], "") },
        ],
        hints: vec![sample::LONG.to_owned()],
        ..usual()
    }
}

fn hostile() -> ResultsPage {
    let bad = sample::HOSTILE;
    let crumb = Crumb { text: bad.to_owned(), url: None };
    let comment = NestedHit { updated: Some(sample::hostile_moment()), ..nested(Kind::Comment, bad, bad) };
    let hit = Hit {
        title: vec![Segment::marked(bad)],
        url: ExternalUrl::parse("https://acme.atlassian.net/\"><script>alert(1)</script>"),
        key: Some(bad.to_owned()),
        breadcrumb: vec![crumb],
        snippet: vec![Segment::plain(bad), Segment::marked(bad)],
        status: Some(Lozenge::new(Tone::Bad, bad)),
        people: vec![involved(bad, bad)],
        updated: Some(sample::hostile_moment()),
        nested: vec![comment],
        nested_more: Count(u64::MAX),
        ..hit(Kind::Issue, "", &[], "")
    };
    ResultsPage {
        chrome: sample::hostile(),
        search: SearchUrl::of(bad).toggling_container(bad),
        hits: vec![hit],
        hints: vec![bad.to_owned()],
        containers: vec![ContainerFacet { id: bad.to_owned(), name: bad.to_owned(), is_project: false, count: None }],
        pager: Pager::new(2, 3, |_| bad.to_owned()),
        ..usual()
    }
}

impl Page for ResultsPage {
    const NAME: &'static str = "results";

    fn samples() -> Vec<(&'static str, Self)> {
        let search = usual().search.toggling_kind(Kind::Issue).toggling_container("j1:PLAT").at_page(4);
        let hint = "The quote is never closed, so “deploy token” was searched as two words.".to_owned();
        vec![
            ("usual", usual()),
            (
                "filtered",
                Self {
                    pager: Pager::new(4, 9, |number| search.at_page(number).to_string()),
                    search,
                    total: Count(87),
                    hits: usual_hits().into_iter().filter(|hit| hit.kind == Kind::Issue).collect(),
                    ..usual()
                },
            ),
            ("hint", Self { search: SearchUrl::of("\"deploy token"), hints: vec![hint], ..usual() }),
            ("nothing", nothing()),
            ("long", long()),
            ("hostile", hostile()),
        ]
    }
}
