//! Who holds a permission or belongs to a level, on the wire: written with ids and names, read in any case.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::group_json;
use super::user::user;
use crate::state::World;
use crate::state::project::Holder;

/// A holder; `expand` lists the details that the caller wants of it (`all`, `user`, `group`, `projectRole`, `field`).
pub(super) fn holder_json(world: &World, base: &str, holder: &Holder, expand: &[&str]) -> Value {
    let mut value = json!({"type": holder.wire_type()});
    if let Some(word) = holder.wire_value() {
        let name = match holder {
            Holder::Group(id) => world.directory.groups.get(id).map(|group| group.name.clone()),
            _ => None,
        };
        value["parameter"] = json!(name.unwrap_or_else(|| word.clone()));
        value["value"] = json!(word);
    }
    let wants = |part: &str| expand.contains(&"all") || expand.contains(&part);
    let (part, detail) = match holder {
        Holder::Group(id) => ("group", world.directory.group(id).map(|group| group_json(base, group))),
        Holder::User(account) => ("user", Some(user(world, base, account))),
        Holder::ProjectRole(id) => {
            let role = world.jira.roles.get(id);
            let role = role.map(|role| {
                let address = format!("{base}/rest/api/3/role/{id}");
                json!({"self": address, "name": role.name, "id": id, "description": role.description})
            });
            ("projectRole", role)
        }
        Holder::UserCustomField(id) | Holder::GroupCustomField(id) => (
            "field",
            world.jira.fields.get(id).map(|field| json!({"id": field.id, "key": field.id, "name": field.name})),
        ),
        _ => return value,
    };
    value["expand"] = json!(part);
    if let Some(detail) = detail.filter(|_| wants(part)) {
        value[part] = detail;
    }
    value
}

/// A holder as sent.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct SentHolder {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    parameter: Option<String>,
    #[serde(default)]
    value: Option<String>,
}

impl SentHolder {
    /// The holder that is meant; an error in words if its type is unknown or its parameter names nothing.
    pub(super) fn read(&self, world: &World) -> Result<Holder, String> {
        let word = self.value.as_deref().or(self.parameter.as_deref()).filter(|word| !word.is_empty());
        let need = || word.ok_or_else(|| format!("The holder of type '{}' needs a parameter.", self.kind));
        let missing = |what: &str, word: &str| format!("The {what} '{word}' does not exist.");
        Ok(match self.kind.to_lowercase().as_str() {
            "anyone" => Holder::Anyone,
            "assignee" => Holder::Assignee,
            "reporter" => Holder::Reporter,
            "projectlead" => Holder::ProjectLead,
            "sd.customer.portal.only" => Holder::PortalOnly,
            "applicationrole" => match word {
                None => Holder::ApplicationRole(None),
                Some(key) if world.jira.application_roles.contains_key(key) => {
                    Holder::ApplicationRole(Some(key.to_owned()))
                }
                Some(key) => return Err(missing("application role", key)),
            },
            "group" => {
                let word = need()?;
                let group = world.directory.group(word).or_else(|| world.directory.group_by_name(word));
                Holder::Group(group.ok_or_else(|| missing("group", word))?.id.clone())
            }
            "user" => {
                let word = need()?;
                Holder::User(world.directory.person(word).ok_or_else(|| missing("user", word))?.account_id.clone())
            }
            "projectrole" => {
                let word = need()?;
                let role = word.parse().ok().and_then(|id: u64| world.jira.roles.get(&id));
                Holder::ProjectRole(role.ok_or_else(|| missing("project role", word))?.id)
            }
            kind @ ("usercustomfield" | "groupcustomfield") => {
                let word = need()?;
                let field = world.jira.fields.get(word).ok_or_else(|| missing("field", word))?;
                if kind == "usercustomfield" {
                    Holder::UserCustomField(field.id.clone())
                } else {
                    Holder::GroupCustomField(field.id.clone())
                }
            }
            _ => return Err(format!("The holder type '{}' is not valid.", self.kind)),
        })
    }
}
