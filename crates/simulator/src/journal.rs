//! What was written, so that a company outlives its process: each change as the request that made it, in order, with its time.
//!
//! One line of JSON for each request that took the world to write. It is written before anybody is answered, be it who made
//! the change or who reads, so what anybody was told is there again after a `kill -9`; a change whose line was not
//! finished was never told of. Read again
//! into the same world file, the lines give the same world to the id and the millisecond, because ids only count and a
//! request sees one time throughout. Switches, faults and counts are not kept, nor are open searches: their tokens expire.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::clock::Millis;
use crate::dispatch;
use crate::inside::Inside;
use crate::reply::Reply;
use crate::server::Simulation;

#[derive(Debug, Deserialize, Serialize)]
struct Line {
    at: Millis,
    account: Option<String>,
    method: String,
    target: String,
    content_type: Option<String>,
    /// Base64.
    body: String,
}

/// An open journal. Requests that may write pass one at a time, and no other while they do.
#[derive(Debug)]
pub(crate) struct Journal(RwLock<File>);

impl Journal {
    /// Opens a journal, or begins one, and makes its changes again in `simulation`.
    pub(crate) fn resume(path: &Path, simulation: &Simulation) -> std::io::Result<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // What follows the last line's end is the start of a line that a kill cut off.
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        for line in text[..whole].lines() {
            let line: Line = serde_json::from_str(line).map_err(std::io::Error::other)?;
            let (at, request) = (line.at, line.request());
            simulation.clock.at(at, || dispatch::answer_inside(simulation, &request));
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self(RwLock::new(file)))
    }

    /// Runs a request that may write, and notes it if it did.
    pub(crate) fn keep(&self, call: &Call<'_>, method: &Method, run: impl FnOnce() -> Reply) -> Reply {
        let mut file = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let at = call.simulation.clock.now();
        let reply = call.simulation.clock.at(at, run);
        if call.wrote.get() {
            let line = serde_json::to_string(&Line::of(call, method, at)).unwrap_or_default();
            if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
                tracing::error!(%error, "the journal cannot be written; what follows is lost with the process");
            }
        }
        reply
    }

    /// Runs a request that only reads. A change that is not noted yet would be one that a kill undoes.
    pub(crate) fn read<T>(&self, run: impl FnOnce() -> T) -> T {
        let _noted = self.0.read().unwrap_or_else(PoisonError::into_inner);
        run()
    }
}

impl Line {
    fn of(call: &Call<'_>, method: &Method, at: Millis) -> Self {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&call.query).finish();
        let target = if query.is_empty() { call.path.to_owned() } else { format!("{}?{query}", call.path) };
        Self {
            at,
            account: call.caller.account().map(str::to_owned),
            method: method.to_string(),
            target,
            content_type: call.header("content-type").map(str::to_owned),
            body: STANDARD.encode(&call.body),
        }
    }

    fn request(self) -> Inside {
        Inside {
            account: self.account.map(Into::into),
            method: self.method.parse().unwrap_or_default(),
            target: self.target,
            content_type: self.content_type,
            body: Bytes::from(STANDARD.decode(self.body).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::clock::Clock;
    use crate::play::Player;
    use crate::state::World;
    use crate::world_file;

    fn company() -> World {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/demo.toml");
        world_file::load(&path, Clock::system()).unwrap()
    }

    /// A world, down to the last id and time, without its indexes.
    fn picture(simulation: &Simulation) -> Vec<String> {
        let world = simulation.world();
        let (directory, confluence, jira) = (&world.directory, &world.confluence, &world.jira);
        vec![
            format!("{:#?}{:#?}", directory.people, directory.groups),
            format!("{:#?}{:#?}", confluence.spaces, confluence.content),
            format!("{:#?}{:#?}", confluence.comments, confluence.attachments),
            format!("{:#?}{:#?}{:#?}", jira.projects, jira.permission_schemes, jira.security_schemes),
            format!("{:#?}{:#?}{:#?}", jira.issues, jira.comments, jira.attachments),
            format!("{:#?}{:#?}", confluence.audit, jira.audit),
        ]
    }

    /// The first line in which two pictures differ; a whole world is too long to be read.
    #[track_caller]
    fn assert_same(left: &[String], right: &[String]) {
        for (left, right) in left.iter().zip(right) {
            let different = left.lines().zip(right.lines()).find(|(left, right)| left != right);
            assert!(different.is_none() && left.len() == right.len(), "worlds differ: {different:?}");
        }
    }

    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone_already = std::fs::remove_dir_all(&self.0);
        }
    }

    fn folder(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("fossick-journal-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn started(path: &Path) -> Simulation {
        let mut simulation = Simulation::of(company());
        let journal = Journal::resume(path, &simulation).unwrap();
        simulation.journal = Some(journal);
        simulation
    }

    #[test]
    fn a_company_is_the_same_after_its_process_was_killed() {
        let folder = folder("same");
        let path = folder.0.join("journal");
        let mut before = Vec::new();
        for life in 0..3 {
            let simulation = started(&path);
            assert_same(&before, &picture(&simulation));
            let mut player = Player::new(life);
            for _ in 0..80 {
                player.step(&simulation).unwrap();
            }
            before = picture(&simulation);
        }
    }

    #[test]
    fn a_line_that_a_kill_cut_off_is_no_change() {
        let folder = folder("cut");
        let path = folder.0.join("journal");
        let simulation = started(&path);
        Player::new(9).step(&simulation).unwrap();
        let before = picture(&simulation);
        drop(simulation);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"at\":1,\"acc").unwrap();
        let simulation = started(&path);
        assert_same(&before, &picture(&simulation));
        Player::new(10).step(&simulation).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
    }
}
