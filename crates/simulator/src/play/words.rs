//! Changes in words, for people who read what a run has played.

use std::fmt;

use super::Change;

/// What the words of a change add where the service account was left out.
fn without(left_out: bool) -> &'static str {
    if left_out { ", which leaves the service account out" } else { "" }
}

fn audience(restricted: bool) -> &'static str {
    if restricted { " for some only" } else { "" }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        confluence(self, f)
    }
}

/// Content, what hangs on it, and spaces; hands everything else on.
fn confluence(change: &Change, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match change {
        Change::ContentCreated { content, space, word } => write!(f, "content {content} in space {space}: {word}"),
        Change::ContentEdited { content, word } => write!(f, "content {content} edited: {word}"),
        Change::ContentRenamed { content, word } => write!(f, "content {content} renamed: {word}"),
        Change::ContentMoved { content, from_space, to_space, parent } => {
            write!(f, "content {content} moved from space {from_space} to {to_space} below {parent}")
        }
        Change::ContentArchived { content } => write!(f, "content {content} archived"),
        Change::ContentUnarchived { content } => write!(f, "content {content} taken from the archive"),
        Change::ContentTrashed { content } => write!(f, "content {content} trashed"),
        Change::TreeTrashed { content } => write!(f, "content {content} trashed with all below it"),
        Change::ContentRestored { content } => write!(f, "content {content} restored"),
        Change::ContentPurged { content } => write!(f, "content {content} purged"),
        Change::ContentRestricted { content, service_left_out } => {
            write!(f, "content {content} restricted{}", without(*service_left_out))
        }
        Change::RestrictionNarrowed { content, service_left_out } => {
            write!(f, "restriction of content {content} narrowed{}", without(*service_left_out))
        }
        Change::RestrictionWidened { content, service_left_out } => {
            write!(f, "restriction of content {content} widened{}", without(*service_left_out))
        }
        Change::RestrictionLifted { content } => write!(f, "restriction of content {content} lifted"),
        Change::PageCommentAdded { comment, content, word } => {
            write!(f, "comment {comment} on content {content}: {word}")
        }
        Change::PageCommentEdited { comment, word } => write!(f, "comment {comment} edited: {word}"),
        Change::PageCommentDeleted { comment } => write!(f, "comment {comment} deleted"),
        Change::PageFileAttached { file, content, word } => write!(f, "file {file} on content {content}: {word}"),
        Change::PageFileReplaced { file } => write!(f, "file {file} replaced"),
        Change::PageFileTrashed { file } => write!(f, "file {file} trashed"),
        Change::PageFilePurged { file } => write!(f, "file {file} purged"),
        Change::SpaceGranted { space, principal } => write!(f, "space {space} opened to {principal}"),
        Change::SpaceRevoked { space, principal } => write!(f, "space {space} closed to {principal}"),
        Change::SpaceArchived { space } => write!(f, "space {space} archived"),
        Change::SpaceUnarchived { space } => write!(f, "space {space} taken from the archive"),
        other => jira(other, f),
    }
}

/// Issues, what hangs on them, and projects; hands everything else on.
fn jira(change: &Change, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match change {
        Change::IssueCreated { issue, project, word } => write!(f, "issue {issue} in project {project}: {word}"),
        Change::IssueEdited { issue, word } => write!(f, "issue {issue} edited: {word}"),
        Change::IssueMoved { issue, from, to } => write!(f, "issue {issue} moved from project {from} to {to}"),
        Change::IssueDeleted { issue } => write!(f, "issue {issue} deleted"),
        Change::IssueArchived { issue } => write!(f, "issue {issue} archived"),
        Change::IssueUnarchived { issue } => write!(f, "issue {issue} taken from the archive"),
        Change::IssueLevelled { issue, level: Some(level) } => write!(f, "issue {issue} in level {level}"),
        Change::IssueLevelled { issue, level: None } => write!(f, "issue {issue} in no level"),
        Change::IssueReported { issue, reporter } => write!(f, "issue {issue} reported by {reporter}"),
        Change::IssueAssigned { issue, assignee: Some(to) } => write!(f, "issue {issue} assigned to {to}"),
        Change::IssueAssigned { issue, assignee: None } => write!(f, "issue {issue} assigned to nobody"),
        Change::IssueCommentAdded { comment, issue, restricted, word } => {
            write!(f, "comment {comment} on issue {issue}{}: {word}", audience(*restricted))
        }
        Change::IssueCommentEdited { comment, restricted, word } => {
            write!(f, "comment {comment} of an issue edited{}: {word}", audience(*restricted))
        }
        Change::IssueCommentDeleted { comment } => write!(f, "comment {comment} of an issue deleted"),
        Change::IssueFileAttached { file, issue, word } => write!(f, "file {file} on issue {issue}: {word}"),
        Change::IssueFileDeleted { file } => write!(f, "file {file} of an issue deleted"),
        Change::ProjectKeyChanged { project, from, to } => {
            write!(f, "project {project} re-keyed from {from} to {to}")
        }
        Change::ProjectArchived { project } => write!(f, "project {project} archived"),
        Change::ProjectTrashed { project } => write!(f, "project {project} trashed"),
        Change::ProjectRestored { project } => write!(f, "project {project} restored"),
        other => rights(other, f),
    }
}

/// Who may do what, and who there is.
fn rights(change: &Change, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match change {
        Change::RoleActorAdded { project, role, actor } => {
            write!(f, "{actor} plays role {role} in project {project}")
        }
        Change::RoleActorRemoved { project, role, actor } => {
            write!(f, "{actor} no longer plays role {role} in project {project}")
        }
        Change::BrowseGranted { scheme, holder } => write!(f, "scheme {scheme} lets {holder} browse"),
        Change::BrowseRevoked { scheme, holder } => write!(f, "scheme {scheme} no longer lets {holder} browse"),
        Change::SchemeAssigned { project, scheme } => write!(f, "project {project} uses scheme {scheme}"),
        Change::LevelMemberAdded { level, holder } => write!(f, "{holder} in level {level}"),
        Change::LevelMemberRemoved { level, holder } => write!(f, "{holder} no longer in level {level}"),
        Change::GroupJoined { group, account } => write!(f, "account {account} joins group {group}"),
        Change::GroupLeft { group, account } => write!(f, "account {account} leaves group {group}"),
        Change::GroupCreated { group, name } => write!(f, "group {group} made as {name}"),
        Change::GroupRenamed { group, name } => write!(f, "group {group} renamed to {name}"),
        Change::GroupDeleted { group } => write!(f, "group {group} deleted"),
        Change::AccountDeactivated { account } => write!(f, "account {account} deactivated"),
        Change::AccountReactivated { account } => write!(f, "account {account} reactivated"),
        Change::AccountRenamed { account, name } => write!(f, "account {account} renamed to {name}"),
        // A kind without words shows its fields; the tests find it.
        other => write!(f, "{other:?}"),
    }
}
