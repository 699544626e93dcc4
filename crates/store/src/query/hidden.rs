//! What is shown to nobody, and why: every such document has a cause (ACL-10).

use crate::code::Code;
use crate::codec;
use crate::content::directory_age;
use crate::{Store, StoreError};
use access::{ClauseId, DocNo, Hidden, SourceId};
use model::{ContainerKey, DocumentKey, Kind, Millis};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// A document that nobody sees.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HiddenDocument {
    /// Its number; the place to page on from.
    pub doc: DocNo,
    /// Its identity at the source.
    pub key: DocumentKey,
    /// The container that it lies in.
    pub container: ContainerKey,
    /// Why nobody sees it.
    pub cause: Hidden,
    /// When it last changed at the source.
    pub updated: Millis,
    /// Its title, where the caller's predicate allowed it.
    pub title: Option<String>,
}

/// For every layer and list of layers of a source that admits nobody: the cause.
pub(super) struct Causes {
    clauses: HashMap<ClauseId, Hidden>,
    acls: HashMap<u32, Hidden>,
    /// The directory is too old: nobody sees anything.
    strangers: bool,
}

impl Causes {
    pub(super) fn read(sql: &Connection, source: SourceId) -> Result<Self, StoreError> {
        let mut clauses = HashMap::new();
        let mut statement = sql
            .prepare_cached("SELECT id, content, stale FROM clauses WHERE source = ?1 AND (closed = 1 OR stale = 1)")?;
        let mut rows = statement.query([source.0])?;
        while let Some(row) = rows.next()? {
            let content = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let stale: bool = row.get(2)?;
            let cause = if stale { Some(Hidden::Stale) } else { codec::clause_of_bytes(content)?.hidden() };
            clauses.insert(ClauseId(row.get(0)?), cause.unwrap_or(Hidden::Unknown));
        }
        let mut acls = HashMap::new();
        let mut statement = sql.prepare_cached("SELECT id, clauses FROM acls WHERE source = ?1")?;
        let mut rows = statement.query([source.0])?;
        while let Some(row) = rows.next()? {
            let ids = codec::ids_of_bytes(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
            let cause = ids.iter().find_map(|id| Hidden::of_clause(*id).or_else(|| clauses.get(id).copied()));
            let cause = if ids.is_empty() { Some(Hidden::Unknown) } else { cause };
            acls.extend(cause.map(|cause| Ok::<_, StoreError>((row.get::<_, u32>(0)?, cause))).transpose()?);
        }
        let strangers = directory_age(sql, source)?.is_some_and(|(_, stale)| stale);
        Ok(Self { clauses, acls, strangers })
    }

    /// Why a document with this list and audience admits nobody, if that is so.
    pub(super) fn of(&self, acl: Option<u32>, audience: Option<u32>) -> Option<Hidden> {
        let Some(acl) = acl else { return Some(Hidden::Unknown) };
        let by_audience = || audience.and_then(|audience| self.clauses.get(&ClauseId(audience)).copied());
        let by_all = || self.strangers.then_some(Hidden::Stale);
        self.acls.get(&acl).copied().or_else(by_audience).or_else(by_all)
    }
}

/// The cause of the document itself, as an expression over `documents d` and `containers c`; NULL if there is none.
pub(super) fn own_cause() -> String {
    format!(
        "CASE WHEN d.deleted_at IS NOT NULL THEN {} WHEN coalesce(c.outside, 0) = 1 THEN {} WHEN c.outside > 1 THEN {}
              WHEN d.missed_run IS NOT NULL THEN {} END",
        Hidden::Deleted.number(),
        Hidden::OutOfScope.number(),
        Hidden::Unconfirmed.number(),
        Hidden::Unconfirmed.number()
    )
}

impl Store {
    /// Documents of a source that nobody sees, with numbers above `after`; all causes or one. Deleted ones are listed
    /// only when asked for by cause. Titles are left out unless `may_see_title` says otherwise.
    pub fn hidden_documents(
        &self,
        source: SourceId,
        cause: Option<Hidden>,
        after: Option<DocNo>,
        limit: usize,
        may_see_title: impl Fn(DocNo) -> bool,
    ) -> Result<Vec<HiddenDocument>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let causes = Causes::read(sql, source)?;
            let mut statement = sql.prepare_cached(&format!(
                "SELECT d.docno, d.kind, d.native, d.container, d.updated, d.title, d.audience, n.acl, {}
                 FROM documents d LEFT JOIN nodes n ON n.id = d.node
                 LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.docno > ?2 AND d.source = ?1 ORDER BY d.docno",
                own_cause()
            ))?;
            let mut rows = statement.query(params![source.0, after.map_or(-1, |doc| i64::from(doc.0))])?;
            let mut found = Vec::new();
            while found.len() < limit
                && let Some(row) = rows.next()?
            {
                let own = row.get::<_, Option<i64>>(8)?.map(Hidden::of_number).transpose()?;
                let Some(why) = own.or_else(|| causes.of(row.get(7).ok().flatten(), row.get(6).ok().flatten())) else {
                    continue;
                };
                if cause.map_or(why == Hidden::Deleted, |wanted| wanted != why) {
                    continue;
                }
                let doc = DocNo(row.get(0)?);
                let title = if why != Hidden::Deleted && may_see_title(doc) { Some(row.get(5)?) } else { None };
                found.push(HiddenDocument {
                    doc,
                    key: DocumentKey::new(Kind::of_number(row.get(1)?)?, row.get::<_, String>(2)?),
                    container: ContainerKey(row.get(3)?),
                    cause: why,
                    updated: Millis(row.get(4)?),
                    title,
                });
            }
            Ok(found)
        })
    }
}
