//! The product is built without the switches that turn rules off.
//!
//! `access::mutants` has switches only with the cargo feature `mutants`. Nothing may turn that feature on by itself: no
//! `default` feature and no line of a dependency table, so that only a command that names it can.

use super::Problem;
use crate::workspace::Crate;

const FEATURE: &str = "mutants";

/// Looks for whatever would build the switches into the product.
pub(super) fn check(crates: &[Crate]) -> Vec<Problem> {
    let names = |feature: &String| feature == FEATURE || feature.ends_with("/mutants");
    let mut problems = Vec::new();
    for member in crates {
        let by_default = member.default_features.iter().any(names).then(|| "its default features".to_owned());
        let lines = member.dependencies.iter().filter(|dependency| dependency.features.iter().any(names));
        let lines = lines.map(|dependency| format!("its line of `{}`", dependency.name));
        for what in by_default.into_iter().chain(lines) {
            let message = format!("{what} turn on `{FEATURE}`: rules could be switched off in the product");
            problems.push(Problem::new("mutants", format!("{}/Cargo.toml", member.folder), message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Dependency, Use};

    fn member(default: &[&str], of_line: &[&str]) -> Crate {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let line = Dependency { name: "access".to_owned(), ours: true, used: Use::Product, features: texts(of_line) };
        Crate {
            name: "fossick".to_owned(),
            folder: "crates/fossick".to_owned(),
            dependencies: vec![line],
            has_binary: true,
            default_features: texts(default),
        }
    }

    #[test]
    fn nothing_turns_the_switches_on_by_itself() {
        assert_eq!(check(&[member(&["other"], &["derive"])]), []);
        assert_eq!(check(&[member(&["access/mutants"], &[])]).len(), 1);
        assert_eq!(check(&[member(&["mutants"], &["mutants"])]).len(), 2);
    }
}
