//! What somebody may not see leaves no trace in what they get: the same questions to the company as it is, and to the company
//! without all that is hidden from one person, have the same answers for that person.
//!
//! Compared are hits, titles, excerpts, totals, facets, hints and errors. Not the order: how words are weighed depends on all
//! documents, as in any index over all of them, so a hidden document can move a visible one up or down. Scores are not
//! exposed.

use e2e::proof::named::{Company, parse};
use serde_json::{Value, json};
use simulator::drawn::{Size, WORD, company};
use simulator::oracle::{self, Object, Oracle, Visible};
use simulator::state::World;
use std::collections::BTreeSet;

/// As many comments and files as are shown under one hit: which of more are shown follows the order.
const MOST_NESTED: usize = 3;

/// Takes away what an account does not see, without touching what it sees.
fn without_the_hidden(world: &mut World, account: &str) {
    let Visible { listed, unlisted } = Oracle::of(world).visible(account).as_ref().clone();
    let seen = |kind: oracle::Kind, id: u64| {
        let object = Object::new(kind, id);
        listed.contains(&object) || unlisted.contains(&object)
    };
    let (wiki, jira) = (&mut world.confluence, &mut world.jira);
    for id in wiki.comments.keys().copied().collect::<Vec<_>>() {
        if !seen(oracle::Kind::PageComment, id) {
            wiki.remove_comment(id);
        }
    }
    for id in wiki.attachments.keys().copied().collect::<Vec<_>>() {
        if !seen(oracle::Kind::PageAttachment, id) {
            wiki.remove_attachment(id);
        }
    }
    let content: Vec<(u64, oracle::Kind)> =
        wiki.content.values().map(|content| (content.id, oracle::Kind::of(content.kind))).collect();
    let hidden: BTreeSet<u64> = content.iter().filter(|(id, kind)| !seen(*kind, *id)).map(|(id, _)| *id).collect();
    let below = |wiki: &simulator::state::confluence::Confluence, id: u64| {
        wiki.children(id).any(|child| !hidden.contains(&child.id))
    };
    for id in hidden.iter().copied() {
        // A draft stays above what hangs below it.
        if !below(wiki, id) {
            wiki.remove_content(id);
        }
    }
    for id in jira.comments.keys().copied().collect::<Vec<_>>() {
        if !seen(oracle::Kind::IssueComment, id) {
            jira.remove_comment(id);
        }
    }
    for id in jira.attachments.keys().copied().collect::<Vec<_>>() {
        if !seen(oracle::Kind::IssueAttachment, id) {
            jira.remove_attachment(id);
        }
    }
    for id in jira.issues.keys().copied().collect::<Vec<_>>() {
        if !seen(oracle::Kind::Issue, id) {
            let links: Vec<u64> = jira.links_of(id).map(|link| link.id).collect();
            links.into_iter().for_each(|link| drop(jira.remove_link(link)));
            jira.remove_issue(id);
        }
    }
}

/// What the questions are made from: words of all documents, keys, names of containers, and what is not understood.
fn questions(world: &World) -> Vec<String> {
    let mut questions: Vec<String> =
        ["", "paper", "matter", "note", "remark", "file", "\"the text of\"", "\"paper s0n1 amber\""]
            .map(|words| format!("q={WORD}%20{}", words.replace(' ', "%20").replace('"', "%22")))
            .into();
    questions.extend(world.jira.issues.values().map(|issue| format!("q={}", issue.key)));
    questions
        .extend(world.confluence.content.values().map(|page| format!("q=%22{}%22", page.title.replace(' ', "%20"))));
    questions
        .extend(["page", "blog-post", "issue", "comment", "attachment"].map(|kind| format!("q={WORD}&type={kind}")));
    let containers = world.confluence.spaces.keys().chain(world.jira.projects.keys());
    for id in containers {
        questions.extend([1, 2].map(|source| format!("q={WORD}&in={source}:{id}")));
    }
    questions.extend(
        ["q=", "q=amber&page=0", "q=amber&page=9", "q=amber&type=nothing", "q=%22open", "q=-amber"].map(str::to_owned),
    );
    questions
}

/// The answer with its hits as a set, over all pages.
async fn answer(company: &Company, handle: &str, question: &str) -> Value {
    let (status, mut whole) = company.get(handle, &format!("/api/v1/search?{question}")).await;
    let mut hits = whole["hits"].as_array().cloned().unwrap_or_default();
    let total = whole["total"].as_u64().unwrap_or_default();
    for page in 2..=total.div_ceil(10) {
        if question.contains("page=") {
            break;
        }
        let (_, more) = company.get(handle, &format!("/api/v1/search?{question}&page={page}")).await;
        hits.extend(more["hits"].as_array().cloned().unwrap_or_default());
    }
    for hit in &mut hits {
        if let Some(nested) = hit["nested"].as_array_mut() {
            nested.sort_by_key(ToString::to_string);
            if nested.len() == MOST_NESTED {
                hit["nested"] = json!("full");
            }
        }
    }
    hits.sort_by_key(ToString::to_string);
    whole["hits"] = Value::Array(hits);
    if let Some(fields) = whole.as_object_mut() {
        // A number of the answer itself, to be found in the log.
        fields.remove("reference");
    }
    json!({"status": status, "answer": whole})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_from_somebody_changes_nothing_of_what_they_get() {
    let mut asked = 0;
    for (seed, handle) in [(3, "p5"), (8, "p7"), (21, "p9")] {
        let text = company(seed, Size::SMALL);
        let (world, mut smaller) = (parse(&text), parse(&text));
        let account = world.directory.people.values().find(|person| person.display_name == handle);
        let account = account.map(|person| person.account_id.clone()).unwrap_or_else(|| panic!("no `{handle}`"));
        let questions = questions(&world);
        without_the_hidden(&mut smaller, &account);
        let before = world.confluence.content.len() + world.jira.issues.len();
        let left = smaller.confluence.content.len() + smaller.jira.issues.len();
        assert!(left < before, "seed {seed}: nothing is hidden from {handle}");
        let [whole, smaller] = [Company::in_world(world).await, Company::in_world(smaller).await];
        for company in [&whole, &smaller] {
            company.try_sync().await.unwrap_or_else(|why| panic!("{why}"));
        }
        for question in questions {
            let [with, without] = [&whole, &smaller].map(|company| answer(company, handle, &question));
            let (with, without) = (with.await, without.await);
            assert_eq!(with, without, "seed {seed}: `{question}` tells {handle} of what is hidden");
            asked += 1;
        }
    }
    println!("{asked} questions with the same answers");
}
