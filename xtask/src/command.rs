//! Running other programs: plainly, or with their output passed on while it is read.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};

/// Where a line of a child process came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// A cargo command in the workspace's root. Standard input is closed: no step may wait for a person.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    // The cargo on the PATH, as for whoever started this: one remembered from the build of this tool would meet whatever
    // compiler the PATH gives by then, and libraries of two compilers do not link. `cargo +x xtask` reaches it through
    // the environment.
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root).stdin(Stdio::null());
    command
}

/// Prints and runs a command with the terminal's own output; `Ok(false)` when it ran and failed.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| format!("could not start `{}`", shown(command)))?;
    Ok(status.success())
}

/// Runs a command silently; `false` also when the program does not exist.
pub(crate) fn quietly_succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The standard output of a command that must succeed.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("could not start `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", shown(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not UTF-8", shown(command)))
}

/// Prints and runs a command, handing each line to `line`, which returns whether to pass it on to the terminal.
///
/// Both streams are read, because a test may report on either. Lines that are not UTF-8 are shown with replacement
/// characters, not dropped.
pub(crate) fn watched(command: &mut Command, line: impl FnMut(Stream, &str) -> bool + Send) -> Result<bool> {
    println!("$ {}", shown(command));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    let out = child.stdout.take().context("the child's output is not piped")?;
    let err = child.stderr.take().context("the child's errors are not piped")?;
    let line = Mutex::new(line);
    let pump = |stream: Stream, source: Box<dyn Read + Send>| {
        for bytes in BufReader::new(source).split(b'\n').map_while(std::io::Result::ok) {
            let text = String::from_utf8_lossy(&bytes);
            let Ok(mut take) = line.lock() else { return };
            match (take(stream, &text), stream) {
                (false, _) => {}
                (true, Stream::Out) => println!("{text}"),
                (true, Stream::Err) => eprintln!("{text}"),
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| pump(Stream::Err, Box::new(err)));
        pump(Stream::Out, Box::new(out));
    });
    Ok(child.wait()?.success())
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    if let Some(name) = Path::new(&words[0]).file_name() {
        words[0] = name.to_string_lossy().into_owned();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_reach_the_watcher_and_the_exit_code_decides() {
        let mut seen = Vec::new();
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo one; echo two >&2; exit 3"]);
        let success = watched(&mut shell, |stream, line| {
            seen.push((stream, line.to_owned()));
            false
        });
        assert!(!success.unwrap());
        assert!(seen.contains(&(Stream::Out, "one".to_owned())), "{seen:?}");
        assert!(seen.contains(&(Stream::Err, "two".to_owned())), "{seen:?}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let message = format!("{:#}", succeeds(&mut Command::new("no-such-program-here")).unwrap_err());
        assert!(message.contains("no-such-program-here"), "{message}");
        assert!(!quietly_succeeds(&mut Command::new("no-such-program-here")));
    }
}
