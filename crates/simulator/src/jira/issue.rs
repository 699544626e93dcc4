//! Issues one by one and in bulk.

use axum::http::Method;
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::gate;
use super::issue_json::IssueJson;
use super::scene::Scene;
use super::schema::{names_json, schema_json};
use super::selection::{Otherwise, Selection, is_light};
use crate::call::Call;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::issue::Issue;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/issue/{issueIdOrKey}", one).anonymous(),
        Route::jira(Method::POST, "/rest/api/3/issue/bulkfetch", bulkfetch).anonymous(),
    ]
}

/// Comments that an issue holds in lists.
pub(super) const LISTED_COMMENTS: usize = 20;

/// One issue with its `names` and `schema`.
struct Single<'a> {
    issue: IssueJson<'a>,
    names: bool,
    schema: bool,
}

impl Serialize for Single<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Flat<'a, 'b> {
            #[serde(flatten)]
            issue: &'b IssueJson<'a>,
            #[serde(flatten)]
            more: More<'b>,
        }
        let (world, fields) = (self.issue.scene.world, self.issue.selection.fields.as_slice());
        let more = More { world, fields, names: self.names, schema: self.schema };
        Flat { issue: &self.issue, more }.serialize(serializer)
    }
}

struct More<'a> {
    world: &'a crate::state::World,
    fields: &'a [String],
    names: bool,
    schema: bool,
}

impl Serialize for More<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.names {
            map.serialize_entry("names", &names_json(self.world, self.fields))?;
        }
        if self.schema {
            map.serialize_entry("schema", &schema_json(self.world, self.fields))?;
        }
        map.end()
    }
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let scene = Scene::new(&world, call);
    let issue = gate::issue(&world, &scene.view, call.path_value("issueIdOrKey"))?;
    let mut selection = Selection::of(&world, &call.query_list("fields"), Otherwise::All);
    selection.keyed = true;
    let expand = call.query_list("expand");
    let has = |part| expand.contains(&part);
    let json = IssueJson {
        scene: &scene,
        issue,
        selection: &selection,
        most: usize::MAX,
        changelog: has("changelog"),
        rendered: has("renderedFields"),
    };
    Ok(Reply::ok(&Single { issue: json, names: has("names"), schema: has("schema") }).objects(1))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BulkBody {
    issue_ids_or_keys: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    expand: Vec<String>,
    #[serde(default)]
    properties: Vec<String>,
    #[serde(default, rename = "fieldsByKeys")]
    _fields_by_keys: bool,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Fetched<'a> {
    issue_errors: [(); 0],
    issues: Vec<IssueJson<'a>>,
}

/// Missing and hidden issues are left out without a word, moved ones come under their new key, all in ascending order.
fn bulkfetch(call: &Call<'_>) -> Answer {
    let body: BulkBody = call.jira_body()?;
    let asked: Vec<&str> = body.fields.iter().flat_map(|names| names.split(',')).map(str::trim).collect();
    let expand: Vec<&str> = body.expand.iter().map(String::as_str).collect();
    let most = if is_light(&asked, &expand) { 1000 } else { 100 };
    if body.issue_ids_or_keys.is_empty() || body.issue_ids_or_keys.len() > most {
        return Err(jira::bad_request(&format!("The number of issue IDs or keys must be between 1 and {most}.")));
    }
    if body.properties.len() > 5 {
        return Err(jira::bad_request("The maximum number of issue properties is 5."));
    }
    let world = call.world();
    let scene = Scene::new(&world, call);
    let found = body.issue_ids_or_keys.iter().filter_map(|key| world.jira.issue(key.trim()));
    let mut issues: Vec<&Issue> = found.filter(|issue| scene.view.can_see_issue(issue)).collect();
    issues.sort_unstable_by_key(|issue| issue.id);
    issues.dedup_by_key(|issue| issue.id);
    let mut selection = Selection::of(&world, &asked, Otherwise::Navigable);
    selection.keyed = true;
    let (changelog, rendered) = (expand.contains(&"changelog"), expand.contains(&"renderedFields"));
    let json =
        |issue| IssueJson { scene: &scene, issue, selection: &selection, most: LISTED_COMMENTS, changelog, rendered };
    let issues: Vec<IssueJson<'_>> = issues.into_iter().map(json).collect();
    let count = issues.len();
    Ok(Reply::ok(&Fetched { issue_errors: [], issues }).objects(count))
}
