//! A company and a hub that reads it, both in this process.

use crate::people::{Somebody, Thing};
use crate::proof::judged;
use crate::site::Site;
use access::SourceId;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use fossick::embedded::Embedded;
use model::{Millis, Product, RunKind, StoredDocument};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use simulator::drawn::ORG_KEY;
use simulator::state::World;
use simulator::{Options, Running, Simulator};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{RwLockReadGuard, RwLockWriteGuard};
use store::{AccountError, NewAccount, Role, TokenHash};
use sync::Changes as _;
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::Url;

/// How many batches of a cycle are looked at before it breaks off.
const BATCHES: usize = 6;
/// Sessions of the proof end long after it.
const AGES: i64 = 1000 * 60 * 60 * 24 * 300;

/// A company that runs, and a hub beside it.
pub(in crate::proof) struct Staged {
    simulator: Running,
    hub: Option<Embedded>,
    /// The site, to be asked as anybody.
    pub(in crate::proof) site: Site,
    folder: TempDir,
    address: Url,
    sources: BTreeMap<SourceId, Product>,
}

/// Durability is proved elsewhere; a folder in memory keeps the disk from deciding how long this takes.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.unwrap_or_else(|error| panic!("no folder for the hub: {error}"))
}

/// The bearer token of an account, made from its address.
fn token(email: &str) -> [u8; 32] {
    Sha256::digest(email.as_bytes()).into()
}

impl Staged {
    /// Starts the company, opens a hub, connects them, and makes an account for everybody.
    ///
    /// # Panics
    /// If any of it fails.
    pub(in crate::proof) async fn start(world: World, wide: bool) -> Self {
        let (host, org) = (world.site.host.clone(), world.site.org_id.clone());
        let (_, secret) = judged::service(&world).unwrap_or_else(|| panic!("`{host}` has no service account"));
        let everybody = judged::people(&world);
        let simulator = Simulator::start(world, Options::default()).await;
        let simulator = simulator.unwrap_or_else(|error| panic!("the simulator does not start: {error}"));
        let address: Url = simulator.base().parse().unwrap_or_else(|error| panic!("{error}"));
        let (site, folder) = (Site::at(&simulator.base()), folder());
        let mut staged = Self { simulator, hub: None, site, folder, address, sources: BTreeMap::new() };
        staged.open().await;
        let connection = json!({"domain": host, "token": secret, "organization": {"id": org, "key": ORG_KEY}});
        staged.operate("POST", "/api/v1/sources", &connection).await;
        for source in staged.hub().store().sources().unwrap_or_else(|error| panic!("{error}")) {
            let mut settings = source.settings.clone();
            (settings.scope.archived, settings.scope.personal) = (wide, wide);
            staged.sources.insert(source.id, settings.product);
            let kept = staged.hub().store().set_source_settings(source.id, settings).await;
            kept.unwrap_or_else(|error| panic!("{error}"));
        }
        for person in &everybody {
            staged.add(person).await;
        }
        staged
    }

    async fn open(&mut self) {
        let opened = Embedded::open(&self.folder.path().join("data"), &self.address).await;
        self.hub = Some(opened.unwrap_or_else(|error| panic!("the hub does not open: {error}")));
    }

    async fn add(&self, person: &Somebody) {
        let (email, name) = (person.email.clone(), person.name.clone());
        let new = NewAccount { email, name, role: Role::Member, password: None };
        let store = self.hub().store();
        let account = match store.add_account(new, Millis(0)).await {
            Ok(account) => account,
            // Two accounts of the company with one address are one account here.
            Err(AccountError::EmailTaken(_)) => return,
            Err(error) => panic!("{error}"),
        };
        let hash = TokenHash(Sha256::digest(token(&person.email)).into());
        let now = self.now();
        let opened = store.open_session(hash, account.id, now, Millis(now.0 + AGES)).await;
        opened.unwrap_or_else(|error| panic!("{error}"));
    }

    fn now(&self) -> Millis {
        Millis(self.simulator.simulation.clock.now())
    }

    pub(in crate::proof) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.simulator.simulation.world()
    }

    pub(in crate::proof) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.simulator.simulation.world_mut()
    }

    pub(in crate::proof) fn hub(&self) -> &Embedded {
        self.hub.as_ref().unwrap_or_else(|| panic!("no hub is open"))
    }

    pub(in crate::proof) fn product(&self, source: SourceId) -> Product {
        self.sources[&source]
    }

    /// How the source calls a document.
    pub(in crate::proof) fn thing(&self, document: &StoredDocument) -> Thing {
        let key = &document.document.key;
        Thing { product: self.product(document.source), kind: key.kind, native: key.native.clone() }
    }

    /// One complete cycle of all sources. `Err` names what was missed.
    pub(in crate::proof) async fn cycle(&self) -> Result<(), String> {
        for source in self.sources.keys() {
            self.hub().sync(*source, RunKind::Full).await.map_err(|error| error.to_string())?;
            let store = self.hub().store();
            let newest = store.runs(Some(*source), 1).unwrap_or_else(|error| panic!("{error}"));
            let newest = newest.first().ok_or("the cycle left no run")?;
            if newest.status != model::RunStatus::Succeeded {
                let problems = store.problems(newest.id, 0, 5).unwrap_or_else(|error| panic!("{error}"));
                return Err(format!("the cycle ended as {:?}, {:?}: {problems:#?}", newest.status, newest.reason));
            }
        }
        Ok(())
    }

    /// Begins a cycle, looks at each of its first batches, and breaks it off, as the end of the process would; then opens
    /// again.
    pub(in crate::proof) async fn crash(&mut self, mut look: impl FnMut(&Self)) {
        for source in self.sources.keys().copied().collect::<Vec<_>>() {
            self.operate("POST", &format!("/api/v1/sources/{}/sync", source.0), &Value::Null).await;
        }
        for _ in 0..BATCHES {
            let before = self.committed();
            while self.committed() == before && self.is_running() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            look(self);
        }
        if let Some(hub) = self.hub.take() {
            hub.close().await;
        }
        self.open().await;
    }

    /// The last change of a document that was committed.
    fn committed(&self) -> u64 {
        self.hub().store().last_sequence().unwrap_or_else(|error| panic!("{error}"))
    }

    fn is_running(&self) -> bool {
        self.sources.keys().any(|source| {
            let newest = self.hub().store().runs(Some(*source), 1).unwrap_or_else(|error| panic!("{error}"));
            let running = [model::RunStatus::Queued, model::RunStatus::Running];
            newest.first().is_some_and(|run| running.contains(&run.status))
        })
    }

    /// Nothing is confirmed for longer than the sources' settings say.
    pub(in crate::proof) async fn grow_stale(&self) {
        for source in self.sources.keys() {
            let (later, age) = (Millis(i64::MAX), model::SourceSettings::DEFAULT_PERMISSION_MAX_AGE);
            let expired = self.hub().store().expire_permissions(*source, later, age).await;
            expired.unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// A cycle during which the service account has lost a right, which then comes back.
    pub(in crate::proof) async fn refuse_a_part(&mut self, n: usize) {
        let (service, _) = judged::service(&self.world()).unwrap_or_else(|| panic!("no service account"));
        let name = ["admins", "staff"][n % 2];
        let group = self.world().directory.group_by_name(name).map(|group| group.id.clone());
        let Some(group) = group else { return };
        self.world_mut().set_member(&group, &service, false);
        // How it ends does not matter here, only what it shows.
        let _refused = self.cycle().await;
        self.world_mut().set_member(&group, &service, true);
    }

    /// One request of the operator.
    ///
    /// # Panics
    /// If it is refused.
    pub(in crate::proof) async fn operate(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = request.body(body).unwrap_or_else(|error| panic!("{error}"));
        let (status, answer) = answer(self.hub().operator(), request).await;
        assert!(status.is_success(), "`{method} {path}` gave {status}: {answer}");
        answer
    }

    /// One GET of an account as a program.
    pub(in crate::proof) async fn ask(&self, person: &Somebody, path: &str) -> (StatusCode, Value) {
        let bearer = format!("Bearer {}", hex(&token(&person.email)));
        let request = Request::builder().uri(path).header(header::AUTHORIZATION, bearer).body(Body::empty());
        answer(self.hub().people(), request.unwrap_or_else(|error| panic!("{error}"))).await
    }

    /// Ends hub and company.
    pub(in crate::proof) async fn stop(mut self) {
        if let Some(hub) = self.hub.take() {
            hub.close().await;
        }
    }
}

async fn answer(router: Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 16 << 20).await.unwrap_or_else(|error| panic!("{error}"));
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
