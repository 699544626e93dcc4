//! Issue security: which levels exist, whom they name, and which projects use them (Appendix A4).
//!
//! A level's members are the same everywhere, but a role among them has other members in each project, so a level
//! becomes one clause per project.

use super::{Actors, ClauseBuilder, Named, scheme};
use crate::jira::cloud::wire::{self, Misfit};
use access::{Clause, SourceId};
use model::{ClauseKey, Origin, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// The key of a level's clause in one project.
pub(crate) fn level_key(level: &str, project: &str) -> ClauseKey {
    ClauseKey::new(Origin::SecurityLevel, format!("{level}@{project}"))
}

/// All levels that the account may read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Security {
    members: BTreeMap<String, Vec<Named>>,
    levels_of_scheme: BTreeMap<String, BTreeSet<String>>,
    scheme_of_project: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Security {
    /// Joins the three answers. A malformed member grants nothing but is told wherever levels are used, because it does
    /// not say which level it belongs to.
    pub(crate) fn read(
        schemes: wire::SecuritySchemes,
        members: Vec<wire::LevelMember>,
        misfits: &[Misfit],
        projects: Vec<wire::SchemeProject>,
    ) -> Self {
        let mut security = Self::default();
        for scheme in schemes.issue_security_schemes {
            let named = scheme.levels.iter().filter_map(|level| Some((level.id.0.clone(), level.name.clone()?)));
            security.names.extend(named);
            let levels: BTreeSet<String> = scheme.levels.into_iter().map(|level| level.id.0).collect();
            // A level without members exists, too: it hides its issues from everybody.
            for level in &levels {
                security.members.entry(level.clone()).or_default();
            }
            security.levels_of_scheme.insert(scheme.id.0, levels);
        }
        for member in members {
            let named = Named::read(&member.holder);
            security.members.entry(member.issue_security_level_id.0).or_default().push(named);
        }
        for misfit in misfits {
            let lost = Named::NotUnderstood(format!("a malformed member: {}", misfit.reason));
            security.members.values_mut().for_each(|named| named.push(lost.clone()));
        }
        let pairs = projects.into_iter().map(|pair| (pair.project_id.0, pair.issue_security_scheme_id.0));
        security.scheme_of_project = pairs.collect();
        security
    }

    /// The levels that issues of a project can have.
    pub(crate) fn levels_of(&self, project: &str) -> impl Iterator<Item = &str> {
        let scheme = self.scheme_of_project.get(project);
        scheme.and_then(|scheme| self.levels_of_scheme.get(scheme)).into_iter().flatten().map(String::as_str)
    }

    /// What Jira calls a level.
    pub(crate) fn name_of(&self, level: &str) -> Option<&str> {
        self.names.get(level).map(String::as_str)
    }

    /// The roles whose members are needed to resolve a level; `None` for a level that is not known.
    pub(crate) fn roles_of(&self, level: &str) -> Option<BTreeSet<String>> {
        self.members.get(level).map(|named| scheme::roles(named))
    }

    /// Whether a level names the project's lead.
    pub(crate) fn names_lead(&self, level: &str) -> bool {
        self.members.get(level).is_some_and(|named| named.contains(&Named::Lead))
    }

    /// The clause of a level in one project; `None` for a level that is not known.
    pub(crate) fn clause<'a>(
        &self,
        source: SourceId,
        (level, project): (&str, &str),
        lead: Option<&str>,
        actors: impl Fn(&str) -> Option<&'a Actors>,
    ) -> Option<(Clause, Vec<Problem>)> {
        let named = self.members.get(level)?;
        let mut builder = ClauseBuilder::new(source, format!("security level {level} in project {project}"));
        for named in named {
            builder.add(named, lead, &actors);
        }
        Some(builder.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{DynamicHolder, Hidden, Principal};
    use serde_json::json;

    fn sample(misfits: &[Misfit]) -> Security {
        let schemes = json!({"issueSecuritySchemes": [{"id": 10000, "name": "S", "defaultSecurityLevelId": 10021,
            "levels": [{"id": "10021", "name": "Staff"}, {"id": 10022, "name": "Nobody"}]}]});
        let members = json!([
            {"id": "10000", "issueSecurityLevelId": "10021", "issueSecuritySchemeId": "10000", "managed": false,
             "holder": {"type": "group", "parameter": "staff", "value": "g-uuid-2"}},
            {"id": "10001", "issueSecurityLevelId": "10021", "issueSecuritySchemeId": "10000", "managed": false,
             "holder": {"type": "reporter"}},
            {"id": "10002", "issueSecurityLevelId": 10021, "issueSecuritySchemeId": "10000", "managed": false,
             "holder": {"type": "projectrole", "parameter": "10002", "value": "10002"}}]);
        let projects = json!([{"issueSecuritySchemeId": "10000", "projectId": "10100"}]);
        Security::read(
            serde_json::from_value(schemes).unwrap(),
            serde_json::from_value(members).unwrap(),
            misfits,
            serde_json::from_value(projects).unwrap(),
        )
    }

    #[test]
    fn appendix_a4_becomes_a_clause_per_project() {
        let security = sample(&[]);
        assert_eq!(security.levels_of("10100").collect::<Vec<_>>(), ["10021", "10022"]);
        assert_eq!(security.levels_of("10101").count(), 0);
        assert_eq!(security.roles_of("10021"), Some(BTreeSet::from(["10002".to_owned()])));
        let source = SourceId(1);
        let here = Actors::Known { holders: vec![Principal::account(source, "acc-1").holder], lost: 0 };
        let (clause, problems) = security.clause(source, ("10021", "10100"), None, |_| Some(&here)).unwrap();
        let members = [Principal::group(source, "g-uuid-2"), Principal::account(source, "acc-1")];
        assert_eq!(clause, Clause::any_of(members).or_dynamic([DynamicHolder::Reporter]));
        assert!(problems.is_empty());
    }

    #[test]
    fn a_level_without_members_admits_nobody_and_an_unknown_level_is_told_apart() {
        let security = sample(&[]);
        let (clause, problems) = security.clause(SourceId(1), ("10022", "10100"), None, |_| None).unwrap();
        assert_eq!((clause, problems.len()), (Clause::any_of([]), 0));
        assert!(security.clause(SourceId(1), ("99", "10100"), None, |_| None).is_none());
    }

    #[test]
    fn a_malformed_member_is_told_and_grants_nothing() {
        let misfit = Misfit { id: None, reason: "it lacks the field `holder`".into() };
        let security = sample(&[misfit]);
        let (clause, problems) = security.clause(SourceId(1), ("10022", "10100"), None, |_| None).unwrap();
        assert_eq!((clause, problems.len()), (Clause::nobody(Hidden::NotUnderstood), 1));
    }
}
