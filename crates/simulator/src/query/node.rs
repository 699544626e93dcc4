//! Boolean combinations of tests, once negations have been pushed down to the tests.
//!
//! Besides matching, a tree answers what all its matches have in common, so that a route can scan an index instead of everything.

/// Tests joined by AND and OR.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<T> {
    All(Vec<Node<T>>),
    Any(Vec<Node<T>>),
    Test(T),
}

impl<T> Node<T> {
    /// Matches every record.
    pub(super) fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Matches no record.
    pub(super) fn nothing() -> Self {
        Self::Any(Vec::new())
    }

    pub(super) fn matches(&self, test: &dyn Fn(&T) -> bool) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.matches(test)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(test)),
            Self::Test(own) => test(own),
        }
    }

    /// The values of which every match has one: `of` a test, the intersection of conjuncts, the union of alternatives.
    /// `None` when nothing is known.
    pub(super) fn common<V: Ord>(&self, of: &dyn Fn(&T) -> Option<Vec<V>>) -> Option<Vec<V>> {
        match self {
            Self::Test(test) => of(test),
            Self::All(nodes) => nodes.iter().filter_map(|node| node.common(of)).reduce(|mut left, right| {
                left.retain(|value| right.contains(value));
                left
            }),
            Self::Any(nodes) => {
                let mut all = Vec::new();
                for node in nodes {
                    all.extend(node.common(of)?);
                }
                all.sort();
                all.dedup();
                Some(all)
            }
        }
    }

    /// A number that no match lies below. `None` when nothing is known.
    pub(super) fn earliest(&self, of: &dyn Fn(&T) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Test(test) => of(test),
            Self::All(nodes) => nodes.iter().filter_map(|node| node.earliest(of)).reduce(f64::max),
            Self::Any(nodes) => {
                let lows: Option<Vec<f64>> = nodes.iter().map(|node| node.earliest(of)).collect();
                lows?.into_iter().reduce(f64::min)
            }
        }
    }
}
