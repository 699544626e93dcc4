//! Which layer keeps an account from an object, in words, so that a mismatch can be read.

use std::fmt;

use rusqlite::{OptionalExtension as _, Params, params};

use super::{Kind, OWN_SQL, Object, Oracle};

/// The first layer that does not admit, from the outside in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layer {
    /// No such account.
    NoAccount,
    /// No such object.
    NoObject,
    /// Not a user of Confluence.
    ConfluenceAccess,
    /// Not a user of Jira.
    JiraAccess,
    /// The space is not for it.
    Space(u64),
    /// Draft or trash.
    Status,
    /// The viewers of this content, the object itself or the ancestor nearest to the root.
    Restriction(u64),
    /// The project is in the trash.
    ProjectDeleted,
    /// No holder of Browse.
    Browse,
    /// Not in this security level.
    SecurityLevel(u64),
    /// Not in the comment's audience.
    Audience,
    /// The comment through which the file came.
    CommentOfFile,
}

impl fmt::Display for Layer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAccount => write!(out, "no such account"),
            Self::NoObject => write!(out, "no such object"),
            Self::ConfluenceAccess => write!(out, "no access to confluence"),
            Self::JiraAccess => write!(out, "no access to jira"),
            Self::Space(id) => write!(out, "not a reader of space {id}"),
            Self::Status => write!(out, "draft or trash"),
            Self::Restriction(id) => write!(out, "not a viewer of content {id}"),
            Self::ProjectDeleted => write!(out, "the project is in the trash"),
            Self::Browse => write!(out, "no holder of browse"),
            Self::SecurityLevel(id) => write!(out, "not in security level {id}"),
            Self::Audience => write!(out, "not in the comment's audience"),
            Self::CommentOfFile => write!(out, "cannot see the comment that brought the file"),
        }
    }
}

/// What contains the object, and so decides first.
#[derive(Clone, Copy)]
enum Within {
    Space(u64),
    Content(u64),
    File(u64),
    Project(u64),
    Issue(u64),
}

impl Oracle {
    /// `None` when the account sees the object, else the first layer that does not admit.
    ///
    /// # Panics
    /// When SQLite cannot get memory.
    pub fn why_not(&self, account: &str, object: Object) -> Option<Layer> {
        if self.may_see(account, object) {
            return None;
        }
        if self.ask_about(account).is_none() {
            return Some(Layer::NoAccount);
        }
        let Some(within) = self.within(object) else { return Some(Layer::NoObject) };
        let own = match object.kind {
            Kind::IssueComment | Kind::Worklog => Layer::Audience,
            Kind::IssueAttachment => Layer::CommentOfFile,
            Kind::Project => Layer::Browse,
            _ => Layer::Status,
        };
        Some(self.container(within).unwrap_or(own))
    }

    fn one(&self, sql: &str, with: impl Params) -> Option<u64> {
        let found = self
            .facts
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row(with, |row| row.get::<_, Option<i64>>(0)).optional());
        found.expect(OWN_SQL).flatten().map(i64::cast_unsigned)
    }

    fn is(&self, sql: &str, with: impl Params) -> bool {
        self.facts.prepare_cached(sql).and_then(|mut query| query.exists(with)).expect(OWN_SQL)
    }

    fn within(&self, object: Object) -> Option<Within> {
        let id = object.id.cast_signed();
        match object.kind {
            Kind::Space => self.one("SELECT id FROM space WHERE id = ?1", [id]).map(Within::Space),
            Kind::PageComment => {
                let on = self.one("SELECT content FROM page_comment WHERE id = ?1", [id]).map(Within::Content);
                on.or_else(|| self.one("SELECT attachment FROM page_comment WHERE id = ?1", [id]).map(Within::File))
            }
            Kind::PageAttachment => {
                self.one("SELECT content FROM page_attachment WHERE id = ?1", [id]).map(Within::Content)
            }
            Kind::Project => self.one("SELECT id FROM project WHERE id = ?1", [id]).map(Within::Project),
            Kind::Issue => self.one("SELECT id FROM issue WHERE id = ?1", [id]).map(Within::Issue),
            Kind::IssueComment => self.one("SELECT issue FROM issue_comment WHERE id = ?1", [id]).map(Within::Issue),
            Kind::Worklog => self.one("SELECT issue FROM worklog WHERE id = ?1", [id]).map(Within::Issue),
            Kind::IssueAttachment => {
                self.one("SELECT issue FROM issue_attachment WHERE id = ?1", [id]).map(Within::Issue)
            }
            _ => {
                let kind = object.kind.as_str();
                let found = self.one("SELECT id FROM content WHERE id = ?1 AND kind = ?2", params![id, kind]);
                found.map(Within::Content)
            }
        }
    }

    fn container(&self, within: Within) -> Option<Layer> {
        match within {
            Within::File(file) => {
                let page = self.one("SELECT content FROM page_attachment WHERE id = ?1", [file.cast_signed()]);
                page.and_then(|page| self.container(Within::Content(page)))
            }
            Within::Space(_) | Within::Content(_) if !self.is("SELECT 1 FROM wiki_user", []) => {
                Some(Layer::ConfluenceAccess)
            }
            Within::Project(_) | Within::Issue(_) if !self.is("SELECT 1 FROM jira_user", []) => Some(Layer::JiraAccess),
            Within::Space(space) => {
                let reads = self.is("SELECT 1 FROM space_reader WHERE space = ?1", [space.cast_signed()]);
                (!reads).then_some(Layer::Space(space))
            }
            Within::Content(content) => self.content(content),
            Within::Project(project) => {
                let sql = "SELECT 1 FROM project WHERE id = ?1 AND deleted";
                self.is(sql, [project.cast_signed()]).then_some(Layer::ProjectDeleted)
            }
            Within::Issue(issue) => self.issue(issue),
        }
    }

    fn content(&self, content: u64) -> Option<Layer> {
        let id = content.cast_signed();
        let space = self.one("SELECT space FROM content WHERE id = ?1", [id])?;
        if let Some(layer) = self.container(Within::Space(space)) {
            return Some(layer);
        }
        if self.is("SELECT 1 FROM hidden WHERE content = ?1", [id]) {
            let sql = "WITH RECURSIVE up (id, depth) AS (
                SELECT ?1, 0 UNION SELECT c.parent, up.depth + 1 FROM up JOIN content c ON c.id = up.id
                WHERE c.parent IS NOT NULL AND up.depth < 1000
              ) SELECT id FROM up JOIN closed ON closed.content = up.id ORDER BY depth DESC LIMIT 1";
            return self.one(sql, [id]).map(Layer::Restriction);
        }
        let seen = self.is("SELECT 1 FROM content_seen WHERE content = ?1", [id]);
        (!seen).then_some(Layer::Status)
    }

    fn issue(&self, issue: u64) -> Option<Layer> {
        let id = issue.cast_signed();
        let project = self.one("SELECT project FROM issue WHERE id = ?1", [id])?;
        if let Some(layer) = self.container(Within::Project(project)) {
            return Some(layer);
        }
        if !self.is("SELECT 1 FROM browses WHERE issue = ?1", [id]) {
            return Some(Layer::Browse);
        }
        if !self.is("SELECT 1 FROM in_level WHERE issue = ?1", [id]) {
            return self.one("SELECT security FROM issue WHERE id = ?1", [id]).map(Layer::SecurityLevel);
        }
        None
    }
}
