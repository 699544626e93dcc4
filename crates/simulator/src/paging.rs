//! Paging in each product's way: PageBean (Jira), opaque cursors (Confluence v2), start and limit (Confluence v1).
//!
//! All three take an iterator that is already trimmed to what the caller may see.

use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::{Reply, confluence};

/// A place in a Confluence v2 listing: everything up to and including it has been sent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cursor {
    /// Id of the last item, as text.
    pub id: String,
    /// What the listing is ordered by: `id`, `modified-date`, `title`, ….
    pub content_order: String,
    /// That value of the last item: a number or a text.
    pub content_order_value: Value,
    /// Leads to an empty page before going on; only where the world's switch for empty pages is on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
}

impl Cursor {
    /// Behind the item `id`, which has that `value` in the listing's `order`.
    pub fn new(id: u64, order: &str, value: impl Into<Value>) -> Self {
        Self { id: id.to_string(), content_order: order.to_owned(), content_order_value: value.into(), gap: false }
    }
}

/// Limit and place of a Confluence v2 request.
#[derive(Clone, Debug)]
pub struct V2Page {
    /// 1 to 250.
    pub limit: usize,
    /// After this item.
    pub after: Option<Cursor>,
}

impl V2Page {
    /// Reads `limit` (1 to 250) and `cursor`; a cursor of another order is as wrong as an unreadable one.
    pub fn of(call: &Call<'_>, default_limit: usize, order: &str) -> Result<Self, Reply> {
        let limit = match call.query("limit") {
            None => default_limit,
            Some(text) => {
                let number = text.parse().map_err(|_| confluence::v2_bad_parameter("limit", "Integer"))?;
                if !(1..=250).contains(&number) {
                    let title = "Provided value for 'limit' must be between 1 and 250.";
                    return Err(confluence::v2(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", title));
                }
                number
            }
        };
        let bad = || confluence::v2_bad_parameter("cursor", "Cursor");
        let after = match call.query("cursor") {
            None => None,
            Some(text) => {
                let bytes = STANDARD.decode(text).map_err(|_| bad())?;
                Some(serde_json::from_slice::<Cursor>(&bytes).map_err(|_| bad())?)
            }
        };
        if after.as_ref().is_some_and(|cursor| cursor.content_order != order) {
            return Err(bad());
        }
        Ok(Self { limit, after })
    }

    /// The numeric id after which to go on in a listing ordered by id; 0 at its start.
    pub fn after_id(&self) -> u64 {
        self.after.as_ref().and_then(|cursor| cursor.id.parse().ok()).unwrap_or(0)
    }

    /// Renders up to `limit` of the items that come after the cursor; `place` states an item's cursor.
    pub fn reply<T>(
        &self,
        call: &Call<'_>,
        items: impl Iterator<Item = T>,
        place: impl Fn(&T) -> Cursor,
        render: impl Fn(&T) -> Value,
    ) -> Reply {
        let gap = self.after.clone().filter(|after| after.gap);
        let mut items = items.take(if gap.is_some() { 0 } else { self.limit + 1 }).collect::<Vec<T>>();
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let results: Vec<Value> = items.iter().map(render).collect();
        let base = call.simulation.site.wiki_base();
        let mut links = json!({"base": base});
        let mut link_header = format!("<{base}>; rel=\"base\"");
        let last = items
            .last()
            .filter(|_| more)
            .map(|last| Cursor { gap: call.simulation.switches.empty_pages(), ..place(last) });
        if let Some(cursor) = gap.map(|after| Cursor { gap: false, ..after }).or(last) {
            let next = next_path(call, &cursor);
            link_header = format!("<{next}>; rel=\"next\", {link_header}");
            links["next"] = json!(next);
        }
        let count = results.len();
        let reply = Reply::ok(&json!({"results": results, "_links": links}));
        reply.with(header::LINK, &link_header).objects(count)
    }
}

/// The same request with another cursor, path from `/wiki` on: joining it to a base that ends in `/wiki` goes wrong, as at
/// Atlassian.
fn next_path(call: &Call<'_>, cursor: &Cursor) -> String {
    let token = STANDARD.encode(serde_json::to_vec(cursor).unwrap_or_default());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query.iter().filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", &token);
    format!("{}?{}", call.path, query.finish())
}

/// Cursor of an item in a listing ordered by id.
pub fn by_id(id: u64) -> Cursor {
    Cursor::new(id, "id", id)
}

/// Start and size of a Jira page.
#[derive(Clone, Copy, Debug)]
pub struct JiraPage {
    /// First item, from 0.
    pub start: usize,
    /// Most items; already clamped.
    pub max: usize,
}

impl JiraPage {
    /// Reads `startAt` and `maxResults`; above `cap` is clamped, negative counts as 0.
    pub fn of(call: &Call<'_>, default: i64, cap: i64) -> Result<Self, Reply> {
        let start = call.jira_number("startAt", 0)?.max(0);
        let max = call.jira_number("maxResults", default)?.clamp(0, cap);
        Ok(Self { start: usize::try_from(start).unwrap_or(0), max: usize::try_from(max).unwrap_or(0) })
    }

    /// Renders a PageBean of all (trimmed) items.
    pub fn reply<T>(&self, call: &Call<'_>, items: &[T], render: impl Fn(&T) -> Value) -> Reply {
        let end = items.len().min(self.start.saturating_add(self.max));
        let values: Vec<Value> = items.get(self.start..end).unwrap_or_default().iter().map(render).collect();
        let count = values.len();
        let is_last = end >= items.len();
        let address = |start: usize| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(call.query.iter().filter(|(name, _)| name != "startAt" && name != "maxResults"));
            query.append_pair("startAt", &start.to_string()).append_pair("maxResults", &self.max.to_string());
            format!("{}{}?{}", call.base, call.path, query.finish())
        };
        let mut page = json!({
            "self": address(self.start), "maxResults": self.max, "startAt": self.start, "total": items.len(),
            "isLast": is_last, "values": values,
        });
        if !is_last {
            page["nextPage"] = json!(address(end));
        }
        Reply::ok(&page).objects(count)
    }
}

/// Start and size of a Confluence v1 page.
#[derive(Clone, Copy, Debug)]
pub struct V1Page {
    /// First item, from 0.
    pub start: usize,
    /// Most items.
    pub limit: usize,
}

impl V1Page {
    /// Reads `start` and `limit`; negative is 400, above `cap` is clamped.
    pub fn of(call: &Call<'_>, default: usize, cap: usize) -> Result<Self, Reply> {
        let number = |name: &str, default: usize| match call.query(name).map(str::parse::<i64>) {
            None => Ok(default),
            Some(Ok(number)) => usize::try_from(number).map_err(|_| {
                let message = format!("java.lang.IllegalArgumentException: {name} cannot be less than zero");
                confluence::v1(StatusCode::BAD_REQUEST, &message)
            }),
            Some(Err(_)) => Err(confluence::v1(StatusCode::BAD_REQUEST, &format!("{name} must be a number"))),
        };
        Ok(Self { start: number("start", 0)?, limit: number("limit", default)?.min(cap) })
    }

    /// The envelope of all (trimmed) items; `next` has no `/wiki`, as at Atlassian.
    pub fn envelope<T>(&self, call: &Call<'_>, items: &[T], render: impl Fn(&T) -> Value) -> Value {
        let end = items.len().min(self.start.saturating_add(self.limit));
        let results: Vec<Value> = items.get(self.start..end).unwrap_or_default().iter().map(render).collect();
        let path = call.path.strip_prefix("/wiki").unwrap_or(call.path);
        let base = call.simulation.site.wiki_base();
        let mut links = json!({"base": base, "context": "/wiki", "self": format!("{base}{path}")});
        if end < items.len() {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(call.query.iter().filter(|(name, _)| name != "start" && name != "limit"));
            query.append_pair("limit", &self.limit.to_string()).append_pair("start", &end.to_string());
            links["next"] = json!(format!("{path}?{}", query.finish()));
        }
        let size = results.len();
        json!({"results": results, "start": self.start, "limit": self.limit, "size": size, "_links": links})
    }
}
