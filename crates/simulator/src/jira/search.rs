//! Searching by JQL: ids by default, 5000 to a page, 100 with fields, one token after the other; no totals.
//!
//! Order of validation, as measured: body, token, `maxResults`, then the query.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::issue::LISTED_COMMENTS;
use super::issue_json::IssueJson;
use super::jql_names::Known;
use super::jql_record::Record;
use super::scene::{Scene, caller_zone};
use super::schema::{names_json, schema_json};
use super::selection::{Otherwise, Selection};
use crate::call::Call;
use crate::query::date::Moment;
use crate::query::jql::{Bound, Caller, JqlError, parse};
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::Issue;
use crate::state::{Millis, World};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::jira(Method::GET, "/rest/api/3/search/jql", by_query).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/search/jql", by_body).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/search/approximate-count", count).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/jql/match", matches).anonymous(),
    ];
    for path in ["/rest/api/3/search", "/rest/api/2/search", "/rest/api/3/search/id"] {
        for method in [Method::GET, Method::POST] {
            routes.push(Route::jira(method, path, removed).anonymous());
        }
    }
    routes
}

/// Most results of a page without fields.
const MOST: i64 = 5000;
/// Most results of a page with fields, whatever is asked.
const MOST_WITH_FIELDS: usize = 100;

fn removed(_call: &Call<'_>) -> Answer {
    let words = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. \
        A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046";
    Err(jira::error(StatusCode::GONE, words))
}

/// A search as asked, from either form.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Asked {
    jql: Option<String>,
    next_page_token: Option<String>,
    max_results: Option<i64>,
    fields: Option<Vec<String>>,
    expand: Option<String>,
    properties: Option<Vec<String>>,
    #[serde(rename = "fieldsByKeys")]
    _fields_by_keys: Option<bool>,
    reconcile_issues: Option<Vec<i64>>,
}

fn by_query(call: &Call<'_>) -> Answer {
    let list = |name| call.query_list(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let boolean = |name: &str| match call.query(name) {
        None | Some("true" | "false" | "") => Ok(()),
        Some(other) => {
            let detail = format!("Failed to convert '{name}' with value: '{other}'");
            Err(jira::problem(StatusCode::BAD_REQUEST, &detail, call.path))
        }
    };
    boolean("fieldsByKeys")?;
    boolean("failFast")?;
    let issues = call.query_list("reconcileIssues").into_iter().map(str::parse::<i64>);
    let issues: Result<Vec<i64>, _> = issues.collect();
    let detail = "Failed to convert 'reconcileIssues'";
    let bad = |_| jira::problem(StatusCode::BAD_REQUEST, detail, call.path);
    answer(
        call,
        &Asked {
            jql: call.query("jql").map(str::to_owned),
            next_page_token: call.query("nextPageToken").map(str::to_owned),
            max_results: Some(call.jira_number("maxResults", 50)?),
            fields: Some(list("fields")),
            expand: call.query("expand").map(str::to_owned),
            properties: Some(list("properties")),
            reconcile_issues: Some(issues.map_err(bad)?),
            _fields_by_keys: None,
        },
    )
}

fn by_body(call: &Call<'_>) -> Answer {
    let asked: Asked = call.jira_body()?;
    answer(call, &asked)
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    issues: Vec<IssueJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
    is_last: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Value>,
}

fn answer(call: &Call<'_>, asked: &Asked) -> Answer {
    let jql = asked.jql.as_deref().unwrap_or_default();
    let whose = format!("{} {jql}", call.caller.account().unwrap_or("-"));
    let pages = &call.simulation.search_pages;
    let world = call.world();
    let now = world.clock.now();
    let token = asked.next_page_token.as_deref().filter(|token| !token.is_empty());
    let place = match token {
        None => None,
        Some(token) => {
            let place = pages.find(token, &whose, now);
            Some(place.ok_or_else(|| jira::bad_request("The nextPageToken is invalid or has expired."))?)
        }
    };
    let most = page_size(asked)?;
    let fields = asked.fields.iter().flatten().flat_map(|names| names.split(','));
    let names: Vec<&str> = fields.map(str::trim).filter(|name| !name.is_empty()).collect();
    let selection = Selection::of(&world, &names, Otherwise::Id);
    let expand: Vec<&str> = asked.expand.iter().flat_map(|parts| parts.split(',')).map(str::trim).collect();
    let has = |part| expand.contains(&part);
    let rich = !selection.is_bare() || has("changelog") || has("renderedFields");
    let most = usize::try_from(most).unwrap_or(50).min(if rich { MOST_WITH_FIELDS } else { usize::MAX });

    let scene = Scene::new(&world, call);
    let place = match place {
        Some(place) => place,
        None => {
            let reconciled = asked.reconcile_issues.as_deref().unwrap_or_default();
            let ids = search(call, &world, &scene.view, jql, reconciled)?;
            // The token of a chain that fits one page is never sent, so it need not be kept.
            if ids.len() <= most { super::search_pages::Place::whole(ids) } else { pages.open(whose, now, ids) }
        }
    };
    let end = place.ids.len().min(place.at + most);
    let live = place.ids[place.at..end].iter().filter_map(|id| world.jira.issues.get(id));
    let issues = live.filter(|issue| scene.view.can_find_issue(issue)).map(|issue| IssueJson {
        scene: &scene,
        issue,
        selection: &selection,
        most: LISTED_COMMENTS,
        changelog: has("changelog"),
        rendered: has("renderedFields"),
    });
    let issues: Vec<IssueJson<'_>> = issues.collect();
    let count = issues.len();
    let is_last = end >= place.ids.len();
    let page = Page {
        issues,
        next_page_token: (!is_last).then(|| place.token(end)),
        is_last,
        names: has("names").then(|| names_json(&world, &selection.fields)),
        schema: has("schema").then(|| schema_json(&world, &selection.fields)),
    };
    Ok(Reply::ok(&page).objects(count))
}

/// The page size asked for, once all limits of the request are kept.
fn page_size(asked: &Asked) -> Result<i64, Reply> {
    let most = asked.max_results.unwrap_or(50);
    if !(1..=MOST).contains(&most) {
        return Err(jira::bad_request("The maxResults parameter must be between 1 and 5,000."));
    }
    if asked.properties.as_ref().is_some_and(|keys| keys.len() > 5) {
        return Err(jira::bad_request("The maximum number of issue properties is 5."));
    }
    if asked.reconcile_issues.as_ref().is_some_and(|ids| ids.len() > 50) {
        return Err(jira::bad_request("The maximum number of issues to reconcile is 50."));
    }
    Ok(most)
}

fn refused(error: &JqlError) -> Reply {
    Reply::json(StatusCode::BAD_REQUEST, &json!({"errorMessages": error.messages(), "errors": {}}))
}

fn bind(call: &Call<'_>, world: &World, view: &JiraView<'_>, jql: &str, bounded: bool) -> Result<Bound, JqlError> {
    let tree = parse(jql)?;
    if bounded {
        tree.require_bounded()?;
    }
    let caller = call.caller.account().map_or(Caller::Anonymous, |account| Caller::Account(account.to_owned()));
    let now = jiff::Timestamp::from_millisecond(world.clock.now()).unwrap_or_default();
    tree.bind(&Known { world, view }, &caller, &Moment::new(now, caller_zone(world, call)))
}

/// Issues outside of which nothing matches, by whichever index narrows most.
fn candidates<'w>(world: &'w World, bound: &Bound) -> Vec<&'w Issue> {
    let jira = &world.jira;
    if bound.is_nothing() {
        return Vec::new();
    }
    if let Some(ids) = bound.ids_hint() {
        let mut found: Vec<&Issue> = ids.iter().filter_map(|id| jira.issues.get(id)).collect();
        found.sort_unstable_by_key(|issue| issue.id);
        found.dedup_by_key(|issue| issue.id);
        return found;
    }
    if let Some(since) = bound.updated_since_hint() {
        return jira.updated_since(since.as_millisecond()).filter_map(|(_, id)| jira.issues.get(&id)).collect();
    }
    match bound.project_ids_hint() {
        Some(mut projects) => {
            projects.sort_unstable();
            projects.dedup();
            projects.iter().flat_map(|project| jira.issues_in(*project)).collect()
        }
        None => jira.issues.values().collect(),
    }
}

/// When the index behind JQL last looked.
fn seen_until(call: &Call<'_>, world: &World) -> Millis {
    world.clock.now() - call.simulation.switches.search_lag()
}

/// What the index knows by then. Of reconciled issues it knows all that there is (sheet section 3.1).
fn matching<'w>(
    world: &'w World,
    view: &JiraView<'w>,
    bound: &Bound,
    (seen_until, reconciled): (Millis, &[i64]),
) -> Vec<&'w Issue> {
    let now = world.clock.now();
    let matches = |issue: &&Issue| {
        let is_reconciled = reconciled.contains(&issue.id.cast_signed());
        let record = Record { world, view, issue, seen_until: if is_reconciled { now } else { seen_until } };
        record.is_known() && bound.matches(&record) && view.can_find_issue(issue)
    };
    candidates(world, bound).into_iter().filter(matches).collect()
}

/// Ids of all issues that match and that the caller may find, in the order of the query.
fn search<'w>(
    call: &Call<'_>,
    world: &'w World,
    view: &JiraView<'w>,
    jql: &str,
    reconciled: &[i64],
) -> Result<Vec<u64>, Reply> {
    let bound = bind(call, world, view, jql, true).map_err(|error| refused(&error))?;
    let seen_until = seen_until(call, world);
    let mut found = matching(world, view, &bound, (seen_until, reconciled));
    found.sort_by_cached_key(|issue| bound.sort_key(&Record { world, view, issue, seen_until }));
    Ok(found.into_iter().map(|issue| issue.id).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    jql: Option<String>,
}

fn count(call: &Call<'_>) -> Answer {
    let body: Counted = call.jira_body()?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let jql = body.jql.as_deref().unwrap_or_default();
    let bound = bind(call, &world, &view, jql, true).map_err(|error| refused(&error))?;
    Ok(Reply::ok(&json!({"count": matching(&world, &view, &bound, (seen_until(call, &world), &[])).len()})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Matched {
    issue_ids: Vec<u64>,
    jqls: Vec<String>,
}

fn matches(call: &Call<'_>) -> Answer {
    let body: Matched = call.jira_body()?;
    if body.issue_ids.len() > 1000 || body.jqls.len() > 10 {
        return Err(jira::bad_request("At most 1000 issue IDs and 10 JQL queries can be matched."));
    }
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let found = body.issue_ids.iter().filter_map(|id| world.jira.issues.get(id));
    let issues: Vec<&Issue> = found.filter(|issue| view.can_find_issue(issue)).collect();
    let one = |jql: &String| match bind(call, &world, &view, jql, false) {
        Err(error) => json!({"matchedIssues": [], "errors": error.messages()}),
        Ok(bound) => {
            let seen_until = seen_until(call, &world);
            let record = |issue| Record { world: &world, view: &view, issue, seen_until };
            let matching = issues.iter().filter(|issue| bound.matches(&record(issue)));
            json!({"matchedIssues": matching.map(|issue| issue.id).collect::<Vec<_>>(), "errors": []})
        }
    };
    let answers: Vec<Value> = body.jqls.iter().map(one).collect();
    Ok(Reply::ok(&json!({"matches": answers})).objects(issues.len()))
}
