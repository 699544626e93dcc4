//! The one place where a document of a segment is let through: it lives, passes the filters, and the viewer may see it.

use crate::schema::{container_code, container_of, kind_number};
use crate::sight::Sight;
use access::mutants::off;
use access::{AccessState, Decision, DocNo, SourceId};
use model::{ContainerKey, Kind};
use search::Filters;
use std::sync::OnceLock;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

/// What a search lets through, in all segments.
pub(crate) struct Gate<'a> {
    pub(crate) access: &'a AccessState,
    pub(crate) decision: &'a mut Decision,
    pub(crate) sight: &'a mut Sight,
    pub(crate) filters: &'a Filters,
}

/// What is known of the documents of one segment without reading them, opened once per commit.
pub(crate) struct Columns {
    alive: Option<AliveBitSet>,
    docno: Column<u64>,
    group: Column<u64>,
    updated: Column<i64>,
    kind: Column<u64>,
    container: Option<StrColumn>,
    /// What the ordinals of `container` stand for; read when first counted.
    containers: OnceLock<Vec<Option<(SourceId, ContainerKey)>>>,
}

impl Columns {
    /// Opens the columns of one segment.
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            alive: segment.alive_bitset().cloned(),
            docno: fast.u64("docno")?,
            group: fast.u64("group")?,
            updated: fast.i64("updated")?,
            kind: fast.u64("kind")?,
            container: fast.str("container")?,
            containers: OnceLock::new(),
        })
    }

    /// The document's number; `None` for a deleted document, or one without a number that can be checked.
    #[inline]
    pub(crate) fn docno(&self, doc: DocId) -> Option<DocNo> {
        if self.alive.as_ref().is_some_and(|alive| alive.is_deleted(doc)) {
            return None;
        }
        u32::try_from(self.docno.first(doc)?).ok().map(DocNo)
    }

    /// The number of the document that it is shown under.
    #[inline]
    pub(crate) fn group(&self, doc: DocId) -> Option<u32> {
        u32::try_from(self.group.first(doc)?).ok()
    }

    /// When it last changed.
    #[inline]
    pub(crate) fn updated(&self, doc: DocId) -> i64 {
        self.updated.first(doc).unwrap_or(i64::MIN)
    }

    /// The position of its kind among all kinds.
    #[inline]
    pub(crate) fn kind(&self, doc: DocId) -> Option<usize> {
        usize::try_from(self.kind.first(doc)?).ok()
    }

    /// The ordinal, in this segment, of its container.
    #[inline]
    pub(crate) fn container(&self, doc: DocId) -> Option<u64> {
        self.container.as_ref()?.ords().first(doc)
    }

    /// What the ordinals of containers stand for. Read in one go: looking up each costs more than reading all.
    pub(crate) fn containers(&self) -> std::io::Result<&[Option<(SourceId, ContainerKey)>]> {
        if let Some(known) = self.containers.get() {
            return Ok(known);
        }
        let mut containers = Vec::new();
        if let Some(column) = &self.container {
            let mut codes = column.dictionary().stream()?;
            while let Some((code, ())) = codes.next() {
                containers.push(std::str::from_utf8(code).ok().and_then(container_of));
            }
        }
        Ok(self.containers.get_or_init(|| containers))
    }

    /// What the filters want of this segment.
    pub(crate) fn wanted(&self, filters: &Filters) -> std::io::Result<Wanted<'_>> {
        let mut kinds = Vec::new();
        if !filters.kinds.is_empty() {
            kinds.extend(Kind::ALL.iter().map(|kind| filters.kinds.contains(kind)));
        }
        let mut containers = None;
        if !filters.containers.is_empty() {
            let ordinals: &mut Vec<u64> = containers.insert(Vec::new());
            for (source, key) in &filters.containers {
                if let Some(column) = &self.container {
                    ordinals.extend(column.dictionary().term_ord(container_code(*source, key))?);
                }
            }
            ordinals.sort_unstable();
        }
        Ok(Wanted { columns: self, kinds, containers })
    }
}

/// The filters of a search, in the terms of one segment.
pub(crate) struct Wanted<'a> {
    pub(crate) columns: &'a Columns,
    /// Indexed by kind; empty if every kind is wanted.
    kinds: Vec<bool>,
    /// Ordinals, sorted; `None` if every container is wanted.
    containers: Option<Vec<u64>>,
}

impl Wanted<'_> {
    /// Whether the filter on kinds wants the document.
    #[inline]
    pub(crate) fn in_kinds(&self, doc: DocId) -> bool {
        self.kinds.is_empty()
            || self.columns.kind(doc).is_some_and(|kind| self.kinds.get(kind).copied().unwrap_or(false))
    }

    /// Whether the filter on containers wants the document.
    #[inline]
    pub(crate) fn in_containers(&self, doc: DocId) -> bool {
        let Some(wanted) = &self.containers else { return true };
        self.columns.container(doc).is_some_and(|ordinal| wanted.binary_search(&ordinal).is_ok())
    }
}

impl Gate<'_> {
    /// Whether the viewer may see the document, decided anew.
    pub(crate) fn admits(&mut self, docno: DocNo) -> bool {
        self.decision.admits(self.access, docno) || off("index.each-document")
    }

    /// Whether the document lives and the viewer may see it.
    #[inline]
    pub(crate) fn sees(&mut self, columns: &Columns, ordinal: SegmentOrdinal, doc: DocId) -> bool {
        self.sight.sees(ordinal, doc, columns, (self.access, self.decision))
    }

    /// Whether the document may be a hit.
    #[inline]
    pub(crate) fn lets_through(&mut self, wanted: &Wanted<'_>, ordinal: SegmentOrdinal, doc: DocId) -> bool {
        wanted.in_kinds(doc) && wanted.in_containers(doc) && self.sees(wanted.columns, ordinal, doc)
    }
}

/// The numbers of kinds are positions in [`Kind::ALL`].
pub(crate) fn kind_at(number: usize) -> Option<Kind> {
    let kind = Kind::ALL.get(number).copied()?;
    (kind_number(kind) == number as u64).then_some(kind)
}
