//! A short row of numbers that lies where it is kept. Most are short, and then reading one touches no further memory.

use std::sync::Arc;

/// Up to `N` numbers in place (and never more than 255), more of them elsewhere.
#[derive(Clone, Debug)]
pub(crate) enum Row<T, const N: usize> {
    /// The first ones, as many as stated.
    Few(u8, [T; N]),
    Many(Arc<[T]>),
}

impl<T: Copy, const N: usize> Row<T, N> {
    pub(crate) fn new(numbers: &[T]) -> Self {
        let (Some(first), true, Ok(count)) = (numbers.first(), numbers.len() <= N, u8::try_from(numbers.len())) else {
            return Self::Many(numbers.into());
        };
        let mut few = [*first; N];
        few[..numbers.len()].copy_from_slice(numbers);
        Self::Few(count, few)
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::Few(count, few) => few.get(..usize::from(*count)).unwrap_or_default(),
            Self::Many(many) => many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_any_length_is_read_as_it_was_made() {
        for length in 0..10 {
            let numbers: Vec<u32> = (5..5 + length).collect();
            assert_eq!(Row::<u32, 4>::new(&numbers).as_slice(), numbers);
        }
        assert_eq!(size_of::<Option<Row<u32, 7>>>(), 32);
    }
}
