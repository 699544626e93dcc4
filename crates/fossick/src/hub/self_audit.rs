//! Compares decisions with the source's own: pairs of a person and a document, picked by chance, half of them among what
//! Fossick would show, so that leaks are looked for where they would be.
//!
//! A pair about which the two differ is asked for once more against the newest state, so that a change in between does not
//! count. What is left is a difference as of now: also one that the next reading of permissions would mend.

use super::adapters::Adapter;
use super::doctor::as_user;
use super::{Hub, now};
use access::{AccessState, Joined, Layer, SourceId, UserId, Viewer};
use atlassian::asking::NoAnswer;
use atlassian::http::RunSize;
use model::{Difference, Duration, Kind, Millis, Product, SelfAudit, SourceState};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{SampledDocument, StoredSource};
use tokio_util::sync::CancellationToken;
use web::operations::OperationError;

/// How many pairs are compared by themselves each day.
const DAILY: u32 = 200;
/// How long after a comparison the next one begins.
const CYCLE: Duration = Duration::hours(24);
/// How often the hub looks what is due.
const LOOK: std::time::Duration = std::time::Duration::from_secs(600);
/// The most pairs of one comparison.
const MOST: u32 = 100_000;

/// Numbers by chance, good enough to pick pairs with.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        Self(getrandom::u64().unwrap_or(0x5eed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let picked = usize::try_from(self.next() % (last as u64 + 1)).unwrap_or(0);
            list.swap(last, picked);
        }
    }
}

/// Compares about `pairs` pairs of a source. What went wrong on the way stands in the result.
pub(super) async fn compare(hub: &Hub, source: &StoredSource, pairs: u32) -> Result<SelfAudit, OperationError> {
    let pairs = pairs.clamp(1, MOST);
    let adapter = Adapter::of(&hub.store, source, source.settings.scope.clone(), &hub.outbound, RunSize::Small)?;
    let mut comparison =
        Comparison { hub, source, adapter: &adapter, audit: SelfAudit { began: now(), ..SelfAudit::default() } };
    if let Err(reason) = comparison.run(pairs).await? {
        comparison.audit.failed = Some(reason);
    }
    comparison.audit.ended = now();
    let audit = comparison.audit;
    hub.store.put_self_audit(source.id, audit.clone()).await?;
    Ok(audit)
}

struct Comparison<'a> {
    hub: &'a Hub,
    source: &'a StoredSource,
    adapter: &'a Adapter,
    audit: SelfAudit,
}

impl Comparison<'_> {
    /// The inner error says why the source's answers ended.
    async fn run(&mut self, pairs: u32) -> Result<Result<(), String>, OperationError> {
        let id = self.source.id;
        // Jira answers for a thousand issues at once, Confluence for one content.
        let (kinds, each): (&[Kind], u32) = match self.source.settings.product {
            Product::Jira => (&[Kind::Issue], 20),
            Product::Confluence => (&[Kind::Page, Kind::BlogPost], 10),
        };
        let store = self.hub.store.clone();
        let limit = pairs.saturating_mul(5).clamp(1000, 20_000);
        let sample = tokio::task::spawn_blocking(move || store.sample_documents(id, kinds, limit)).await;
        let documents = sample.map_err(|error| OperationError::Store(error.to_string()))??;
        let mut dice = Dice::new();
        let mut people = self.people();
        dice.shuffle(&mut people);
        people.truncate(usize::try_from(pairs.div_ceil(each)).unwrap_or(usize::MAX).max(1));
        if people.is_empty() || documents.is_empty() {
            return Ok(Err("there is nothing to compare yet; run a sync, then compare".to_owned()));
        }
        let each = usize::try_from(pairs).unwrap_or(usize::MAX).div_ceil(people.len());
        for person in people {
            let viewer = self.viewer(&person);
            let picked = self.pick(&viewer, &documents, each, &mut dice);
            if let Err(reason) = self.person(&person, picked).await? {
                return Ok(Err(reason));
            }
        }
        Ok(Ok(()))
    }

    /// Everybody who could ask at the source, those without the product included.
    fn people(&self) -> Vec<UserId> {
        let directory = self.hub.store.directory();
        let users = directory.source(self.source.id).into_iter().flat_map(|known| &known.users);
        users.filter(|(_, user)| user.active && !user.outsider).map(|(id, _)| id.clone()).collect()
    }

    fn viewer(&self, person: &UserId) -> Viewer {
        self.hub.store.directory().viewer_of(&as_user(self.source.id, person))
    }

    fn pick(
        &self,
        viewer: &Viewer,
        documents: &[SampledDocument],
        wanted: usize,
        dice: &mut Dice,
    ) -> Vec<SampledDocument> {
        let access = self.hub.mirror.access();
        let (mut shown, mut others): (Vec<_>, Vec<_>) =
            documents.iter().cloned().partition(|document| access.admits(viewer, document.doc));
        dice.shuffle(&mut shown);
        dice.shuffle(&mut others);
        let half = wanted.div_ceil(2).max(wanted.saturating_sub(others.len()));
        shown.truncate(half);
        others.truncate(wanted.saturating_sub(shown.len()));
        shown.append(&mut others);
        shown
    }

    async fn person(
        &mut self,
        person: &UserId,
        picked: Vec<SampledDocument>,
    ) -> Result<Result<(), String>, OperationError> {
        let mut open = picked;
        // The second time only what differed, against the newest state on both sides.
        for last in [false, true] {
            let (access, viewer) = (self.hub.mirror.access(), self.viewer(person));
            let answers = match self.ask(person, &open).await {
                Ok(answers) => answers,
                Err(NoAnswer::NotAllowed(reason) | NoAnswer::Failed(reason)) => return Ok(Err(reason)),
                Err(NoAnswer::Unknown(_)) => {
                    self.audit.unanswered += open.len() as u64;
                    return Ok(Ok(()));
                }
            };
            let mut differing = Vec::new();
            for (document, answer) in open.into_iter().zip(answers) {
                let Some(visible) = answer else {
                    self.audit.unanswered += 1;
                    continue;
                };
                let admitted = access.admits(&viewer, document.doc);
                if admitted == visible {
                    self.audit.compared += 1;
                } else if last {
                    self.audit.compared += 1;
                    self.note(person, &viewer, &access, document, visible)?;
                } else {
                    differing.push(document);
                }
            }
            open = differing;
            if open.is_empty() {
                break;
            }
        }
        Ok(Ok(()))
    }

    /// What the source says of each document; `None` where it does not say.
    async fn ask(&self, person: &UserId, documents: &[SampledDocument]) -> Result<Vec<Option<bool>>, NoAnswer> {
        let (UserId::Account(person) | UserId::Key(person)) = person;
        match self.adapter {
            Adapter::Jira(jira) => {
                let mut answers = Vec::with_capacity(documents.len());
                for some in documents.chunks(atlassian::asking::MOST_ISSUES) {
                    let ids: Vec<String> = some.iter().map(|document| document.key.native.clone()).collect();
                    let visible = jira.visible_issues(person, &ids).await?;
                    answers.extend(ids.iter().map(|id| Some(visible.contains(id))));
                }
                Ok(answers)
            }
            Adapter::Confluence(confluence) => {
                let mut answers = Vec::with_capacity(documents.len());
                for document in documents {
                    answers.push(match confluence.is_visible(person, &document.key.native).await {
                        Ok(visible) => Some(visible),
                        Err(NoAnswer::Unknown(_)) => None,
                        Err(other) => return Err(other),
                    });
                }
                Ok(answers)
            }
        }
    }

    fn note(
        &mut self,
        person: &UserId,
        viewer: &Viewer,
        access: &AccessState,
        document: SampledDocument,
        visible: bool,
    ) -> Result<(), OperationError> {
        let layers = access.layers(viewer, document.doc);
        let (UserId::Account(name) | UserId::Key(name)) = person;
        let cause = if visible && viewer.is_empty() {
            match self.hub.store.directory().joined(&as_user(self.source.id, person), self.source.id) {
                Joined::Nobody(reason) => format!("the person holds nothing here ({})", reason.code()),
                Joined::As { .. } => "the person holds nothing here".to_owned(),
            }
        } else {
            let telling = layers.iter().filter(|layer| layer.admits != visible);
            let words: Result<Vec<String>, OperationError> = telling.map(|layer| self.words(layer)).collect();
            let verb = if visible { "refused by" } else { "admitted by" };
            format!("{verb} {}", words?.join(", "))
        };
        let difference =
            Difference { person: name.to_string(), document: document.key, container: document.container, cause };
        if visible {
            self.audit.block(difference);
        } else {
            self.audit.leak(difference);
        }
        Ok(())
    }

    fn words(&self, layer: &Layer) -> Result<String, OperationError> {
        if let Some(cause) = layer.hidden {
            return Ok(format!("`{cause}` ({})", cause.remedy()));
        }
        let stored = self.hub.store.clause(layer.clause)?;
        Ok(match stored {
            Some(stored) => format!("{} {}, read {}", stored.key.origin, stored.key.native, clock(stored.read_at)),
            None => format!("layer {}", layer.clause.0),
        })
    }
}

fn clock(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| "at an unknown time".to_owned(), |at| at.to_string())
}

/// Compares each source once a day, until `shutdown`.
pub(super) async fn run(hub: Arc<Hub>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        let due = match due(&hub, now()) {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "cannot look which sources are to be compared");
                continue;
            }
        };
        for id in due {
            let ended = tokio::select! {
                () = shutdown.cancelled() => return,
                ended = daily(&hub, id) => ended,
            };
            if let Err(error) = ended {
                tracing::warn!(source = id.0, %error, "the daily comparison with the source failed");
            }
        }
    }
}

async fn daily(hub: &Hub, id: SourceId) -> Result<(), OperationError> {
    let source = hub.source(id)?;
    let audit = compare(hub, &source, DAILY).await?;
    let (name, leaks, blocks) = (source.settings.name(), audit.leaks, audit.blocks);
    if leaks > 0 {
        tracing::error!(source = name, leaks, blocks, "the source would not show what fossick shows");
    } else {
        tracing::info!(source = name, compared = audit.compared, blocks, "compared decisions with the source's own");
    }
    Ok(())
}

/// Sources that have been read, that no run is reading, and that were not compared for a day.
fn due(hub: &Hub, now: Millis) -> Result<BTreeSet<SourceId>, store::StoreError> {
    let mut due = BTreeSet::new();
    for source in hub.store.sources()? {
        let read = matches!(source.state, SourceState::Live { .. } | SourceState::Degraded { .. });
        let last = hub.store.last_self_audit(source.id)?;
        let is_old = last.is_none_or(|last| now.since(last.ended) >= CYCLE);
        if read && is_old && !hub.runs.is_running(source.id) {
            due.insert(source.id);
        }
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_everything_and_moves_most() {
        let mut list: Vec<u32> = (0..100).collect();
        Dice(7).shuffle(&mut list);
        let moved = list.iter().zip(0..).filter(|(one, place)| **one != *place).count();
        assert_eq!(list.iter().copied().collect::<BTreeSet<_>>(), (0..100).collect());
        assert!(moved > 80, "{moved}");
    }
}
