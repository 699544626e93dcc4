//! The issues stream: ids first, then issues with their comments and files, a few hundred per batch.

use super::audiences::{Keys, Wanted};
use super::bulk::{AT_ONCE, PER_CALL};
use super::comments::Read;
use super::cursor::IssueCursor;
use crate::http::unless_refused;
use crate::http::{Call, Endpoint};
use crate::jira::cloud::JiraCloud;
use crate::jira::cloud::document::{self, Carriers, Fields, Frame, Level, ParsedIssue};
use crate::jira::cloud::permissions::{Audience, level_key};
use crate::jira::cloud::wire::{self, each};
use crate::known::store_failed;
use access::{Clause, Hidden};
use model::{ClauseKey, Kind, NamedKind, NodeKey, NodeKind, Origin, Problem, ProblemKind, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known, Reading};

impl JiraCloud {
    /// Some hundred issues with everything that hangs on them.
    pub(crate) async fn read_issues(
        &self,
        reading: &Reading,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        if cursor.is_none() {
            self.cache.clear_issues();
        }
        let projects = projects(known)?;
        let mut problems = Vec::new();
        let mut cursor = IssueCursor::read(cursor);
        if let Some(ids) = own_targets(reading) {
            let items = self.whole(&ids, &projects, &mut problems).await?;
            return Ok(Batch::new(items, problems, Checkpoint::Complete));
        }
        if let Some(behind) = cursor.confirming {
            return self.confirm(cursor, behind, &projects, known).await;
        }
        let since = match reading {
            Reading::Changes { since } => Some(*since),
            Reading::Whole | Reading::Structure | Reading::Only(_) => None,
        };
        let Some(page) = self.page(&mut cursor, &projects, since, &mut problems).await? else {
            return Ok(Batch::new(Vec::new(), problems, end_of(reading, cursor)));
        };
        let whole = matches!(reading, Reading::Whole | Reading::Only(_));
        // Asked for once: a total that Jira does not tell is not asked for with every batch.
        if whole && cursor.total.is_none() && cursor.issues == 0 {
            cursor.total = self.total(&page, &projects).await;
        }
        let behind = page.ids.partition_point(|id| cursor.after.is_some_and(|after| *id <= after));
        let (end, items) = if whole {
            let end = (behind + PER_CALL * AT_ONCE).min(page.ids.len());
            (end, self.whole(&page.ids[behind..end], &projects, &mut problems).await?)
        } else {
            let complete = reading.proves_absence();
            let some = &page.ids[behind..];
            let (taken, items) = self.changed(some, complete, &projects, known, &mut problems).await?;
            (behind + taken, items)
        };
        cursor.issues += (end - behind) as u64;
        cursor.documents += items.iter().filter(|item| matches!(item, Item::Document(_))).count() as u64;
        let expected = cursor.expected();
        if end < page.ids.len() {
            cursor.after = page.ids.get(end - 1).copied();
        } else if let Some(next) = page.next {
            (cursor.token, cursor.after) = (Some(next), None);
        } else {
            cursor.next_projects();
        }
        let over = cursor.first >= projects.len();
        let checkpoint = if over { end_of(reading, cursor) } else { Checkpoint::At(cursor.write()) };
        Ok(Batch { expected, ..Batch::new(items, problems, checkpoint) })
    }

    /// Issues with everything that hangs on them, as far as they are in scope.
    pub(super) async fn whole(
        &self,
        ids: &[u64],
        projects: &[String],
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Item>, FetchError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let fields = self.fields(problems).await?;
        let mut issues = self.issues(ids, &fields, problems).await?;
        issues.retain(|issue| projects.binary_search(&issue.project).is_ok() || moved_away(issue, problems));
        self.items(issues, &fields, problems).await
    }

    /// The custom fields to read, asked for once per crawl.
    async fn fields(&self, problems: &mut Vec<Problem>) -> Result<Arc<Fields>, FetchError> {
        if let Some(kept) = self.cache.lock().fields.clone() {
            return Ok(kept);
        }
        let answer = self.gateway.send(Call::new(Endpoint::JiraFields)).await;
        let fields = match unless_refused(answer.and_then(|answer| answer.array::<wire::Field>("field")))? {
            Ok(records) => Fields::read(records.into_found(problems)),
            Err(reason) => {
                let reason = format!(
                    "{reason}; texts in custom fields are not found, and grants to people in custom fields admit nobody"
                );
                problems.push(Problem::new(ProblemKind::Permission, "custom fields", reason));
                Fields::default()
            }
        };
        let fields = Arc::new(fields);
        self.cache.lock().fields = Some(fields.clone());
        Ok(fields)
    }

    /// Clauses first, then each issue with its node, so that nothing points to a clause that is not there yet.
    async fn items(
        &self,
        mut issues: Vec<ParsedIssue>,
        fields: &Fields,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Item>, FetchError> {
        let mut comments = self.comments(&mut issues).await?;
        comments.iter_mut().for_each(|read| problems.append(&mut read.problems));
        let (keys, mut clauses) = self.audiences(wanted(&issues, &comments), problems).await?;
        clauses.extend(self.missing_levels(&issues, problems).await?);
        let frame = Frame { source: self.source, site: &self.site, fields };
        let mut items = Vec::new();
        for (issue, read) in issues.into_iter().zip(comments) {
            let (issue_key, whole_comments) = (issue.document.key.clone(), read.whole);
            let whole_files = add_issue(&mut items, &frame, issue, (read, &keys, &mut clauses), problems);
            let listed = [(Kind::Comment, whole_comments), (Kind::Attachment, whole_files)];
            items.extend(listed.into_iter().filter(|(_, complete)| *complete).map(|(kind, _)| {
                let parent = issue_key.clone();
                Item::ChildrenListed { parent, kind }
            }));
        }
        let clauses = clauses.into_iter().map(|(key, clause)| Item::Clause { key, clause });
        let named = fields.names.iter().map(|(native, name)| Item::Name {
            kind: NamedKind::Field,
            native: native.clone(),
            name: name.clone(),
        });
        Ok(named.chain(clauses).chain(items).collect())
    }

    /// Clauses for levels that the containers stream of this process has not handed over: after a restart, or for a
    /// level that cannot be read, which admits nobody.
    async fn missing_levels(
        &self,
        issues: &[ParsedIssue],
        problems: &mut Vec<Problem>,
    ) -> Result<BTreeMap<ClauseKey, Clause>, FetchError> {
        let mut clauses = BTreeMap::new();
        for issue in issues {
            let Some(key) = own_level(issue) else { continue };
            if clauses.contains_key(&key) || self.cache.lock().levels.contains(&key) {
                continue;
            }
            let clause = match &issue.level {
                Level::Id(level) => {
                    let security = self.security(problems).await?;
                    let clause = self.level(level, &issue.project, security.as_ref().as_ref(), problems).await?;
                    clause.unwrap_or_else(|| Clause::nobody(Hidden::Forbidden))
                }
                Level::Open | Level::Unreadable => Clause::nobody(Hidden::NotUnderstood),
            };
            if let Some(cause) = clause.hidden() {
                let item = format!("security level {}", key.native);
                let reason =
                    format!("its members are not known ({cause}), so nobody finds its issues: {}", cause.remedy());
                problems.push(Problem::new(ProblemKind::Permission, item, reason));
            }
            clauses.insert(key, clause);
        }
        Ok(clauses)
    }
}

/// The projects whose issues can be listed, by id: Jira finds no issues of archived ones (sheet section 3.8).
fn projects(known: &dyn Known) -> Result<Vec<String>, FetchError> {
    let containers = known.containers().map_err(store_failed)?;
    let live = containers.into_iter().filter(|container| !container.archived);
    let mut projects: Vec<String> = live.map(|container| container.key.0).collect();
    projects.sort_unstable();
    projects.dedup();
    Ok(projects)
}

/// The issues to read again; everything is read where a whole project or something that hangs on an issue is asked for.
fn own_targets(reading: &Reading) -> Option<Vec<u64>> {
    let Reading::Only(targets) = reading else { return None };
    let own = |target: &Target| match target {
        Target::Document(key) if key.kind == Kind::Issue => key.native.parse().ok(),
        Target::Document(_) | Target::Container(_) => None,
    };
    targets.iter().map(own).collect()
}

/// What follows the listing: where it has to be complete, a look at what it did not name.
fn end_of(reading: &Reading, cursor: IssueCursor) -> Checkpoint {
    match reading.proves_absence() {
        true => Checkpoint::At(IssueCursor { confirming: Some(0), ..cursor }.write()),
        false => Checkpoint::Complete,
    }
}

/// Notes an issue that left the scope between the listing and the read. Never keeps it.
fn moved_away(issue: &ParsedIssue, problems: &mut Vec<Problem>) -> bool {
    let reason = "it was moved to a project that is not in scope, so it was left out";
    problems.push(Problem::new(ProblemKind::Notice, format!("issue {}", issue.document.key.native), reason));
    false
}

fn own_level(issue: &ParsedIssue) -> Option<ClauseKey> {
    match &issue.level {
        Level::Open => None,
        Level::Id(level) => Some(level_key(level, &issue.project)),
        Level::Unreadable => Some(level_key("unreadable", &issue.project)),
    }
}

fn wanted(issues: &[ParsedIssue], comments: &[Read]) -> BTreeSet<Wanted> {
    let each = issues.iter().zip(comments).flat_map(|(issue, read)| {
        let restricted = read.comments.iter().filter_map(|comment| comment.visibility.as_ref());
        restricted.map(|visibility| (Audience::read(visibility), issue.project.clone()))
    });
    each.collect()
}

/// Adds an issue with what hangs on it; says whether all of its files could be understood.
fn add_issue(
    items: &mut Vec<Item>,
    frame: &Frame<'_>,
    mut issue: ParsedIssue,
    (read, keys, clauses): (Read, &Keys, &mut BTreeMap<ClauseKey, Clause>),
    problems: &mut Vec<Problem>,
) -> bool {
    let node = issue.document.node.clone();
    let parent = NodeKey::new(NodeKind::Project, &issue.project);
    items.push(Item::Place { node: node.clone(), parent: Some(parent) });
    let inline = std::mem::take(&mut issue.inline);
    items.push(Item::Layers { node, own: own_level(&issue).into_iter().collect(), inline });
    items.push(Item::Document(Box::new(issue.document.clone())));
    let mut carriers = Carriers::default();
    if !read.whole {
        carriers.miss();
    }
    for comment in &read.comments {
        let audience = comment.visibility.as_ref().map(|visibility| {
            let wanted = (Audience::read(visibility), issue.project.clone());
            let unknown = || ClauseKey::new(Origin::Audience, format!("unresolved@{}", issue.project));
            keys.get(&wanted).cloned().unwrap_or_else(unknown)
        });
        if let Some(audience) = &audience {
            clauses.entry(audience.clone()).or_insert_with(|| Clause::nobody(Hidden::NotUnderstood));
            carriers.add(comment, audience);
        }
        items.push(Item::Document(Box::new(document::comment(frame, &issue, comment, audience, problems))));
    }
    let (files, misfits) = each::<wire::Attachment>(std::mem::take(&mut issue.attachments));
    let whole_files = misfits.is_empty();
    if !read.whole && !files.is_empty() {
        let reason = "a comment of it could not be read, and its files may belong to that comment, so nobody finds them; \
                      give the service account a place in every role and group that comments are restricted to";
        let item = format!("files of issue {}", issue.document.key.native);
        problems.push(Problem::new(ProblemKind::Permission, item, reason));
    }
    problems.extend(misfits.into_iter().map(|misfit| {
        let reason = format!("the record cannot be understood and was left out: {}", misfit.reason);
        misfit.about(Kind::Attachment, Problem::new(ProblemKind::Record, misfit.item("attachment"), reason))
    }));
    carriers.settle(&files);
    for file in &files {
        let audience = carriers.audience(file, &issue.project).map(|(key, closed)| {
            if closed {
                clauses.entry(key.clone()).or_insert_with(|| Clause::nobody(Hidden::NotUnderstood));
            }
            key
        });
        items.push(Item::Document(Box::new(document::attachment(frame, &issue, file, audience))));
    }
    whole_files
}
