//! Operations that answer what the test says, and remember what they were asked.

use access::SourceId;
use async_trait::async_trait;
use model::{
    Container, ContainerKey, ContainerKind, Cycles, Deletion, Duration, Product, RunCounts, RunId, RunKind, RunStatus,
    Scope,
};
use secrecy::ExposeSecret;
use std::sync::Mutex;
use web::operations::{
    CheckOutcome, CheckReport, CheckRow, Connection, Hint, ListedContainer, OperationError, Operations, SyncProgress,
};
use web::upkeep::{Chore, ChoreKind, ChoreState, Condition, IndexReach, Upkeep};

#[derive(Default)]
pub(crate) struct Scripted {
    /// What was asked, in order: `sync 1 full`.
    pub(crate) calls: Mutex<Vec<String>>,
    /// What `progress` answers, one after the other; the last one for ever.
    pub(crate) progress: Mutex<Vec<SyncProgress>>,
    /// How the hub is.
    pub(crate) condition: Mutex<Condition>,
    /// How often that was looked at.
    pub(crate) looks: Mutex<u32>,
}

/// The number of a debt that there is not.
pub(crate) const NOT_OWED: i64 = 99;

pub(crate) const GOOD_TOKEN: &str = "token-that-works-3141592653";

impl Scripted {
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    fn report(connection: &Connection) -> CheckReport {
        let works = connection.token.expose_secret() == GOOD_TOKEN;
        let outcome = if works { CheckOutcome::Ok } else { CheckOutcome::Failed };
        let row = CheckRow {
            check: "Token".to_owned(),
            outcome,
            found: if works { "it works".to_owned() } else { "the token is refused <script>".to_owned() },
            remedy: if works { String::new() } else { "make a new one".to_owned() },
        };
        CheckReport { rows: vec![row], products: if works { vec![Product::Confluence] } else { Vec::new() } }
    }
}

pub(crate) fn running(documents: u64) -> SyncProgress {
    SyncProgress {
        run: Some(RunId(7)),
        kind: RunKind::Full,
        status: RunStatus::Running,
        counts: RunCounts { documents, calls: 12, expected: Some(100), ..RunCounts::default() },
        rate: 4.4,
        seconds_left: Some(70),
        reading: "pages".to_owned(),
        parts: (1, 4),
        waiting: vec![RunKind::Sweep],
        held_up: None,
    }
}

impl Upkeep for Scripted {
    fn begin(&self, chore: Chore) -> Result<(), OperationError> {
        self.note(format!("begin {chore:?}"));
        Ok(())
    }

    fn stop(&self, kind: ChoreKind) {
        self.note(format!("stop {kind:?}"));
    }

    fn condition(&self) -> Condition {
        *self.looks.lock().unwrap() += 1;
        self.condition.lock().unwrap().clone()
    }

    fn is_rebuilding(&self) -> bool {
        self.condition.lock().unwrap().rebuilding
    }

    fn reach(&self) -> IndexReach {
        IndexReach { stored: 130, searchable: 128, stuck: self.condition.lock().unwrap().stuck }
    }

    fn state(&self, _: ChoreKind) -> ChoreState {
        ChoreState::Running { doing: "copying content.db".to_owned(), done: 1, total: 2 }
    }
}

#[async_trait]
impl Operations for Scripted {
    async fn check(&self, connection: &Connection) -> CheckReport {
        self.note(format!("check {}", connection.domain));
        Self::report(connection)
    }

    async fn recheck(&self, source: SourceId) -> Result<CheckReport, OperationError> {
        self.note(format!("recheck {}", source.0));
        Err(OperationError::Source("the site cannot be reached".to_owned()))
    }

    async fn connect(&self, connection: Connection) -> Result<(CheckReport, Vec<SourceId>), OperationError> {
        self.note(format!("connect {}", connection.domain));
        let report = Self::report(&connection);
        if report.products.is_empty() {
            Err(OperationError::CheckFailed(report))
        } else {
            Ok((report, vec![SourceId(1)]))
        }
    }

    async fn containers(&self, source: SourceId) -> Result<Vec<ListedContainer>, OperationError> {
        assert_ne!(source, SourceId(2), "the secret cause of a panic");
        let listed = |short: &str| ListedContainer {
            container: Container {
                key: ContainerKey(format!("id-{short}")),
                kind: ContainerKind::Space,
                short: short.to_owned(),
                name: format!("Space {short}"),
                archived: false,
                url: "https://acme.atlassian.net/wiki".to_owned(),
            },
            included: true,
        };
        Ok(vec![listed("ENG"), listed("BOARD")])
    }

    async fn save_scope(&self, source: SourceId, scope: Scope) -> Result<(), OperationError> {
        self.note(format!("scope {} include {:?} exclude {:?}", source.0, scope.include, scope.exclude));
        Ok(())
    }

    async fn start_sync(&self, source: SourceId, kind: RunKind) -> Result<RunId, OperationError> {
        self.note(format!("sync {} {kind}", source.0));
        Ok(RunId(7))
    }

    async fn retry(&self, source: SourceId, debt: i64) -> Result<Option<RunId>, OperationError> {
        self.note(format!("retry {} {debt}", source.0));
        Ok((debt != NOT_OWED).then_some(RunId(7)))
    }

    async fn pause(&self, source: SourceId) -> Result<(), OperationError> {
        self.note(format!("pause {}", source.0));
        Ok(())
    }

    async fn resume(&self, source: SourceId) -> Result<(), OperationError> {
        self.note(format!("resume {}", source.0));
        Ok(())
    }

    async fn save_cycles(&self, source: SourceId, cycles: Cycles) -> Result<(), OperationError> {
        self.note(format!("cycles {} {} ms", source.0, cycles.incremental.0));
        Ok(())
    }

    async fn save_max_age(&self, source: SourceId, max_age: Duration) -> Result<(), OperationError> {
        self.note(format!("max age {} {} ms", source.0, max_age.0));
        Ok(())
    }

    async fn save_hourly_budget(&self, source: SourceId, calls: Option<u32>) -> Result<(), OperationError> {
        self.note(format!("hourly budget {} {calls:?}", source.0));
        Ok(())
    }

    async fn save_deletion(&self, source: SourceId, deletion: Deletion) -> Result<(), OperationError> {
        self.note(format!("deletion {} {} %", source.0, deletion.percent));
        Ok(())
    }

    async fn cancel_sync(&self, source: SourceId) -> Result<(), OperationError> {
        self.note(format!("cancel {}", source.0));
        Ok(())
    }

    fn look(&self, source: SourceId, hint: Hint) {
        self.note(format!("look {} {hint:?}", source.0));
    }

    fn progress(&self, _: SourceId) -> Option<SyncProgress> {
        let mut script = self.progress.lock().unwrap();
        if script.is_empty() { None } else { Some(script.remove(0)) }
    }

    async fn remove(&self, source: SourceId) -> Result<(), OperationError> {
        self.note(format!("remove {}", source.0));
        Ok(())
    }
}

#[async_trait]
impl web::inspection::Inspection for Scripted {
    async fn diagnose(&self, source: SourceId) -> Result<web::inspection::Diagnosis, OperationError> {
        self.note(format!("diagnose {}", source.0));
        Ok(crate::inspections::diagnosis())
    }

    async fn audit(&self, source: SourceId, pairs: u32) -> Result<model::SelfAudit, OperationError> {
        self.note(format!("audit {} {pairs}", source.0));
        Ok(crate::inspections::audit())
    }

    async fn vouch(&self, source: SourceId, projects: Option<Vec<String>>) -> Result<(), OperationError> {
        self.note(format!("vouch {} {projects:?}", source.0));
        Ok(())
    }
}
