//! How a person becomes a viewer: joins, product access, deactivation, guests, customers, nested groups.

use access::{
    AccessClass, Directory, Group, Holder, Join, Joined, NotJoined, Person, Principal, ProductAccess, SourceDirectory,
    SourceId, User, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

const SITE: SourceId = SourceId(7);

fn id(name: &str) -> UserId {
    UserId::Account(name.into())
}

fn group(name: &str) -> Group {
    Group::Id(name.into())
}

fn active(email: &str) -> User {
    User { email: Some(email.to_owned()), active: true, ..User::default() }
}

fn company() -> SourceDirectory {
    SourceDirectory {
        users: BTreeMap::from([
            (id("ana"), active("ana@example.com")),
            (id("bo"), active("Bo@Example.com ")),
            (id("gone"), User { active: false, ..active("gone@example.com") }),
            (id("guest"), User { guest: true, ..active("guest@example.com") }),
            (id("customer"), User { outsider: true, ..active("customer@example.com") }),
            (id("twin-1"), active("twin@example.com")),
            (id("twin-2"), active("twin@example.com")),
            (id("hidden"), User { email: None, active: true, ..User::default() }),
            (id("unlicensed"), active("unlicensed@example.com")),
        ]),
        members: BTreeMap::from([
            (
                group("users"),
                ["ana", "bo", "gone", "guest", "customer", "twin-1", "twin-2", "hidden"].map(id).into_iter().collect(),
            ),
            (group("leads"), BTreeSet::from([id("ana")])),
        ]),
        nested: BTreeMap::from([
            (group("staff"), BTreeSet::from([group("leads")])),
            (group("leads"), BTreeSet::from([group("staff")])),
            (group("company"), BTreeSet::from([group("staff")])),
        ]),
        product_access: ProductAccess::Groups(BTreeSet::from([group("users")])),
        classes: BTreeMap::from([(AccessClass::ProductAdmins, BTreeSet::from([group("company")]))]),
        ..SourceDirectory::unknown()
    }
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.put(SITE, company());
    directory
}

fn by_email(email: &str) -> Person {
    Person { trusted_email: Some(email.to_owned()), ..Person::default() }
}

fn held(person: &Person) -> BTreeSet<String> {
    directory().viewer_of(person).principals().map(|principal| principal.holder.to_string()).collect()
}

#[test]
fn a_person_holds_their_groups_with_all_that_contain_them_even_in_a_circle() {
    let expected = [
        "account:ana",
        "anyone",
        "class:licensed-users",
        "class:product-admins",
        "class:signed-in-users",
        "group:company",
        "group:leads",
        "group:staff",
        "group:users",
    ];
    assert_eq!(held(&by_email("ANA@example.com")), expected.map(str::to_owned).into());
}

#[test]
fn an_email_is_compared_without_case_and_blanks() {
    assert_eq!(directory().join(&by_email(" bo@example.COM"), SITE), Join::Email(id("bo")));
}

#[test]
fn inactive_customers_and_unlicensed_people_hold_nothing() {
    for email in ["gone@example.com", "customer@example.com", "unlicensed@example.com", "stranger@example.com", ""] {
        assert!(held(&by_email(email)).is_empty(), "{email}");
    }
}

#[test]
fn a_guest_is_admitted_by_name_and_never_as_a_member_of_a_group_or_class_or_as_anyone() {
    let held = held(&by_email("guest@example.com"));
    // What a guest is in counts where a list of viewers names the group's guests, and nowhere else.
    assert_eq!(held, ["account:guest", "guests-of:group:users"].map(str::to_owned).into());
}

#[test]
fn two_accounts_with_one_email_join_nothing() {
    let person = by_email("twin@example.com");
    assert_eq!(directory().join(&person, SITE), Join::Ambiguous(vec![id("twin-1"), id("twin-2")]));
    assert!(held(&person).is_empty());
}

#[test]
fn an_explicit_mapping_wins_and_needs_no_email() {
    let mapped = Person { mapped: BTreeMap::from([(SITE, id("hidden"))]), ..by_email("ana@example.com") };
    assert!(held(&mapped).contains("account:hidden") && !held(&mapped).contains("account:ana"));
    let nowhere = Person { mapped: BTreeMap::from([(SITE, id("nobody"))]), ..Person::default() };
    assert!(held(&nowhere).is_empty());
}

#[test]
fn an_excluded_person_holds_nothing_on_that_source_only() {
    let other = SourceId(8);
    let mut directory = directory();
    directory.put(other, company());
    let person = Person { excluded: BTreeSet::from([SITE]), ..by_email("ana@example.com") };
    assert_eq!(directory.viewer_of(&person).sources(), BTreeSet::from([other]));
}

#[test]
fn unknown_product_access_gives_nobody_anything() {
    let mut directory = Directory::default();
    directory.put(SITE, SourceDirectory { product_access: ProductAccess::Unknown, ..company() });
    assert!(directory.viewer_of(&by_email("ana@example.com")).is_empty());
}

#[test]
fn a_group_of_one_source_says_nothing_on_another() {
    let viewer = directory().viewer_of(&by_email("ana@example.com"));
    assert!(viewer.holds(&Principal::new(SITE, Holder::Group(group("leads")))));
    assert!(!viewer.holds(&Principal::new(SourceId(8), Holder::Group(group("leads")))));
}

#[test]
fn a_class_that_could_not_be_resolved_is_held_by_nobody() {
    let viewer = directory().viewer_of(&by_email("ana@example.com"));
    let role = AccessClass::ApplicationRole("jira-software".into());
    assert!(!viewer.holds(&Principal::new(SITE, Holder::Class(role))));
}

#[test]
fn an_address_that_a_customer_shares_is_still_one_persons() {
    let mut company = company();
    company.users.insert(id("portal"), User { outsider: true, ..active("ana@example.com") });
    let mut directory = Directory::default();
    directory.put(SITE, company);
    assert_eq!(directory.join(&by_email("ana@example.com"), SITE), Join::Email(id("ana")));
}

#[test]
fn whoever_stands_as_a_user_holds_something_and_nobody_else_does() {
    let mapped = |name: &str| Person { mapped: BTreeMap::from([(SITE, id(name))]), ..Person::default() };
    let nobody = Joined::Nobody;
    let joined = |name: &str, mapped: bool| Joined::As { user: id(name), mapped };
    let twins = vec![id("twin-1"), id("twin-2")];
    let table = [
        (by_email("ana@example.com"), joined("ana", false)),
        (mapped("hidden"), joined("hidden", true)),
        (by_email("guest@example.com"), joined("guest", false)),
        (by_email("twin@example.com"), nobody(NotJoined::Ambiguous(twins))),
        (mapped("twin-1"), joined("twin-1", true)),
        (by_email("stranger@example.com"), nobody(NotJoined::NoUser)),
        (by_email("gone@example.com"), nobody(NotJoined::NoUser)),
        (by_email("customer@example.com"), nobody(NotJoined::NoUser)),
        (mapped("gone"), nobody(NotJoined::Inactive(id("gone")))),
        (mapped("customer"), nobody(NotJoined::Outsider(id("customer")))),
        (mapped("who"), nobody(NotJoined::Unknown(id("who")))),
        (by_email("unlicensed@example.com"), nobody(NotJoined::WithoutProduct(id("unlicensed")))),
        (Person { excluded: BTreeSet::from([SITE]), ..mapped("ana") }, nobody(NotJoined::Excluded)),
        (Person::default(), nobody(NotJoined::NoUser)),
    ];
    for (person, standing) in table {
        assert_eq!(directory().joined(&person, SITE), standing, "{person:?}");
        let holds = !held(&person).is_empty();
        assert_eq!(matches!(standing, Joined::As { .. }), holds, "{person:?}");
    }
    let elsewhere = directory().joined(&by_email("ana@example.com"), SourceId(8));
    assert_eq!(elsewhere, nobody(NotJoined::NoDirectory));
}
