//! What differs between sites or is not settled in the documentation, so that tests can run both ways.
//!
//! Shared by all parts of one simulator, like the clock: clones switch together, and no lock is needed to read them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::Millis;

/// Switches of Confluence.
#[derive(Clone, Debug)]
pub struct Switches(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    replies_in_site_lists: AtomicBool,
    empty_pages: AtomicBool,
    search_lag: AtomicI64,
    issue_write_limit: AtomicBool,
}

impl Default for Switches {
    fn default() -> Self {
        Self(Arc::new(Inner {
            replies_in_site_lists: AtomicBool::new(true),
            empty_pages: AtomicBool::new(false),
            search_lag: AtomicI64::new(0),
            issue_write_limit: AtomicBool::new(false),
        }))
    }
}

impl Switches {
    /// Whether `/footer-comments` and `/inline-comments` hold replies, too. On unless switched off.
    pub fn replies_in_site_lists(&self) -> bool {
        self.0.replies_in_site_lists.load(Ordering::SeqCst)
    }

    /// Sets [`Self::replies_in_site_lists`].
    pub fn set_replies_in_site_lists(&self, on: bool) {
        self.0.replies_in_site_lists.store(on, Ordering::SeqCst);
    }

    /// Whether listings have empty pages with a `next`: in v2 between full ones, in v1 searches at the end. Off unless
    /// switched on.
    pub fn empty_pages(&self) -> bool {
        self.0.empty_pages.load(Ordering::SeqCst)
    }

    /// Sets [`Self::empty_pages`].
    pub fn set_empty_pages(&self, on: bool) {
        self.0.empty_pages.store(on, Ordering::SeqCst);
    }

    /// How far the search index is behind the content, in milliseconds of the world's clock. 0 unless set.
    pub fn search_lag(&self) -> Millis {
        self.0.search_lag.load(Ordering::SeqCst)
    }

    /// Sets [`Self::search_lag`].
    pub fn set_search_lag(&self, lag: Millis) {
        self.0.search_lag.store(lag, Ordering::SeqCst);
    }

    /// Whether an issue takes 20 writes in 2 seconds and 100 in 30 at most, of real time. Off unless switched on, for tests
    /// write faster than people.
    pub fn issue_write_limit(&self) -> bool {
        self.0.issue_write_limit.load(Ordering::SeqCst)
    }

    /// Sets [`Self::issue_write_limit`].
    pub fn set_issue_write_limit(&self, on: bool) {
        self.0.issue_write_limit.store(on, Ordering::SeqCst);
    }
}
