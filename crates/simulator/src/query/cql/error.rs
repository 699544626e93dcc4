//! Why a CQL query is refused: always a 400 whose message begins with the product's "Could not parse cql".
//!
//! What follows that beginning is known for unsupported fields only; the rest is ours, and no client may depend on it.

use std::fmt;

/// A refused query. `Display` is the `message` of the 400.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CqlError {
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// Not a sentence of the language, with the query as typed.
    Syntax(String),
    /// A field that does not exist or that this resource does not search.
    Field(String),
    /// An operator that the field does not support.
    Operator {
        /// As typed.
        field: String,
        /// Such as `!~`.
        operator: &'static str,
    },
    /// A value that the field does not take.
    Value {
        /// As typed.
        field: String,
        /// As typed.
        value: String,
    },
    /// A function that does not exist, does not fit the field, has wrong arguments, or lacks its `cqlcontext`.
    Function {
        /// As typed.
        field: String,
        /// As typed.
        function: String,
    },
    /// A field that cannot be sorted by.
    Sort(String),
    /// `cqlcontext` is not the JSON object that it should be.
    Context,
}

impl From<Reason> for CqlError {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

impl fmt::Display for CqlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("com.atlassian.confluence.api.service.exceptions.BadRequestException: ")?;
        if self.reason == Reason::Context {
            return out.write_str("Could not parse cqlcontext");
        }
        out.write_str("Could not parse cql : ")?;
        match &self.reason {
            Reason::Syntax(query) => out.write_str(query),
            Reason::Field(field) => write!(out, "Unsupported CQL field '{field}' for this resource"),
            Reason::Operator { field, operator } => {
                write!(out, "Unsupported operator '{operator}' for field '{field}'")
            }
            Reason::Value { field, value } => write!(out, "Unsupported value '{value}' for field '{field}'"),
            Reason::Function { field, function } => {
                write!(out, "Unsupported function '{function}' for field '{field}'")
            }
            Reason::Sort(field) => write!(out, "Unsupported order field '{field}'"),
            Reason::Context => Ok(()),
        }
    }
}

impl std::error::Error for CqlError {}
