//! Space held back on the disk, so that people can sign in while it is full.
//!
//! Whatever is large (batches of a crawl, the index) waits as soon as little space is left. Whatever is small and cannot
//! wait (sessions, the audit log, the last words of a run) may have all of it, and in the end the space that a file of
//! ours keeps occupied for that day.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What the file occupies: thousands of sign-ins.
const SIZE: u64 = 8 << 20;
/// With less free space than this, what is large waits.
const LOW: u64 = 2 << 20;
/// How often the file is tried to be made again.
const AGAIN: Duration = Duration::from_secs(1);
const FILE: &str = "reserve";

/// The space held back in one data directory.
pub(crate) struct Reserve {
    dir: PathBuf,
    state: Mutex<State>,
}

enum State {
    /// Nobody asked for it.
    Off,
    Held,
    /// It was given away, or there was no space for it when it was last tried.
    Given {
        tried: Option<Instant>,
    },
}

impl Reserve {
    /// Holds nothing back yet but what an earlier start has left.
    pub(crate) fn new(dir: &Path) -> Self {
        let held = fs::metadata(dir.join(FILE)).is_ok_and(|found| found.len() == SIZE);
        Self { dir: dir.to_owned(), state: Mutex::new(if held { State::Held } else { State::Off }) }
    }

    /// Holds space back from now on, as soon as there is enough of it.
    pub(crate) fn hold(&self) {
        {
            let mut state = self.lock();
            if matches!(*state, State::Off) {
                *state = State::Given { tried: None };
            }
        }
        self.has_room();
    }

    /// Whether something large may be written now. Takes the reserve back as soon as there is space for it.
    pub(crate) fn has_room(&self) -> bool {
        let mut state = self.lock();
        let free = self.free();
        let State::Given { tried } = &mut *state else { return free >= LOW };
        if free < SIZE + 2 * LOW || tried.is_some_and(|tried| tried.elapsed() < AGAIN) {
            return false;
        }
        *tried = Some(Instant::now());
        match occupy(&self.dir.join(FILE)) {
            Ok(()) => *state = State::Held,
            Err(error) => {
                tracing::debug!(%error, "no space can be held back yet");
                return false;
            }
        }
        true
    }

    /// Makes room for something small, with the reserve if there is nothing else.
    pub(crate) fn make_room(&self) {
        let mut state = self.lock();
        if !matches!(*state, State::Held) || self.free() >= LOW {
            return;
        }
        tracing::warn!("the disk is nearly full; the space that was held back for sign-ins is used now");
        // One that cannot be removed is as good as given up: the next look finds it again.
        let _gone = fs::remove_file(self.dir.join(FILE));
        *state = State::Given { tried: None };
    }

    /// Free bytes for this user. Where the system does not tell, writing will.
    fn free(&self) -> u64 {
        rustix::fs::statvfs(&self.dir).map_or(u64::MAX, |found| found.f_bavail.saturating_mul(found.f_frsize))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the file with bytes that no file system can make smaller.
fn occupy(path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut word = 0x9E37_79B9_7F4A_7C15_u64;
    let mut block = Vec::with_capacity(1 << 16);
    for _ in 0..SIZE >> 16 {
        block.clear();
        while block.len() < 1 << 16 {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            block.extend_from_slice(&word.to_le_bytes());
        }
        file.write_all(&block)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_kept_over_a_restart_and_made_again_when_it_is_gone() {
        let dir = tempfile::tempdir().expect("a directory of its own");
        let size = || fs::metadata(dir.path().join(FILE)).map(|found| found.len()).ok();
        assert!(Reserve::new(dir.path()).has_room());
        assert_eq!(size(), None);
        for left in ["", "half"] {
            fs::write(dir.path().join(FILE), left).expect("written");
            let reserve = Reserve::new(dir.path());
            reserve.hold();
            assert!(reserve.has_room());
            assert_eq!(size(), Some(SIZE));
            // There is space enough, so that nothing is given away.
            reserve.make_room();
            assert_eq!(size(), Some(SIZE));
        }
    }
}
