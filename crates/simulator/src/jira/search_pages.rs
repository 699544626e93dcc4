//! Where a search goes on: the ids of a query are found once, and each token names the rest of them.
//!
//! A chain of pages so never repeats or skips an issue that did not change, and its cost does not grow with the square of
//! the answer. Every page is trimmed again: what has been deleted or hidden meanwhile is left out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How long a token is good, in milliseconds.
const LIFETIME: i64 = 7 * 24 * 3600 * 1000;
/// Ids kept for all open chains together; the oldest chains are forgotten beyond it.
const MOST_IDS: usize = 4_000_000;

#[derive(Debug)]
struct Chain {
    number: u64,
    /// Caller and query; a token is good for these alone.
    whose: String,
    made_at: i64,
    ids: Arc<Vec<u64>>,
}

/// All open chains.
#[derive(Debug, Default)]
pub struct SearchPages(Mutex<(u64, VecDeque<Chain>)>);

/// A place in a chain.
#[derive(Debug)]
pub(crate) struct Place {
    number: u64,
    /// All ids of the query.
    pub(crate) ids: Arc<Vec<u64>>,
    /// The first id that has not been sent.
    pub(crate) at: usize,
}

impl SearchPages {
    /// Remembers the answer of a query that needs more than one page.
    pub(crate) fn open(&self, whose: String, now: i64, ids: Vec<u64>) -> Place {
        let ids = Arc::new(ids);
        let Ok(mut state) = self.0.lock() else { return Place { number: 0, ids, at: 0 } };
        state.0 += 1;
        let number = state.0;
        state.1.push_back(Chain { number, whose, made_at: now, ids: Arc::clone(&ids) });
        let mut kept: usize = state.1.iter().map(|chain| chain.ids.len()).sum();
        while kept > MOST_IDS && state.1.len() > 1 {
            kept -= state.1.pop_front().map_or(0, |chain| chain.ids.len());
        }
        Place { number, ids, at: 0 }
    }

    /// The place that a token names; `None` if it is unreadable, too old, or of another caller or query.
    pub(crate) fn find(&self, token: &str, whose: &str, now: i64) -> Option<Place> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (number, at) = text.split_once(':')?;
        let (number, at) = (number.parse::<u64>().ok()?, at.parse::<usize>().ok()?);
        let state = self.0.lock().ok()?;
        let chain = state.1.iter().find(|chain| chain.number == number)?;
        let good = chain.whose == whose && now - chain.made_at < LIFETIME && at <= chain.ids.len();
        good.then(|| Place { number, ids: Arc::clone(&chain.ids), at })
    }
}

impl Place {
    /// The start of an answer that fits one page.
    pub(crate) fn whole(ids: Vec<u64>) -> Self {
        Self { number: 0, ids: Arc::new(ids), at: 0 }
    }

    /// The token that names the place `at`.
    pub(crate) fn token(&self, at: usize) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{at}", self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_query_for_a_week() {
        let pages = SearchPages::default();
        let token = pages.open("ann q".to_owned(), 0, vec![7, 8, 9]).token(2);
        let place = pages.find(&token, "ann q", LIFETIME - 1).unwrap();
        assert_eq!(&place.ids[place.at..], [9]);
        assert!(pages.find(&token, "ann q", LIFETIME).is_none());
        assert!(pages.find(&token, "bob q", 0).is_none());
        assert!(pages.find("CAEaAggD", "ann q", 0).is_none());
    }
}
