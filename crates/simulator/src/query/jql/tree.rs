//! A query as it was written: names not yet looked up, dates not yet read. Printing a tree and parsing it again gives the same tree.

use std::fmt;

use super::error::{JqlError, Problem};

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jql {
    /// The restriction; `None` for an empty query or one that only sorts.
    pub restriction: Option<Clause>,
    /// At most 7, checked by [`Jql::bind`].
    pub order_by: Vec<SortBy>,
}

impl Jql {
    /// Searching needs a restriction.
    ///
    /// # Errors
    /// The product's "Unbounded JQL queries are not allowed here" when there is none.
    pub fn require_bounded(&self) -> Result<(), JqlError> {
        if self.restriction.is_some() { Ok(()) } else { Err(Problem::Unbounded.into()) }
    }
}

/// A boolean combination of terms. `And` and `Or` have at least two parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// All of them.
    And(Vec<Clause>),
    /// Any of them.
    Or(Vec<Clause>),
    /// The opposite, except that EMPTY satisfies neither a comparison nor its opposite.
    Not(Box<Clause>),
    /// A comparison.
    Term(Term),
}

/// `field operator operand`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What is compared.
    pub field: FieldName,
    /// How.
    pub operator: Operator,
    /// With what. `EMPTY` for history operators, which are refused anyway.
    pub operand: Operand,
}

/// A field as typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FieldName {
    /// `status`, `"Story Points"`.
    Name(String),
    /// `cf[10001]`.
    Custom(u64),
}

impl fmt::Display for FieldName {
    /// As the product's messages name it: without quotes.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => out.write_str(name),
            Self::Custom(id) => write!(out, "cf[{id}]"),
        }
    }
}

/// The operators. `Was` and `Changed` are read so that they can be refused by name.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
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
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `IS`
    Is,
    /// `IS NOT`
    IsNot,
    /// `WAS` in all its forms
    Was,
    /// `CHANGED`
    Changed,
}

impl Operator {
    /// As the product's messages write it.
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
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Was => "was",
            Self::Changed => "changed",
        }
    }

    /// What `NOT` makes of it: the product pushes negations down to the operators before it searches.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Like => Self::NotLike,
            Self::NotLike => Self::Like,
            Self::In => Self::NotIn,
            Self::NotIn => Self::In,
            Self::Is => Self::IsNot,
            Self::IsNot => Self::Is,
            history @ (Self::Was | Self::Changed) => history,
        }
    }
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// `EMPTY` or `NULL`, unquoted.
    Empty,
    /// A word or a quoted string.
    Text(String),
    /// A whole number, unquoted: an id, a number, or milliseconds since 1970.
    Number(i64),
    /// `(a, b)`; lists may nest.
    List(Vec<Operand>),
    /// `name(argument, ...)`
    Call {
        /// As typed.
        name: String,
        /// Words, strings and numbers, as text.
        arguments: Vec<String>,
    },
}

/// One entry of `ORDER BY`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SortBy {
    /// What to sort by.
    pub field: FieldName,
    /// `None` when neither `ASC` nor `DESC` was given: the field's own order.
    pub descending: Option<bool>,
}

fn quoted(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(out, "\\{character}")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if super::lexer::is_illegal(control) => write!(out, "\\u{:04x}", u32::from(control))?,
            other => write!(out, "{other}")?,
        }
    }
    out.write_str("\"")
}

/// Names are quoted only where they must be.
fn name(out: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if super::lexer::is_plain_word(name) { out.write_str(name) } else { quoted(out, name) }
}

fn field(out: &mut fmt::Formatter<'_>, field: &FieldName) -> fmt::Result {
    match field {
        FieldName::Name(text) => name(out, text),
        FieldName::Custom(_) => write!(out, "{field}"),
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("EMPTY"),
            Self::Text(text) => quoted(out, text),
            Self::Number(number) => write!(out, "{number}"),
            Self::List(items) => {
                out.write_str("(")?;
                for (index, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if index > 0 { ", " } else { "" })?;
                }
                out.write_str(")")
            }
            Self::Call { name: function, arguments } => {
                name(out, function)?;
                out.write_str("(")?;
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
                let word = if matches!(self, Self::And(_)) { " AND " } else { " OR " };
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
            Self::Not(inner) if matches!(**inner, Self::And(_) | Self::Or(_)) => write!(out, "NOT ({inner})"),
            Self::Not(inner) => write!(out, "NOT {inner}"),
            Self::Term(term) => {
                field(out, &term.field)?;
                match term.operator {
                    Operator::Changed => out.write_str(" CHANGED"),
                    operator => write!(out, " {} {}", operator.sign(), term.operand),
                }
            }
        }
    }
}

impl fmt::Display for Jql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(restriction) = &self.restriction {
            write!(out, "{restriction}")?;
        }
        for (index, sort) in self.order_by.iter().enumerate() {
            out.write_str(match (index, &self.restriction) {
                (0, None) => "ORDER BY ",
                (0, Some(_)) => " ORDER BY ",
                _ => ", ",
            })?;
            field(out, &sort.field)?;
            out.write_str(sort.descending.map_or("", |descending| if descending { " DESC" } else { " ASC" }))?;
        }
        Ok(())
    }
}
