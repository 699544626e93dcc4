//! Reports about a source, for pages and programs. Ids and keys only, never a title.

use super::hidden;
use super::when::{machine, moment};
use crate::failure::sentence;
use crate::inspection::{ContainerReport, Diagnosis, Finding, PeopleReport, Readers};
use crate::pages::comparison::{ComparisonCard, DifferenceRow};
use crate::pages::doctor::{ContainerCard, FindingRow, PeopleCard};
use crate::pages::part::Count;
use crate::show::report_json;
use model::{Difference, Millis, SelfAudit};
use serde_json::{Value, json};

fn finding_json(finding: &Finding) -> Value {
    json!({"item": finding.item, "what": finding.what, "remedy": finding.remedy})
}

fn container_report_json(report: &ContainerReport) -> Value {
    let hidden = report.hidden.iter().map(|(cause, count)| {
        json!({"cause": cause.code(), "count": count, "detail": hidden::reason(*cause), "remedy": cause.remedy()})
    });
    let readers = match &report.readers {
        Readers::Known { named, people, read_at } => {
            json!({"state": "known", "named": named, "people": people, "read_at": machine(*read_at)})
        }
        Readers::Closed(cause) => {
            json!({"state": "closed", "cause": cause.code(), "detail": hidden::reason(*cause), "remedy": cause.remedy()})
        }
        Readers::Unread => json!({"state": "unread"}),
    };
    json!({
        "id": report.container.key.0,
        "key": report.container.short,
        "name": report.container.name,
        "kind": report.container.kind.code(),
        "archived": report.container.archived,
        "in_scope": report.in_scope,
        "documents": report.documents,
        "hidden": hidden.collect::<Vec<_>>(),
        "readers": readers,
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
    })
}

/// The whole report for programs.
pub(crate) fn diagnosis_json(diagnosis: &Diagnosis) -> Value {
    let people = &diagnosis.people;
    json!({
        "credential": report_json(&diagnosis.check),
        "findings": diagnosis.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "containers": diagnosis.containers.iter().map(container_report_json).collect::<Vec<_>>(),
        "people": {
            "people": people.people,
            "with_product": people.with_product,
            "without_email": people.without_email,
            "sharing_email": people.sharing_email,
            "guests": people.guests,
            "accounts_joined": people.joined,
            "accounts_not_joined": people.not_joined,
            "documents_waiting_for_accounts": people.waiting_for_accounts,
            "documents_for_nobody": people.for_nobody,
        },
        "unknowable": diagnosis.unknowable,
    })
}

fn difference_json(difference: &Difference) -> Value {
    json!({
        "person": difference.person,
        "kind": difference.document.kind.code(),
        "id": difference.document.native,
        "container": difference.container.0,
        "cause": difference.cause,
    })
}

/// A comparison for programs.
pub(crate) fn audit_json(audit: &SelfAudit) -> Value {
    json!({
        "began": machine(audit.began),
        "ended": machine(audit.ended),
        "compared": audit.compared,
        "unanswered": audit.unanswered,
        "leaks": audit.leaks,
        "blocks": audit.blocks,
        "leaked": audit.leaked.iter().map(difference_json).collect::<Vec<_>>(),
        "blocked": audit.blocked.iter().map(difference_json).collect::<Vec<_>>(),
        "failed": audit.failed,
    })
}

/// A comparison on its page.
pub(crate) fn comparison_card(audit: &SelfAudit, now: Millis) -> ComparisonCard {
    let row = |leak: bool| {
        move |difference: &Difference| DifferenceRow {
            is_leak: leak,
            person: difference.person.clone(),
            document: format!("{} {}", difference.document.kind, difference.document.native),
            cause: sentence(&difference.cause),
        }
    };
    let leaked = audit.leaked.iter().map(row(true));
    ComparisonCard {
        ended: moment(audit.ended, now),
        compared: Count(audit.compared),
        unanswered: Count(audit.unanswered),
        leaks: Count(audit.leaks),
        blocks: Count(audit.blocks),
        failed: audit.failed.as_deref().map(sentence),
        differences: leaked.chain(audit.blocked.iter().map(row(false))).collect(),
    }
}

/// Findings on the page.
pub(crate) fn finding_rows(findings: &[Finding]) -> Vec<FindingRow> {
    let row = |finding: &Finding| FindingRow {
        item: finding.item.clone(),
        what: sentence(&finding.what),
        remedy: (!finding.remedy.is_empty()).then(|| sentence(&finding.remedy)),
    };
    findings.iter().map(row).collect()
}

/// One space or project on the page.
pub(crate) fn container_card(report: &ContainerReport, now: Millis) -> ContainerCard {
    let readers = match &report.readers {
        Readers::Known { named, people, read_at } => {
            let (named, people) = (Count(*named).of("grant", "grants"), Count(*people).of("person", "people"));
            format!("{named}, which admit {people}; read {}", moment(*read_at, now).words)
        }
        Readers::Closed(cause) => format!("Nobody: {}", hidden::reason(*cause)),
        Readers::Unread => "Not read yet".to_owned(),
    };
    let hidden = report.hidden.iter().map(|(cause, count)| FindingRow {
        item: Count(*count).of("document hidden", "documents hidden"),
        what: sentence(hidden::reason(*cause)),
        remedy: Some(sentence(cause.remedy())),
    });
    ContainerCard {
        key: report.container.short.clone(),
        name: report.container.name.clone(),
        in_scope: report.in_scope,
        documents: Count(report.documents),
        hidden: Count(report.hidden.values().sum()),
        is_closed: !matches!(report.readers, Readers::Known { .. }),
        readers,
        findings: hidden.chain(finding_rows(&report.findings)).collect(),
    }
}

/// People and accounts on the page.
pub(crate) fn people_card(people: &PeopleReport) -> PeopleCard {
    PeopleCard {
        people: Count(people.people),
        with_product: Count(people.with_product),
        without_email: Count(people.without_email),
        sharing_email: Count(people.sharing_email),
        guests: Count(people.guests),
        joined: Count(people.joined),
        not_joined: people.not_joined.iter().map(|(code, count)| ((*code).to_owned(), Count(*count))).collect(),
        waiting_for_accounts: Count(people.waiting_for_accounts),
        for_nobody: Count(people.for_nobody),
    }
}
