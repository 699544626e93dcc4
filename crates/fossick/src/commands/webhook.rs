//! `fossick source webhook`: where Jira may say that something changed, and what came of it.

use super::source::{number, words};
use super::table;
use crate::cli::Webhook;
use crate::exit::Fault;
use crate::operator::Operator;
use axum::http::Method;
use serde_json::Value;

pub(crate) async fn run(operator: &Operator, webhook: &Webhook) -> Result<(), Fault> {
    let id = number(operator, &webhook.source).await?;
    let path = format!("/api/v1/sources/{id}/webhook");
    if webhook.off {
        operator.call(Method::DELETE, &path, None).await?;
        println!("calls are refused from now on; remove the webhook in Jira, too");
        return Ok(());
    }
    if webhook.make {
        let made = operator.post(&path, Value::Null).await?;
        println!("URL:    {}", words(&made["url"]));
        println!("secret: {}", words(&made["secret"]));
        println!("paste both into Jira's settings, System, WebHooks; the secret is not printed again");
        println!("which events to tick stands on the settings page of the source, under Webhook");
        return Ok(());
    }
    let status = operator.get(&path).await?;
    if status["url"].is_null() {
        println!("there is no address that Jira may call; make one: fossick source webhook {} --new", webhook.source);
    } else {
        println!("URL: {} (made {})", words(&status["url"]), words(&status["made"]));
    }
    let rows = status["calls"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows.map(|row| ["outcome", "calls", "last"].map(|name| words(&row[name]))).collect();
    if !rows.is_empty() {
        table::print(["CALLS", "NUMBER", "LAST"], &rows);
    }
    Ok(())
}
