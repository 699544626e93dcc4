//! Explanations and reports, for pages and for programs.

use super::when::{machine, moment};
use crate::kind::Kind;
use crate::pages::exposure::{Column, ExposureRow, IdleRow, Open};
use crate::pages::lookup::{AudienceView, DocumentLine, PairView, PersonRow, ReachRow, ReachView, StepRow};
use crate::pages::part::{Count, Lozenge, Tone};
use crate::urls::ExternalUrl;
use access::Hidden;
use explain::{
    About, Audience, ContainerReach, Explanation, ExposureReport, Link, Order, Outcome, Reach, Spectator, Step, Totals,
    key_text, reason,
};
use model::{DocumentKey, Millis};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Objection;

/// How many people a page lists.
const MOST_PEOPLE: usize = 200;

fn counted(causes: &BTreeMap<Hidden, u64>) -> Vec<String> {
    causes.iter().map(|(cause, count)| format!("{}: {}", Count(*count), reason(*cause))).collect()
}

fn external(link: Option<&Link>) -> Option<ExternalUrl> {
    link.and_then(|link| ExternalUrl::parse(&link.url))
}

/// The document of a page.
pub(crate) fn document_line(about: &About) -> DocumentLine {
    DocumentLine {
        kind: about.kind.into(),
        title: about.title.clone(),
        url: about.url.as_deref().and_then(ExternalUrl::parse),
        name: about.issue_key.clone().unwrap_or_else(|| about.key.clone()),
        container: about.container.clone(),
    }
}

/// The layers of a page. Members are not told whom a layer names beside themselves.
pub(crate) fn step_rows(steps: &[Step], with_names: bool, now: Millis) -> Vec<StepRow> {
    let row = |step: &Step| {
        let outcome = match step.outcome {
            Outcome::Admits => Lozenge::new(Tone::Good, "Admits"),
            Outcome::Refuses => Lozenge::new(Tone::Bad, "Refuses"),
            Outcome::Closed => Lozenge::new(Tone::Warning, "Closed"),
        };
        StepRow {
            outcome,
            what: step.what.clone(),
            says: crate::failure::sentence(&step.says),
            names: if with_names { step.names.clone() } else { Vec::new() },
            read: step.read_at.map(|at| moment(at, now)),
            remedy: step.remedy.map(str::to_owned),
            link: external(step.link.as_ref()).zip(step.link.as_ref()).map(|(url, link)| (link.label.clone(), url)),
        }
    };
    steps.iter().map(row).collect()
}

/// One person and one document.
pub(crate) fn pair_view(explanation: &Explanation, now: Millis) -> PairView {
    PairView {
        person: explanation.person.clone(),
        known_as: explanation.known_as.clone(),
        document: document_line(&explanation.about),
        visible: explanation.visible,
        steps: step_rows(&explanation.steps, true, now),
    }
}

/// Everybody who sees a document.
pub(crate) fn audience_view(audience: &Audience) -> AudienceView {
    let row = |person: &Spectator| PersonRow {
        name: person.name.clone(),
        id: person.id.clone(),
        guest: person.guest,
        account: person.account.clone(),
        kept_out: person.kept_out.map(str::to_owned),
    };
    AudienceView {
        document: document_line(&audience.about),
        people: audience.people.iter().take(MOST_PEOPLE).map(row).collect(),
        total: Count(audience.people.len() as u64),
        finding: Count(audience.finding as u64),
        cause: audience.cause.map(|cause| (reason(cause).to_owned(), cause.remedy().to_owned())),
    }
}

/// Everything that a person sees.
pub(crate) fn reach_view(reach: &Reach) -> ReachView {
    let row = |row: &ContainerReach| ReachRow {
        source: row.source_name.clone(),
        short: row.short.clone(),
        name: row.name.clone(),
        documents: Count(row.documents),
        visible: Count(row.visible),
        refused: Count(row.refused()),
        hidden: Count(row.hidden.values().sum()),
        causes: counted(&row.hidden),
    };
    let (visible, documents) = reach.totals();
    ReachView {
        person: reach.person.clone(),
        known_as: reach.known_as.clone(),
        has_account: reach.has_account,
        visible: Count(visible),
        documents: Count(documents),
        rows: reach.containers.iter().map(row).collect(),
    }
}

/// Counts of the exposure report.
pub(crate) fn open(totals: &Totals) -> Open {
    let mut causes = counted(&totals.causes);
    if totals.without_cause() > 0 {
        causes.push(format!("{}: no active person passes all of its layers", Count(totals.without_cause())));
    }
    Open {
        documents: Count(totals.documents),
        everybody: Count(totals.everybody),
        some: Count(totals.some()),
        guests: Count(totals.guests),
        nobody: Count(totals.nobody),
        causes,
    }
}

/// The columns of the exposure report.
pub(crate) fn columns(sorted: Order) -> Vec<Column> {
    let head = |order: Order| match order {
        Order::Name => "Space or project",
        Order::Documents => "Documents",
        Order::Everybody => "Everybody",
        Order::Guests => "Guests",
        Order::Nobody => "Nobody",
        Order::Mistake => "By mistake?",
    };
    let column = |order: Order| Column {
        head: head(order),
        word: order.word(),
        here: order == sorted,
        number: !matches!(order, Order::Name | Order::Mistake),
    };
    Order::ALL.into_iter().map(column).collect()
}

/// Spaces and projects of the exposure report.
pub(crate) fn exposure_rows(report: &ExposureReport) -> Vec<ExposureRow> {
    let row = |row: &explain::ContainerExposure| ExposureRow {
        source: row.source_name.clone(),
        short: row.container.short.clone(),
        name: row.container.name.clone(),
        open: open(&row.totals),
        mistake: row.by_mistake.map(|mistake| crate::failure::sentence(mistake.words())),
        link: external(row.link.as_ref()),
    };
    report.containers.iter().map(row).collect()
}

/// A document whose title is not for the reader.
fn untitled(key: &DocumentKey) -> String {
    format!("{} {}, which you may not see", Kind::from(key.kind).label(), key.native)
}

/// Restrictions without effect.
pub(crate) fn idle_rows(report: &ExposureReport) -> Vec<IdleRow> {
    let row = |idle: &explain::IdleRestriction| IdleRow {
        source: idle.source_name.clone(),
        what: idle.what.clone(),
        on: idle.title.clone().or_else(|| idle.document.as_ref().map(|(_, key)| untitled(key))),
        names: idle.names.clone(),
        link: external(idle.link.as_ref()),
    };
    report.idle.iter().map(row).collect()
}

fn about_json(about: &About) -> Value {
    json!({
        "document": about.key,
        "kind": about.kind.code(),
        "key": about.issue_key,
        "container": about.container,
        "title": about.title,
        "url": about.url.as_deref().and_then(ExternalUrl::parse).map(|url| url.to_string()),
    })
}

fn link_json(link: Option<&Link>) -> Value {
    link.map_or(Value::Null, |link| json!({"label": link.label, "url": link.url}))
}

fn causes_json(causes: &BTreeMap<Hidden, u64>) -> Value {
    let cause = |(cause, count): (&Hidden, &u64)| json!({"cause": cause.code(), "reason": reason(*cause), "documents": count, "remedy": cause.remedy()});
    causes.iter().map(cause).collect()
}

/// One person and one document, for programs. Members are not told whom a layer names beside themselves.
pub(crate) fn explanation_json(explanation: &Explanation, with_names: bool) -> Value {
    let step = |step: &Step| {
        json!({
            "layer": step.layer,
            "what": step.what,
            "outcome": step.outcome.code(),
            "says": step.says,
            "names": if with_names { step.names.clone() } else { Vec::new() },
            "read_at": step.read_at.map(machine),
            "remedy": step.remedy,
            "link": link_json(step.link.as_ref()),
        })
    };
    json!({
        "person": explanation.person,
        "known_as": explanation.known_as,
        "document": about_json(&explanation.about),
        "visible": explanation.visible,
        "steps": explanation.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

/// Everybody who sees a document, for programs.
pub(crate) fn audience_json(audience: &Audience) -> Value {
    let person = |person: &Spectator| {
        json!({
            "name": person.name,
            "user": person.id,
            "guest": person.guest,
            "account": person.account,
            "kept_out": person.kept_out,
        })
    };
    json!({
        "document": about_json(&audience.about),
        "count": audience.people.len(),
        "finding": audience.finding,
        "cause": audience.cause.map(|cause| json!({"cause": cause.code(), "reason": reason(cause), "remedy": cause.remedy()})),
        "people": audience.people.iter().map(person).collect::<Vec<_>>(),
    })
}

/// Everything that a person sees, for programs.
pub(crate) fn reach_json(reach: &Reach) -> Value {
    let row = |row: &ContainerReach| {
        json!({
            "source": row.source.0,
            "source_name": row.source_name,
            "key": row.short,
            "name": row.name,
            "documents": row.documents,
            "visible": row.visible,
            "refused": row.refused(),
            "hidden": causes_json(&row.hidden),
        })
    };
    let (visible, documents) = reach.totals();
    json!({
        "person": reach.person,
        "known_as": reach.known_as,
        "has_account": reach.has_account,
        "visible": visible,
        "documents": documents,
        "containers": reach.containers.iter().map(row).collect::<Vec<_>>(),
    })
}

fn totals_json(totals: &Totals) -> Value {
    json!({
        "documents": totals.documents,
        "everybody": totals.everybody,
        "some": totals.some(),
        "guests": totals.guests,
        "nobody": totals.nobody,
        "nobody_without_cause": totals.without_cause(),
        "causes": causes_json(&totals.causes),
    })
}

/// How far everything is open, for programs.
pub(crate) fn exposure_json(report: &ExposureReport) -> Value {
    let people = |(source, members, guests): &(String, usize, usize)| json!({"source": source, "members": members, "guests": guests});
    let row = |row: &explain::ContainerExposure| {
        json!({
            "source": row.source.0,
            "source_name": row.source_name,
            "kind": row.container.kind.code(),
            "key": row.container.short,
            "name": row.container.name,
            "open": totals_json(&row.totals),
            "by_mistake": row.by_mistake.map(|mistake| json!({"rule": mistake.code(), "reason": mistake.words()})),
            "link": link_json(row.link.as_ref()),
        })
    };
    let idle = |idle: &explain::IdleRestriction| {
        json!({
            "source_name": idle.source_name,
            "what": idle.what,
            "document": idle.document.as_ref().map(|(source, key)| key_text(*source, key)),
            "title": idle.title,
            "names": idle.names,
            "link": link_json(idle.link.as_ref()),
        })
    };
    json!({
        "totals": totals_json(&report.totals),
        "everybody": report.people.iter().map(people).collect::<Vec<_>>(),
        "containers": report.containers.iter().map(row).collect::<Vec<_>>(),
        "without_effect": report.idle.iter().map(idle).collect::<Vec<_>>(),
        "without_effect_total": report.idle_total,
    })
}

/// An objection, for programs.
pub(crate) fn objection_json(objection: &Objection, about: Option<&About>) -> Value {
    json!({
        "id": objection.id,
        "at": machine(objection.at),
        "by": objection.by,
        "note": objection.note,
        "document": explain::key_text(objection.source, &objection.key),
        "about": about.map(about_json),
        "settled": objection.settled.as_ref().map(|(at, by)| json!({"at": machine(*at), "by": by})),
    })
}
