//! Looking at access: explanations, reports and objections, as pages and API share them.
//!
//! An administrator's look at somebody else's access stands in the audit log before the answer is given. For a member,
//! a document that they may not see and one that does not exist are the same `NotFound` (ACL-9).

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address, SignedIn};
use access::{Directory, Person, Viewer};
use explain::{Audience, ExplainError, Explainer, Explanation, ExposureReport, Order, Reach, Whom};
use model::StoredDocument;
use store::{Account, Objection, Store};

/// How many objections are listed.
const MOST_OBJECTIONS: u32 = 500;

/// Whoever looks: named in the audit log, and shown the titles of what the account may see.
pub(crate) struct Looker<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) account: Option<&'a Account>,
    pub(crate) address: &'a Address,
}

impl From<ExplainError> for Failure {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Store(error) => error.into(),
            ExplainError::Index(error) => Self::internal(&error),
            ExplainError::Whom(error) => Self::Invalid(error.to_string()),
        }
    }
}

/// Nobody at all: whoever owns the data directory has no person, and is shown no title.
fn nobody() -> Viewer {
    Directory::default().viewer_of(&Person::default())
}

fn wanted(store: &Store, typed: &str) -> Result<StoredDocument, Failure> {
    let found = explain::document_named(store, typed)?;
    found.ok_or_else(|| {
        let typed = typed.trim();
        Failure::Invalid(format!(
            "no document is known as `{typed}`; give its address at the source, an issue key, or SOURCE:KIND:ID"
        ))
    })
}

impl Hub {
    /// Explains the state of access that searches use at this moment.
    async fn explaining<T: Send + 'static>(
        &self,
        reader: Viewer,
        explain: impl FnOnce(&Explainer<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (index, access) = (self.app.index.clone(), (self.app.access)());
        self.reading(move |store| {
            explain(&Explainer { store, access: &access, index: index.as_ref(), reader: &reader })
        })
        .await
    }

    fn reader(&self, looker: &Looker<'_>) -> Viewer {
        looker.account.map_or_else(nobody, |account| self.viewer(account))
    }

    async fn whom(&self, typed: &str) -> Result<Whom, Failure> {
        let typed = typed.to_owned();
        let found = self.reading(move |store| Ok(Whom::find(store, &typed)?)).await?;
        found.map_err(|error| Failure::Invalid(error.to_string()))
    }

    /// One's own access is no one else's business; everything else is written down first.
    async fn note_look(&self, looker: &Looker<'_>, whom: Option<&Whom>, at: &str) -> Result<(), Failure> {
        let own = looker.account.is_some_and(|account| whom.is_some_and(|whom| whom.account == Some(account.id)));
        if own {
            return Ok(());
        }
        let target = match whom {
            Some(whom) => format!("{} ({}), {at}", whom.name, whom.known_as),
            None => at.to_owned(),
        };
        self.audit(looker.actor, Action::AccessLookedUp, &target, looker.address).await
    }

    /// Why a person may, or may not, see a document.
    pub(crate) async fn explain_pair(
        &self,
        looker: &Looker<'_>,
        person: &str,
        document: &str,
    ) -> Result<Explanation, Failure> {
        let whom = self.whom(person).await?;
        let typed = document.to_owned();
        let document = self.reading(move |store| wanted(store, &typed)).await?;
        let key = explain::key_text(document.source, &document.document.key);
        self.note_look(looker, Some(&whom), &format!("document {key}")).await?;
        self.explaining(self.reader(looker), move |explainer| Ok(explainer.pair(&whom, &document)?)).await
    }

    /// Everybody who may see a document.
    pub(crate) async fn explain_document(&self, looker: &Looker<'_>, document: &str) -> Result<Audience, Failure> {
        let typed = document.to_owned();
        let document = self.reading(move |store| wanted(store, &typed)).await?;
        let key = explain::key_text(document.source, &document.document.key);
        self.note_look(looker, None, &format!("everybody who sees document {key}")).await?;
        self.explaining(self.reader(looker), move |explainer| Ok(explainer.audience(&document)?)).await
    }

    /// Everything that a person sees, counted.
    pub(crate) async fn explain_person(&self, looker: &Looker<'_>, person: &str) -> Result<Reach, Failure> {
        let whom = self.whom(person).await?;
        self.note_look(looker, Some(&whom), "all spaces and projects").await?;
        self.explaining(self.reader(looker), move |explainer| Ok(explainer.reach(&whom)?)).await
    }

    /// How far everything is open.
    pub(crate) async fn exposure(&self, looker: &Looker<'_>, order: Order) -> Result<ExposureReport, Failure> {
        self.note_look(looker, None, "exposure report").await?;
        let mut report = self.explaining(self.reader(looker), |explainer| Ok(explainer.exposure()?)).await?;
        report.sort(order);
        Ok(report)
    }

    /// Why whoever is signed in sees a document. What they do not see is not there.
    pub(crate) async fn why(&self, who: &SignedIn, document: &str) -> Result<Explanation, Failure> {
        let (whom, typed) = (Whom::account(&who.account), document.to_owned());
        self.explaining(self.viewer(&who.account), move |explainer| {
            let found = explain::document_named(explainer.store, &typed)?.ok_or(Failure::NotFound)?;
            let explanation = explainer.pair(&whom, &found)?;
            if explanation.visible { Ok(explanation) } else { Err(Failure::NotFound) }
        })
        .await
    }

    /// Tells the administrators that whoever is signed in sees a document and should not.
    pub(crate) async fn object(
        &self,
        who: &SignedIn,
        document: &str,
        note: &str,
        address: &Address,
    ) -> Result<Explanation, Failure> {
        let explanation = self.why(who, document).await?;
        let key = explanation.about.key.clone();
        let found = self.reading(move |store| Ok(explain::document_named(store, &key)?)).await?;
        let found = found.ok_or(Failure::NotFound)?;
        let account = (who.account.id, who.account.email.clone());
        let (source, key) = (found.source, found.document.key.clone());
        self.app.store.object(account, source, key, note, self.now()).await?;
        let actor = Actor::Account(who.account.email.clone());
        let target = format!("document {}", explanation.about.key);
        self.audit(&actor, Action::Objected, &target, address).await?;
        Ok(explanation)
    }

    /// What members say they should not see, with as much of each document as the reader may know.
    pub(crate) async fn objections(
        &self,
        looker: &Looker<'_>,
    ) -> Result<Vec<(Objection, Option<explain::About>)>, Failure> {
        self.explaining(self.reader(looker), |explainer| {
            let mut listed = Vec::new();
            for objection in explainer.store.objections(MOST_OBJECTIONS)? {
                let found = explainer.store.document_by_key(objection.source, &objection.key)?;
                let about = found.map(|found| explainer.about(&found)).transpose()?;
                listed.push((objection, about));
            }
            Ok(listed)
        })
        .await
    }

    /// Marks an objection as done with.
    pub(crate) async fn settle_objection(&self, looker: &Looker<'_>, id: i64) -> Result<(), Failure> {
        let by = looker.actor.name().to_owned();
        if !self.app.store.settle_objection(id, by, self.now()).await? {
            return Err(Failure::NotFound);
        }
        self.audit(looker.actor, Action::ObjectionSettled, &format!("objection {id}"), looker.address).await
    }
}
