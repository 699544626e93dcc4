//! Roles of spaces: whether the site uses them, and which of them let somebody see a space.

use super::ConfluenceCloud;
use super::fetch::{PAGE, unread_permission};
use super::wire::{Id, RoleMode, SpaceRole};
use crate::http::{Call, Endpoint, Trail, unless_refused};
use model::Problem;
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::FetchError;

/// What roles mean on this site.
#[derive(Debug, Default)]
pub(super) struct Roles {
    used: bool,
    alone: bool,
    reading: BTreeSet<Id>,
    known: BTreeSet<Id>,
}

impl Roles {
    /// Reads them once per run: roles are the site's, spaces only assign them.
    pub(super) async fn current(
        cloud: &ConfluenceCloud,
        afresh: bool,
        problems: &mut Vec<Problem>,
    ) -> Result<Arc<Self>, FetchError> {
        let mut kept = cloud.roles.lock().await;
        if let Some(roles) = kept.as_ref().filter(|_| !afresh) {
            return Ok(roles.clone());
        }
        let roles = Arc::new(Self::read(cloud, problems).await?);
        *kept = Some(roles.clone());
        Ok(roles)
    }

    async fn read(cloud: &ConfluenceCloud, problems: &mut Vec<Problem>) -> Result<Self, FetchError> {
        let mode = Call::new(Endpoint::ConfluenceSpaceRoleMode).confirmed();
        let mode: RoleMode = match unless_refused(cloud.gateway.send(mode).await)? {
            Ok(answer) => answer.json()?,
            Err(reason) => {
                let reason = format!("whether spaces use roles is unknown, so roles admit nobody: {reason}");
                problems.push(unread_permission(Endpoint::ConfluenceSpaceRoleMode.to_string(), reason));
                return Ok(Self::default());
            }
        };
        let (used, alone) = match mode.mode.as_str() {
            "PRE_ROLES" => (false, false),
            "ROLES" => (true, true),
            // In transition both count; an unknown mode is read as one, since each part only adds what it states.
            _ => (true, false),
        };
        if !used {
            return Ok(Self::default());
        }
        let (mut reading, mut known) = (BTreeSet::new(), BTreeSet::new());
        let (mut cursor, mut trail): (Option<String>, _) = (None, Trail::default());
        loop {
            let call = Call::new(Endpoint::ConfluenceSpaceRoles).query("limit", PAGE);
            let answer = match unless_refused(
                cloud.gateway.send(call.query_opt("cursor", cursor.as_ref()).confirmed()).await,
            )? {
                Ok(answer) => answer,
                Err(reason) => {
                    let reason = format!("what roles allow is unknown, so roles admit nobody: {reason}");
                    problems.push(unread_permission(Endpoint::ConfluenceSpaceRoles.to_string(), reason));
                    return Ok(Self { used, alone, ..Self::default() });
                }
            };
            let found: Vec<SpaceRole> = answer.records("results", "space role")?.into_found(problems);
            known.extend(found.iter().map(|role| role.id.clone()));
            reading.extend(found.into_iter().filter(SpaceRole::reads_space).map(|role| role.id));
            let Some(next) = answer.next_cursor()? else { return Ok(Self { used, alone, reading, known }) };
            trail.step(&next, &answer)?;
            cursor = Some(next);
        }
    }

    /// Whether spaces assign roles.
    pub(super) fn used(&self) -> bool {
        self.used
    }

    /// Whether roles are all there is.
    pub(super) fn alone(&self) -> bool {
        self.alone
    }

    /// Whether the site lists a role. Where roles could not be read at all, that was told once and every role counts as known.
    pub(super) fn knows(&self, role: &Id) -> bool {
        self.known.is_empty() || self.known.contains(role)
    }

    /// Whether a role lets its holders see the space.
    pub(super) fn reads_space(&self, role: &Id) -> bool {
        self.reading.contains(role) || access::mutants::off("confluence.role-must-read")
    }
}
