//! The oracle: may account A see object O, by the products' documented rules alone.
//!
//! A second opinion on [`crate::visibility`], which trims what the routes answer; neither may call the other. So the form
//! is another one: the world is copied as plain facts into an SQL database in memory, and views decide for whole sets,
//! from the top of the tree downwards. `people.sql`, `confluence.sql`, `jira.sql` and `seen.sql` are the rules, to be read
//! beside the products' documents; `facts.sql` is what they read; [`rules`] names each rule and each reading.
//! Each view becomes a layer: the rule as a view, its answer for the asked account as a table that later layers read.
//! One query through all the views at once would be deeper than SQLite nests.
//!
//! An oracle is a still picture: it answers for the world as it was when it was made.

mod facts;
pub mod rules;
mod why;
pub(crate) mod wire;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::Connection;

pub use self::rules::{Rule, Rules};
pub use self::why::Layer;
use crate::state::content::ContentKind;
use crate::state::{AccountId, World};

/// What an object is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// A space.
    Space,
    /// A page.
    Page,
    /// A blog post.
    BlogPost,
    /// A folder.
    Folder,
    /// A whiteboard.
    Whiteboard,
    /// A database.
    Database,
    /// A smart link in the tree.
    Embed,
    /// A footer or inline comment in Confluence.
    PageComment,
    /// A file in Confluence.
    PageAttachment,
    /// A project.
    Project,
    /// An issue.
    Issue,
    /// A comment in Jira.
    IssueComment,
    /// A file in Jira.
    IssueAttachment,
    /// Time spent on an issue.
    Worklog,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Space,
        Self::Page,
        Self::BlogPost,
        Self::Folder,
        Self::Whiteboard,
        Self::Database,
        Self::Embed,
        Self::PageComment,
        Self::PageAttachment,
        Self::Project,
        Self::Issue,
        Self::IssueComment,
        Self::IssueAttachment,
        Self::Worklog,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Space => "space",
            Self::Page => "page",
            Self::BlogPost => "blogpost",
            Self::Folder => "folder",
            Self::Whiteboard => "whiteboard",
            Self::Database => "database",
            Self::Embed => "embed",
            Self::PageComment => "page comment",
            Self::PageAttachment => "page attachment",
            Self::Project => "project",
            Self::Issue => "issue",
            Self::IssueComment => "issue comment",
            Self::IssueAttachment => "issue attachment",
            Self::Worklog => "worklog",
        }
    }

    /// The kind of a piece of content.
    pub fn of(content: ContentKind) -> Self {
        match content {
            ContentKind::Page => Self::Page,
            ContentKind::BlogPost => Self::BlogPost,
            ContentKind::Folder => Self::Folder,
            ContentKind::Whiteboard => Self::Whiteboard,
            ContentKind::Database => Self::Database,
            ContentKind::Embed => Self::Embed,
        }
    }
}

/// Something that an account may or may not see.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its number in the world (for files in Confluence without `att`).
    pub id: u64,
}

impl Object {
    /// The object of that kind and number, whether it exists or not.
    pub fn new(kind: Kind, id: u64) -> Self {
        Self { kind, id }
    }
}

impl std::fmt::Display for Object {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.kind.as_str(), self.id)
    }
}

/// What one account sees.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Visible {
    /// What listings and searches return without being asked for a status.
    pub listed: BTreeSet<Object>,
    /// What only a direct address shows: drafts, the trash, archived projects and their issues.
    pub unlisted: BTreeSet<Object>,
}

impl Visible {
    /// True when the account sees the object at all.
    pub fn contains(&self, object: Object) -> bool {
        self.listed.contains(&object) || self.unlisted.contains(&object)
    }

    /// Numbers of the listed objects of a kind, ascending.
    pub fn ids(&self, kind: Kind) -> Vec<u64> {
        self.listed.range(Object::new(kind, 0)..=Object::new(kind, u64::MAX)).map(|object| object.id).collect()
    }
}

const VIEWS: [&str; 4] =
    [include_str!("people.sql"), include_str!("confluence.sql"), include_str!("jira.sql"), include_str!("seen.sql")];

/// In the database, who has not signed in. Accounts count from zero.
const PUBLIC: i64 = -1;

/// The rules applied to one state of a world.
#[derive(Debug)]
pub struct Oracle {
    facts: Connection,
    /// Number of each account in the database.
    people: BTreeMap<AccountId, i64>,
    /// Computes every layer anew for whom the views are asked about.
    refresh: String,
    /// For whom the layers stand now.
    asked: Cell<Option<i64>>,
    /// Answers so far; the facts never change.
    known: RefCell<HashMap<i64, Rc<Visible>>>,
}

/// Why our own SQL can be expected to run: it is fixed text over tables made here, in memory, and tests run all of it.
const OWN_SQL: &str = "the oracle's own SQL runs over the oracle's own tables";

impl Oracle {
    /// Copies the world. Takes about a second for 400,000 objects, during which the caller holds the world.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn of(world: &World) -> Self {
        Self::with_rules(world, &Rules::default())
    }

    /// An oracle that may lack a rule, to prove that its absence is noticed.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn with_rules(world: &World, rules: &Rules) -> Self {
        let facts = Connection::open_in_memory().expect(OWN_SQL);
        let people = facts::copy(world, &facts).expect(OWN_SQL);
        let mut refresh = String::from("BEGIN;");
        for file in VIEWS {
            let views = rules.applied_to(file).replace("CREATE VIEW ", "CREATE VIEW rule_of_");
            facts.execute_batch(&views).expect(OWN_SQL);
            for layer in file.lines().filter_map(|line| line.strip_prefix("CREATE VIEW ")?.strip_suffix(" AS")) {
                let answer = format!("CREATE TABLE {layer} AS SELECT * FROM rule_of_{layer}");
                facts.execute_batch(&answer).expect(OWN_SQL);
                refresh += &format!("DELETE FROM {layer}; INSERT INTO {layer} SELECT * FROM rule_of_{layer};");
            }
        }
        Self { facts, people, refresh: refresh + "COMMIT;", asked: Cell::new(None), known: RefCell::default() }
    }

    /// All accounts of the world, active or not, ascending.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.people.keys()
    }

    /// Makes the views speak of one account. `None` when there is no such account.
    fn ask_about(&self, account: &str) -> Option<i64> {
        let person = *self.people.get(account)?;
        self.ask(person);
        Some(person)
    }

    fn ask(&self, person: i64) {
        if self.asked.get() != Some(person) {
            self.facts.execute("DELETE FROM asked", []).expect(OWN_SQL);
            self.facts.execute("INSERT INTO asked VALUES (?1)", [person]).expect(OWN_SQL);
            self.facts.execute_batch(&self.refresh).expect(OWN_SQL);
            self.asked.set(Some(person));
        }
    }

    /// Everything that somebody sees who has not signed in.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn visible_to_the_public(&self) -> Visible {
        self.ask(PUBLIC);
        self.seen()
    }

    /// Everything that an account sees, by one query; an account that does not exist sees nothing.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn visible(&self, account: &str) -> Rc<Visible> {
        if let Some(known) = self.people.get(account).and_then(|person| self.known.borrow().get(person).cloned()) {
            return known;
        }
        let Some(person) = self.ask_about(account) else { return Rc::default() };
        let seen = Rc::new(self.seen());
        self.known.borrow_mut().insert(person, Rc::clone(&seen));
        seen
    }

    fn seen(&self) -> Visible {
        let mut query = self.facts.prepare_cached("SELECT kind, id, listed FROM seen").expect(OWN_SQL);
        let mut rows = query.query([]).expect(OWN_SQL);
        let (mut listed, mut unlisted) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().expect(OWN_SQL) {
            let word = row.get_ref(0).and_then(|word| Ok(word.as_str()?)).expect(OWN_SQL);
            let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word).expect(OWN_SQL);
            let object = Object::new(kind, row.get::<_, i64>(1).expect(OWN_SQL).cast_unsigned());
            if row.get(2).expect(OWN_SQL) { listed.push(object) } else { unlisted.push(object) }
        }
        Visible { listed: listed.into_iter().collect(), unlisted: unlisted.into_iter().collect() }
    }

    /// Whether an account sees an object.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn may_see(&self, account: &str, object: Object) -> bool {
        self.visible(account).contains(object)
    }

    /// All accounts that see an object, ascending.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn who_sees(&self, object: Object) -> Vec<AccountId> {
        self.people.keys().filter(|account| self.may_see(account, object)).cloned().collect()
    }
}
