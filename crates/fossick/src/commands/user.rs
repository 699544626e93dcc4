//! `fossick user add|list|persons|map|unmap|password`.

use super::source::{number, words};
use super::{input, table};
use crate::cli::User;
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::operator::Operator;
use axum::http::Method;
use serde_json::{Value, json};
use std::path::Path;

pub(crate) async fn run(command: User, config: &Config) -> Result<(), Fault> {
    let password = match &command {
        User::Add { .. } | User::Password { .. } => Some(input::secret(Path::new("-"), "password")?),
        User::List | User::Persons { .. } | User::Map { .. } | User::Unmap { .. } => None,
    };
    let operator = Operator::reach(config).await?;
    let done = apply(&operator, command, password).await;
    operator.close().await;
    done
}

async fn apply(operator: &Operator, command: User, password: Option<String>) -> Result<(), Fault> {
    match command {
        User::Add { email, name, admin } => {
            let role = if admin { "admin" } else { "member" };
            let account = json!({"email": email, "name": name, "password": password, "role": role});
            operator.post("/api/v1/users", account).await?;
            println!("added {role} `{email}`");
        }
        User::Password { email } => {
            known(operator, &email).await?;
            let path = format!("/api/v1/users/{email}/password");
            operator.call(Method::PUT, &path, Some(json!({"password": password}))).await?;
            println!("changed the password of `{email}`; its sessions are ended");
        }
        User::Persons { email } => {
            known(operator, &email).await?;
            persons(&operator.get(&format!("/api/v1/users/{email}/persons")).await?);
        }
        User::Map { email, source, user } => {
            known(operator, &email).await?;
            let path = format!("/api/v1/users/{email}/persons/{}", number(operator, &source).await?);
            persons(&operator.call(Method::PUT, &path, Some(json!({"user": user}))).await?);
        }
        User::Unmap { email, source } => {
            known(operator, &email).await?;
            let path = format!("/api/v1/users/{email}/persons/{}", number(operator, &source).await?);
            persons(&operator.call(Method::DELETE, &path, None).await?);
        }
        User::List => {
            let users = operator.get("/api/v1/users").await?;
            let rows = users["users"].as_array().into_iter().flatten();
            let rows: Vec<_> = rows
                .map(|user| {
                    let joined = user["joined"].as_array().into_iter().flatten();
                    let joined: Vec<_> = joined
                        .map(|join| format!("{} on {}", words(&join["shown_as"]), words(&join["name"])))
                        .collect();
                    [words(&user["email"]), words(&user["name"]), words(&user["role"]), joined.join("; ")]
                })
                .collect();
            table::print(["E-MAIL", "NAME", "ROLE", "IS"], &rows);
        }
    }
    Ok(())
}

/// As whom an account searches, source by source.
fn persons(answer: &Value) {
    let rows = answer["persons"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows
        .map(|person| {
            let how = match (person["user"].is_null(), person["mapped"] == true) {
                (true, _) => words(&person["detail"]),
                (false, true) => "mapped".to_owned(),
                (false, false) => "by e-mail".to_owned(),
            };
            let remedy = if person["user"].is_null() { words(&person["remedy"]) } else { String::new() };
            [words(&person["name"]), words(&person["shown_as"]), words(&person["user"]), how, remedy]
        })
        .collect();
    if rows.is_empty() {
        println!("no source is connected");
    }
    table::print(["SOURCE", "FINDS AS", "USER", "WHY", "WHAT TO DO"], &rows);
}

/// Names an account that does not exist; the API only says that there is nothing at its address.
async fn known(operator: &Operator, email: &str) -> Result<(), Fault> {
    let users = operator.get("/api/v1/users").await?;
    let mut all = users["users"].as_array().into_iter().flatten();
    if all.any(|user| words(&user["email"]).eq_ignore_ascii_case(email)) {
        return Ok(());
    }
    Err(Fault::new(Exit::Usage, format!("there is no account `{email}`; `fossick user list` shows all")))
}
