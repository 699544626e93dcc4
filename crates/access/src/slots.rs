//! A vector in shared chunks: a changed copy costs only the chunks that changed.
//!
//! The state of a million documents is swapped at every commit while queries read the previous one; copying it whole
//! would cost megabytes for one edited page.

use std::sync::Arc;

const CHUNK: usize = 1024;

#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    chunks: Vec<Arc<Vec<Option<T>>>>,
}

impl<T: Clone> Slots<T> {
    pub(crate) fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    #[inline]
    pub(crate) fn get(&self, at: u32) -> Option<&T> {
        let at = at as usize;
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)?.as_ref()
    }

    pub(crate) fn set(&mut self, at: u32, value: T) {
        let at = at as usize;
        while self.chunks.len() <= at / CHUNK {
            self.chunks.push(Arc::new(Vec::new()));
        }
        let chunk = Arc::make_mut(&mut self.chunks[at / CHUNK]);
        if chunk.len() <= at % CHUNK {
            chunk.resize(at % CHUNK + 1, None);
        }
        chunk[at % CHUNK] = Some(value);
    }

    /// What is set, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let slots =
            self.chunks.iter().zip((0_u32..).step_by(CHUNK)).flat_map(|(chunk, first)| (first..).zip(chunk.iter()));
        slots.filter_map(|(at, slot)| Some((at, slot.as_ref()?)))
    }

    /// One more than the highest slot that was ever set.
    pub(crate) fn end(&self) -> u32 {
        match self.chunks.last() {
            None => 0,
            Some(last) => u32::try_from((self.chunks.len() - 1) * CHUNK + last.len()).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_copy_leaves_the_original_alone() {
        let mut first = Slots::new();
        for at in [0, 5, 1023, 1024, 5000] {
            first.set(at, at);
        }
        let mut second = first.clone();
        second.set(5, 99);
        assert_eq!((first.get(5), second.get(5)), (Some(&5), Some(&99)));
        assert_eq!((first.get(6), first.get(5000), first.get(9999)), (None, Some(&5000), None));
        assert_eq!(first.end(), 5001);
        assert!(first.iter().map(|(at, value)| (at, *value)).eq([0, 5, 1023, 1024, 5000].map(|at| (at, at))));
    }
}
