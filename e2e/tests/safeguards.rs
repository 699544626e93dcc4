//! The stages of `chaos --mutants`, played with every safeguard in force.

use e2e::chaos::staged::{self, Held};

fn assert_held(held: &Held) {
    assert_eq!(*held, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_the_sources_search_shows_late_is_read() {
    assert_held(&staged::overlap(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_crawl_lacks_no_batch() {
    assert_held(&staged::checkpoint_with_items(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_listing_deletes_nothing() {
    assert_held(&staged::two_listings(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_before_an_issue_was_opened_is_found_by_nobody_new() {
    assert_held(&staged::old_and_new(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_store_is_built_anew() {
    assert_held(&staged::generation(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_text_that_a_killed_hub_left_in_the_index_is_shown_to_nobody_new() {
    assert_held(&staged::waits_after_restart(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_with_a_record_that_cannot_be_read_hides_nothing() {
    assert_held(&staged::loss_judges_nothing(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_that_comes_back_brings_its_comments() {
    assert_held(&staged::issue_comes_back(None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_a_project_that_is_listed_no_more_is_hidden() {
    assert_held(&staged::outside_hides(None).await);
}
