//! `fossick explain`: who may see what, and why.

use super::source::words;
use super::table;
use crate::cli::{Explain, ExplainReport};
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::operator::Operator;
use serde_json::Value;
use url::form_urlencoded;

pub(crate) async fn run(asked: Explain, config: &Config) -> Result<(), Fault> {
    let operator = Operator::reach(config).await?;
    let done = answer(&operator, asked).await;
    operator.close().await;
    done
}

async fn answer(operator: &Operator, asked: Explain) -> Result<(), Fault> {
    let Explain { person, document, csv, report } = asked;
    match (report, person, document) {
        (Some(ExplainReport::Exposure { sort, csv }), ..) => exposure(operator, &sort, csv).await,
        (Some(ExplainReport::Objections), ..) => objections(operator).await,
        (None, Some(person), Some(document)) => pair(operator, &person, &document).await,
        (None, None, Some(document)) => audience(operator, &document).await,
        (None, Some(person), None) => reach(operator, &person, csv).await,
        (None, None, None) => {
            let message = "name a person, a document or both, such as `--person ana@example.com --document ENG-7`; or \
                           ask for the report: fossick explain exposure";
            Err(Fault::new(Exit::Usage, message))
        }
    }
}

fn path(route: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    format!("/api/v1/explain{route}?{}", query.finish())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A document by what an operator may know of it: no title, for the operator is nobody at the source.
fn document_words(about: &Value) -> String {
    let name = if about["key"].is_null() { words(&about["document"]) } else { words(&about["key"]) };
    format!("{} {name} in {}", words(&about["kind"]), words(&about["container"]))
}

async fn pair(operator: &Operator, person: &str, document: &str) -> Result<(), Fault> {
    let found = operator.get(&path("", &[("person", person), ("document", document)])).await?;
    let verdict = if found["visible"] == true { "finds" } else { "does not find" };
    let (person, known_as) = (words(&found["person"]), words(&found["known_as"]));
    println!("{person} ({known_as}) {verdict} {}", document_words(&found["document"]));
    let rows: Vec<_> = list(&found["steps"])
        .map(|step| {
            let says = match step["remedy"].as_str() {
                Some(remedy) => format!("{}; to mend it: {remedy}", words(&step["says"])),
                None => words(&step["says"]),
            };
            [words(&step["outcome"]), words(&step["what"]), says, words(&step["link"]["url"])]
        })
        .collect();
    table::print(["", "LAYER", "WHY", "WHERE IT IS SET"], &rows);
    Ok(())
}

async fn audience(operator: &Operator, document: &str) -> Result<(), Fault> {
    let found = operator.get(&path("/document", &[("document", document)])).await?;
    println!(
        "{} people see {}; {} of them find it in Fossick",
        words(&found["count"]),
        document_words(&found["document"]),
        words(&found["finding"])
    );
    if found["cause"].is_object() {
        println!("nobody sees it: {}; {}", words(&found["cause"]["reason"]), words(&found["cause"]["remedy"]));
    }
    let rows: Vec<_> = list(&found["people"])
        .map(|person| {
            let guest = if person["guest"] == true { "guest" } else { "" };
            [words(&person["name"]), words(&person["user"]), words(&person["account"]), guest.to_owned()]
        })
        .collect();
    table::print(["NAME", "ACCOUNT AT THE SOURCE", "ACCOUNT HERE", ""], &rows);
    Ok(())
}

async fn reach(operator: &Operator, person: &str, csv: bool) -> Result<(), Fault> {
    if csv {
        print!("{}", operator.text(&path("/person", &[("person", person), ("format", "csv")])).await?);
        return Ok(());
    }
    let found = operator.get(&path("/person", &[("person", person)])).await?;
    let finds = if found["has_account"] == true { "finds" } else { "has no account here and would find" };
    println!(
        "{} ({}) {finds} {} of {} documents",
        words(&found["person"]),
        words(&found["known_as"]),
        words(&found["visible"]),
        words(&found["documents"])
    );
    let rows: Vec<_> = list(&found["containers"])
        .map(|row| {
            let [source, key, name, visible, refused, documents] =
                ["source_name", "key", "name", "visible", "refused", "documents"].map(|field| words(&row[field]));
            [source, key, name, visible, refused, causes(&row["hidden"]), documents]
        })
        .collect();
    table::print(["SOURCE", "KEY", "NAME", "FINDS", "ONLY OTHERS DO", "NOBODY DOES", "DOCUMENTS"], &rows);
    Ok(())
}

fn causes(hidden: &Value) -> String {
    let causes: Vec<_> =
        list(hidden).map(|cause| format!("{} ({})", words(&cause["documents"]), words(&cause["reason"]))).collect();
    if causes.is_empty() { "0".to_owned() } else { causes.join("; ") }
}

async fn exposure(operator: &Operator, sort: &str, csv: bool) -> Result<(), Fault> {
    if csv {
        print!("{}", operator.text(&path("/exposure", &[("sort", sort), ("format", "csv")])).await?);
        return Ok(());
    }
    let found = operator.get(&path("/exposure", &[("sort", sort)])).await?;
    let columns = ["documents", "everybody", "some", "guests", "nobody"];
    let rows = list(&found["containers"]).map(|row| {
        let [documents, everybody, some, guests, nobody] = columns.map(|field| words(&row["open"][field]));
        let mistake = row["by_mistake"]["reason"].as_str().unwrap_or_default().to_owned();
        [words(&row["source_name"]), words(&row["key"]), documents, everybody, some, guests, nobody, mistake]
    });
    let [documents, everybody, some, guests, nobody] = columns.map(|field| words(&found["totals"][field]));
    let all = ["all".to_owned(), String::new(), documents, everybody, some, guests, nobody, String::new()];
    let rows: Vec<_> = rows.chain([all]).collect();
    table::print(["SOURCE", "KEY", "DOCUMENTS", "EVERYBODY", "SOME", "GUESTS", "NOBODY", "OPEN BY MISTAKE?"], &rows);
    let idle = words(&found["without_effect_total"]);
    println!("{idle} restrictions without effect");
    for idle in list(&found["without_effect"]) {
        let on = idle["document"].as_str().map(|on| format!(" on {on}")).unwrap_or_default();
        println!("  {}: {}{on}", words(&idle["source_name"]), words(&idle["what"]));
    }
    Ok(())
}

async fn objections(operator: &Operator) -> Result<(), Fault> {
    let found = operator.get("/api/v1/objections").await?;
    let rows: Vec<_> = list(&found["objections"])
        .map(|row| {
            let state = if row["settled"].is_null() { "open" } else { "settled" };
            let [id, at, by, document, note] = ["id", "at", "by", "document", "note"].map(|field| words(&row[field]));
            [id, state.to_owned(), at, by, document, note]
        })
        .collect();
    table::print(["ID", "STATE", "RAISED", "BY", "DOCUMENT", "NOTE"], &rows);
    Ok(())
}
