//! A `fossick` that runs beside the test: what it writes is kept, and it never outlives the test.
//!
//! Dropping one that ended by itself, or that panicked somewhere inside, fails the test: a story must not pass over a
//! process that fell over in the background.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a program may take to say where it answers.
const START: Duration = Duration::from_secs(60);

/// Cargo's folder for this profile, in which the program lies: beside a benchmark, above the `deps` of a test.
fn profile() -> PathBuf {
    let own = std::env::current_exe().expect("a program knows where it lies");
    let folder = own.parent().expect("a program lies in a folder");
    let above = folder.parent().filter(|_| folder.ends_with("deps"));
    above.unwrap_or(folder).to_owned()
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    profile().parent().expect("a profile's folder lies in the target directory").to_owned()
}

/// The program under test, built with the same profile as this test.
///
/// # Panics
/// If it was not built.
pub fn fossick() -> PathBuf {
    let path = profile().join("fossick");
    assert!(path.is_file(), "`{}` is missing; build it first: cargo build -p fossick", path.display());
    path
}

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[derive(Default)]
struct Heard {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Heard {
    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A program that runs until it is told to end.
pub struct Program {
    name: &'static str,
    child: Child,
    heard: Arc<Heard>,
    readers: Vec<JoinHandle<()>>,
    ended: bool,
}

impl Program {
    /// Starts a command; `name` stands in messages.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(name: &'static str, command: &mut Command) -> Self {
        Self::start_saying_to(name, command, Stdio::piped())
    }

    /// The same with a standard output of the story's own.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start_saying_to(name: &'static str, command: &mut Command, out: Stdio) -> Self {
        command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let heard = Arc::new(Heard::default());
        let mut readers = Vec::new();
        if let Some(out) = child.stdout.take() {
            readers.push(listen(out, heard.clone()));
        }
        if let Some(err) = child.stderr.take() {
            readers.push(listen(err, heard.clone()));
        }
        Self { name, child, heard, readers, ended: false }
    }

    /// Waits for a line with `mark` and returns what follows the mark.
    ///
    /// # Panics
    /// If the program ends before, or says nothing like it for a minute.
    pub fn wait_for(&mut self, mark: &str) -> String {
        let end = Instant::now() + START;
        let heard = self.heard.clone();
        let mut lines = heard.lines();
        loop {
            if let Some(found) = lines.iter().find_map(|line| line.split_once(mark)) {
                return found.1.trim().to_owned();
            }
            let gone = self.child.try_wait().is_ok_and(|status| status.is_some());
            assert!(!gone && Instant::now() < end, "{} did not say `{mark}`, but:\n{}", self.name, lines.join("\n"));
            lines =
                heard.more.wait_timeout(lines, Duration::from_millis(50)).map_or_else(|e| e.into_inner().0, |w| w.0);
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it wrote so far.
    pub fn log(&self) -> String {
        self.heard.lines().join("\n")
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it as a power failure would: no warning, no last words. Returns what it wrote.
    pub fn kill(mut self) -> String {
        let _ended_already = self.child.kill();
        self.reap();
        self.check();
        self.log()
    }

    /// Asks it to end and waits until it has. Returns how it ended, and what it wrote.
    pub fn stop(mut self) -> (ExitStatus, String) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(asked.is_ok_and(|status| status.success()), "{} could not be told to end: {}", self.name, self.log());
        let status = self.reap().unwrap_or_else(|| panic!("{} cannot be waited for", self.name));
        self.check();
        (status, self.log())
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> (Option<i32>, String) {
        let status = self.reap();
        self.check();
        (status.and_then(|status| status.code()), self.log())
    }

    fn reap(&mut self) -> Option<ExitStatus> {
        let status = self.child.wait().ok();
        self.ended = true;
        for reader in self.readers.drain(..) {
            let _panicked = reader.join();
        }
        status
    }

    fn check(&self) {
        let log = self.log();
        assert!(!log.contains("panicked at"), "{} panicked:\n{log}", self.name);
    }
}

fn listen(stream: impl Read + Send + 'static, heard: Arc<Heard>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            heard.lines().push(String::from_utf8_lossy(&line).into_owned());
            heard.more.notify_all();
        }
    })
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let fell_over = self.child.try_wait().ok().flatten();
        let _ended_already = self.child.kill();
        self.reap();
        if std::thread::panicking() {
            eprintln!("--- {} wrote:\n{}", self.name, self.log());
            return;
        }
        assert!(fell_over.is_none(), "{} ended by itself ({fell_over:?}):\n{}", self.name, self.log());
        self.check();
    }
}
