//! Fields: their list, their schemas, and the `names` and `schema` maps of answers about issues.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::gate;
use super::scene::scope_json;
use crate::call::Call;
use crate::paging::JiraPage;
use crate::reply::{Answer, Reply, jira};
use crate::route::Route;
use crate::state::World;
use crate::state::project::{CustomKind, Field};
use crate::visibility::jira::JiraView;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::jira(Method::GET, "/rest/api/3/field", list).anonymous(),
        Route::jira(Method::GET, "/rest/api/3/field/search", search),
        Route::jira(Method::POST, "/rest/api/3/field", create),
    ]
}

const TYPES: &str = "com.atlassian.jira.plugin.system.customfieldtypes:";

/// Kind, its key after the common prefix, and type and items of its schema.
const KINDS: [(CustomKind, &str, &str, &str); 12] = [
    (CustomKind::UserPicker, "userpicker", "user", ""),
    (CustomKind::MultiUserPicker, "multiuserpicker", "array", "user"),
    (CustomKind::GroupPicker, "grouppicker", "group", ""),
    (CustomKind::MultiGroupPicker, "multigrouppicker", "array", "group"),
    (CustomKind::Text, "textfield", "string", ""),
    (CustomKind::TextArea, "textarea", "string", ""),
    (CustomKind::Select, "select", "option", ""),
    (CustomKind::MultiSelect, "multiselect", "array", "option"),
    (CustomKind::Cascading, "cascadingselect", "option-with-child", ""),
    (CustomKind::Labels, "labels", "array", "string"),
    (CustomKind::Date, "datepicker", "date", ""),
    (CustomKind::Number, "float", "number", ""),
];

/// The number in `customfield_10010`.
pub(super) fn custom_number(id: &str) -> Option<u64> {
    id.strip_prefix("customfield_")?.parse().ok()
}

fn schema_of(field: &Field) -> Option<Value> {
    if let Some(kind) = field.custom {
        let (_, key, type_, items) = *KINDS.iter().find(|row| row.0 == kind)?;
        let mut schema =
            json!({"type": type_, "custom": format!("{TYPES}{key}"), "customId": custom_number(&field.id)});
        if !items.is_empty() {
            schema["items"] = json!(items);
        }
        return Some(schema);
    }
    let (type_, items) = field.schema;
    if type_.is_empty() {
        return None;
    }
    let mut schema = json!({"type": type_, "system": field.id});
    if !items.is_empty() {
        schema["items"] = json!(items);
    }
    Some(schema)
}

/// `names`: field id to name.
pub(super) fn names_json(world: &World, fields: &[String]) -> Value {
    let name = |id: &String| world.jira.fields.get(id).map_or_else(|| id.clone(), |field| field.name.clone());
    Value::Object(fields.iter().map(|id| (id.clone(), json!(name(id)))).collect())
}

/// `schema`: field id to schema.
pub(super) fn schema_json(world: &World, fields: &[String]) -> Value {
    let schema = |id: &String| world.jira.fields.get(id).and_then(schema_of).map(|schema| (id.clone(), schema));
    Value::Object(fields.iter().filter_map(schema).collect::<Map<String, Value>>())
}

fn clause_names(field: &Field) -> Vec<String> {
    match (custom_number(&field.id), field.id.as_str()) {
        (Some(number), _) => vec![format!("cf[{number}]"), field.name.clone()],
        (None, "issuetype") => vec!["issuetype".to_owned(), "type".to_owned()],
        (None, "fixVersions") => vec!["fixVersion".to_owned()],
        (None, "versions") => vec!["affectedVersion".to_owned()],
        (None, "components") => vec!["component".to_owned()],
        (None, "security") => vec!["level".to_owned()],
        (None, "attachment") => vec!["attachments".to_owned()],
        (None, "issuelinks" | "worklog") => Vec::new(),
        (None, id) => vec![id.to_owned()],
    }
}

fn field_json(field: &Field) -> Value {
    let navigable = !matches!(field.id.as_str(), "comment" | "worklog");
    let mut value = json!({
        "id": field.id, "key": field.id, "name": field.name, "custom": field.custom.is_some(), "orderable": true,
        "navigable": navigable, "searchable": true, "clauseNames": clause_names(field),
    });
    if let Some(project) = field.project {
        value["scope"] = scope_json(project);
    }
    if let Some(schema) = schema_of(field) {
        value["schema"] = schema;
    }
    value
}

/// Fields of team-managed projects are listed to those who browse the project.
fn seen<'w>(world: &'w World, view: &JiraView<'_>) -> impl Iterator<Item = &'w Field> {
    let browses = |id: u64| world.jira.projects.get(&id).is_some_and(|project| view.can_view_project(project));
    world.jira.fields.values().filter(move |field| field.project.is_none_or(browses))
}

fn list(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    let fields: Vec<Value> = seen(&world, &view).map(field_json).collect();
    Ok(Reply::ok(&fields).objects(fields.len()))
}

fn search(call: &Call<'_>) -> Answer {
    let page = JiraPage::of(call, 50, 100)?;
    let world = call.world();
    let view = JiraView::new(&world, call.caller.account());
    call.jira_lacks(&["orderBy", "projectIds"])?;
    let (types, ids) = (call.query_list("type"), call.query_list("id"));
    if let Some(other) = types.iter().find(|name| !["custom", "system"].contains(name)) {
        return Err(jira::bad_request(&format!("The field type '{other}' is not valid. Use custom or system.")));
    }
    let words = call.query("query").map(str::to_lowercase);
    let wanted = |field: &&Field| {
        let kind = if field.custom.is_some() { "custom" } else { "system" };
        (types.is_empty() || types.contains(&kind))
            && (ids.is_empty() || ids.contains(&field.id.as_str()))
            && words.as_ref().is_none_or(|words| field.name.to_lowercase().contains(words))
    };
    let mut found: Vec<&Field> = seen(&world, &view).filter(wanted).collect();
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(page.reply(call, &found, |field| {
        let schema = schema_of(field).unwrap_or_else(|| json!({"type": "issuelink", "system": field.id}));
        json!({"id": field.id, "key": field.id, "name": field.name, "schema": schema, "description": "", "isLocked": false})
    }))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "searcherKey")]
    _searcher_key: Option<String>,
}

fn create(call: &Call<'_>) -> Answer {
    let body: NewField = call.jira_body()?;
    let mut world = call.world_mut();
    gate::admin(&JiraView::new(&world, call.caller.account()))?;
    if body.name.trim().is_empty() {
        return Err(jira::bad_field("name", "The name is required."));
    }
    let kind = body.kind.strip_prefix(TYPES).and_then(|key| KINDS.iter().find(|row| row.1 == key));
    let Some((kind, ..)) = kind else {
        return Err(jira::bad_field("type", &format!("The field type '{}' is not supported.", body.kind)));
    };
    let id = world.create_field(&body.name, *kind, &[]);
    let field = world.jira.fields.get(&id).map(field_json);
    Ok(Reply::created(&field))
}
