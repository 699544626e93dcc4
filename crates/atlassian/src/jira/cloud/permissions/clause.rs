//! From named holders to the clause of one project.

use super::Named;
use crate::losses::Losses;
use access::mutants::off;
use access::{AccessClass, Clause, DynamicHolder, Group, Hidden, Holder, Principal, SourceId, UserId};
use model::Problem;
use std::collections::BTreeSet;

/// Who acts in a role of a project, or why that is not known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Actors {
    /// These act in it.
    Known {
        /// Users and groups.
        holders: Vec<Holder>,
        /// How many more could not be understood.
        lost: usize,
    },
    /// The account may not read the role.
    Forbidden,
}

/// Collects holders for one clause and notes what is lost on the way.
#[derive(Debug)]
pub(crate) struct ClauseBuilder {
    source: SourceId,
    /// How an administrator finds the statement, such as `Browse Projects of project ENG`.
    statement: String,
    principals: BTreeSet<Principal>,
    dynamic: BTreeSet<DynamicHolder>,
    losses: Losses,
}

impl ClauseBuilder {
    /// Begins a clause that admits nobody.
    pub(crate) fn new(source: SourceId, statement: impl Into<String>) -> Self {
        Self {
            source,
            statement: statement.into(),
            principals: BTreeSet::new(),
            dynamic: BTreeSet::new(),
            losses: Losses::default(),
        }
    }

    /// Adds what one holder names. `actors` answers for the roles of the project.
    pub(crate) fn add<'a>(&mut self, named: &Named, lead: Option<&str>, actors: impl Fn(&str) -> Option<&'a Actors>) {
        let everybody = match named {
            Named::Role(_) => off("jira.role-actors"),
            Named::Application(_) => off("jira.application-role"),
            Named::PortalOnly => off("jira.portal-only"),
            Named::Lead => off("jira.lead"),
            Named::Field(_) => off("jira.fields"),
            _ => false,
        };
        if everybody {
            return self.grant(Holder::Class(AccessClass::LicensedUsers));
        }
        match named {
            Named::Anyone => self.grant(Holder::Anyone),
            Named::Licensed => self.grant(Holder::Class(AccessClass::LicensedUsers)),
            Named::Application(key) => {
                self.grant(Holder::Class(AccessClass::ApplicationRole(key.as_str().into())));
            }
            Named::Group(id) => self.grant(Holder::Group(Group::Id(id.as_str().into()))),
            Named::User(id) => self.grant(Holder::User(UserId::Account(id.as_str().into()))),
            Named::Role(id) => self.role(id, actors(id)),
            Named::Lead => match lead {
                Some(lead) => self.grant(Holder::User(UserId::Account(lead.into()))),
                None => self.lose(Hidden::NotUnderstood, "the project's lead is not told"),
            },
            Named::Field(holder) => {
                self.dynamic.insert(holder.clone());
            }
            Named::PortalOnly => {}
            Named::NotUnderstood(what) => self.lose(Hidden::NotUnderstood, &format!("it names {what}")),
        }
    }

    /// Adds those who act in a role.
    pub(crate) fn role(&mut self, id: &str, actors: Option<&Actors>) {
        match actors {
            Some(Actors::Known { holders, lost }) => {
                holders.iter().for_each(|holder| self.grant(holder.clone()));
                if *lost > 0 {
                    self.lose(Hidden::NotUnderstood, &format!("{lost} members of role {id} cannot be understood"));
                }
            }
            Some(Actors::Forbidden) | None => {
                let reason = format!(
                    "the members of role {id} cannot be read; give the service account `Administer projects` there or \
                     `Administer Jira`"
                );
                self.lose(Hidden::Forbidden, &reason);
            }
        }
    }

    /// Notes something that grants nothing because it could not be read.
    pub(crate) fn lose(&mut self, cause: Hidden, reason: &str) {
        self.losses.note(cause, reason);
    }

    /// The clause, and what was lost.
    pub(crate) fn finish(self) -> (Clause, Vec<Problem>) {
        let clause = Clause::any_of(self.principals).or_dynamic(self.dynamic);
        let (clause, problem) = self.losses.settle(clause, self.statement);
        (clause, problem.into_iter().collect())
    }

    fn grant(&mut self, holder: Holder) {
        self.principals.insert(Principal::new(self.source, holder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ProblemKind;

    const SOURCE: SourceId = SourceId(3);

    fn built(named: &[Named], lead: Option<&str>, roles: &[(&str, Actors)]) -> (Clause, Vec<Problem>) {
        let mut builder = ClauseBuilder::new(SOURCE, "Browse Projects of project ENG");
        for named in named {
            builder.add(named, lead, |id| roles.iter().find(|(role, _)| *role == id).map(|(_, actors)| actors));
        }
        builder.finish()
    }

    fn principals(holders: Vec<Holder>) -> Clause {
        Clause::any_of(holders.into_iter().map(|holder| Principal::new(SOURCE, holder)))
    }

    #[test]
    fn every_holder_becomes_what_access_decides_by() {
        let user = |id: &str| Holder::User(UserId::Account(id.into()));
        let role = Actors::Known { holders: vec![Holder::Group(Group::Id("g-9".into())), user("acc-9")], lost: 0 };
        let table: [(Named, Vec<Holder>); 8] = [
            (Named::Anyone, vec![Holder::Anyone]),
            (Named::Licensed, vec![Holder::Class(AccessClass::LicensedUsers)]),
            (
                Named::Application("jira-software".into()),
                vec![Holder::Class(AccessClass::ApplicationRole("jira-software".into()))],
            ),
            (Named::Group("g-1".into()), vec![Holder::Group(Group::Id("g-1".into()))]),
            (Named::User("acc-1".into()), vec![user("acc-1")]),
            (Named::Role("10002".into()), vec![Holder::Group(Group::Id("g-9".into())), user("acc-9")]),
            (Named::Lead, vec![user("lead")]),
            (Named::PortalOnly, vec![]),
        ];
        for (named, holders) in table {
            let (clause, problems) = built(std::slice::from_ref(&named), Some("lead"), &[("10002", role.clone())]);
            assert_eq!((clause, problems), (principals(holders), vec![]), "{named:?}");
        }
        let (clause, _) = built(&[Named::Field(DynamicHolder::Reporter)], None, &[]);
        assert_eq!(clause, Clause::any_of([]).or_dynamic([DynamicHolder::Reporter]));
    }

    #[test]
    fn an_unreadable_role_or_unknown_holder_never_widens_and_is_told() {
        let lost = [Named::Role("10002".into()), Named::NotUnderstood("a holder of the unknown type `x`".into())];
        let known = Named::User("acc-1".into());
        for named in &lost {
            let roles = [("10002", Actors::Forbidden)];
            let (clause, problems) = built(&[known.clone(), named.clone()], None, &roles);
            assert_eq!(clause, principals(vec![Holder::User(UserId::Account("acc-1".into()))]), "{named:?}");
            assert_eq!(problems.len(), 1);
            assert_eq!(problems[0].kind, ProblemKind::Permission);
        }
        assert_eq!(built(&lost[..1], None, &[]).0, Clause::nobody(Hidden::Forbidden));
        assert_eq!(built(&lost[1..], None, &[]).0, Clause::nobody(Hidden::NotUnderstood));
        assert_eq!(built(&[Named::Lead], None, &[]).0, Clause::nobody(Hidden::NotUnderstood));
    }

    #[test]
    fn an_empty_grant_list_admits_nobody_without_being_a_loss() {
        let (clause, problems) = built(&[Named::PortalOnly], None, &[]);
        assert_eq!((clause.hidden(), problems.len()), (None, 0));
    }
    #[test]
    fn ten_thousand_odd_holders_are_one_problem_and_ten_thousand_good_ones_one_clause() {
        let odd = (0..10_000).map(|at| Named::NotUnderstood(format!("a holder of the unknown type `t{}`", at % 7)));
        let good = (0..10_000).map(|at| Named::User(format!("acc-{at}")));
        let (clause, problems) = built(&odd.chain(good).collect::<Vec<_>>(), None, &[]);
        assert_eq!((clause.principals().count(), problems.len()), (10_000, 1));
        assert!(problems[0].reason.contains("`t0` (1429 times)") && problems[0].reason.contains("and 2 more"));
    }

    #[test]
    fn a_role_whose_members_are_not_understood_says_so_where_nobody_is_left() {
        let roles = [("10002", Actors::Known { holders: vec![], lost: 3 })];
        let (clause, problems) = built(&[Named::Role("10002".into())], None, &roles);
        assert_eq!((clause, problems.len()), (Clause::nobody(Hidden::NotUnderstood), 1));
    }
}
