//! Companies of a few lines, synced, and who finds what in them: for cases that have a name.
//!
//! Beside what a test asserts, each look compares all layers about all pairs, as the drawn companies do.

use super::chain::hub::Staged;
use super::chain::looks;
use super::judged::{Judged, people};
use super::{Mismatch, Tally};
use serde_json::Value;
use simulator::clock::Clock;
use simulator::drawn::change::Change;
use simulator::drawn::{ORG_KEY, ROBOT, TOKEN};
use simulator::state::World;
use simulator::world_file;
use std::collections::BTreeMap;

/// Ann, Bob and Cat with both products, Ann in legal and Bob in ops; Max without any. The service account reads everything
/// that is shared with it.
pub const STAFF: &str = r#"
[access]
jira = { jira-software = ["staff"] }
confluence = ["staff"]
jira_admins = ["admins"]
confluence_admins = ["admins"]
browse_users = ["staff"]

[[group]]
name = "staff"
members = ["ann", "bob", "cat"]
[[group]]
name = "admins"
[[group]]
name = "legal"
members = ["ann"]
[[group]]
name = "ops"
members = ["bob"]

[[person]]
handle = "ann"
[[person]]
handle = "bob"
[[person]]
handle = "cat"
[[person]]
handle = "max"
"#;

/// A company that has been synced.
pub struct Company {
    staged: Staged,
}

impl Company {
    /// The company of these lines with [`STAFF`], read by a service account in `staff` and `admins`.
    pub async fn of(lines: &str) -> Self {
        Self::served(lines, &["staff", "admins"]).await
    }

    /// The same with a service account in these groups only.
    pub async fn served(lines: &str, groups: &[&str]) -> Self {
        let company = Self::unsynced(&world(lines, groups)).await;
        company.sync().await;
        company
    }

    /// The company of a whole world file, connected and not synced yet.
    pub async fn unsynced(text: &str) -> Self {
        Self::in_world(parse(text)).await
    }

    /// The same of a world that no file can describe.
    pub async fn in_world(world: World) -> Self {
        Self { staged: Staged::start(world, false).await }
    }

    /// Syncs and compares all layers.
    ///
    /// # Panics
    /// If the cycle misses anything, or any layer differs.
    pub async fn sync(&self) {
        if let Err(why) = self.staged.cycle().await {
            panic!("{why}");
        }
        self.agree().await;
    }

    /// Syncs, whatever becomes of it. How it ended, in words where it missed something.
    pub async fn try_sync(&self) -> Result<(), String> {
        self.staged.cycle().await
    }

    /// Compares all layers. What is hidden without need has a listed reason; how many pairs are.
    ///
    /// # Panics
    /// If any differs.
    pub async fn agree(&self) -> BTreeMap<String, u64> {
        let (mut tally, mut mismatch) = (Tally::default(), Mismatch::default());
        let judged = Judged::of(&self.staged.world(), false);
        looks::everything(&self.staged, &judged, &mut tally, &mut mismatch).await;
        assert!(mismatch.is_empty(), "{mismatch}");
        tally.excused
    }

    /// Changes something at the source, without a sync.
    ///
    /// # Panics
    /// If there is nothing of that name.
    pub fn change(&self, change: &Change) {
        assert!(change.apply(&mut self.staged.world_mut()), "nothing to do: {change:?}");
    }

    /// Changes the world itself.
    pub fn edit<T>(&self, edit: impl FnOnce(&mut World) -> T) -> T {
        edit(&mut self.staged.world_mut())
    }

    /// The handles of those who find anything for a query, in alphabetical order.
    ///
    /// # Panics
    /// If the API refuses to answer.
    pub async fn finders(&self, query: &str) -> String {
        let mut finders = Vec::new();
        for (name, answer) in self.answers(query).await {
            if answer["total"] != 0 {
                finders.push(name);
            }
        }
        finders.join(" ")
    }

    /// What the API answers everybody, by handle.
    ///
    /// # Panics
    /// If it refuses to answer.
    pub async fn answers(&self, query: &str) -> BTreeMap<String, Value> {
        let mut answers = BTreeMap::new();
        let everybody = people(&self.staged.world());
        for person in everybody {
            let path = format!("/api/v1/search?q={}", query.replace(' ', "%20"));
            let (status, answer) = self.staged.ask(&person, &path).await;
            assert!(status.is_success(), "`{path}` gave {status}: {answer}");
            answers.insert(person.name, answer);
        }
        answers
    }

    /// One GET of the API as somebody: the status and the answer.
    pub async fn get(&self, handle: &str, path: &str) -> (u16, Value) {
        let everybody = people(&self.staged.world());
        let person = everybody.into_iter().find(|person| person.name == handle);
        let person = person.unwrap_or_else(|| panic!("there is no `{handle}`"));
        let (status, answer) = self.staged.ask(&person, path).await;
        (status.as_u16(), answer)
    }

    /// What administrators are told: the problems of the last runs, as `item: message`.
    pub async fn problems(&self) -> Vec<String> {
        looks::problems(&self.staged).await
    }
}

/// The whole world file of these lines.
pub fn world(lines: &str, groups: &[&str]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("\"{group}\"")).collect();
    let service =
        format!("[service_account]\nhandle = \"{ROBOT}\"\ntoken = \"{TOKEN}\"\ngroups = [{}]", groups.join(", "));
    format!("org_key = \"{ORG_KEY}\"\n\n[site]\nhost = \"named.atlassian.net\"\n{STAFF}\n{service}\n{lines}")
}

/// A world of its text.
///
/// # Panics
/// If it is none.
pub fn parse(text: &str) -> World {
    world_file::parse(text, "named", Clock::system()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
