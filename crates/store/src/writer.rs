//! The one thread that writes to a database file.
//!
//! Requests come as closures over a channel and are answered one by one, so that no two writers ever wait for SQLite's
//! lock. Between requests the thread works off long chores, one slice at a time.

use crate::StoreError;
use std::sync::mpsc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// What a writer thread owns.
pub(crate) trait Desk: Send + 'static {
    /// Does one slice of outstanding work. True if more is waiting.
    fn work(&mut self) -> bool {
        false
    }
}

/// A handle to the thread. Dropping it ends the thread after the requests already made.
pub(crate) struct Writer<S> {
    jobs: Option<mpsc::Sender<Job<S>>>,
    thread: Option<JoinHandle<()>>,
}

impl<S: Desk> Writer<S> {
    pub(crate) fn start(name: &str, mut desk: S) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job<S>>();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || serve(&mut desk, &queue))
            .map_err(StoreError::Thread)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `job` on the thread and waits for its answer. Once made, a request is carried out even if nobody waits.
    pub(crate) async fn run<T, E>(&self, job: impl FnOnce(&mut S) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, waiting) = oneshot::channel();
        self.send(Box::new(move |desk| {
            // Nobody waits any more if the caller was cancelled; what is committed stays committed.
            drop(answer.send(job(desk)));
        }))?;
        waiting.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// The same for callers outside an executor.
    pub(crate) fn run_blocking<T, E>(&self, job: impl FnOnce(&mut S) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, waiting) = mpsc::channel();
        self.send(Box::new(move |desk| drop(answer.send(job(desk)))))?;
        waiting.recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    fn send(&self, job: Job<S>) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.send(job).map_err(|_| StoreError::Stopped)
    }
}

fn serve<S: Desk>(desk: &mut S, queue: &mpsc::Receiver<Job<S>>) {
    let mut more = desk.work();
    loop {
        let job = if more {
            match queue.try_recv() {
                Ok(job) => Some(job),
                Err(mpsc::TryRecvError::Empty) => None,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        } else {
            match queue.recv() {
                Ok(job) => Some(job),
                Err(mpsc::RecvError) => return,
            }
        };
        if let Some(job) = job {
            job(desk);
        }
        more = desk.work();
    }
}

impl<S> Drop for Writer<S> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // A panic of the thread was already reported by the panic hook.
            drop(thread.join());
        }
    }
}
