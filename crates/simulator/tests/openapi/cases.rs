//! Reads the table of cases.
//!
//! ```text
//! # comment
//! STATUS METHOD PATH [by=HANDLE] [keep NAME=/json/pointer …]
//!   {"the": "body", "continued": "on indented lines"}
//! ```
//! `{name}` in a path or body is what an earlier case kept. Without `by=` the site's administrator asks (the
//! organization's key below `/admin/` and `/users/`); `by=nobody` sends no credential, `by=stranger` a wrong one. A body `file NAME TEXT`
//! is uploaded as a form.

use reqwest::Method;

pub(crate) struct Case {
    /// File and line.
    pub(crate) line: String,
    pub(crate) status: u16,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) by: Option<String>,
    /// Name and JSON pointer.
    pub(crate) keep: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Writes come last: they change what the reads are answered.
const FILES: [&str; 9] = [
    "names",
    "jira_reads",
    "jira_settings",
    "confluence_v2",
    "confluence_v1",
    "admin",
    "jira_writes",
    "confluence_v2_writes",
    "confluence_v1_writes",
];

/// All cases in the order in which they run.
pub(crate) fn all() -> Vec<Case> {
    let read = |name: &&str| of_file(name, &crate::text(&format!("cases/{name}.txt")));
    FILES.iter().flat_map(read).collect()
}

fn of_file(name: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let at = format!("{name}.txt:{}", index + 1);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            let case = cases.last_mut().unwrap_or_else(|| panic!("{at}: a body without a case"));
            case.body.push_str(line.trim());
        } else {
            cases.push(of_line(at, line));
        }
    }
    cases
}

fn of_line(at: String, line: &str) -> Case {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap_or_else(|| panic!("{at}: write `STATUS METHOD PATH`"));
    let status = next().parse().unwrap_or_else(|_| panic!("{at}: the status is no number"));
    let method = next().parse().unwrap_or_else(|_| panic!("{at}: no such method"));
    let path = next().to_owned();
    let mut case = Case { line: at, status, method, path, by: None, keep: Vec::new(), body: String::new() };
    for word in words.filter(|word| *word != "keep") {
        match word.split_once('=') {
            Some(("by", handle)) => case.by = Some(handle.to_owned()),
            Some((name, pointer)) => case.keep.push((name.to_owned(), pointer.to_owned())),
            None => panic!("{}: `{word}` is neither by= nor a name to keep", case.line),
        }
    }
    case
}
