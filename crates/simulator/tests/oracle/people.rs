//! Who counts as a person of a product.

use super::table::{STAFF, account, holds, named, proves, public, world};
use simulator::oracle::Rules;
use simulator::oracle::{Layer, Oracle};

const BOTH: &str = r#"
[[space]]
key = "DOC"
read = ["group:staff", "@ivy", "@cus", "@out"]
[[space.page]]
title = "Page"
[[permission_scheme]]
name = "S"
grants = { BROWSE_PROJECTS = ["group:staff", "@ivy", "@cus", "@out"] }
[[project]]
key = "P"
lead = "ann"
scheme = "S"
[[project.issue]]
summary = "Issue"
[[person]]
handle = "ivy"
groups = ["staff"]
active = false
[[person]]
handle = "cus"
groups = ["staff"]
type = "customer"
[[person]]
handle = "out"
[[person]]
handle = "app"
groups = ["staff"]
type = "app"
[service_account]
handle = "robot"
token = "ATSTT-truth"
groups = ["staff"]
"#;

const EVERYBODY: [(&str, &str); 2] = [("Page", "ann app bob cat robot"), ("Issue", "ann app bob cat robot")];

#[test]
fn a_deactivated_account_sees_nothing() {
    proves("active_only", &world(&[STAFF, BOTH]), &EVERYBODY);
}

#[test]
fn a_portal_customer_never_sees_through_browse_or_space() {
    proves("customers_out", &world(&[STAFF, BOTH]), &EVERYBODY);
}

#[test]
fn a_row_without_access_to_confluence_gives_nothing() {
    proves("confluence_access", &world(&[STAFF, BOTH]), &EVERYBODY[..1]);
}

#[test]
fn browse_without_access_to_jira_gives_nothing() {
    proves("jira_access", &world(&[STAFF, BOTH]), &EVERYBODY[1..]);
}

#[test]
fn an_account_that_does_not_exist_sees_nothing() {
    let world = world(&[STAFF, BOTH]);
    let oracle = Oracle::of(&world);
    assert!(!oracle.may_see("nobody", named(&world, "Page")));
    assert_eq!(oracle.why_not("nobody", named(&world, "Page")), Some(Layer::NoAccount));
}

#[test]
fn each_product_has_its_own_access() {
    let access = "[access]\njira = { jira-software = [\"staff\"] }\nconfluence = [\"legal\"]";
    let staff = STAFF.replace("[access]\njira = { jira-software = [\"staff\"] }\nconfluence = [\"staff\"]", access);
    assert_ne!(staff, STAFF);
    holds(&world(&[&staff, BOTH]), &[("Page", "ann"), ("Issue", EVERYBODY[1].1)]);
}

#[test]
fn a_site_without_the_product_shows_none_of_it() {
    let site = "[site]\nhost = \"truth.atlassian.net\"\njira = false\n";
    holds(&world(&[site, STAFF, BOTH]), &[EVERYBODY[0], ("Issue", "")]);
}

#[test]
fn a_deleted_group_in_a_list_admits_nobody_and_still_restricts() {
    let world = world(&[
        STAFF,
        r#"
[[space]]
key = "DOC"
read = ["group:staff"]
[[space.page]]
title = "Page"
view = ["group:gone"]
[[space]]
key = "OLD"
read = ["group:gone"]
[[permission_scheme]]
name = "S"
grants = { BROWSE_PROJECTS = ["group:gone"] }
[[project]]
key = "P"
lead = "ann"
scheme = "S"
[[project.issue]]
summary = "Issue"
"#,
    ]);
    proves("deleted_groups_empty", &world, &[("Page", ""), ("OLD", ""), ("Issue", "")]);
}

const GUESTS: &str = r#"
[access]
confluence = ["staff"]
confluence_guests = ["guests"]
anonymous = true
[[group]]
name = "staff"
members = ["ann", "flo"]
[[group]]
name = "guests"
members = ["gus", "hal"]
[[person]]
handle = "ann"
[[person]]
handle = "gus"
guest = true
[[person]]
handle = "hal"
[[person]]
handle = "flo"
guest = true
[[person]]
handle = "max"
guest = true
[[space]]
key = "OWN"
read = ["@gus", "@max"]
[[space]]
key = "GROUP"
read = ["group:guests", "group:staff"]
[[space]]
key = "PUBLIC"
read = ["anyone"]
"#;

#[test]
fn a_guest_enters_a_space_by_its_own_name_only() {
    let table = [("OWN", "gus"), ("GROUP", "ann hal"), ("PUBLIC", "ann hal")];
    proves("guest_by_own_name", &world(&[GUESTS]), &table);
}

#[test]
fn a_guest_enters_by_a_role_of_its_own_and_by_no_class() {
    let site = "[site]\nhost = \"truth.atlassian.net\"\nspace_roles = \"ROLES\"\n";
    let roles = r#"
[[space]]
key = "CLASS"
roles = { Viewer = ["class:all-licensed-users", "class:authenticated-users"] }
[[space]]
key = "NAMED"
roles = { Viewer = ["@gus"], Collaborator = ["group:guests"] }
"#;
    let world = world(&[site, GUESTS, roles]);
    holds(&world, &[("CLASS", "ann hal"), ("NAMED", "gus hal"), ("OWN", "")]);
    assert!(Oracle::of(&world).visible(&account(&world, "max")).listed.is_empty());
}

/// A space and a project that everybody on the internet may read, and what stands beside it.
const OPEN_TO_ALL: &str = r#"
[[space]]
key = "WWW"
read = ["anyone"]
[[space.page]]
title = "Public page"
[[space.page]]
title = "Listed page"
view = ["group:staff"]
[[space]]
key = "CLS"
read = ["class:all-licensed-users", "class:authenticated-users", "group:staff"]
[[space.page]]
title = "Page for the licensed"
[[permission_scheme]]
name = "anyone"
grants = { BROWSE_PROJECTS = ["anyone"] }
[[permission_scheme]]
name = "licensed"
grants = { BROWSE_PROJECTS = ["licensed", "app:jira-software", "reporter"] }
[[security_scheme]]
name = "Levels"
levels = [{ name = "Staff", members = ["group:staff"] }]
[[project]]
key = "P"
lead = "ann"
scheme = "anyone"
security = "Levels"
issue = [{ summary = "Public issue" }, { summary = "Issue in a level", level = "Staff" }]
[[project]]
key = "Q"
lead = "ann"
scheme = "licensed"
issue = [{ summary = "Issue for the licensed" }]
[[project]]
key = "T"
lead = "ann"
style = "open"
issue = [{ summary = "Issue of a team" }]
"#;

const NAMES: [&str; 7] = [
    "Public page",
    "Listed page",
    "Page for the licensed",
    "Public issue",
    "Issue in a level",
    "Issue for the licensed",
    "Issue of a team",
];

#[test]
fn the_public_sees_what_is_for_anyone_and_has_no_list_of_its_own() {
    let mut company = world(&[STAFF, OPEN_TO_ALL]);
    company.confluence.anonymous_can_use = true;
    assert_eq!(public(&company, &Rules::default(), &NAMES), ["Public page", "Public issue"]);
    let without = public(&company, &Rules::without("licensed_is_not_public"), &NAMES);
    assert_eq!(without, ["Public page", "Public issue", "Issue for the licensed"]);
}

#[test]
fn the_public_does_not_use_confluence_where_the_site_lets_no_anonymous_users_in() {
    let company = world(&[STAFF, OPEN_TO_ALL]);
    assert_eq!(public(&company, &Rules::default(), &NAMES), ["Public issue"]);
    assert_eq!(public(&company, &Rules::without("public_needs_switch"), &NAMES), ["Public page", "Public issue"]);
}
