//! Laws that hold for every query and every record.

use proptest::prelude::*;

use super::sample::{ENG, Issue, OPS, Site, moment};
use super::{Caller, Clause, FieldName, Jql, Operand, Operator, SortBy, Term, parse};

fn operand() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        Just(Operand::Empty),
        any::<String>().prop_map(Operand::Text),
        any::<i64>().prop_map(Operand::Number),
        ("[a-zA-Z ]*[a-z]", prop::collection::vec(any::<String>(), 0..3))
            .prop_map(|(name, arguments)| Operand::Call { name, arguments }),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 1..4).prop_map(Operand::List))
}

fn field() -> impl Strategy<Value = FieldName> {
    prop_oneof![
        any::<String>().prop_filter("a name", |name| !name.trim().is_empty()).prop_map(FieldName::Name),
        (0..=i64::MAX as u64).prop_map(FieldName::Custom),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{Equal, Greater, GreaterOrEqual, In, Is, IsNot, Less, LessOrEqual, Like, NotEqual, NotIn, NotLike};
    prop::sample::select(vec![
        Equal,
        NotEqual,
        Greater,
        GreaterOrEqual,
        Less,
        LessOrEqual,
        Like,
        NotLike,
        In,
        NotIn,
        Is,
        IsNot,
    ])
}

fn tree(term: impl Strategy<Value = Term> + 'static) -> impl Strategy<Value = Clause> {
    term.prop_map(Clause::Term).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Clause::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Clause::Or),
            inner.prop_map(|clause| Clause::Not(Box::new(clause))),
        ]
    })
}

fn any_term() -> impl Strategy<Value = Term> {
    (field(), operator(), operand()).prop_map(|(field, operator, operand)| Term { field, operator, operand })
}

fn query() -> impl Strategy<Value = Jql> {
    let sort = (field(), any::<Option<bool>>()).prop_map(|(field, descending)| SortBy { field, descending });
    (prop::option::of(tree(any_term())), prop::collection::vec(sort, 0..4))
        .prop_map(|(restriction, order_by)| Jql { restriction, order_by })
}

/// Terms that bind on the sample site.
fn known_term() -> impl Strategy<Value = Term> {
    let terms: Vec<Term> = [
        "assignee = ann",
        "assignee != bob",
        "assignee is EMPTY",
        "assignee in (EMPTY, bob)",
        "assignee not in (ann, cy)",
        "labels = red",
        "labels not in (red, blue)",
        "status = Done",
        "project = ENG",
        "key > ENG-3",
        "updated >= 1000",
        "updated < 3000",
        "due > 2026-05-07",
        "priority >= Medium",
        "summary ~ login",
        "comment !~ 'fail*'",
        "cf[10016] > 2",
        "level is not EMPTY",
        "resolution = Unresolved",
    ]
    .iter()
    .map(|text| match parse(text).unwrap().restriction {
        Some(Clause::Term(term)) => term,
        other => panic!("{other:?}"),
    })
    .collect();
    prop::sample::select(terms)
}

fn issue() -> impl Strategy<Value = Issue> {
    let people = prop::option::of(prop::sample::select(vec!["ann", "bob", "cy"]));
    let labels = prop::sample::subsequence(vec!["red", "blue", "green"], 0..=3);
    let texts = prop::collection::vec(prop::sample::select(vec!["failing login", "works"]), 0..3);
    let optional = (
        prop::option::of(1..=3_u64),
        prop::option::of(Just(1_u64)),
        prop::option::of(Just(10_021_u64)),
        prop::option::of(0..5_i32),
    );
    let times = (0..5_i64, prop::option::of(5..10_i8));
    (people, labels, texts, optional, times, (1..=6_u64, any::<bool>(), prop::sample::select(vec![1_u64, 3]))).prop_map(
        |(assignee, labels, comments, (priority, resolution, level, points), (updated, day), (number, eng, status))| {
            Issue {
                id: 20_000 + number,
                project: if eng { ENG } else { OPS },
                number,
                assignee,
                labels,
                status,
                priority,
                resolution,
                level,
                updated: Some(jiff::Timestamp::from_millisecond(updated * 1000).unwrap()),
                due: day.map(|day| jiff::civil::date(2026, 5, day)),
                summary: "Login page",
                comments,
                points: points.map(f64::from),
                ..Issue::default()
            }
        },
    )
}

fn holds(clause: Clause, issue: &Issue) -> bool {
    let query = Jql { restriction: Some(clause), order_by: Vec::new() };
    query.bind(&Site, &Caller::Account("ann".to_owned()), &moment()).unwrap().matches(issue)
}

fn not(clause: &Clause) -> Clause {
    Clause::Not(Box::new(clause.clone()))
}

proptest! {
    #[test]
    fn printing_and_parsing_give_the_same_query(query in query()) {
        prop_assert_eq!(parse(&query.to_string()).unwrap(), query);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_likely_text_makes_parser_or_binder_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "project", "updated", "key", "=", "!=", ">", "~", "in", "not", "is", "empty", "(", ")", ",", "and", "or", "order", "by", "'", "\\u00",
            "ENG", "-1", "99999999999999", "-9d", "startOfDay", "cf", "[", "]", "é", "was", "changed", "now", "summary", "\"a b\"", "!",
        ]), 0..24)
    ) {
        if let Ok(query) = parse(&words.join(" ")) {
            let _ = query.bind(&Site, &Caller::Anonymous, &moment());
        }
    }

    #[test]
    fn a_double_negation_changes_nothing(clause in tree(known_term()), issue in issue()) {
        prop_assert_eq!(holds(not(&not(&clause)), &issue), holds(clause, &issue));
    }

    #[test]
    fn de_morgan(left in tree(known_term()), right in tree(known_term()), issue in issue()) {
        let (negated_left, negated_right) = (not(&left), not(&right));
        let both = Clause::And(vec![left.clone(), right.clone()]);
        prop_assert_eq!(holds(not(&both), &issue), holds(Clause::Or(vec![negated_left.clone(), negated_right.clone()]), &issue));
        let either = Clause::Or(vec![left, right]);
        prop_assert_eq!(holds(not(&either), &issue), holds(Clause::And(vec![negated_left, negated_right]), &issue));
    }

    #[test]
    fn a_clause_and_its_negation_never_both_hold(clause in tree(known_term()), issue in issue()) {
        prop_assert!(!(holds(not(&clause), &issue) && holds(clause, &issue)));
    }

    #[test]
    fn one_of_a_comparison_and_its_negation_holds_where_the_field_has_a_value(issue in issue()) {
        for text in ["assignee = ann", "labels = red", "priority >= Medium", "cf[10016] > 2", "due > 2026-05-07"] {
            let Some(clause) = parse(text).unwrap().restriction else { panic!("{text}") };
            let Clause::Term(Term { field, .. }) = &clause else { panic!("{text}") };
            let absent = Clause::Term(Term { field: field.clone(), operator: Operator::Is, operand: Operand::Empty });
            prop_assert_eq!(holds(clause.clone(), &issue) || holds(not(&clause), &issue), !holds(absent, &issue));
        }
    }

    #[test]
    fn every_match_is_within_the_hints(clause in tree(known_term()), issue in issue()) {
        let query = Jql { restriction: Some(clause), order_by: Vec::new() };
        let bound = query.bind(&Site, &Caller::Account("ann".to_owned()), &moment()).unwrap();
        if bound.matches(&issue) {
            prop_assert!(bound.project_ids_hint().is_none_or(|ids| ids.contains(&issue.project)));
            prop_assert!(bound.ids_hint().is_none_or(|ids| ids.contains(&issue.id)));
            prop_assert!(bound.updated_since_hint().is_none_or(|since| issue.updated.unwrap() >= since));
        }
    }
}
