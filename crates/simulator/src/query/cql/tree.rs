//! A query as it was written. Printing a tree and parsing it again gives the same tree.

use std::fmt;

/// A parsed query.
#[derive(Clone, Debug, PartialEq)]
pub struct Cql {
    /// The restriction.
    pub restriction: Clause,
    /// `order by`.
    pub order_by: Vec<SortBy>,
}

/// A boolean combination of terms. `And` and `Or` have at least two parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// All of them.
    And(Vec<Clause>),
    /// Any of them.
    Or(Vec<Clause>),
    /// The opposite.
    Not(Box<Clause>),
    /// A comparison.
    Term(Term),
}

/// `field operator operand`, with several operands after `in` and `not in`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// As typed.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// One, or at least one in a list.
    pub operands: Vec<Operand>,
}

/// The operators.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `~`
    Like,
    /// `!~`
    NotLike,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl Operator {
    /// As typed.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Like => "~",
            Self::NotLike => "!~",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    pub(super) fn is_negative(self) -> bool {
        matches!(self, Self::NotEqual | Self::NotLike | Self::NotIn)
    }
}

/// What a field is compared with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Operand {
    /// A word or a quoted string.
    Text(String),
    /// `name("argument")`
    Call {
        /// As typed.
        name: String,
        /// As text.
        arguments: Vec<String>,
    },
}

/// One entry of `order by`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SortBy {
    /// As typed.
    pub field: String,
    /// `desc` was given.
    pub descending: bool,
}

fn quoted(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.write_str("\\")?;
        }
        write!(out, "{character}")?;
    }
    out.write_str("\"")
}

impl fmt::Display for Operand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => quoted(out, text),
            Self::Call { name, arguments } => {
                write!(out, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    out.write_str(if index > 0 { ", " } else { "" })?;
                    quoted(out, argument)?;
                }
                out.write_str(")")
            }
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                let word = if matches!(self, Self::And(_)) { " and " } else { " or " };
                for (index, part) in parts.iter().enumerate() {
                    out.write_str(if index > 0 { word } else { "" })?;
                    if matches!(part, Self::And(_) | Self::Or(_)) {
                        write!(out, "({part})")?;
                    } else {
                        write!(out, "{part}")?;
                    }
                }
                Ok(())
            }
            Self::Not(inner) if matches!(**inner, Self::And(_) | Self::Or(_)) => write!(out, "not ({inner})"),
            Self::Not(inner) => write!(out, "not {inner}"),
            Self::Term(term) => {
                let list = matches!(term.operator, Operator::In | Operator::NotIn);
                write!(out, "{} {} {}", term.field, term.operator.sign(), if list { "(" } else { "" })?;
                for (index, operand) in term.operands.iter().enumerate() {
                    write!(out, "{}{operand}", if index > 0 { ", " } else { "" })?;
                }
                out.write_str(if list { ")" } else { "" })
            }
        }
    }
}

impl fmt::Display for Cql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.restriction)?;
        for (index, sort) in self.order_by.iter().enumerate() {
            let (before, after) =
                (if index == 0 { " order by" } else { "," }, if sort.descending { " desc" } else { "" });
            write!(out, "{before} {}{after}", sort.field)?;
        }
        Ok(())
    }
}
