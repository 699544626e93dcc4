//! Atlassian's OpenAPI files as a judge of answers: just as much of JSON Schema as they use.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The files, newest first.
pub(crate) struct Spec(Vec<(&'static str, Value)>);

/// Name, and what stands before each path.
const FILES: [(&str, &str); 3] = [
    ("confluence-cloud-v2_2026-02.json", "/wiki/api/v2"),
    ("confluence-cloud-v1_2026-02.json", ""),
    ("confluence-cloud-v1_2023-08_with-deprecated.json", ""),
];

impl Spec {
    /// Reads the files of `folder`.
    pub(crate) fn read(folder: &Path) -> Self {
        let read = |(name, prefix): (&str, &'static str)| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            (prefix, serde_json::from_str(&text).unwrap())
        };
        Self(FILES.into_iter().map(read).collect())
    }

    /// What is wrong with an answer: `None` if no file knows the route, else one line for each fault.
    pub(crate) fn faults(&self, method: &str, path: &str, status: u16, body: &Value) -> Option<Vec<String>> {
        let path = path.split('?').next().unwrap().trim_end_matches('/');
        let (document, operation) = self.operation(&method.to_lowercase(), path)?;
        let Some(answer) = operation["responses"].get(status.to_string()) else {
            return Some(vec![format!("status {status} is not documented")]);
        };
        let content = answer["content"].as_object();
        let schema = content.and_then(|content| content.values().next()).map(|media| &media["schema"]);
        let mut faults = Vec::new();
        if let Some(schema) = schema.filter(|schema| !schema.is_null()) {
            check(document, schema, body, "", &mut faults);
        }
        Some(faults)
    }

    fn operation(&self, method: &str, path: &str) -> Option<(&Value, &Value)> {
        self.0.iter().find_map(|(prefix, document)| {
            let path = path.strip_prefix(prefix)?;
            let mut found: Vec<(&String, &Value)> = document["paths"]
                .as_object()
                .unwrap()
                .iter()
                .filter(|(template, methods)| fits(template, path) && !methods[method].is_null())
                .collect();
            found.sort_by_key(|(template, _)| template.matches('{').count());
            found.first().map(|(_, methods)| (document, &methods[method]))
        })
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (wanted, have): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    wanted.len() == have.len()
        && wanted.iter().zip(&have).all(|(wanted, have)| wanted == have || wanted.starts_with('{'))
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name}"));
        let says_null = schema["description"].as_str().is_some_and(|text| text.contains("null"));
        if value.is_null() && says_null {
            return;
        }
        return check(document, target, value, at, faults);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(document, part, value, at, faults);
    }
    for key in ["oneOf", "anyOf"] {
        let Some(options) = schema[key].as_array() else { continue };
        let fits = |option: &Value| {
            let mut inner = Vec::new();
            check(document, option, value, at, &mut inner);
            inner.is_empty()
        };
        if !options.iter().any(fits) {
            faults.push(format!("{at}: fits none of {key}"));
        }
    }
    if value.is_null() {
        // Many descriptions say "or null" where the schema does not.
        let says_null = schema["description"].as_str().is_some_and(|text| text.contains("null"));
        if schema["nullable"] != true && !says_null && !schema["type"].is_null() {
            faults.push(format!("{at}: null"));
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        faults.push(format!("{at}: {value} is not in the list"));
    }
    let right = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !right {
        faults.push(format!("{at}: {value} is no {}", schema["type"]));
        return;
    }
    if schema["format"] == "date-time" && value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_err()) {
        faults.push(format!("{at}: {value} is no time"));
    }
    check_parts(document, schema, value, at, faults);
}

fn check_parts(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for item in value.as_array().into_iter().flatten() {
        check(document, &schema["items"], item, &format!("{at}[]"), faults);
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            faults.push(format!("{at}.{name}: missing"));
        }
    }
    for (name, inner) in object {
        let place = format!("{at}.{name}");
        if let Some(own) = schema["properties"].get(name) {
            check(document, own, inner, &place, faults);
        } else if schema["additionalProperties"].is_object() {
            check(document, &schema["additionalProperties"], inner, &place, faults);
        } else if schema["additionalProperties"] == false {
            faults.push(format!("{place}: not documented"));
        }
    }
}

#[test]
fn the_judge_sees_wrong_answers() {
    let Some(folder) = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from) else { return };
    let spec = Spec::read(&folder.join("openapi"));
    let page = json!({"id": 7, "status": "lost", "version": {"number": "1", "createdAt": "yesterday"}});
    let faults = spec.faults("GET", "/wiki/api/v2/pages", 200, &json!({"results": [page]})).unwrap();
    assert_eq!(faults.len(), 4, "{faults:#?}");
    let list = spec.faults("GET", "/wiki/rest/api/group", 200, &json!({"results": [{"type": "group"}]})).unwrap();
    assert!(list.iter().any(|fault| fault == ".results[].name: missing"), "{list:#?}");
    assert_eq!(spec.faults("GET", "/wiki/api/v2/nothing", 200, &json!({})), None);
}
