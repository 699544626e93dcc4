//! What a step changed, in the ids of the source.

use serde::{Deserialize, Serialize};

use crate::oracle::{Kind, Object};
use crate::state::World;

/// One change. Fields are ids of the source, named after what they identify (`content` is a page, blog post or folder);
/// `word` is a word that the change wrote, and that stands nowhere else.
#[expect(missing_docs, reason = "fields are ids of the source, named after what they identify")]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A new page or blog post.
    ContentCreated { content: u64, space: u64, word: String },
    /// Another body.
    ContentEdited { content: u64, word: String },
    /// Another title.
    ContentRenamed { content: u64, word: String },
    /// Another place in the tree of its space, or another space, with everything below.
    ContentMoved { content: u64, from_space: u64, to_space: u64, parent: u64 },
    /// Page to the archive.
    ContentArchived { content: u64 },
    /// Page out of the archive.
    ContentUnarchived { content: u64 },
    /// Into the trash; what lies below moves up.
    ContentTrashed { content: u64 },
    /// Into the trash with everything below.
    TreeTrashed { content: u64 },
    /// Out of the trash.
    ContentRestored { content: u64 },
    /// Out of the trash for good.
    ContentPurged { content: u64 },
    /// A first view restriction.
    ContentRestricted { content: u64, service_left_out: bool },
    /// Fewer who may view.
    RestrictionNarrowed { content: u64, service_left_out: bool },
    /// More who may view.
    RestrictionWidened { content: u64, service_left_out: bool },
    /// No view restriction any more.
    RestrictionLifted { content: u64 },
    /// A footer or inline comment, or a reply.
    PageCommentAdded { comment: u64, content: u64, word: String },
    /// Another text.
    PageCommentEdited { comment: u64, word: String },
    /// Gone, with its replies.
    PageCommentDeleted { comment: u64 },
    /// A new file.
    PageFileAttached { file: u64, content: u64, word: String },
    /// A new version of a file.
    PageFileReplaced { file: u64 },
    /// Into the trash.
    PageFileTrashed { file: u64 },
    /// Gone for good.
    PageFilePurged { file: u64 },
    /// A group or account may view a space.
    SpaceGranted { space: u64, principal: String },
    /// A group or account may no longer view a space.
    SpaceRevoked { space: u64, principal: String },
    /// The space is archived.
    SpaceArchived { space: u64 },
    /// The space is in use again.
    SpaceUnarchived { space: u64 },
    /// A new issue.
    IssueCreated { issue: u64, project: u64, word: String },
    /// Another summary or description.
    IssueEdited { issue: u64, word: String },
    /// Another project, and so another key.
    IssueMoved { issue: u64, from: u64, to: u64 },
    /// Gone, with its sub-tasks.
    IssueDeleted { issue: u64 },
    /// Archived.
    IssueArchived { issue: u64 },
    /// In use again.
    IssueUnarchived { issue: u64 },
    /// Another security level, or none.
    IssueLevelled { issue: u64, level: Option<u64> },
    /// Another reporter.
    IssueReported { issue: u64, reporter: String },
    /// Another assignee, or nobody.
    IssueAssigned { issue: u64, assignee: Option<String> },
    /// A new comment; `restricted` when it is for a role or group only.
    IssueCommentAdded { comment: u64, issue: u64, restricted: bool, word: String },
    /// Another text, maybe another audience.
    IssueCommentEdited { comment: u64, restricted: bool, word: String },
    /// Gone.
    IssueCommentDeleted { comment: u64 },
    /// A new file.
    IssueFileAttached { file: u64, issue: u64, word: String },
    /// Gone.
    IssueFileDeleted { file: u64 },
    /// Another key; all issues are re-keyed.
    ProjectKeyChanged { project: u64, from: String, to: String },
    /// Archived: its issues are no longer found.
    ProjectArchived { project: u64 },
    /// Into the trash.
    ProjectTrashed { project: u64 },
    /// In use again.
    ProjectRestored { project: u64 },
    /// Somebody plays a role.
    RoleActorAdded { project: u64, role: u64, actor: String },
    /// Somebody no longer plays a role.
    RoleActorRemoved { project: u64, role: u64, actor: String },
    /// A further grant of Browse.
    BrowseGranted { scheme: u64, holder: String },
    /// One grant of Browse less.
    BrowseRevoked { scheme: u64, holder: String },
    /// Another permission scheme.
    SchemeAssigned { project: u64, scheme: u64 },
    /// A further member of a level.
    LevelMemberAdded { level: u64, holder: String },
    /// One member of a level less.
    LevelMemberRemoved { level: u64, holder: String },
    /// An account joins a group.
    GroupJoined { group: String, account: String },
    /// An account leaves a group.
    GroupLeft { group: String, account: String },
    /// A new, empty group.
    GroupCreated { group: String, name: String },
    /// Another name, the same id.
    GroupRenamed { group: String, name: String },
    /// Gone; lists may still name it.
    GroupDeleted { group: String },
    /// Switched off.
    AccountDeactivated { account: String },
    /// Switched on.
    AccountReactivated { account: String },
    /// Another name, the same id.
    AccountRenamed { account: String, name: String },
}

impl Change {
    /// The word that the change wrote, for a test that waits for it.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::ContentCreated { word, .. }
            | Self::ContentEdited { word, .. }
            | Self::ContentRenamed { word, .. }
            | Self::PageCommentAdded { word, .. }
            | Self::PageCommentEdited { word, .. }
            | Self::PageFileAttached { word, .. }
            | Self::IssueCreated { word, .. }
            | Self::IssueEdited { word, .. }
            | Self::IssueCommentAdded { word, .. }
            | Self::IssueCommentEdited { word, .. }
            | Self::IssueFileAttached { word, .. } => Some(word),
            _ => None,
        }
    }

    /// The one document, space or project that was changed itself. `None` for changes of people, roles, schemes and levels,
    /// and for content that no longer exists.
    pub fn object(&self, world: &World) -> Option<Object> {
        self.in_confluence(world).or_else(|| self.in_jira())
    }

    fn in_confluence(&self, world: &World) -> Option<Object> {
        Some(match self {
            Self::ContentCreated { content, .. }
            | Self::ContentEdited { content, .. }
            | Self::ContentRenamed { content, .. }
            | Self::ContentMoved { content, .. }
            | Self::ContentArchived { content }
            | Self::ContentUnarchived { content }
            | Self::ContentTrashed { content }
            | Self::TreeTrashed { content }
            | Self::ContentRestored { content }
            | Self::ContentPurged { content }
            | Self::ContentRestricted { content, .. }
            | Self::RestrictionNarrowed { content, .. }
            | Self::RestrictionWidened { content, .. }
            | Self::RestrictionLifted { content } => {
                Object::new(Kind::of(world.confluence.content.get(content)?.kind), *content)
            }
            Self::PageCommentAdded { comment, .. }
            | Self::PageCommentEdited { comment, .. }
            | Self::PageCommentDeleted { comment } => Object::new(Kind::PageComment, *comment),
            Self::PageFileAttached { file, .. }
            | Self::PageFileReplaced { file }
            | Self::PageFileTrashed { file }
            | Self::PageFilePurged { file } => Object::new(Kind::PageAttachment, *file),
            Self::SpaceGranted { space, .. }
            | Self::SpaceRevoked { space, .. }
            | Self::SpaceArchived { space }
            | Self::SpaceUnarchived { space } => Object::new(Kind::Space, *space),
            _ => return None,
        })
    }

    fn in_jira(&self) -> Option<Object> {
        Some(match self {
            Self::IssueCreated { issue, .. }
            | Self::IssueEdited { issue, .. }
            | Self::IssueMoved { issue, .. }
            | Self::IssueDeleted { issue }
            | Self::IssueArchived { issue }
            | Self::IssueUnarchived { issue }
            | Self::IssueLevelled { issue, .. }
            | Self::IssueReported { issue, .. }
            | Self::IssueAssigned { issue, .. } => Object::new(Kind::Issue, *issue),
            Self::IssueCommentAdded { comment, .. }
            | Self::IssueCommentEdited { comment, .. }
            | Self::IssueCommentDeleted { comment } => Object::new(Kind::IssueComment, *comment),
            Self::IssueFileAttached { file, .. } | Self::IssueFileDeleted { file } => {
                Object::new(Kind::IssueAttachment, *file)
            }
            Self::ProjectKeyChanged { project, .. }
            | Self::ProjectArchived { project }
            | Self::ProjectTrashed { project }
            | Self::ProjectRestored { project } => Object::new(Kind::Project, *project),
            _ => return None,
        })
    }
}
