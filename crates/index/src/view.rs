//! One commit of the index, opened for searching.

use crate::gate::Columns;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentOrdinal, SegmentReader};

/// A searcher with the columns of its segments and what pruning needs to know of them.
pub(crate) struct View {
    pub(crate) searcher: Searcher,
    segments: Vec<(Columns, f32)>,
}

impl View {
    /// Opens what every search needs of each segment.
    pub(crate) fn open(searcher: Searcher, ranked: &[Field]) -> tantivy::Result<Self> {
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            segments.push((Columns::open(segment)?, slack(&searcher, segment, ranked)?));
        }
        Ok(Self { searcher, segments })
    }

    /// The segments with their ordinals and columns, and by how much their thresholds are lowered.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (SegmentOrdinal, &SegmentReader, &Columns, f32)> {
        let readers = self.searcher.segment_readers().iter().zip(&self.segments);
        (0..).zip(readers).map(|(ordinal, (segment, (columns, slack)))| (ordinal, segment, columns, *slack))
    }
}

/// By which factor a block of postings may hold a better score than Tantivy has noted for it.
///
/// Tantivy notes for each block the document that scores best by the average length of the *segment*, and scores by
/// the average of *all* segments. Where the two differ, another document of the block may score higher than the one
/// noted, but by no more than their quotient: `1 / score` is linear in the length, with a coefficient that the
/// averages scale. With thresholds lowered by this quotient, pruning never loses a hit.
fn slack(searcher: &Searcher, segment: &SegmentReader, ranked: &[Field]) -> tantivy::Result<f32> {
    let average = |segments: &[SegmentReader], field| -> tantivy::Result<f64> {
        let (mut tokens, mut documents) = (0, 0);
        for segment in segments {
            tokens += segment.inverted_index(field)?.total_num_tokens();
            documents += u64::from(segment.max_doc());
        }
        Ok(tokens as f64 / documents.max(1) as f64)
    };
    let mut slack = 1.0_f64;
    for &field in ranked {
        let (own, overall) =
            (average(std::slice::from_ref(segment), field)?, average(searcher.segment_readers(), field)?);
        if own > 0.0 && overall > 0.0 {
            slack = slack.max(own / overall).max(overall / own);
        }
    }
    // A little more, for sums of floats.
    Ok((slack * 1.000_01) as f32)
}
