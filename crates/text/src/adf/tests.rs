//! One test per kind of ADF node; samples are ours.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{parse, parse_str};
use crate::block::Kind;
use crate::document::Text;
use crate::loss::{Position, Reason};
use crate::reference::{Person, Relation, Target};

#[expect(clippy::needless_pass_by_value, reason = "samples are written in place")]
fn doc(content: Value) -> Text {
    parse(&json!({"type": "doc", "version": 1, "content": content}))
}

fn kinds(content: Value) -> Vec<(Kind, String)> {
    doc(content).blocks.into_iter().map(|block| (block.kind, block.text)).collect()
}

fn t(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[expect(clippy::needless_pass_by_value, reason = "samples are written in place")]
fn p(content: Value) -> Value {
    json!({"type": "paragraph", "content": content})
}

#[test]
fn marked_text_stays_within_words() {
    let bold = json!({"type": "text", "text": "believ", "marks": [{"type": "strong"}]});
    assert_eq!(doc(json!([p(json!([t("un"), bold, t("able")])), p(json!([t("next")]))])).plain(), "unbelievable\nnext");
}

#[test]
fn hard_breaks_break_lines_and_headings_have_levels() {
    let content =
        json!([{"type": "heading", "attrs": {"level": 2}, "content": [t("One"), {"type": "hardBreak"}, t("Two")]}]);
    assert_eq!(kinds(content), [(Kind::Heading(2), "One\nTwo".to_owned())]);
}

#[test]
fn inline_nodes_never_touch_their_neighbours() {
    let content = json!([
        t("a"), {"type": "status", "attrs": {"text": "DONE", "color": "green"}},
        t("b"), {"type": "emoji", "attrs": {"shortName": ":grin:", "text": "😁"}},
        t("c"), {"type": "emoji", "attrs": {"shortName": ":own:"}},
        t("d"), {"type": "date", "attrs": {"timestamp": "1785110400000"}},
        t("e"), {"type": "inlineExtension", "attrs": {"extensionKey": "k", "text": "live"}},
        t("f"), {"type": "placeholder", "attrs": {"text": "type here"}}
    ]);
    assert_eq!(doc(json!([p(content)])).plain(), "a DONE b 😁 c :own: d 2026-07-27 e live f");
}

#[test]
fn dates_before_1970_leap_days_and_oddities() {
    let day = |stamp: Value| doc(json!([{"type": "date", "attrs": {"timestamp": stamp}}])).plain();
    assert_eq!(day(json!("-1")), "1969-12-31");
    assert_eq!(day(json!("951782400000")), "2000-02-29");
    assert_eq!(day(json!(1_709_164_800_000_i64)), "2024-02-29");
    assert_eq!(day(json!("someday")), "someday");
    day(json!(i64::MAX.to_string()));
    day(json!(i64::MIN.to_string()));
}

#[test]
fn mentions_show_the_stored_name_until_the_caller_knows_better() {
    let mention = json!({"type": "mention", "attrs": {"id": "5b1", "text": "@Ann"}});
    let everyone = json!({"type": "mention", "attrs": {"id": "here", "text": "@here", "userType": "SPECIAL"}});
    let text = doc(json!([p(json!([t("ask"), mention, t("or"), everyone]))]));
    assert_eq!(text.plain(), "ask @Ann or @here");
    assert_eq!(text.plain_with(&|_| Some("Ann Lee".to_owned())), "ask @Ann Lee or @here");
    assert_eq!(text.mentions, [Person::AccountId("5b1".to_owned())]);
}

#[test]
fn lists_tasks_and_decisions() {
    let item = |text: &str| json!({"type": "listItem", "content": [p(json!([t(text)]))]});
    let inner = json!({"type": "orderedList", "content": [item("b")]});
    let content = json!([
        {"type": "bulletList", "content": [{"type": "listItem", "content": [p(json!([t("a")])), inner]}]},
        {"type": "taskList", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [t("done")]},
            {"type": "blockTaskItem", "attrs": {"state": "TODO"}, "content": [p(json!([t("todo")]))]}]},
        {"type": "decisionList", "content": [{"type": "decisionItem", "attrs": {"state": "DECIDED"}, "content": [t("go")]}]}
    ]);
    let expected = [
        (Kind::ListItem { depth: 1, ordered: false }, "a"),
        (Kind::ListItem { depth: 2, ordered: true }, "b"),
        (Kind::Task { done: true }, "done"),
        (Kind::Task { done: false }, "todo"),
        (Kind::Decision { decided: true }, "go"),
    ];
    assert_eq!(kinds(content), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn containers_give_their_kind_and_title() {
    let content = json!([
        {"type": "panel", "attrs": {"panelType": "info"}, "content": [p(json!([t("boxed")]))]},
        {"type": "expand", "attrs": {"title": "More"}, "content": [p(json!([t("inside")]))]},
        {"type": "blockquote", "content": [p(json!([t("said")]))]},
        {"type": "layoutSection", "content": [{"type": "layoutColumn", "content": [p(json!([t("left")]))]},
            {"type": "layoutColumn", "content": [p(json!([t("right")]))]}]},
        {"type": "codeBlock", "attrs": {"language": "sh"}, "content": [t("if x\n  y\n")]}
    ]);
    let expected = [
        (Kind::Panel, "boxed"),
        (Kind::Title, "More"),
        (Kind::Paragraph, "inside"),
        (Kind::Quote, "said"),
        (Kind::Paragraph, "left"),
        (Kind::Paragraph, "right"),
        (Kind::Code { language: Some("sh".to_owned()) }, "if x\n  y"),
    ];
    assert_eq!(kinds(content), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn cells_are_apart() {
    let cell = |kind: &str, text: &str| json!({"type": kind, "content": [p(json!([t(text)]))]});
    let rows = json!([{"type": "tableRow", "content": [cell("tableHeader", "Name"), cell("tableHeader", "Age")]},
        {"type": "tableRow", "content": [cell("tableCell", "Ann"), cell("tableCell", "41")]}]);
    let text = doc(json!([{"type": "table", "content": rows}]));
    assert_eq!(text.plain(), "Name\tAge\nAnn\t41");
    assert_eq!(text.blocks[3].kind, Kind::Cell { table: 0, row: 1, column: 1, header: false });
}

#[test]
fn links_and_cards_show_text_and_note_addresses() {
    let url = |text: &str| Target::Url(text.to_owned());
    let linked =
        json!({"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://a.example"}}]});
    let content = json!([
        p(json!([linked, {"type": "inlineCard", "attrs": {"url": "https://b.example"}}])),
        {"type": "blockCard", "attrs": {"data": {"url": "https://c.example", "name": "Their title"}}},
        {"type": "embedCard", "attrs": {"url": "https://d.example"}},
        {"type": "blockCard", "attrs": {"datasource": {"id": "d", "parameters": {"jql": "project = A"}}}}
    ]);
    let text = doc(content);
    assert_eq!(text.plain(), "here https://b.example\nhttps://c.example\nhttps://d.example");
    let found: Vec<_> = text.references.into_iter().map(|reference| reference.target).collect();
    let expected = [
        url("https://a.example"),
        url("https://b.example"),
        url("https://c.example"),
        url("https://d.example"),
        Target::Query("project = A".to_owned()),
    ];
    assert_eq!(found, expected);
}

#[test]
fn links_touch_punctuation_but_not_words() {
    let link = |text: &str| json!({"type": "text", "text": text, "marks": [{"type": "link", "attrs": {"href": "https://a.example"}}]});
    let content = json!([p(json!([t("see"), link("Gui"), link("de"), t("now ("), link("x"), t(").")]))]);
    assert_eq!(doc(content).plain(), "see Guide now (x).");
}

#[test]
fn media_show_alternative_texts_and_captions() {
    let media =
        json!({"type": "media", "attrs": {"type": "file", "id": "m1", "collection": "c1", "alt": "a red door"}});
    let content = json!([{"type": "mediaSingle", "content": [media, {"type": "caption", "content": [t("Our door")]}]}]);
    let text = doc(content);
    assert_eq!(text.plain(), "a red door\nOur door");
    assert_eq!(text.references[0].target, Target::Media { id: "m1".to_owned(), collection: "c1".to_owned() });
}

#[test]
fn extensions_show_their_own_text_and_point_to_that_of_others() {
    let macros = |key: &str, settings: Value| json!({"type": "extension", "attrs": {"extensionKey": key, "text": "shown", "parameters": {"macroParams": settings}}});
    let text = doc(json!([
        macros("excerpt-include", json!({"": {"value": "Other page"}})),
        macros("chart", json!({"title": {"value": "Sales"}})),
        {"type": "bodiedExtension", "attrs": {"extensionKey": "details"}, "content": [p(json!([t("kept")]))]},
        {"type": "syncBlock", "attrs": {"resourceId": "r1"}},
        {"type": "bodiedSyncBlock", "attrs": {"resourceId": "r2"}, "content": [p(json!([t("own")]))]}
    ]));
    assert_eq!(text.plain(), "Sales\nshown\nkept\nown");
    assert_eq!(text.references[0].relation, Relation::Excerpt);
    assert_eq!(text.references[0].target, Target::Page { title: "Other page".to_owned(), space: None });
    assert_eq!(text.references[1].target, Target::SyncBlock { id: "r1".to_owned() });
}

#[test]
fn unknown_nodes_are_read() {
    let content = json!([{"type": "novelty", "attrs": {"title": "T", "text": "X", "alt": "A", "url": "https://u.example"},
        "content": [p(json!([t("inside")]))]}, p(json!([t("a"), {"type": "newInline", "attrs": {"text": "b"}}, t("c")]))]);
    assert_eq!(doc(content).plain(), "T X A https://u.example\ninside\na b c");
}

#[test]
fn wrong_shapes_are_reported_and_read() {
    let text = doc(json!([p(json!("loose")), 7, null, p(json!([t("fine")]))]));
    assert_eq!(text.plain(), "loose\nfine");
    assert_eq!(text.losses.len(), 3);
    assert!(text.losses.iter().all(|loss| loss.reason == Reason::Shape && matches!(loss.position, Position::Node(_))));
    assert_eq!(parse(&json!("just a line")).plain(), "just a line");
    assert!(parse(&Value::Null).is_empty());
}

#[test]
fn json_that_is_cut_off_still_gives_its_texts() {
    let whole = json!({"type": "doc", "content": [p(json!([t("first \"quoted\"")])), p(json!([t("second")])), p(json!([t("third")]))]});
    let whole = whole.to_string();
    let cut = &whole[..whole.find("second").map_or(0, |at| at + 3)];
    let text = parse_str(cut);
    assert_eq!(text.plain(), "first \"quoted\"\nsec");
    assert!(matches!(&text.losses[0].reason, Reason::Json(_)));
    assert_eq!(parse_str(&whole).plain(), "first \"quoted\"\nsecond\nthird");
    assert!(parse_str("").losses.is_empty());
}

#[test]
fn nesting_of_100_000_nodes_is_read() {
    let deep = format!(
        "{}{}{}",
        r#"{"type":"panel","content":["#.repeat(100_000),
        r#"{"type":"text","text":"core"}"#,
        "]}".repeat(100_000)
    );
    assert_eq!(parse_str(&deep).plain(), "core");
}

fn node() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec![
        "doc",
        "paragraph",
        "text",
        "mention",
        "panel",
        "table",
        "tableRow",
        "tableCell",
        "listItem",
        "bulletList",
        "codeBlock",
        "media",
        "expand",
        "inlineCard",
        "date",
        "extension",
        "heading",
        "other",
    ]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), any::<String>().prop_map(Value::from),
        (kinds.clone(), any::<String>())
            .prop_map(|(kind, text)| json!({"type": kind, "text": text, "attrs": {"id": text, "text": text, "timestamp": text, "level": 9}})),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        (kinds.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(kind, content)| json!({"type": kind, "content": content}))
    })
}

proptest! {
    #[test]
    fn any_tree_parses(node in node()) {
        let text = parse(&node);
        prop_assert_eq!(parse_str(&node.to_string()), text);
    }

    #[test]
    fn any_string_parses(input in any::<String>()) {
        drop(parse_str(&input));
    }

    #[test]
    fn paragraphs_keep_exactly_their_words(words in prop::collection::vec("[a-zA-Z0-9äß漢]{1,8}", 1..30), split in 1_usize..7) {
        let content: Vec<_> = words.chunks(split).map(|chunk| p(json!([t(&chunk.join(" "))]))).collect();
        let plain = doc(json!(content)).plain();
        prop_assert_eq!(plain.split_whitespace().collect::<Vec<_>>(), words);
    }
}
