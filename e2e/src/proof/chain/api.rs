//! What the API answers an account: every document in it holds one word, so one search finds all that the person may see.

use super::hub::Staged;
use crate::people::{Somebody, Thing};
use model::{Kind, Product};
use serde_json::Value;
use simulator::drawn::WORD;
use std::collections::{BTreeMap, BTreeSet};

/// What the searches of one person gave.
#[derive(Default)]
pub(super) struct Answered {
    /// All that was shown, heads and what hangs on them.
    pub(super) shown: BTreeSet<Thing>,
    /// What hits name beside themselves: issues that they link to, and their like.
    pub(super) related: BTreeSet<Thing>,
    /// Documents counted, by kind, over both products.
    pub(super) counts: BTreeMap<Kind, u64>,
}

/// Searches through all pages, kind by kind.
pub(super) async fn ask(staged: &Staged, person: &Somebody) -> Result<Answered, String> {
    let mut answered = Answered::default();
    for kind in Kind::ALL.iter().copied() {
        for page in 1.. {
            let path = format!("/api/v1/search?q={WORD}&type={kind}&page={page}");
            let (status, results) = staged.ask(person, &path).await;
            if !status.is_success() {
                return Err(format!("`{path}` gave {status} to {}: {results}", person.name));
            }
            let hits = results["hits"].as_array().cloned().unwrap_or_default();
            for hit in &hits {
                for document in std::iter::once(hit).chain(hit["nested"].as_array().into_iter().flatten()) {
                    answered.shown.insert(thing(document)?);
                }
                for other in hit["related"].as_array().into_iter().flatten() {
                    answered.related.insert(thing(other)?);
                }
            }
            if page == 1 {
                let counts = results["facets"]["kinds"].as_array().cloned().unwrap_or_default();
                let of_kind = counts.iter().find(|row| row["kind"] == kind.to_string());
                answered.counts.insert(kind, of_kind.and_then(|row| row["count"].as_u64()).unwrap_or_default());
            }
            if results["total"].as_u64().unwrap_or_default() <= 10 * page {
                break;
            }
        }
    }
    Ok(answered)
}

/// What a hit stands for. The address tells the product: Confluence lies under `/wiki`.
fn thing(document: &Value) -> Result<Thing, String> {
    let text = |name: &str| document[name].as_str().map(str::to_owned).ok_or(format!("no `{name}` in {document}"));
    let product = if text("url")?.contains("/wiki/") { Product::Confluence } else { Product::Jira };
    let kind = text("kind")?.parse().map_err(|error| format!("{error}"))?;
    Ok(Thing { product, kind, native: text("id")? })
}
