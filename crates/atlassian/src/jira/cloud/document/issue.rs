//! An issue: its document, the level that its node adds, and whom its fields name.

use super::parts::{Frame, append, person};
use super::values;
use crate::jira::cloud::wire::{self, CommentPage, IssueGroup, IssueUser, millis};
use access::{DynamicHolder, Principal};
use model::{Body, ContainerKey, Document, DocumentKey, Facts, Kind, NodeKey, NodeKind, Problem, ProblemKind, Target};
use serde::Deserialize;
use serde_json::Value;

/// An issue's security level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Level {
    /// It has none.
    Open,
    /// It has this one.
    Id(String),
    /// It has one that cannot be read, which nobody is in.
    Unreadable,
}

/// An issue, taken apart.
#[derive(Debug)]
pub(crate) struct ParsedIssue {
    /// The project's id.
    pub(crate) project: String,
    /// The security level.
    pub(crate) level: Level,
    /// Whom its fields name, for dynamic holders.
    pub(crate) inline: Vec<(DynamicHolder, Principal)>,
    /// Its own document.
    pub(crate) document: Document,
    /// The comments that came with it, raw: perhaps not all of them.
    pub(crate) comments: Vec<Value>,
    /// How many comments it has in truth.
    pub(crate) comment_total: u64,
    /// Its files, raw.
    pub(crate) attachments: Vec<Value>,
}

#[derive(Deserialize)]
struct WithId {
    id: wire::Id,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    name: Option<String>,
    status_category: Option<StatusCategory>,
}

#[derive(Deserialize)]
struct StatusCategory {
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    inward_issue: Option<WithId>,
    outward_issue: Option<WithId>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

impl ParsedIssue {
    /// Takes an issue apart; `None`, with a problem, if it does not say which project it is in.
    pub(crate) fn read(frame: &Frame<'_>, mut issue: wire::Issue, problems: &mut Vec<Problem>) -> Option<Self> {
        let version = state(&issue);
        let Some(project) = issue.take::<WithId>("project").map(|project| project.id.0) else {
            let reason = "the issue does not say which project it is in, so it was left out";
            let target = Target::Document(DocumentKey::new(Kind::Issue, &issue.id.0));
            problems.push(Problem::new(ProblemKind::Record, format!("issue {}", issue.key), reason).about(target));
            return None;
        };
        let level = level(issue.fields.remove("security"));
        let reporter = issue.take::<IssueUser>("reporter");
        let assignee = issue.take::<IssueUser>("assignee");
        let inline = inline(frame, &mut issue, reporter.as_ref(), assignee.as_ref());
        let body = body(frame, &mut issue, problems);
        let comments: CommentPage = issue.take("comment").unwrap_or_default();
        let attachments = issue.take("attachment").unwrap_or_default();
        let time = |issue: &mut wire::Issue, field: &str| issue.take::<String>(field).and_then(|text| millis(&text));
        let created = time(&mut issue, "created").unwrap_or_default();
        let updated = time(&mut issue, "updated").unwrap_or(created);
        let facts = facts(&mut issue, reporter.as_ref(), assignee.as_ref());
        let document = Document {
            key: DocumentKey::new(Kind::Issue, &issue.id.0),
            node: NodeKey::new(NodeKind::Issue, &issue.id.0),
            audience: None,
            parent: None,
            container: ContainerKey(project.clone()),
            title: issue.take("summary").unwrap_or_default(),
            url: format!("{}/browse/{}", frame.site, issue.key),
            issue_key: Some(issue.key),
            body,
            facts,
            created,
            updated,
            version,
        };
        let comment_total = comments.total.unwrap_or(0).max(comments.comments.len() as u64);
        Some(Self { project, level, inline, document, comments: comments.comments, comment_total, attachments })
    }
}

/// The fields that tell whether anything has changed. Few and plain, so that a thousand issues fit into one call.
pub(crate) const STATE: [&str; 5] = ["updated", "security", "project", "status", "archiveddate"];

/// What a stored issue depends on: its last change, and what changes without one, such as the project's key, a level that
/// was given with a scheme, or the name of a status (sheet section 3.8).
pub(crate) fn state(issue: &wire::Issue) -> String {
    let field = |name: &str| issue.fields.get(name).filter(|value| !value.is_null());
    let id = |name: &str| field(name).map(|value| value.get("id").map_or_else(|| "?".to_owned(), plain));
    let updated = field("updated").and_then(Value::as_str).and_then(millis).unwrap_or_default();
    let status = field("status").and_then(|status| status.get("name")).and_then(Value::as_str).unwrap_or("-");
    let (project, level) = (id("project"), id("security"));
    let or_none = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
    format!("{} {} {} {} {status}", updated.0, issue.key, or_none(project), or_none(level))
}

fn plain(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// Absent and null mean none (sheet section 3.2). Anything else is a level, even if it cannot be read.
fn level(security: Option<Value>) -> Level {
    match security {
        None | Some(Value::Null) => Level::Open,
        Some(_) if access::mutants::off("jira.level") => Level::Open,
        Some(value) => match serde_json::from_value::<WithId>(value) {
            Ok(level) if !level.id.0.is_empty() => Level::Id(level.id.0),
            _ => Level::Unreadable,
        },
    }
}

/// Everybody in a field that a grant can name; whether one does may change without the issue changing.
fn inline(
    frame: &Frame<'_>,
    issue: &mut wire::Issue,
    reporter: Option<&IssueUser>,
    assignee: Option<&IssueUser>,
) -> Vec<(DynamicHolder, Principal)> {
    let account = |user: &IssueUser| {
        let id = user.account_id.as_deref().filter(|id| !id.is_empty())?;
        Some(Principal::account(frame.source, id))
    };
    let mut found = Vec::new();
    found.extend(reporter.and_then(account).map(|user| (DynamicHolder::Reporter, user)));
    found.extend(assignee.and_then(account).map(|user| (DynamicHolder::Assignee, user)));
    for field in &frame.fields.users {
        let users = issue.take::<OneOrMore<IssueUser>>(field).map(OneOrMore::into_vec).unwrap_or_default();
        let holder = DynamicHolder::UserField(field.as_str().into());
        found.extend(users.iter().filter_map(account).map(|user| (holder.clone(), user)));
    }
    for field in &frame.fields.groups {
        let groups = issue.take::<OneOrMore<IssueGroup>>(field).map(OneOrMore::into_vec).unwrap_or_default();
        let holder = DynamicHolder::GroupField(field.as_str().into());
        let groups = groups.iter().filter(|group| !group.group_id.is_empty());
        found.extend(groups.map(|group| (holder.clone(), Principal::group(frame.source, &group.group_id))));
    }
    found
}

/// Short fields whose words are the issue's own. Type, status and priority are not among them: each of their few words
/// stands on a large part of all issues.
const SHORT: [&str; 6] = ["components", "versions", "fixVersions", "resolution", "duedate", "labels"];

/// The texts first, since a hit without a match in them shows where they begin; then the short fields, a line each.
fn body(frame: &Frame<'_>, issue: &mut wire::Issue, problems: &mut Vec<Problem>) -> Body {
    let mut body = Body::default();
    let fields = ["description", "environment"].into_iter().chain(frame.fields.text.iter().map(String::as_str));
    for field in fields {
        let Some(value) = issue.fields.remove(field) else { continue };
        let item = || format!("field {field} of issue {}", issue.key);
        frame.add_text(&mut body, &value, item, problems);
    }
    for field in SHORT.into_iter().chain(frame.fields.short.iter().map(String::as_str)) {
        let mut words = Vec::new();
        if !issue.fields.get(field).is_none_or(|value| values::words(value, &mut words)) {
            let reason = "a value of it has another shape than expected and was left out";
            problems.push(Problem::new(ProblemKind::Notice, format!("field {field} of issue {}", issue.key), reason));
        }
        words.iter().for_each(|word| append(&mut body.text, word));
    }
    body
}

fn facts(issue: &mut wire::Issue, reporter: Option<&IssueUser>, assignee: Option<&IssueUser>) -> Facts {
    let name = |issue: &mut wire::Issue, field: &str| issue.take::<Named>(field).and_then(|named| named.name);
    let status = issue.take::<Status>("status");
    let (status, category) = status.map_or((None, None), |status| (status.name, status.status_category));
    let mut facts = Facts {
        author: issue.take::<IssueUser>("creator").as_ref().map(person),
        assignee: assignee.map(person),
        reporter: reporter.map(person),
        labels: issue.take("labels").unwrap_or_default(),
        status,
        status_category: category.and_then(|category| category.key),
        issue_type: name(issue, "issuetype"),
        priority: name(issue, "priority"),
        ..Facts::default()
    };
    let related = |related: WithId| DocumentKey::new(Kind::Issue, related.id.0);
    facts.relations.extend(issue.take::<WithId>("parent").map(related));
    facts.relations.extend(issue.take::<Vec<WithId>>("subtasks").unwrap_or_default().into_iter().map(related));
    let links = issue.take::<Vec<Link>>("issuelinks").unwrap_or_default();
    let ends = links.into_iter().flat_map(|link| [link.inward_issue, link.outward_issue]);
    facts.relations.extend(ends.flatten().map(related));
    facts
}
