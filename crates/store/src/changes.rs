//! The outbox as followers read it.

use crate::content::{DOCUMENT_COLUMNS, DOCUMENT_JOINS, document_of_row};
use crate::{Store, StoreError};
use access::DocNo;
use rusqlite::params;
use sync::{Change, Changes, ChangesError, Generation};

impl Changes for Store {
    fn generation(&self) -> Result<Generation, ChangesError> {
        Ok(self.inner.generation.clone())
    }

    fn after(&self, sequence: u64, limit: usize) -> Result<Vec<Change>, ChangesError> {
        // What the mirror has not taken yet is held back, so that nothing is indexed before it is known to wait.
        let published = number(self.inner.published.get());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.inner.content_reads.read(|sql| {
            // One statement: a change and the text that belongs to it come from one snapshot.
            let mut statement = sql.prepare_cached(&format!(
                "SELECT o.docno, o.sequence, o.gone, {DOCUMENT_COLUMNS} FROM outbox o
                 LEFT JOIN documents d ON d.docno = o.docno {DOCUMENT_JOINS}
                 WHERE o.sequence > ?1 AND o.sequence <= ?2 AND (?1 > 0 OR o.gone = 0)
                 ORDER BY o.sequence LIMIT ?3"
            ))?;
            let mut rows = statement.query(params![number(sequence), published, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let gone: bool = row.get(2)?;
                let document = if gone { None } else { Some(Box::new(document_of_row(row, 3)?)) };
                let sequence = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
                found.push(Change { sequence, docno: DocNo(row.get(0)?), document });
            }
            Ok::<_, StoreError>(found)
        });
        found.map_err(|error| ChangesError(Box::new(error)))
    }

    fn last_sequence(&self) -> Result<u64, ChangesError> {
        Ok(self.inner.published.get())
    }

    fn has_room(&self) -> bool {
        self.inner.reserve.has_room()
    }

    fn wait_beyond(&self, sequence: u64, patience: std::time::Duration) -> bool {
        self.inner.published.wait_beyond(sequence, patience)
    }
}

fn number(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
