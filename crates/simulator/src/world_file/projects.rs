//! Roles, fields, schemes, projects and issues of a world file.

use super::spaces::{file_bytes, media_type};
use super::{LoadError, Loader, shape};
use crate::state::directory::stable_uuid;
use crate::state::issue::{Adf, Audience, FieldValue, adf, adf_of};
use crate::state::project::{
    Actors, CustomKind, Grant, Holder, LevelMember, PermissionScheme, ProjectStyle, Role, SecurityLevel,
    SecurityScheme, TeamAccess,
};

impl Loader<'_> {
    pub(super) fn add_projects(&mut self, file: &shape::File) -> Result<(), LoadError> {
        for role in &file.role {
            let default_actors = self.actors("role.default", &role.default)?;
            let id = match self.world.jira.role_by_name(&role.name) {
                Some(known) => known.id,
                None => self.world.jira.take_id("role") + 100,
            };
            let (name, description) = (role.name.clone(), String::new());
            self.world.jira.roles.insert(id, Role { id, name, description, default_actors, project: None });
        }
        for field in &file.field {
            self.add_field(field)?;
        }
        for scheme in &file.permission_scheme {
            self.add_permission_scheme(scheme)?;
        }
        for scheme in &file.security_scheme {
            self.add_security_scheme(scheme)?;
        }
        for project in &file.project {
            self.add_project(project)?;
        }
        Ok(())
    }

    fn actors(&self, key: &str, names: &[String]) -> Result<Actors, LoadError> {
        let mut actors = Actors::default();
        for name in names {
            if name.starts_with('@') {
                actors.users.insert(self.account(key, name)?);
            } else {
                actors.groups.insert(self.group(key, name)?);
            }
        }
        Ok(actors)
    }

    fn role(&self, key: &str, name: &str) -> Result<u64, LoadError> {
        let role = self.world.jira.role_by_name(name);
        role.map(|role| role.id).ok_or_else(|| self.error(key, "no such role", name, "role:Developers"))
    }

    fn field(&self, key: &str, name: &str) -> Result<String, LoadError> {
        let field = self.world.jira.fields.values().find(|field| field.custom.is_some() && field.name == name);
        field.map(|field| field.id.clone()).ok_or_else(|| self.error(key, "no such field", name, "Approvers"))
    }

    pub(super) fn holder(&self, key: &str, text: &str) -> Result<Holder, LoadError> {
        Ok(match text.split_once(':') {
            Some(("app", role)) => Holder::ApplicationRole(Some(role.to_owned())),
            Some(("group", name)) => Holder::Group(self.group(key, name)?),
            Some(("role", name)) => Holder::ProjectRole(self.role(key, name)?),
            Some(("user-field", name)) => Holder::UserCustomField(self.field(key, name)?),
            Some(("group-field", name)) => Holder::GroupCustomField(self.field(key, name)?),
            _ => match text {
                "anyone" => Holder::Anyone,
                "licensed" => Holder::ApplicationRole(None),
                "lead" => Holder::ProjectLead,
                "reporter" => Holder::Reporter,
                "assignee" => Holder::Assignee,
                "portal" => Holder::PortalOnly,
                _ if text.starts_with('@') => Holder::User(self.account(key, text)?),
                _ => return Err(self.error(key, "not a holder:", text, "role:Developers")),
            },
        })
    }

    fn add_field(&mut self, field: &shape::Field) -> Result<(), LoadError> {
        let kind = match field.kind.as_str() {
            "user" => CustomKind::UserPicker,
            "users" => CustomKind::MultiUserPicker,
            "group" => CustomKind::GroupPicker,
            "groups" => CustomKind::MultiGroupPicker,
            "text" => CustomKind::Text,
            "textarea" => CustomKind::TextArea,
            "select" => CustomKind::Select,
            "multiselect" => CustomKind::MultiSelect,
            "cascading" => CustomKind::Cascading,
            "labels" => CustomKind::Labels,
            "date" => CustomKind::Date,
            "number" => CustomKind::Number,
            other => return Err(self.error("field.type", "no such field type", other, "users")),
        };
        self.world.create_field(&field.name, kind, &field.options);
        Ok(())
    }

    fn add_permission_scheme(&mut self, scheme: &shape::PermissionScheme) -> Result<(), LoadError> {
        let mut grants = Vec::new();
        for (permission, holders) in &scheme.grants {
            for text in holders {
                let holder = self.holder("permission_scheme.grants", text)?;
                let id = self.world.jira.take_id("grant") + 100;
                grants.push(Grant { id, holder, permission: permission.clone() });
            }
        }
        let id = self.world.jira.take_id("permission scheme");
        let (name, description) = (scheme.name.clone(), String::new());
        let added = PermissionScheme { id, name, description, project: None, grants };
        self.world.jira.permission_schemes.insert(id, added);
        Ok(())
    }

    fn add_security_scheme(&mut self, scheme: &shape::SecurityScheme) -> Result<(), LoadError> {
        let mut levels = Vec::new();
        for level in &scheme.levels {
            let mut members = Vec::new();
            for text in &level.members {
                let holder = self.holder("security_scheme.levels.members", text)?;
                members.push(LevelMember { id: self.world.jira.take_id("level member"), holder });
            }
            let id = self.world.jira.take_id("level");
            levels.push(SecurityLevel { id, name: level.name.clone(), description: String::new(), members });
        }
        let default_level = match &scheme.default {
            None => None,
            Some(name) => match levels.iter().find(|level| level.name == *name) {
                Some(level) => Some(level.id),
                None => return Err(self.error("security_scheme.default", "no such level", name, "Staff")),
            },
        };
        let id = self.world.jira.take_id("security scheme");
        let (name, description) = (scheme.name.clone(), String::new());
        self.world.jira.security_schemes.insert(id, SecurityScheme { id, name, description, default_level, levels });
        Ok(())
    }

    fn add_project(&mut self, project: &shape::Project) -> Result<(), LoadError> {
        let style = match project.style.as_deref() {
            None | Some("classic") => ProjectStyle::Classic,
            Some("open") => ProjectStyle::NextGen(TeamAccess::Open),
            Some("limited") => ProjectStyle::NextGen(TeamAccess::Limited),
            Some("private") => ProjectStyle::NextGen(TeamAccess::Private),
            Some(other) => return Err(self.error("project.style", "no such style", other, "private")),
        };
        let lead = self.account("project.lead", &project.lead)?;
        let name = project.name.as_ref().unwrap_or(&project.key);
        let kind = project.kind.as_deref().unwrap_or("software");
        let Some(id) = self.world.create_project(&project.key, name, kind, style, &lead) else {
            return Err(self.error("project.key", "given twice:", &project.key, "ENG"));
        };
        let Some(mut stored) = self.world.jira.projects.get(&id).cloned() else { return Ok(()) };
        if let Some(name) = &project.scheme {
            let scheme = self.world.jira.permission_schemes.values().find(|scheme| scheme.name == *name);
            let Some(scheme) = scheme else {
                return Err(self.error("project.scheme", "no such permission scheme", name, "Open"));
            };
            stored.permission_scheme = scheme.id;
        }
        if let Some(name) = &project.security {
            let scheme = self.world.jira.security_schemes.values().find(|scheme| scheme.name == *name);
            let Some(scheme) = scheme else {
                return Err(self.error("project.security", "no such security scheme", name, "Levels"));
            };
            stored.security_scheme = Some(scheme.id);
        }
        for (role, names) in &project.roles {
            let role = self.role("project.roles", role)?;
            stored.roles.insert(role, self.actors("project.roles", names)?);
        }
        stored.archived = project.archived;
        self.world.jira.put_project(stored);
        for issue in &project.issue {
            self.add_issue(id, project, issue)?;
        }
        Ok(())
    }

    fn add_issue(&mut self, id: u64, project: &shape::Project, issue: &shape::Issue) -> Result<(), LoadError> {
        self.tick("project.issue.at", issue.at.as_ref())?;
        let creator = self.account("project.issue.by", issue.by.as_ref().unwrap_or(&project.lead))?;
        let known = |key: &str, handle: Option<&String>| handle.map(|handle| self.account(key, handle)).transpose();
        let reporter = known("project.issue.reporter", issue.reporter.as_ref())?;
        let assignee = known("project.issue.assignee", issue.assignee.as_ref())?;
        let kind = self.named("project.issue.type", issue.kind.as_ref(), "Bug", |name| {
            self.world.jira.issue_types.values().find(|kind| kind.name == name).map(|kind| kind.id)
        })?;
        let status = self.named("project.issue.status", issue.status.as_ref(), "Done", |name| {
            self.world.jira.statuses.values().find(|status| status.name == name).map(|status| status.id)
        })?;
        let priority = self.named("project.issue.priority", issue.priority.as_ref(), "High", |name| {
            self.world.jira.priorities.iter().find(|(_, known)| *known == name).map(|(id, _)| *id)
        })?;
        let parent =
            self.named("project.issue.parent", issue.parent.as_ref(), "epic", |slug| self.issues.get(slug).copied())?;
        let scheme = self.world.jira.projects.get(&id).and_then(|project| project.security_scheme);
        let security = self.named("project.issue.level", issue.level.as_ref(), "Staff", |name| {
            let levels = &self.world.jira.security_schemes.get(&scheme?)?.levels;
            levels.iter().find(|level| level.name == name).map(|level| level.id)
        })?;
        let mut custom = std::collections::BTreeMap::new();
        for (name, value) in &issue.fields {
            let field = self.field("project.issue.fields", name)?;
            let value = self.field_value(&field, value)?;
            custom.insert(field, value);
        }
        let made = self.world.create_issue(id, &issue.summary, &creator, |new| {
            new.description = (!issue.description.is_empty()).then(|| adf(&issue.description));
            new.labels = issue.labels.iter().cloned().collect();
            new.due_date.clone_from(&issue.due);
            new.issue_type = kind.unwrap_or(new.issue_type);
            new.status = status.unwrap_or(new.status);
            new.priority = priority.or(Some(3));
            new.reporter = reporter.or(new.reporter.take());
            new.assignee = assignee;
            new.security = security.or(new.security);
            new.parent = parent;
            new.custom = custom;
            new.archived = issue.archived;
        });
        let Some(made) = made else { return Ok(()) };
        if let Some(slug) = &issue.slug {
            self.issues.insert(slug.clone(), made);
        }
        for slug in &issue.relates {
            let Some(other) = self.issues.get(slug) else {
                return Err(self.error("project.issue.relates", "no issue above it has the slug", slug, "epic"));
            };
            self.world.link_issues("Relates", made, *other);
        }
        self.add_issue_parts(made, issue, &creator)
    }

    fn add_issue_parts(
        &mut self,
        id: u64,
        issue: &shape::Issue,
        by: &crate::state::AccountId,
    ) -> Result<(), LoadError> {
        for file in &issue.attachments {
            self.world.attach_to_issue(id, &file.name, media_type(file), file_bytes(file, id), by);
        }
        for comment in &issue.comments {
            self.tick("project.issue.comments.at", comment.at.as_ref())?;
            let only = self.audience("project.issue.comments.only", comment.only.as_deref())?;
            let author = self.account("project.issue.comments.by", &comment.by)?;
            let note = self.world.comment_issue(id, &author, adf_with_files(comment), only, !comment.internal);
            for file in &comment.attachments {
                let made = self.world.attach_to_issue(id, &file.name, media_type(file), file_bytes(file, id), &author);
                if let Some(mut stored) = self.world.jira.attachments.get(&made).cloned() {
                    stored.comment = Some(note);
                    self.world.jira.put_attachment(stored);
                }
            }
        }
        for worklog in &issue.worklogs {
            let only = self.audience("project.issue.worklogs.only", worklog.only.as_deref())?;
            let author = self.account("project.issue.worklogs.by", &worklog.by)?;
            self.world.log_work(id, &author, 3600, worklog.text.as_deref().map(adf), only);
        }
        Ok(())
    }

    fn audience(&self, key: &str, only: Option<&str>) -> Result<Option<Audience>, LoadError> {
        let Some(text) = only else { return Ok(None) };
        Ok(Some(match text.strip_prefix("role:") {
            Some(role) => Audience::Role(self.role(key, role)?),
            None => Audience::Group(self.group(key, text)?),
        }))
    }

    fn named(
        &self,
        key: &str,
        name: Option<&String>,
        example: &'static str,
        find: impl Fn(&str) -> Option<u64>,
    ) -> Result<Option<u64>, LoadError> {
        let Some(name) = name else { return Ok(None) };
        find(name).map(Some).ok_or_else(|| self.error(key, "no such name:", name, example))
    }

    fn field_value(&self, field: &str, value: &toml::Value) -> Result<FieldValue, LoadError> {
        let key = "project.issue.fields";
        let kind = self.world.jira.fields.get(field).and_then(|field| field.custom);
        let one = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        let many: Vec<&str> = value.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
        let option = |name: &str| {
            let options = self.world.jira.fields.get(field).map(|field| &field.options);
            let found = options.into_iter().flatten().find(|(_, value)| value == name).map(|(id, _)| *id);
            found.ok_or_else(|| self.error(key, "no such option", name, "Red"))
        };
        Ok(match kind {
            Some(CustomKind::UserPicker) => FieldValue::User(self.account(key, &one)?),
            Some(CustomKind::MultiUserPicker) => {
                FieldValue::Users(many.iter().map(|handle| self.account(key, handle)).collect::<Result<_, _>>()?)
            }
            Some(CustomKind::GroupPicker) => FieldValue::Group(self.group(key, &one)?),
            Some(CustomKind::MultiGroupPicker) => {
                FieldValue::Groups(many.iter().map(|name| self.group(key, name)).collect::<Result<_, _>>()?)
            }
            Some(CustomKind::TextArea) => FieldValue::Document(adf(&one)),
            Some(CustomKind::Select) => FieldValue::Choice(option(&one)?),
            Some(CustomKind::MultiSelect) => {
                FieldValue::Choices(many.iter().map(|name| option(name)).collect::<Result<_, _>>()?)
            }
            Some(CustomKind::Cascading) => {
                let ids = many.iter().map(|name| option(name)).collect::<Result<Vec<_>, _>>()?;
                let first =
                    ids.first().ok_or_else(|| self.error(key, "no option:", &one, "[\"Europe\", \"Berlin\"]"))?;
                FieldValue::Nested(*first, ids.get(1).copied())
            }
            Some(CustomKind::Labels) => FieldValue::Labels(many.iter().map(|word| (*word).to_owned()).collect()),
            Some(CustomKind::Date) => FieldValue::Day(one),
            Some(CustomKind::Number) => {
                let number = value.as_float().or_else(|| one.parse().ok());
                FieldValue::Number(number.ok_or_else(|| self.error(key, "not a number:", &one, "3.5"))?)
            }
            Some(CustomKind::Text) | None => FieldValue::Text(one),
        })
    }
}

/// A comment's text, and below it the files that came through it, as Jira's editor puts them there.
fn adf_with_files(comment: &shape::Comment) -> Adf {
    if comment.attachments.is_empty() {
        return adf(&comment.text);
    }
    let text = serde_json::json!({"type": "paragraph", "content": [{"type": "text", "text": comment.text}]});
    let files = comment.attachments.iter().map(|file| {
        let id = stable_uuid(&file.name);
        let media = serde_json::json!({"type": "file", "id": id, "collection": "", "alt": file.name});
        serde_json::json!({"type": "mediaSingle", "content": [{"type": "media", "attrs": media}]})
    });
    let content: Vec<_> = std::iter::once(text).chain(files).collect();
    adf_of(&serde_json::json!({"type": "doc", "version": 1, "content": content}))
}
