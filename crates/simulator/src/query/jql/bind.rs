//! From the tree to a plan: looks up fields and names for one caller, and pushes every negation down to the operators.
//!
//! Pushing down is how the product evaluates `NOT`, and why `NOT assignee = x` leaves out unassigned issues just as `assignee != x` does.

use super::super::date::Moment;
use super::super::node::Node;
use super::error::{JqlError, Problem};
use super::field::{Field, Shape};
use super::operand::Reader;
use super::plan::{Bound, Check, Test};
use super::record::{Caller, Names};
use super::sort::Sort;
use super::tree::{Clause, FieldName, Jql, Operand, Operator, SortBy, Term};

/// The documented limit of `ORDER BY`.
const MOST_SORTS: usize = 7;

impl Jql {
    /// Validates the query for a caller and makes it ready to test issues.
    ///
    /// # Errors
    /// Every validation problem in the product's words. For an anonymous caller, names that mean nothing are no problem: nothing matches.
    pub fn bind(&self, names: &dyn Names, caller: &Caller, moment: &Moment) -> Result<Bound, JqlError> {
        let mut binder = Binder { names, caller, moment, problems: Vec::new() };
        let root = match &self.restriction {
            Some(clause) => binder.clause(clause, false),
            None => Node::everything(),
        };
        let sorts = binder.sorts(&self.order_by);
        let mut problems = binder.problems;
        if *caller == Caller::Anonymous && !problems.is_empty() && problems.iter().all(Problem::is_unknown_name) {
            return Ok(Bound { root: Node::nothing(), sorts: Vec::new() });
        }
        if problems.is_empty() {
            return Ok(Bound { root, sorts });
        }
        problems.dedup();
        Err(JqlError::new(problems))
    }
}

struct Binder<'a> {
    names: &'a dyn Names,
    caller: &'a Caller,
    moment: &'a Moment,
    problems: Vec<Problem>,
}

impl Binder<'_> {
    fn clause(&mut self, clause: &Clause, negated: bool) -> Node<Test> {
        match clause {
            Clause::Not(inner) => self.clause(inner, !negated),
            Clause::Term(term) => match self.term(term, negated) {
                Ok(test) => Node::Test(test),
                Err(problems) => {
                    self.problems.extend(problems);
                    Node::nothing()
                }
            },
            Clause::And(parts) | Clause::Or(parts) => {
                let nodes = parts.iter().map(|part| self.clause(part, negated)).collect();
                if matches!(clause, Clause::And(_)) == negated { Node::Any(nodes) } else { Node::All(nodes) }
            }
        }
    }

    fn field(&self, name: &FieldName) -> Option<(Field, Shape)> {
        let custom = match name {
            FieldName::Name(name) => match Field::of_name(name) {
                Some(field) => return Some((field, field.shape()?)),
                None => self.names.custom_field(name),
            },
            FieldName::Custom(id) => self.names.custom_field_by_id(*id),
        }?;
        Some((Field::Custom(custom.id), custom.kind.into()))
    }

    fn term(&mut self, term: &Term, negated: bool) -> Result<Test, Vec<Problem>> {
        let name = term.field.to_string();
        let Some((field, shape)) = self.field(&term.field) else { return Err(vec![Problem::UnknownField(name)]) };
        if matches!(term.operator, Operator::Was | Operator::Changed) {
            return Err(vec![Problem::NoHistory(name)]);
        }
        if !shape.allows(term.operator) {
            return Err(vec![Problem::Operator { operator: term.operator.sign(), field: name }]);
        }
        let mut reader = Reader {
            names: self.names,
            caller: self.caller,
            moment: self.moment,
            field,
            shape,
            name,
            problems: Vec::new(),
        };
        let operands = reader.operands(term.operator, &term.operand);
        let operator = if negated { term.operator.negated() } else { term.operator };
        let empty = operands.iter().any(|operand| reader.is_empty(operand));
        if empty && shape == Shape::Issue {
            reader.problems.push(Problem::EmptyUnsupported(reader.name.clone()));
        }
        let given: Vec<&Operand> = operands.into_iter().filter(|operand| !reader.is_empty(operand)).collect();
        let check = if given.is_empty() { Check::Nothing } else { reader.check(operator, &given) };
        if !reader.problems.is_empty() {
            return Err(reader.problems);
        }
        let negative = matches!(operator, Operator::NotEqual | Operator::NotIn | Operator::NotLike | Operator::IsNot);
        Ok(Test { field, check, empty: empty && !negative, negative })
    }

    fn sorts(&mut self, entries: &[SortBy]) -> Vec<Sort> {
        if entries.len() > MOST_SORTS {
            self.problems.push(Problem::TooManySorts(entries.len()));
        }
        let mut sorts = Vec::new();
        for entry in entries {
            match self.field(&entry.field) {
                Some((field, _)) if field.is_sortable() => {
                    let descending = entry.descending.unwrap_or_else(|| field.falls_by_default());
                    sorts.push(Sort { field, descending, ranking: self.names.ranking(field) });
                }
                _ => self.problems.push(Problem::UnknownSort(entry.field.to_string())),
            }
        }
        sorts
    }
}
