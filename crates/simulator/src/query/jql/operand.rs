//! The right side of a term, read as its field demands: ids, accounts, labels, instants, numbers or a text query.

use super::super::date::{self, Moment};
use super::super::text::{TextFault, TextQuery};
use super::error::Problem;
use super::field::{Field, Shape};
use super::operand_date::{Point, range};
use super::plan::Check;
use super::record::{Caller, Literal, Names};
use super::tree::{Operand, Operator};

/// Reads the operands of one term and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) names: &'a dyn Names,
    pub(super) caller: &'a Caller,
    pub(super) moment: &'a Moment,
    pub(super) field: Field,
    pub(super) shape: Shape,
    /// As typed, for messages.
    pub(super) name: String,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    /// The single values of an operand, after checking that a list stands where the operator wants one.
    pub(super) fn operands<'o>(&mut self, operator: Operator, operand: &'o Operand) -> Vec<&'o Operand> {
        let is_list = match operand {
            Operand::List(_) => true,
            Operand::Call { name, .. } => name.eq_ignore_ascii_case("membersOf"),
            _ => false,
        };
        let wants_list = matches!(operator, Operator::In | Operator::NotIn);
        let (sign, field) = (operator.sign(), self.name.clone());
        if is_list != wants_list {
            // Jira names an unknown function before it complains about the shape of its value.
            if let Operand::Call { name, .. } = operand
                && !self.is_function(name)
            {
                self.problems.push(Problem::UnknownFunction(name.clone()));
                return Vec::new();
            }
            let value = operand.to_string();
            self.problems.push(if is_list {
                Problem::ListForSingle { operator: sign, value, field }
            } else {
                Problem::SingleForList { operator: sign, value, field }
            });
            return Vec::new();
        }
        if matches!(operator, Operator::Is | Operator::IsNot) && *operand != Operand::Empty {
            self.problems.push(Problem::NotEmptyForIs { field });
            return Vec::new();
        }
        let mut flat = Vec::new();
        flatten(operand, &mut flat);
        let relational =
            matches!(operator, Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual);
        if relational && flat.contains(&&Operand::Empty) {
            self.problems.push(Problem::EmptyUnsupported(field));
        }
        flat
    }

    fn is_function(&self, name: &str) -> bool {
        ["currentuser", "now", "membersof"].contains(&name.to_ascii_lowercase().as_str())
            || date::edge_function(name).is_some()
    }

    /// `EMPTY`, `NULL`, and the name that the product gives to having no resolution.
    pub(super) fn is_empty(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Empty => true,
            Operand::Text(text) => self.field == Field::Resolution && text.eq_ignore_ascii_case("unresolved"),
            _ => false,
        }
    }

    pub(super) fn check(&mut self, operator: Operator, operands: &[&Operand]) -> Check {
        match self.shape {
            Shape::Issue
                if !matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn) =>
            {
                self.numbers(operator, operands)
            }
            Shape::Issue | Shape::ParentIssue => Check::Ids(self.each(operands, Reader::issue)),
            Shape::Category => Check::Ids(self.each(operands, Reader::category)),
            Shape::Object | Shape::Option => Check::Ids(self.each(operands, Reader::objects)),
            Shape::Ranked => self.ranked(operator, operands),
            Shape::User => Check::Accounts(self.each(operands, Reader::accounts)),
            Shape::Group => Check::Folded(self.each(operands, Reader::groups)),
            Shape::Word => Check::Folded(self.each(operands, Reader::words)),
            Shape::Time | Shape::Day | Shape::Number => {
                let points = self.each(operands, |reader, operand| {
                    Vec::from_iter(if reader.shape == Shape::Number {
                        reader.number(operand)
                    } else {
                        reader.date(operand)
                    })
                });
                Check::Ranges(points.into_iter().map(|point| range(operator, &point)).collect())
            }
            Shape::AllText | Shape::Comments | Shape::Prose => self.text(operands),
        }
    }

    fn each<T>(&mut self, operands: &[&Operand], mut read: impl FnMut(&mut Self, &Operand) -> Vec<T>) -> Vec<T> {
        operands.iter().flat_map(|operand| read(self, operand)).collect()
    }

    /// A word, string or number; a function here has the wrong kind of value, or does not exist.
    pub(super) fn literal<'o>(&mut self, operand: &'o Operand) -> Option<Literal<'o>> {
        match operand {
            Operand::Text(text) => Some(Literal::Text(text)),
            Operand::Number(number) => Some(Literal::Number(*number)),
            Operand::Call { name, .. } => {
                let (function, field) = (name.clone(), self.name.clone());
                self.problems.push(if self.is_function(name) {
                    Problem::FunctionForField { function, field, date: self.shape.is_date() }
                } else {
                    Problem::UnknownFunction(function)
                });
                None
            }
            Operand::Empty | Operand::List(_) => None,
        }
    }

    fn unknown(&mut self, literal: Literal<'_>) {
        let field = self.name.clone();
        self.problems.push(match literal {
            Literal::Number(id) => Problem::UnknownId { id, field },
            Literal::Text(value) if self.shape == Shape::Option => {
                Problem::UnknownOption { value: value.to_owned(), field }
            }
            Literal::Text(value) => Problem::UnknownValue { value: value.to_owned(), field },
        });
    }

    fn objects(&mut self, operand: &Operand) -> Vec<u64> {
        let Some(literal) = self.literal(operand) else { return Vec::new() };
        let ids = self.names.objects(self.field, literal);
        if ids.is_empty() {
            self.unknown(literal);
        }
        ids
    }

    fn category(&mut self, operand: &Operand) -> Vec<u64> {
        let Some(literal) = self.literal(operand) else { return Vec::new() };
        let typed = match literal {
            Literal::Number(number) => number.to_string(),
            Literal::Text(text) => text.to_lowercase(),
        };
        match typed.as_str() {
            "to do" | "new" | "2" => vec![2],
            "in progress" | "indeterminate" | "4" => vec![4],
            "done" | "complete" | "3" => vec![3],
            "no category" | "undefined" | "1" => vec![1],
            _ => {
                self.unknown(literal);
                Vec::new()
            }
        }
    }

    fn ranked(&mut self, operator: Operator, operands: &[&Operand]) -> Check {
        let ids = self.each(operands, Reader::objects);
        let ranking = self.names.ranking(self.field);
        let rank = ranking.iter().position(|id| ids.contains(id));
        let beyond = |keep: &dyn Fn(usize, usize) -> bool| {
            let chosen = |&(index, _): &(usize, &u64)| rank.is_some_and(|rank| keep(index, rank));
            ranking.iter().enumerate().filter(chosen).map(|(_, &id)| id).collect()
        };
        let chosen: Vec<u64> = match operator {
            Operator::Greater => beyond(&|index, rank| index > rank),
            Operator::GreaterOrEqual => beyond(&|index, rank| index >= rank),
            Operator::Less => beyond(&|index, rank| index < rank),
            Operator::LessOrEqual => beyond(&|index, rank| index <= rank),
            _ => return Check::Ids(ids),
        };
        if rank.is_none() && self.problems.is_empty() {
            self.problems.push(Problem::Operator { operator: operator.sign(), field: self.name.clone() });
        }
        Check::Ids(chosen)
    }

    fn issue(&mut self, operand: &Operand) -> Vec<u64> {
        let Some(literal) = self.literal(operand) else { return Vec::new() };
        if let Literal::Text(text) = literal
            && split_key(text).is_none()
            && text.parse::<u64>().is_err()
        {
            self.problems.push(Problem::MalformedKey { key: text.to_owned(), field: self.name.clone() });
            return Vec::new();
        }
        if let Some(issue) = self.names.issue(literal) {
            return vec![issue.id];
        }
        let field = self.name.clone();
        self.problems.push(match literal {
            Literal::Text(key) => Problem::UnknownIssue { key: key.to_owned(), field },
            Literal::Number(id) => Problem::UnknownId { id, field },
        });
        Vec::new()
    }

    /// `key > ENG-7`: issues of the same project, by number. The issue itself may be gone, its project may not.
    fn numbers(&mut self, operator: Operator, operands: &[&Operand]) -> Check {
        let Some(literal) = operands.first().and_then(|operand| self.literal(operand)) else { return Check::Nothing };
        let found = match literal {
            Literal::Text(text) if split_key(text).is_some() => split_key(text).and_then(|(project, number)| {
                let ids = self.names.objects(Field::Project, Literal::Text(project));
                ids.first().map(|&project| (project, number))
            }),
            other => self.names.issue(other).map(|issue| (issue.project, issue.number)),
        };
        match found {
            Some((project, number)) => {
                Check::Numbers { project, range: range(operator, &Point { start: number as f64, end: None }) }
            }
            None => {
                // The same texts as for `=`.
                self.issue(operands[0]);
                Check::Nothing
            }
        }
    }

    fn accounts(&mut self, operand: &Operand) -> Vec<String> {
        if let Operand::Call { name, arguments } = operand {
            match name.to_ascii_lowercase().as_str() {
                "currentuser" => {
                    if self.argument_count(name, arguments, 0)
                        && let Caller::Account(account) = self.caller
                    {
                        return vec![account.clone()];
                    }
                    return Vec::new();
                }
                "membersof" => {
                    if !self.argument_count(name, arguments, 1) {
                        return Vec::new();
                    }
                    let members = self.names.members(&arguments[0]);
                    if members.is_none() {
                        self.problems.push(Problem::NoSuchGroup(arguments[0].clone()));
                    }
                    return members.unwrap_or_default();
                }
                _ => {}
            }
        }
        let Some(literal) = self.literal(operand) else { return Vec::new() };
        let accounts = match literal {
            Literal::Text(text) => self.names.accounts(text),
            Literal::Number(number) => self.names.accounts(&number.to_string()),
        };
        if accounts.is_empty() {
            // For people the product says "value" even when it looks like a number.
            let value = match literal {
                Literal::Text(text) => text.to_owned(),
                Literal::Number(number) => number.to_string(),
            };
            self.problems.push(Problem::UnknownValue { value, field: self.name.clone() });
        }
        accounts
    }

    fn groups(&mut self, operand: &Operand) -> Vec<String> {
        let words = self.words(operand);
        for word in &words {
            if self.names.members(word).is_none() {
                self.problems.push(Problem::UnknownGroup { value: word.clone(), field: self.name.clone() });
            }
        }
        words
    }

    fn words(&mut self, operand: &Operand) -> Vec<String> {
        match self.literal(operand) {
            Some(Literal::Text(text)) => vec![text.to_lowercase()],
            Some(Literal::Number(number)) => vec![number.to_string()],
            None => Vec::new(),
        }
    }

    pub(super) fn argument_count(&mut self, function: &str, arguments: &[String], expected: usize) -> bool {
        let received = arguments.len();
        if received != expected {
            self.problems.push(Problem::ArgumentCount { function: function.to_owned(), expected, received });
        }
        received == expected
    }

    fn text(&mut self, operands: &[&Operand]) -> Check {
        let Some(literal) = operands.first().and_then(|operand| self.literal(operand)) else { return Check::Nothing };
        let value = match literal {
            Literal::Text(text) => text.to_owned(),
            Literal::Number(number) => number.to_string(),
        };
        let field = self.name.clone();
        match TextQuery::parse(&value) {
            Ok(query) => return Check::Text(query),
            Err(TextFault::Empty) => self.problems.push(Problem::EmptyText(field)),
            Err(TextFault::Syntax) => self.problems.push(Problem::BadText { value, field }),
            Err(TextFault::LeadingWildcard(wildcard)) => {
                self.problems.push(Problem::LeadingWildcard { value, field, wildcard });
            }
        }
        Check::Nothing
    }
}

fn flatten<'o>(operand: &'o Operand, into: &mut Vec<&'o Operand>) {
    match operand {
        Operand::List(items) => items.iter().for_each(|item| flatten(item, into)),
        single => into.push(single),
    }
}

fn split_key(text: &str) -> Option<(&str, u64)> {
    let (project, number) = text.trim().rsplit_once('-')?;
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let starts = project.chars().next().is_some_and(char::is_alphabetic);
    (plain && starts).then(|| number.parse().ok()).flatten().map(|number| (project, number))
}
