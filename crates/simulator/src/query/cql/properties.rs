//! Laws that hold for every query and every record.

use proptest::prelude::*;

use super::tests::{Content, bind, moment, page};
use super::{Clause, Cql, CqlContext, Operand, Operator, SortBy, Surface, Term, parse};

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-zA-Z0-9_.-]{0,8}x".prop_map(|name| name)
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        any::<String>().prop_map(Operand::Text),
        (name(), prop::collection::vec(any::<String>(), 0..3))
            .prop_map(|(name, arguments)| Operand::Call { name, arguments }),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    use Operator::{Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, Like, NotEqual, NotIn, NotLike};
    let single = prop::sample::select(vec![Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual, Like, NotLike]);
    prop_oneof![
        (name(), single, operand()).prop_map(|(field, operator, operand)| Term {
            field,
            operator,
            operands: vec![operand]
        }),
        (name(), prop::sample::select(vec![In, NotIn]), prop::collection::vec(operand(), 1..4))
            .prop_map(|(field, operator, operands)| Term { field, operator, operands }),
    ]
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

fn known_term() -> impl Strategy<Value = Term> {
    let terms: Vec<Term> = [
        "space = ENG",
        "space not in (ENG, OPS)",
        "type in (page, comment)",
        "label = red",
        "label != blue",
        "ancestor = 1",
        "parent != 3",
        "lastmodified > \"1970-01-01 10:01\"",
        "lastmodified = \"1970-01-01 10:02\"",
        "text ~ release",
        "title !~ notes",
        "id in (1, 2)",
        "creator = currentUser()",
    ]
    .iter()
    .map(|text| match parse(text).unwrap().restriction {
        Clause::Term(term) => term,
        other => panic!("{other:?}"),
    })
    .collect();
    prop::sample::select(terms)
}

fn content() -> impl Strategy<Value = Content> {
    let labels = prop::sample::subsequence(vec!["red", "blue"], 0..=2);
    let ancestors = prop::sample::subsequence(vec![3_u64, 1], 0..=2);
    let space = prop::sample::select(vec!["ENG", "OPS", "HR"]);
    (1..4_u64, labels, ancestors, space, prop::sample::select(vec!["page", "comment"]), 0..240_i64).prop_map(
        |(id, labels, ancestors, space, kind, second)| Content {
            id,
            labels,
            ancestors,
            space,
            kind,
            modified: jiff::Timestamp::from_second(second).unwrap(),
            ..page()
        },
    )
}

fn holds(restriction: Clause, content: &Content) -> bool {
    let query = Cql { restriction, order_by: Vec::new() };
    query.bind(Surface::Content, Some("ann"), &CqlContext::default(), &moment()).unwrap().matches(content)
}

fn not(clause: &Clause) -> Clause {
    Clause::Not(Box::new(clause.clone()))
}

proptest! {
    #[test]
    fn printing_and_parsing_give_the_same_query(
        restriction in tree(term()),
        order_by in prop::collection::vec((name(), any::<bool>()).prop_map(|(field, descending)| SortBy { field, descending }), 0..3),
    ) {
        let query = Cql { restriction, order_by };
        prop_assert_eq!(parse(&query.to_string()).unwrap(), query);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_likely_text_makes_parser_or_binder_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "space", "lastmodified", "id", "=", "!=", ">", "~", "!~", "in", "not", "(", ")", ",", "and", "or", "order", "by", "'", "\\", "ENG",
            "\"-9M\"", "now", "startOfWeek", "é", "title", "\"\"", "desc", "\"2026-05-07\"", "99999999999999999999",
        ]), 0..24)
    ) {
        let _ = bind(&words.join(" "));
    }

    #[test]
    fn a_negation_is_the_opposite(clause in tree(known_term()), content in content()) {
        prop_assert_eq!(holds(not(&clause), &content), !holds(clause, &content));
    }

    #[test]
    fn de_morgan(left in tree(known_term()), right in tree(known_term()), content in content()) {
        let either = Clause::Or(vec![not(&left), not(&right)]);
        prop_assert_eq!(holds(not(&Clause::And(vec![left, right])), &content), holds(either, &content));
    }

    #[test]
    fn every_match_is_within_the_hints(restriction in tree(known_term()), content in content()) {
        let query = Cql { restriction, order_by: Vec::new() };
        let bound = query.bind(Surface::Content, Some("ann"), &CqlContext::default(), &moment()).unwrap();
        if bound.matches(&content) {
            prop_assert!(bound.spaces_hint().is_none_or(|keys| keys.iter().any(|key| key == content.space)));
            prop_assert!(bound.types_hint().is_none_or(|types| types.iter().any(|kind| kind == content.kind)));
            prop_assert!(bound.ids_hint().is_none_or(|ids| ids.contains(&content.id)));
            prop_assert!(bound.ancestors_hint().is_none_or(|ids| content.ancestors.iter().any(|id| ids.contains(id))));
            prop_assert!(bound.modified_since_hint().is_none_or(|since| content.modified >= since));
        }
    }
}
