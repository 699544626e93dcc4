//! Everything that a JQL query can be refused for. The words are in `message`.

use std::fmt;

/// A refused query: the `errorMessages` of a 400.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JqlError {
    problems: Vec<Problem>,
}

impl JqlError {
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// What is wrong, in the order of the query. Syntax errors come alone.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The strings for `errorMessages`.
    pub fn messages(&self) -> Vec<String> {
        self.problems.iter().map(Problem::to_string).collect()
    }
}

impl From<Problem> for JqlError {
    fn from(problem: Problem) -> Self {
        Self::new(vec![problem])
    }
}

impl fmt::Display for JqlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.messages().join("; "))
    }
}

impl std::error::Error for JqlError {}

/// A place in a query: line and character, both from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Character in the line.
    pub character: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "(line {}, character {})", self.line, self.character)
    }
}

/// What the parser wanted to see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// A field name.
    Field,
    /// An operator.
    Operator,
    /// A value, list or function.
    Operand,
    /// An argument of a function.
    Argument,
    /// The number in `cf[10001]`.
    CustomFieldId,
    /// `AND` or `OR` between terms.
    Connective,
    /// `ASC` or `DESC`.
    Direction,
    /// `)` or `,` in a list of arguments.
    CloseOrComma,
    /// Exactly this text.
    Exactly(&'static str),
}

/// One reason for refusing a query. `Display` is the product's message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Problem {
    /// Something else was expected; without `got`, the query ended.
    Expecting {
        /// What was expected.
        wanted: Wanted,
        /// What stood there, and where.
        got: Option<(String, Place)>,
    },
    /// A quote is not closed.
    OpenString(String, Place),
    /// A backslash with the wrong successor, or with none.
    Escape(Option<String>, Place),
    /// A word that must be quoted.
    ReservedWord(String, Place),
    /// A character that must be quoted.
    ReservedCharacter(char, Place),
    /// A control character.
    IllegalCharacter(char, Place),
    /// A number out of 64 bits.
    NumberRange(String, Place),
    /// An empty name (`'' = 1`).
    EmptyFieldName(Place),
    /// `''()`.
    EmptyFunctionName(Place),
    /// `f(a,)`.
    EmptyArgument(Place),
    /// Parentheses or negations nested beyond what the double reads. The product's text is unknown.
    TooDeep(Place),
    /// More than 7 sort fields. The limit is documented, the text is ours.
    TooManySorts(usize),
    /// No restriction at all.
    Unbounded,
    /// No such field, or not for this caller.
    UnknownField(String),
    /// The field cannot be sorted by.
    UnknownSort(String),
    /// The field does not support the operator.
    Operator {
        /// As written by the product, such as `!=` or `in`.
        operator: &'static str,
        /// As typed.
        field: String,
    },
    /// `=` with a list.
    ListForSingle {
        /// As written by the product.
        operator: &'static str,
        /// The list as typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// `in` without a list.
    SingleForList {
        /// As written by the product.
        operator: &'static str,
        /// The value as typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// `is` with something else than EMPTY or NULL. The text is ours.
    NotEmptyForIs {
        /// As typed.
        field: String,
    },
    /// EMPTY where the field or operator knows none.
    EmptyUnsupported(String),
    /// A name that means nothing to this caller.
    UnknownValue {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// An id that means nothing to this caller.
    UnknownId {
        /// As typed.
        id: i64,
        /// As typed.
        field: String,
    },
    /// An issue that does not exist or is hidden.
    UnknownIssue {
        /// As typed.
        key: String,
        /// As typed.
        field: String,
    },
    /// Not of the form `ABC-1`.
    MalformedKey {
        /// As typed.
        key: String,
        /// As typed.
        field: String,
    },
    /// An option that the select field does not have.
    UnknownOption {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// A group that a group field does not know.
    UnknownGroup {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// Not a date and not a period.
    BadDate {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// Not a day and not a period, for a field without a time of day.
    BadDay {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// Not a number.
    BadNumber {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// `~ ""`.
    EmptyText(String),
    /// A text query outside the subset.
    BadText {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
    },
    /// A text query that starts with a wildcard.
    LeadingWildcard {
        /// As typed.
        value: String,
        /// As typed.
        field: String,
        /// The wildcard.
        wildcard: char,
    },
    /// No such function.
    UnknownFunction(String),
    /// Too many or too few arguments.
    ArgumentCount {
        /// As typed.
        function: String,
        /// How many it takes.
        expected: usize,
        /// How many there were.
        received: usize,
    },
    /// An increment that is none.
    BadIncrement(String),
    /// `membersOf` of an unknown group.
    NoSuchGroup(String),
    /// A function whose values do not fit the field.
    FunctionForField {
        /// As typed.
        function: String,
        /// As typed.
        field: String,
        /// Whether the field wants a date, which has a text of its own.
        date: bool,
    },
    /// `WAS` and `CHANGED`: the double keeps no history, so it answers as the product does for a field without one.
    NoHistory(String),
}

impl Problem {
    /// Whether an anonymous caller gets an empty result instead: names that mean nothing to the caller.
    pub(super) fn is_unknown_name(&self) -> bool {
        matches!(
            self,
            Self::UnknownField(_)
                | Self::UnknownValue { .. }
                | Self::UnknownId { .. }
                | Self::UnknownIssue { .. }
                | Self::UnknownOption { .. }
                | Self::UnknownGroup { .. }
                | Self::NoSuchGroup(_)
        )
    }

    pub(super) fn is_syntax(&self) -> bool {
        matches!(
            self,
            Self::OpenString(..)
                | Self::Escape(..)
                | Self::ReservedWord(..)
                | Self::ReservedCharacter(..)
                | Self::IllegalCharacter(..)
                | Self::NumberRange(..)
                | Self::EmptyFieldName(_)
                | Self::EmptyFunctionName(_)
                | Self::EmptyArgument(_)
                | Self::TooDeep(_)
        )
    }
}
