//! Rules for Rust files: their head, their size, their names, and that nothing is left unfinished.

use super::source::{Split, split};
use super::{File, Problem};

/// Lines of a file before its tests. Beyond that a file holds more than one idea.
const PRODUCTION_LINES: usize = 400;
/// Lines of a whole file, tests included, and of a file of tests.
const ALL_LINES: usize = 600;
/// Lines of a function's body that are neither empty nor comment.
const FUNCTION_LINES: usize = 60;
/// A folder or module of this name promises nothing.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "manager", "misc", "shared"];

/// All rules that look at one file alone.
pub(super) fn check(file: &File) -> Vec<Problem> {
    let split = split(&file.text);
    let production_lines = production_lines(&split);
    let mut problems = Vec::new();
    problems.extend(check_head(file));
    problems.extend(check_length(file, production_lines));
    if !is_test_file(&file.path) {
        problems.extend(check_functions(file, &split, production_lines));
    }
    problems.extend(check_finished(file, &split));
    problems
}

/// Names of files, folders and inline modules.
pub(super) fn check_names(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let stem = file.path.trim_end_matches(".rs");
        let inline = split(&file.text);
        let names = stem.split('/').chain(modules(&inline.code));
        for name in names.filter(|name| is_empty_name(name)) {
            let message = format!("`{name}` does not say what is in it; name the one thing that it holds");
            problems.push(Problem::new("names", file.path.clone(), message));
        }
    }
    problems
}

fn check_head(file: &File) -> Option<Problem> {
    let head = file.text.lines().next().unwrap_or_default();
    let says_something = head.strip_prefix("//!").is_some_and(|text| text.trim().len() > 15);
    (!says_something).then(|| {
        Problem::new("head", file.path.clone(), "the file must open with `//!` and a sentence on what it is for")
    })
}

fn check_length(file: &File, production_lines: usize) -> Option<Problem> {
    let all = file.text.lines().count();
    let message = if all > ALL_LINES {
        format!("{all} lines; at most {ALL_LINES} with tests: move one idea, or the tests, to a file of their own")
    } else if production_lines > PRODUCTION_LINES && !is_test_file(&file.path) {
        format!("{production_lines} lines before its tests; at most {PRODUCTION_LINES}: move one idea to its own file")
    } else {
        return None;
    };
    Some(Problem::new("file-length", file.path.clone(), message))
}

/// Whether the whole file is tests: a sibling `tests.rs`, anything under a `tests` folder, and the stories.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("e2e/")
}

/// The number of lines before the tests module, or of all lines.
fn production_lines(split: &Split) -> usize {
    let lines: Vec<&str> = split.code.lines().collect();
    let tests = lines.iter().position(|line| line.trim_start().starts_with("mod tests"));
    let Some(at) = tests else { return lines.len() };
    // The attribute above it belongs to the tests.
    if at > 0 && lines[at - 1].trim() == "#[cfg(test)]" { at - 1 } else { at }
}

fn check_functions(file: &File, split: &Split, production_lines: usize) -> Vec<Problem> {
    let code: String = split.code.lines().take(production_lines).flat_map(|line| [line, "\n"]).collect();
    let long = functions(&code).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES);
    long.map(|(name, lines)| {
        let message = format!("{lines} lines of code; at most {FUNCTION_LINES}: give its parts names");
        Problem::new("function-length", format!("{}::{name}", file.path), message)
    })
    .collect()
}

/// Name and number of code lines of each function with a body, nested ones counted with their parent, too.
fn functions(code: &str) -> Vec<(String, usize)> {
    let starts = code.match_indices("fn ").filter(|(at, _)| !code[..*at].ends_with(is_word));
    starts
        .filter_map(|(at, keyword)| {
            let rest = &code[at + keyword.len()..];
            let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
            let body = (!name.is_empty()).then(|| body(rest)).flatten()?;
            Some((name, body.lines().filter(|line| !line.trim().is_empty()).count()))
        })
        .collect()
}

/// What stands between the braces of the function whose signature starts here; `None` for a declaration.
fn body(signature: &str) -> Option<&str> {
    let mut brackets = 0_i32;
    let mut braces = 0_i32;
    let mut opened = None;
    for (at, c) in signature.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && opened.is_none() => return None,
            '{' => {
                braces += 1;
                if brackets == 0 {
                    opened.get_or_insert(at + 1);
                }
            }
            '}' => {
                braces -= 1;
                if braces == 0
                    && let Some(from) = opened
                {
                    return Some(&signature[from..at]);
                }
            }
            _ => {}
        }
    }
    None
}

fn check_finished(file: &File, split: &Split) -> Vec<Problem> {
    let compact = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut problems = Vec::new();
    for (number, (code, comment)) in split.code.lines().zip(split.comments.lines()).enumerate() {
        let code = compact(code);
        let mut found = Vec::new();
        found.extend(["todo!", "unimplemented!"].into_iter().filter(|word| code.contains(word)));
        found.extend(["#[ignore"].into_iter().filter(|word| code.contains(word)));
        found.extend(["TODO", "FIXME", "XXX"].into_iter().filter(|word| has_word(comment, word)));
        for word in found {
            let message = format!("line {}: `{word}`: finish it, or say in an issue what is missing", number + 1);
            problems.push(Problem::new("unfinished", file.path.clone(), message));
        }
    }
    problems
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !is_word(c)).any(|part| part == word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The names of modules that are declared or written inline.
fn modules(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter_map(|line| {
        let declaration = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        declaration.strip_prefix("mod ").map(|name| name.trim_end_matches([';', '{', '}', ' ']))
    })
}

fn is_empty_name(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    let ends_so = ["utils", "helpers", "manager"].contains(&last);
    EMPTY_NAMES.contains(&name) || ends_so || name.starts_with("new_")
}

#[cfg(test)]
mod tests;
