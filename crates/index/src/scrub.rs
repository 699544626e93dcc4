//! Reads the build in force from end to end and compares each file with the checksum that Tantivy wrote at its end.
//!
//! A damaged build is marked, so that another is built in its place, whatever happens before (IDX-7).
//!
//! It opens the build a second time, so that it may run beside the indexer and beside searches.

use crate::folder::{Folder, Unusable};
use crate::schema::schema;
use crate::shielded::shielded;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tantivy::directory::error::OpenReadError;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

/// What a scrub has found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Scrubbed {
    /// There is no index yet.
    Nothing,
    /// Everything is as it was written.
    Sound {
        /// Files read.
        files: u64,
    },
    /// Something is not; the build is marked, and the next start builds another one.
    Damaged {
        /// Which file, and what is wrong with it.
        reason: String,
    },
    /// The watch asked to stop.
    Stopped,
}

/// Scrubs the index in a folder. After each file it rests for as long as the file took, and tells `watch` how many of
/// how many files are done; the watch answers whether to go on.
pub fn scrub(path: &Path, watch: &mut dyn FnMut(u64, u64) -> bool) -> std::io::Result<Scrubbed> {
    let folder = Folder::open(path)?;
    loop {
        let name = match folder.named() {
            Ok(name) => name,
            Err(Unusable::Missing) => return Ok(Scrubbed::Nothing),
            Err(error) => return Ok(Scrubbed::Damaged { reason: error.to_string() }),
        };
        let read = shielded(|| Ok(build(&folder, &name, watch)));
        let reason = match read {
            Ok(Ok(scrubbed)) => return Ok(scrubbed),
            Ok(Err(reason)) => reason,
            Err(panic) => panic.to_string(),
        };
        // Another build came into force meanwhile, and this one was removed.
        if folder.named().ok().as_ref() != Some(&name) {
            continue;
        }
        folder.note_damage(&name)?;
        return Ok(Scrubbed::Damaged { reason });
    }
}

/// The first fault is the answer: one is enough to build anew.
fn build(folder: &Folder, name: &str, watch: &mut dyn FnMut(u64, u64) -> bool) -> Result<Scrubbed, String> {
    let index = folder.build(name).map_err(|error| error.to_string())?;
    let (expected, _) = schema();
    if index.schema() != expected {
        return Err("`meta.json` names other fields".to_owned());
    }
    let files = active(&index)?;
    let mut done = 0;
    for file in &files {
        if !watch(done, files.len() as u64) {
            return Ok(Scrubbed::Stopped);
        }
        let began = Instant::now();
        match index.directory().validate_checksum(file) {
            Ok(true) => {}
            // A merge has replaced the segment since the list was made.
            _ if !active(&index)?.contains(file) => {}
            Ok(false) => return Err(format!("`{}` is not what was written", file.display())),
            // Not every segment has every file, and a file that is needed fails the opening of its segment, below.
            Err(OpenReadError::FileDoesNotExist(_)) => {}
            Err(error) => return Err(error.to_string()),
        }
        done += 1;
        std::thread::sleep(began.elapsed());
    }
    // Opens every segment: what is missing, and what `meta.json` says of them, shows here.
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
    let reader: IndexReader = reader.map_err(|error: TantivyError| error.to_string())?;
    for segment in reader.searcher().segment_readers() {
        let counted = segment.fast_fields().u64("docno").map_err(|error| error.to_string())?;
        if counted.num_docs() != segment.max_doc() {
            return Err(format!("segment {} does not hold as many documents as it says", segment.segment_id()));
        }
    }
    Ok(Scrubbed::Sound { files: done })
}

/// The files of the segments that the last commit names.
fn active(index: &Index) -> Result<BTreeSet<PathBuf>, String> {
    let metas = index.load_metas().map_err(|error| error.to_string())?;
    Ok(metas.list_segment_files().into_iter().collect())
}
