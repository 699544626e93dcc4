//! The company as it was: whether its rules allow something where each record is known from a time of its own.
//!
//! A hub learns of one record in a moment and of the next one later, by runs of several kinds, so what is shown rests on
//! many states of the source. No answer of the source says what that comes to; its oracle does, asked about a company that
//! is put together of records of different age.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::record::{Part, Record};
use crate::people::{Thing, text_of};
use model::{Kind, Product};
use simulator::clock::Clock;
use simulator::oracle::{self, Object, Oracle};
use simulator::server::Simulation;
use simulator::state::World;
use simulator::world_file;

/// The states of the source from which each part may be known, as numbers of writes, the newest first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Known {
    /// Accounts and groups.
    pub people: Vec<usize>,
    /// Spaces and projects with who may read them, roles, schemes and levels.
    pub rights: Vec<usize>,
    /// Everything else: documents, where they hang, and their own restrictions.
    pub content: Vec<usize>,
}

/// Records, each with a state of the source from which it is taken.
type Taken = Vec<(Record, usize)>;

/// Every state that a journal tells of.
pub struct Past {
    world: String,
    journal: String,
    /// A journal with its first lines only.
    beginning: PathBuf,
    states: BTreeMap<usize, Rc<World>>,
    /// The company that is put together. Of what does not bear on a question it holds whatever the last one left.
    mixed: World,
    /// By account, object and what the records say.
    answers: HashMap<(String, Object, Vec<String>), bool>,
}

impl Past {
    /// The past of the company `worlds/WORLD.toml` with this journal. `folder` takes a file.
    ///
    /// # Panics
    /// If the journal cannot be read.
    pub fn of(world: &str, journal: &Path, folder: &Path) -> Self {
        let journal =
            std::fs::read_to_string(journal).unwrap_or_else(|error| panic!("the journal cannot be read: {error}"));
        let (world, beginning) = (text_of(world), folder.join("beginning"));
        let mixed = made(&world, "", &beginning);
        Self { world, journal, beginning, states: BTreeMap::new(), mixed, answers: HashMap::new() }
    }

    /// How many companies were put together to be asked.
    pub fn asked(&self) -> usize {
        self.answers.len()
    }

    /// Whether some company shows the thing to the account whose records are each as in one of these states.
    pub fn shows(&mut self, known: &Known, account: &str, thing: &Thing) -> bool {
        let Some(object) = object(thing) else { return false };
        let mut open: Vec<Record> = Record::of(object).into_iter().chain([Record::Gates]).collect();
        open.push(Record::Person(account.into()));
        open.extend(self.mixed.directory.groups.keys().cloned().map(Record::Group));
        for state in &known.people {
            open.extend(self.state(*state).directory.groups.keys().cloned().map(Record::Group));
        }
        open.sort();
        open.dedup();
        self.shows_with(known, account, object, &mut Taken::new(), open)
    }

    /// The same with some records taken already, and these to be taken still, with what they lead to.
    fn shows_with(
        &mut self,
        known: &Known,
        account: &str,
        object: Object,
        taken: &mut Taken,
        mut open: Vec<Record>,
    ) -> bool {
        let Some(record) = open.pop() else { return self.answer(account, object, taken) };
        if taken.iter().any(|(other, _)| *other == record) {
            return self.shows_with(known, account, object, taken, open);
        }
        let states = match record.part() {
            Part::People => &known.people,
            Part::Rights => &known.rights,
            Part::Content => &known.content,
        };
        let mut said = Vec::new();
        for state in states {
            let world = self.state(*state);
            let says = record.says(&world, account);
            if said.contains(&says) {
                continue;
            }
            said.push(says);
            let open = open.iter().cloned().chain(record.leads_to(&world)).collect();
            taken.push((record.clone(), *state));
            let shows = self.shows_with(known, account, object, taken, open);
            taken.pop();
            if shows {
                return true;
            }
        }
        false
    }

    /// What the company of these records shows, by its oracle.
    fn answer(&mut self, account: &str, object: Object, taken: &Taken) -> bool {
        let mut said = Vec::new();
        for (record, state) in taken {
            let world = self.state(*state);
            said.push(format!("{record:?}: {}", record.says(&world, account)));
        }
        said.sort();
        let question = (account.to_owned(), object, said);
        if let Some(answer) = self.answers.get(&question) {
            return *answer;
        }
        for (record, state) in taken {
            let world = self.state(*state);
            record.bring(&world, &mut self.mixed);
        }
        let answer = Oracle::of(&self.mixed).visible(account).listed.contains(&object);
        self.answers.insert(question, answer);
        answer
    }

    /// The state after so many writes.
    fn state(&mut self, writes: usize) -> Rc<World> {
        let state = self.states.entry(writes).or_insert_with(|| {
            let lines: String = self.journal.split_inclusive('\n').take(writes).collect();
            Rc::new(made(&self.world, &lines, &self.beginning))
        });
        state.clone()
    }
}

/// The company `world` after the writes of a journal, which is kept at `beginning` meanwhile.
fn made(world: &str, journal: &str, beginning: &Path) -> World {
    crate::stack::write(beginning, journal);
    let world = world_file::parse(world, "the company", Clock::system());
    let simulation = Simulation::resumed(world.unwrap_or_else(|error| panic!("{error}")), beginning);
    simulation.unwrap_or_else(|error| panic!("the journal cannot be read: {error}")).into_world()
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
    use simulator::state::content::Container;
    use std::collections::BTreeSet;
    use std::collections::hash_map::Entry;

    const STEPS: usize = 120;
    const MIXTURES: usize = 150;
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

    /// All records of a company.
    fn all(world: &World) -> BTreeSet<Record> {
        let (people, wiki, jira) = (&world.directory, &world.confluence, &world.jira);
        let mut all = BTreeSet::from([Record::Gates, Record::SpaceRoles, Record::SecuritySchemes]);
        all.extend(people.people.keys().cloned().map(Record::Person));
        all.extend(people.groups.keys().cloned().map(Record::Group));
        all.extend(wiki.spaces.keys().copied().map(Record::Space));
        all.extend(wiki.content.keys().copied().map(Record::Content));
        all.extend(wiki.attachments.keys().copied().map(Record::PageFile));
        all.extend(wiki.comments.keys().copied().map(Record::PageComment));
        all.extend(jira.projects.keys().copied().map(Record::Project));
        all.extend(jira.permission_schemes.keys().copied().map(Record::PermissionScheme));
        all.extend(jira.issues.keys().copied().map(Record::Issue));
        all.extend(jira.attachments.keys().copied().map(Record::IssueFile));
        all.extend(jira.comments.keys().copied().map(Record::IssueComment));
        all
    }

    #[tokio::test]
    async fn companies_that_agree_in_the_records_that_bear_on_a_question_answer_alike() {
        let folder = tempfile::tempdir().expect("a folder is made");
        let (mut past, accounts) = played(folder.path()).await;
        let writes = past.journal.lines().count();
        let last = past.state(writes);
        let records: BTreeSet<Record> = all(&last).union(&all(&past.state(0))).cloned().collect();
        let mut draw = Rng::with_seed(3);
        let mut told = Vec::new();
        for _ in 0..MIXTURES {
            // Few states, so that chains agree now and then.
            let some: [usize; 3] = std::array::from_fn(|_| draw.usize(..=writes));
            let from: BTreeMap<Record, usize> =
                records.iter().map(|record| (record.clone(), some[draw.usize(..some.len())])).collect();
            for (record, state) in &from {
                record.bring(&past.state(*state), &mut past.mixed);
            }
            let account = accounts[draw.usize(..accounts.len())].clone();
            told.push((Oracle::of(&past.mixed).visible(&account), account, from));
        }
        let listed = told.iter().flat_map(|(seen, _, _)| seen.listed.iter().copied());
        let objects: BTreeSet<Object> = listed.filter(|object| Record::of(*object).is_some()).collect();
        let (mut known, mut again, mut both) = (HashMap::new(), 0, BTreeMap::<_, BTreeSet<bool>>::new());
        for (seen, account, from) in told {
            for object in &objects {
                let (question, shows) = (question(&mut past, &from, &account, *object), seen.listed.contains(object));
                both.entry((account.clone(), *object)).or_default().insert(shows);
                match known.entry((account.clone(), *object, question)) {
                    Entry::Vacant(entry) => drop(entry.insert(shows)),
                    Entry::Occupied(entry) => {
                        again += 1;
                        assert_eq!(*entry.get(), shows, "{object} to {account}: {:?}", entry.key());
                    }
                }
            }
        }
        let changing = both.values().filter(|answers| answers.len() > 1).count();
        println!("{writes} writes, {} questions, {again} asked again, {changing} answered in both ways", known.len());
        assert!(again > known.len() && changing > 100, "the company changes too little");
    }

    /// What the records say that bear on a question, each as it is in its own state.
    fn question(past: &mut Past, from: &BTreeMap<Record, usize>, account: &str, object: Object) -> BTreeSet<String> {
        let groups = from.keys().filter(|record| matches!(record, Record::Group(_))).cloned();
        let mut open: Vec<Record> = Record::of(object).into_iter().chain(groups).collect();
        open.extend([Record::Gates, Record::Person(account.into())]);
        let (mut said, mut walked) = (BTreeSet::new(), BTreeSet::new());
        while let Some(record) = open.pop() {
            // What no state has is nowhere.
            let Some(state) = from.get(&record).filter(|_| walked.insert(record.clone())) else { continue };
            let world = past.state(*state);
            said.insert(format!("{record:?}: {}", record.says(&world, account)));
            open.extend(record.leads_to(&world));
        }
        said
    }

    #[tokio::test]
    async fn a_comment_is_newer_than_the_restriction_of_its_page() {
        let folder = tempfile::tempdir().expect("a folder is made");
        let (mut past, _) = played(folder.path()).await;
        let writes = past.journal.lines().count();
        let (first, last) = (past.state(0), past.state(writes));
        let (before, after) = (Oracle::of(&first), Oracle::of(&last));
        // Written meanwhile on a page that somebody could read at first and cannot read any more.
        let mut found = 0;
        for comment in last.confluence.comments.values().filter(|it| !first.confluence.comments.contains_key(&it.id)) {
            let Container::Content(page) = comment.container else { continue };
            let page = Object::new(oracle::Kind::Page, page);
            for account in first.directory.people.keys() {
                if !before.visible(account).listed.contains(&page) || after.visible(account).contains(page) {
                    continue;
                }
                found += 1;
                let thing = Thing::confluence(Kind::Comment, comment.id);
                let of = |content: &[usize]| Known { people: vec![0], rights: vec![0], content: content.to_vec() };
                assert!(past.shows(&of(&[writes, 0]), account, &thing), "{thing} to {account}");
                assert!(!past.shows(&of(&[0]), account, &thing), "{thing} to {account} before it was written");
            }
        }
        assert!(found > 0, "nothing of the kind happened");
    }
}
