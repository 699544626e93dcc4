//! `fossick doctor`: what of a source can be read, what is hidden, why, and what would mend it.

use super::source::{number, words};
use super::table;
use crate::cli::Doctor;
use crate::config::Config;
use crate::exit::Fault;
use crate::operator::Operator;
use serde_json::Value;

pub(crate) async fn run(doctor: Doctor, config: &Config) -> Result<(), Fault> {
    let operator = Operator::reach(config).await?;
    let done = report(&operator, &doctor).await;
    operator.close().await;
    done
}

async fn report(operator: &Operator, doctor: &Doctor) -> Result<(), Fault> {
    let id = number(operator, &doctor.source).await?;
    let report = operator.get(&format!("/api/v1/sources/{id}/doctor")).await?;
    if doctor.json {
        println!("{report:#}");
        return Ok(());
    }
    let all = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let checks = all(&report["credential"]["checks"]).into_iter().filter(|row| row["outcome"] != "ok");
    let checks: Vec<_> = checks.map(|row| ["check", "found", "remedy"].map(|name| words(&row[name]))).collect();
    heading("Credential", checks.is_empty(), "as it should be");
    table::print(["CHECK", "FOUND", "WHAT TO DO"], &checks);
    let findings: Vec<_> = all(&report["findings"]).iter().map(finding).collect();
    heading("The source as a whole", findings.is_empty(), "nothing to mend");
    table::print(["ITEM", "WHAT", "WHAT TO DO"], &findings);
    let containers = all(&report["containers"]);
    heading("Spaces and projects", containers.is_empty(), "nothing has been read yet");
    let rows: Vec<_> = containers.iter().map(container).collect();
    table::print(["KEY", "DOCUMENTS", "HIDDEN", "WHO MAY SEE IT"], &rows);
    for one in &containers {
        let hidden = all(&one["hidden"]);
        let hidden =
            hidden.iter().map(|row| [format!("{} hidden", row["count"]), words(&row["detail"]), words(&row["remedy"])]);
        let rows: Vec<_> = hidden.chain(all(&one["findings"]).iter().map(finding)).collect();
        if !rows.is_empty() {
            println!("\n{}", words(&one["key"]));
            table::print(["ITEM", "WHAT", "WHAT TO DO"], &rows);
        }
    }
    people(&report["people"]);
    println!("\nWhat cannot be known:");
    all(&report["unknowable"]).iter().for_each(|line| println!("  {}", words(line)));
    Ok(())
}

fn heading(what: &str, is_well: bool, well: &str) {
    println!("\n{what}{}", if is_well { format!(": {well}") } else { String::new() });
}

fn finding(row: &Value) -> [String; 3] {
    ["item", "what", "remedy"].map(|name| words(&row[name]))
}

fn container(one: &Value) -> [String; 4] {
    let readers = &one["readers"];
    let who = match readers["state"].as_str() {
        Some("known") => format!("{} grants, {} people", readers["named"], readers["people"]),
        Some("closed") => format!("nobody: {}", words(&readers["detail"])),
        _ => "not read yet".to_owned(),
    };
    let hidden = one["hidden"].as_array().into_iter().flatten();
    let hidden: u64 = hidden.filter_map(|row| row["count"].as_u64()).sum();
    [words(&one["key"]), words(&one["documents"]), hidden.to_string(), who]
}

fn people(people: &Value) {
    println!(
        "\nPeople: {} active, {} with the product, {} guests, {} without a known e-mail, {} sharing one",
        people["people"], people["with_product"], people["guests"], people["without_email"], people["sharing_email"]
    );
    let reasons = people["accounts_not_joined"].as_object().into_iter().flatten();
    let reasons: Vec<_> = reasons.map(|(code, count)| format!("{count} {code}")).collect();
    let others = if reasons.is_empty() { String::new() } else { format!("; finding nothing: {}", reasons.join(", ")) };
    println!("Accounts: {} search as one of them{others}", people["accounts_joined"]);
    println!(
        "Documents: {} wait for an account that is mapped to somebody who may see them, {} are for none of these people",
        people["documents_waiting_for_accounts"], people["documents_for_nobody"]
    );
}
