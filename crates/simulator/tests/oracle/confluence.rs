//! Spaces, trees, restrictions, statuses.

use std::collections::BTreeSet;

use simulator::oracle::{Kind, Layer, Oracle};
use simulator::state::content::{Container, Placement, Status};
use simulator::state::space::{RoleAssignment, SpacePrincipal, SpaceRole};

use super::table::{STAFF, account, holds, named, proves, world};

const ROLES: &str = "[site]\nhost = \"truth.atlassian.net\"\nspace_roles = \"ROLES\"\n";
const TRANSITION: &str = "[site]\nhost = \"truth.atlassian.net\"\nspace_roles = \"ROLES_TRANSITION\"\n";

fn space(keys: &str) -> String {
    format!("[[space]]\nkey = \"DOC\"\n{keys}\n[[space.page]]\ntitle = \"Page\"\n")
}

#[test]
fn space_read_by_user() {
    let world = world(&[STAFF, &space("read = [\"@ann\", \"@bob\"]")]);
    proves("space_by_user", &world, &[("DOC", "ann bob"), ("Page", "ann bob")]);
}

#[test]
fn space_read_by_group() {
    proves("space_by_group", &world(&[STAFF, &space("read = [\"group:legal\"]")]), &[("DOC", "ann"), ("Page", "ann")]);
}

#[test]
fn without_read_on_the_space_nothing_in_it_is_visible_even_to_listed_viewers() {
    let body = "[[space]]\nkey = \"DOC\"\nread = [\"@bob\"]\n[[space.page]]\ntitle = \"Page\"\nview = [\"@ann\"]\n";
    let world = world(&[STAFF, body]);
    proves("space_read", &world, &[("Page", "")]);
    let oracle = Oracle::of(&world);
    let (page, space) = (named(&world, "Page"), named(&world, "DOC"));
    assert_eq!(oracle.why_not(&account(&world, "ann"), page), Some(Layer::Space(space.id)));
    assert_eq!(oracle.why_not(&account(&world, "bob"), page), Some(Layer::Restriction(page.id)));
}

#[test]
fn a_row_for_another_operation_does_not_give_read() {
    let mut world = world(&[STAFF, &space("")]);
    let (id, ann) = (named(&world, "DOC").id, account(&world, "ann"));
    world.grant_space(id, SpacePrincipal::User(ann.clone()), "create", "page");
    world.grant_space(id, SpacePrincipal::User(ann), "read", "page");
    holds(&world, &[("DOC", "")]);
}

#[test]
fn anonymous_read_admits_signed_in_accounts_as_well_whatever_the_global_switch() {
    let open = STAFF.replace("[access]", "[access]\nanonymous = true");
    for staff in [&open, STAFF] {
        proves("class_anonymous", &world(&[staff, &space("read = [\"anyone\"]")]), &[("Page", "ann bob cat")]);
    }
}

#[test]
fn on_roles_sites_rows_are_not_in_force() {
    let space = space("read = [\"@ann\"]\nroles = { Viewer = [\"@bob\"] }");
    proves("rows_until_roles", &world(&[ROLES, STAFF, &space]), &[("Page", "bob")]);
    holds(&world(&[TRANSITION, STAFF, &space]), &[("Page", "ann bob")]);
}

#[test]
fn before_the_transition_role_assignments_are_not_in_force() {
    let space = space("read = [\"@ann\"]\nroles = { Viewer = [\"@bob\"] }");
    proves("assignments_from_transition", &world(&[STAFF, &space]), &[("Page", "ann")]);
}

#[test]
fn a_role_admits_only_if_it_holds_read_space() {
    let mut world = world(&[ROLES, STAFF, &space("roles = { Viewer = [\"@bob\"] }")]);
    let (role, id, ann) = ("blind".to_owned(), named(&world, "DOC").id, account(&world, "ann"));
    let permissions = BTreeSet::from(["create/page".to_owned()]);
    let (name, description) = ("Blind".to_owned(), String::new());
    let blind = SpaceRole { id: role.clone(), name, description, system: false, permissions };
    world.confluence.space_roles.insert(role.clone(), blind);
    let mut stored = world.confluence.spaces[&id].clone();
    stored.role_assignments.push(RoleAssignment { principal: SpacePrincipal::User(ann), role });
    world.confluence.put_space(stored);
    proves("role_must_read", &world, &[("Page", "bob")]);
}

#[test]
fn access_class_authenticated_users() {
    let space = space("roles = { Viewer = [\"class:authenticated-users\"] }");
    proves("class_authenticated", &world(&[ROLES, STAFF, &space]), &[("Page", "ann bob cat")]);
}

#[test]
fn access_class_all_licensed_users() {
    let space = space("roles = { Viewer = [\"class:all-licensed-users\"] }");
    proves("class_licensed", &world(&[ROLES, STAFF, &space]), &[("Page", "ann bob cat")]);
}

#[test]
fn access_class_all_product_admins() {
    let admins = STAFF.replace("[access]", "[access]\nconfluence_admins = [\"legal\"]\nsite_admins = [\"gone\"]");
    let space = space("roles = { Viewer = [\"class:all-product-admins\"] }");
    proves("class_product_admins", &world(&[ROLES, &admins, &space]), &[("Page", "ann")]);
}

#[test]
fn other_classes_and_unlicensed_access_admit_nobody() {
    let space = space("roles = { Viewer = [\"class:jsm-project-admins\", \"unlicensed\"] }");
    proves("other_classes_empty", &world(&[ROLES, STAFF, &space]), &[("Page", "")]);
}

const OPEN: &str = "[[space]]\nkey = \"DOC\"\nread = [\"group:staff\"]\n";

/// A page in a space that all read.
fn page(title: &str, keys: &str) -> String {
    format!("[[space.page]]\ntitle = \"{title}\"\nslug = \"{title}\"\n{keys}\n")
}

#[test]
fn a_page_without_a_list_of_viewers_is_for_all_readers_of_the_space() {
    let world = world(&[STAFF, OPEN, &page("Free", ""), &page("Own", "view = [\"@ann\"]")]);
    proves("own_restriction", &world, &[("Free", "ann bob cat"), ("Own", "ann")]);
}

#[test]
fn within_a_level_users_and_groups_add_up() {
    let world = world(&[STAFF, OPEN, &page("Own", "view = [\"@bob\", \"group:legal\"]")]);
    proves("listed_user", &world, &[("Own", "ann bob")]);
    proves("listed_group", &world, &[("Own", "ann bob")]);
}

#[test]
fn edit_restrictions_do_not_restrict_viewing() {
    let world = world(&[STAFF, OPEN, &page("Own", "edit = [\"@bob\"]"), &page("Below", "parent = \"Own\"")]);
    proves("only_read_restricts", &world, &[("Own", "ann bob cat"), ("Below", "ann bob cat")]);
}

#[test]
fn every_restricted_ancestor_must_admit() {
    let parts = [
        page("One", "view = [\"@ann\", \"@bob\"]"),
        page("Two", "parent = \"One\""),
        page("Three", "parent = \"Two\"\nview = [\"@bob\", \"@cat\"]"),
        page("Four", "parent = \"Three\""),
    ];
    let world = world(&[STAFF, OPEN, &parts.concat()]);
    proves("ancestors_restrict", &world, &[("One", "ann bob"), ("Two", "ann bob"), ("Three", "bob"), ("Four", "bob")]);
    let oracle = Oracle::of(&world);
    let why = |who| oracle.why_not(&account(&world, who), named(&world, "Four"));
    assert_eq!(why("cat"), Some(Layer::Restriction(named(&world, "One").id)));
    assert_eq!(why("ann"), Some(Layer::Restriction(named(&world, "Three").id)));
}

#[test]
fn folders_and_their_like_are_ancestors_that_restrict() {
    for kind in ["folder", "whiteboard", "database", "embed"] {
        let top = page("Top", &format!("kind = \"{kind}\"\nview = [\"@cat\"]"));
        let world = world(&[STAFF, OPEN, &top, &page("Below", "parent = \"Top\"")]);
        proves("every_kind_restricts", &world, &[("Top", "cat"), ("Below", "cat")]);
    }
}

#[test]
fn content_below_something_that_is_gone_is_hidden() {
    let mut world = world(&[STAFF, OPEN, &page("Top", ""), &page("Below", "parent = \"Top\"")]);
    let mut top = world.confluence.content[&named(&world, "Top").id].clone();
    top.parent = Some(1);
    world.confluence.put_content(top);
    proves("orphans_hidden", &world, &[("Top", ""), ("Below", "")]);
}

#[test]
fn blog_posts_have_their_own_restrictions_only() {
    let posts = [
        page("Top", "view = [\"@ann\"]"),
        page("Post", "kind = \"blogpost\"\nparent = \"Top\""),
        page("News", "kind = \"blogpost\"\nview = [\"@bob\"]"),
    ];
    let table = [("Post", "ann bob cat"), ("News", "bob")];
    proves("blog_posts_alone", &world(&[STAFF, OPEN, &posts.concat()]), &table);
}

#[test]
fn administrators_do_not_pass_view_restrictions() {
    let admins = STAFF.replace("[access]", "[access]\nconfluence_admins = [\"legal\"]\nsite_admins = [\"legal\"]");
    let space = "[[space]]\nkey = \"DOC\"\nread = [\"group:staff\"]\nadmin = [\"@cat\"]\n";
    let world = world(&[&admins, space, &page("Own", "view = [\"@bob\"]")]);
    proves("no_admin_bypass", &world, &[("Own", "bob")]);
}

#[test]
fn archived_pages_and_spaces_follow_the_same_rule() {
    let pages = [page("Old", "status = \"archived\""), page("Secret", "status = \"archived\"\nview = [\"@ann\"]")];
    let table = [("Old", "ann bob cat"), ("Secret", "ann")];
    proves("archived_stays", &world(&[STAFF, OPEN, &pages.concat()]), &table);
    holds(&world(&[STAFF, OPEN, "archived = true", &pages.concat()]), &table);
}

#[test]
fn a_draft_is_for_its_author_and_is_never_listed() {
    let draft = page("Draft", "status = \"draft\"\nby = \"bob\"");
    let world = world(&[STAFF, OPEN, &draft]);
    proves("drafts_private", &world, &[("Draft", "bob")]);
    let visible = Oracle::of(&world).visible(&account(&world, "bob"));
    assert!(visible.ids(Kind::Page).is_empty());
    assert!(visible.unlisted.contains(&named(&world, "Draft")));
}

#[test]
fn a_draft_is_for_explicit_collaborators_too() {
    let draft = page("Draft", "status = \"draft\"\nby = \"bob\"\ncollaborators = [\"cat\"]");
    proves("collaborators", &world(&[STAFF, OPEN, &draft]), &[("Draft", "bob cat")]);
}

#[test]
fn the_trash_is_for_readers_who_administer_the_space_and_is_never_listed() {
    let space = "[[space]]\nkey = \"DOC\"\nread = [\"group:staff\"]\nadmin = [\"@cat\", \"@ann\"]\n";
    let mut world = world(&[
        STAFF,
        space,
        &page("Gone", "status = \"trashed\"\nby = \"bob\"\nattachments = [{ name = \"of-gone.txt\" }]"),
        &page("Secret", "status = \"trashed\"\nview = [\"@ann\"]"),
        &page("Here", "attachments = [{ name = \"gone.txt\" }]"),
    ]);
    let mut file = world.confluence.attachments[&named(&world, "gone.txt").id].clone();
    file.status = Status::Trashed;
    world.confluence.put_attachment(file);
    let trash = [("Gone", "ann cat"), ("of-gone.txt", "ann cat"), ("gone.txt", "ann cat"), ("Secret", "ann")];
    proves("trash_for_space_admins", &world, &trash);
    holds(&world, &[("Here", "ann bob cat")]);
    let visible = Oracle::of(&world).visible(&account(&world, "ann"));
    assert!(trash.iter().all(|(name, _)| visible.unlisted.contains(&named(&world, name))));
}

#[test]
fn comments_replies_and_files_follow_their_page() {
    let talk = "comments = [{ by = \"ann\", text = \"root\", replies = [{ by = \"bob\", text = \"reply\" }] }, \
        { by = \"ann\", text = \"marked\", inline = \"x\" }]\nattachments = [{ name = \"a.txt\" }]";
    let world = world(&[STAFF, OPEN, &page("Own", &format!("view = [\"@ann\"]\n{talk}"))]);
    let table = [("root", "ann"), ("reply", "ann"), ("marked", "ann"), ("a.txt", "ann")];
    proves("comments_on_content", &world, &table);
}

#[test]
fn a_comment_on_an_attachment_follows_the_attachments_page() {
    let mut world = world(&[STAFF, OPEN, &page("Own", "view = [\"@ann\"]\nattachments = [{ name = \"a.txt\" }]")]);
    let (file, bob) = (named(&world, "a.txt").id, account(&world, "bob"));
    world.create_page_comment(Container::Attachment(file), None, Placement::Footer, &bob, "on the file".into());
    proves("comments_on_attachments", &world, &[("on the file", "ann")]);
}
