//! A busy company: changes drawn from a seed, made through the simulator's own routes, each told as a value.
//!
//! A [`Player`] makes one [`Step`] at a time. Which account acts is found by trying: the one that the change belongs to (an
//! author), then the administrators, then everybody else; the product's own rules decide who may. So nothing happens here
//! that a company could not do to itself, and a step that nobody may take is drawn again.
//!
//! Two things never happen, because they would end the play: accounts of apps (the service account) and administrators
//! keep their accounts, and groups that give a product or its administration are neither deleted nor left by them.
//!
//! The same world, clock and seed give the same steps. In another process: `POST /_sim/play {"seed":7,"steps":3}`.

mod change;
mod comments;
mod content;
mod files;
mod issues;
mod life;
mod moves;
mod people;
mod restrictions;
mod rights;
mod schemes;
mod stage;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

pub use self::change::Change;
use self::stage::Stage;
use crate::server::Simulation;
use crate::state::Millis;

/// What kind of change: what a client has to notice, and by which stream of a source.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// New and edited pages, blog posts and issues.
    Text,
    /// New, edited and deleted comments, mostly on old pages and issues.
    Comments,
    /// New, replaced and deleted files.
    Files,
    /// View restrictions, which bump no version.
    Restrictions,
    /// Other parents, spaces and projects.
    Moves,
    /// Other keys of projects.
    Keys,
    /// Archive, trash, purge, and back.
    Life,
    /// Accounts and groups.
    People,
    /// Roles, schemes, levels, permissions of spaces, reporters and assignees.
    Rights,
}

impl Family {
    /// All families, each with how often it is drawn.
    pub const ALL: [(Self, u32); 9] = [
        (Self::Text, 25),
        (Self::Comments, 15),
        (Self::Files, 8),
        (Self::Restrictions, 15),
        (Self::Moves, 9),
        (Self::Keys, 2),
        (Self::Life, 10),
        (Self::People, 8),
        (Self::Rights, 8),
    ];
}

/// One change that was made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step {
    /// From 1 for each player.
    pub number: u64,
    /// The simulator's time.
    pub at: Millis,
    /// Who did it.
    pub by: String,
    /// Which kind.
    pub family: Family,
    /// What.
    pub change: Change,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} by {}: {}", self.number, self.at, self.by, self.change)
    }
}

/// How often a step is drawn anew before the company is held to be unable to do anything.
const TRIES: usize = 200;

/// Plays a company.
#[derive(Clone, Debug)]
pub struct Player {
    draw: Rng,
    seed: u64,
    number: u64,
    families: Vec<(Family, u32)>,
}

impl Player {
    /// Draws from this seed, of all families.
    pub fn new(seed: u64) -> Self {
        Self { draw: Rng::with_seed(seed), seed, number: 0, families: Family::ALL.to_vec() }
    }

    /// Draws of these families only.
    #[must_use]
    pub fn only(mut self, families: &[Family]) -> Self {
        self.families.retain(|(family, _)| families.contains(family));
        self
    }

    /// Makes one change. `None` if nothing of what was drawn is possible in this company.
    pub fn step(&mut self, simulation: &Simulation) -> Option<Step> {
        let number = self.number + 1;
        let word = word(self.seed, number);
        for _ in 0..TRIES {
            let family = self.family()?;
            let mut stage = Stage { simulation, draw: &mut self.draw, word: word.clone() };
            if let Some((by, change)) = play(family, &mut stage) {
                self.number = number;
                return Some(Step { number, at: simulation.clock.now(), by: by.to_string(), family, change });
            }
        }
        None
    }

    fn family(&mut self) -> Option<Family> {
        let all: u32 = self.families.iter().map(|(_, often)| often).sum();
        let mut left = self.draw.u32(..all.max(1));
        for (family, often) in &self.families {
            match left.checked_sub(*often) {
                Some(rest) => left = rest,
                None => return Some(*family),
            }
        }
        None
    }
}

fn play(family: Family, stage: &mut Stage<'_>) -> stage::Done {
    match family {
        Family::Text if stage.one_in(3) => issues::text(stage),
        Family::Text => content::text(stage),
        Family::Comments if stage.one_in(2) => comments::on_issue(stage),
        Family::Comments => comments::on_page(stage),
        Family::Files if stage.one_in(2) => files::on_issue(stage),
        Family::Files => files::on_page(stage),
        Family::Restrictions => restrictions::restrict(stage),
        Family::Moves if stage.one_in(3) => moves::issue(stage),
        Family::Moves => moves::page(stage),
        Family::Keys => moves::key(stage),
        Family::Life => life::live(stage),
        Family::People => people::change(stage),
        Family::Rights if stage.one_in(2) => schemes::change(stage),
        Family::Rights => rights::change(stage),
    }
}

/// A word that stands in no other text: letters only, and no ending that a stemmer would take off.
fn word(seed: u64, number: u64) -> String {
    const LETTERS: [char; 14] = ['b', 'c', 'f', 'h', 'j', 'k', 'm', 'p', 'q', 't', 'v', 'w', 'x', 'z'];
    let letters = |mut value: u64| {
        let mut out = String::new();
        while value > 0 {
            out.push(LETTERS[(value % 14) as usize]);
            value /= 14;
        }
        out
    };
    format!("qu{}o{}", letters(seed), letters(number))
}
