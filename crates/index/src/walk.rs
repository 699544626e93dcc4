//! Three walks over the documents that match: for the best, for the counts, and for what belongs to the hits of a page.

use crate::gate::{Gate, kind_at};
use crate::rank::{Best, Rank, Score};
use crate::schema::container_of;
use crate::view::View;
use model::Kind;
use search::Facets;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tantivy::DocAddress;
use tantivy::query::{EnableScoring, Query};

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
            let Some(docno) = columns.docno(doc).filter(|docno| gate.lets_through(&wanted, doc, *docno)) else {
                return current;
            };
            let rank = Rank {
                score: Reverse(score),
                updated: Reverse(columns.updated(doc)),
                docno: docno.0,
                group: columns.group(doc).unwrap_or(docno.0),
                address: DocAddress::new(ordinal, doc),
            };
            if best.wants(&rank) {
                best.insert(rank);
                current = threshold(best);
            }
            current
        })?;
    }
    Ok(())
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

/// Counts the groups, and if asked the documents by kind and container, that match and are let through.
pub(crate) fn count(
    view: &View,
    query: &dyn Query,
    gate: &mut Gate<'_>,
    with_facets: bool,
) -> tantivy::Result<(u64, Facets)> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(&view.searcher))?;
    let mut groups = Numbers::default();
    let mut kinds = [0_u64; Kind::ALL.len()];
    let mut containers = BTreeMap::new();
    for (_, segment, columns, _) in view.segments() {
        let wanted = columns.wanted(gate.filters)?;
        let mut by_ordinal: Vec<u64> = Vec::new();
        weight.for_each_no_score(segment, &mut |docs| {
            for &doc in docs {
                let (in_kinds, in_containers) = (wanted.in_kinds(doc), wanted.in_containers(doc));
                if !(in_kinds && in_containers || with_facets && (in_kinds || in_containers)) {
                    continue;
                }
                let Some(docno) = columns.docno(doc).filter(|docno| gate.admits(*docno)) else { continue };
                if in_kinds && in_containers {
                    groups.insert(columns.group(doc).unwrap_or(docno.0));
                }
                if !with_facets {
                    continue;
                }
                if in_containers && let Some(count) = columns.kind(doc).and_then(|kind| kinds.get_mut(kind)) {
                    *count += 1;
                }
                if in_kinds && let Some(ordinal) = columns.container(doc) {
                    let ordinal = ordinal as usize;
                    if ordinal >= by_ordinal.len() {
                        by_ordinal.resize(ordinal + 1, 0);
                    }
                    by_ordinal[ordinal] += 1;
                }
            }
        })?;
        for (ordinal, count) in (0..).zip(by_ordinal).filter(|(_, count)| *count > 0) {
            if let Some(container) = container_of(&columns.container_code(ordinal)?) {
                *containers.entry(container).or_insert(0_u64) += count;
            }
        }
    }
    let kinds = kinds.iter().enumerate().filter_map(|(number, count)| Some((kind_at(number)?, *count)));
    let facets = Facets { kinds: most_first(kinds), containers: most_first(containers.into_iter()) };
    Ok((groups.count, facets))
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
            let Some(docno) = columns.docno(doc).filter(|docno| gate.lets_through(&wanted, doc, *docno)) else {
                return;
            };
            let group = columns.group(doc).unwrap_or(docno.0);
            groups.entry(group).or_default().push(Rank {
                score: Reverse(Score::of(score)),
                updated: Reverse(columns.updated(doc)),
                docno: docno.0,
                group,
                address: DocAddress::new(ordinal, doc),
            });
        })?;
    }
    groups.values_mut().for_each(|ranks| ranks.sort_unstable());
    Ok(groups)
}
