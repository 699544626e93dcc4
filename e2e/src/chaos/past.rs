//! The company as it was: what its rules allow where people, rights and content are known from different times.
//!
//! People, rights and content are read by cycles of their own, so what is shown rests on three states of the source, each
//! as old as the reading of its part. No answer of the source says what that comes to; its oracle does, asked about a
//! company that is put together of the three.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::people::{Thing, text_of};
use model::{Kind, Product};
use simulator::clock::Clock;
use simulator::oracle::{self, Object, Oracle, Visible};
use simulator::server::Simulation;
use simulator::state::World;
use simulator::world_file;

/// How many writes of the company each part knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Parts {
    /// Accounts and groups.
    pub people: usize,
    /// Spaces and projects with who may read them, roles, schemes and levels.
    pub rights: usize,
    /// Everything else: documents, where they hang, and their own restrictions.
    pub content: usize,
}

/// Every state that a journal tells of.
pub struct Past {
    world: String,
    journal: String,
    /// A journal with its first lines only.
    beginning: PathBuf,
    states: BTreeMap<usize, World>,
    seen: HashMap<(Parts, String), Rc<Visible>>,
}

impl Past {
    /// The past of the company `worlds/WORLD.toml` with this journal. `folder` takes a file.
    ///
    /// # Panics
    /// If the journal cannot be read.
    pub fn of(world: &str, journal: &Path, folder: &Path) -> Self {
        let text =
            std::fs::read_to_string(journal).unwrap_or_else(|error| panic!("the journal cannot be read: {error}"));
        let beginning = folder.join("beginning");
        Self { world: text_of(world), journal: text, beginning, states: BTreeMap::new(), seen: HashMap::new() }
    }

    /// Whether a company of these parts shows the thing to the account.
    pub fn shows(&mut self, parts: Parts, account: &str, thing: &Thing) -> bool {
        let Some(object) = object(thing) else { return false };
        let asked = (parts, account.to_owned());
        if !self.seen.contains_key(&asked) {
            let seen = self.mixed(parts, account);
            self.seen.insert(asked.clone(), seen);
        }
        self.seen.get(&asked).is_some_and(|seen| seen.listed.contains(&object))
    }

    fn mixed(&mut self, parts: Parts, account: &str) -> Rc<Visible> {
        let mut company = self.take(parts.content);
        let others: BTreeSet<usize> =
            [parts.people, parts.rights].into_iter().filter(|at| *at != parts.content).collect();
        let mut others: BTreeMap<usize, World> = others.into_iter().map(|at| (at, self.take(at))).collect();
        let exchange = |company: &mut World, others: &mut BTreeMap<usize, World>| {
            if let Some(other) = others.get_mut(&parts.people) {
                std::mem::swap(&mut company.directory, &mut other.directory);
            }
            if let Some(other) = others.get_mut(&parts.rights) {
                swap_rights(company, other);
            }
        };
        exchange(&mut company, &mut others);
        let seen = Oracle::of(&company).visible(account);
        exchange(&mut company, &mut others);
        self.states.insert(parts.content, company);
        self.states.append(&mut others);
        seen
    }

    /// The state after so many writes.
    fn take(&mut self, writes: usize) -> World {
        self.states.remove(&writes).unwrap_or_else(|| self.made(writes))
    }

    fn made(&self, writes: usize) -> World {
        let lines: String = self.journal.split_inclusive('\n').take(writes).collect();
        crate::stack::write(&self.beginning, &lines);
        let world = world_file::parse(&self.world, "the company", Clock::system());
        let simulation = Simulation::resumed(world.unwrap_or_else(|error| panic!("{error}")), &self.beginning);
        simulation.unwrap_or_else(|error| panic!("the journal cannot be read: {error}")).into_world()
    }
}

fn swap_rights(left: &mut World, right: &mut World) {
    std::mem::swap(&mut left.confluence.spaces, &mut right.confluence.spaces);
    std::mem::swap(&mut left.confluence.space_roles, &mut right.confluence.space_roles);
    std::mem::swap(&mut left.jira.projects, &mut right.jira.projects);
    std::mem::swap(&mut left.jira.roles, &mut right.jira.roles);
    std::mem::swap(&mut left.jira.permission_schemes, &mut right.jira.permission_schemes);
    std::mem::swap(&mut left.jira.security_schemes, &mut right.jira.security_schemes);
}

fn object(thing: &Thing) -> Option<Object> {
    let kind = match (thing.product, thing.kind) {
        (Product::Confluence, Kind::Page) => oracle::Kind::Page,
        (Product::Confluence, Kind::BlogPost) => oracle::Kind::BlogPost,
        (Product::Confluence, Kind::Comment) => oracle::Kind::PageComment,
        (Product::Confluence, Kind::Attachment) => oracle::Kind::PageAttachment,
        (Product::Jira, Kind::Issue) => oracle::Kind::Issue,
        (Product::Jira, Kind::Comment) => oracle::Kind::IssueComment,
        (Product::Jira, Kind::Attachment) => oracle::Kind::IssueAttachment,
        _ => return None,
    };
    Some(Object::new(kind, thing.native.trim_start_matches("att").parse().ok()?))
}
