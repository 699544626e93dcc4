//! What one transaction collects: numbers given away, and what the mirrors must hear once it is durable.

use crate::StoreError;
use crate::error::Result;
use access::mutants::off;
use access::{AclId, Clause, ClauseId, Delta, DocNo, DocumentEntry, NodeEntry, NodeId, SourceDirectory, SourceId};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Why a batch of items was refused.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// The run is not open.
    Closed,
    /// The items contradict the store.
    Inconsistent(String),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for CommitError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The next number of each kind. Never set back, so that no number is given twice (STO-1, STO-5).
#[derive(Clone, Copy, Eq, PartialEq)]
struct Counters {
    document: u32,
    node: u32,
    clause: u32,
    acl: u32,
    sequence: u64,
}

/// One transaction over one source.
pub(crate) struct Batch<'t> {
    pub(super) sql: &'t Connection,
    pub(super) source: SourceId,
    counters: Counters,
    before: Counters,
    clauses: BTreeMap<ClauseId, Clause>,
    acls: Vec<(AclId, Vec<ClauseId>)>,
    /// Lists interned or found in this transaction.
    pub(super) interned: HashMap<Vec<ClauseId>, AclId>,
    nodes: BTreeMap<NodeId, NodeEntry>,
    documents: BTreeMap<DocNo, DocumentEntry>,
    rewritten: BTreeMap<DocNo, u64>,
    /// Nodes whose place or own layers changed: they and all below are recomputed at the end.
    pub(super) dirty: BTreeSet<NodeId>,
    /// Nodes whose inline principals changed.
    pub(super) repointed: BTreeSet<NodeId>,
    /// Unchanged rows that were read again, updated together at the end.
    pub(super) confirmed_clauses: Vec<ClauseId>,
    pub(super) confirmed_nodes: Vec<NodeId>,
    pub(super) seen_documents: Vec<DocNo>,
    directory: Option<Option<SourceDirectory>>,
    pub(super) chores: bool,
}

/// What must follow once the transaction is durable.
pub(super) struct Done {
    pub(super) delta: Delta,
    /// `Some(None)`: the source's directory is forgotten.
    pub(super) directory: Option<Option<SourceDirectory>>,
    pub(super) sequence: u64,
    pub(super) chores: bool,
}

impl<'t> Batch<'t> {
    pub(super) fn begin(sql: &'t Connection, source: SourceId) -> Result<Self> {
        let mut statement = sql.prepare_cached("SELECT document, node, clause, acl, sequence FROM counters")?;
        let counters = statement.query_row([], |row| {
            let sequence = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
            Ok(Counters { document: row.get(0)?, node: row.get(1)?, clause: row.get(2)?, acl: row.get(3)?, sequence })
        })?;
        Ok(Self {
            sql,
            source,
            counters,
            before: counters,
            clauses: BTreeMap::new(),
            acls: Vec::new(),
            interned: HashMap::new(),
            nodes: BTreeMap::new(),
            documents: BTreeMap::new(),
            rewritten: BTreeMap::new(),
            dirty: BTreeSet::new(),
            repointed: BTreeSet::new(),
            confirmed_clauses: Vec::new(),
            confirmed_nodes: Vec::new(),
            seen_documents: Vec::new(),
            directory: None,
            chores: false,
        })
    }

    /// Ends the work inside the transaction.
    pub(super) fn finish(mut self) -> Result<Done> {
        self.settle_nodes()?;
        if self.counters != self.before {
            let Counters { document, node, clause, acl, sequence } = self.counters;
            let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
            self.sql
                .prepare_cached("UPDATE counters SET document = ?, node = ?, clause = ?, acl = ?, sequence = ?")?
                .execute(params![document, node, clause, acl, sequence])?;
        }
        let delta = Delta {
            clauses: self.clauses.into_iter().collect(),
            acls: self.acls,
            nodes: self.nodes.into_iter().collect(),
            documents: self.documents.into_iter().collect(),
            rewritten: self.rewritten.into_iter().collect(),
        };
        Ok(Done { delta, directory: self.directory, sequence: self.counters.sequence, chores: self.chores })
    }

    /// The last sequence number given in this transaction; zero if none was.
    pub(super) fn last_sequence(&self) -> u64 {
        if self.counters.sequence == self.before.sequence { 0 } else { self.counters.sequence }
    }

    pub(super) fn next_document(&mut self) -> Result<DocNo> {
        next(&mut self.counters.document, "documents").map(DocNo)
    }

    pub(super) fn next_node(&mut self) -> Result<NodeId> {
        next(&mut self.counters.node, "nodes").map(NodeId)
    }

    pub(super) fn next_clause(&mut self) -> Result<ClauseId> {
        next(&mut self.counters.clause, "clauses").map(ClauseId)
    }

    pub(super) fn next_acl(&mut self) -> Result<AclId> {
        next(&mut self.counters.acl, "lists of clauses").map(AclId)
    }

    /// Puts a document at the end of the outbox, with the transaction that changes it (STO-2).
    pub(super) fn put_outbox(&mut self, doc: DocNo, gone: bool) -> Result<u64> {
        self.counters.sequence += 1;
        self.sql
            .prepare_cached(
                "INSERT INTO outbox (docno, sequence, gone) VALUES (?1, ?2, ?3)
                 ON CONFLICT (docno) DO UPDATE SET sequence = excluded.sequence, gone = excluded.gone",
            )?
            .execute(params![doc.0, i64::try_from(self.counters.sequence).unwrap_or(i64::MAX), gone])?;
        Ok(self.counters.sequence)
    }

    /// The text of a document that existed before has changed.
    pub(super) fn rewrite(&mut self, doc: DocNo) -> Result<()> {
        if off("store.outbox") {
            return Ok(());
        }
        let sequence = self.put_outbox(doc, false)?;
        self.rewritten.insert(doc, sequence);
        Ok(())
    }

    pub(super) fn tell_clause(&mut self, id: ClauseId, clause: Clause) {
        self.clauses.insert(id, clause);
    }

    pub(super) fn tell_acl(&mut self, id: AclId, clauses: Vec<ClauseId>) {
        self.acls.push((id, clauses));
    }

    pub(super) fn tell_node(&mut self, id: NodeId, entry: NodeEntry) {
        self.nodes.insert(id, entry);
    }

    pub(super) fn tell_document(&mut self, doc: DocNo, entry: DocumentEntry) {
        self.documents.insert(doc, entry);
    }

    pub(super) fn tell_directory(&mut self, directory: Option<SourceDirectory>) {
        self.directory = Some(directory);
    }
}

fn next(counter: &mut u32, what: &'static str) -> Result<u32> {
    let given = *counter;
    *counter = given.checked_add(1).ok_or(StoreError::Exhausted(what))?;
    Ok(given)
}

/// Numbers as JSON, for `json_each`: one statement for a whole batch of rows.
pub(super) fn json_list(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut list = String::from("[");
    for number in numbers {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&number.to_string());
    }
    list.push(']');
    list
}
