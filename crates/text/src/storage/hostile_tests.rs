//! Malformed, hostile and random storage format: read as far as it goes, reported, and in linear work.

use proptest::prelude::*;

use super::scan::Scan;
use super::{parse, parse_bytes};
use crate::loss::Reason;

#[test]
fn stray_markup_keeps_its_words() {
    let text = parse("<p>if a < b then c <= d</p> tail <unfinished");
    assert_eq!(text.plain(), "if a < b then c <= d\ntail <unfinished");
    assert!(text.losses.iter().all(|loss| loss.reason == Reason::StrayMarkup));
    assert_eq!(text.losses.len(), 3);
}

#[test]
fn unbalanced_elements_are_reported_and_read() {
    let text = parse("<p><b>one</p><p>two</i></p><div>three");
    assert_eq!(text.plain(), "one\ntwo\nthree");
    let reasons: Vec<_> = text.losses.into_iter().map(|loss| loss.reason).collect();
    assert_eq!(reasons, [Reason::UnclosedElements(1), Reason::UnmatchedEnd, Reason::UnclosedElements(1)]);
}

#[test]
fn void_elements_need_no_end() {
    assert_eq!(parse("<p>a<br>b</p><hr><p>c</p>").plain(), "a\nb\nc");
    assert!(parse("<p>a<br>b</p>").losses.is_empty());
}

#[test]
fn comments_and_instructions_are_hidden_and_unfinished_ones_are_text() {
    assert_eq!(parse("<?xml version=\"1.0\"?><p>fo<!-- <p>no</p> -->o</p>").plain(), "foo");
    assert_eq!(parse("<p>a</p><!-- open <p>b</p>").plain(), "a\n<!-- open\nb");
    let cut = parse("<p>x</p><![CDATA[rest of <it>");
    assert_eq!(cut.plain(), "x\nrest of <it>");
    assert_eq!(cut.losses[0].reason, Reason::UnclosedCdata);
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_reported() {
    let text = parse_bytes(b"<p>a\xffb</p>");
    assert_eq!(text.plain(), "a\u{fffd}b");
    assert_eq!(text.losses[0].to_string(), "bytes that are not valid utf-8 were replaced (at byte 4)");
}

#[test]
fn losses_are_bounded() {
    let text = parse(&"</b>".repeat(1000));
    assert_eq!(text.losses.len(), 65);
    assert_eq!(text.losses[64].reason, Reason::More(936));
}

#[test]
fn nesting_of_100_000_elements_is_read() {
    for name in ["div", "ul", "blockquote", "table", "ac:structured-macro", "ac:link", "ac:task", "ac:adf-extension"] {
        let deep = format!("{}core{}", format!("<{name}>").repeat(100_000), format!("</{name}>").repeat(100_000));
        let text = parse(&deep);
        assert_eq!((text.plain().as_str(), text.losses.len()), ("core", 0), "{name}");
    }
}

/// Bytes that the scanner looks at.
fn work(input: &str) -> usize {
    let mut scan = Scan::new(input);
    while scan.next().is_some() {}
    scan.work
}

#[test]
fn hostile_input_costs_work_in_proportion_to_its_length() {
    let pieces = [
        "<",
        "<a ",
        "<a \"",
        "<a '>' ",
        "<!--",
        "<!",
        "<!DOCTYPE[>",
        "<![CDATA[",
        "<?",
        "</",
        "&",
        "&#",
        "<p>x",
        "<a b=\"<",
        "]]>",
        "<![CDATA[]]>",
    ];
    for first in pieces {
        for second in pieces {
            let input = format!("{first}{second}").repeat(4_000) + "'\"";
            assert!(work(&input) <= 4 * input.len() + 64, "{first}{second}: {} for {}", work(&input), input.len());
        }
    }
}

proptest! {
    #[test]
    fn anything_parses(input in any::<String>()) {
        drop(parse(&input));
    }

    #[test]
    fn any_heap_of_markup_parses_to_non_empty_blocks(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let text = parse(&pieces.concat());
        for block in &text.blocks {
            prop_assert!(!block.text.is_empty() || !block.slots.is_empty());
            for slot in &block.slots {
                prop_assert!(block.text.get(slot.range.clone()).is_some());
            }
        }
    }

    #[test]
    fn paragraphs_keep_exactly_their_words(words in prop::collection::vec("[a-zA-Z0-9äß漢]{1,8}", 1..30), split in 1_usize..7) {
        let input: String = words.chunks(split).map(|chunk| format!("<p>{}</p>", chunk.join(" "))).collect();
        let plain = parse(&input).plain();
        prop_assert_eq!(plain.split_whitespace().collect::<Vec<_>>(), words);
    }
}

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "word",
    " ",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<br/>",
    "<pre>",
    "</pre>",
    "<ac:link>",
    "</ac:link>",
    "<ri:user ri:account-id=\"7\"/>",
    "<ri:attachment ri:filename=\"f\">",
    "</ri:attachment>",
    "<ac:structured-macro ac:name=\"code\">",
    "<ac:structured-macro ac:name=\"status\">",
    "</ac:structured-macro>",
    "<ac:parameter ac:name=\"title\">",
    "</ac:parameter>",
    "<ac:plain-text-body>",
    "</ac:plain-text-body>",
    "<![CDATA[x]]>",
    "<![CDATA[",
    "<ac:placeholder>",
    "</ac:placeholder>",
    "<ac:adf-extension>",
    "<ac:adf-fallback>",
    "</ac:adf-extension>",
    "<time datetime=\"d\">",
    "<h2>",
    "</h2>",
    "&amp;",
    "&",
    "<",
    ">",
    "<!--",
    "-->",
    "<fab:adf>",
    "{\"type\":\"text\",\"text\":\"t\"}",
    "</fab:adf>",
];
