//! An index with this crate's schema, analysis and writer, and nothing around it: what rebuilding is measured against.

use crate::analysis::{ANALYSIS, analyzer};
use crate::indexer::writer_of;
use crate::schema::{Fields, schema};
use model::StoredDocument;
use std::path::Path;
use tantivy::{Index, IndexWriter};

/// A bare writer.
pub struct Bare {
    fields: Fields,
    writer: IndexWriter,
}

impl Bare {
    /// An empty index in a folder.
    pub fn create(path: &Path) -> tantivy::Result<Self> {
        let (schema, fields) = schema();
        let index = Index::create_in_dir(path, schema)?;
        index.tokenizers().register(ANALYSIS, analyzer());
        Ok(Self { fields, writer: writer_of(&index)? })
    }

    /// Adds a document.
    pub fn add(&self, document: &StoredDocument) -> tantivy::Result<()> {
        let document = self.fields.document(document);
        self.writer.add_document(document.map_err(|error| tantivy::TantivyError::SystemError(error.to_string()))?)?;
        Ok(())
    }

    /// Makes everything added durable.
    pub fn commit(&mut self) -> tantivy::Result<()> {
        self.writer.commit().map(drop)
    }
}
