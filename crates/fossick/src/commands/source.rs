//! `fossick source add|check|list|open-projects|webhook|pause|resume|cycles|deletions|owed|remove`.

use super::{input, table, webhook};
use crate::cli::{Source, SourceAdd, SourceCycles, SourceDeletions};
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::operator::Operator;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) async fn run(command: Source, config: &Config) -> Result<(), Fault> {
    // Secrets are read before the hub is reached, so that a typing error holds no lock.
    let typed = match &command {
        Source::Add(add) => Some(site(add)?),
        _ => None,
    };
    let operator = Operator::reach(config).await?;
    let done = match (command, typed) {
        (Source::Add(add), Some(site)) => connect(&operator, &add, site).await,
        (Source::Check { source }, _) => check(&operator, &source).await,
        (Source::Webhook(wanted), _) => webhook::run(&operator, &wanted).await,
        (Source::OpenProjects { source, all, projects }, _) => open_projects(&operator, &source, all, projects).await,
        (Source::Remove { source, yes }, _) => remove(&operator, &source, yes).await,
        (Source::Pause { source }, _) => toggle(&operator, &source, "pause").await,
        (Source::Resume { source }, _) => toggle(&operator, &source, "resume").await,
        (Source::Cycles(asked), _) => cycles(&operator, &asked).await,
        (Source::Deletions(asked), _) => deletions(&operator, &asked).await,
        (Source::Owed { source }, _) => owed(&operator, &source).await,
        (Source::List | Source::Add(_), _) => list(&operator).await,
    };
    operator.close().await;
    done
}

fn site(add: &SourceAdd) -> Result<Value, Fault> {
    // Told before a token is asked for.
    model::SiteDomain::parse(&add.domain).map_err(|error| Fault::new(Exit::Source, error.to_string()))?;
    let token = input::secret(&add.token_file, "service account's token")?;
    let mut site = json!({"domain": add.domain, "token": token});
    if let (Some(id), Some(file)) = (&add.org_id, &add.org_key_file) {
        site["organization"] = json!({"id": id, "key": input::secret(file, "organization's API key")?});
    }
    Ok(site)
}

async fn connect(operator: &Operator, add: &SourceAdd, site: Value) -> Result<(), Fault> {
    let report = operator.post("/api/v1/sources/check", site.clone()).await?;
    checks(&report);
    if report["passed"] != true {
        return Err(Fault::new(Exit::Source, "nothing was connected; mend what failed above, then try again"));
    }
    let connected = operator.post("/api/v1/sources", site).await?;
    let scope =
        json!({"include": add.include, "exclude": add.exclude, "archived": add.archived, "personal": add.personal});
    let chosen = !add.include.is_empty() || !add.exclude.is_empty() || add.archived || add.personal;
    let mut unknown: BTreeSet<&String> = add.include.iter().chain(&add.exclude).collect();
    for id in connected["sources"].as_array().into_iter().flatten() {
        let source = operator.get(&format!("/api/v1/sources/{id}")).await?;
        println!("connected source {id}: {}", words(&source["name"]));
        // A list that cannot be had warns of nothing; the sync tells the same, and whatever keeps the site from answering.
        let listed = if unknown.is_empty() { None } else { containers(operator, id).await };
        match listed {
            None => unknown.clear(),
            Some(keys) => unknown.retain(|wanted| !keys.iter().any(|key| key.eq_ignore_ascii_case(wanted))),
        }
        if chosen {
            operator.call(Method::PUT, &format!("/api/v1/sources/{id}/scope"), Some(scope.clone())).await?;
        }
    }
    // The list may name what is yet to come, so it stands; but nobody is to wonder why nothing is found.
    for key in unknown {
        println!("warning: the service account sees no space or project with the key `{key}`; correct it, or share it");
    }
    // Saving what is wanted begins the first sync, which goes on only in a hub that stays.
    let next = match (chosen, operator.is_here()) {
        (false, _) => "nothing is read before the first sync: fossick sync",
        (true, false) => "reading has begun; watch it: fossick sync",
        (true, true) => "what is wanted is saved; read it: fossick sync",
    };
    println!("{next}");
    Ok(())
}

/// The keys of what the service account sees of a source.
async fn containers(operator: &Operator, id: &Value) -> Option<Vec<String>> {
    let seen = operator.get(&format!("/api/v1/sources/{id}/containers")).await.ok()?;
    Some(seen["containers"].as_array()?.iter().map(|one| words(&one["key"])).collect())
}

async fn check(operator: &Operator, source: &str) -> Result<(), Fault> {
    let id = number(operator, source).await?;
    let report = operator.post(&format!("/api/v1/sources/{id}/check"), Value::Null).await?;
    checks(&report);
    if report["passed"] == true { Ok(()) } else { Err(Fault::new(Exit::Source, "the credential check failed")) }
}

fn checks(report: &Value) {
    let rows = report["checks"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows.map(|row| ["outcome", "check", "found", "remedy"].map(|name| words(&row[name]))).collect();
    table::print(["RESULT", "CHECK", "FOUND", "WHAT TO DO"], &rows);
}

async fn list(operator: &Operator) -> Result<(), Fault> {
    let sources = operator.get("/api/v1/sources").await?;
    let columns = ["id", "name", "last_sync", "documents", "hidden", "errors", "warnings"];
    let rows = sources["sources"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows
        .map(|source| {
            let [id, name, last, documents, hidden, errors, warnings] = columns.map(|name| words(&source[name]));
            [id, name, words(&source["state"]["code"]), last, documents, hidden, errors, warnings]
        })
        .collect();
    if rows.is_empty() {
        println!("no sources yet; connect one: fossick source add acme.atlassian.net");
    }
    table::print(["ID", "SOURCE", "STATUS", "LAST SYNC", "DOCUMENTS", "HIDDEN", "ERRORS", "WARNINGS"], &rows);
    Ok(())
}

async fn toggle(operator: &Operator, source: &str, what: &str) -> Result<(), Fault> {
    let id = number(operator, source).await?;
    operator.post(&format!("/api/v1/sources/{id}/{what}"), Value::Null).await?;
    println!("{what}d `{source}`");
    Ok(())
}

async fn cycles(operator: &Operator, asked: &SourceCycles) -> Result<(), Fault> {
    let id = number(operator, &asked.source).await?;
    if let Some(hours) = asked.permission_max_age {
        let path = format!("/api/v1/sources/{id}/permission-max-age");
        operator.call(Method::PUT, &path, Some(json!({"hours": hours}))).await?;
    }
    if let Some(calls) = asked.hourly_budget {
        let path = format!("/api/v1/sources/{id}/hourly-budget");
        let calls = Some(calls).filter(|calls| *calls > 0);
        operator.call(Method::PUT, &path, Some(json!({"calls": calls}))).await?;
    }
    let typed = [
        ("incremental", asked.incremental),
        ("permissions", asked.permissions),
        ("sweep", asked.sweep),
        ("full", asked.full),
    ];
    let typed: serde_json::Map<String, Value> =
        typed.into_iter().filter_map(|(kind, seconds)| Some((kind.to_owned(), json!(seconds?)))).collect();
    let cycles = if typed.is_empty() {
        operator.get(&format!("/api/v1/sources/{id}")).await?["cycles"].clone()
    } else {
        operator.call(Method::PUT, &format!("/api/v1/sources/{id}/cycles"), Some(Value::Object(typed))).await?
    };
    let rows: Vec<_> = cycles.as_object().into_iter().flatten().map(|(kind, s)| [kind.clone(), words(s)]).collect();
    table::print(["KIND", "SECONDS"], &rows);
    Ok(())
}

async fn deletions(operator: &Operator, asked: &SourceDeletions) -> Result<(), Fault> {
    let id = number(operator, &asked.source).await?;
    let base = format!("/api/v1/sources/{id}/deletions");
    if asked.confirm {
        operator.post(&format!("{base}/confirm"), Value::Null).await?;
    } else if asked.refuse {
        operator.post(&format!("{base}/refuse"), Value::Null).await?;
    } else if asked.undo {
        operator.post(&format!("{base}/undo"), json!({})).await?;
    }
    let found = operator.get(&base).await?;
    let stopped = &found["stopped"];
    if stopped.is_null() {
        println!("no deletions wait for your word");
    } else {
        println!(
            "{} of {} documents are gone at the source since {} and hidden; delete them with --confirm, or keep them \
             hidden with --refuse",
            stopped["documents"],
            stopped["of"],
            words(&stopped["since"])
        );
        let rows = stopped["containers"].as_array().into_iter().flatten();
        let rows: Vec<_> = rows.map(|row| ["container", "documents"].map(|name| words(&row[name]))).collect();
        table::print(["SPACE OR PROJECT", "DOCUMENTS"], &rows);
    }
    let kept = found["tombstones"].as_array().into_iter().flatten();
    let rows: Vec<_> = kept.map(|row| ["kind", "id", "deleted", "kept_until"].map(|name| words(&row[name]))).collect();
    if !rows.is_empty() {
        println!("deleted, and can be undone with --undo:");
        table::print(["KIND", "ID", "DELETED", "KEPT UNTIL"], &rows);
    }
    Ok(())
}

async fn owed(operator: &Operator, source: &str) -> Result<(), Fault> {
    let id = number(operator, source).await?;
    let mut after = 0;
    loop {
        let found = operator.get(&format!("/api/v1/sources/{id}/owed?after={after}")).await?;
        let rows = found["owed"].as_array().cloned().unwrap_or_default();
        let Some(last) = rows.last().and_then(|row| row["id"].as_i64()) else {
            if after == 0 {
                println!("nothing is owed: everything that the service account may see was read");
            }
            return Ok(());
        };
        after = last;
        let cells = |row: &Value| ["id", "item", "attempts", "last", "reason"].map(|name| words(&row[name]));
        table::print(["NUMBER", "ITEM", "ATTEMPTS", "LAST", "REASON"], &rows.iter().map(cells).collect::<Vec<_>>());
    }
}

async fn open_projects(operator: &Operator, source: &str, all: bool, projects: Vec<String>) -> Result<(), Fault> {
    let id = number(operator, source).await?;
    let word = json!({"all": all, "projects": projects});
    operator.call(Method::PUT, &format!("/api/v1/sources/{id}/open-projects"), Some(word)).await?;
    println!("saved; the sync that has begun reads permissions anew");
    Ok(())
}

async fn remove(operator: &Operator, source: &str, yes: bool) -> Result<(), Fault> {
    let id = number(operator, source).await?;
    if !yes {
        let message = format!("removing `{source}` deletes its documents and its credential; say so with --yes");
        return Err(Fault::new(Exit::Usage, message));
    }
    operator.call(Method::DELETE, &format!("/api/v1/sources/{id}"), None).await?;
    println!("removed `{source}`");
    Ok(())
}

/// The number of a source that was named by number or name.
pub(crate) async fn number(operator: &Operator, wanted: &str) -> Result<u64, Fault> {
    let sources = operator.get("/api/v1/sources").await?;
    let all: Vec<&Value> = sources["sources"].as_array().into_iter().flatten().collect();
    let same = |source: &&&Value| words(&source["id"]) == wanted || words(&source["name"]).eq_ignore_ascii_case(wanted);
    match all.iter().find(same).and_then(|source| source["id"].as_u64()) {
        Some(id) => Ok(id),
        None => {
            let names: Vec<_> = all.iter().map(|source| format!("`{}`", words(&source["name"]))).collect();
            let known = if names.is_empty() { "none is connected".to_owned() } else { names.join(", ") };
            Err(Fault::new(Exit::Usage, format!("there is no source `{wanted}`; sources are: {known}")))
        }
    }
}

/// A JSON value as people read it.
pub(crate) fn words(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
