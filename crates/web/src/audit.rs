//! What is written to the audit log, and how a row reads: one place for both, so that they stay one language.

use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use store::AuditEntry;

/// Something that an auditor wants to know about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Action {
    SignedIn,
    SignInFailed,
    SignedOut,
    AccountAdded,
    PasswordChanged,
    AccountMapped,
    AccountUnmapped,
    SourceConnected,
    ScopeChanged,
    SourceRemoved,
    Compared,
    Vouched,
    SyncStarted,
    SyncCancelled,
    BackupStarted,
    BackupRestored,
    AccessLookedUp,
    Objected,
    ObjectionSettled,
    WebhookMade,
    WebhookRenewed,
    WebhookSecretShown,
    WebhookRemoved,
    SourcePaused,
    SourceResumed,
    CyclesChanged,
    DeletionConfirmed,
    DeletionRefused,
    DeletionUndone,
    DeletionLimited,
    MaxAgeChanged,
    /// The hourly budget of calls to a source was changed.
    BudgetChanged,
}

impl Action {
    const ALL: &[Self] = &[
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::AccountAdded,
        Self::PasswordChanged,
        Self::AccountMapped,
        Self::AccountUnmapped,
        Self::SourceConnected,
        Self::ScopeChanged,
        Self::SourceRemoved,
        Self::Compared,
        Self::Vouched,
        Self::SyncStarted,
        Self::SyncCancelled,
        Self::BackupStarted,
        Self::BackupRestored,
        Self::AccessLookedUp,
        Self::Objected,
        Self::ObjectionSettled,
        Self::WebhookMade,
        Self::WebhookRenewed,
        Self::WebhookSecretShown,
        Self::WebhookRemoved,
        Self::SourcePaused,
        Self::SourceResumed,
        Self::CyclesChanged,
        Self::DeletionConfirmed,
        Self::DeletionRefused,
        Self::DeletionUndone,
        Self::DeletionLimited,
        Self::MaxAgeChanged,
        Self::BudgetChanged,
    ];

    /// The stable name that is stored.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "session.opened",
            Self::SignInFailed => "session.refused",
            Self::SignedOut => "session.closed",
            Self::AccountAdded => "account.added",
            Self::PasswordChanged => "account.password-changed",
            Self::AccountMapped => "account.mapped",
            Self::AccountUnmapped => "account.unmapped",
            Self::SourceConnected => "source.connected",
            Self::ScopeChanged => "source.scope-changed",
            Self::SourceRemoved => "source.removed",
            Self::Compared => "source.compared",
            Self::Vouched => "source.open-projects-changed",
            Self::SyncStarted => "sync.started",
            Self::SyncCancelled => "sync.cancelled",
            Self::BackupStarted => "backup.started",
            // Written by the store itself, while no hub runs.
            Self::BackupRestored => "backup.restored",
            Self::AccessLookedUp => "access.looked-up",
            Self::Objected => "document.objected",
            Self::ObjectionSettled => "objection.settled",
            Self::WebhookMade => "webhook.made",
            Self::WebhookRenewed => "webhook.renewed",
            Self::WebhookSecretShown => "webhook.secret-shown",
            Self::WebhookRemoved => "webhook.removed",
            Self::SourcePaused => "source.paused",
            Self::SourceResumed => "source.resumed",
            Self::CyclesChanged => "source.cycles-changed",
            Self::DeletionConfirmed => "deletion.confirmed",
            Self::DeletionRefused => "deletion.refused",
            Self::DeletionUndone => "deletion.undone",
            Self::DeletionLimited => "deletion.limited",
            Self::MaxAgeChanged => "source.max-age-changed",
            Self::BudgetChanged => "source.budget-changed",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in",
            Self::SignInFailed => "failed to sign in",
            Self::SignedOut => "signed out",
            Self::AccountAdded => "added an account",
            Self::PasswordChanged => "changed a password",
            Self::AccountMapped => "mapped an account to a person",
            Self::AccountUnmapped => "removed the mapping of an account",
            Self::SourceConnected => "connected a source",
            Self::ScopeChanged => "chose spaces or projects",
            Self::SourceRemoved => "removed a source",
            Self::Compared => "compared decisions with a source",
            Self::Vouched => "said which projects are open",
            Self::SyncStarted => "started a sync",
            Self::SyncCancelled => "cancelled a sync",
            Self::BackupStarted => "started a backup",
            Self::BackupRestored => "restored a backup",
            Self::AccessLookedUp => "looked up access",
            Self::Objected => "said that they should not see a document",
            Self::ObjectionSettled => "settled an objection",
            Self::WebhookMade => "made a webhook address",
            Self::WebhookRenewed => "made a new webhook address and secret",
            Self::WebhookSecretShown => "looked at a webhook's secret",
            Self::WebhookRemoved => "took a webhook address back",
            Self::SourcePaused => "paused a source",
            Self::SourceResumed => "resumed a source",
            Self::CyclesChanged => "changed how often a source is read",
            Self::DeletionConfirmed => "confirmed deletions",
            Self::DeletionRefused => "refused deletions",
            Self::DeletionUndone => "undid deletions",
            Self::DeletionLimited => "changed how far deletion may go",
            Self::MaxAgeChanged => "changed how old permissions may grow",
            Self::BudgetChanged => "changed how many calls an hour may be made",
        }
    }
}

/// The action behind a stored name, in words; names of other writers are shown as they are.
pub(crate) fn words_of(code: &str) -> &str {
    Action::ALL.iter().find(|action| action.code() == code).map_or(code, |action| action.words())
}

const FROM: &str = " from ";

/// Splits a stored target into the thing and the address that the request came from.
pub(crate) fn target_and_address(target: &str) -> (&str, Option<&str>) {
    match target.rsplit_once(FROM) {
        Some((thing, address)) if !address.contains(' ') || address == "this machine" => (thing, Some(address)),
        _ => (target, None),
    }
}

impl Hub {
    /// Writes an entry. What cannot be logged must not look done, so a failure here fails the request.
    pub(crate) async fn audit(
        &self,
        actor: &Actor,
        action: Action,
        target: &str,
        address: &Address,
    ) -> Result<(), Failure> {
        let target = format!("{target}{FROM}{}", address.0);
        let entry =
            AuditEntry { at: self.now(), actor: actor.name().to_owned(), action: action.code().to_owned(), target };
        Ok(self.app.store.audit(entry).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_it_was_written() {
        assert_eq!(words_of("sync.started"), "started a sync");
        assert_eq!(words_of("tombstones.purged"), "tombstones.purged");
        assert_eq!(target_and_address("ana@example.com from 10.0.0.7"), ("ana@example.com", Some("10.0.0.7")));
        assert_eq!(target_and_address("a from b from ::1"), ("a from b", Some("::1")));
        assert_eq!(target_and_address("a from this machine"), ("a", Some("this machine")));
        assert_eq!(target_and_address("32 documents"), ("32 documents", None));
    }
}
