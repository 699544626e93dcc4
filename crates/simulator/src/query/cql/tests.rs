//! The traps of CQL, one test each.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::Value;
use super::super::date::Moment;
use super::{Bound, ContentRecord, CqlContext, CqlError, Field, Surface, parse};

#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) id: u64,
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) space: &'static str,
    pub(super) ancestors: Vec<u64>,
    pub(super) container: Option<u64>,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    pub(super) labels: Vec<&'static str>,
    pub(super) creator: &'static str,
    pub(super) modified: Timestamp,
}

pub(super) fn page() -> Content {
    Content {
        id: 7,
        kind: "page",
        status: "current",
        space: "ENG",
        title: "Release notes",
        creator: "ann",
        ..Content::default()
    }
}

impl ContentRecord for Content {
    fn id(&self) -> u64 {
        self.id
    }

    fn status(&self) -> &str {
        self.status
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        match field {
            Field::Type => see(Value::Word(self.kind)),
            Field::Space => see(Value::Word(self.space)),
            Field::Parent => self.ancestors.iter().take(1).for_each(|&id| see(Value::Id(id))),
            Field::Ancestor => self.ancestors.iter().for_each(|&id| see(Value::Id(id))),
            Field::Container => self.container.into_iter().for_each(|id| see(Value::Id(id))),
            Field::Title | Field::UserFullName => see(Value::Text(self.title)),
            Field::Text => {
                see(Value::Text(self.title));
                see(Value::Text(self.body));
            }
            Field::Label => self.labels.iter().for_each(|label| see(Value::Word(label))),
            Field::Creator | Field::User => see(Value::Word(self.creator)),
            Field::LastModified => see(Value::Time(self.modified)),
            _ => {}
        }
    }
}

/// Noon in Sydney, 02:00 UTC.
pub(super) fn moment() -> Moment {
    Moment::new("2026-05-07T02:00:00Z".parse().unwrap(), TimeZone::get("Australia/Sydney").unwrap())
}

pub(super) fn bind(text: &str) -> Result<Bound, CqlError> {
    parse(text)?.bind(Surface::Content, Some("ann"), &CqlContext::default(), &moment())
}

fn matches(text: &str, content: &Content) -> bool {
    bind(text).unwrap_or_else(|error| panic!("{text}: {error}")).matches(content)
}

fn modified(text: &str) -> Content {
    Content { modified: text.parse().unwrap(), ..page() }
}

#[test]
fn spaces_types_and_ids() {
    for query in [
        "type = page",
        "type in (page, blogpost) and space=\"ENG\"",
        "space.key = ENG",
        "space in (OPS, 'ENG')",
        "id = 7",
    ] {
        assert!(matches(query, &page()), "{query}");
    }
    assert!(matches("content in (7, \"8\") and type != comment", &page()));
    assert!(!matches("space = eng", &page()), "keys are compared as they are");
    assert!(!matches("space = NOPE", &page()), "an unknown space finds nothing");
    assert!(bind("type = sausage").is_err());
    assert!(bind("id = abc").is_err());
}

#[test]
fn a_personal_space_key_needs_quotes() {
    let personal = Content { space: "~5b10", ..page() };
    assert!(bind("space = ~5b10").is_err());
    assert!(matches("space = \"~5b10\"", &personal));
}

#[test]
fn there_is_no_third_truth_value() {
    assert!(matches("label != x", &page()), "content without labels differs from every label");
    assert!(matches("not label = x and label not in (x, y)", &page()));
    assert!(!matches("label != Red", &Content { labels: vec!["red", "blue"], ..page() }));
}

#[test]
fn parent_is_direct_and_ancestor_is_anywhere_above() {
    let content = Content { ancestors: vec![3, 1], ..page() };
    assert!(matches("parent = 3 and ancestor = 1", &content));
    assert!(!matches("parent = 1", &content));
    assert!(matches("ancestor in (1, 99) and ancestor != 2", &content));
    assert!(!matches("ancestor not in (3)", &content));
    assert!(matches("container = 7 and type = comment", &Content { kind: "comment", container: Some(7), ..page() }));
}

#[test]
fn a_naive_date_is_read_in_the_zone_of_the_moment() {
    let query = r#"lastmodified >= "2026-05-07 12:00""#;
    assert!(matches(query, &modified("2026-05-07T02:00:00Z")));
    assert!(!matches(query, &modified("2026-05-07T01:59:59Z")));
    assert!(matches(r#"lastModified >= "2026/05/07""#, &modified("2026-05-06T14:00:00Z")));
}

#[test]
fn dates_stop_at_minutes_on_both_sides() {
    assert!(!matches(r#"lastmodified > "2026-05-07 12:00""#, &modified("2026-05-07T02:00:59Z")));
    assert!(matches(r#"lastmodified > "2026-05-07 12:00""#, &modified("2026-05-07T02:01:00Z")));
    assert!(matches(r#"lastmodified <= "2026-05-07 12:00""#, &modified("2026-05-07T02:00:59Z")));
    assert!(matches(r#"lastmodified = "2026-05-07 12:00""#, &modified("2026-05-07T02:00:59Z")));
    assert!(matches(r#"lastmodified = "2026-05-07""#, &modified("2026-05-07T13:59:59Z")));
    assert!(!matches(r#"lastmodified != "2026-05-07""#, &modified("2026-05-07T13:59:59Z")));
    assert!(bind(r#"lastmodified > "2026-05-07 12:00:30""#).is_err());
}

#[test]
fn date_functions_take_increments() {
    assert!(matches("lastmodified >= now(\"-90m\")", &modified("2026-05-07T00:30:00Z")));
    assert!(!matches("lastmodified >= now(\"-90m\")", &modified("2026-05-07T00:29:59Z")));
    assert!(matches("lastmodified < now(\"-1M\")", &modified("2026-04-01T00:00:00Z")));
    assert!(matches("lastmodified >= startOfDay()", &modified("2026-05-06T14:00:00Z")));
    assert!(matches(
        "lastmodified >= startOfMonth(\"-1\") and lastmodified < endOfYear()",
        &modified("2026-04-02T00:00:00Z")
    ));
    for query in
        ["lastmodified > now(\"7\")", "lastmodified > now(\"-7x\")", "lastmodified > -7d", "lastmodified > bogus()"]
    {
        assert!(bind(query).is_err(), "{query}");
    }
}

#[test]
fn text_and_titles() {
    let content = Content { body: "Ship it on Friday", ..page() };
    assert!(matches("text ~ \"friday ship\"", &content));
    assert!(matches("siteSearch ~ \"rel*\"", &content));
    assert!(matches(r#"text ~ "\"on friday\"""#, &content));
    assert!(!matches("title ~ friday", &content));
    assert!(matches("title !~ friday", &content));
    assert!(matches(r#"title = "Release notes" and title = "\"Release notes\"""#, &content));
    assert!(!matches("title = Release", &content));
    assert!(bind("text = friday").is_err());
}

#[test]
fn functions_take_the_caller_and_the_context() {
    assert!(matches("creator = currentUser()", &page()));
    let nobody = parse("creator = currentUser()")
        .unwrap()
        .bind(Surface::Content, None, &CqlContext::default(), &moment())
        .unwrap();
    assert!(!nobody.matches(&page()));
    let context = CqlContext::parse(r#"{"spaceKey":"ENG","contentId":"7"}"#).unwrap();
    let here = parse("space = currentSpace() and id = currentContent()").unwrap();
    assert!(here.bind(Surface::Content, None, &context, &moment()).unwrap().matches(&page()));
    assert!(bind("space = currentSpace()").is_err(), "without a context there is no current space");
    assert!(bind("space = currentUser()").is_err());
}

#[test]
fn the_context_widens_statuses_and_its_space_restricts_nothing() {
    let archived = Content { status: "archived", ..page() };
    assert!(!matches("type = page", &archived));
    let context = CqlContext::parse(r#"{"spaceKey":"OPS","contentStatuses":["current","archived"]}"#).unwrap();
    let bound = parse("type = page").unwrap().bind(Surface::Content, None, &context, &moment()).unwrap();
    assert!(bound.matches(&archived) && bound.matches(&page()));
    for text in ["", "[]", r#"{"contentStatuses":"current"}"#, r#"{"spaceKey":1}"#] {
        assert!(CqlContext::parse(text).is_err(), "{text}");
    }
}

#[test]
fn people_are_found_by_their_own_resource_only() {
    let person = Content { kind: "user", title: "Ann Lee", ..page() };
    let users = |text: &str| parse(text).unwrap().bind(Surface::Users, Some("ann"), &CqlContext::default(), &moment());
    assert!(users("type = user and user.fullname ~ lee").unwrap().matches(&person));
    assert!(users("user = currentUser()").unwrap().matches(&person));
    assert!(users("space = ENG").is_err());
    assert!(bind("user = ann").is_err());
}

#[test]
fn refusals_name_the_field_or_repeat_the_query() {
    let message = |text: &str| bind(text).unwrap_err().to_string();
    let prefix = "com.atlassian.confluence.api.service.exceptions.BadRequestException: Could not parse cql : ";
    assert_eq!(message("status = archived"), format!("{prefix}Unsupported CQL field 'status' for this resource"));
    for query in [
        "",
        "order by created",
        "space =",
        "space = ENG and",
        "(type = page",
        "title ~ \"x",
        "type page",
        "space in ENG",
        "a = b; c",
    ] {
        assert_eq!(message(query), format!("{prefix}{query}"));
    }
    assert!(bind("space ~ ENG").is_err() && bind("label > a").is_err() && bind("type = page order by label").is_err());
    assert!(parse(&"(".repeat(100_000)).is_err() && parse(&"not ".repeat(100_000)).is_err());
}

#[test]
fn and_binds_stronger_than_or() {
    assert!(matches("type = page or type = blogpost and space = OPS", &page()));
    assert!(!matches("(type = page OR type = blogpost) AND space = OPS", &page()));
}

#[test]
fn sorting() {
    let contents = [
        Content { id: 1, title: "b", modified: Timestamp::from_second(5).unwrap(), ..page() },
        Content { id: 2, title: "A", modified: Timestamp::from_second(9).unwrap(), ..page() },
        Content { id: 3, title: "a", modified: Timestamp::from_second(7).unwrap(), ..page() },
    ];
    let order = |query: &str| {
        let bound = bind(query).unwrap();
        let mut sorted: Vec<&Content> = contents.iter().collect();
        sorted.sort_by_key(|content| bound.sort_key(*content));
        sorted.iter().map(|content| content.id).collect::<Vec<_>>()
    };
    assert_eq!(order("type = page"), [1, 2, 3]);
    assert_eq!(order("type = page order by lastmodified desc"), [2, 3, 1]);
    assert_eq!(order("type = page order by title asc, lastmodified"), [3, 2, 1]);
    assert_eq!(order("type = page order by id desc"), [3, 2, 1]);
}

#[test]
fn hints_bound_the_answer_from_outside() {
    let bound =
        bind("space in (ENG, OPS) and type in (page, BlogPost) and lastmodified >= now(\"-1h\") and id in (1, 2)")
            .unwrap();
    assert_eq!(bound.spaces_hint().unwrap(), ["ENG", "OPS"]);
    assert_eq!(bound.types_hint().unwrap(), ["page", "blogpost"]);
    assert_eq!(bound.ids_hint().unwrap(), [1, 2]);
    assert_eq!(bound.modified_since_hint().unwrap().to_string(), "2026-05-07T01:00:00Z");
    let loose = bind("not space = ENG or type = page").unwrap();
    assert_eq!((loose.spaces_hint(), loose.types_hint(), loose.modified_since_hint()), (None, None, None));
    assert_eq!(bind("not (space != ENG)").unwrap().spaces_hint().unwrap(), ["ENG"]);
    assert_eq!(bind("ancestor = 5 or ancestor in (6)").unwrap().ancestors_hint().unwrap(), [5, 6]);
}
