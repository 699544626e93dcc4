//! Tokens to a tree, by recursive descent. `or` binds weaker than `and`, `and` weaker than `not`.

use super::error::{CqlError, Reason};
use super::lexer::{Token, lex};
use super::tree::{Clause, Cql, Operand, Operator, SortBy, Term};

/// Nesting that the parser follows, so that no input can exhaust the stack.
const DEEPEST: usize = 128;

pub(super) fn parse(text: &str) -> Result<Cql, CqlError> {
    let read = lex(text).and_then(|tokens| Parser { tokens, at: 0, depth: 0 }.query());
    read.ok_or_else(|| Reason::Syntax(text.to_owned()).into())
}

/// Every step answers `None` when the text is no sentence; the product does not say where.
struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn query(mut self) -> Option<Cql> {
        let restriction = self.or()?;
        let mut order_by = Vec::new();
        if self.word("order") {
            self.word("by").then_some(())?;
            loop {
                let field = self.name()?;
                let descending = self.word("desc");
                if !descending {
                    self.word("asc");
                }
                order_by.push(SortBy { field, descending });
                if !self.sign(",") {
                    break;
                }
            }
        }
        (self.at == self.tokens.len()).then_some(Cql { restriction, order_by })
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token.is_word(wanted));
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, wanted: &'static str) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Sign(wanted));
        self.at += usize::from(found);
        found
    }

    fn name(&mut self) -> Option<String> {
        match self.tokens.get(self.at)? {
            token if token.is_keyword() => None,
            Token::Word(word) => {
                self.at += 1;
                Some(word.clone())
            }
            Token::Quoted(_) | Token::Sign(_) => None,
        }
    }

    fn or(&mut self) -> Option<Clause> {
        let mut parts = vec![self.and()?];
        while self.word("or") {
            parts.push(self.and()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Clause::Or(parts)) }
    }

    fn and(&mut self) -> Option<Clause> {
        let mut parts = vec![self.not()?];
        while self.word("and") {
            parts.push(self.not()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Clause::And(parts)) }
    }

    fn not(&mut self) -> Option<Clause> {
        let negated = self.word("not");
        if !negated && !self.sign("(") {
            return self.term().map(Clause::Term);
        }
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())?;
        let inner = if negated { Clause::Not(Box::new(self.not()?)) } else { self.or()? };
        self.depth -= 1;
        (negated || self.sign(")")).then_some(inner)
    }

    fn term(&mut self) -> Option<Term> {
        let field = self.name()?;
        let operator = self.operator()?;
        if !matches!(operator, Operator::In | Operator::NotIn) {
            return Some(Term { field, operator, operands: vec![self.operand()?] });
        }
        self.sign("(").then_some(())?;
        let mut operands = vec![self.operand()?];
        while self.sign(",") {
            operands.push(self.operand()?);
        }
        self.sign(")").then_some(Term { field, operator, operands })
    }

    fn operator(&mut self) -> Option<Operator> {
        if self.word("in") {
            return Some(Operator::In);
        }
        if self.word("not") {
            return self.word("in").then_some(Operator::NotIn);
        }
        let Token::Sign(sign) = self.tokens.get(self.at)? else { return None };
        let operator = match *sign {
            "=" => Operator::Equal,
            "!=" => Operator::NotEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            "~" => Operator::Like,
            "!~" => Operator::NotLike,
            _ => return None,
        };
        self.at += 1;
        Some(operator)
    }

    fn operand(&mut self) -> Option<Operand> {
        match self.tokens.get(self.at)? {
            Token::Quoted(text) => {
                let text = text.clone();
                self.at += 1;
                Some(Operand::Text(text))
            }
            _ => {
                let name = self.name()?;
                if !self.sign("(") {
                    return Some(Operand::Text(name));
                }
                let mut arguments = Vec::new();
                if self.sign(")") {
                    return Some(Operand::Call { name, arguments });
                }
                loop {
                    match self.tokens.get(self.at)? {
                        Token::Word(text) | Token::Quoted(text) => arguments.push(text.clone()),
                        Token::Sign(_) => return None,
                    }
                    self.at += 1;
                    if self.sign(")") {
                        return Some(Operand::Call { name, arguments });
                    }
                    self.sign(",").then_some(())?;
                }
            }
        }
    }
}
