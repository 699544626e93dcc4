//! The OpenAPI files: which operation a route is, and whether an answer is one that it documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jsonschema::Validator;
use reqwest::Method;
use serde_json::Value;

use crate::schema;
use crate::site::Answered;

/// The files in the order in which they are asked, and what their paths lack.
const FILES: [(&str, &str); 6] = [
    ("jira-cloud-v3_2026-02.json", ""),
    ("confluence-cloud-v2_2026-02.json", "/wiki/api/v2"),
    ("confluence-cloud-v1_2026-02.json", ""),
    ("confluence-cloud-v1_2023-08_with-deprecated.json", ""),
    ("admin-organization_2026-08.json", "/admin"),
    ("admin-user-management_2026-08.json", ""),
];

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

pub(crate) enum Verdict {
    NotCovered,
    Fits,
    Differs(Vec<String>),
}

/// Sets of scopes of which any one opens an operation.
pub(crate) type Columns = BTreeSet<BTreeSet<String>>;

pub(crate) struct Specs {
    documents: Vec<Value>,
    /// By method and path with nameless parameters.
    scopes: BTreeMap<String, Columns>,
    /// Method and path with nameless parameters, to document and responses.
    operations: BTreeMap<String, (usize, Value)>,
    /// By operation and documented status.
    compiled: BTreeMap<String, Option<Validator>>,
}

impl Specs {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut documents = Vec::new();
        let mut operations = BTreeMap::new();
        let mut scopes = BTreeMap::new();
        for (index, (file, base)) in FILES.iter().enumerate() {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let document: Value = serde_json::from_str(&text).unwrap();
            for (path, item) in document["paths"].as_object().unwrap() {
                for method in METHODS {
                    let Some(operation) = item.get(method) else { continue };
                    let name = nameless(&method.to_uppercase(), &format!("{base}{path}"));
                    scopes.entry(name.clone()).or_insert_with(|| columns(operation));
                    operations.entry(name).or_insert_with(|| (index, operation["responses"].clone()));
                }
            }
            documents.push(document);
        }
        Self { documents, scopes, operations, compiled: BTreeMap::new() }
    }

    /// The sets of scopes that are documented for an operation; `None` if none are.
    pub(crate) fn scopes(&self, method: &Method, template: &str) -> Option<&Columns> {
        self.scopes.get(&nameless(method.as_str(), template)).filter(|columns| !columns.is_empty())
    }

    pub(crate) fn judge(&mut self, method: &Method, template: &str, answered: &Answered) -> Verdict {
        let name = nameless(method.as_str(), template);
        let Some((document, responses)) = self.operations.get(&name) else { return Verdict::NotCovered };
        let status = answered.status.to_string();
        let Some((key, response)) = [&*status, "default"].into_iter().find_map(|key| Some((key, responses.get(key)?)))
        else {
            return Verdict::Differs(vec![format!("the status is not documented: {}", answered.shown())]);
        };
        let document = &self.documents[*document];
        let validator =
            self.compiled.entry(format!("{name} {key}")).or_insert_with(|| compiled(document, response, &name));
        let Some(validator) = validator else { return Verdict::Fits };
        let Some(body) = &answered.body else {
            return Verdict::Differs(vec![format!("the body is no JSON: {}", answered.shown())]);
        };
        let errors: Vec<String> = validator.iter_errors(body).map(|error| told(&error)).collect();
        if errors.is_empty() { Verdict::Fits } else { Verdict::Differs(errors) }
    }
}

/// `None` if the response documents no JSON, or just any.
fn compiled(document: &Value, response: &Value, name: &str) -> Option<Validator> {
    let response = schema::followed(document, response);
    let json = response["content"].as_object()?.iter().find(|(kind, _)| kind.contains("json"))?;
    let schema = json.1.get("schema").filter(|schema| schema.as_object().is_none_or(|schema| !schema.is_empty()))?;
    let schema = schema::draft4(document, schema);
    let built = jsonschema::draft4::options().should_validate_formats(false).build(&schema);
    Some(built.unwrap_or_else(|error| panic!("{name}: its schema cannot be used: {error}")))
}

/// An empty set beside another one means that the operation has no scopes of that kind, and not that it needs none.
fn columns(operation: &Value) -> Columns {
    let columns = operation["x-atlassian-oauth2-scopes"].as_array().into_iter().flatten();
    let scopes = |column: &Value| -> BTreeSet<String> {
        let scopes = column["scopes"].as_array().into_iter().flatten();
        scopes.filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
    };
    let mut columns: Columns = columns.map(scopes).collect();
    if columns.len() > 1 {
        columns.remove(&BTreeSet::new());
    }
    columns
}

fn told(error: &jsonschema::ValidationError<'_>) -> String {
    let text: String = error.to_string().chars().take(260).collect();
    format!("{}: {text}", error.instance_path())
}

fn nameless(method: &str, template: &str) -> String {
    let segments = template.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    format!("{method} {}", segments.collect::<Vec<_>>().join("/"))
}
