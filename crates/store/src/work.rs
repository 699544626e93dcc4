//! How far a long piece of work on whole files has come, for those who watch it and may stop it.

use std::io::{self, Read};

/// One part of the work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Work {
    /// What is being done: `copying content.db`.
    pub doing: &'static str,
    /// Bytes, or rows, done of this part.
    pub done: u64,
    /// All of this part.
    pub total: u64,
}

/// Hears of the work as it goes on, often. Answers whether to go on.
pub type Watch<'w> = dyn FnMut(Work) -> bool + 'w;

/// Counts what is read, for a watch; reading ends with an error once the watch says so.
pub(crate) struct Watched<'w, 's, R> {
    inner: R,
    work: Work,
    watch: &'w mut Watch<'s>,
}

impl<'w, 's, R: Read> Watched<'w, 's, R> {
    pub(crate) fn new(inner: R, doing: &'static str, total: u64, watch: &'w mut Watch<'s>) -> Self {
        Self { inner, work: Work { doing, done: 0, total }, watch }
    }
}

impl<R: Read> Read for Watched<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.work.done += read as u64;
        if (self.watch)(self.work) { Ok(read) } else { Err(io::Error::other(Stopped)) }
    }
}

/// The watch asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped on request")]
pub(crate) struct Stopped;

/// Whether an error of reading says that the watch asked to stop.
pub(crate) fn is_stop(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Stopped>)
}
