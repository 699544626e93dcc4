//! The traps of JQL, one test each, and the product's messages.

use jiff::Timestamp;
use jiff::civil::date;

use super::sample::{ENG, Issue, OPS, Site, bind, matches, moment, refusal};
use super::{Caller, IssueRecord, parse};

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

fn updated(text: &str) -> Issue {
    Issue { updated: at(text), ..Issue::default() }
}

#[test]
fn an_unassigned_issue_is_neither_equal_nor_unequal_to_anybody() {
    let (unassigned, anns) = (Issue::default(), Issue { assignee: Some("ann"), ..Issue::default() });
    for query in [
        "assignee = ann",
        "assignee != ann",
        "assignee not in (ann, bob)",
        "NOT assignee = ann",
        "NOT NOT assignee = ann",
    ] {
        assert!(!matches(query, &unassigned), "{query}");
    }
    for query in ["assignee is EMPTY", "assignee = null", "assignee in (EMPTY, ann)", "NOT assignee is not EMPTY"] {
        assert!(matches(query, &unassigned), "{query}");
    }
    assert!(matches("assignee is not EMPTY AND assignee != bob", &anns));
    assert!(!matches("assignee not in (EMPTY, bob)", &unassigned));
    assert!(matches("assignee not in (EMPTY, bob)", &anns));
}

#[test]
fn a_naive_date_is_read_in_the_callers_zone() {
    // 12:00 in Sydney is 02:00 UTC: code that assumes UTC would lose ten hours.
    let query = r#"updated >= "2026-05-07 12:00""#;
    assert!(matches(query, &updated("2026-05-07T02:00:00Z")));
    assert!(!matches(query, &updated("2026-05-07T01:59:59.999Z")));
    assert!(matches(r#"updated >= "2026/05/07""#, &updated("2026-05-06T14:00:00Z")));
}

#[test]
fn epoch_milliseconds_and_an_explicit_zone_do_not_depend_on_the_caller() {
    assert!(matches("updated >= 1778112000000", &updated("2026-05-07T00:00:00Z")));
    assert!(!matches("updated >= 1778112000001", &updated("2026-05-07T00:00:00Z")));
    assert!(matches(r#"updated >= "2026-05-07 12:00 UTC""#, &updated("2026-05-07T12:00:00Z")));
    assert!(!matches(r#"updated >= "2026-05-07 12:00 UTC""#, &updated("2026-05-07T11:59:00Z")));
    assert!(
        refusal(r#"updated >= "1778112000000""#)
            .starts_with("Date value '1778112000000' for field 'updated' is invalid.")
    );
}

#[test]
fn relative_dates_count_from_now() {
    assert!(matches("updated >= -15m", &updated("2026-05-07T01:45:00Z")));
    assert!(!matches("updated >= -15m", &updated("2026-05-07T01:44:59Z")));
    assert!(matches(r#"updated < "-1w 2d""#, &updated("2026-04-28T01:59:00Z")));
    assert!(matches("updated <= 2h", &updated("2026-05-07T04:00:00Z")));
    assert!(matches("updated >= startOfDay()", &updated("2026-05-06T14:00:00Z")));
    assert!(matches(r#"updated >= startOfDay("-1d") AND updated <= endOfDay(-1)"#, &updated("2026-05-06T13:00:00Z")));
    assert!(matches("updated <= now()", &updated("2026-05-07T02:00:00Z")));
}

#[test]
fn seconds_are_refused_and_a_literal_equals_its_whole_minute_or_day() {
    let message = refusal(r#"updated >= "2026-05-07 12:00:30""#);
    assert_eq!(
        message,
        "Date value '2026-05-07 12:00:30' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', \
         'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    );
    assert!(matches(r#"updated = "2026-05-07 12:00""#, &updated("2026-05-07T02:00:59Z")));
    assert!(matches(r#"updated = "2026-05-07""#, &updated("2026-05-07T13:59:59Z")));
    assert!(!matches(r#"updated != "2026-05-07""#, &updated("2026-05-07T13:59:59Z")));
    // The well-known trap: a day as an upper end is its first instant.
    assert!(!matches(r#"updated <= "2026-05-07""#, &updated("2026-05-07T02:00:00Z")));
}

#[test]
fn a_due_day_has_no_zone() {
    let issue = Issue { due: Some(date(2026, 5, 7)), ..Issue::default() };
    assert!(matches(r#"due = "2026-05-07""#, &issue));
    assert!(matches("due <= now() AND due >= 0d AND due < 1d", &issue));
    assert!(matches("due is not EMPTY", &issue));
    assert!(!matches("due < 1d", &Issue::default()));
    assert!(!matches("NOT due < 1d", &Issue::default()));
}

#[test]
fn a_key_comparison_stays_in_its_project() {
    let issue = |project, number| Issue { project, number, ..Issue::default() };
    assert!(matches("key > ENG-100", &issue(ENG, 101)));
    assert!(!matches("key > ENG-100", &issue(ENG, 100)));
    assert!(!matches("key > ENG-100", &issue(OPS, 101)));
    assert!(!matches("NOT key > ENG-100", &issue(OPS, 1)));
    assert!(matches("issuekey <= eng-100", &issue(ENG, 100)));
    assert!(matches("id >= 20005", &issue(ENG, 5)));
    assert_eq!(refusal("key > NOPE-1"), "An issue with key 'NOPE-1' does not exist for field 'key'.");
}

#[test]
fn keys_and_ids_name_issues() {
    let issue = Issue { id: 20_003, ..Issue::default() };
    for query in ["key = ENG-3", "issuekey in (ENG-3, 20004)", "id = 20003", "id in (\"20003\")", "key != ENG-4"] {
        assert!(matches(query, &issue), "{query}");
    }
    assert_eq!(refusal("key = ENG-99"), "An issue with key 'ENG-99' does not exist for field 'key'.");
    assert_eq!(refusal("id in (20003, 99999)"), "A value with ID '99999' does not exist for the field 'id'.");
    assert_eq!(refusal("key = nonsense"), "The issue key 'nonsense' for field 'key' is invalid.");
    assert_eq!(refusal("key is EMPTY"), "The field 'key' does not support searching for EMPTY values.");
    assert!(matches("parent = ENG-4", &Issue { parent: Some(20_004), ..Issue::default() }));
    assert!(matches("parent is empty", &Issue::default()));
}

#[test]
fn names_keys_and_ids_of_objects_are_the_same() {
    let issue = Issue { project: ENG, status: 7, level: Some(10_021), ..Issue::default() };
    for query in
        ["project = ENG", "project = eng", "project = Engineering", "project = 10000", "project in (\"10000\", OPS)"]
    {
        assert!(matches(query, &issue), "{query}");
    }
    assert!(matches("status = Done", &issue), "one name may mean several statuses");
    assert!(matches("level = Internal AND level is not EMPTY AND level = 10021", &issue));
    assert!(matches("statusCategory = Done", &Issue { status: 3, ..Issue::default() }));
    assert!(matches("statusCategory != \"In Progress\"", &Issue { status: 3, ..Issue::default() }));
    assert!(matches("resolution = Unresolved", &Issue::default()));
    assert!(!matches("resolution != Unresolved", &Issue::default()));
}

#[test]
fn priorities_compare_by_rank() {
    let issue = |priority| Issue { priority, ..Issue::default() };
    assert!(matches("priority > Medium", &issue(Some(1))));
    assert!(!matches("priority > Medium", &issue(Some(2))));
    assert!(matches("NOT priority > Medium", &issue(Some(3))));
    assert!(!matches("NOT priority > Medium", &issue(None)));
    assert_eq!(refusal("level > Internal"), "The operator '>' is not supported by the 'level' field.");
}

#[test]
fn labels_match_any_of_several_ignoring_case() {
    let issue = Issue { labels: vec!["Red", "blue"], ..Issue::default() };
    assert!(matches("labels = red", &issue));
    assert!(!matches("labels != red", &issue));
    assert!(matches("labels not in (green, black)", &issue));
    assert!(!matches("labels not in (green)", &Issue::default()));
    assert!(matches("labels = neverUsed OR labels = blue", &issue), "labels are not validated");
}

#[test]
fn text_searches_words_and_phrases_in_each_field_alone() {
    let issue =
        Issue { summary: "Login page fails", comments: vec!["works for me", "still failing"], ..Issue::default() };
    assert!(matches("summary ~ \"fails login\"", &issue));
    assert!(matches(r#"text ~ "\"page fails\"""#, &issue));
    assert!(!matches(r#"text ~ "\"fails page\"""#, &issue));
    assert!(matches("text ~ 'fail*'", &issue));
    assert!(!matches("text ~ \"login works\"", &issue), "one word in the summary and one in a comment do not add up");
    assert!(matches("comment ~ failing", &issue));
    assert!(matches("summary !~ works", &issue));
    assert!(!matches("comment !~ works", &Issue::default()), "no comments: neither contains nor lacks the word");
    assert_eq!(refusal("summary = Login"), "The operator '=' is not supported by the 'summary' field.");
    assert_eq!(refusal("text !~ x"), "The operator '!~' is not supported by the 'text' field.");
    assert_eq!(refusal("text ~ \"\""), "The field 'text' does not support searching for an empty string.");
    assert_eq!(refusal("text ~ \"AND\""), "Unable to parse the text 'AND' for field 'text'.");
}

#[test]
fn functions_give_people() {
    let issue = |assignee| Issue { assignee: Some(assignee), ..Issue::default() };
    assert!(matches("assignee = currentUser()", &issue("ann")));
    assert!(matches("assignee in (currentUser(), bob)", &issue("bob")));
    assert!(matches("assignee in membersOf(\"staff\")", &issue("bob")));
    assert!(matches("assignee not in membersOf(staff)", &issue("cy")));
    assert_eq!(
        refusal("assignee in membersOf(x)"),
        "Function 'membersOf' can not generate a list of usernames for group 'x'; the group does not exist."
    );
    assert_eq!(
        refusal("assignee = membersOf(staff)"),
        "Operator '=' does not support the list value 'membersOf(\"staff\")' for field 'assignee'."
    );
    assert_eq!(refusal("assignee = bogus()"), "Unable to find JQL function 'bogus()'.");
    assert_eq!(refusal("updated > now(\"-1d\")"), "Function 'now' expected '0' arguments but received '1'.");
    assert_eq!(
        refusal("updated > currentUser()"),
        "A date for the field 'updated' provided by the function 'currentUser' is not valid."
    );
    assert_eq!(
        refusal("updated > startOfDay(\"invalid\")"),
        "Duration for function 'startOfDay' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."
    );
}

#[test]
fn custom_fields_by_number_or_quoted_name() {
    let issue = Issue { points: Some(5.0), team: Some("ann"), ..Issue::default() };
    assert!(matches("cf[10016] >= 5", &issue));
    assert!(matches("\"Story Points\" < \"5.5\"", &issue));
    assert!(matches("\"team lead\" = currentUser()", &issue));
    assert_eq!(refusal("cf[99] = 1"), "Field 'cf[99]' does not exist or you do not have permission to view it.");
    assert_eq!(refusal("\"Story Points\" = many"), "Value 'many' for the 'Story Points' field is not a valid number.");
}

#[test]
fn an_unknown_name_is_refused_for_an_account_and_empty_for_nobody() {
    let refused = [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("project in (ENG, 999)", "A value with ID '999' does not exist for the field 'project'."),
        ("assignee = zed", "The value 'zed' does not exist for the field 'assignee'."),
        ("level = Secret", "The value 'Secret' does not exist for the field 'level'."),
        ("foo = 1", "Field 'foo' does not exist or you do not have permission to view it."),
    ];
    for (query, message) in refused {
        assert_eq!(refusal(query), message);
        let bound = parse(query).unwrap().bind(&Site, &Caller::Anonymous, &moment()).unwrap();
        assert!(bound.is_nothing(), "{query}");
        let negated = parse(&format!("NOT {query}")).unwrap().bind(&Site, &Caller::Anonymous, &moment()).unwrap();
        assert!(!negated.matches(&Issue { project: ENG, assignee: Some("ann"), ..Issue::default() }));
    }
    let wrong = parse("summary = x").unwrap().bind(&Site, &Caller::Anonymous, &moment());
    assert!(wrong.is_err(), "a wrong operator is wrong for everybody");
}

#[test]
fn all_validation_problems_are_reported() {
    let error = bind("project = NOPE AND assignee = zed ORDER BY bogus").unwrap_err();
    assert_eq!(error.messages().len(), 3);
    assert_eq!(error.messages()[2], "Not able to sort using field 'bogus'.");
}

#[test]
fn lists_and_single_values_are_not_interchangeable() {
    assert_eq!(
        refusal("project = (ENG, OPS)"),
        "Operator '=' does not support the list value '(\"ENG\", \"OPS\")' for field 'project'."
    );
    assert_eq!(
        refusal("project in ENG"),
        "Operator 'in' does not support the non-list value '\"ENG\"' for field 'project'."
    );
    assert!(matches("project in (ENG, (OPS))", &Issue { project: OPS, ..Issue::default() }), "lists may nest");
}

#[test]
fn history_is_refused() {
    assert_eq!(refusal("status was Done"), "History searches do not support the 'status' field.");
    assert_eq!(refusal("status was not in (Done) before -1d"), "History searches do not support the 'status' field.");
    assert_eq!(refusal("status changed after -1d"), "History searches do not support the 'status' field.");
}

#[test]
fn and_binds_stronger_than_or() {
    let issue = Issue { project: OPS, status: 3, ..Issue::default() };
    assert!(matches("status = Done OR project = ENG AND project = 10000", &issue));
    assert!(!matches("(status = Done OR project = ENG) AND project = 10000", &issue));
    assert!(matches("status = 3 && ! project = ENG || project = ENG", &issue));
}

#[test]
fn only_a_restriction_makes_a_query_bounded() {
    for query in ["", "  ", "order by created", "ORDER BY key ASC, updated DESC"] {
        let message = parse(query).unwrap().require_bounded().unwrap_err().to_string();
        assert_eq!(
            message,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        );
    }
    assert!(parse("project = ENG order by created").unwrap().require_bounded().is_ok());
}

#[test]
fn sorting_puts_empty_last_and_has_directions_of_its_own() {
    let issue =
        |id, number, priority, assignee| Issue { id, number, project: ENG, priority, assignee, ..Issue::default() };
    let issues = [issue(1, 10, None, Some("bob")), issue(2, 9, Some(3), None), issue(3, 8, Some(1), Some("ann"))];
    let order = |query: &str| {
        let bound = bind(query).unwrap();
        let mut sorted: Vec<&Issue> = issues.iter().collect();
        sorted.sort_by(|left, right| bound.compare(*left, *right));
        sorted.iter().map(|issue| issue.id()).collect::<Vec<_>>()
    };
    assert_eq!(order("project = ENG"), [3, 2, 1]);
    assert_eq!(order("project = ENG order by key"), [3, 2, 1]);
    assert_eq!(order("project = ENG order by key desc"), [1, 2, 3]);
    assert_eq!(order("project = ENG order by priority"), [1, 3, 2]);
    assert_eq!(order("project = ENG order by priority asc"), [2, 3, 1]);
    assert_eq!(order("project = ENG order by assignee asc"), [3, 1, 2]);
    assert_eq!(order("project = ENG order by project, assignee desc"), [2, 1, 3]);
    let eight = "a, a, a, a, a, a, a, a".replace('a', "key");
    assert!(bind(&format!("project = ENG order by {eight}")).is_err());
}

#[test]
fn hints_bound_the_answer_from_outside() {
    let hints = |query: &str| {
        let bound = bind(query).unwrap();
        (bound.project_ids_hint(), bound.ids_hint(), bound.updated_since_hint())
    };
    assert_eq!(hints("project = ENG AND updated >= 1000"), (Some(vec![ENG]), None, at("1970-01-01T00:00:01Z")));
    assert_eq!(hints("project in (ENG, OPS) AND project != ENG").0, Some(vec![ENG, OPS]));
    assert_eq!(hints("project in (ENG, OPS) AND project = ENG").0, Some(vec![ENG]));
    assert_eq!(hints("project = ENG OR status = Done").0, None);
    assert_eq!(hints("NOT project != OPS").0, Some(vec![OPS]));
    assert_eq!(hints("key > ENG-5"), (Some(vec![ENG]), None, None));
    assert_eq!(hints("key in (ENG-1, ENG-2) OR id = 20003").1, Some(vec![20_001, 20_002, 20_003]));
    assert_eq!(hints("updated > 5000 OR updated >= 2000").2, at("1970-01-01T00:00:02Z"));
    assert_eq!(hints("updated <= 5000").2, None);
    assert_eq!(hints("NOT updated < 5000").2, at("1970-01-01T00:00:05Z"));
}

#[test]
fn syntax_errors_are_the_products() {
    let operators =
        "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.";
    let cases = [
        ("project = ENG AND", "Error in the JQL Query: Expecting a field name at the end of the query.".to_owned()),
        ("project =", "Error in JQL Query: Expecting either a value, list or function before the end of the query.".to_owned()),
        ("project = ENG  status = x", "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'status'. (line 1, character 16)".to_owned()),
        ("(project = ENG", "Error in the JQL Query: Expecting ')' before the end of the query.".to_owned()),
        ("summary ~ 'x", "Error in the JQL Query: The quoted string 'x' has not been completed. (line 1, character 11)".to_owned()),
        ("comment ~ '", "Error in the JQL Query: The quoted string has not been completed. (line 1, character 11)".to_owned()),
        ("invalid query", format!("Error in the JQL Query: Expecting operator but got 'query'. {operators} (line 1, character 9)")),
        ("ENG-1", format!("Error in the JQL Query: Expecting operator before the end of the query. {operators}")),
        ("project = IN", "Error in JQL Query: Expecting either a value, list or function but got 'IN'. You must surround 'IN' in quotation marks to use it as a value. (line 1, character 11)".to_owned()),
        ("project = DO", "Error in the JQL Query: 'DO' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, character 11)".to_owned()),
        ("reporter=a/b", r"Error in the JQL Query: The character '/' is a reserved JQL character. You must enclose it in a string or use the escape '\u002f' instead. (line 1, character 11)".to_owned()),
        ("a not is empty", "Error in the JQL Query: Expecting 'IN' but got 'is'. (line 1, character 7)".to_owned()),
        ("a is ! empty", "Error in the JQL Query: Expecting 'NOT' but got '!'. (line 1, character 6)".to_owned()),
        ("cf[", "Error in the JQL Query: Expecting a custom field id (a positive number) before the end of the query.".to_owned()),
        ("cf = 6", "Error in the JQL Query: Expecting '[' but got '='. (line 1, character 4)".to_owned()),
        ("[1] = 6", "Error in the JQL Query: Expecting a field name but got '['. Did you mean 'cf['? (line 1, character 1)".to_owned()),
        ("a =b order", "Error in the JQL Query: Expecting 'by' before the end of the query.".to_owned()),
        ("a =b order by x blah", "Error in the JQL Query: Expecting either 'ASC' or 'DESC' but got 'blah'. (line 1, character 17)".to_owned()),
        ("order by a desc d", "Error in the JQL Query: Expecting ',' but got 'd'. (line 1, character 17)".to_owned()),
        ("a = f(bad,)", "Error in the JQL Query: Function argument must be specified. (line 1, character 11)".to_owned()),
        ("k = func(abc, jk!)", "Error in the JQL Query: Expecting ')' or ',' but got '!'. (line 1, character 17)".to_owned()),
        ("'' = c", "Error in the JQL Query: A field name cannot be empty. (line 1, character 1)".to_owned()),
        ("a = ''()", "Error in the JQL Query: A function name cannot be empty. (line 1, character 5)".to_owned()),
        ("a\n =\n\n \\c", r#"Error in the JQL Query: '\c' is an illegal JQL escape sequence. The valid escape sequences are \', \", \t, \n, \r, \\, '\ ' and \uXXXX. (line 4, character 2)"#.to_owned()),
        ("a = -3482094382084092840932809482", "Error in the JQL Query: '-3482094382084092840932809482' is not a valid number. Numbers must be between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807. (line 1, character 5)".to_owned()),
        ("a =\u{7f}b", r"Error in the JQL Query: The character 'U+007F' on line 1 at position 4 must be escaped. Use the escape '\u007f' instead. (line 1, character 4)".to_owned()),
    ];
    for (query, message) in cases {
        assert_eq!(parse(query).unwrap_err().to_string(), message, "{query}");
    }
}

#[test]
fn escapes_and_quotes_make_any_text_a_value() {
    let text = |query: &str| parse(query).unwrap().to_string();
    assert_eq!(text(r"a = it\'s\ \u0041"), r#"a = "it's A""#);
    assert_eq!(text(r#"a = 'say "hi" \\ there'"#), r#"a = "say \"hi\" \\ there""#);
    assert_eq!(text("a = -15m"), r#"a = "-15m""#);
    assert_eq!(text("a = 557058:1f-2"), r#"a = "557058:1f-2""#, "account ids need no quotes");
}

#[test]
fn deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
    for opener in ["(", "not ", "!", "a in ("] {
        assert!(parse(&opener.repeat(100_000)).is_err());
    }
    assert!(parse(&format!("{}a = b{}", "(".repeat(100), ")".repeat(100))).is_ok());
}
