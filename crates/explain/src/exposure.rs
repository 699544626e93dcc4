//! How far everything is open: per space and project, and for all of a source.
//!
//! "Everybody" is every account with access to the product that is no guest; portal customers hold nothing here. A
//! restriction is without effect if it keeps out nobody whom the layers beside it let in, on any document that it decides
//! for. Two rules say that a space or project may be open by mistake, see [`ByMistake`].

use crate::chain::product_name;
use crate::names::Names;
use crate::settings::{Link, of_layer};
use crate::{ExplainError, Explainer};
use access::{Crowd, DocNo, Exposure, Hidden, Holder, SourceId};
use model::{ClauseKey, Container, ContainerKind, DocumentKey, Kind, NamedKind, Origin};
use std::collections::{BTreeMap, HashMap};
use store::StoredSource;

/// Why a space or project looks open by mistake.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ByMistake {
    /// Its readers include anyone: where the site allows it, the public.
    Public,
    /// Everybody sees a part of it, while at least half of it is restricted: whoever restricts so much may not know
    /// that what is left is open.
    OpenAmidRestricted,
}

impl ByMistake {
    /// The stable name in answers for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::OpenAmidRestricted => "open-amid-restricted",
        }
    }

    /// The rule in a sentence without a full stop.
    pub fn words(self) -> &'static str {
        match self {
            Self::Public => "its readers include anyone, which is the public where the site allows it",
            Self::OpenAmidRestricted => "everybody sees a part of it, while at least half of it is restricted",
        }
    }
}

/// Counts of documents.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// All documents.
    pub documents: u64,
    /// Those that everybody with access to the product sees.
    pub everybody: u64,
    /// Those that at least one guest sees.
    pub guests: u64,
    /// Those that nobody sees.
    pub nobody: u64,
    /// Of these, the ones with a cause: something is not known, or not in force yet.
    pub causes: BTreeMap<Hidden, u64>,
}

impl Totals {
    /// Documents that nobody sees although all about them is known: their layers admit no active person together.
    pub fn without_cause(&self) -> u64 {
        self.nobody - self.causes.values().sum::<u64>()
    }

    /// Documents that some people see.
    pub fn some(&self) -> u64 {
        self.documents - self.everybody - self.nobody
    }

    fn add(&mut self, other: &Self) {
        self.documents += other.documents;
        self.everybody += other.everybody;
        self.guests += other.guests;
        self.nobody += other.nobody;
        for (cause, count) in &other.causes {
            *self.causes.entry(*cause).or_default() += count;
        }
    }
}

/// One space or project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContainerExposure {
    /// The source.
    pub source: SourceId,
    /// Its name, such as `acme.atlassian.net/jira`.
    pub source_name: String,
    /// The space or project.
    pub container: Container,
    /// The counts.
    pub totals: Totals,
    /// Whether it looks open by mistake.
    pub by_mistake: Option<ByMistake>,
    /// Where its readers are set.
    pub link: Option<Link>,
}

/// A restriction that keeps out nobody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdleRestriction {
    /// The source's name.
    pub source_name: String,
    /// What it is, as the product calls it.
    pub what: String,
    /// The page that it stands on.
    pub document: Option<(SourceId, DocumentKey)>,
    /// The page's title, if the reader may see it.
    pub title: Option<String>,
    /// Whom it names.
    pub names: Vec<String>,
    /// Where it is set.
    pub link: Option<Link>,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Order {
    /// Source, then key.
    #[default]
    Name,
    /// Most documents first.
    Documents,
    /// Most that everybody sees first.
    Everybody,
    /// Most that guests see first.
    Guests,
    /// Most that nobody sees first.
    Nobody,
    /// Those that look open by mistake first.
    Mistake,
}

impl Order {
    /// All orders, in the order of the columns.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Documents, Self::Everybody, Self::Guests, Self::Nobody, Self::Mistake];

    /// The order as addresses say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Documents => "documents",
            Self::Everybody => "everybody",
            Self::Guests => "guests",
            Self::Nobody => "nobody",
            Self::Mistake => "mistake",
        }
    }

    /// The order that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }

    fn of(self, row: &ContainerExposure) -> u64 {
        match self {
            Self::Name => 0,
            Self::Documents => row.totals.documents,
            Self::Everybody => row.totals.everybody,
            Self::Guests => row.totals.guests,
            Self::Nobody => row.totals.nobody,
            Self::Mistake => u64::from(row.by_mistake.is_some()),
        }
    }
}

/// The whole report.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ExposureReport {
    /// All documents.
    pub totals: Totals,
    /// People with access to a product, guests aside, by source: the size of "everybody".
    pub people: Vec<(String, usize, usize)>,
    /// Every space and project with documents.
    pub containers: Vec<ContainerExposure>,
    /// Restrictions without effect, at most [`ExposureReport::MOST_IDLE`].
    pub idle: Vec<IdleRestriction>,
    /// How many there are in all.
    pub idle_total: usize,
}

impl ExposureReport {
    /// How many restrictions without effect are listed.
    pub const MOST_IDLE: usize = 500;

    /// Sorts the containers; of equals by name.
    pub fn sort(&mut self, order: Order) {
        self.containers.sort_by(|left, right| {
            let name = |row: &ContainerExposure| (row.source, row.container.short.clone());
            order.of(right).cmp(&order.of(left)).then_with(|| name(left).cmp(&name(right)))
        });
    }
}

impl Explainer<'_> {
    /// Counts how far every document is open. Asks about each once.
    pub fn exposure(&self) -> Result<ExposureReport, ExplainError> {
        let mut report = ExposureReport::default();
        for source in self.store.sources()? {
            self.exposure_of(&source, &mut report)?;
        }
        report.sort(Order::Name);
        Ok(report)
    }

    fn exposure_of(&self, source: &StoredSource, report: &mut ExposureReport) -> Result<(), ExplainError> {
        let directory = self.store.directory();
        let crowd = Crowd::of(&directory, source.id);
        report.people.push((source.settings.name(), crowd.members().count(), crowd.guests().count()));
        let mut exposure = Exposure::new(self.access, &crowd);
        let mut counted: HashMap<String, Totals> = HashMap::new();
        self.store.visit_documents(source.id, |container, doc| {
            if !counted.contains_key(container) {
                counted.insert(container.to_owned(), Totals::default());
            }
            if let Some(totals) = counted.get_mut(container) {
                self.count(&mut exposure, doc, totals);
            }
        })?;
        for container in self.store.named_containers(source.id)? {
            let Some(totals) = counted.remove(&container.key.0).filter(|totals| totals.documents > 0) else { continue };
            report.totals.add(&totals);
            report.containers.push(self.row(source, container, totals)?);
        }
        let idle: Vec<_> = exposure.without_effect().collect();
        for id in idle {
            let Some(stored) = self.store.clause(id)? else { continue };
            if matches!(stored.key.origin, Origin::ViewRestriction | Origin::SecurityLevel | Origin::Audience) {
                report.idle_total += 1;
                if report.idle.len() < ExposureReport::MOST_IDLE {
                    report.idle.push(self.idle(source, &stored)?);
                }
            }
        }
        Ok(())
    }

    fn count(&self, exposure: &mut Exposure<'_>, doc: DocNo, totals: &mut Totals) {
        if self.access.document(doc).is_none_or(|entry| entry.hidden == Some(Hidden::Deleted)) {
            return;
        }
        let seen = exposure.seen(doc);
        totals.documents += 1;
        totals.everybody += u64::from(seen.by_all_members);
        totals.guests += u64::from(seen.guests > 0);
        totals.nobody += u64::from(seen.people == 0);
        if let Some(cause) = seen.cause {
            *totals.causes.entry(cause).or_default() += 1;
        }
    }

    fn row(
        &self,
        source: &StoredSource,
        container: Container,
        totals: Totals,
    ) -> Result<ContainerExposure, ExplainError> {
        let origin =
            if container.kind == ContainerKind::Project { Origin::BrowseProject } else { Origin::SpaceReaders };
        let key = ClauseKey::new(origin, container.key.0.clone());
        let readers = self.store.clause_number(source.id, &key)?.and_then(|id| self.access.clause(id));
        let is_public =
            readers.is_some_and(|readers| readers.principals().any(|principal| principal.holder == Holder::Anyone));
        let by_mistake = match &totals {
            _ if is_public => Some(ByMistake::Public),
            totals if totals.everybody > 0 && totals.everybody * 2 <= totals.documents => {
                Some(ByMistake::OpenAmidRestricted)
            }
            _ => None,
        };
        let link = of_layer(site(source), &container.short, &key);
        Ok(ContainerExposure {
            source: source.id,
            source_name: source.settings.name(),
            container,
            totals,
            by_mistake,
            link,
        })
    }

    fn idle(&self, source: &StoredSource, stored: &store::StoredClause) -> Result<IdleRestriction, ExplainError> {
        let directory = self.store.directory();
        let clause = self.access.clause(stored.id).unwrap_or(&stored.clause);
        let fields = self.store.names(source.id, NamedKind::Field)?;
        let names = Names::of(directory.source(source.id)).with_fields(&fields);
        let names = names.list(clause.principals(), clause.dynamic());
        let (mut document, mut title) = (None, None);
        let what = match stored.key.origin {
            Origin::ViewRestriction => {
                for kind in [Kind::Page, Kind::BlogPost] {
                    let key = DocumentKey::new(kind, &stored.key.native);
                    if let Some(doc) = self.store.document_number(source.id, &key)? {
                        let shown = self.index.documents(self.reader, &[doc])?.into_iter().next();
                        title = shown.map(|shown| search::plain(&shown.title));
                        document = Some((source.id, key));
                    }
                }
                format!("Page restrictions in {}", product_name(source.settings.product))
            }
            Origin::SecurityLevel => {
                let (level, project) = stored.key.native.split_once('@').unwrap_or((&stored.key.native, ""));
                let name = self.store.name(source.id, NamedKind::SecurityLevel, level)?;
                let level = name.map_or_else(|| level.to_owned(), |name| format!("“{name}”"));
                format!("Issue security level {level} in project {}", self.short_of(source.id, project)?)
            }
            _ => "Comment shown to a group or role only".to_owned(),
        };
        let project = stored.key.native.split('@').nth(1).unwrap_or_default();
        let container = self.short_of(source.id, project)?;
        let link = of_layer(site(source), &container, &stored.key);
        Ok(IdleRestriction { source_name: source.settings.name(), what, document, title, names, link })
    }

    fn short_of(&self, source: SourceId, container: &str) -> Result<String, ExplainError> {
        let key = model::ContainerKey(container.to_owned());
        Ok(self.store.container(source, &key)?.map_or_else(|| container.to_owned(), |known| known.short))
    }
}

fn site(source: &StoredSource) -> (model::Deployment, &str) {
    (source.settings.deployment, &source.settings.site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_a_word_and_totals_leave_nothing_over() {
        for order in Order::ALL {
            assert_eq!(Order::from_word(order.word()), Some(order));
        }
        let one =
            Totals { documents: 10, everybody: 4, guests: 1, nobody: 3, causes: BTreeMap::from([(Hidden::Stale, 2)]) };
        let mut sum = one.clone();
        sum.add(&one);
        assert_eq!((sum.some(), sum.without_cause(), sum.causes[&Hidden::Stale]), (6, 2, 4));
    }
}
