//! What an explanation costs: one person and one document, everybody who sees a document, everything that a person sees,
//! and the exposure report.

use crate::company::Dice;
use crate::filled::{Filled, Size, person};
use crate::measure::{ms, percentile};
use crate::report::Report;
use access::DocNo;
use anyhow::{Result, ensure};
use explain::{Explainer, Whom};
use std::time::{Duration, Instant};

const SIZE: Size = Size { documents: 1_000_000, acls: 20_000 };
const PAIRS: usize = 500;
/// For one pair.
const PAIR: f64 = 50.0;
/// For the report.
const REPORT: f64 = 5_000.0;

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let size = Size { documents: SIZE.documents / scale, acls: SIZE.acls / scale };
    let filled = tokio::runtime::Runtime::new()?.block_on(Filled::with(size))?;
    let access = filled.mirror.access();
    let reader = filled.viewer(&person(3));
    let explainer = Explainer { store: &filled.store, access: &access, index: filled.index.as_ref(), reader: &reader };
    let mut report = Report::new(&["what", "p50 ms", "p99 ms", "limit"]);
    let mut row = |name: &str, times: Vec<Duration>, limit: Option<f64>| {
        let (median, high) = (percentile(times.clone(), 50), percentile(times, 99));
        let shown = limit.map_or("-".to_owned(), |limit| limit.to_string());
        report.row([name.to_owned(), ms(median), ms(high), shown]);
        if let Some(limit) = limit {
            report.at_most(name, high.as_secs_f64() * 1e3, limit);
        }
    };
    row("a pair", pairs(&filled, &explainer)?, Some(PAIR));
    let mut times = Vec::new();
    for at in 0..5 {
        let document = filled.store.document(DocNo(at * 7 + 1))?;
        let began = Instant::now();
        if let Some(document) = document {
            ensure!(!explainer.audience(&document)?.people.is_empty(), "nobody sees document {at}");
        }
        times.push(began.elapsed());
    }
    row("who sees a document, of 5,000", times, None);
    let reach = timed(5, || {
        explainer.reach(&whom(4))?;
        Ok(())
    })?;
    row("what a person sees", reach, None);
    let exposure = timed(3, || {
        let found = explainer.exposure()?;
        ensure!(
            found.totals.documents == u64::from(size.documents),
            "{} documents are counted",
            found.totals.documents
        );
        Ok(())
    })?;
    row("exposure report", exposure, Some(REPORT));
    Ok(report)
}

fn whom(number: u32) -> Whom {
    let name = format!("Person {number}");
    Whom { known_as: name.clone(), name, person: person(number), account: None, disabled: false }
}

fn pairs(filled: &Filled, explainer: &Explainer<'_>) -> Result<Vec<Duration>> {
    let mut dice = Dice::new(11);
    let mut times = Vec::new();
    for at in 0..PAIRS {
        let doc = DocNo((dice.roll() * f64::from(filled.size.documents)) as u32);
        let whom = whom(at as u32);
        let began = Instant::now();
        let Some(document) = filled.store.document(doc)? else { continue };
        let explanation = explainer.pair(&whom, &document)?;
        times.push(began.elapsed());
        let admitted = explainer.access.admits(&filled.viewer(&whom.person), doc);
        ensure!(explanation.visible == admitted, "the explanation of document {} differs from the decision", doc.0);
    }
    Ok(times)
}

fn timed(rounds: usize, mut work: impl FnMut() -> Result<()>) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        work()?;
        times.push(began.elapsed());
    }
    Ok(times)
}
