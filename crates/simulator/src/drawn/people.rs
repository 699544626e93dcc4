//! Who there is: people of every kind, groups of every kind, and which groups give which product.

use std::fmt::Write as _;

use super::{Draw, ORG_KEY, ROBOT, TOKEN, list};

/// The first people of every company have these peculiarities, so that none is ever missing.
const PECULIAR: [&str; 5] = ["", "active = false", "guest = true", "type = \"customer\"", "type = \"app\""];

pub(super) fn write(draw: &mut Draw, seed: u64, out: &mut String) {
    let mode = draw.one(&["PRE_ROLES", "PRE_ROLES", "ROLES_TRANSITION", "ROLES"]);
    let anonymous = draw.chance(30);
    let _ = writeln!(out, "org_key = \"{ORG_KEY}\"\n\n[site]\nhost = \"drawn-{seed:x}.atlassian.net\"");
    let _ = writeln!(out, "space_roles = \"{mode}\"\n\n[access]\nconfluence = [\"staff\", \"wiki\"]");
    let _ = writeln!(out, "confluence_guests = [\"guests\"]\nconfluence_admins = [\"admins\"]");
    let _ = writeln!(out, "jira = {{ jira-software = [\"staff\", \"jira\"], jira-servicedesk = [\"agents\"] }}");
    let _ = writeln!(out, "jira_admins = [\"admins\"]\nsite_admins = [\"owners\"]\nbrowse_users = [\"staff\"]");
    let _ = writeln!(out, "anonymous = {anonymous}\n");
    let plain: Vec<String> = (0..draw.size.groups).map(|n| format!("g{n}")).collect();
    let named = ["staff", "wiki", "jira", "guests", "admins", "owners", "agents", "empty"];
    for name in named.into_iter().chain(plain.iter().map(String::as_str)) {
        let _ = writeln!(out, "[[group]]\nname = \"{name}\"");
    }
    let idle = list(&["p1".to_owned()]);
    let _ = writeln!(out, "[[group]]\nname = \"idle\"\nmembers = {idle}");
    let members: Vec<String> = (0..2).map(|_| draw.person()).collect();
    let _ = writeln!(out, "[[group]]\nname = \"gone\"\ndeleted = true\nmembers = {}\n", list(&members));
    for n in 0..draw.size.people {
        person(draw, n, out);
    }
    let mut groups = vec!["staff".to_owned(), "admins".to_owned()];
    groups.extend(plain.into_iter().filter(|_| draw.chance(40)));
    let groups = list(&groups);
    let _ = writeln!(out, "\n[service_account]\nhandle = \"{ROBOT}\"\ntoken = \"{TOKEN}\"\ngroups = {groups}");
    let _ = writeln!(out, "scopes = {}\n", list(&super::scopes()));
}

fn person(draw: &mut Draw, n: usize, out: &mut String) {
    let peculiar = match PECULIAR.get(n) {
        Some(peculiar) => *peculiar,
        None if draw.chance(80) => "",
        None => PECULIAR[draw.rng.usize(0..PECULIAR.len())],
    };
    let mut groups = Vec::new();
    let guest = peculiar.starts_with("guest");
    // Products: most have both, some one, some none; a guest may stand in the users' group all the same.
    if guest && draw.chance(70) {
        groups.push("guests".to_owned());
    } else {
        match draw.rng.u8(0..10) {
            0 => {}
            1 => groups.push("wiki".to_owned()),
            2 => groups.push("jira".to_owned()),
            _ => groups.push("staff".to_owned()),
        }
    }
    for (name, percent) in [("agents", 15), ("admins", 12), ("owners", 6)] {
        if draw.chance(percent) {
            groups.push(name.to_owned());
        }
    }
    for group in 0..draw.size.groups {
        if draw.chance(30) {
            groups.push(format!("g{group}"));
        }
    }
    let shown = draw.one(&["visible", "visible", "visible", "null", "empty", "absent"]);
    let _ = writeln!(out, "[[person]]\nhandle = \"p{n}\"\nemail_shown = \"{shown}\"\ngroups = {}", list(&groups));
    if !peculiar.is_empty() {
        let _ = writeln!(out, "{peculiar}");
    }
}
