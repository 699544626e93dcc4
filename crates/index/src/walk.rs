//! Three walks over the documents that match: for the best, for the counts, and for what belongs to the hits of a page.

use crate::compile::Compiled;
use crate::gate::{Columns, Gate, Wanted, kind_at};
use crate::rank::{Best, Rank, Score};
use crate::view::View;
use access::SourceId;
use model::{ContainerKey, Kind};
use search::Facets;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tantivy::query::{EnableScoring, Query, Scorer};
use tantivy::{DocAddress, DocId, SegmentOrdinal};

/// Adds the documents of `query` that the gate lets through to `best`.
///
/// The gate comes after the score: a document that could not enter the list is never asked about, and one that is not
/// let through leaves the threshold as it is, so that whole blocks of postings are skipped.
pub(crate) fn collect(view: &View, query: &dyn Query, gate: &mut Gate<'_>, best: &mut Best) -> tantivy::Result<()> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(&view.searcher))?;
    for (ordinal, segment, columns, slack) in view.segments() {
        let wanted = columns.wanted(gate.filters)?;
        let threshold = |best: &Best| best.lowest().map_or(f32::MIN, |lowest| lowest.just_below() / slack);
        let mut current = threshold(best);
        weight.for_each_pruning(current, segment, &mut |doc, score| {
            let score = Score::of(score);
            if best.lowest().is_some_and(|lowest| score < lowest) {
                return current;
            }
            if gate.lets_through(&wanted, ordinal, doc)
                && let Some(rank) = rank(columns, ordinal, doc, score)
                && best.wants(&rank)
            {
                best.insert(rank);
                current = threshold(best);
            }
            current
        })?;
    }
    Ok(())
}

fn rank(columns: &Columns, ordinal: SegmentOrdinal, doc: DocId, score: Score) -> Option<Rank> {
    let docno = columns.docno(doc)?.0;
    Some(Rank {
        score: Reverse(score),
        updated: Reverse(columns.updated(doc)),
        docno,
        group: columns.group(doc).unwrap_or(docno),
        address: DocAddress::new(ordinal, doc),
    })
}

/// The same as [`collect`] for a query of which one of `queries` is enough, and a viewer who sees little: goes through
/// what the viewer sees and asks the postings about each document.
pub(crate) fn collect_few(
    view: &View,
    queries: &[Box<dyn Query>],
    gate: &mut Gate<'_>,
    best: &mut Best,
) -> tantivy::Result<()> {
    let scoring = EnableScoring::enabled_from_searcher(&view.searcher);
    let weights = queries.iter().map(|query| query.weight(scoring)).collect::<tantivy::Result<Vec<_>>>()?;
    for (ordinal, segment, columns, _) in view.segments() {
        let wanted = columns.wanted(gate.filters)?;
        let scorers = weights.iter().map(|weight| weight.scorer(segment, 1.0));
        let mut scorers = scorers.collect::<tantivy::Result<Vec<_>>>()?;
        for &doc in gate.sight.few(ordinal).unwrap_or_default() {
            let mut score = None;
            for scorer in &mut scorers {
                if holds(scorer.as_mut(), doc) {
                    score = Some(score.unwrap_or(0.0) + scorer.score());
                }
            }
            let Some(score) = score.map(Score::of) else { continue };
            let behind = best.lowest().is_some_and(|lowest| score < lowest);
            if !behind
                && wanted.in_kinds(doc)
                && wanted.in_containers(doc)
                && let Some(rank) = rank(columns, ordinal, doc, score)
                && best.wants(&rank)
            {
                best.insert(rank);
            }
        }
    }
    Ok(())
}

/// Whether the scorer holds a document that is no earlier than those asked about before.
fn holds(scorer: &mut dyn Scorer, doc: DocId) -> bool {
    scorer.doc() == doc || (scorer.doc() < doc && scorer.seek(doc) == doc)
}

/// A set of document numbers.
#[derive(Default)]
struct Numbers {
    words: Vec<u64>,
    count: u64,
}

impl Numbers {
    #[inline]
    fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, 1_u64 << (number % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.count += u64::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }
}

/// What is counted of the matches of one search.
#[derive(Default)]
struct Counts {
    with_facets: bool,
    groups: Numbers,
    kinds: [u64; Kind::ALL.len()],
    containers: BTreeMap<(SourceId, ContainerKey), u64>,
    /// Of the segment at hand, by ordinal of the container.
    by_ordinal: Vec<u64>,
}

impl Counts {
    #[inline]
    fn add(&mut self, wanted: &Wanted<'_>, ordinal: SegmentOrdinal, doc: DocId, gate: &mut Gate<'_>) {
        let columns = wanted.columns;
        let (in_kinds, in_containers) = (wanted.in_kinds(doc), wanted.in_containers(doc));
        let counts = in_kinds && in_containers || self.with_facets && (in_kinds || in_containers);
        if !counts || !gate.sees(columns, ordinal, doc) {
            return;
        }
        if in_kinds
            && in_containers
            && let Some(group) = columns.group(doc)
        {
            self.groups.insert(group);
        }
        if !self.with_facets {
            return;
        }
        if in_containers && let Some(count) = columns.kind(doc).and_then(|kind| self.kinds.get_mut(kind)) {
            *count += 1;
        }
        if in_kinds && let Some(container) = columns.container(doc) {
            let container = container as usize;
            if container >= self.by_ordinal.len() {
                self.by_ordinal.resize(container + 1, 0);
            }
            self.by_ordinal[container] += 1;
        }
    }

    fn end_segment(&mut self, columns: &Columns) -> tantivy::Result<()> {
        if self.by_ordinal.is_empty() {
            return Ok(());
        }
        let counted = columns.containers()?.iter().zip(self.by_ordinal.drain(..));
        for (container, count) in counted.filter(|(_, count)| *count > 0) {
            if let Some(container) = container {
                *self.containers.entry(container.clone()).or_default() += count;
            }
        }
        Ok(())
    }
}

/// Counts the groups, and if asked the documents by kind and container, that match and are let through.
pub(crate) fn count(
    view: &View,
    compiled: &Compiled<'_>,
    gate: &mut Gate<'_>,
    with_facets: bool,
) -> tantivy::Result<(u64, Facets)> {
    let scoring = EnableScoring::disabled_from_searcher(&view.searcher);
    let any_of = compiled.any_of(false).filter(|_| gate.sight.few(0).is_some());
    let queries = any_of.as_deref().unwrap_or_default().iter();
    let few = queries.map(|query| query.weight(scoring)).collect::<tantivy::Result<Vec<_>>>()?;
    let weight = compiled.matching().weight(scoring)?;
    let mut counts = Counts { with_facets, ..Counts::default() };
    for (ordinal, segment, columns, _) in view.segments() {
        let wanted = columns.wanted(gate.filters)?;
        if any_of.is_some() {
            let scorers = few.iter().map(|weight| weight.scorer(segment, 1.0));
            let mut scorers = scorers.collect::<tantivy::Result<Vec<_>>>()?;
            let mut seen = gate.sight.few(ordinal).unwrap_or_default().to_vec();
            seen.retain(|doc| scorers.iter_mut().any(|scorer| holds(scorer.as_mut(), *doc)));
            seen.into_iter().for_each(|doc| counts.add(&wanted, ordinal, doc, gate));
        } else {
            weight.for_each_no_score(segment, &mut |docs| {
                docs.iter().for_each(|&doc| counts.add(&wanted, ordinal, doc, gate));
            })?;
        }
        counts.end_segment(columns)?;
    }
    let kinds = counts.kinds.iter().enumerate().filter_map(|(number, count)| Some((kind_at(number)?, *count)));
    let facets = Facets { kinds: most_first(kinds), containers: most_first(counts.containers.into_iter()) };
    Ok((counts.groups.count, facets))
}

fn most_first<K: Ord>(counts: impl Iterator<Item = (K, u64)>) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    counts
}

/// All documents of `query` that are let through, by group, best first.
pub(crate) fn members(
    view: &View,
    query: &dyn Query,
    gate: &mut Gate<'_>,
) -> tantivy::Result<BTreeMap<u32, Vec<Rank>>> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(&view.searcher))?;
    let mut groups: BTreeMap<u32, Vec<Rank>> = BTreeMap::new();
    for (ordinal, segment, columns, _) in view.segments() {
        let wanted = columns.wanted(gate.filters)?;
        weight.for_each(segment, &mut |doc, score| {
            if gate.lets_through(&wanted, ordinal, doc)
                && let Some(rank) = rank(columns, ordinal, doc, Score::of(score))
            {
                groups.entry(rank.group).or_default().push(rank);
            }
        })?;
    }
    groups.values_mut().for_each(|ranks| ranks.sort_unstable());
    Ok(groups)
}
