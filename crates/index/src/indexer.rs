//! Follows the outbox of the store into the index, and says after each commit how far it came.
//!
//! The store is the truth and the index can be thrown away: one that does not fit, is ahead or is damaged is built
//! anew, by itself.

use crate::AccessMirror;
use crate::error::IndexError;
use crate::folder::{Folder, Payload, Unusable};
use crate::pace::{BATCH, PATIENCE, Pace, Wait};
use crate::progress::IndexerHandle;
use crate::schema::{Fields, schema};
use crate::scrub::{Scrubbed, scrub};
use crate::shielded::shielded;
use crate::view::View;
use access::DocNo;
use access::mutants::off;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::{Change, Changes, Generation};
use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError};
use tokio_util::sync::CancellationToken;

/// Threads that index, and the memory that each may fill before it writes a segment.
const THREADS: usize = 2;
const MEMORY_PER_THREAD: usize = 24 << 20;
/// While changes keep coming, at most one commit in this time; see [`Indexer::paced`].
const PACE: Duration = Duration::from_millis(500);
/// The pause before the next try after an error.
const REST: Duration = Duration::from_secs(3);

/// A build that is open.
struct Build {
    name: String,
    index: Index,
    reader: IndexReader,
    /// Every change up to here is committed.
    sequence: u64,
}

impl Build {
    fn open(name: String, index: Index, sequence: u64) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { name, index, reader, sequence })
    }

    fn writer(&self) -> tantivy::Result<IndexWriter> {
        writer_of(&self.index)
    }
}

/// The writer of an index.
pub(crate) fn writer_of(index: &Index) -> tantivy::Result<IndexWriter> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(THREADS)
        .memory_budget_per_thread(MEMORY_PER_THREAD)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    let mut merging = LogMergePolicy::default();
    merging.set_del_docs_ratio_before_merge(0.3);
    writer.set_merge_policy(Box::new(merging));
    // A writer that was killed before its commit leaves files behind, and the next one would give some of them the same name.
    writer.garbage_collect_files().wait()?;
    Ok(writer)
}

/// The one writer of the index.
pub struct Indexer {
    path: PathBuf,
    folder: Folder,
    changes: Arc<dyn Changes>,
    mirror: Arc<AccessMirror>,
    handle: IndexerHandle,
    fields: Fields,
    generation: Generation,
    build: Build,
    pace: Duration,
}

impl Indexer {
    /// Opens the index in `path`, or begins a new one if what is there does not fit the store, and shows it to
    /// searches. The mirror must hold everything stored by now.
    pub fn open(path: &Path, changes: Arc<dyn Changes>, mirror: Arc<AccessMirror>) -> Result<Self, IndexError> {
        let folder = Folder::open(path)?;
        let generation = changes.generation()?;
        let (_, fields) = schema();
        let (build, fresh) = open_build(&folder, fields, &generation, changes.last_sequence()?)?;
        let handle = IndexerHandle::default();
        let path = path.to_owned();
        let indexer = Self { path, folder, changes, mirror, handle, fields, generation, build, pace: PACE };
        if !fresh && !off("index.waits-after-restart") {
            indexer.close_what_waits()?;
        }
        indexer.handle.update(|status| status.rebuilding = fresh);
        indexer.publish()?;
        if indexer.folder.is_damaged(&indexer.build.name) {
            tracing::warn!("the text index was found damaged; it serves until another one is built");
            indexer.handle.rebuild();
        }
        Ok(indexer)
    }

    /// Commits at most once in this time while changes keep coming, instead of every 500 ms.
    #[must_use]
    pub fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// For watching and waiting from other threads.
    pub fn handle(&self) -> IndexerHandle {
        self.handle.clone()
    }

    /// Follows the outbox until `shutdown`, then commits what it has. Blocks: it wants a thread of its own.
    ///
    /// An error, such as a full disk, is logged and shown in the status; after a rest the last commit is taken up. If
    /// it was the index itself that failed, all of it is read, and a damaged one is built anew.
    pub fn run(mut self, shutdown: &CancellationToken) {
        loop {
            let ended = shielded(|| Ok(self.follow(shutdown)));
            let Err(error) = ended.map_err(IndexError::from).flatten() else { return };
            self.tell(&error);
            if rest(shutdown) {
                return;
            }
            if matches!(error, IndexError::Tantivy(_)) {
                self.doubt(shutdown);
            }
            let problem = self.handle.status().problem;
            match self.reopen() {
                // Open again is not yet moving on.
                Ok(()) => self.handle.update(|status| status.problem = problem),
                Err(error) => tracing::error!(%error, "the text index cannot be opened"),
            }
        }
    }

    /// Once for each trouble, however often it is met again.
    fn tell(&self, error: &IndexError) {
        let words = error.to_string();
        if self.handle.status().problem.as_ref() != Some(&words) {
            tracing::error!(%error, "the text index does not move on");
        }
        self.handle.update(|status| status.problem = Some(words));
    }

    /// Looks whether the index is what was written.
    fn doubt(&self, shutdown: &CancellationToken) {
        match scrub(&self.path, &mut |_, _| !shutdown.is_cancelled()) {
            Ok(Scrubbed::Damaged { reason }) => {
                tracing::error!(reason, "the text index is damaged and is built anew from the store");
                self.handle.rebuild();
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the text index cannot be checked"),
        }
    }

    /// Searches never see a text under clauses that came after it (ACL-7): what the former ones were is not kept
    /// over a restart, so documents whose new text is not indexed yet are closed until it is.
    fn close_what_waits(&self) -> Result<(), IndexError> {
        let mut sequence = self.build.sequence;
        loop {
            let changes = self.changes.after(sequence, BATCH)?;
            let Some(last) = changes.last() else { return Ok(()) };
            sequence = last.sequence;
            self.mirror.awaiting(changes.iter().map(|change| (change.docno, change.sequence)));
        }
    }

    fn publish(&self) -> Result<(), IndexError> {
        let caught_up = self.build.sequence >= self.changes.last_sequence()?;
        let searcher = self.build.reader.searcher();
        let documents = searcher.num_docs();
        let view = shielded(|| View::open(searcher, &[self.fields.text, self.fields.title]))?;
        self.mirror.publish(view, self.build.sequence);
        self.handle.update(|status| {
            status.sequence = self.build.sequence;
            status.documents = documents;
            status.rebuilding &= !caught_up;
            status.problem = None;
        });
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), IndexError> {
        let (build, fresh) = open_build(&self.folder, self.fields, &self.generation, self.changes.last_sequence()?)?;
        self.build = build;
        self.handle.update(|status| status.rebuilding |= fresh);
        self.publish()
    }

    fn follow(&mut self, shutdown: &CancellationToken) -> Result<(), IndexError> {
        // Before a writer is opened, which a damaged index may not have.
        self.rebuild_if_asked(shutdown)?;
        let mut writer = self.build.writer()?;
        let mut pace = Pace::new(self.pace, self.build.sequence);
        loop {
            if self.handle.is_rebuild_asked() {
                if let Err(error) = self.commit(&mut writer, &mut pace) {
                    tracing::warn!(%error, "the text index that is about to be replaced takes no more changes");
                }
                drop(writer);
                self.rebuild_if_asked(shutdown)?;
                writer = self.build.writer()?;
                pace = Pace::new(self.pace, self.build.sequence);
            }
            if shutdown.is_cancelled() {
                self.commit(&mut writer, &mut pace)?;
                return Ok(());
            }
            if !self.changes.has_room() {
                return Err(no_room());
            }
            let last = self.changes.last_sequence()?;
            let changes = self.changes.after(pace.position, BATCH)?;
            for change in &changes {
                write(&self.fields, &writer, change)?;
            }
            pace.read(&changes, last);
            match pace.wait(changes.len()) {
                Wait::Commit => self.commit(&mut writer, &mut pace)?,
                Wait::ReadOn => {}
                Wait::For(time) => {
                    if !pace.is_dirty() {
                        self.handle.update(|status| status.problem = None);
                    }
                    self.changes.wait_beyond(pace.position, time);
                }
            }
        }
    }

    fn commit(&mut self, writer: &mut IndexWriter, pace: &mut Pace) -> Result<(), IndexError> {
        if !pace.is_dirty() {
            return Ok(());
        }
        let began = Instant::now();
        commit(writer, &Payload::new(&self.generation, pace.position))?;
        self.build.sequence = pace.position;
        self.build.reader.reload()?;
        self.publish()?;
        pace.committed(began.elapsed());
        Ok(())
    }

    fn rebuild_if_asked(&mut self, shutdown: &CancellationToken) -> Result<(), IndexError> {
        if !self.handle.take_rebuild() {
            return Ok(());
        }
        // One that failed, such as on a full disk, is still wanted.
        self.rebuild(shutdown).inspect_err(|_| self.handle.rebuild())
    }

    /// Builds a new index from the store's first change on. The present one serves until the new one has caught up;
    /// what changes meanwhile stays under its former clauses.
    fn rebuild(&mut self, shutdown: &CancellationToken) -> Result<(), IndexError> {
        tracing::info!("building a new text index beside the present one");
        self.handle.update(|status| status.rebuilding = true);
        let (name, index) = self.folder.fresh()?;
        let mut build = Build::open(name, index, 0)?;
        let mut writer = build.writer()?;
        loop {
            if shutdown.is_cancelled() {
                drop(writer);
                self.folder.remove_others(&self.build.name)?;
                return Ok(());
            }
            if !self.changes.has_room() {
                return Err(no_room());
            }
            let last = self.changes.last_sequence()?;
            let changes = self.changes.after(build.sequence, BATCH)?;
            let Some(change) = changes.last() else {
                build.sequence = build.sequence.max(last);
                break;
            };
            build.sequence = change.sequence;
            for change in &changes {
                write(&self.fields, &writer, change)?;
            }
        }
        commit(&mut writer, &Payload::new(&self.generation, build.sequence))?;
        drop(writer);
        build.reader.reload()?;
        self.build = build;
        self.folder.put_in_force(&self.build.name)?;
        self.publish()?;
        self.handle.update(|status| status.rebuilding = false);
        tracing::info!(index.sequence = self.build.sequence, "the new text index serves");
        Ok(())
    }
}

/// The build in force if it fits, or a new, empty one that is in force from now on; and whether it is new.
fn open_build(
    folder: &Folder,
    fields: Fields,
    generation: &Generation,
    last: u64,
) -> Result<(Build, bool), IndexError> {
    let current = shielded(|| Ok(folder.current(generation, last)));
    let cause = match current.map_err(|panic| Unusable::Damaged(panic.to_string())).flatten() {
        Ok((name, index, sequence)) => match usable(name, index, sequence, fields) {
            Ok(build) => {
                folder.remove_others(&build.name)?;
                return Ok((build, false));
            }
            Err(error) => error.to_string(),
        },
        Err(Unusable::Missing) => String::new(),
        Err(unusable) => unusable.to_string(),
    };
    if !cause.is_empty() {
        tracing::warn!(cause, "building the text index anew from the store");
    }
    let (name, index) = folder.fresh()?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 16 << 20)?;
    commit(&mut writer, &Payload::new(generation, 0))?;
    drop(writer);
    folder.put_in_force(&name)?;
    Ok((Build::open(name, index, 0)?, true))
}

/// Opens a build, and of each segment what every search needs: a header or footer that was damaged shows here.
fn usable(name: String, index: Index, sequence: u64, fields: Fields) -> tantivy::Result<Build> {
    shielded(|| {
        let build = Build::open(name, index, sequence)?;
        View::open(build.reader.searcher(), &[fields.text, fields.title])?;
        Ok(build)
    })
}

fn commit(writer: &mut IndexWriter, payload: &Payload) -> Result<(), TantivyError> {
    let text = serde_json::to_string(payload).unwrap_or_default();
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&text);
    prepared.commit()?;
    Ok(())
}

fn write(fields: &Fields, writer: &IndexWriter, change: &Change) -> Result<(), IndexError> {
    if !off("index.replaces") {
        writer.delete_term(fields.docno_term(change.docno));
    }
    if let Some(stored) = &change.document {
        let DocNo(docno) = change.docno;
        let document = fields.document(stored).map_err(|source| IndexError::Document { docno, source })?;
        writer.add_document(document)?;
    }
    Ok(())
}

/// Said before a write has failed, so that nothing is left half done and some space stays for sign-ins.
fn no_room() -> IndexError {
    IndexError::Folder(std::io::ErrorKind::StorageFull.into())
}

/// Sleeps before the next try. True if a shutdown came first.
fn rest(shutdown: &CancellationToken) -> bool {
    let end = Instant::now() + REST;
    while Instant::now() < end {
        if shutdown.is_cancelled() {
            return true;
        }
        std::thread::sleep(PATIENCE / 4);
    }
    shutdown.is_cancelled()
}
