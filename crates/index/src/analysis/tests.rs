//! What words become, by example.

use super::*;
use proptest::prelude::*;

fn pieces(text: &str) -> Vec<String> {
    analyze(text).into_iter().filter(|token| !token.whole).map(|token| token.term).collect()
}

fn wholes(text: &str) -> Vec<String> {
    analyze(text).into_iter().filter(|token| token.whole).map(|token| token.term).collect()
}

#[test]
fn words_are_folded_and_stemmed() {
    assert_eq!(pieces("Rotating the signing KEYS"), ["rotat", "the", "sign", "key"]);
    assert_eq!(pieces("Zürich Straße naïve œuvre Ｆｕｌｌ ﬁne"), ["zurich", "strass", "naiv", "oeuvr", "full", "fine"]);
    assert_eq!(pieces("ΟΔΟΣ οδος Привет"), ["οδοσ", "οδοσ", "привет"]);
}

#[test]
fn apostrophes_end_words_or_part_them() {
    assert_eq!(pieces("the user's don’t"), ["the", "user", "don't"]);
    assert_eq!(pieces("l'avion"), ["l", "avion"]);
}

#[test]
fn names_in_code_are_found_whole_and_by_their_pieces() {
    assert_eq!(pieces("getUserName foo_bar HTTPServer"), ["get", "user", "name", "foo", "bar", "http", "server"]);
    assert_eq!(wholes("getUserName foo_bar HTTPServer"), ["getusernam", "foo_bar", "httpserver"]);
    assert_eq!(pieces("__init__ APIs ipv6 ABC-123 v1.2"), ["init", "api", "ipv6", "abc", "123", "v1", "2"]);
    assert!(wholes("__init__ APIs ipv6 JSON MAX_").is_empty());
}

#[test]
fn scripts_without_spaces_are_found_by_character() {
    assert_eq!(pieces("東京タワー2号"), ["東", "京", "タ", "ワ", "ー", "2", "号"]);
    assert_eq!(pieces("한국어"), ["한", "국", "어"]);
    assert_eq!(pieces("ทดสอบ").len(), 5);
}

#[test]
fn positions_count_words_and_spans_point_into_the_text() {
    let text = "a getUserName ü";
    let found: Vec<_> = analyze(text).into_iter().map(|token| (token.position, token.span)).collect();
    assert_eq!(found, [(0, 0..1), (1, 2..13), (1, 2..5), (2, 5..9), (3, 9..13), (4, 14..16)]);
}

#[test]
fn common_words_are_told() {
    let common: Vec<_> = analyze("How does the Key have IT").into_iter().map(|token| token.common).collect();
    assert_eq!(common, [true, true, true, false, true, true]);
}

#[test]
fn a_blob_is_no_word_but_keeps_its_place() {
    let text = format!("a {} b", "x".repeat(5000));
    let found: Vec<_> = analyze(&text).into_iter().map(|token| (token.term, token.position)).collect();
    assert_eq!(found, [("a".to_owned(), 0), ("b".to_owned(), 2)]);
}

proptest! {
    #[test]
    fn any_text_gives_rising_positions_and_spans_within_it(text in any::<String>()) {
        let mut last = 0;
        for token in analyze(&text) {
            prop_assert!(token.position >= last);
            prop_assert!(text.get(token.span.clone()).is_some());
            prop_assert!(!token.term.is_empty());
            last = token.position;
        }
    }
}
