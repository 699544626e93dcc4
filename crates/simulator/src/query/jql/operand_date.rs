//! Operands that have an order: numbers, days and instants, and the range that an operator makes of one.

use super::super::date;
use super::super::range::Range;
use super::error::Problem;
use super::field::Shape;
use super::operand::Reader;
use super::record::Literal;
use super::tree::{Operand, Operator};

/// An instant or a day: where it starts, and where it ends when `=` is meant.
pub(super) struct Point {
    pub(super) start: f64,
    pub(super) end: Option<f64>,
}

impl Reader<'_> {
    pub(super) fn number(&mut self, operand: &Operand) -> Option<Point> {
        let start = match self.literal(operand)? {
            Literal::Number(number) => number as f64,
            Literal::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => number,
                _ => {
                    self.problems.push(Problem::BadNumber { value: text.to_owned(), field: self.name.clone() });
                    return None;
                }
            },
        };
        Some(Point { start, end: None })
    }

    pub(super) fn date(&mut self, operand: &Operand) -> Option<Point> {
        let function = match operand {
            Operand::Call { name, arguments } => self.date_function(name, arguments)?,
            _ => None,
        };
        if let Some(at) = function {
            return Some(self.point(at, None, None));
        }
        let literal = self.literal(operand)?;
        let read = match literal {
            Literal::Number(number) => jiff::Timestamp::from_millisecond(number).ok().map(|at| (at, None, None)),
            Literal::Text(text) => match date::literal(text, self.moment) {
                Some(found) => Some((found.start, Some(found.end), found.day)),
                None => date::period(text)
                    .and_then(|period| self.moment.now.checked_add(period).ok())
                    .map(|at| (at, None, None)),
            },
        };
        let Some((start, end, day)) = read else {
            let value = match literal {
                Literal::Text(text) => text.to_owned(),
                Literal::Number(number) => number.to_string(),
            };
            let field = self.name.clone();
            let problem = if self.shape == Shape::Day {
                Problem::BadDay { value, field }
            } else {
                Problem::BadDate { value, field }
            };
            self.problems.push(problem);
            return None;
        };
        Some(self.point(start, end, day))
    }

    fn point(&self, start: jiff::Timestamp, end: Option<jiff::Timestamp>, day: Option<jiff::civil::Date>) -> Point {
        if self.shape == Shape::Day {
            return Point { start: date::day_number(day.unwrap_or_else(|| self.moment.day_of(start))), end: None };
        }
        Point { start: date::millis(start), end: end.map(date::millis) }
    }

    /// `None` after a problem; `Some(None)` when this is no date function.
    fn date_function(&mut self, name: &str, arguments: &[String]) -> Option<Option<jiff::Timestamp>> {
        if name.eq_ignore_ascii_case("now") {
            return self.argument_count(name, arguments, 0).then_some(Some(self.moment.now));
        }
        let Some((edge, unit)) = date::edge_function(name) else { return Some(None) };
        if arguments.len() > 1 {
            self.argument_count(name, arguments, 1);
            return None;
        }
        let by = arguments.first().map(|text| date::increment(text, Some(unit)));
        let at = match by {
            Some(None) => None,
            by => date::edge(self.moment, edge, unit, by.flatten()),
        };
        if at.is_none() {
            self.problems.push(Problem::BadIncrement(name.to_owned()));
        }
        at.map(Some)
    }
}

pub(super) fn range(operator: Operator, point: &Point) -> Range {
    match operator {
        Operator::Greater => Range::above(point.start),
        Operator::GreaterOrEqual => Range::at_least(point.start),
        Operator::Less => Range::below(point.start),
        Operator::LessOrEqual => Range::at_most(point.start),
        _ => point.end.map_or(Range::exactly(point.start), |end| Range::half_open(point.start, end)),
    }
}
