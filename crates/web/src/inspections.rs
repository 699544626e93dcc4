//! Reports about sources and what an administrator vouches for: the operations that pages and API share.

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use crate::inspection::Diagnosis;
use access::SourceId;
use model::SelfAudit;

/// Pairs that a comparison takes if nothing else was said.
pub(crate) const PAIRS: u32 = 200;
/// The most pairs of one comparison.
pub(crate) const MOST_PAIRS: u32 = 100_000;

impl Hub {
    /// Looks what of a source can be read.
    pub(crate) async fn diagnose(&self, id: SourceId) -> Result<Diagnosis, Failure> {
        self.source(id).await?;
        Ok(self.app.inspection.diagnose(id).await?)
    }

    /// The last comparison with the source's own decisions.
    pub(crate) async fn last_comparison(&self, id: SourceId) -> Result<Option<SelfAudit>, Failure> {
        self.reading(move |store| {
            store.source(id)?.ok_or(Failure::NotFound)?;
            Ok(store.last_self_audit(id)?)
        })
        .await
    }

    /// Compares decisions with the source's own, to the end, and writes who asked for it.
    pub(crate) async fn compare(
        &self,
        actor: &Actor,
        id: SourceId,
        pairs: u32,
        address: &Address,
    ) -> Result<SelfAudit, Failure> {
        if pairs == 0 || pairs > MOST_PAIRS {
            return Err(Failure::Invalid(format!("compare between 1 and {MOST_PAIRS} pairs")));
        }
        let name = self.source(id).await?.settings.name();
        let (hub, actor, address) = (self.clone(), actor.clone(), address.clone());
        let compared = tokio::spawn(async move {
            let audit = hub.app.inspection.audit(id, pairs).await?;
            let words = format!("{name}: {} pairs, {} leaks, {} blocks", audit.compared, audit.leaks, audit.blocks);
            hub.audit(&actor, Action::Compared, &words, &address).await?;
            Ok::<_, Failure>(audit)
        });
        compared.await?
    }

    /// Says which team-managed projects are open to everybody with the product; `None` for all.
    pub(crate) async fn vouch(
        &self,
        actor: &Actor,
        id: SourceId,
        projects: Option<Vec<String>>,
        address: &Address,
    ) -> Result<(), Failure> {
        let name = self.source(id).await?.settings.name();
        let words = match &projects {
            None => "all".to_owned(),
            Some(named) if named.is_empty() => "none".to_owned(),
            Some(named) => named.join(", "),
        };
        self.app.inspection.vouch(id, projects).await?;
        self.audit(actor, Action::Vouched, &format!("{name}: {words}"), address).await
    }
}
