//! A simulator, a hub and a data directory of their own, as processes: what every story plays on.

use crate::client::Client;
use crate::command::{self, Ran};
use crate::opened::Opened;
use crate::people::{Company, Somebody, text_of};
use crate::program::{Program, fossick};
use crate::proxy::Proxy;
use crate::site::Site;
use crate::waiting;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// The password of every account that a story makes.
pub const PASSWORD: &str = "correct horse battery";
/// The administrator that every story can use; joined to nobody at the source.
pub const ADMIN: &str = "operator@hub.example";

/// How a stack is to be.
pub struct Setting {
    world: String,
    latency: u64,
    proxy: bool,
    organization: bool,
    journal: bool,
    skew: i64,
    without: Option<String>,
}

impl Setting {
    /// The hub lacks a rule, if one is named; only hubs with the switches of `access::mutants` can.
    #[must_use]
    pub fn without(mut self, rule: Option<&str>) -> Self {
        self.without = rule.map(str::to_owned);
        self
    }

    /// The company's clock is so many milliseconds ahead of this machine's.
    #[must_use]
    pub fn skewed(mut self, skew: i64) -> Self {
        self.skew = skew;
        self
    }

    /// The simulator keeps what is changed in the company, so that it can be killed and started again.
    #[must_use]
    pub fn journaled(mut self) -> Self {
        self.journal = true;
        self
    }

    /// Every answer of the simulator takes this long, in milliseconds.
    #[must_use]
    pub fn latency(mut self, latency: u64) -> Self {
        self.latency = latency;
        self
    }

    /// A proxy between hub and simulator, which can be told to spoil answers.
    #[must_use]
    pub fn proxied(mut self) -> Self {
        self.proxy = true;
        self
    }

    /// Connects without the organization's key, even where the company has one.
    #[must_use]
    pub fn without_organization(mut self) -> Self {
        self.organization = false;
        self
    }

    /// Starts the simulator, and nothing else yet.
    pub async fn start(self) -> Stack {
        let company = Company::parse(&self.world, "world.toml");
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for the story: {error}"));
        let file = folder.path().join("world.toml");
        write(&file, &self.world);
        let play = Play { latency: self.latency, journal: self.journal, skew: self.skew };
        let (simulator, base) = play.start(folder.path(), "127.0.0.1:0");
        let proxy = if self.proxy { Some(Proxy::before(&base).await) } else { None };
        let reached = proxy.as_ref().map_or_else(|| base.clone(), Proxy::base);
        let site = Site::at(&base);
        Stack {
            hub: None,
            simulator: Some(simulator),
            play,
            proxy,
            site,
            reached,
            company,
            organization: self.organization,
            without: self.without,
            folder,
        }
    }
}

/// A company that runs, and the hub that reads it. Fields end in this order: the hub before the simulator.
pub struct Stack {
    hub: Option<Running>,
    simulator: Option<Program>,
    play: Play,
    proxy: Option<Proxy>,
    /// The company's site.
    pub site: Site,
    /// Where the hub reaches the site.
    reached: String,
    /// Who and what there is.
    pub company: Company,
    organization: bool,
    without: Option<String>,
    folder: TempDir,
}

/// How the simulator is started, each time.
struct Play {
    latency: u64,
    journal: bool,
    skew: i64,
}

impl Play {
    /// The simulator and where it answers.
    fn start(&self, folder: &Path, listen: &str) -> (Program, String) {
        let mut command = Command::new(fossick());
        command.args(["sim", "world.toml", "--listen", listen, "--latency", &self.latency.to_string()]);
        if self.skew != 0 {
            command.arg(format!("--skew={}", self.skew));
        }
        if self.journal {
            command.args(["--journal", JOURNAL]);
        }
        let mut simulator = Program::start("the simulator", bare(&mut command, folder));
        let said = simulator.wait_for("simulating ");
        let base = said.split(" at ").last().unwrap_or_default().to_owned();
        (simulator, base)
    }
}

/// The file in the story's folder that keeps what is changed in the company.
const JOURNAL: &str = "journal";

struct Running {
    program: Program,
    base: String,
}

/// Takes away what the test's own surroundings would change.
fn bare<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command.current_dir(folder).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("RUST_BACKTRACE", "1")
}

impl Stack {
    /// Describes a stack that plays `worlds/WORLD.toml`.
    pub fn of(world: &str) -> Setting {
        Self::playing(text_of(world))
    }

    /// Describes a stack that plays the company of this world file's text.
    pub fn playing(world: String) -> Setting {
        Setting { world, latency: 0, proxy: false, organization: true, journal: false, skew: 0, without: None }
    }

    /// The folder of the story: working directory of every command, parent of the data directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Whether the company's organization key is used.
    pub fn organization_key(&self) -> Option<&str> {
        self.company.organization_key.as_deref().filter(|_| self.organization)
    }

    /// The proxy between hub and simulator.
    ///
    /// # Panics
    /// If the stack was started without one.
    pub fn proxy(&self) -> &Proxy {
        self.proxy.as_ref().unwrap_or_else(|| panic!("the stack was started without `proxied()`"))
    }

    /// A command with this stack's settings in its environment, not run yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(fossick());
        self.settings(command.args(arguments));
        command
    }

    /// Puts this stack's settings into the environment of a command.
    pub fn settings(&self, command: &mut Command) {
        bare(command, self.folder())
            .env("FOSSICK_DATA", self.data())
            .env("FOSSICK_WEB_LISTEN", "127.0.0.1:0")
            .env("FOSSICK_ATLASSIAN_GATEWAY", &self.reached)
            .env("FOSSICK_ATLASSIAN_SITE_ADDRESS", &self.reached)
            .envs(self.without.as_ref().map(|rule| ("FOSSICK_MUTANT", rule)));
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ran {
        command::run(&mut self.command(arguments), input)
    }

    /// The same on a thread of its own, for stories that must answer meanwhile.
    pub async fn run_beside(&self, arguments: &[&str], input: &str) -> Ran {
        let (mut command, input) = (self.command(arguments), input.to_owned());
        let running = tokio::task::spawn_blocking(move || command::run(&mut command, &input));
        running.await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts the hub.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn serve(&mut self) {
        let mut command = self.command(&["serve"]);
        self.serve_with(&mut command);
    }

    /// Starts the hub with a command of the story's own.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn serve_with(&mut self, command: &mut Command) {
        assert!(self.hub.is_none(), "a hub runs already");
        let mut program = Program::start("the hub", command);
        let base = program.wait_for("fossick answers at ");
        self.hub = Some(Running { program, base });
    }

    /// Starts the hub where it answered before.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn serve_again_at(&mut self, address: &str) {
        let mut command = self.command(&["serve"]);
        self.serve_with(command.env("FOSSICK_WEB_LISTEN", address));
    }

    /// Ends the simulator as a power failure would, and starts it again with what it had kept.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn kill_simulator(&mut self) {
        self.simulator.take().unwrap_or_else(|| panic!("no simulator runs")).kill();
        let address = self.site.base.trim_start_matches("http://").to_owned();
        let (simulator, base) = self.play.start(self.folder.path(), &address);
        assert_eq!(base, self.site.base, "the simulator answers elsewhere");
        self.simulator = Some(simulator);
    }

    /// Ends everything, and leaves the folder where it is: for looking at what went wrong.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// What a journaled simulator has kept.
    pub fn journal(&self) -> PathBuf {
        self.folder.path().join(JOURNAL)
    }

    /// Where the hub answers.
    ///
    /// # Panics
    /// If none runs.
    pub fn hub(&self) -> &str {
        &self.running().base
    }

    fn running(&self) -> &Running {
        self.hub.as_ref().unwrap_or_else(|| panic!("no hub runs"))
    }

    /// The hub's process id.
    pub fn hub_id(&self) -> u32 {
        self.running().program.id()
    }

    /// What the hub has written so far.
    pub fn log(&self) -> String {
        self.running().program.log()
    }

    /// Ends the hub as a power failure would. Returns what it wrote.
    pub fn kill(&mut self) -> String {
        self.hub.take().unwrap_or_else(|| panic!("no hub runs")).program.kill()
    }

    /// Waits until the hub ends by itself. Its exit code, and what it wrote.
    ///
    /// # Panics
    /// If none runs.
    pub fn wait(&mut self) -> (Option<i32>, String) {
        self.hub.take().unwrap_or_else(|| panic!("no hub runs")).program.wait()
    }

    /// Asks the hub to end, and waits. Returns what it wrote.
    ///
    /// # Panics
    /// If it ends in any other way than well.
    pub fn stop(&mut self) -> String {
        let (status, log) = self.hub.take().unwrap_or_else(|| panic!("no hub runs")).program.stop();
        assert!(status.success(), "the hub ended with {status}:\n{log}");
        log
    }

    /// Stops the hub and opens its data directory here.
    pub fn open(&mut self) -> Opened {
        self.stop();
        Opened::at(&self.data())
    }

    /// Connects the company, as the operator does. From then on it is read when a story says so.
    ///
    /// # Panics
    /// If the check fails.
    pub async fn connect(&self) {
        self.connect_with(&[]).await;
    }

    /// The same with further arguments, such as what of the company is wanted.
    ///
    /// # Panics
    /// If the check fails.
    pub async fn connect_with(&self, further: &[&str]) {
        let file = self.folder().join("token");
        write(&file, &self.company.token);
        let host = &self.company.world.site.host;
        let mut arguments = vec!["source", "add", host, "--token-file", "token"];
        if let Some(key) = self.organization_key() {
            write(&self.folder().join("org-key"), key);
            arguments.extend(["--org-id", &self.company.world.site.org_id, "--org-key-file", "org-key"]);
        }
        arguments.extend(further);
        let connected = self.run_beside(&arguments, "").await.ended(0).out;
        // A story says itself when something is read.
        let day = "86400";
        for line in connected.lines().filter_map(|line| line.strip_prefix("connected source ")) {
            let id = line.split(':').next().unwrap_or_default();
            let calm = ["--incremental", day, "--permissions", day, "--sweep", day];
            self.run_beside(&[&["source", "cycles", id][..], &calm].concat(), "").await.ended(0);
        }
    }

    /// Makes the administrator, and an account for everybody of the company.
    pub async fn add_everybody(&self) {
        self.add_admin().await;
        for person in &self.company.people {
            self.add(person).await;
        }
    }

    /// Makes the administrator.
    pub async fn add_admin(&self) {
        let arguments = ["user", "add", ADMIN, "--name", "Operator", "--admin"];
        self.run_beside(&arguments, PASSWORD).await.ended(0);
    }

    /// Makes an account for somebody.
    pub async fn add(&self, person: &Somebody) {
        self.run_beside(&["user", "add", &person.email, "--name", &person.name], PASSWORD).await.ended(0);
    }

    /// Syncs all sources, waits for the end and for the index.
    ///
    /// # Panics
    /// If anything was missed.
    pub async fn sync(&self) {
        self.run_beside(&["sync"], "").await.ended(0);
    }

    /// The administrator as a program.
    pub async fn admin(&self) -> Client {
        Client::program(self.hub(), ADMIN, PASSWORD).await
    }

    /// Somebody as a program.
    pub async fn program_of(&self, person: &Somebody) -> Client {
        Client::program(self.hub(), &person.email, PASSWORD).await
    }

    /// Waits until no sync runs and searches find what was stored, and returns the newest run of every source.
    ///
    /// # Panics
    /// After a minute.
    pub async fn settled(&self, admin: &mut Client) -> Vec<Value> {
        let sources = admin.json("/api/v1/sources").await["sources"].as_array().cloned().unwrap_or_default();
        let mut runs = Vec::new();
        for id in sources.iter().filter_map(|source| source["id"].as_u64()) {
            let path = format!("/api/v1/sources/{id}");
            let ended = async || {
                let newest = admin.json(&format!("{path}/runs")).await["runs"][0].clone();
                let progress = admin.json(&format!("{path}/progress")).await;
                let index = &progress["index"];
                let searchable = index["stored"].is_u64() && index["searchable"].as_u64() >= index["stored"].as_u64();
                (newest["ended"].is_string() && progress["running"].is_null() && searchable).then_some(newest)
            };
            runs.push(waiting::until("the end of the sync", Duration::from_secs(90), ended).await);
        }
        runs
    }
}

/// Writes a file of the story.
///
/// # Panics
/// If it cannot.
pub fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
}
