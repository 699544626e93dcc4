//! Files with one JSON record per line.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::LoadError;

/// All records of a file; empty lines are skipped.
pub(super) fn read<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, LoadError> {
    let text = std::fs::read_to_string(file).map_err(|source| LoadError::Read { file: file.to_owned(), source })?;
    let mut records = Vec::new();
    for (line, record) in (1..).zip(text.lines()).filter(|(_, record)| !record.trim().is_empty()) {
        let wrong = |source| LoadError::Line { file: file.to_owned(), line, source };
        records.push(serde_json::from_str(record).map_err(wrong)?);
    }
    Ok(records)
}
