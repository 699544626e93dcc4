//! A set of numbers given by its two ends: what every comparison of dates, days, numbers and issue numbers becomes once it is bound.
//!
//! All of them fit `f64` exactly: milliseconds since 1970 stay below 2^53 until the year 287396.

/// An interval whose ends may or may not belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    low: f64,
    low_included: bool,
    high: f64,
    high_included: bool,
}

impl Range {
    pub(super) fn at_least(low: f64) -> Self {
        Self { low, low_included: true, high: f64::INFINITY, high_included: true }
    }

    pub(super) fn above(low: f64) -> Self {
        Self { low_included: false, ..Self::at_least(low) }
    }

    pub(super) fn at_most(high: f64) -> Self {
        Self { low: f64::NEG_INFINITY, low_included: true, high, high_included: true }
    }

    pub(super) fn below(high: f64) -> Self {
        Self { high_included: false, ..Self::at_most(high) }
    }

    /// From `low` up to, but without, `high`.
    pub(super) fn half_open(low: f64, high: f64) -> Self {
        Self { low, low_included: true, high, high_included: false }
    }

    pub(super) fn exactly(point: f64) -> Self {
        Self { low: point, low_included: true, high: point, high_included: true }
    }

    pub(super) fn holds(&self, point: f64) -> bool {
        let above = if self.low_included { point >= self.low } else { point > self.low };
        let below = if self.high_included { point <= self.high } else { point < self.high };
        above && below
    }

    /// The lowest number of any of the ranges, unless one of them has no lower end.
    pub(super) fn lowest(ranges: &[Self]) -> Option<f64> {
        ranges.iter().map(|range| range.low).reduce(f64::min).filter(|low| low.is_finite())
    }
}
