//! What a change is made on: the simulation, the dice, and the word of this step.

use std::sync::RwLockReadGuard;

use axum::http::StatusCode;
use fastrand::Rng;
use serde_json::{Value, json};

use super::Change;
use crate::inside::Inside;
use crate::server::Simulation;
use crate::state::content::Content;
use crate::state::directory::AccountType;
use crate::state::issue::Issue;
use crate::state::{AccountId, GroupId, World};

/// Who did what; `None` when it cannot be done now.
pub(super) type Done = Option<(AccountId, Change)>;

/// One step in the making.
#[derive(Debug)]
pub(super) struct Stage<'s> {
    pub(super) simulation: &'s Simulation,
    pub(super) draw: &'s mut Rng,
    /// A word that stands in no other text.
    pub(super) word: String,
}

impl<'s> Stage<'s> {
    pub(super) fn world(&self) -> RwLockReadGuard<'s, World> {
        self.simulation.world()
    }

    pub(super) fn one_in(&mut self, n: u32) -> bool {
        self.draw.u32(..n) == 0
    }

    /// One of them.
    pub(super) fn choose<T>(&mut self, all: Vec<T>) -> Option<T> {
        let mut all = all;
        if all.is_empty() {
            return None;
        }
        let at = self.draw.usize(..all.len());
        Some(all.swap_remove(at))
    }

    /// Content that fits.
    pub(super) fn content(&mut self, fits: impl Fn(&World, &Content) -> bool) -> Option<Content> {
        let world = self.world();
        let all = world.confluence.content.values().filter(|content| fits(&world, content)).collect();
        self.choose::<&Content>(all).cloned()
    }

    /// An issue that fits, in a project that is in use.
    pub(super) fn issue(&mut self, fits: impl Fn(&World, &Issue) -> bool) -> Option<Issue> {
        let world = self.world();
        let used = |issue: &Issue| {
            world.jira.projects.get(&issue.project).is_some_and(|project| !project.archived && !project.deleted)
        };
        let all = world.jira.issues.values().filter(|issue| used(issue) && fits(&world, issue)).collect();
        self.choose::<&Issue>(all).cloned()
    }

    /// A person who is active and no program.
    pub(super) fn person(&mut self) -> Option<AccountId> {
        let world = self.world();
        self.choose(people(&world))
    }

    /// A group that exists.
    pub(super) fn group(&mut self) -> Option<GroupId> {
        let world = self.world();
        let all = world.directory.groups.values().filter(|group| !group.deleted);
        self.choose(all.map(|group| group.id.clone()).collect())
    }

    /// Sends the request as `first`, then as each administrator, then as everybody else, until somebody may. Returns who it
    /// was and the answer's JSON.
    pub(super) fn send(&self, first: Option<&AccountId>, request: &Inside) -> Option<(AccountId, Value)> {
        let callers = {
            let world = self.world();
            let active = |id: &&AccountId| world.directory.person(id).is_some_and(|person| person.active);
            let mut callers: Vec<AccountId> = first.filter(active).cloned().into_iter().collect();
            callers.extend(administrators(&world));
            callers.extend(people(&world));
            callers
        };
        for account in callers {
            let reply = self.simulation.send(&Inside { account: Some(account.clone()), ..request.clone() });
            // A redirect leads to a task that is done.
            if reply.status.is_success() || reply.status == StatusCode::SEE_OTHER {
                return Some((account, serde_json::from_slice(&reply.body).unwrap_or_default()));
            }
        }
        None
    }

    /// A sentence with the step's word.
    pub(super) fn sentence(&mut self) -> String {
        const SENTENCES: [&str; 6] = [
            "Checked it again this morning",
            "The numbers agree with those of last week",
            "Nobody has objected so far",
            "This replaces what we agreed before",
            "See the notes of the last meeting",
            "Waiting for the supplier to answer",
        ];
        format!("{}, {}.", SENTENCES[self.draw.usize(..SENTENCES.len())], self.word)
    }

    /// That sentence in Confluence's storage format, as v2 takes it.
    pub(super) fn storage(&mut self) -> Value {
        json!({"representation": "storage", "value": format!("<p>{}</p>", self.sentence())})
    }

    /// That sentence as a document of Jira.
    pub(super) fn document(&mut self) -> Value {
        let text = json!({"type": "text", "text": self.sentence()});
        json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text]}]})
    }
}

/// Active people, no programs, by id.
fn people(world: &World) -> Vec<AccountId> {
    let people = world.directory.people.values();
    let people = people.filter(|person| person.active && person.account_type == AccountType::Atlassian);
    people.map(|person| person.account_id.clone()).collect()
}

/// Active people who administer the site or Jira. They keep their accounts and their groups.
pub(super) fn administrators(world: &World) -> Vec<AccountId> {
    let mut all = people(world);
    all.retain(|account| {
        let admin =
            |group| world.directory.site_admin_groups.contains(group) || world.jira.admin_groups.contains(group);
        world.directory.groups_of(account).any(admin)
    });
    all
}

/// Accounts of programs, of which the service account is one.
pub(super) fn services(world: &World) -> Vec<AccountId> {
    let people = world.directory.people.values().filter(|person| person.account_type == AccountType::App);
    people.map(|person| person.account_id.clone()).collect()
}
