//! Shows each rule for Rust files a good and a bad sample.

use super::*;

const HEAD: &str = "//! What this file is for, in a sentence.\n";

fn file(path: &str, text: impl Into<String>) -> File {
    File { path: path.to_owned(), text: text.into() }
}

fn rules_broken_by(path: &str, text: &str) -> Vec<&'static str> {
    check(&file(path, format!("{HEAD}{text}"))).into_iter().map(|problem| problem.rule).collect()
}

fn lines(count: usize) -> String {
    "const A: u8 = 1;\n".repeat(count)
}

#[test]
fn a_file_needs_a_head_that_says_something() {
    let broken = |text: &str| !check(&file("crates/a/src/b.rs", text)).is_empty();
    assert!(broken("use std::fmt;\n"));
    assert!(broken("\n//! What this file is for, in a sentence.\n"));
    assert!(broken("//! placeholder\n"));
    assert!(!broken(HEAD));
}

#[test]
fn lines_before_the_tests_are_counted() {
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines(100));
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &format!("{}{tests}", lines(399))), [""; 0]);
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &format!("{}{tests}", lines(400))), ["file-length"]);
}

#[test]
fn a_file_with_its_tests_has_a_limit_too() {
    let text = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", lines(300), lines(300));
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &text), ["file-length"]);
    assert_eq!(rules_broken_by("crates/a/src/b/tests.rs", &lines(500)), [""; 0]);
    assert_eq!(rules_broken_by("crates/a/tests/b.rs", &lines(600)), ["file-length"]);
}

#[test]
fn a_long_function_is_named() {
    let function = |count| format!("fn long(x: [u8; 2]) -> u8 {{\n{}    1\n}}\n", "    step();\n".repeat(count));
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &function(59)), [""; 0]);
    let problems = check(&file("crates/a/src/b.rs", format!("{HEAD}{}", function(60))));
    assert_eq!(problems[0].place, "crates/a/src/b.rs::long");
}

#[test]
fn comments_empty_lines_and_tests_do_not_lengthen_a_function() {
    let padded = format!("fn f() {{\n{}}}\n", "    // because\n\n".repeat(80));
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &padded), [""; 0]);
    let test = format!("#[cfg(test)]\nmod tests {{\n    fn f() {{\n{}    }}\n}}\n", "        step();\n".repeat(80));
    assert_eq!(rules_broken_by("crates/a/src/b.rs", &test), [""; 0]);
}

#[test]
fn declarations_and_braces_in_literals_do_not_confuse_the_count() {
    let text = format!("trait T {{ fn a(&self) -> u8; }}\nfn b() {{ print(\"{{\"); }}\n{}", lines(80));
    assert_eq!(functions(&split(&text).code), [("b".to_owned(), 1)]);
}

#[test]
fn unfinished_work_is_found_in_code_and_comments_but_not_in_literals() {
    assert_eq!(rules_broken_by("a.rs", "fn f() { todo!() }"), ["unfinished"]);
    assert_eq!(rules_broken_by("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"), ["unfinished"]);
    assert_eq!(rules_broken_by("a.rs", "// TODO: the rest\n"), ["unfinished"]);
    assert_eq!(rules_broken_by("a.rs", "const A: &str = \"todo! TODO #[ignore]\"; // a todo list\n"), [""; 0]);
}

#[test]
fn empty_names_are_found_in_paths_and_modules() {
    let broken = |path: &str, text: &str| check_names(&[file(path, text)]).len();
    assert_eq!(broken("crates/a/src/utils.rs", ""), 1);
    assert_eq!(broken("crates/a/tests/common/mod.rs", ""), 1);
    assert_eq!(broken("crates/a/src/session_manager.rs", ""), 1);
    assert_eq!(broken("crates/a/src/new_queue.rs", ""), 1);
    assert_eq!(broken("crates/a/src/b.rs", "pub(crate) mod helpers {\n}\n"), 1);
    assert_eq!(broken("crates/a/src/newest.rs", "mod commons;\n// mod utils;\n"), 0);
}
