//! Times of something and its rival, taken in turns so that both meet the same machine.

use std::time::{Duration, Instant};

/// How often each is measured; the median counts.
pub(crate) const ROUNDS: usize = 5;

/// The median times of `ours` and `rival`, measured in turns after one unmeasured round.
pub(crate) fn in_turns<E>(
    mut ours: impl FnMut() -> Result<(), E>,
    mut rival: impl FnMut() -> Result<(), E>,
) -> Result<(Duration, Duration), E> {
    let mut times = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let began = Instant::now();
        rival()?;
        let between = Instant::now();
        ours()?;
        if round > 0 {
            times.0.push(between.elapsed());
            times.1.push(between - began);
        }
    }
    Ok((percentile(times.0, 50), percentile(times.1, 50)))
}

/// The value below which this share of the values lies; zero of none.
pub(crate) fn percentile<T: Copy + Default + PartialOrd>(mut values: Vec<T>, percent: usize) -> T {
    values.sort_by(|left, right| left.partial_cmp(right).unwrap_or(std::cmp::Ordering::Equal));
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or_default()
}

/// Milliseconds for a table.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_few_values() {
        assert_eq!(percentile(vec![3, 1, 2], 50), 2);
        assert_eq!(percentile(vec![1], 99), 1);
        assert_eq!(percentile(Vec::<u32>::new(), 50), 0);
    }
}
