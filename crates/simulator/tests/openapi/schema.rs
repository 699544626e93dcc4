//! Schemas of OpenAPI 3.0 as JSON Schema draft 4: `nullable` becomes a type, notes for people are left out.
//!
//! Only the components that a schema reaches come with it, which keeps compiling cheap. Where a discriminator says which
//! of several schemas applies, one that fits is enough.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Follows a `$ref` to where it leads.
pub(crate) fn followed<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match reference(value) {
        Some(pointer) => document.pointer(pointer).unwrap_or_else(|| panic!("#{pointer} leads nowhere")),
        None => value,
    }
}

/// A schema with all that it reaches.
pub(crate) fn draft4(document: &Value, root: &Value) -> Value {
    let mut components = Map::new();
    let mut waiting = BTreeSet::new();
    collect(root, &mut waiting);
    while let Some(pointer) = waiting.pop_first() {
        let Some(name) = pointer.strip_prefix("/components/schemas/") else { panic!("#{pointer} is no component") };
        if components.contains_key(name) {
            continue;
        }
        let component = document.pointer(&pointer).unwrap_or_else(|| panic!("#{pointer} leads nowhere"));
        collect(component, &mut waiting);
        components.insert(name.to_owned(), converted(component));
    }
    json!({"allOf": [converted(root)], "components": {"schemas": components}})
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix('#')
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    found.extend(reference(value).map(str::to_owned));
    match value {
        Value::Object(map) => map.values().for_each(|value| collect(value, found)),
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn converted(schema: &Value) -> Value {
    let Some(map) = schema.as_object() else { return schema.clone() };
    if map.contains_key("$ref") {
        return json!({"$ref": map["$ref"]});
    }
    let mut out = Map::new();
    for (key, value) in map {
        let value = match key.as_str() {
            "properties" => {
                let properties = value.as_object().into_iter().flatten();
                properties.map(|(name, schema)| (name.clone(), converted(schema))).collect()
            }
            "items" | "not" | "additionalProperties" => converted(value),
            "allOf" | "anyOf" | "oneOf" => value.as_array().into_iter().flatten().map(converted).collect(),
            "type" | "enum" | "required" | "pattern" | "minimum" | "maximum" | "exclusiveMinimum"
            | "exclusiveMaximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "uniqueItems"
            | "minProperties" | "maxProperties" | "multipleOf" => value.clone(),
            _ => continue,
        };
        let chosen_by_discriminator = key == "oneOf" && map.contains_key("discriminator");
        out.insert(if chosen_by_discriminator { "anyOf".to_owned() } else { key.clone() }, value);
    }
    if map.get("nullable") == Some(&Value::Bool(true)) {
        return json!({"anyOf": [{"type": "null"}, out]});
    }
    Value::Object(out)
}
