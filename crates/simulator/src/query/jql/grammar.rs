//! Tokens to a tree, by recursive descent. `OR` binds weaker than `AND`, `AND` weaker than `NOT`.

use super::error::{Problem, Wanted};
use super::lexer::{Spot, Token, lex};
use super::tree::{Clause, FieldName, Jql, Operand, Operator, SortBy, Term};

/// Nesting that the parser follows, so that no input can exhaust the stack.
const DEEPEST: usize = 128;

pub(super) fn parse(text: &str) -> Result<Jql, Problem> {
    let mut parser = Parser { spots: lex(text)?, at: 0, depth: 0 };
    let restriction = match parser.peek() {
        None | Some(Token::Keyword("order")) => None,
        Some(_) => Some(parser.or()?),
    };
    if parser.at < parser.spots.len() && parser.peek() != Some(&Token::Keyword("order")) {
        return Err(parser.expecting(Wanted::Connective));
    }
    let order_by = parser.order_by()?;
    Ok(Jql { restriction, order_by })
}

struct Parser {
    spots: Vec<Spot>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.spots.get(self.at).map(|spot| &spot.token)
    }

    fn follows(&self, token: &Token) -> bool {
        self.peek() == Some(token)
    }

    fn accept(&mut self, token: &Token) -> bool {
        let found = self.follows(token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Problem> {
        if self.accept(&Token::Sign(sign)) { Ok(()) } else { Err(self.expecting(Wanted::Exactly(sign))) }
    }

    fn expecting(&self, wanted: Wanted) -> Problem {
        let got = self.spots.get(self.at).map(|spot| (spot.text.clone(), spot.place));
        Problem::Expecting { wanted, got }
    }

    fn deeper(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        match self.spots.get(self.at.min(self.spots.len().saturating_sub(1))) {
            Some(spot) if self.depth > DEEPEST => Err(Problem::TooDeep(spot.place)),
            _ => Ok(()),
        }
    }

    fn or(&mut self) -> Result<Clause, Problem> {
        let mut parts = vec![self.and()?];
        while matches!(self.peek(), Some(Token::Keyword("or") | Token::Sign("|" | "||"))) {
            self.at += 1;
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Clause::Or(parts) })
    }

    fn and(&mut self) -> Result<Clause, Problem> {
        let mut parts = vec![self.not()?];
        while matches!(self.peek(), Some(Token::Keyword("and") | Token::Sign("&" | "&&"))) {
            self.at += 1;
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Clause::And(parts) })
    }

    fn not(&mut self) -> Result<Clause, Problem> {
        if matches!(self.peek(), Some(Token::Keyword("not") | Token::Sign("!"))) {
            self.at += 1;
            self.deeper()?;
            let inner = self.not()?;
            self.depth -= 1;
            return Ok(Clause::Not(Box::new(inner)));
        }
        if self.accept(&Token::Sign("(")) {
            self.deeper()?;
            let inner = self.or()?;
            self.depth -= 1;
            self.expect(")")?;
            return Ok(inner);
        }
        self.term().map(Clause::Term)
    }

    fn term(&mut self) -> Result<Term, Problem> {
        let field = self.field()?;
        let operator = self.operator()?;
        let operand = match operator {
            Operator::Changed => {
                self.skip_history();
                Operand::Empty
            }
            _ => self.operand()?,
        };
        if operator == Operator::Was {
            self.skip_history();
        }
        Ok(Term { field, operator, operand })
    }

    fn field(&mut self) -> Result<FieldName, Problem> {
        let Some(spot) = self.spots.get(self.at) else { return Err(self.expecting(Wanted::Field)) };
        let name = match &spot.token {
            Token::Word(name) | Token::Quoted(name) if name.trim().is_empty() => {
                return Err(Problem::EmptyFieldName(spot.place));
            }
            Token::Word(name) | Token::Quoted(name) => FieldName::Name(name.clone()),
            Token::Number(_) => FieldName::Name(spot.text.clone()),
            Token::Keyword("cf") => {
                self.at += 1;
                return self.custom_field();
            }
            Token::Keyword(_) | Token::Sign(_) => return Err(self.expecting(Wanted::Field)),
        };
        self.at += 1;
        Ok(name)
    }

    fn custom_field(&mut self) -> Result<FieldName, Problem> {
        self.expect("[")?;
        let id = match self.peek() {
            Some(&Token::Number(number)) => u64::try_from(number).ok(),
            _ => None,
        };
        let Some(id) = id else { return Err(self.expecting(Wanted::CustomFieldId)) };
        self.at += 1;
        self.expect("]")?;
        Ok(FieldName::Custom(id))
    }

    fn operator(&mut self) -> Result<Operator, Problem> {
        let operator = match self.peek() {
            Some(Token::Sign("=")) => Operator::Equal,
            Some(Token::Sign("!=")) => Operator::NotEqual,
            Some(Token::Sign(">")) => Operator::Greater,
            Some(Token::Sign(">=")) => Operator::GreaterOrEqual,
            Some(Token::Sign("<")) => Operator::Less,
            Some(Token::Sign("<=")) => Operator::LessOrEqual,
            Some(Token::Sign("~")) => Operator::Like,
            Some(Token::Sign("!~")) => Operator::NotLike,
            Some(Token::Keyword("in")) => Operator::In,
            Some(Token::Keyword("is")) => Operator::Is,
            Some(Token::Keyword("was")) => Operator::Was,
            Some(Token::Keyword("changed")) => Operator::Changed,
            Some(Token::Keyword("not")) => {
                self.at += 1;
                return if self.accept(&Token::Keyword("in")) {
                    Ok(Operator::NotIn)
                } else {
                    Err(self.expecting(Wanted::Exactly("IN")))
                };
            }
            _ => return Err(self.expecting(Wanted::Operator)),
        };
        self.at += 1;
        match operator {
            Operator::Is if self.accept(&Token::Keyword("not")) => Ok(Operator::IsNot),
            Operator::Is if self.follows(&Token::Sign("!")) => Err(self.expecting(Wanted::Exactly("NOT"))),
            Operator::Was => {
                let _ = self.accept(&Token::Keyword("not"));
                let _ = self.accept(&Token::Keyword("in"));
                Ok(operator)
            }
            _ => Ok(operator),
        }
    }

    fn operand(&mut self) -> Result<Operand, Problem> {
        let Some(spot) = self.spots.get(self.at) else { return Err(self.expecting(Wanted::Operand)) };
        let (text, place) = (spot.text.clone(), spot.place);
        let operand = match &spot.token {
            Token::Keyword("empty" | "null") => Operand::Empty,
            Token::Number(number) => Operand::Number(*number),
            Token::Word(_) | Token::Quoted(_) => Operand::Text(text.clone()),
            Token::Sign("(") => {
                self.at += 1;
                return self.list();
            }
            Token::Keyword(_) | Token::Sign(_) => return Err(self.expecting(Wanted::Operand)),
        };
        self.at += 1;
        if matches!(operand, Operand::Empty) || !self.accept(&Token::Sign("(")) {
            return Ok(operand);
        }
        if text.trim().is_empty() {
            return Err(Problem::EmptyFunctionName(place));
        }
        Ok(Operand::Call { name: text, arguments: self.arguments()? })
    }

    fn list(&mut self) -> Result<Operand, Problem> {
        self.deeper()?;
        let mut items = vec![self.operand()?];
        while self.accept(&Token::Sign(",")) {
            items.push(self.operand()?);
        }
        self.depth -= 1;
        self.expect(")")?;
        Ok(Operand::List(items))
    }

    fn arguments(&mut self) -> Result<Vec<String>, Problem> {
        let mut arguments = Vec::new();
        if self.accept(&Token::Sign(")")) {
            return Ok(arguments);
        }
        loop {
            match self.spots.get(self.at) {
                Some(Spot { token: Token::Word(_) | Token::Quoted(_) | Token::Number(_), text, .. }) => {
                    arguments.push(text.clone());
                }
                Some(Spot { token: Token::Sign(")"), place, .. }) => return Err(Problem::EmptyArgument(*place)),
                Some(Spot { token: Token::Sign(","), .. }) if arguments.is_empty() => {
                    return Err(self.expecting(Wanted::Exactly(")")));
                }
                None if arguments.is_empty() => return Err(self.expecting(Wanted::Exactly(")"))),
                _ => return Err(self.expecting(Wanted::Argument)),
            }
            self.at += 1;
            if self.accept(&Token::Sign(")")) {
                return Ok(arguments);
            }
            if !self.accept(&Token::Sign(",")) {
                let wanted = if self.at < self.spots.len() { Wanted::CloseOrComma } else { Wanted::Exactly(")") };
                return Err(self.expecting(wanted));
            }
        }
    }

    /// History predicates (`BY x`, `AFTER y`) are read over: the operator is refused later, with the product's text for it.
    fn skip_history(&mut self) {
        while matches!(self.peek(), Some(Token::Keyword("by" | "before" | "after" | "from" | "to" | "on" | "during"))) {
            self.at += 1;
            if self.operand().is_err() {
                return;
            }
        }
    }

    fn order_by(&mut self) -> Result<Vec<SortBy>, Problem> {
        let mut sorts = Vec::new();
        if !self.accept(&Token::Keyword("order")) {
            return Ok(sorts);
        }
        if !self.accept(&Token::Keyword("by")) {
            return Err(self.expecting(Wanted::Exactly("by")));
        }
        loop {
            let field = self.field()?;
            let descending = match self.peek() {
                Some(Token::Keyword("asc")) => Some(false),
                Some(Token::Keyword("desc")) => Some(true),
                _ => None,
            };
            self.at += usize::from(descending.is_some());
            sorts.push(SortBy { field, descending });
            match self.peek() {
                None => return Ok(sorts),
                Some(Token::Sign(",")) => self.at += 1,
                Some(_) if descending.is_some() => return Err(self.expecting(Wanted::Exactly(","))),
                Some(_) => return Err(self.expecting(Wanted::Direction)),
            }
        }
    }
}
