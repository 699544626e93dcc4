//! Browse by every kind of holder, security levels, audiences, projects.

use simulator::oracle::{Kind, Layer, Object, Oracle};
use simulator::state::World;
use simulator::state::project::Project;

use super::table::{STAFF, account, holds, named, proves, world};

const FIELDS: &str = r#"
[[field]]
name = "Approver"
type = "user"
[[field]]
name = "Approvers"
type = "users"
[[field]]
name = "Team"
type = "group"
[[field]]
name = "Teams"
type = "groups"
"#;

/// A project whose Browse goes to `holder`, and one issue that is Bob's in every respect.
fn browse_for(holder: &str) -> World {
    let body = format!(
        r#"
[[permission_scheme]]
name = "S"
grants = {{ BROWSE_PROJECTS = ["{holder}"], EDIT_ISSUES = ["licensed"] }}
[[project]]
key = "P"
lead = "cat"
scheme = "S"
roles = {{ Developers = ["@ann"], Users = ["group:legal", "@cat"] }}
[[project]]
key = "Q"
lead = "ann"
scheme = "S"
roles = {{ Developers = ["@cat"] }}
[[project.issue]]
summary = "Elsewhere"
reporter = "ann"
"#
    );
    let issue = r#"
[[project.issue]]
summary = "Issue"
reporter = "bob"
assignee = "cat"
fields = { Approver = "ann", Approvers = ["bob", "cat"], Team = "legal", Teams = ["legal", "gone"] }
"#;
    let body = body.replacen("[[project]]\nkey = \"Q\"", &format!("{issue}[[project]]\nkey = \"Q\""), 1);
    world(&[STAFF, FIELDS, &body])
}

#[test]
fn anyone_holds_for_every_account_with_the_product() {
    proves("anyone", &browse_for("anyone"), &[("Issue", "ann bob cat"), ("P", "ann bob cat")]);
}

#[test]
fn a_bare_application_role_holds_for_every_licensed_account() {
    proves("licensed", &browse_for("licensed"), &[("Issue", "ann bob cat"), ("P", "ann bob cat")]);
}

#[test]
fn an_application_role_with_a_key_holds_for_its_groups() {
    let mut world = browse_for("app:jira-servicedesk");
    holds(&world, &[("Issue", "")]);
    let mut desk = world.jira.application_roles["jira-software"].clone();
    desk.key = "jira-servicedesk".to_owned();
    desk.groups = world.directory.groups.values().filter(|g| g.name == "legal").map(|g| g.id.clone()).collect();
    world.jira.application_roles.insert(desk.key.clone(), desk);
    proves("application_role", &world, &[("Issue", "ann"), ("P", "ann")]);
}

#[test]
fn group_holds_for_its_members() {
    proves("group", &browse_for("group:legal"), &[("Issue", "ann"), ("P", "ann")]);
}

#[test]
fn user_holds_for_that_account() {
    proves("user", &browse_for("@cat"), &[("Issue", "cat"), ("P", "cat")]);
}

#[test]
fn project_role_holds_for_its_actors_by_name_and_by_group() {
    proves("project_role", &browse_for("role:Users"), &[("Issue", "ann cat"), ("P", "ann cat"), ("Elsewhere", "")]);
}

#[test]
fn the_actors_of_a_role_are_those_in_the_issues_project() {
    let table = [("Issue", "ann"), ("Elsewhere", "cat")];
    proves("role_in_this_project", &browse_for("role:Developers"), &table);
}

#[test]
fn project_lead_holds_for_the_lead() {
    proves("project_lead", &browse_for("lead"), &[("Issue", "cat"), ("Elsewhere", "ann"), ("P", "cat")]);
}

#[test]
fn reporter_holds_for_the_reporter_of_today() {
    let mut world = browse_for("reporter");
    proves("reporter", &world, &[("Issue", "bob"), ("Elsewhere", "ann")]);
    let (issue, cat) = (named(&world, "Issue").id, account(&world, "cat"));
    world.edit_issue(issue, &cat, Vec::new(), |issue| issue.reporter = Some(cat.clone()));
    holds(&world, &[("Issue", "cat")]);
}

#[test]
fn assignee_holds_for_the_assignee_and_for_nobody_on_unassigned_issues() {
    proves("assignee", &browse_for("assignee"), &[("Issue", "cat"), ("Elsewhere", "")]);
}

#[test]
fn user_custom_field_holds_for_single_and_multi_values() {
    proves("user_field", &browse_for("user-field:Approver"), &[("Issue", "ann"), ("Elsewhere", "")]);
    proves("user_field", &browse_for("user-field:Approvers"), &[("Issue", "bob cat")]);
}

#[test]
fn group_custom_field_holds_for_single_and_multi_values() {
    proves("group_field", &browse_for("group-field:Team"), &[("Issue", "ann"), ("Elsewhere", "")]);
    proves("group_field", &browse_for("group-field:Teams"), &[("Issue", "ann")]);
}

#[test]
fn portal_only_gives_nothing_in_jira() {
    proves("portal_only_is_nothing", &browse_for("portal"), &[("Issue", ""), ("P", "")]);
}

#[test]
fn no_permission_but_browse_shows_an_issue() {
    proves("only_browse_counts", &browse_for("@cat"), &[("Issue", "cat")]);
}

#[test]
fn a_project_without_browse_is_for_nobody_not_even_administrators() {
    let admins = STAFF.replace("[access]", "[access]\njira_admins = [\"legal\"]\nsite_admins = [\"legal\"]");
    let body = "[[permission_scheme]]\nname = \"S\"\ngrants = { ADMINISTER_PROJECTS = [\"group:legal\"] }\n\
        [[project]]\nkey = \"P\"\nlead = \"ann\"\nscheme = \"S\"\n[[project.issue]]\nsummary = \"Issue\"\n";
    let world = world(&[&admins, body]);
    proves("browse_needed", &world, &[("Issue", ""), ("P", "")]);
    let why = Oracle::of(&world).why_not(&account(&world, "ann"), named(&world, "Issue"));
    assert_eq!(why, Some(Layer::Browse));
}

#[test]
fn a_dependent_holder_shows_the_project_to_all_who_could_be_it() {
    for holder in ["reporter", "assignee", "user-field:Approver", "group-field:Team"] {
        proves("dependent_shows_project", &browse_for(holder), &[("P", "ann bob cat"), ("Q", "ann bob cat")]);
    }
}

/// A project that all browse, with one level of those members, and one issue in it.
fn level_of(members: &str) -> String {
    format!(
        r#"{FIELDS}
[[security_scheme]]
name = "L"
levels = [{{ name = "Level", members = [{members}] }}, {{ name = "Other", members = ["licensed"] }}]
[[project]]
key = "P"
lead = "cat"
security = "L"
roles = {{ Users = ["group:legal"] }}
[[project.issue]]
summary = "Free"
[[project.issue]]
summary = "Issue"
level = "Level"
reporter = "bob"
assignee = "cat"
fields = {{ Approver = "ann", Teams = ["legal"] }}
comments = [{{ by = "ann", text = "word" }}]
attachments = [{{ name = "a.txt" }}]
"#
    )
}

#[test]
fn an_issue_with_a_level_is_for_its_members_and_so_is_all_that_hangs_on_it() {
    let world = world(&[STAFF, &level_of("\"@ann\"")]);
    proves("level_needed", &world, &[("Free", "ann bob cat"), ("Issue", "ann"), ("word", "ann"), ("a.txt", "ann")]);
    let (oracle, issue) = (Oracle::of(&world), named(&world, "Issue"));
    let level = world.jira.issues[&issue.id].security.unwrap();
    for object in [issue, named(&world, "word"), named(&world, "a.txt")] {
        assert_eq!(oracle.why_not(&account(&world, "bob"), object), Some(Layer::SecurityLevel(level)));
    }
}

#[test]
fn levels_have_members_of_the_same_kinds_as_browse() {
    let kinds = [
        ("licensed", "ann bob cat", "licensed"),
        ("anyone", "ann bob cat", "anyone"),
        ("app:jira-software", "ann bob cat", "application_role"),
        ("group:legal", "ann", "group"),
        ("@bob", "bob", "user"),
        ("role:Users", "ann", "project_role"),
        ("lead", "cat", "project_lead"),
        ("reporter", "bob", "reporter"),
        ("assignee", "cat", "assignee"),
        ("user-field:Approver", "ann", "user_field"),
        ("group-field:Teams", "ann", "group_field"),
        ("portal", "", "portal_only_is_nothing"),
        ("group:gone", "", "deleted_groups_empty"),
    ];
    for (member, who, rule) in kinds {
        proves(rule, &world(&[STAFF, &level_of(&format!("\"{member}\""))]), &[("Issue", who)]);
    }
}

#[test]
fn a_level_without_members_hides_from_everybody_and_admins_have_no_bypass() {
    let admins = STAFF.replace("[access]", "[access]\njira_admins = [\"legal\"]\nsite_admins = [\"legal\"]");
    proves("no_admin_bypass", &world(&[&admins, &level_of("")]), &[("Issue", ""), ("Free", "ann bob cat")]);
}

#[test]
fn a_level_does_not_replace_browse() {
    let body = level_of("\"@ann\"").replace("security = \"L\"", "security = \"L\"\nscheme = \"S\"");
    let scheme = "[[permission_scheme]]\nname = \"S\"\ngrants = { BROWSE_PROJECTS = [\"@bob\"] }\n";
    holds(&world(&[STAFF, scheme, &body]), &[("Issue", ""), ("Free", "bob")]);
}

const TALK: &str = r#"
[[project]]
key = "P"
lead = "cat"
type = "service_desk"
roles = { Developers = ["@bob"] }
[[project.issue]]
summary = "Issue"
comments = [
  { by = "ann", text = "to all" },
  { by = "ann", text = "to legal", only = "group:legal" },
  { by = "ann", text = "to gone", only = "group:gone" },
  { by = "cat", text = "to developers", only = "role:Developers" },
  { by = "cat", text = "internal", internal = true },
]
attachments = [{ name = "a.txt" }, { name = "of-legal.txt" }]
[[project]]
key = "Q"
lead = "cat"
roles = { Developers = ["@cat"] }
"#;

#[test]
fn a_comment_for_a_group_is_for_its_members_and_an_internal_note_for_all_who_browse() {
    let table = [("to all", "ann bob cat"), ("to legal", "ann"), ("to gone", ""), ("internal", "ann bob cat")];
    proves("audience_group", &world(&[STAFF, TALK]), &table);
}

#[test]
fn a_comment_for_a_role_is_for_its_actors_in_that_project_not_for_its_author() {
    proves("audience_role", &world(&[STAFF, TALK]), &[("to developers", "bob")]);
}

#[test]
fn a_file_that_came_through_a_restricted_comment_is_for_those_who_see_it() {
    let mut world = world(&[STAFF, TALK]);
    let mut file = world.jira.attachments[&named(&world, "of-legal.txt").id].clone();
    file.comment = Some(named(&world, "to legal").id);
    world.jira.put_attachment(file);
    proves("attachment_of_comment", &world, &[("a.txt", "ann bob cat"), ("of-legal.txt", "ann")]);
    let why = Oracle::of(&world).why_not(&account(&world, "bob"), named(&world, "of-legal.txt"));
    assert_eq!(why, Some(Layer::CommentOfFile));
}

fn team_project(style: &str) -> String {
    format!(
        "[[project]]\nkey = \"T\"\nlead = \"cat\"\nstyle = \"{style}\"\nroles = {{ Users = [\"group:legal\", \"@bob\"] }}\n\
         [[project.issue]]\nsummary = \"Issue\"\n"
    )
}

#[test]
fn an_open_or_limited_team_managed_project_is_for_every_licensed_account() {
    for style in ["open", "limited"] {
        proves("team_open", &world(&[STAFF, &team_project(style)]), &[("Issue", "ann bob cat"), ("T", "ann bob cat")]);
    }
}

#[test]
fn a_private_team_managed_project_is_for_its_role_actors() {
    let admins = STAFF.replace("[access]", "[access]\njira_admins = [\"staff\"]");
    proves("team_private", &world(&[&admins, &team_project("private")]), &[("Issue", "ann bob"), ("T", "ann bob")]);
}

fn changed(world: &mut World, key: &str, change: impl FnOnce(&mut Project)) {
    let mut project = world.jira.projects[&named(world, key).id].clone();
    change(&mut project);
    world.jira.put_project(project);
}

#[test]
fn a_project_in_the_trash_is_visible_to_nobody() {
    let mut world = browse_for("licensed");
    changed(&mut world, "P", |project| project.deleted = true);
    proves("deleted_project_gone", &world, &[("P", ""), ("Issue", ""), ("Elsewhere", "ann bob cat")]);
}

#[test]
fn archived_projects_and_issues_keep_their_viewers_but_are_not_listed() {
    let mut world = browse_for("@cat");
    changed(&mut world, "P", |project| project.archived = true);
    let (issue, other, cat) = (named(&world, "Issue"), named(&world, "Elsewhere"), account(&world, "cat"));
    world.edit_issue(other.id, &cat, Vec::new(), |issue| issue.archived = true);
    holds(&world, &[("Issue", "cat"), ("Elsewhere", "cat"), ("P", "cat")]);
    let listed = |rules: &simulator::oracle::Rules| -> Vec<Object> {
        let visible = Oracle::with_rules(&world, rules).visible(&cat);
        visible.listed.iter().copied().filter(|object| object.kind != Kind::Space).collect()
    };
    assert_eq!(listed(&simulator::oracle::Rules::default()), [named(&world, "Q")]);
    let off = listed(&simulator::oracle::Rules::without("archived_unlisted"));
    assert!(off.contains(&issue) && off.contains(&named(&world, "P")));
}

#[test]
fn a_worklog_is_for_its_group_or_role() {
    let company = world(&[
        STAFF,
        r#"
[[permission_scheme]]
name = "S"
grants = { BROWSE_PROJECTS = ["group:staff"] }
[[project]]
key = "P"
lead = "ann"
scheme = "S"
roles = { Developers = ["@bob"] }
[[project.issue]]
summary = "Issue"
worklogs = [
  { by = "ann", text = "for all" },
  { by = "ann", text = "for legal", only = "group:legal" },
  { by = "ann", text = "for developers", only = "role:Developers" },
]
"#,
    ]);
    let table = [("for all", "ann bob cat"), ("for legal", "ann"), ("for developers", "bob")];
    proves("worklog_audience", &company, &table);
}
