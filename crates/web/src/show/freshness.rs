//! How fresh a source is, when it is read next, and what should be known of it now: figures and sentences for its page.

use super::when::{age, span};
use crate::outlook::Outlook;
use crate::pages::part::{Count, Tone};
use crate::pages::source::{FreshnessRow, KindRow, Warning};
use crate::sources::Overview;
use crate::urls::Route;
use crate::webhooks::{Counted, Outcome};
use model::{Duration, Millis, Product, RunKind};
use std::collections::BTreeMap;
use store::{Ageing, Freshness};
use sync::{Agenda, Stream};

/// A cycle: `every minute`, `every 15 minutes`.
fn every(cycle: Duration) -> String {
    let span = span(cycle.0);
    format!("every {}", span.strip_prefix("1 ").unwrap_or(&span))
}

fn stream_words(stream: Stream) -> &'static str {
    match stream {
        Stream::Directory => "People and groups",
        Stream::Containers => "Spaces and projects, and who may read them",
        Stream::Pages => "Pages",
        Stream::BlogPosts => "Blog posts",
        Stream::Issues => "Issues",
        Stream::Places => "Folders",
        Stream::FooterComments => "Comments",
        Stream::InlineComments => "Inline comments",
        Stream::Attachments => "Files",
        Stream::Restrictions => "Restrictions",
    }
}

/// What is read of a product, in the order in which a document meets it.
fn streams(product: Product) -> &'static [Stream] {
    match product {
        Product::Confluence => &[
            Stream::Directory,
            Stream::Containers,
            Stream::Pages,
            Stream::BlogPosts,
            Stream::FooterComments,
            Stream::InlineComments,
            Stream::Attachments,
            Stream::Places,
            Stream::Restrictions,
        ],
        Product::Jira => &[Stream::Directory, Stream::Containers, Stream::Issues],
    }
}

/// One row for each stream of the product. One that was never read to its end without a loss says so.
pub(crate) fn freshness_rows(product: Product, fresh: &BTreeMap<Stream, Freshness>, now: Millis) -> Vec<FreshnessRow> {
    let row = |stream: &Stream| FreshnessRow {
        what: stream_words(*stream).to_owned(),
        complete: fresh.get(stream).map(|fresh| age(fresh.read_at, now)),
        listed: fresh.get(stream).and_then(|fresh| fresh.listed_at).map(|at| age(at, now)),
    };
    streams(product).iter().map(row).collect()
}

/// What a kind of run is called.
pub(crate) fn kind_words(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Full => "Full",
        RunKind::Incremental => "Changes",
        RunKind::Permissions => "Permissions",
        RunKind::Sweep => "Sweep",
        RunKind::Retry => "Retry",
    }
}

/// What a kind of run reads.
pub(crate) fn kind_reads(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Full => "Everything anew.",
        RunKind::Incremental => "Edits, and new comments and files.",
        RunKind::Permissions => "People, groups, and who may read which space or project.",
        RunKind::Sweep => "What there is and where, and every restriction; notices what has vanished.",
        RunKind::Retry => "What could not be read before.",
    }
}

/// The kinds that come by themselves, the smallest first.
pub(crate) fn kind_rows(agenda: &Agenda, now: Millis) -> Vec<KindRow> {
    let kinds = [RunKind::Incremental, RunKind::Permissions, RunKind::Sweep, RunKind::Full];
    let row = |kind: RunKind| {
        let next = agenda.next(kind);
        KindRow {
            code: kind.code().to_owned(),
            name: kind_words(kind).to_owned(),
            reads: kind_reads(kind).to_owned(),
            every: every(agenda.cycles.of(kind)),
            next: if next == Millis(i64::MAX) {
                "after the first full run".to_owned()
            } else if next <= now {
                "as soon as nothing else runs".to_owned()
            } else {
                format!("in {}", span(next.since(now).0))
            },
        }
    };
    kinds.into_iter().map(row).collect()
}

/// What should be known before all else, the worst first.
pub(crate) fn warnings(overview: &Overview, outlook: &Outlook, now: Millis) -> Vec<Warning> {
    let id = overview.source.id.0.to_string();
    let mut warnings = Vec::new();
    if let Some(since) = overview.stale_directory {
        let text = format!(
            "Nobody finds anything of this source: its people and groups were last confirmed {} ago, which is longer than \
             permissions may be believed. Mend what the errors below name, then start a permissions run.",
            span(now.since(since).0)
        );
        warnings.push(Warning { tone: Tone::Bad, text, way: None });
    }
    if let Some(stopped) = &outlook.stopped {
        let text = format!(
            "{} of {} have vanished at once. They are hidden, and not deleted before you say so.",
            Count(stopped.documents.values().sum()).of("document", "documents"),
            Count(stopped.of),
        );
        warnings.push(Warning {
            tone: Tone::Bad,
            text,
            way: Some((Route::SourceDeletions(id.clone()), "Look at them")),
        });
    }
    warnings.extend(overview.ageing.as_ref().map(|ageing| ageing_warning(ageing, now)));
    if let Some((outcome, _)) = refusal(&outlook.calls) {
        let text =
            format!("The last call of Jira was refused ({}). Changes are found by the cycles only.", outcome.code());
        warnings.push(Warning { tone: Tone::Warning, text, way: Some((Route::SourceWebhook(id), "See what to do")) });
    }
    warnings
}

fn ageing_warning(ageing: &Ageing, now: Millis) -> Warning {
    let left = ageing.hidden_from.since(now);
    let soon = if left > Duration(0) { format!("in {}", span(left.0)) } else { "within a minute".to_owned() };
    let whose = if ageing.directory { "people and groups" } else { "permissions" };
    let documents = Count(ageing.documents).of("document", "documents");
    let text = format!(
        "The {whose} that decide over {documents} were not confirmed for long. If no run confirms them, nobody sees these \
         documents any more {soon}."
    );
    Warning { tone: Tone::Warning, text, way: None }
}

/// The refusal that came after the last call that was accepted, if it is one to act on.
fn refusal(calls: &BTreeMap<Outcome, Counted>) -> Option<(Outcome, Counted)> {
    let accepted = calls.get(&Outcome::Accepted).map(|counted| counted.last_at);
    let refused = calls.iter().filter(|(outcome, _)| outcome.is_to_be_mended());
    let (outcome, counted) = refused.max_by_key(|(_, counted)| counted.last_at)?;
    accepted.is_none_or(|accepted| counted.last_at > accepted).then_some((*outcome, *counted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_counts_until_a_call_is_accepted() {
        let counted = |at: i64| Counted { count: 1, last_at: Millis(at) };
        let calls = |all: &[(Outcome, i64)]| all.iter().map(|&(outcome, at)| (outcome, counted(at))).collect();
        let told = |all: &[(Outcome, i64)]| refusal(&calls(all)).map(|(outcome, _)| outcome);
        assert_eq!(told(&[(Outcome::Unsigned, 5)]), Some(Outcome::Unsigned));
        assert_eq!(told(&[(Outcome::Accepted, 6), (Outcome::Unsigned, 5)]), None);
        assert_eq!(told(&[(Outcome::Accepted, 4), (Outcome::WronglySigned, 5)]), Some(Outcome::WronglySigned));
        assert_eq!(told(&[(Outcome::SeenBefore, 5)]), None, "Jira calls again when an answer is late");
    }
}
