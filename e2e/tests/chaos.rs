//! The chaos proof over fixed seeds, 20 seconds of noise each; `cargo xtask chaos` plays any number of others.
//!
//! A seed that has found something once gets a test with a name of its own here, and stays.

use e2e::chaos;
use std::time::Duration;

async fn holds(seed: u64) {
    let outcome = chaos::play(seed, Duration::from_secs(20)).await;
    println!("{outcome}");
    assert!(outcome.changes > 0 && outcome.seen > 0 && outcome.pairs > 0, "the noise proves nothing: {outcome}");
    assert!(outcome.is_good(), "{outcome}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_1_all_is_as_at_the_source() {
    holds(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_2_all_is_as_at_the_source() {
    holds(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_3_all_is_as_at_the_source() {
    holds(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_4_all_is_as_at_the_source() {
    holds(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_5_all_is_as_at_the_source() {
    holds(5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_chaos_of_seed_6_all_is_as_at_the_source() {
    holds(6).await;
}
