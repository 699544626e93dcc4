//! The product's words for each [`Problem`].
//!
//! Texts are as measured or as documented. Those that could not be confirmed are marked at the variant; no client may depend on texts,
//! because the product translates them.

use std::fmt;

use super::error::{Place, Problem, Wanted};

const OPERATORS: &str =
    "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.";
const ESCAPES: &str = r#"The valid escape sequences are \', \", \t, \n, \r, \\, '\ ' and \uXXXX."#;
const SYNTAX: &str = "Error in the JQL Query: ";

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_syntax() {
            out.write_str(SYNTAX)?;
        }
        match self {
            Self::Expecting { wanted, got } => expecting(out, *wanted, got.as_ref()),
            Self::OpenString(text, at) if text.is_empty() => {
                write!(out, "The quoted string has not been completed. {at}")
            }
            Self::OpenString(text, at) => write!(out, "The quoted string '{text}' has not been completed. {at}"),
            Self::Escape(Some(text), at) => write!(out, "'{text}' is an illegal JQL escape sequence. {ESCAPES} {at}"),
            Self::Escape(None, at) => write!(out, "The escape sequence has not been completed. {ESCAPES} {at}"),
            Self::ReservedWord(word, at) => {
                write!(
                    out,
                    "'{word}' is a reserved JQL word. You must surround it in quotation marks to use it in a query. {at}"
                )
            }
            Self::ReservedCharacter(character, at) => {
                let code = u32::from(*character);
                write!(out, "The character '{character}' is a reserved JQL character. ")?;
                write!(out, "You must enclose it in a string or use the escape '\\u{code:04x}' instead. {at}")
            }
            Self::IllegalCharacter(character, at) => {
                let (code, Place { line, character: column }) = (u32::from(*character), at);
                write!(out, "The character 'U+{code:04X}' on line {line} at position {column} must be escaped. ")?;
                write!(out, "Use the escape '\\u{code:04x}' instead. {at}")
            }
            Self::NumberRange(number, at) => {
                write!(out, "'{number}' is not a valid number. ")?;
                write!(out, "Numbers must be between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807. {at}")
            }
            Self::EmptyFieldName(at) => write!(out, "A field name cannot be empty. {at}"),
            Self::EmptyFunctionName(at) => write!(out, "A function name cannot be empty. {at}"),
            Self::EmptyArgument(at) => write!(out, "Function argument must be specified. {at}"),
            Self::TooDeep(at) => write!(out, "The query is nested too deeply. {at}"),
            other => other.validation(out),
        }
    }
}

/// The product says "at the end of the query" for fields and arguments, and forgets an article before "JQL" for operands.
fn expecting(out: &mut fmt::Formatter<'_>, wanted: Wanted, got: Option<&(String, Place)>) -> fmt::Result {
    let (what, quoted_as) = match wanted {
        Wanted::Field => ("a field name".to_owned(), Some("a field name")),
        Wanted::Operator => ("operator".to_owned(), None),
        Wanted::Operand => ("either a value, list or function".to_owned(), Some("a value")),
        Wanted::Argument => ("a function argument".to_owned(), Some("an argument")),
        Wanted::CustomFieldId => ("a custom field id (a positive number)".to_owned(), None),
        Wanted::Connective => ("either 'OR' or 'AND'".to_owned(), None),
        Wanted::Direction => ("either 'ASC' or 'DESC'".to_owned(), None),
        Wanted::CloseOrComma => ("')' or ','".to_owned(), None),
        Wanted::Exactly(text) => (format!("'{text}'"), None),
    };
    out.write_str(if wanted == Wanted::Operand { "Error in JQL Query: " } else { SYNTAX })?;
    let tail = if wanted == Wanted::Operator { format!(" {OPERATORS}") } else { String::new() };
    match got {
        None if matches!(wanted, Wanted::Field | Wanted::Argument) => {
            write!(out, "Expecting {what} at the end of the query.")
        }
        None => write!(out, "Expecting {what} before the end of the query.{tail}"),
        Some((text, at)) if wanted == Wanted::Field && text == "[" => {
            write!(out, "Expecting a field name but got '['. Did you mean 'cf['? {at}")
        }
        Some((text, at)) => {
            write!(out, "Expecting {what} but got '{text}'.{tail}")?;
            if let Some(role) = quoted_as {
                write!(out, " You must surround '{text}' in quotation marks to use it as {role}.")?;
            }
            write!(out, " {at}")
        }
    }
}

impl Problem {
    fn validation(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManySorts(count) => {
                write!(out, "The maximum number of fields in ORDER BY is 7, but there are {count}.")
            }
            Self::Unbounded => out.write_str(
                "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
            ),
            Self::UnknownField(name) => {
                write!(out, "Field '{name}' does not exist or you do not have permission to view it.")
            }
            Self::UnknownSort(name) => write!(out, "Not able to sort using field '{name}'."),
            Self::Operator { operator, field } => {
                write!(out, "The operator '{operator}' is not supported by the '{field}' field.")
            }
            Self::ListForSingle { operator, value, field } => {
                write!(out, "Operator '{operator}' does not support the list value '{value}' for field '{field}'.")
            }
            Self::SingleForList { operator, value, field } => {
                write!(out, "Operator '{operator}' does not support the non-list value '{value}' for field '{field}'.")
            }
            Self::NotEmptyForIs { field } => {
                write!(out, "The operator 'is' supports only EMPTY and NULL for field '{field}'.")
            }
            Self::EmptyUnsupported(field) => {
                write!(out, "The field '{field}' does not support searching for EMPTY values.")
            }
            Self::UnknownValue { value, field } => {
                write!(out, "The value '{value}' does not exist for the field '{field}'.")
            }
            Self::UnknownId { id, field } => {
                write!(out, "A value with ID '{id}' does not exist for the field '{field}'.")
            }
            Self::UnknownIssue { key, field } => {
                write!(out, "An issue with key '{key}' does not exist for field '{field}'.")
            }
            Self::MalformedKey { key, field } => write!(out, "The issue key '{key}' for field '{field}' is invalid."),
            Self::UnknownOption { value, field } => {
                write!(out, "The option '{value}' for field '{field}' does not exist.")
            }
            Self::UnknownGroup { value, field } => {
                write!(out, "The group '{value}' for field '{field}' does not exist.")
            }
            other => other.values(out),
        }
    }

    fn values(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadDate { value, field } => {
                write!(
                    out,
                    "Date value '{value}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
                )?;
                out.write_str("'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.")
            }
            Self::BadDay { value, field } => {
                write!(out, "Date value '{value}' for field '{field}' is invalid. ")?;
                out.write_str(
                    "Valid formats include: 'YYYY/MM/DD', 'YYYY-MM-DD', or a period format e.g. '-5d', '4w 2d'.",
                )
            }
            Self::BadNumber { value, field } => {
                write!(out, "Value '{value}' for the '{field}' field is not a valid number.")
            }
            Self::EmptyText(field) => {
                write!(out, "The field '{field}' does not support searching for an empty string.")
            }
            Self::BadText { value, field } => write!(out, "Unable to parse the text '{value}' for field '{field}'."),
            Self::LeadingWildcard { value, field, wildcard } => {
                write!(out, "The text query '{value}' for field '{field}' is not allowed to start with '{wildcard}'.")
            }
            Self::UnknownFunction(name) => write!(out, "Unable to find JQL function '{name}()'."),
            Self::ArgumentCount { function, expected, received } => {
                write!(out, "Function '{function}' expected '{expected}' arguments but received '{received}'.")
            }
            Self::BadIncrement(function) => {
                write!(
                    out,
                    "Duration for function '{function}' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."
                )
            }
            Self::NoSuchGroup(group) => {
                write!(
                    out,
                    "Function 'membersOf' can not generate a list of usernames for group '{group}'; the group does not exist."
                )
            }
            Self::FunctionForField { function, field, date: true } => {
                write!(out, "A date for the field '{field}' provided by the function '{function}' is not valid.")
            }
            Self::FunctionForField { function, field, date: false } => {
                write!(out, "A value provided by the function '{function}' is invalid for the field '{field}'.")
            }
            Self::NoHistory(field) => write!(out, "History searches do not support the '{field}' field."),
            // Every other reason was written by the functions above.
            _ => Ok(()),
        }
    }
}
