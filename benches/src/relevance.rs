//! How good the first ten hits are, with the default ranking, on judged collections: nDCG@10.

use crate::company::{Company, indexed, viewer};
use crate::report::Report;
use anyhow::{Context, Result};
use index::TantivyIndex;
use search::{Request, SearchIndex};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Collections and the least that the ranking must reach.
const COLLECTIONS: &[(&str, f64)] = &[("scifact", 0.67), ("cranfield", 0.37)];

const HITS: usize = 10;

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    title: String,
    text: String,
}

fn entries(path: &Path) -> Result<Vec<Entry>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("`{}`", path.display()))).collect()
}

/// Grades of documents by query.
fn judgements(path: &Path) -> Result<HashMap<String, HashMap<String, f64>>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut found: HashMap<String, HashMap<String, f64>> = HashMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(query), Some(document), Some(grade)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let grade = grade.trim().parse().with_context(|| format!("no grade in `{line}`"))?;
        found.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
    }
    Ok(found)
}

/// The gain of this order against the best possible one.
fn ndcg(found: &[f64], mut grades: Vec<f64>) -> f64 {
    let gain = |grades: &[f64]| -> f64 {
        grades.iter().take(HITS).enumerate().map(|(at, grade)| grade / ((at + 2) as f64).log2()).sum()
    };
    grades.sort_by(|left, right| right.total_cmp(left));
    let best = gain(&grades);
    if best > 0.0 { gain(found) / best } else { 0.0 }
}

fn collection(folder: &Path) -> Result<(f64, usize, usize)> {
    let corpus = entries(&folder.join("corpus.jsonl"))?;
    let judged = judgements(&folder.join("qrels/test.tsv"))?;
    let ids: Vec<String> = corpus.iter().map(|entry| entry.id.clone()).collect();
    let count = u32::try_from(corpus.len())?;
    let write = move |docno: u32| {
        let entry = &corpus[docno as usize];
        (entry.title.clone(), entry.text.clone())
    };
    let company = Company { count, space_of: |_| 0, write: Box::new(write) };
    let access = company.access(|_| vec![0]);
    let built = tempfile::tempdir()?;
    let mirror = indexed(company, built.path(), &access)?;
    let (index, person) = (TantivyIndex::new(mirror), viewer(0));
    let mut gains = Vec::new();
    for query in entries(&folder.join("queries.jsonl"))? {
        let Some(grades) = judged.get(&query.id) else { continue };
        let results = index.search(&person, &Request::of(&query.text))?;
        let grade = |docno: u32| grades.get(&ids[docno as usize]).copied().unwrap_or(0.0);
        let found: Vec<f64> = results.hits.iter().map(|hit| grade(hit.document.docno.0)).collect();
        gains.push(ndcg(&found, grades.values().copied().collect()));
    }
    Ok((gains.iter().sum::<f64>() / gains.len().max(1) as f64, ids.len(), gains.len()))
}

/// Runs the benchmark. Its size does not scale: the judgements belong to whole collections.
pub(crate) fn run(_: u32) -> Result<Report> {
    let Some(data) = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from) else {
        return Ok(Report::skipped(
            "FOSSICK_REAL_DATA does not name a folder with `relevance/scifact` and `relevance/cranfield`",
        ));
    };
    let mut report = Report::new(&["collection", "documents", "queries", "nDCG@10", "limit"]);
    for (name, limit) in COLLECTIONS {
        let (figure, documents, queries) = collection(&data.join("relevance").join(name))?;
        let cells =
            [(*name).to_owned(), documents.to_string(), queries.to_string(), format!("{figure:.4}"), limit.to_string()];
        report.row(cells);
        report.at_least(name, figure, *limit);
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_order_is_one_and_a_late_hit_less() {
        assert!((ndcg(&[2.0, 1.0, 0.0], vec![1.0, 2.0]) - 1.0).abs() < 1e-9);
        assert!((ndcg(&[0.0, 1.0], vec![1.0]) - 1.0 / 3.0_f64.log2()).abs() < 1e-9);
        assert!(ndcg(&[], vec![1.0]).abs() < 1e-9);
    }
}
