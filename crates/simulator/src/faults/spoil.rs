//! Faults that change what is asked or what was answered.

use axum::http::Uri;
use axum::http::request::Parts;
use bytes::Bytes;
use serde_json::Value;

use super::Fault;
use crate::reply::Reply;

/// Names of page sizes and of places in a listing, in queries and bodies of both products.
const SIZES: [&str; 3] = ["limit", "maxResults", "max-results"];
const CURSORS: [&str; 2] = ["cursor", "nextPageToken"];
const STARTS: [&str; 2] = ["start", "startAt"];

/// What a cursor becomes that the site no longer knows.
const EXPIRED: &str = "ZXhwaXJlZA";

/// The request as it is answered.
pub(crate) fn asked(fault: &Fault, parts: &mut Parts, body: Bytes) -> Bytes {
    match fault {
        Fault::ShortPage => rewritten(parts, body, &SIZES, &|value| {
            let size = value.parse::<u64>().ok()?;
            Some((size / 2).max(1).to_string())
        }),
        Fault::ExpiredCursor => rewritten(parts, body, &CURSORS, &|_| Some(EXPIRED.to_owned())),
        _ => body,
    }
}

/// True when the request asks for a later page.
pub(crate) fn goes_on(parts: &Parts, body: &Bytes) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    let later = |(name, value): (&str, &str)| {
        CURSORS.contains(&name) && !value.is_empty() || STARTS.contains(&name) && value != "0"
    };
    let in_query = url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| later((&name, &value)));
    in_query || serde_json::from_slice::<Value>(body).is_ok_and(|body| body["nextPageToken"].is_string())
}

/// Replaces values of the named parameters in the query and in a JSON body.
fn rewritten(parts: &mut Parts, body: Bytes, names: &[&str], change: &dyn Fn(&str) -> Option<String>) -> Bytes {
    if let Some(query) = parts.uri.query() {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let changed = if names.contains(&&*name) { change(&value) } else { None };
            out.append_pair(&name, changed.as_deref().unwrap_or(&value));
        }
        if let Ok(uri) = format!("{}?{}", parts.uri.path(), out.finish()).parse::<Uri>() {
            parts.uri = uri;
        }
    }
    let Ok(Value::Object(mut sent)) = serde_json::from_slice::<Value>(&body) else { return body };
    let mut touched = false;
    for (_, value) in sent.iter_mut().filter(|(name, _)| names.contains(&name.as_str())) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() {
            continue;
        }
        if let Some(changed) = change(&text) {
            *value = match changed.parse::<u64>() {
                Ok(number) if value.is_number() => number.into(),
                _ => changed.into(),
            };
            touched = true;
        }
    }
    if touched { Bytes::from(Value::Object(sent).to_string()) } else { body }
}

/// The answer as it is sent.
pub(crate) fn answered(fault: &Fault, reply: Reply, later_page: bool) -> Reply {
    if !reply.status.is_success() {
        return reply;
    }
    match fault {
        Fault::Cut => {
            let half = reply.body.len() / 2;
            Reply { body: reply.body.slice(..half), ..reply }
        }
        Fault::ShiftedPage if later_page => listed(reply, &|items| drop((!items.is_empty()).then(|| items.remove(0)))),
        Fault::RepeatedItem => listed(reply, &|items| {
            if let Some(first) = items.first().cloned() {
                items.insert(0, first);
            }
        }),
        _ => reply,
    }
}

/// Changes the list of a listing; other answers stay as they are.
fn listed(reply: Reply, change: &dyn Fn(&mut Vec<Value>)) -> Reply {
    let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body) else { return reply };
    let list = match &mut value {
        Value::Array(items) => Some(items),
        Value::Object(map) => {
            let name = ["results", "values", "issues", "comments", "data"]
                .into_iter()
                .find(|name| map.get(*name).is_some_and(Value::is_array));
            name.and_then(|name| map.get_mut(name)).and_then(Value::as_array_mut)
        }
        _ => None,
    };
    let Some(items) = list else { return reply };
    change(items);
    Reply { body: Bytes::from(value.to_string()), ..reply }
}
