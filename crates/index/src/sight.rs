//! What one viewer sees of one snapshot, remembered document by document.
//!
//! A decision reads several tables; a remembered answer is two bits. It holds for one snapshot only, so nothing has to
//! be told when access changes.

use crate::gate::Columns;
use crate::mirror::Snapshot;
use crate::view::View;
use access::mutants::off;
use access::{AccessState, Decision};
use std::sync::{Arc, Weak};
use tantivy::{DocId, SegmentOrdinal};

/// Documents looked at to tell about how much a viewer sees.
const SAMPLE: u32 = 2048;

/// A viewer who sees less than this share is searched for by documents and not by words: pruning would have to reject
/// so many candidates that it skips nothing.
const FEW: f64 = 0.03;

/// The answers for one segment: bits by document.
#[derive(Default)]
struct Answers {
    known: Vec<u64>,
    yes: Vec<u64>,
}

/// What one viewer sees of one snapshot.
#[derive(Default)]
pub(crate) struct Sight {
    /// Keeps the snapshot's place in memory from being used again, not the snapshot itself.
    of: Weak<Snapshot>,
    segments: Vec<Answers>,
    /// All that the viewer sees, by segment, if that is little.
    few: Option<Vec<Vec<DocId>>>,
}

impl Sight {
    /// The same sight if it is of this snapshot, else an empty one.
    pub(crate) fn renew(&mut self, snapshot: &Arc<Snapshot>, view: &View, decision: &mut Decision) {
        if std::ptr::eq(self.of.as_ptr(), Arc::as_ptr(snapshot)) {
            return;
        }
        let segments = view.segments().map(|(_, segment, ..)| {
            let words = (segment.max_doc() as usize).div_ceil(64);
            Answers { known: vec![0; words], yes: vec![0; words] }
        });
        *self = Self { of: Arc::downgrade(snapshot), segments: segments.collect(), few: None };
        if self.share(&snapshot.access, view, decision) < FEW {
            self.list(&snapshot.access, view, decision);
        }
    }

    /// Whether the viewer may see a document that lives.
    #[inline]
    pub(crate) fn sees(
        &mut self,
        ordinal: SegmentOrdinal,
        doc: DocId,
        columns: &Columns,
        decide: (&AccessState, &mut Decision),
    ) -> bool {
        let (word, bit) = (doc as usize / 64, 1_u64 << (doc % 64));
        let Some(answers) = self.segments.get_mut(ordinal as usize) else { return false };
        let Some(known) = answers.known.get_mut(word) else { return false };
        if *known & bit == 0 {
            *known |= bit;
            let (access, decision) = decide;
            if columns.docno(doc).is_some_and(|docno| decision.admits(access, docno) || off("index.counts")) {
                answers.yes[word] |= bit;
            }
        }
        answers.yes[word] & bit != 0
    }

    /// All documents of a segment that the viewer sees, in order, if the viewer sees little.
    pub(crate) fn few(&self, ordinal: SegmentOrdinal) -> Option<&[DocId]> {
        self.few.as_ref()?.get(ordinal as usize).map(Vec::as_slice)
    }

    /// The share of the documents that the viewer sees, by a sample spread evenly.
    fn share(&mut self, access: &AccessState, view: &View, decision: &mut Decision) -> f64 {
        let all: u64 = view.segments().map(|(_, segment, ..)| u64::from(segment.max_doc())).sum();
        let step = usize::try_from(all / u64::from(SAMPLE)).unwrap_or(usize::MAX).max(1);
        let (mut asked, mut seen) = (0_u32, 0_u32);
        for (ordinal, segment, columns, _) in view.segments() {
            for doc in (0..segment.max_doc()).step_by(step) {
                asked += 1;
                seen += u32::from(self.sees(ordinal, doc, columns, (access, decision)));
            }
        }
        f64::from(seen) / f64::from(asked.max(1))
    }

    fn list(&mut self, access: &AccessState, view: &View, decision: &mut Decision) {
        let mut few = Vec::new();
        for (ordinal, segment, columns, _) in view.segments() {
            let mut seen = (0..segment.max_doc()).collect::<Vec<_>>();
            seen.retain(|doc| self.sees(ordinal, *doc, columns, (access, decision)));
            seen.shrink_to_fit();
            few.push(seen);
        }
        self.few = Some(few);
    }
}
