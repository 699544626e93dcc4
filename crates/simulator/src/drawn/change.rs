//! What happens in a company between two looks at it: one change of permissions, people, places or texts at a time.
//!
//! A change names things as people do, so that it still means the same after a company was made smaller around it; where
//! what it names is gone, nothing happens. Each is applied to the state directly, with the stamps that its route would set.

mod content;
mod issues;
mod people;
mod projects;
mod spaces;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::{Draw, Size};
use crate::state::World;
use crate::state::content::{Content, Status};

/// One change. Lists hold what lists of world files hold.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Change {
    /// Replaces the list of viewers; an empty one lifts the restriction.
    View {
        page: String,
        list: Vec<String>,
    },
    /// Moves content with all below it; `None` is the root of its space.
    Move {
        page: String,
        under: Option<String>,
    },
    /// Moves content with all below it to the root of another space.
    MoveToSpace {
        page: String,
        space: String,
    },
    /// Gives another title.
    Retitle {
        page: String,
        title: String,
    },
    /// Takes a secret out of a page, then lifts the restriction that kept it.
    Disclose {
        page: String,
        title: String,
    },
    /// Current, archived, trashed, draft.
    PageStatus {
        page: String,
        status: String,
    },
    /// Removes content for good.
    Purge {
        page: String,
    },
    /// Removes content and leaves what hung below it where it hung, as a deletion that broke off does.
    Orphan {
        page: String,
    },
    /// Whether a role of spaces lets its holders read.
    RoleReads {
        role: String,
        reads: bool,
    },
    /// Who reads a space by permission rows.
    Readers {
        space: String,
        list: Vec<String>,
    },
    /// Who may export a space, which is no right to read it.
    Exporters {
        space: String,
        list: Vec<String>,
    },
    /// Archives a space or takes it out.
    ArchiveSpace {
        space: String,
        archived: bool,
    },
    /// Takes all assignments of roles from a space.
    NoRoles {
        space: String,
    },
    Join {
        person: String,
        group: String,
    },
    Leave {
        person: String,
        group: String,
    },
    RenameGroup {
        group: String,
        name: String,
    },
    DeleteGroup {
        group: String,
    },
    Active {
        person: String,
        active: bool,
    },
    /// Gives a project another permission scheme.
    Scheme {
        project: String,
        scheme: String,
    },
    /// Replaces the holders of Browse in a scheme.
    Browse {
        scheme: String,
        holders: Vec<String>,
    },
    /// Replaces the members of a level.
    Level {
        level: String,
        members: Vec<String>,
    },
    /// Puts an issue into a level of its project's scheme, or out of all.
    Secure {
        issue: String,
        level: Option<String>,
    },
    /// Replaces the actors of a role in a project.
    Actors {
        project: String,
        role: String,
        list: Vec<String>,
    },
    Lead {
        project: String,
        person: String,
    },
    Report {
        issue: String,
        person: String,
    },
    Assign {
        issue: String,
        person: Option<String>,
    },
    /// Puts a person into `Approver` and a group into `Team`.
    Fields {
        issue: String,
        person: String,
        group: String,
    },
    MoveIssue {
        issue: String,
        project: String,
    },
    DeleteIssue {
        issue: String,
    },
    ArchiveProject {
        project: String,
        archived: bool,
    },
    /// Puts a project into the trash or takes it out.
    TrashProject {
        project: String,
        trashed: bool,
    },
    Rekey {
        project: String,
        key: String,
    },
    /// Replaces the audience of a comment: `group:…`, `role:…`, or all who see the issue.
    Audience {
        comment: String,
        only: Option<String>,
    },
    /// Adds a comment to an issue.
    Note {
        issue: String,
        text: String,
        only: Option<String>,
    },
    DeleteNote {
        comment: String,
    },
    /// Adds a page below another.
    Page {
        under: String,
        title: String,
        view: Vec<String>,
    },
    /// Adds an issue.
    Issue {
        project: String,
        summary: String,
    },
}

impl Change {
    /// Applies the change. False where something that it names is not there, and nothing happened.
    pub fn apply(&self, world: &mut World) -> bool {
        world.clock.advance(1_000);
        let parts = [
            Self::apply_to_content,
            Self::apply_to_spaces,
            Self::apply_to_people,
            Self::apply_to_projects,
            Self::apply_to_issues,
        ];
        parts.into_iter().any(|part| part(self, world).is_some())
    }
}

/// The next change of a company as it is now. `n` makes the names of new things unlike all others.
pub fn draw(world: &World, size: Size, n: usize, rng: &mut Rng) -> Change {
    let mut draw = Draw { rng: rng.clone(), size };
    let drawn = super::drawn_change::draw(world, n, &mut draw);
    *rng = draw.rng;
    drawn
}

/// What a listing shows of content without being asked for its status.
pub(super) fn living(content: &Content) -> bool {
    content.status == Status::Current
}
