//! From what a query asks to what Tantivy evaluates.
//!
//! Words that rank are kept in one flat union of terms wherever the query allows it: only then can Tantivy skip the
//! blocks of postings that cannot make the list.

use crate::schema::{Fields, title_hash};
use crate::steady::Steady;
use search::{Form, Meaning, Occur as Wanted, Part};
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

/// How much more a word in the title weighs.
pub const TITLE_WEIGHT: f32 = 0.25;

type Clauses = Vec<(Occur, Box<dyn Query>)>;

/// A query in the forms in which a search needs it.
pub(crate) struct Compiled<'a> {
    fields: &'a Fields,
    meaning: &'a Meaning,
}

impl<'a> Compiled<'a> {
    /// Reads the meaning with the fields of the index.
    pub(crate) fn new(fields: &'a Fields, meaning: &'a Meaning) -> Self {
        Self { fields, meaning }
    }

    /// Finds and ranks.
    pub(crate) fn ranking(&self) -> Box<dyn Query> {
        self.query(true)
    }

    /// Finds the same documents with the fewest terms.
    pub(crate) fn matching(&self) -> Box<dyn Query> {
        self.query(false)
    }

    /// What ranks before everything else, foremost first: exact keys, exact titles. Each is a rare term or none.
    pub(crate) fn foremost(&self) -> Vec<Vec<Term>> {
        let keys = self.meaning.keys().map(|key| Term::from_field_text(self.fields.key, key)).collect();
        let mut titles = Vec::new();
        if !self.meaning.title.is_empty() {
            titles.push(Term::from_field_u64(self.fields.exact_title, title_hash(&self.meaning.title)));
        }
        vec![keys, titles]
    }

    /// The queries of which one is enough, if the whole query is no more than that.
    pub(crate) fn any_of(&self, ranks: bool) -> Option<Vec<Box<dyn Query>>> {
        if self.meaning.everything {
            return Some(vec![Box::new(AllQuery)]);
        }
        let mut clauses = Clauses::new();
        for part in &self.meaning.parts {
            if part.occur != Wanted::Should {
                return None;
            }
            clauses.extend(self.finding(part, ranks).into_iter().map(|query| (Occur::Should, query)));
            self.add_titles(part, ranks, &mut clauses);
        }
        Some(clauses.into_iter().map(|(_, query)| query).collect())
    }

    fn query(&self, ranks: bool) -> Box<dyn Query> {
        if self.meaning.everything {
            return Box::new(AllQuery);
        }
        let musts = self.meaning.parts.iter().any(|part| part.occur == Wanted::Must);
        let mut clauses = Clauses::new();
        for part in &self.meaning.parts {
            match part.occur {
                Wanted::MustNot => clauses.push((Occur::MustNot, either(self.finding(part, false)))),
                Wanted::Must => {
                    clauses.push((Occur::Must, either(self.finding(part, ranks))));
                    self.add_titles(part, ranks, &mut clauses);
                }
                Wanted::Should if musts && !ranks => {}
                Wanted::Should => {
                    clauses.extend(self.finding(part, ranks).into_iter().map(|query| (Occur::Should, query)));
                    self.add_titles(part, ranks, &mut clauses);
                }
            }
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// One query per way in which the part can occur.
    fn finding(&self, part: &Part, ranks: bool) -> Vec<Box<dyn Query>> {
        let record = if ranks { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        let mut found: Vec<Box<dyn Query>> = Vec::new();
        for form in &part.forms {
            found.push(match form {
                Form::Word(word) => Box::new(TermQuery::new(Term::from_field_text(self.fields.text, word), record)),
                Form::Phrase(terms) => {
                    let terms = terms.iter().map(|(at, term)| (*at, Term::from_field_text(self.fields.text, term)));
                    Box::new(Steady(PhraseQuery::new_with_offset(terms.collect())))
                }
            });
        }
        if let Some(key) = &part.key {
            let term = Term::from_field_text(self.fields.key, key);
            found.push(Box::new(TermQuery::new(term, IndexRecordOption::Basic)));
        }
        found
    }

    /// The words of a part in the title add to the rank. They find nothing more: the text holds the title.
    fn add_titles(&self, part: &Part, ranks: bool, clauses: &mut Clauses) {
        if !ranks {
            return;
        }
        for form in &part.forms {
            if let Form::Word(word) = form {
                let term = Term::from_field_text(self.fields.title, word);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), TITLE_WEIGHT))));
            }
        }
    }
}

fn either(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1
        && let Some(only) = queries.pop()
    {
        return only;
    }
    Box::new(BooleanQuery::union(queries))
}

/// The documents of `query` that hold one of the terms.
pub(crate) fn restricted(query: Box<dyn Query>, terms: Vec<Term>) -> Box<dyn Query> {
    let terms = terms.into_iter().map(|term| -> Box<dyn Query> {
        // Only narrows: a constant adds nothing to the order.
        Box::new(TermQuery::new(term, IndexRecordOption::Basic))
    });
    let narrow = tantivy::query::ConstScoreQuery::new(either(terms.collect()), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(narrow))]))
}
