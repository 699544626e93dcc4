//! Whether a call was here before, within bounds of memory.
//!
//! Two marks of each accepted call are remembered: its signature, which covers the body, and the identifier that Jira gives
//! to all attempts of one delivery, which nothing signs. A call that is older than everything remembered is refused for its
//! age: after a start, and when a storm has pushed the oldest out, nothing old can come in again because it was forgotten.

use super::Outcome;
use access::SourceId;
use model::{Duration, Millis};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How old a call may be. Jira tries a delivery again for about half an hour, and sends some a quarter of an hour late.
const OLDEST: Duration = Duration::hours(1);
/// How far the source's clock may be ahead.
const AHEAD: Duration = Duration(10 * 60 * 1000);
/// How many calls of one source are remembered.
const MOST: usize = 20_000;

type Mark = [u8; 16];

/// The calls of all sources.
pub(super) struct Replay {
    start: Millis,
    seen: Mutex<BTreeMap<SourceId, Seen>>,
}

/// The calls of one source.
#[derive(Default)]
struct Seen {
    /// By the time at which they were sent, oldest first.
    calls: BTreeSet<(Millis, Mark, Option<Mark>)>,
    marks: HashSet<Mark>,
    /// Calls that are not younger than this are not told apart any more.
    floor: Option<Millis>,
}

fn mark(kind: &[u8], value: &[u8]) -> Mark {
    let digest: [u8; 32] = Sha256::new().chain_update(kind).chain_update(value).finalize().into();
    let mut mark = Mark::default();
    mark.copy_from_slice(&digest[..16]);
    mark
}

impl Replay {
    /// A memory that begins at `start`. Calls sent before it are refused: what they told of is found by the cycle that
    /// follows every start.
    pub(super) fn since(start: Millis) -> Self {
        Self { start, seen: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SourceId, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call in once.
    pub(super) fn admit(
        &self,
        source: SourceId,
        sent: Millis,
        now: Millis,
        signature: &[u8; 32],
        identifier: Option<&[u8]>,
    ) -> Result<(), Outcome> {
        let oldest = Millis(self.start.0.max(now.0 - OLDEST.0));
        if sent < oldest {
            return Err(Outcome::TooOld);
        }
        if sent.0 > now.0 + AHEAD.0 {
            return Err(Outcome::Ahead);
        }
        let by_signature = mark(b"signature ", signature);
        let by_identifier = identifier.map(|identifier| mark(b"identifier ", identifier));
        let mut all = self.lock();
        let seen = all.entry(source).or_default();
        seen.forget_before(oldest);
        if seen.marks.contains(&by_signature) || by_identifier.is_some_and(|mark| seen.marks.contains(&mark)) {
            return Err(Outcome::SeenBefore);
        }
        if seen.floor.is_some_and(|floor| sent <= floor) {
            return Err(Outcome::TooOld);
        }
        seen.marks.insert(by_signature);
        seen.marks.extend(by_identifier);
        seen.calls.insert((sent, by_signature, by_identifier));
        if seen.calls.len() > MOST {
            seen.floor = seen.forget_oldest();
        }
        Ok(())
    }
}

impl Seen {
    fn forget_oldest(&mut self) -> Option<Millis> {
        let (sent, by_signature, by_identifier) = self.calls.pop_first()?;
        self.marks.remove(&by_signature);
        by_identifier.map(|mark| self.marks.remove(&mark));
        Some(sent)
    }

    fn forget_before(&mut self, oldest: Millis) {
        while self.calls.first().is_some_and(|(sent, ..)| *sent < oldest) {
            self.forget_oldest();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JIRA: SourceId = SourceId(2);
    const START: Millis = Millis(1_000_000_000);

    fn signature(number: u32) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        bytes
    }

    fn at(seconds: i64) -> Millis {
        Millis(START.0 + seconds * 1000)
    }

    #[test]
    fn a_call_comes_in_once_whatever_is_changed_of_what_nobody_signed() {
        let replay = Replay::since(START);
        let admit = |number, identifier| replay.admit(JIRA, at(1), at(2), &signature(number), identifier);
        assert_eq!(admit(1, Some(b"a".as_slice())), Ok(()));
        assert_eq!(admit(1, Some(b"b".as_slice())), Err(Outcome::SeenBefore), "the body is the same");
        assert_eq!(admit(1, None), Err(Outcome::SeenBefore));
        assert_eq!(admit(2, Some(b"a".as_slice())), Err(Outcome::SeenBefore), "the delivery is the same");
        assert_eq!(admit(2, Some(b"b".as_slice())), Ok(()), "what was refused is not remembered");
        let other = replay.admit(SourceId(3), at(1), at(2), &signature(1), Some(b"a".as_slice()));
        assert_eq!(other, Ok(()), "each source has its own memory");
    }

    #[test]
    fn a_call_is_of_late() {
        let replay = Replay::since(START);
        let admit = |sent, now, number| replay.admit(JIRA, sent, now, &signature(number), None);
        assert_eq!(admit(at(-1), at(1), 1), Err(Outcome::TooOld), "sent before the start");
        assert_eq!(admit(at(7200), at(7200 + 3600), 2), Ok(()));
        assert_eq!(admit(at(7200), at(7200 + 3601), 3), Err(Outcome::TooOld));
        assert_eq!(admit(at(700), at(99), 4), Err(Outcome::Ahead));
        assert_eq!(admit(at(700), at(100), 5), Ok(()), "clocks differ");
        assert_eq!(admit(Millis(i64::MIN), at(1), 6), Err(Outcome::TooOld));
        assert_eq!(admit(Millis(i64::MAX), at(1), 7), Err(Outcome::Ahead));
    }

    #[test]
    fn memory_is_bounded_and_what_was_pushed_out_cannot_come_back() {
        let replay = Replay::since(START);
        let most = u32::try_from(MOST).unwrap();
        let sent = |number: u32| Millis(START.0 + i64::from(number));
        for number in 0..most + 100 {
            assert_eq!(replay.admit(JIRA, sent(number), at(60), &signature(number), None), Ok(()));
        }
        {
            let all = replay.lock();
            let seen = &all[&JIRA];
            assert_eq!((seen.calls.len(), seen.marks.len()), (MOST, MOST));
        }
        for number in [0, 99, 100, most + 99] {
            let again = replay.admit(JIRA, sent(number), at(60), &signature(number), None);
            assert!(again.is_err(), "{number} came in twice");
        }
        assert_eq!(replay.admit(JIRA, at(50), at(60), &signature(u32::MAX), None), Ok(()), "the next one comes in");
        assert_eq!(replay.admit(JIRA, at(4000), at(4000), &signature(most * 2), None), Ok(()));
        assert_eq!(replay.lock()[&JIRA].marks.len(), 1, "what is too old anyway needs no memory");
    }
}
