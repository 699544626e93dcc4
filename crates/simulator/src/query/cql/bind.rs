//! From the tree to a plan, for one caller, moment and resource. Negations are pushed down; with two truth values that changes nothing.

use super::super::date::{self, Moment};
use super::super::node::Node;
use super::super::range::Range;
use super::super::text::TextQuery;
use super::context::CqlContext;
use super::error::{CqlError, Reason};
use super::field::{Field, Shape, Surface};
use super::plan::{Bound, Check, MINUTE, Test};
use super::tree::{Clause, Cql, Operand, Operator, Term};

impl Cql {
    /// Validates the query and makes it ready to test records. `caller` is the account id behind `currentUser()`; an anonymous caller
    /// is nobody, and nothing is theirs.
    ///
    /// # Errors
    /// The product's 400 for the first thing that the resource does not support.
    pub fn bind(
        &self,
        surface: Surface,
        caller: Option<&str>,
        context: &CqlContext,
        moment: &Moment,
    ) -> Result<Bound, CqlError> {
        let binder = Binder { surface, caller, context, moment };
        let root = binder.clause(&self.restriction, false)?;
        let mut sorts = Vec::new();
        for sort in &self.order_by {
            match Field::of_name(&sort.field, surface) {
                Some(field) if field.is_sortable() => sorts.push((field, sort.descending)),
                _ => return Err(Reason::Sort(sort.field.clone()).into()),
            }
        }
        Ok(Bound { root, statuses: context.statuses.clone(), sorts })
    }
}

struct Binder<'a> {
    surface: Surface,
    caller: Option<&'a str>,
    context: &'a CqlContext,
    moment: &'a Moment,
}

impl Binder<'_> {
    fn clause(&self, clause: &Clause, negated: bool) -> Result<Node<Test>, CqlError> {
        match clause {
            Clause::Not(inner) => self.clause(inner, !negated),
            Clause::Term(term) => self.term(term, negated).map(Node::Test).map_err(CqlError::from),
            Clause::And(parts) | Clause::Or(parts) => {
                let nodes = parts.iter().map(|part| self.clause(part, negated)).collect::<Result<_, _>>()?;
                Ok(if matches!(clause, Clause::And(_)) == negated { Node::Any(nodes) } else { Node::All(nodes) })
            }
        }
    }

    fn term(&self, term: &Term, negated: bool) -> Result<Test, Reason> {
        let name = &term.field;
        let Some(field) = Field::of_name(name, self.surface) else { return Err(Reason::Field(name.clone())) };
        let shape = field.shape();
        if !shape.allows(term.operator) {
            return Err(Reason::Operator { field: name.clone(), operator: term.operator.sign() });
        }
        let mut words = Vec::new();
        if shape != Shape::Time {
            for operand in &term.operands {
                words.extend(self.words(name, field, operand)?);
            }
        }
        let bad = |value: &str| Reason::Value { field: name.clone(), value: value.to_owned() };
        let check = match (shape, term.operator) {
            (Shape::Id, _) => {
                Check::Ids(words.iter().map(|word| word.parse().map_err(|_| bad(word))).collect::<Result<_, _>>()?)
            }
            (Shape::Folded, _) => {
                let folded: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
                if let Some(known) = field.vocabulary()
                    && let Some(strange) = folded.iter().find(|word| !known.contains(&word.as_str()))
                {
                    return Err(bad(strange));
                }
                Check::Folded(folded)
            }
            (Shape::Prose, _) | (Shape::Title, Operator::Like | Operator::NotLike) => {
                let word = words.first().map_or("", String::as_str);
                Check::Text(TextQuery::parse(word).map_err(|_| bad(word))?)
            }
            // The documentation writes a whole title as a phrase: title = "\"Advanced Searching\"".
            (Shape::Title, _) => Check::Exact(words.iter().map(|word| unquoted(word).to_owned()).collect()),
            (Shape::Exact | Shape::Person, _) => Check::Exact(words),
            (Shape::Time, operator) => {
                let ranges = term.operands.iter().map(|operand| self.range(name, operator, operand));
                Check::Ranges(ranges.collect::<Result<_, _>>()?)
            }
        };
        Ok(Test { field, check, negative: term.operator.is_negative() != negated })
    }

    /// The words that an operand stands for; none for `currentUser()` of nobody.
    fn words(&self, name: &str, field: Field, operand: &Operand) -> Result<Vec<String>, Reason> {
        let Operand::Call { name: function, arguments } = operand else {
            let Operand::Text(text) = operand else { return Ok(Vec::new()) };
            return Ok(vec![text.clone()]);
        };
        let bad = || Reason::Function { field: name.to_owned(), function: function.clone() };
        if !arguments.is_empty() {
            return Err(bad());
        }
        match function.to_lowercase().as_str() {
            "currentuser" if field.shape() == Shape::Person => Ok(self.caller.map(str::to_owned).into_iter().collect()),
            "currentspace" if field == Field::Space => Ok(vec![self.context.space_key.clone().ok_or_else(bad)?]),
            "currentcontent" if field.shape() == Shape::Id => {
                Ok(vec![self.context.content_id.ok_or_else(bad)?.to_string()])
            }
            _ => Err(bad()),
        }
    }

    fn range(&self, name: &str, operator: Operator, operand: &Operand) -> Result<Range, Reason> {
        let (start, end) = match operand {
            Operand::Text(text) => {
                let found = date::literal(text, self.moment);
                let found = found.ok_or_else(|| Reason::Value { field: name.to_owned(), value: text.clone() })?;
                (found.start, Some(found.end))
            }
            Operand::Call { name: function, arguments } => {
                let at = self.function(function, arguments);
                (at.ok_or_else(|| Reason::Function { field: name.to_owned(), function: function.clone() })?, None)
            }
        };
        let minute = (date::millis(start) / MINUTE).floor() * MINUTE;
        let end = end.map_or(minute + MINUTE, date::millis);
        Ok(match operator {
            Operator::Greater => Range::above(minute),
            Operator::GreaterOrEqual => Range::at_least(minute),
            Operator::Less => Range::below(minute),
            Operator::LessOrEqual => Range::at_most(minute),
            _ => Range::half_open(minute, end),
        })
    }

    /// `now("-7d")`, `startOfDay()` and its like. `None`: no such function, or an argument that is no increment.
    fn function(&self, function: &str, arguments: &[String]) -> Option<jiff::Timestamp> {
        let argument = match arguments {
            [] => None,
            [only] => Some(only),
            _ => return None,
        };
        if function.eq_ignore_ascii_case("now") {
            return match argument {
                None => Some(self.moment.now),
                Some(text) => date::now_plus(self.moment, date::increment(text, None)?),
            };
        }
        let (edge, unit) = date::edge_function(function)?;
        let by = match argument {
            None => None,
            Some(text) => Some(date::increment(text, Some(unit))?),
        };
        date::edge(self.moment, edge, unit, by)
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}
