//! Addresses survive being written and read.

use super::*;
use crate::kind::Kind;

fn reread(search: &SearchUrl) -> SearchUrl {
    let address = search.to_string();
    let (path, query_string) = address.split_once('?').unwrap();
    assert_eq!(path, pattern::SEARCH);
    SearchUrl::parse(query_string)
}

#[test]
fn a_search_survives_its_address() {
    let queries =
        ["", "plain words", "\"a phrase\" OR -b", "a&b=c#d?e", "100% + more", "חיפוש 中文 🪙", "<script>", "\u{0}\r\n"];
    for query in queries {
        let search = SearchUrl::of(query)
            .toggling_kind(Kind::Issue)
            .toggling_kind(Kind::BlogPost)
            .toggling_container("c1:ENG & co")
            .toggling_container("חלל")
            .at_page(7);
        assert_eq!(reread(&search), search, "{search}");
        assert_eq!(search.query(), query);
    }
}

#[test]
fn a_filter_clicked_twice_is_gone_and_starts_at_the_first_page() {
    let search = SearchUrl::of("x").at_page(4);
    let filtered = search.toggling_kind(Kind::Page).toggling_container("ENG");
    assert!(filtered.has_kind(Kind::Page) && filtered.has_container("ENG") && filtered.is_filtered());
    assert_eq!(filtered.page(), 1);
    assert_eq!(filtered.toggling_container("ENG").toggling_kind(Kind::Page), search.at_page(1));
    assert_eq!(filtered.unfiltered(), SearchUrl::of("x"));
}

#[test]
fn the_order_of_clicks_does_not_change_the_address() {
    let one = SearchUrl::of("x").toggling_kind(Kind::Page).toggling_kind(Kind::Issue);
    let other = SearchUrl::of("x").toggling_kind(Kind::Issue).toggling_kind(Kind::Page);
    assert_eq!(one.to_string(), other.to_string());
}

#[test]
fn a_mistyped_address_is_still_a_search() {
    let search = SearchUrl::parse("q=a&type=nonsense&type=page&page=minus&in=&utm=1");
    assert_eq!(search, SearchUrl::of("a").toggling_kind(Kind::Page));
    let told = SearchUrl::passed_over("q=a&type=nonsense&type=page&page=minus&in=&utm=1");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("type=nonsense") && told[0].contains("attachment") && told[1].contains("page=minus"));
    assert!(SearchUrl::passed_over("q=a&type=page&type=&page=&page=2").is_empty());
    assert_eq!(SearchUrl::parse("page=0").page(), 1);
    assert_eq!(SearchUrl::parse("page=4000000000").page(), 100);
}

#[test]
fn another_query_keeps_the_filters() {
    let search = SearchUrl::of("a").toggling_kind(Kind::Page).at_page(3).with_query("b");
    assert_eq!(search, SearchUrl::of("b").toggling_kind(Kind::Page));
}

#[test]
fn an_id_cannot_leave_its_path_segment() {
    let route = Route::Source("../x?y#z/%2e é".to_owned());
    assert_eq!(route.to_string(), "/settings/sources/%2E%2E%2Fx%3Fy%23z%2F%252e%20%C3%A9");
    let run = Route::SourceRun("{run}".to_owned(), "../7".to_owned());
    assert_eq!(run.to_string(), "/settings/sources/%7Brun%7D/runs/%2E%2E%2F7");
    assert_eq!(Route::SourceSync("c-1".to_owned()).to_string(), "/settings/sources/c-1/sync");
}

#[test]
fn the_first_page_of_a_list_has_the_plain_address() {
    assert_eq!(Route::Audit.at_page(1), "/settings/audit");
    assert_eq!(Route::Audit.at_page(3), "/settings/audit?page=3");
}

#[test]
fn only_web_addresses_lead_out() {
    for refused in
        ["javascript:alert(1)", "data:text/html,x", "/relative", "//host/x", "https://user:pw@host/", "", "ftp://h/"]
    {
        assert_eq!(ExternalUrl::parse(refused), None, "{refused}");
    }
    let kept = ExternalUrl::parse("https://acme.atlassian.net/wiki/x?a=1&b=2").unwrap();
    assert_eq!(kept.to_string(), "https://acme.atlassian.net/wiki/x?a=1&b=2");
}
