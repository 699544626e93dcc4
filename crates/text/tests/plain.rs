//! Plain text keeps its paragraphs and lines.

#[test]
fn empty_lines_separate_paragraphs_and_line_ends_stay() {
    let text = text::plain::parse("one  two\r\nthree\r\n\r\n  four\n\n\nfive < 6 & <b>not markup</b>\n");
    let blocks: Vec<_> = text.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(blocks, ["one two\nthree", "four", "five < 6 & <b>not markup</b>"]);
    assert!(text.losses.is_empty());
    assert!(text::plain::parse(" \n ").is_empty());
}

#[test]
fn what_exceeds_the_limit_is_cut_and_reported() {
    let long = "ä".repeat(text::MAX_INPUT / 2 + 10);
    let text = text::plain::parse(&long);
    assert_eq!(text.losses[0].reason, text::Reason::TooLong(long.len()));
    assert_eq!(text.blocks[0].text.len(), text::MAX_INPUT);
}

#[test]
fn a_body_of_20_mb_is_read_whole() {
    let row = "<p>some &amp; <b>words</b> of a long page</p>";
    let count = 20 * 1024 * 1024 / row.len();
    assert_eq!(text::storage::parse(&row.repeat(count)).blocks.len(), count);
}
