//! What the access check costs: the ten best of two-word queries, against plain Tantivy on the same segments.

use crate::company::{Company, Dice, indexed, viewer};
use crate::measure::{in_turns, ms, percentile};
use crate::report::Report;
use access::Viewer;
use anyhow::{Context, Result, ensure};
use index::{TantivyIndex, analyze};
use search::{Meaning, Query, Request, SearchIndex};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as TantivyQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, ReloadPolicy, Searcher, Term};

const DOCUMENTS: u32 = 500_000;
const QUERIES: usize = 200;
const HITS: usize = 10;
const VOCABULARY: f64 = 50_000.0;

/// Documents of one space lie together, as a crawl lists them.
const SPACE: u32 = 250;

/// Share of the documents that a person sees, and the limit of the median ratio.
const PEOPLE: &[(f64, Option<f64>)] =
    &[(1.0, Some(1.4)), (0.75, Some(1.4)), (0.3, Some(1.4)), (0.05, Some(3.0)), (0.01, Some(5.0)), (0.001, None)];

/// A word by its rank; common ones are short, as in life.
fn word(rank: f64) -> String {
    format!("w{}q", rank as u32)
}

/// Words as texts have them: the n-th most common one n times rarer than the first.
pub(crate) fn text(dice: &mut Dice, words: usize) -> String {
    let words: Vec<String> = (0..words).map(|_| word(VOCABULARY.powf(dice.roll()))).collect();
    words.join(" ")
}

fn company(count: u32) -> Company {
    let write = |docno: u32| {
        let mut dice = Dice::new(u64::from(docno) + 1);
        let length = 90 + (dice.roll() * 60.0) as usize;
        (text(&mut dice, 8), text(&mut dice, length))
    };
    Company { count, space_of: |docno| docno / SPACE, write: Box::new(write) }
}

/// Two words from the middle ranks, spread evenly over their logarithms.
fn queries() -> Vec<Request> {
    let mut dice = Dice::new(0);
    let mut term = || word(5.0 * 1000.0_f64.powf(dice.roll()));
    (0..QUERIES).map(|_| Request::of(&format!("{} {}", term(), term()))).collect()
}

/// The same words in the same fields with the same weights, without any check.
fn rival_query(searcher: &Searcher, query: &Query) -> Result<BooleanQuery> {
    let schema = searcher.schema();
    let (text, title) = (schema.get_field("text")?, schema.get_field("title")?);
    let mut clauses: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::new();
    for word in Meaning::of(query, analyze).marked() {
        let term = |field| TermQuery::new(Term::from_field_text(field, &word), IndexRecordOption::WithFreqs);
        clauses.push((Occur::Should, Box::new(term(text))));
        clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term(title)), index::TITLE_WEIGHT))));
    }
    Ok(BooleanQuery::new(clauses))
}

fn rival(folder: &Path) -> Result<Searcher> {
    let name = fs::read_to_string(folder.join("CURRENT")).context("the index has no build in force")?;
    let index = Index::open_in_dir(folder.join(name.trim()))?;
    Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?.searcher())
}

struct Row {
    ours: Vec<Duration>,
    rival: Vec<Duration>,
    ratios: Vec<f64>,
    totals: Vec<Duration>,
    whole: Vec<Duration>,
}

fn measure(index: &TantivyIndex, searcher: &Searcher, viewer: &Viewer, requests: &[Request]) -> Result<Row> {
    let mut row = Row { ours: vec![], rival: vec![], ratios: vec![], totals: vec![], whole: vec![] };
    for request in requests {
        let query = rival_query(searcher, &request.query)?;
        let plain = || -> Result<()> {
            searcher.search(&query, &TopDocs::with_limit(HITS).order_by_score())?;
            Ok(())
        };
        let (ours, rival) = in_turns(|| Ok(index.best(viewer, request, HITS).map(|_| ())?), plain)?;
        row.ratios.push(ours.as_secs_f64() / rival.as_secs_f64());
        row.ours.push(ours);
        row.rival.push(rival);
    }
    // These have no rival and take longest, so a part of the queries must do.
    for request in requests.iter().step_by(10) {
        let total = || index.total(viewer, request).map(|_| ());
        let (total, whole) = in_turns(total, || index.search(viewer, request).map(|_| ()))?;
        row.totals.push(total);
        row.whole.push(whole);
    }
    Ok(row)
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let company = company(DOCUMENTS / scale);
    // Person n reads as many spaces, drawn by lot, as make up the share.
    let readers = |space: u32| {
        let lot = Dice::new(u64::from(space) + 7_000_000).roll();
        (0..).zip(PEOPLE).filter(|(_, (share, _))| lot < *share).map(|(person, _)| person).collect()
    };
    let access = company.access(readers);
    let folder = tempfile::tempdir()?;
    let mirror = indexed(company, folder.path(), &access)?;
    let (index, searcher) = (TantivyIndex::new(mirror.clone()), rival(folder.path())?);
    ensure!(searcher.num_docs() == u64::from(DOCUMENTS / scale), "the index does not hold every document");
    let head = [
        "sees",
        "seen",
        "ours p50 ms",
        "p99",
        "plain p50 ms",
        "p99",
        "ratio",
        "limit",
        "total p50 ms",
        "search p50 ms",
    ];
    let mut report = Report::new(&head);
    let requests = queries();
    for (person, (share, limit)) in (0..).zip(PEOPLE) {
        let viewer = viewer(person);
        let everything = Request { query: Query::everything(), ..Request::of("") };
        let seen = index.total(&viewer, &everything)? as f64 / searcher.num_docs() as f64;
        let row = measure(&index, &searcher, &viewer, &requests)?;
        let ratio = percentile(row.ratios, 50);
        let name = format!("{:.1} %", share * 100.0);
        report.row([
            name.clone(),
            format!("{:.2} %", seen * 100.0),
            ms(percentile(row.ours.clone(), 50)),
            ms(percentile(row.ours, 99)),
            ms(percentile(row.rival.clone(), 50)),
            ms(percentile(row.rival, 99)),
            format!("{ratio:.2}"),
            limit.map_or("-".to_owned(), |limit| format!("{limit:.1}")),
            ms(percentile(row.totals, 50)),
            ms(percentile(row.whole, 50)),
        ]);
        if let Some(limit) = limit {
            report.at_most(&format!("sees {name}"), ratio, *limit);
        }
    }
    Ok(report)
}
