//! Companies drawn from a seed, and what happens in them: for proofs over more cases than anybody would write down.
//!
//! A company is the text of a world file, so that one which a proof stumbles over is kept as it is and read by people.
//! The draw leans towards what goes wrong elsewhere: a user on the child and a group on the parent, a child wider than its
//! parent, lists that name only the deleted, the empty and the deactivated, Browse for the reporter alone, roles without
//! Browse, levels without members. Every document has a name of its own, by which a [`change::Change`] speaks of it, and
//! holds the word [`WORD`].

pub mod change;
mod drawn_change;
mod jira;
mod names;
mod people;
mod wiki;

use crate::world_file::READING_SCOPES;
use fastrand::Rng;

/// In the title or text of every document.
pub const WORD: &str = "amber";
/// The handle of the service account.
pub const ROBOT: &str = "robot";
/// The token of the service account.
pub const TOKEN: &str = "ATSTT-drawn";
/// The key of the organization.
pub const ORG_KEY: &str = "org-key-drawn";

/// Everything that a service account may be granted for reading.
pub fn scopes() -> Vec<String> {
    READING_SCOPES.into_iter().map(str::to_owned).collect()
}

/// How large a company is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// People beside the service account, at least 6.
    pub people: usize,
    /// Groups without a meaning of their own.
    pub groups: usize,
    /// Spaces.
    pub spaces: usize,
    /// Pages and their like in each space.
    pub pages: usize,
    /// Projects.
    pub projects: usize,
    /// Issues in each project.
    pub issues: usize,
}

impl Size {
    /// Small enough to read when it fails.
    pub const SMALL: Self = Self { people: 12, groups: 4, spaces: 3, pages: 9, projects: 4, issues: 5 };
    /// Many pairs at once, for what needs no network.
    pub const LARGE: Self = Self { people: 40, groups: 9, spaces: 6, pages: 30, projects: 8, issues: 20 };
}

/// The world file of the company of this seed.
pub fn company(seed: u64, size: Size) -> String {
    let mut draw = Draw { rng: Rng::with_seed(seed), size };
    let mut text = format!("# Drawn from seed {seed}: {size:?}.\n");
    people::write(&mut draw, seed, &mut text);
    wiki::write(&mut draw, &mut text);
    jira::write(&mut draw, &mut text);
    text
}

/// Chances, and the names that lists are drawn from.
struct Draw {
    rng: Rng,
    size: Size,
}

impl Draw {
    /// True in `percent` of a hundred draws.
    fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(0..100) < percent
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.rng.usize(0..of.len())]
    }

    fn person(&mut self) -> String {
        format!("p{}", self.rng.usize(0..self.size.people))
    }

    /// A group by name, the strange ones included.
    fn group(&mut self) -> String {
        match self.rng.u8(0..20) {
            0 => "gone".to_owned(),
            1 => "empty".to_owned(),
            2 => "idle".to_owned(),
            3 => "staff".to_owned(),
            4 => "agents".to_owned(),
            5 => "admins".to_owned(),
            _ => format!("g{}", self.rng.usize(0..self.size.groups)),
        }
    }

    /// `@somebody` or `group:some`, in a list of viewers or actors.
    fn subject(&mut self) -> String {
        if self.chance(45) { format!("@{}", self.person()) } else { format!("group:{}", self.group()) }
    }

    fn subjects(&mut self, most: usize) -> Vec<String> {
        (0..self.rng.usize(1..=most)).map(|_| self.subject()).collect()
    }

    /// A list in which the service account stands nearly always: what it cannot read, nobody finds.
    fn served(&mut self, mut list: Vec<String>) -> Vec<String> {
        if self.chance(85) {
            list.push(format!("@{ROBOT}"));
        }
        list
    }
}

/// A list as TOML writes it.
fn list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", quoted.join(", "))
}
