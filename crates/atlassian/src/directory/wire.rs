//! The JSON of users and groups, which differs between Jira, Confluence and the organization (Appendix A7, A11, A12).

use super::groups::Member;
use access::User;
use serde::Deserialize;

/// E-mails are absent, null or empty where a person hides them.
fn filled(email: Option<String>) -> Option<String> {
    email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty())
}

/// Portal customers and apps see nothing through the product itself. Confluence has no word for customers and writes an
/// empty one, so whatever type is stated and is not that of a person counts.
fn is_outsider(account_type: Option<&str>) -> bool {
    account_type.is_some_and(|kind| kind != "atlassian")
}

/// Erased accounts stay listed with this type.
fn is_former(account_type: Option<&str>) -> bool {
    account_type == Some("unknown")
}

/// A user of Jira.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JiraUser {
    pub(super) account_id: String,
    account_type: Option<String>,
    email_address: Option<String>,
    display_name: Option<String>,
    /// Absent counts as inactive: an account that may not sign in must not find anything.
    #[serde(default)]
    active: bool,
}

impl JiraUser {
    pub(super) fn user(self) -> (String, User) {
        let kind = self.account_type.as_deref();
        let user = User {
            display_name: self.display_name.unwrap_or_default(),
            email: filled(self.email_address),
            active: self.active && !is_former(kind),
            guest: false,
            outsider: is_outsider(kind),
        };
        (self.account_id, user)
    }
}

/// A user of Confluence.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfluenceUser {
    r#type: Option<String>,
    pub(super) account_id: String,
    account_type: Option<String>,
    account_status: Option<String>,
    email: Option<String>,
    public_name: Option<String>,
    display_name: Option<String>,
    is_guest: Option<bool>,
    is_external_collaborator: Option<bool>,
    external_collaborator: Option<bool>,
}

impl ConfluenceUser {
    /// Whether this is a guest, by whichever of the words the answer has; `None` where it has none of them.
    fn guest(&self) -> Option<bool> {
        let told = [self.is_guest, self.is_external_collaborator, self.external_collaborator];
        told.into_iter().flatten().reduce(|one, other| one || other)
    }

    pub(super) fn member(self) -> Member {
        let guest = self.guest();
        let kind = self.account_type.as_deref();
        let name = self.display_name.filter(|name| !name.is_empty()).or(self.public_name);
        // The status is told by newer answers only; those without it list people who can use the product.
        let active = self.account_status.as_deref().is_none_or(|status| status == "active");
        let user = User {
            display_name: name.unwrap_or_default(),
            email: filled(self.email),
            active: active && !is_former(kind) && !matches!(self.r#type.as_deref(), Some("unknown" | "anonymous")),
            guest: guest == Some(true),
            outsider: is_outsider(kind),
        };
        Member { id: self.account_id, user, tells_guests: guest.is_some() }
    }
}

/// A user of the organization's directory.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrgUser {
    pub(super) account_id: String,
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    account_type: Option<String>,
    status: Option<String>,
    account_status: Option<String>,
    /// `None` when the answer does not tell, which is not the same as being in no group.
    pub(super) groups: Option<Vec<OrgGroup>>,
}

/// A group in the organization's directory; its id is the product's `groupId`.
#[derive(Debug, Deserialize)]
pub(super) struct OrgGroup {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
}

impl OrgUser {
    pub(super) fn user(self) -> (String, User) {
        let kind = self.account_type.as_deref();
        let may = |status: &Option<String>| status.as_deref().is_none_or(|status| status == "active");
        let user = User {
            display_name: self.name.unwrap_or_default(),
            // An address that nobody has proved to own must not join anybody to an account.
            email: filled(self.email).filter(|_| self.email_verified != Some(false)),
            active: self.status.is_some() && may(&self.status) && may(&self.account_status) && !is_former(kind),
            guest: false,
            outsider: is_outsider(kind),
        };
        (self.account_id, user)
    }
}

/// The end of a page of the organization's directory.
#[derive(Debug, Deserialize)]
pub(super) struct OrgPage {
    pub(super) links: Option<OrgLinks>,
}

/// Where the next page is: a token, not an address.
#[derive(Debug, Deserialize)]
pub(super) struct OrgLinks {
    pub(super) next: Option<String>,
}

/// A group of Jira.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JiraGroup {
    #[serde(default)]
    pub(super) name: String,
    pub(super) group_id: String,
}

/// A group of Confluence.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ConfluenceGroup {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
}

/// The end of a page of Confluence's first API: `next` is absent on the last one.
#[derive(Debug, Deserialize)]
pub(super) struct ConfluencePage {
    #[serde(rename = "_links")]
    pub(super) links: Option<ConfluenceLinks>,
}

/// Links of a page.
#[derive(Debug, Deserialize)]
pub(super) struct ConfluenceLinks {
    pub(super) next: Option<String>,
}

/// An application of Jira with the groups that may use it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApplicationRole {
    pub(super) key: String,
    #[serde(default)]
    pub(super) groups: Vec<String>,
    pub(super) group_details: Option<Vec<JiraGroup>>,
    /// Deprecated; absent means that the application is there.
    pub(super) defined: Option<bool>,
}
