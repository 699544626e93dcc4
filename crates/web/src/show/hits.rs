//! Hits, for the results page and for programs. Whatever stands in a hit was admitted by the index for this viewer.

use super::when::{machine, moment};
use crate::kind::Kind;
use crate::pages::part::{Count, Involved, Lozenge, Segment, Tone};
use crate::pages::search::{Crumb, Hit as PageHit, NestedHit, Related};
use crate::urls::{ExternalUrl, Route};
use access::SourceId;
use model::{ContainerKey, Facts, Millis, PersonName};
use search::{Hit, HitDocument, plain};
use serde_json::{Value, json};

/// A space or project as addresses name it: source and native id.
pub(crate) fn container_id(source: SourceId, container: &ContainerKey) -> String {
    format!("{}:{}", source.0, container.0)
}

fn segments(segments: &[search::Segment]) -> Vec<Segment> {
    segments.iter().map(|segment| Segment { text: segment.text.clone(), marked: segment.marked }).collect()
}

/// A comment carries the title of what it stands under; under that, its writer says more.
fn title_under(document: &HitDocument) -> Vec<Segment> {
    match (Kind::from(document.kind()), &document.facts.author) {
        (Kind::Comment, Some(author)) => vec![Segment::plain(format!("Comment by {}", author.name))],
        (Kind::Comment, None) => vec![Segment::plain("Comment")],
        _ => segments(&document.title),
    }
}

fn status(facts: &Facts) -> Option<Lozenge> {
    let text = facts.status.clone()?;
    let tone = match facts.status_category.as_deref() {
        Some("done") => Tone::Good,
        Some("indeterminate") => Tone::Active,
        _ => Tone::Plain,
    };
    Some(Lozenge::new(tone, text))
}

fn people(kind: Kind, facts: &Facts) -> Vec<Involved> {
    let roles: [(&str, &Option<PersonName>); 2] = if kind == Kind::Issue {
        [("Assignee", &facts.assignee), ("Reporter", &facts.reporter)]
    } else {
        [("Author", &facts.author), ("", &None)]
    };
    let involved = |(role, person): (&str, &Option<PersonName>)| {
        let name = person.as_ref()?.name.clone();
        (!name.is_empty()).then(|| Involved { role: role.to_owned(), name })
    };
    roles.into_iter().filter_map(involved).collect()
}

/// Where a viewer is told why they see a document.
fn why(document: &HitDocument) -> String {
    Route::Why.asking(&[("document", &explain::key_text(document.source, &document.key))])
}

fn related(other: &HitDocument) -> Related {
    Related {
        kind: other.kind().into(),
        title: plain(&other.title),
        key: other.issue_key.clone(),
        url: ExternalUrl::parse(&other.url),
    }
}

/// A hit of the results page, with what it names and this viewer may see.
pub(crate) fn page_hit(hit: &Hit, others: &[HitDocument], now: Millis) -> PageHit {
    let document = &hit.document;
    let kind = Kind::from(document.kind());
    let nested = |inner: &HitDocument| NestedHit {
        kind: inner.kind().into(),
        title: title_under(inner),
        url: ExternalUrl::parse(&inner.url),
        snippet: segments(&inner.snippet),
        updated: Some(moment(inner.updated, now)),
        why: why(inner),
    };
    PageHit {
        kind,
        // A comment that stands alone, because what it belongs to cannot be shown, has no title.
        title: if document.title.is_empty() { title_under(document) } else { segments(&document.title) },
        url: ExternalUrl::parse(&document.url),
        key: document.issue_key.clone(),
        breadcrumb: vec![Crumb { text: document.container_name.clone(), url: None }],
        snippet: if hit.matched { segments(&document.snippet) } else { Vec::new() },
        status: status(&document.facts),
        people: people(kind, &document.facts),
        updated: Some(moment(document.updated, now)),
        nested: hit.nested.iter().map(nested).collect(),
        nested_more: Count(0),
        related: others.iter().map(related).collect(),
        why: why(document),
    }
}

fn marks(segments: &[search::Segment]) -> Vec<Value> {
    segments.iter().map(|segment| json!({"text": segment.text, "marked": segment.marked})).collect()
}

fn document_json(document: &HitDocument) -> Value {
    let facts = &document.facts;
    let name = |person: &Option<PersonName>| person.as_ref().map(|person| person.name.clone());
    json!({
        "kind": document.kind().code(),
        "id": document.key.native,
        "document": explain::key_text(document.source, &document.key),
        "title": plain(&document.title),
        "title_segments": marks(&document.title),
        "snippet": plain(&document.snippet),
        "snippet_segments": marks(&document.snippet),
        "url": ExternalUrl::parse(&document.url).map(|url| url.to_string()),
        "container": {
            "id": container_id(document.source, &document.container),
            "key": document.container_key,
            "name": document.container_name,
        },
        "key": document.issue_key,
        "people": {
            "author": name(&facts.author),
            "assignee": name(&facts.assignee),
            "reporter": name(&facts.reporter),
        },
        "labels": facts.labels,
        "status": facts.status,
        "type": facts.issue_type,
        "priority": facts.priority,
        "created": machine(document.created),
        "updated": machine(document.updated),
    })
}

/// A hit for programs, with what it names and this viewer may see. No score: it would tell about documents that are not
/// shown.
pub(crate) fn hit_json(hit: &Hit, others: &[HitDocument]) -> Value {
    let other = |other: &HitDocument| {
        json!({
            "kind": other.kind().code(),
            "id": other.key.native,
            "document": explain::key_text(other.source, &other.key),
            "key": other.issue_key,
            "title": plain(&other.title),
            "url": ExternalUrl::parse(&other.url).map(|url| url.to_string()),
        })
    };
    let mut value = document_json(&hit.document);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("matched".to_owned(), Value::Bool(hit.matched));
        fields.insert("related".to_owned(), others.iter().map(other).collect());
        fields.insert("nested".to_owned(), hit.nested.iter().map(document_json).collect());
    }
    value
}
