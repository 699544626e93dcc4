//! People, groups, credentials and product access of a world file.

use std::collections::BTreeSet;

use super::{LoadError, Loader, shape};
use crate::state::confluence::RoleMode;
use crate::state::credentials::{Client, Token, TokenKind};
use crate::state::directory::{AccountType, EmailVisibility, Group, Person, stable_uuid};
use crate::state::project::ApplicationRole;
use crate::state::{AccountId, GroupId};

/// What an index needs to read, and nothing that writes.
pub(crate) const READING_SCOPES: [&str; 21] = [
    "read:jira-work",
    "read:jira-user",
    "manage:jira-configuration",
    "manage:jira-project",
    "read:page:confluence",
    "read:space:confluence",
    "read:comment:confluence",
    "read:attachment:confluence",
    "read:content.metadata:confluence",
    "read:folder:confluence",
    "read:whiteboard:confluence",
    "read:database:confluence",
    "read:embed:confluence",
    "read:user:confluence",
    "read:group:confluence",
    "read:content-details:confluence",
    "read:content.permission:confluence",
    "read:space.permission:confluence",
    "read:configuration:confluence",
    "read:audit-log:confluence",
    "search:confluence",
];

/// The account id of a handle: the same in every run and unlike the handle.
pub(super) fn account_id(handle: &str) -> AccountId {
    let digest = stable_uuid(&format!("person {handle}")).replace('-', "");
    digest[..24].into()
}

impl Loader<'_> {
    pub(super) fn add_people(&mut self, file: &shape::File) -> Result<(), LoadError> {
        for group in &file.group {
            self.add_group(&group.name, &group.description)?;
        }
        for person in &file.person {
            self.add_person(person)?;
        }
        if let Some(service) = &file.service_account {
            self.add_service_account(service)?;
        }
        for group in &file.group {
            let id = self.group("group.name", &group.name)?;
            for handle in &group.members {
                let account = self.account("group.members", handle)?;
                self.world.set_member(&id, &account, true);
            }
            if group.deleted {
                self.world.delete_group(&id);
            }
        }
        if let Some(key) = &file.org_key {
            self.put_token(key, None, TokenKind::OrgAdmin, &[]);
        }
        self.set_access(&file.access)?;
        self.world.confluence.mode = match file.site.space_roles.as_deref() {
            None | Some("PRE_ROLES") => RoleMode::PreRoles,
            Some("ROLES_TRANSITION") => RoleMode::RolesTransition,
            Some("ROLES") => RoleMode::Roles,
            Some(other) => return Err(self.error("site.space_roles", "no such mode", other, "ROLES")),
        };
        Ok(())
    }

    fn add_group(&mut self, name: &str, description: &str) -> Result<(), LoadError> {
        if self.world.directory.group_by_name(name).is_some() {
            return Err(self.error("group.name", "given twice:", name, "legal"));
        }
        let id: GroupId = stable_uuid(&format!("group {name}")).into();
        let (name, description) = (name.to_owned(), description.to_owned());
        self.world.directory.put_group(Group { id, name, description, members: BTreeSet::new(), deleted: false });
        Ok(())
    }

    fn put_token(&mut self, secret: &str, account: Option<AccountId>, kind: TokenKind, scopes: &[String]) {
        let scopes = scopes.iter().cloned().collect();
        let secret = secret.to_owned();
        self.world.credentials.put(Token { secret, account, kind, scopes, expires_at: None, revoked: false });
    }

    pub(super) fn add_person(&mut self, person: &shape::Person) -> Result<(), LoadError> {
        let account = account_id(&person.handle);
        if self.world.directory.person(&account).is_some() {
            return Err(self.error("person.handle", "given twice:", &person.handle, "alice"));
        }
        let email_visibility = match person.email_shown.as_deref() {
            None | Some("visible") => EmailVisibility::Visible,
            Some("null") => EmailVisibility::Null,
            Some("empty") => EmailVisibility::Empty,
            Some("absent") => EmailVisibility::Absent,
            Some(other) => return Err(self.error("person.email_shown", "not a way to show it:", other, "null")),
        };
        let account_type = match person.kind.as_deref() {
            None | Some("atlassian") => AccountType::Atlassian,
            Some("app") => AccountType::App,
            Some("customer") => AccountType::Customer,
            Some(other) => return Err(self.error("person.type", "no such account type", other, "customer")),
        };
        let company = self.world.site.host.split('.').next().unwrap_or("acme").to_owned();
        let handle = &person.handle;
        self.world.directory.put_person(Person {
            account_id: account.clone(),
            display_name: person.name.clone().unwrap_or_else(|| handle.clone()),
            email: person.email.clone().unwrap_or_else(|| format!("{handle}@{company}.example")),
            email_visibility,
            account_type,
            active: person.active,
            time_zone: person.time_zone.clone().unwrap_or_else(|| self.world.site.time_zone.clone()),
            guest: person.guest,
            managed: person.managed,
            email_verified: person.email_verified,
            created_at: self.world.clock.now(),
        });
        let secret = person.token.clone().unwrap_or_else(|| format!("ATATT-{handle}"));
        let kind = if person.token_scopes.is_empty() { TokenKind::Personal } else { TokenKind::PersonalScoped };
        self.put_token(&secret, Some(account.clone()), kind, &person.token_scopes);
        self.join("person.groups", &account, &person.groups)
    }

    fn join(&mut self, key: &str, account: &AccountId, groups: &[String]) -> Result<(), LoadError> {
        for name in groups {
            let group = self.group(key, name)?;
            self.world.set_member(&group, account, true);
        }
        Ok(())
    }

    fn add_service_account(&mut self, service: &shape::ServiceAccount) -> Result<(), LoadError> {
        let account = account_id(&service.handle);
        self.world.directory.put_person(Person {
            account_id: account.clone(),
            display_name: service.name.clone().unwrap_or_else(|| service.handle.clone()),
            email: format!("{}@serviceaccount.atlassian.com", service.handle),
            email_visibility: EmailVisibility::Visible,
            account_type: AccountType::App,
            active: true,
            time_zone: service.time_zone.clone().unwrap_or_else(|| self.world.site.time_zone.clone()),
            guest: false,
            managed: false,
            email_verified: true,
            created_at: self.world.clock.now(),
        });
        let default = || READING_SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
        let scopes: Vec<String> = service.scopes.clone().unwrap_or_else(default);
        let expires_at = match &service.expires {
            Some(text) => Some(self.time("service_account.expires", text)?),
            None => None,
        };
        let (secret, kind) = (service.token.clone(), TokenKind::ServiceAccount);
        let (holder, scopes) = (Some(account.clone()), scopes.into_iter().collect::<BTreeSet<_>>());
        if let Some(client) = &service.client {
            let (id, secret) = (client.id.clone(), client.secret.clone());
            let client = Client { id, secret, account: account.clone(), scopes: scopes.clone() };
            self.world.credentials.put_client(client);
        }
        self.world.credentials.put(Token { secret, account: holder, kind, scopes, expires_at, revoked: false });
        self.join("service_account.groups", &account, &service.groups)
    }

    fn groups(&self, key: &str, names: &[String]) -> Result<BTreeSet<GroupId>, LoadError> {
        names.iter().map(|name| self.group(key, name)).collect()
    }

    fn set_access(&mut self, access: &shape::Access) -> Result<(), LoadError> {
        for (role, names) in &access.jira {
            let groups = self.groups("access.jira", names)?;
            let name = match role.as_str() {
                "jira-software" => "Jira",
                "jira-servicedesk" => "Jira Service Management",
                other => other,
            };
            let added = ApplicationRole { key: role.clone(), name: name.to_owned(), groups };
            self.world.jira.application_roles.insert(role.clone(), added);
        }
        self.world.confluence.user_groups = self.groups("access.confluence", &access.confluence)?;
        self.world.confluence.guest_groups = self.groups("access.confluence_guests", &access.confluence_guests)?;
        self.world.confluence.admin_groups = self.groups("access.confluence_admins", &access.confluence_admins)?;
        self.world.jira.admin_groups = self.groups("access.jira_admins", &access.jira_admins)?;
        self.world.jira.browse_users_groups = self.groups("access.browse_users", &access.browse_users)?;
        self.world.directory.site_admin_groups = self.groups("access.site_admins", &access.site_admins)?;
        self.world.confluence.anonymous_can_use = access.anonymous;
        Ok(())
    }
}
