//! The smallest company that still fails: steps are left out, then entries of the world file, as long as it goes on failing.

use super::case::Case;
use toml::Value;

/// Tries so many smaller companies at most: each is a whole play.
const MOST_TRIES: usize = 250;

/// Makes a case smaller while `fails` holds. The result fails, as the case does.
pub fn smallest(case: Case, fails: impl Fn(&Case) -> bool) -> Case {
    let mut shrinking = Shrinking { smallest: case, fails, tries: 0 };
    shrinking.steps();
    while shrinking.entries() && shrinking.tries < MOST_TRIES {}
    shrinking.steps();
    shrinking.smallest
}

struct Shrinking<F> {
    smallest: Case,
    fails: F,
    tries: usize,
}

impl<F: Fn(&Case) -> bool> Shrinking<F> {
    fn take(&mut self, smaller: Case) -> bool {
        self.tries += 1;
        // What is no company any more proves nothing; and whoever is left out must not be needed to read it.
        let fails = self.tries < MOST_TRIES && smaller.company().is_ok() && (self.fails)(&smaller);
        if fails {
            self.smallest = smaller;
        }
        fails
    }

    /// Leaves out steps, halves first, then one by one.
    fn steps(&mut self) {
        let mut chunk = self.smallest.steps.len().max(1);
        while chunk > 0 {
            let mut at = 0;
            while at < self.smallest.steps.len() {
                let mut smaller = self.smallest.clone();
                let end = (at + chunk).min(smaller.steps.len());
                smaller.steps.drain(at..end);
                if !self.take(smaller) {
                    at += chunk;
                }
            }
            chunk /= 2;
        }
    }

    /// Leaves out entries of the world file, large ones first. True if any could be spared.
    fn entries(&mut self) -> bool {
        let before = self.smallest.world.len();
        for depth in 0..4 {
            let mut at = 0;
            while let Some(smaller) = self.without(depth, at) {
                if !self.take(smaller) {
                    at += 1;
                }
            }
        }
        self.smallest.world.len() < before
    }

    /// The case without the entry of that number among the entries of lists at that depth.
    fn without(&self, depth: usize, at: usize) -> Option<Case> {
        let mut table: toml::Table = toml::from_str(&self.smallest.world).ok()?;
        let mut left = at;
        let removed = table.iter_mut().any(|(_, value)| remove(value, depth, &mut left));
        let world = removed.then(|| toml::to_string(&table).ok())??;
        Some(Case { world, ..self.smallest.clone() })
    }
}

/// Removes the entry that `left` counts down to. True once it is gone.
fn remove(value: &mut Value, depth: usize, left: &mut usize) -> bool {
    match value {
        Value::Array(entries) if depth == 0 => {
            if *left < entries.len() {
                entries.remove(*left);
                return true;
            }
            *left -= entries.len();
            false
        }
        Value::Array(entries) => entries.iter_mut().any(|entry| remove(entry, depth - 1, left)),
        Value::Table(table) => table.iter_mut().any(|(_, inner)| remove(inner, depth, left)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use simulator::drawn::Size;

    #[test]
    fn a_case_shrinks_to_what_its_fault_needs() {
        let case = Case::draw(11, Size::SMALL, 10);
        let wanted = "paper s1n3";
        let fails = |case: &Case| {
            let world = case.company().unwrap();
            world.confluence.content.values().any(|content| content.title.starts_with(wanted))
        };
        let smaller = smallest(case, fails);
        assert!(fails(&smaller) && smaller.steps.is_empty(), "{}", smaller.world);
        let world = smaller.company().unwrap();
        assert!(world.confluence.content.len() <= 8 && world.jira.issues.is_empty(), "{}", smaller.world);
    }
}
