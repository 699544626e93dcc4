//! Secrets from files or standard input: never from the command line, where every process list shows them.

use crate::exit::{Exit, Fault};
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

/// Reads one secret; `-` is standard input. Blank space around it is dropped.
pub(crate) fn secret(path: &Path, what: &str) -> Result<String, Fault> {
    let text = if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            eprintln!("paste the {what}, then press Enter and Ctrl-D:");
        }
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Fault::new(Exit::Usage, format!("cannot read the {what} from standard input: {error}")))?;
        text
    } else {
        std::fs::read_to_string(path).map_err(|error| {
            Fault::new(Exit::Usage, format!("cannot read the {what} from `{}`: {error}", path.display()))
        })?
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::new(Exit::Usage, format!("the {what} is empty; give it in a file or on standard input")));
    }
    Ok(text.to_owned())
}
