//! One person and one document: every layer that decides, from the product down to the comment, and what it says.

use crate::names::{Names, reason};
use crate::settings::{Link, of_layer, of_product};
use crate::{ExplainError, Explainer, Whom, key_text};
use access::{Admission, ClauseId, DocNo, Hidden, Inline, Join, Layer, ProductAccess, SourceDirectory, Standing};
use model::{
    ClauseKey, DocumentKey, Kind, Millis, NamedKind, NodeKey, Origin, Product, SourceSettings, StoredDocument,
};
use std::collections::{BTreeMap, HashMap};
use store::StoredClause;

/// What one layer says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The person passes.
    Admits,
    /// The person does not.
    Refuses,
    /// Nobody does, because something is not known.
    Closed,
}

impl Outcome {
    /// The stable name in answers for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Admits => "admits",
            Self::Refuses => "refuses",
            Self::Closed => "closed",
        }
    }
}

/// One layer of a decision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The stable name of the kind of layer: `product-access`, an origin's code, or `hidden`.
    pub layer: &'static str,
    /// The layer, as the product calls it.
    pub what: String,
    /// What it says.
    pub outcome: Outcome,
    /// Why: through whom it admits, or whom it does not find.
    pub says: String,
    /// Whom it names, up to a limit.
    pub names: Vec<String>,
    /// When the source last confirmed it.
    pub read_at: Option<Millis>,
    /// What an administrator can do where something is not known.
    pub remedy: Option<&'static str>,
    /// Where it is set at the source.
    pub link: Option<Link>,
}

/// The document that is explained, as far as the reader may know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct About {
    /// Source, kind and native id, as addresses of this hub name it.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// An issue's key.
    pub issue_key: Option<String>,
    /// Key of its space or project.
    pub container: String,
    /// Its title, only if the reader may see the document.
    pub title: Option<String>,
    /// Where a person opens it; only if the reader may see it, because addresses can hold titles.
    pub url: Option<String>,
}

/// The answer for one person and one document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// Whose access it is: the name.
    pub person: String,
    /// What identifies the person.
    pub known_as: String,
    /// The document.
    pub about: About,
    /// Whether the person finds the document: exactly what a search decides.
    pub visible: bool,
    /// Every layer, outermost first.
    pub steps: Vec<Step>,
}

impl Explainer<'_> {
    /// Explains whether a person may see a document.
    pub fn pair(&self, whom: &Whom, document: &StoredDocument) -> Result<Explanation, ExplainError> {
        let directory = self.store.directory();
        let viewer = directory.viewer_of(&whom.person);
        let layers = self.access.layers(&viewer, document.docno);
        let visible = !layers.is_empty() && layers.iter().all(|layer| layer.admits);
        let scene = Scene::of(self, document)?;
        let mut steps = vec![scene.product(whom, directory.standing(&whom.person, document.source))];
        let mut ranked: Vec<(usize, Step)> = Vec::with_capacity(layers.len());
        for (at, layer) in layers.iter().enumerate() {
            ranked.push((scene.rank(layer.clause, at), self.step(&scene, layer)?));
        }
        if layers.is_empty() {
            ranked.push((0, scene.hidden(Hidden::Unknown)));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        steps.extend(ranked.into_iter().map(|(_, step)| step));
        let (person, known_as) = (whom.name.clone(), whom.known_as.clone());
        Ok(Explanation { person, known_as, about: self.about(document)?, visible, steps })
    }

    /// The document as far as the reader may know it.
    pub fn about(&self, document: &StoredDocument) -> Result<About, ExplainError> {
        let shown = self.index.documents(self.reader, &[document.docno])?.into_iter().next();
        Ok(About {
            key: key_text(document.source, &document.document.key),
            kind: document.document.key.kind,
            issue_key: document.document.issue_key.clone(),
            container: document.container_key.clone(),
            title: shown.as_ref().map(|shown| search::plain(&shown.title)).filter(|title| !title.is_empty()),
            url: shown.map(|shown| shown.url),
        })
    }

    fn step(&self, scene: &Scene<'_>, layer: &Layer) -> Result<Step, ExplainError> {
        if let Some(cause) = Hidden::of_clause(layer.clause) {
            return Ok(scene.hidden(cause));
        }
        match self.store.clause(layer.clause)? {
            Some(stored) => Ok(scene.layer(layer, &stored, self.access.clause(layer.clause))),
            None => Ok(scene.hidden(layer.hidden.unwrap_or(Hidden::Unknown))),
        }
    }
}

/// Everything that the words of one document's layers need.
struct Scene<'a> {
    settings: SourceSettings,
    directory: std::sync::Arc<access::Directory>,
    document: &'a StoredDocument,
    inline: Option<std::sync::Arc<Inline>>,
    /// The place of each clause on the way down from the space or project.
    order: HashMap<ClauseId, usize>,
    /// Titles of what stands above, where the reader may see it.
    titles: HashMap<String, String>,
    /// Names of security levels, and of the fields that name people, by their ids.
    levels: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
}

/// Layers of the document itself come after all on its way; what waits for the index comes last.
const AUDIENCE: usize = 100_000;
const WAITING: usize = 200_000;

impl<'a> Scene<'a> {
    fn of(explainer: &Explainer<'_>, document: &'a StoredDocument) -> Result<Self, ExplainError> {
        let source = explainer.store.source(document.source)?;
        let settings = source.ok_or(store::StoreError::Unreadable { what: "source" })?.settings;
        let mut way = explainer.store.way_up(document.source, &document.document.node)?;
        way.reverse();
        let mut order = HashMap::new();
        for (at, place) in way.iter().enumerate() {
            for id in &place.own {
                order.entry(*id).or_insert(at + 1);
            }
        }
        let above = way.iter().filter(|place| !place.own.is_empty()).map(|place| &place.node);
        let titles = titles(explainer, document, above)?;
        let entry = explainer.access.document(document.docno);
        let inline = entry.and_then(|entry| explainer.access.node(entry.node)?.inline.clone());
        let levels = explainer.store.names(document.source, NamedKind::SecurityLevel)?;
        let fields = explainer.store.names(document.source, NamedKind::Field)?;
        let directory = explainer.store.directory();
        Ok(Self { settings, directory, document, inline, order, titles, levels, fields })
    }

    fn names(&self) -> Names<'_> {
        Names::of(self.known()).with_fields(&self.fields)
    }

    fn site(&self) -> (model::Deployment, &str) {
        (self.settings.deployment, &self.settings.site)
    }

    fn known(&self) -> Option<&SourceDirectory> {
        self.directory.source(self.document.source)
    }

    fn rank(&self, id: ClauseId, at: usize) -> usize {
        match (self.order.get(&id), Hidden::of_clause(id)) {
            (Some(place), _) => *place,
            (None, Some(Hidden::AwaitingIndex)) => WAITING,
            (None, Some(_)) if at == 0 => 0,
            (None, _) => AUDIENCE,
        }
    }

    fn product(&self, whom: &Whom, (join, standing): (Join, Option<Standing>)) -> Step {
        let product = product_name(self.settings.product);
        let excluded = whom.person.excluded.contains(&self.document.source);
        let says = match (standing, &join) {
            _ if whom.disabled => "the account of this hub is deactivated".to_owned(),
            _ if excluded => "an administrator of this hub keeps this account from the source".to_owned(),
            (_, Join::Ambiguous(_)) => "several accounts there have this e-mail address, so none is taken".to_owned(),
            (None, _) => "no account there is joined to this person".to_owned(),
            (Some(standing), Join::Mapped(user) | Join::Email(user)) => self.standing_words(standing, user, product),
            (Some(_), Join::Nobody) => "no account there is joined to this person".to_owned(),
        };
        let admits = standing.is_some_and(Standing::is_admitted) && !excluded && !whom.disabled;
        Step {
            layer: "product-access",
            what: format!("Access to {product} on {}", self.settings.site),
            outcome: if admits { Outcome::Admits } else { Outcome::Refuses },
            says,
            names: Vec::new(),
            read_at: None,
            remedy: None,
            link: of_product(self.settings.deployment),
        }
    }

    fn standing_words(&self, standing: Standing, user: &access::UserId, product: &str) -> String {
        match standing {
            Standing::Member => match self.known().map(|known| (&known.product_access, known)) {
                Some((ProductAccess::Groups(admitted), known)) => {
                    let groups = known.groups_of(user);
                    let by = groups.iter().find(|group| admitted.contains(group));
                    let by = by.map(|group| format!("through the {}", Names::of(Some(known)).group(group)));
                    by.unwrap_or_else(|| "by name".to_owned())
                }
                _ => "by name".to_owned(),
            },
            Standing::Guest => "as a guest, who is let in by name only".to_owned(),
            Standing::Unlisted => "the directory of the source does not list this account".to_owned(),
            Standing::Inactive => "the account is deactivated there".to_owned(),
            Standing::Outsider => "a portal customer or app sees nothing through the product itself".to_owned(),
            Standing::WithoutProduct => format!("in none of the groups that give access to {product}"),
            Standing::ProductUnknown => format!("which groups give access to {product} could not be read"),
        }
    }

    fn hidden(&self, cause: Hidden) -> Step {
        Step {
            layer: "hidden",
            what: if cause == Hidden::AwaitingIndex { "Index" } else { "State in this hub" }.to_owned(),
            outcome: Outcome::Closed,
            says: reason(cause).to_owned(),
            names: Vec::new(),
            read_at: None,
            remedy: Some(cause.remedy()),
            link: None,
        }
    }

    fn layer(&self, layer: &Layer, stored: &StoredClause, clause: Option<&access::Clause>) -> Step {
        let names = self.names();
        let (outcome, says) = match (&layer.by, layer.hidden) {
            (Some(by), _) => (Outcome::Admits, admission_words(&names, by)),
            (None, Some(cause)) => (Outcome::Closed, reason(cause).to_owned()),
            (None, None) => (Outcome::Refuses, self.refusal_words(&names, clause)),
        };
        let named = clause.map(|clause| names.list(clause.principals(), clause.dynamic())).unwrap_or_default();
        Step {
            layer: stored.key.origin.code(),
            what: self.title_of(&stored.key),
            outcome,
            says,
            names: named,
            read_at: Some(stored.read_at),
            remedy: layer.hidden.map(Hidden::remedy),
            link: of_layer(self.site(), &self.document.container_key, &stored.key),
        }
    }

    fn refusal_words(&self, names: &Names<'_>, clause: Option<&access::Clause>) -> String {
        let Some(clause) = clause else { return reason(Hidden::Unknown).to_owned() };
        let is_empty = clause.principals().next().is_none() && clause.dynamic().next().is_none();
        if is_empty {
            return "it names nobody at all".to_owned();
        }
        let fields: Vec<String> = clause.dynamic().map(|field| names.field(field)).collect();
        let inline = self.inline.as_deref().is_some_and(|inline| !inline.entries().is_empty());
        match (fields.is_empty(), inline) {
            (true, _) => "it names neither this person nor a group or class that the person is in".to_owned(),
            (false, true) => format!(
                "it names neither this person nor a group or class that the person is in, and the issue has somebody else \
                 as {}",
                fields.join(", ")
            ),
            (false, false) => format!(
                "it names neither this person nor a group or class that the person is in, and the issue has nobody as {}",
                fields.join(", ")
            ),
        }
    }

    /// The layer as the product calls it.
    fn title_of(&self, key: &ClauseKey) -> String {
        let container = &self.document.container_key;
        match key.origin {
            Origin::SpaceReaders => format!("Space permission “View” of {container}"),
            Origin::BrowseProject => format!("Permission “Browse Projects” of {container}"),
            Origin::SecurityLevel => {
                let level = key.native.split('@').next().unwrap_or_default();
                match self.levels.get(level) {
                    Some(name) => format!("Issue security level “{name}”"),
                    None => format!("Issue security level {level}"),
                }
            }
            Origin::ViewRestriction if key.native == self.document.document.node.native => {
                "Restrictions of the page itself".to_owned()
            }
            Origin::ViewRestriction => match self.titles.get(&key.native) {
                Some(title) => format!("Restrictions of “{title}” above it"),
                None => format!("Restrictions of what stands above it, with the id {}", key.native),
            },
            Origin::Audience if key.native.starts_with("role:") => "Comment shown to a role only".to_owned(),
            Origin::Audience => "Comment shown to a group only".to_owned(),
        }
    }
}

/// The titles of pages and folders on the way, by native id, as far as the reader may see them. Whoever sees the document sees
/// all that it hangs under; of others it is asked page by page, and folders are no documents that could be asked about.
fn titles<'n>(
    explainer: &Explainer<'_>,
    document: &StoredDocument,
    above: impl Iterator<Item = &'n NodeKey>,
) -> Result<HashMap<String, String>, ExplainError> {
    let (mut numbers, mut titles): (Vec<DocNo>, HashMap<String, String>) = (Vec::new(), HashMap::new());
    for node in above.filter(|node| node.kind == model::NodeKind::Content && **node != document.document.node) {
        let name = explainer.store.name(document.source, NamedKind::Content, &node.native)?;
        titles.extend(name.map(|name| (node.native.clone(), name)));
        for kind in [Kind::Page, Kind::BlogPost] {
            numbers.extend(explainer.store.document_number(document.source, &DocumentKey::new(kind, &node.native))?);
        }
    }
    // Asked last, so that no name is newer than the permissions by which it is shown.
    if explainer.index.documents(explainer.reader, &[document.docno])?.is_empty() {
        titles.clear();
    }
    if !numbers.is_empty() {
        let shown = explainer.index.documents(explainer.reader, &numbers)?.into_iter();
        titles.extend(shown.map(|shown| (shown.key.native.clone(), search::plain(&shown.title))));
    }
    Ok(titles)
}

fn admission_words(names: &Names<'_>, by: &Admission) -> String {
    match by {
        Admission::Listed(principal) => names.through(principal),
        Admission::Field(field, principal) => match &principal.holder {
            access::Holder::Group(group) => {
                format!("through the {}, one of the {}", names.group(group), names.field(field))
            }
            _ => format!("as {} of the issue", field_words(names, field)),
        },
    }
}

fn field_words(names: &Names<'_>, field: &access::DynamicHolder) -> String {
    match field {
        access::DynamicHolder::Reporter | access::DynamicHolder::Assignee => format!("the {}", names.field(field)),
        _ => format!("one of the {}", names.field(field)),
    }
}

pub(crate) fn product_name(product: Product) -> &'static str {
    match product {
        Product::Confluence => "Confluence",
        Product::Jira => "Jira",
    }
}
