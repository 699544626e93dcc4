//! One run of a command, as a person at a terminal has it: what goes in, the exit code, and both streams.

use std::io::{Read, Write as _};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    /// The arguments, for messages.
    pub arguments: String,
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Asserts the exit code.
    ///
    /// # Panics
    /// With both streams, if it is another one.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert!(self.code == Some(code), "expected exit code {code}: {self:#?}");
        assert!(!self.err.contains("panicked at"), "{self:#?}");
        self
    }

    /// Asserts that standard output or standard error holds every one of these texts.
    ///
    /// # Panics
    /// With the text that is missing.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.out.contains(text) || self.err.contains(text), "`{text}` is missing: {self:#?}");
        }
        self
    }

    /// Asserts that neither stream holds this text.
    ///
    /// # Panics
    /// If one does.
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.out.contains(text) && !self.err.contains(text), "`{text}` must not be told: {self:#?}");
        self
    }
}

/// No command of a story takes longer; one that does has got stuck, or serves where it should have refused.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a command to its end, with `input` on standard input.
///
/// # Panics
/// If it cannot be started, or does not end.
pub fn run(command: &mut Command, input: &str) -> Ran {
    let arguments = command.get_args().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot run `{arguments}`: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // A command that needs no input may be gone before it is written.
        let _not_wanted = stdin.write_all(input.as_bytes());
    }
    let readers = (child.stdout.take().map(collect), child.stderr.take().map(collect));
    let end = Instant::now() + PATIENCE;
    let mut code = child.try_wait();
    while matches!(code, Ok(None)) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
        code = child.try_wait();
    }
    let in_time = !matches!(code, Ok(None));
    if !in_time {
        let _ended_already = child.kill();
        code = child.wait().map(Some);
    }
    let text = |reader: Option<JoinHandle<String>>| reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    let code = code.ok().flatten().and_then(|status| status.code());
    let ran = Ran { arguments, code, out: text(readers.0), err: text(readers.1) };
    assert!(in_time, "this did not end within {} s: {ran:#?}", PATIENCE.as_secs());
    ran
}

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _read = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
