//! The rules that the views are built from, by name, and which of them are readings of an open question.
//!
//! Each name stands in braces in the SQL files and becomes 1 or 0. All are in force in the true oracle; tests switch one
//! off to prove that the truth tables and the comparison with REST notice it.

use std::collections::BTreeSet;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Name in the SQL files, without braces.
    pub name: &'static str,
    /// What holds while it is in force.
    pub says: &'static str,
    /// True for a reading: the documents of the products leave the question open, and this is the answer taken here.
    pub open: bool,
}

const fn rule(name: &'static str, says: &'static str) -> Rule {
    Rule { name, says, open: false }
}

const fn reading(name: &'static str, says: &'static str) -> Rule {
    Rule { name, says, open: true }
}

/// All rules. Readings without a switch are below, in [`PLAIN_READINGS`].
pub const RULES: [Rule; 56] = [
    rule("active_only", "a deactivated account sees nothing"),
    rule("customers_out", "a portal customer sees nothing of Jira or Confluence themselves"),
    rule("deleted_groups_empty", "a deleted group admits nobody, wherever it is still listed"),
    rule("confluence_access", "Confluence is for members of its user, administrator and guest groups"),
    rule("jira_access", "Jira is for members of the groups of an application role; service accounts and apps alike"),
    rule("space_read", "content is for readers of its space"),
    rule("rows_until_roles", "permission rows are in force until the site is on roles"),
    rule("assignments_from_transition", "role assignments are in force from the transition to roles on"),
    rule("role_must_read", "an assigned role admits only if it holds read/space"),
    rule("space_by_user", "a space row or assignment admits the account that it names"),
    rule("space_by_group", "a space row or assignment admits the members of the group that it names"),
    rule("class_anonymous", "anonymous access to a space admits signed-in accounts as well"),
    rule("class_authenticated", "the class authenticated-users admits every account with the product"),
    rule("class_licensed", "the class all-licensed-users admits every account with the product"),
    rule("class_product_admins", "the class all-product-admins admits administrators of Confluence and of the site"),
    reading("other_classes_empty", "jsm-project-admins and unlicensed access admit nobody through these APIs"),
    rule("guest_by_own_name", "a guest enters a space by a row or assignment for its own account only"),
    rule("own_restriction", "content with a list of viewers is for those viewers"),
    rule("listed_user", "a list of viewers admits the accounts on it"),
    rule("listed_group", "a list of viewers admits the members of the groups on it"),
    rule("only_read_restricts", "a list of editors does not restrict viewing"),
    rule("ancestors_restrict", "every restricted ancestor must admit, too"),
    rule("every_kind_restricts", "folders, whiteboards, databases and embeds restrict what is below them, as pages do"),
    reading("orphans_hidden", "content whose parent does not exist is visible to nobody, nor is what is below it"),
    rule("blog_posts_alone", "a blog post has its own list of viewers only"),
    rule("no_admin_bypass", "administrators pass neither view restrictions nor security levels"),
    rule("archived_stays", "an archived page is visible by the same rule"),
    rule("drafts_private", "a draft is for its author and its collaborators"),
    rule("collaborators", "explicit collaborators see a draft"),
    rule("trash_for_space_admins", "what is in the trash is for readers who administer the space, and is never listed"),
    rule("comments_on_content", "a comment follows its page or blog post"),
    rule("comments_on_attachments", "a comment on an attachment follows the attachment's page"),
    rule("browse_needed", "issues are for holders of Browse in their project"),
    rule("only_browse_counts", "no permission but BROWSE_PROJECTS shows an issue"),
    rule("anyone", "anyone holds for every account with the product"),
    rule("licensed", "a bare applicationRole holds for every account with the product"),
    rule("application_role", "applicationRole with a key holds for members of that role's groups"),
    rule("group", "group holds for its members"),
    rule("user", "user holds for that account"),
    rule("project_role", "projectRole holds for the role's actors, by name or by group"),
    rule("role_in_this_project", "the actors of a role are those in the issue's project"),
    rule("project_lead", "projectLead holds for the lead"),
    rule("reporter", "reporter holds for the issue's reporter of today"),
    rule("assignee", "assignee holds for the issue's assignee of today"),
    rule("user_field", "userCustomField holds for the accounts in that field of the issue"),
    rule("group_field", "groupCustomField holds for members of the groups in that field of the issue"),
    rule("portal_only_is_nothing", "sd.customer.portal.only gives nothing in Jira"),
    rule("team_open", "an open or limited team-managed project is for every account with the product"),
    rule("team_private", "a private team-managed project is for the actors of its roles"),
    rule("level_needed", "an issue with a security level is for the level's members"),
    rule("audience_group", "a comment for a group is for its members"),
    rule("audience_role", "a comment for a role is for the role's actors in that project"),
    rule("worklog_audience", "a worklog for a group or role is for its members, as a comment is"),
    rule("public_needs_switch", "the public uses Confluence only where the site lets anonymous users in"),
    rule("licensed_is_not_public", "applicationRole, with or without a key, is not the public"),
    rule("attachment_of_comment", "a file that came through a comment is for those who see the comment"),
];

/// Rules about what listings show, and about containers that are gone.
pub const LISTING_RULES: [Rule; 3] = [
    reading("archived_unlisted", "archived projects and issues keep their viewers but are returned by no search"),
    reading("deleted_project_gone", "a project in the trash, and all in it, is visible to nobody"),
    reading("dependent_shows_project", "Browse for reporter, assignee or a field shows the project to all with Jira"),
];

/// Readings that have no switch, for they are what the views leave out.
pub const PLAIN_READINGS: [&str; 7] = [
    "the site's switch for anonymous access decides who may use Confluence, so signed-in accounts do not depend on it",
    "a guest is who carries the flag, in whatever group; guest groups give the product, the flag alone does not",
    "a draft is subject to space and restrictions even for its author",
    "a security level that no scheme has admits nobody; in team-managed projects levels act as in company-managed ones",
    "any role counts as being added to a private team-managed project",
    "a file whose comment is gone follows its issue: nothing tells any more through what it came",
    "an internal note is for all who see the issue: customers are out already",
];

/// Which rules are in force.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    off: BTreeSet<&'static str>,
}

impl Rules {
    /// Every rule there is.
    pub fn all() -> impl Iterator<Item = &'static Rule> {
        RULES.iter().chain(&LISTING_RULES)
    }

    /// All but the one of that name.
    ///
    /// # Panics
    /// When there is no such rule: a test that misspells one would prove nothing.
    pub fn without(name: &str) -> Self {
        let found = Self::all().find(|rule| rule.name == name);
        let found = found.expect("the name stands in `RULES` or `LISTING_RULES`");
        Self { off: BTreeSet::from([found.name]) }
    }

    /// SQL with every name in braces replaced.
    pub(super) fn applied_to(&self, sql: &str) -> String {
        let mut sql = sql.to_owned();
        for rule in Self::all() {
            let value = if self.off.contains(rule.name) { "0" } else { "1" };
            sql = sql.replace(&format!("{{{}}}", rule.name), value);
        }
        sql
    }
}
