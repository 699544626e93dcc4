//! What hangs on an issue: comments and files. Both follow the issue's node.

use super::{Fields, ParsedIssue};
use crate::jira::cloud::wire::{self, IssueUser, millis};
use access::SourceId;
use model::{Body, ClauseKey, Document, DocumentKey, Facts, Kind, Millis, PersonName, Problem, ProblemKind};
use serde_json::Value;

/// What all documents of a source have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// The source.
    pub(crate) source: SourceId,
    /// The site's own address, without a slash at the end.
    pub(crate) site: &'a str,
    /// The custom fields that are read.
    pub(crate) fields: &'a Fields,
}

impl Frame<'_> {
    /// Adds a rich or plain text to a body, as blocks of their own.
    pub(super) fn add_text(
        &self,
        body: &mut Body,
        value: &Value,
        item: impl Fn() -> String,
        problems: &mut Vec<Problem>,
    ) {
        let text = text::adf::parse(value);
        if let Some(loss) = text.losses.first() {
            let reason = format!("part of its text cannot be understood: {loss}");
            problems.push(Problem::new(ProblemKind::Notice, item(), reason));
        }
        append(&mut body.text, &text.plain());
        append(&mut body.code, &text.code());
        for (_, heading) in text.headings() {
            append(&mut body.headings, &heading);
        }
    }
}

/// Adds a line of its own.
pub(super) fn append(target: &mut String, addition: &str) {
    if addition.is_empty() {
        return;
    }
    if !target.is_empty() {
        target.push('\n');
    }
    target.push_str(addition);
}

/// A person as shown. Jira sends names with ids; a name alone is what is left of an erased or anonymous author.
pub(super) fn person(user: &IssueUser) -> PersonName {
    PersonName { id: user.account_id.clone().unwrap_or_default(), name: user.display_name.clone().unwrap_or_default() }
}

fn time(text: Option<&String>) -> Option<Millis> {
    text.and_then(|text| millis(text))
}

/// A comment. Internal notes of service projects have no clause of their own: they are hidden from portal customers
/// only, and those hold nothing here (sheet section 3.3).
pub(crate) fn comment(
    frame: &Frame<'_>,
    issue: &ParsedIssue,
    comment: &wire::Comment,
    audience: Option<ClauseKey>,
    problems: &mut Vec<Problem>,
) -> Document {
    let mut body = Body::default();
    frame.add_text(&mut body, &comment.body, || format!("comment {}", comment.id.0), problems);
    let created = time(comment.created.as_ref()).unwrap_or(issue.document.created);
    let updated = time(comment.updated.as_ref()).unwrap_or(created);
    let facts = Facts { author: comment.author.as_ref().map(person), ..Facts::default() };
    Document {
        key: DocumentKey::new(Kind::Comment, &comment.id.0),
        url: format!("{}?focusedCommentId={}", issue.document.url, comment.id.0),
        title: issue.document.title.clone(),
        version: updated.0.to_string(),
        ..part(issue, (audience, body, facts), (created, updated))
    }
}

/// A file, found by its name. Its address is the site's, never the gateway's.
pub(crate) fn attachment(
    frame: &Frame<'_>,
    issue: &ParsedIssue,
    file: &wire::Attachment,
    audience: Option<ClauseKey>,
) -> Document {
    let created = time(file.created.as_ref()).unwrap_or(issue.document.created);
    let facts = Facts {
        author: file.author.as_ref().map(person),
        media_type: file.mime_type.clone(),
        size: file.size,
        ..Facts::default()
    };
    Document {
        key: DocumentKey::new(Kind::Attachment, &file.id.0),
        url: format!("{}/rest/api/3/attachment/content/{}", frame.site, file.id.0),
        title: file.filename.clone(),
        version: created.0.to_string(),
        ..part(issue, (audience, Body::default(), facts), (created, created))
    }
}

fn part(
    issue: &ParsedIssue,
    (audience, body, facts): (Option<ClauseKey>, Body, Facts),
    (created, updated): (Millis, Millis),
) -> Document {
    let above = &issue.document;
    Document {
        node: above.node.clone(),
        audience,
        parent: Some(above.key.clone()),
        container: above.container.clone(),
        issue_key: above.issue_key.clone(),
        body,
        facts,
        created,
        updated,
        key: above.key.clone(),
        title: String::new(),
        url: String::new(),
        version: String::new(),
    }
}
