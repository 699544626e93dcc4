//! The company as it was: what its rules allow where people, rights and content are known from different times.
//!
//! People, rights and content are read by cycles of their own, so what is shown rests on three states of the source, each
//! as old as the reading of its part. No answer of the source says what that comes to; its oracle does, asked about a
//! company that is put together of the three.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::bearing::{self, Places};
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

/// A question, as far as its answer depends on it: states that differ in nothing of it are one.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Question {
    account: String,
    object: Object,
    people: usize,
    rights: usize,
    content: usize,
}

/// Every state that a journal tells of.
pub struct Past {
    world: String,
    journal: String,
    /// A journal with its first lines only.
    beginning: PathBuf,
    states: BTreeMap<usize, World>,
    /// Numbers for what bears on questions.
    bearings: HashMap<String, usize>,
    people: HashMap<(usize, String), usize>,
    rights: HashMap<(usize, oracle::Kind, Places), usize>,
    content: HashMap<(usize, Object), (usize, Places)>,
    answers: HashMap<Question, bool>,
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
        Self {
            world: text_of(world),
            journal: text,
            beginning: folder.join("beginning"),
            states: BTreeMap::new(),
            bearings: HashMap::new(),
            people: HashMap::new(),
            rights: HashMap::new(),
            content: HashMap::new(),
            answers: HashMap::new(),
            seen: HashMap::new(),
        }
    }

    /// How many companies were put together to be asked, each about everything that one account sees.
    pub fn asked(&self) -> usize {
        self.seen.len()
    }

    /// Whether a company of these parts shows the thing to the account.
    pub fn shows(&mut self, parts: Parts, account: &str, thing: &Thing) -> bool {
        let Some(object) = object(thing) else { return false };
        let question = self.question(parts, account, object);
        if let Some(answer) = self.answers.get(&question) {
            return *answer;
        }
        let answer = self.shown(parts, account).listed.contains(&object);
        self.answers.insert(question, answer);
        answer
    }

    fn question(&mut self, parts: Parts, account: &str, object: Object) -> Question {
        let (content, places) = self.content_of(parts.content, object);
        let account = account.to_owned();
        let people = self.people_of(parts.people, &account);
        Question { people, rights: self.rights_of(parts.rights, object.kind, places), content, account, object }
    }

    fn people_of(&mut self, state: usize, account: &str) -> usize {
        let key = (state, account.to_owned());
        if let Some(known) = self.people.get(&key) {
            return *known;
        }
        let told = bearing::of_people(self.state(state), account);
        let number = self.number(told);
        self.people.insert(key, number);
        number
    }

    fn rights_of(&mut self, state: usize, kind: oracle::Kind, places: Places) -> usize {
        let key = (state, kind, places);
        if let Some(known) = self.rights.get(&key) {
            return *known;
        }
        let told = bearing::of_rights(self.state(state), kind, &key.2);
        let number = self.number(told);
        self.rights.insert(key, number);
        number
    }

    fn content_of(&mut self, state: usize, object: Object) -> (usize, Places) {
        if let Some(known) = self.content.get(&(state, object)) {
            return known.clone();
        }
        let (told, places) = bearing::of_content(self.state(state), object);
        let known = (self.number(told), places);
        self.content.insert((state, object), known.clone());
        known
    }

    fn number(&mut self, told: String) -> usize {
        let next = self.bearings.len();
        *self.bearings.entry(told).or_insert(next)
    }

    fn state(&mut self, writes: usize) -> &World {
        let state = self.take(writes);
        self.states.entry(writes).or_insert(state)
    }

    /// Everything that a company of these parts shows to the account.
    fn shown(&mut self, parts: Parts, account: &str) -> Rc<Visible> {
        let asked = (parts, account.to_owned());
        if let Some(seen) = self.seen.get(&asked) {
            return seen.clone();
        }
        let seen = self.mixed(parts, account);
        self.seen.insert(asked, seen.clone());
        seen
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::plain;
    use fastrand::Rng;
    use serde_json::json;
    use simulator::server::{Options, Simulator};
    use std::collections::hash_map::Entry;

    const STEPS: usize = 120;
    const MIXTURES: usize = 150;
    const DOCUMENTS: [oracle::Kind; 7] = [
        oracle::Kind::Page,
        oracle::Kind::BlogPost,
        oracle::Kind::PageComment,
        oracle::Kind::PageAttachment,
        oracle::Kind::Issue,
        oracle::Kind::IssueComment,
        oracle::Kind::IssueAttachment,
    ];

    /// A past of a busy company, and its accounts.
    async fn played(folder: &Path) -> (Past, Vec<String>) {
        let journal = folder.join("journal");
        let world = world_file::parse(&text_of("demo"), "demo", Clock::system()).expect("the company is a world");
        let accounts = world.directory.people.keys().map(ToString::to_string).collect();
        let options = Options { journal: Some(journal.clone()), ..Options::default() };
        let running = Simulator::start(world, options).await.expect("the simulator starts");
        let steps = json!({"seed": 11, "steps": STEPS});
        let playing = plain().post(format!("{}/_sim/play", running.base())).json(&steps).send().await;
        playing.and_then(reqwest::Response::error_for_status).expect("the company goes on");
        running.shutdown().await;
        (Past::of("demo", &journal, folder), accounts)
    }

    #[tokio::test]
    async fn companies_that_agree_in_what_bears_on_a_question_answer_alike() {
        let folder = tempfile::tempdir().expect("a folder is made");
        let (mut past, accounts) = played(folder.path()).await;
        let writes = past.journal.lines().count();
        let mut draw = Rng::with_seed(3);
        let mut told = Vec::new();
        for _ in 0..MIXTURES {
            let mut some = || draw.usize(..=writes);
            let parts = Parts { people: some(), rights: some(), content: some() };
            let account = accounts[draw.usize(..accounts.len())].clone();
            told.push((parts, past.mixed(parts, &account), account));
        }
        let listed = told.iter().flat_map(|(_, seen, _)| seen.listed.iter().copied());
        let objects: BTreeSet<Object> = listed.filter(|object| DOCUMENTS.contains(&object.kind)).collect();
        let (mut known, mut again, mut both) = (HashMap::new(), 0, BTreeMap::<_, BTreeSet<bool>>::new());
        for (parts, seen, account) in told {
            for object in &objects {
                let (question, shows) = (past.question(parts, &account, *object), seen.listed.contains(object));
                both.entry((account.clone(), *object)).or_default().insert(shows);
                match known.entry(question) {
                    Entry::Vacant(entry) => drop(entry.insert(shows)),
                    Entry::Occupied(entry) => {
                        again += 1;
                        assert_eq!(*entry.get(), shows, "{object} to {account} of {parts:?}: {:?}", entry.key());
                    }
                }
            }
        }
        let changing = both.values().filter(|answers| answers.len() > 1).count();
        println!("{writes} writes, {} questions, {again} asked again, {changing} answered in both ways", known.len());
        assert!(again > known.len() && changing > 100, "the company changes too little");
    }
}
