//! `GET /api/v1/search`: strict where the page forgives, because a program cannot see that a filter was ignored.

use super::json;
use crate::failure::Failure;
use crate::find::{Found, container_of, request};
use crate::hub::Hub;
use crate::identity::ApiSession;
use crate::kind::Kind;
use crate::show::{container_id, hit_json};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use search::{Page, Request};
use serde_json::{Value, json as value};
use url::form_urlencoded;

/// The last page that can be asked for.
const LAST_PAGE: u32 = (Page::DEEPEST / Page::SIZE) as u32;

/// A search as an address spells it.
struct Asked {
    typed: String,
    page: u32,
    request: Request,
}

pub(crate) async fn search(
    State(hub): State<Hub>,
    ApiSession(who): ApiSession,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Asked { typed, page, request } = asked(&query.unwrap_or_default())?;
    let found = hub.find(&who.account, request).await?;
    Ok(json(StatusCode::OK, &body(&typed, page, &found)))
}

fn asked(query: &str) -> Result<Asked, Failure> {
    let refuse = |text: &str| Err(Failure::Malformed(text.to_owned()));
    let (mut typed, mut page, mut kinds, mut containers) = (None, 1, Vec::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "q" => typed = Some(value.into_owned()),
            "type" => match Kind::from_word(&value).or_else(|| value.parse().ok().map(model::Kind::into)) {
                Some(kind) => kinds.push(kind),
                None => return refuse("`type` is one of `page`, `blog-post`, `issue`, `comment`, `attachment`"),
            },
            "in" => match container_of(&value) {
                Some(container) => containers.push(container),
                None => return refuse("`in` is the `id` of a container as hits and facets name it, such as `1:65538`"),
            },
            "page" => match value.parse() {
                Ok(number @ 1..=LAST_PAGE) => page = number,
                _ => return Err(Failure::Malformed(format!("`page` is a number from 1 to {LAST_PAGE}"))),
            },
            _ => return refuse("the parameters are `q`, `type`, `in` and `page`"),
        }
    }
    let Some(typed) = typed else { return refuse("`q` is missing; write `?q=` and what to look for") };
    let request = request(&typed, kinds, containers, page);
    Ok(Asked { typed, page, request })
}

fn body(typed: &str, page: u32, found: &Found) -> Value {
    let results = &found.results;
    let kinds = results.facets.kinds.iter().map(|(kind, count)| value!({"kind": kind.code(), "count": count}));
    let containers = found.containers.iter().map(|found| {
        let known = found.container.as_ref();
        value!({
            "id": container_id(found.source, &found.key),
            "key": known.map(|container| container.short.clone()),
            "name": known.map(|container| container.name.clone()),
            "count": found.count,
        })
    });
    value!({
        "query": typed,
        "total": results.total,
        "page": page,
        "page_size": Page::SIZE,
        "hits": results.hits.iter().map(|hit| hit_json(hit, found.related_to(hit))).collect::<Vec<_>>(),
        "hints": found.hints(),
        "facets": {"kinds": kinds.collect::<Vec<_>>(), "containers": containers.collect::<Vec<_>>()},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_said_and_not_ignored() {
        for query in ["", "q=a&type=nonsense", "q=a&in=ENG", "q=a&page=0", "q=a&page=1001", "q=a&utm=1"] {
            assert!(asked(query).is_err(), "{query}");
        }
        let asked = asked("q=a%20b&type=blog&type=blog-post&in=2:x&page=3").unwrap_or_else(|_| panic!());
        assert_eq!((asked.typed.as_str(), asked.page, asked.request.page.offset), ("a b", 3, 20));
        assert_eq!(asked.request.filters.kinds, [model::Kind::BlogPost; 2]);
    }
}
