//! What one person can see, counted per space and project: "what would they find, before we roll out?"

use crate::{ExplainError, Explainer, Whom};
use access::{Decision, Hidden, SourceId};
use std::collections::BTreeMap;

/// One space or project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContainerReach {
    /// The source.
    pub source: SourceId,
    /// Its name, such as `acme.atlassian.net/jira`.
    pub source_name: String,
    /// Native id of the container.
    pub native: String,
    /// The key that people use.
    pub short: String,
    /// Its name.
    pub name: String,
    /// How many documents it has.
    pub documents: u64,
    /// How many of them the person finds.
    pub visible: u64,
    /// How many nobody finds, by cause.
    pub hidden: BTreeMap<Hidden, u64>,
}

impl ContainerReach {
    /// How many documents others may find, but not this person.
    pub fn refused(&self) -> u64 {
        self.documents - self.visible - self.hidden.values().sum::<u64>()
    }
}

/// What one person can see.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reach {
    /// The name.
    pub person: String,
    /// What identifies the person.
    pub known_as: String,
    /// Whether the person has an account here; else this is what one would find.
    pub has_account: bool,
    /// Every space and project with documents, by source and key.
    pub containers: Vec<ContainerReach>,
}

impl Reach {
    /// Documents found, and documents in all.
    pub fn totals(&self) -> (u64, u64) {
        let sum = |count: fn(&ContainerReach) -> u64| self.containers.iter().map(count).sum();
        (sum(|row| row.visible), sum(|row| row.documents))
    }
}

impl Explainer<'_> {
    /// Counts what a person finds. Asks about every document once: some tenths of a second for a million.
    pub fn reach(&self, whom: &Whom) -> Result<Reach, ExplainError> {
        let mut decision = Decision::new(self.store.directory().viewer_of(&whom.person));
        let mut containers = Vec::new();
        for source in self.store.sources()? {
            let name = source.settings.name();
            let mut counted = BTreeMap::new();
            for container in self.store.named_containers(source.id)? {
                let row = ContainerReach {
                    source: source.id,
                    source_name: name.clone(),
                    native: container.key.0.clone(),
                    short: container.short,
                    name: container.name,
                    documents: 0,
                    visible: 0,
                    hidden: BTreeMap::new(),
                };
                counted.insert(container.key.0, row);
            }
            self.store.visit_documents(source.id, |container, doc| {
                let cause = self.access.document(doc).and_then(|entry| entry.hidden);
                let Some(row) = counted.get_mut(container).filter(|_| cause != Some(Hidden::Deleted)) else { return };
                row.documents += 1;
                if decision.admits(self.access, doc) {
                    row.visible += 1;
                } else if let Some(cause) = self.access.cause(doc) {
                    *row.hidden.entry(cause).or_default() += 1;
                }
            })?;
            containers.extend(counted.into_values().filter(|row| row.documents > 0));
        }
        containers.sort_by(|left, right| (left.source, &left.short).cmp(&(right.source, &right.short)));
        let (person, known_as) = (whom.name.clone(), whom.known_as.clone());
        Ok(Reach { person, known_as, has_account: whom.account.is_some(), containers })
    }
}
