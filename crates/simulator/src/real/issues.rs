//! Issues with their comments, links and files, dated as in the data.
//!
//! They are put into the world as they are, past the methods that stamp the present time. An issue whose number
//! 97 divides is of level `Core`, one whose number 41 divides of level `Reporter and lead`; a comment is for role
//! Developers or for core where 61 or 149 divide its place in the issue plus the issue's number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::people::People;
use super::projects::Projects;
use super::{LoadError, adf};
use crate::clock::Millis;
use crate::state::attachment::FileBytes;
use crate::state::issue::{Audience, Issue, IssueAttachment, IssueComment, IssueLink, adf as adf_lines};
use crate::state::{AccountId, World};

/// An issue of the data.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    /// Its key.
    title: String,
    summary: String,
    pub(super) project: ProjectName,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) priority: Option<String>,
    pub(super) resolution: Option<String>,
    assignee: Option<String>,
    reporter: Option<String>,
    date: String,
    updated: String,
    pub(super) versions: Vec<String>,
    #[serde(rename = "fixVersions")]
    pub(super) fix_versions: Vec<String>,
    pub(super) components: Vec<String>,
    environment: Option<String>,
    #[serde(rename = "issueLinks")]
    links: Vec<Link>,
    attachments: Vec<File>,
    comments: Vec<Comment>,
    body_md: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ProjectName {
    pub(super) key: String,
    pub(super) title: String,
}

#[derive(Debug, Deserialize)]
struct Link {
    #[serde(rename = "type")]
    kind: String,
    key: String,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    filename: String,
}

#[derive(Debug, Deserialize)]
struct Comment {
    author: String,
    date: String,
    body: String,
}

impl Record {
    /// Everybody who is named in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        let authors = self.comments.iter().map(|comment| &comment.author);
        self.assignee.iter().chain(&self.reporter).chain(authors)
    }

    fn time(&self, text: &str) -> Result<Millis, LoadError> {
        let time = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).and_then(|time| time.to_timestamp());
        time.map(jiff::Timestamp::as_millisecond)
            .map_err(|_| self.wrong(text, "a time such as `2020-01-08T09:29:53.811-0500`"))
    }

    fn number(&self) -> Result<u64, LoadError> {
        let number = self.title.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
        number.ok_or_else(|| self.wrong(&self.title, "a key such as `ENG-12`"))
    }

    fn wrong(&self, value: &str, expected: &'static str) -> LoadError {
        LoadError::Value { issue: self.title.clone(), value: value.to_owned(), expected }
    }
}

/// Adds all issues, oldest first, so that ids rise with time as at the source.
pub(super) fn add(
    world: &mut World,
    people: &People,
    projects: &Projects,
    records: &[Record],
) -> Result<(), LoadError> {
    let mut oldest_first = Vec::with_capacity(records.len());
    for record in records {
        oldest_first.push((record.time(&record.date)?, record.number()?, record));
    }
    oldest_first.sort_by_key(|(created, number, record)| (*created, *number, &record.title));
    let mut ids = HashMap::new();
    for (created, number, record) in oldest_first {
        let issue = add_issue(world, people, projects, record, (created, number))?;
        ids.insert(record.title.as_str(), issue);
    }
    let mut linked = BTreeSet::new();
    for record in records {
        for link in &record.links {
            let ends = (ids.get(record.title.as_str()).copied(), ids.get(link.key.as_str()).copied());
            let (Some(inward), Some(outward)) = ends else { continue };
            // Both ends of a link tell of it.
            if linked.insert((inward.min(outward), inward.max(outward), &link.kind)) {
                let id = world.jira.take_id("link");
                world.jira.put_link(IssueLink { id, link_type: link.kind.clone(), inward, outward });
            }
        }
    }
    Ok(())
}

fn add_issue(
    world: &mut World,
    people: &People,
    projects: &Projects,
    record: &Record,
    (created, number): (Millis, u64),
) -> Result<u64, LoadError> {
    let project = projects.ids.get(&record.project.key).copied().unwrap_or_default();
    let creator = people.named(record.reporter.as_ref()).unwrap_or_else(|| people.robot.clone());
    let issue = issue(people, projects, record, (project, created, number), &creator)?;
    let id = world.jira.take_id("issue");
    world.jira.put_issue(Issue { id, ..issue });
    if let Some(project) = world.jira.projects.get_mut(&project) {
        project.last_number = project.last_number.max(number);
    }
    add_comments(world, people, projects, record, (id, number))?;
    add_files(world, record, (id, created), &creator);
    Ok(id)
}

/// The issue as it stands, without an id.
fn issue(
    people: &People,
    projects: &Projects,
    record: &Record,
    (project, created, number): (u64, Millis, u64),
    creator: &AccountId,
) -> Result<Issue, LoadError> {
    let updated = record.time(&record.updated)?;
    let of_project = |ids: &BTreeMap<(String, String), u64>, wanted: &[String]| -> Vec<u64> {
        let key = |name: &String| (record.project.key.clone(), name.clone());
        wanted.iter().filter_map(|name| ids.get(&key(name)).copied()).collect()
    };
    let names = &projects.names;
    let resolution = record.resolution.as_ref().and_then(|name| names.resolutions.get(name).copied());
    Ok(Issue {
        id: 0,
        key: record.title.clone(),
        previous_keys: Vec::new(),
        project,
        number,
        issue_type: names.kinds.get(&record.kind).copied().unwrap_or_default(),
        status: names.statuses.get(&record.status).copied().unwrap_or_default(),
        priority: record.priority.as_ref().and_then(|name| names.priorities.get(name).copied()),
        resolution,
        resolved_at: resolution.map(|_| updated),
        summary: record.summary.clone(),
        description: adf::document(&record.body_md),
        environment: record.environment.as_deref().and_then(adf::document),
        labels: BTreeSet::new(),
        components: of_project(&projects.components, &record.components),
        fix_versions: of_project(&projects.versions, &record.fix_versions),
        affects_versions: of_project(&projects.versions, &record.versions),
        assignee: people.named(record.assignee.as_ref()),
        reporter: people.named(record.reporter.as_ref()),
        creator: creator.clone(),
        created,
        updated,
        due_date: None,
        security: match number {
            number if number.is_multiple_of(97) => Some(projects.core_level),
            number if number.is_multiple_of(41) => Some(projects.own_level),
            _ => None,
        },
        parent: None,
        custom: BTreeMap::new(),
        archived: false,
        changes: Vec::new(),
    })
}

fn add_comments(
    world: &mut World,
    people: &People,
    projects: &Projects,
    record: &Record,
    (issue, number): (u64, u64),
) -> Result<(), LoadError> {
    for (place, comment) in (number..).zip(&record.comments) {
        let created = record.time(&comment.date)?;
        let author = people.named(Some(&comment.author)).unwrap_or_else(|| people.robot.clone());
        let visibility = match place {
            place if place.is_multiple_of(149) => Some(Audience::Group(people.core.clone())),
            place if place.is_multiple_of(61) => Some(Audience::Role(projects.developers)),
            _ => None,
        };
        let id = world.jira.take_id("comment");
        world.jira.put_comment(IssueComment {
            id,
            issue,
            update_author: author.clone(),
            author,
            body: adf::document(&comment.body).unwrap_or_else(|| adf_lines("")),
            created,
            updated: created,
            visibility,
            jsd_public: true,
        });
    }
    Ok(())
}

fn add_files(world: &mut World, record: &Record, (issue, created): (u64, Millis), author: &AccountId) {
    for file in &record.attachments {
        let id = world.jira.take_id("attachment");
        let media_type = if file.kind == "image" { "image/png" } else { "application/octet-stream" };
        world.jira.put_attachment(IssueAttachment {
            id,
            issue,
            comment: None,
            filename: file.filename.clone(),
            media_type: media_type.to_owned(),
            author: author.clone(),
            created,
            bytes: FileBytes::Generated { seed: id, size: 1024 },
        });
    }
}
