//! Schemes with every kind of holder, levels with every kind of member, projects of every style, issues and what hangs on them.

use std::fmt::Write as _;

use super::{Draw, ROBOT, WORD, list};

pub(super) const ROLES: [&str; 3] = ["Administrators", "Developers", "Users"];
const SCHEMES: usize = 6;
const LEVELS: usize = 4;

pub(super) fn write(draw: &mut Draw, out: &mut String) {
    for (name, kind) in [("Approver", "user"), ("Approvers", "users"), ("Team", "group"), ("Teams", "groups")] {
        let _ = writeln!(out, "[[field]]\nname = \"{name}\"\ntype = \"{kind}\"");
    }
    for scheme in 0..SCHEMES {
        let browse = match scheme {
            0 => vec!["reporter".to_owned()],
            1 => vec!["role:Developers".to_owned()],
            _ => holders(draw, 3),
        };
        let browse = draw.served(browse);
        // Other permissions show nothing, whoever holds them.
        let decoy = list(&holders(draw, 2));
        let _ = writeln!(out, "[[permission_scheme]]\nname = \"scheme {scheme}\"");
        let _ = writeln!(out, "grants = {{ BROWSE_PROJECTS = {}, EDIT_ISSUES = {decoy} }}", list(&browse));
    }
    let mut levels = vec!["{ name = \"level 0\", members = [] }".to_owned()];
    for level in 1..LEVELS {
        let members = holders(draw, 2);
        levels.push(format!("{{ name = \"level {level}\", members = {} }}", list(&draw.served(members))));
    }
    let default = if draw.chance(30) { "default = \"level 1\"\n" } else { "" };
    let _ = writeln!(out, "[[security_scheme]]\nname = \"levels\"\n{default}levels = [{}]\n", levels.join(", "));
    for project in 0..draw.size.projects {
        write_project(draw, project, out);
    }
}

/// A holder of any kind that a scheme or level may name.
fn holder(draw: &mut Draw) -> String {
    match draw.rng.u8(0..24) {
        0 => "anyone".to_owned(),
        1 => "licensed".to_owned(),
        2 => "app:jira-software".to_owned(),
        3 => "app:jira-servicedesk".to_owned(),
        4 => "app:jira-unknown".to_owned(),
        5 | 6 => "lead".to_owned(),
        7 | 8 => "reporter".to_owned(),
        9 | 10 => "assignee".to_owned(),
        11 => "portal".to_owned(),
        12 => "user-field:Approver".to_owned(),
        13 => "user-field:Approvers".to_owned(),
        14 => "group-field:Team".to_owned(),
        15 => "group-field:Teams".to_owned(),
        16..19 => format!("role:{}", draw.one(&ROLES)),
        19..21 => format!("@{}", draw.person()),
        _ => format!("group:{}", draw.group()),
    }
}

pub(super) fn holders(draw: &mut Draw, most: usize) -> Vec<String> {
    (0..draw.rng.usize(0..=most)).map(|_| holder(draw)).collect()
}

fn write_project(draw: &mut Draw, project: usize, out: &mut String) {
    let style = match draw.rng.u8(0..100) {
        0..72 => "classic",
        72..80 => "open",
        80..86 => "limited",
        _ => "private",
    };
    let kind = draw.one(&["software", "business", "service_desk"]);
    let (lead, archived) = (draw.person(), draw.chance(8));
    let _ =
        writeln!(out, "[[project]]\nkey = \"P{project}\"\nlead = \"{lead}\"\ntype = \"{kind}\"\nstyle = \"{style}\"");
    let _ = writeln!(out, "archived = {archived}");
    let classic = style == "classic";
    if classic && draw.chance(85) {
        let _ = writeln!(out, "scheme = \"scheme {}\"", draw.rng.usize(0..SCHEMES));
    }
    let leveled = classic && draw.chance(60);
    if leveled {
        let _ = writeln!(out, "security = \"levels\"");
    }
    let _ = writeln!(out, "\n[project.roles]");
    for role in ROLES {
        if draw.chance(70) {
            let actors = draw.subjects(3);
            let _ = writeln!(out, "{role} = {}", list(&draw.served(actors)));
        }
    }
    for issue in 0..draw.size.issues {
        write_issue(draw, (project, issue), leveled, out);
    }
}

fn write_issue(draw: &mut Draw, (project, issue): (usize, usize), leveled: bool, out: &mut String) {
    let name = format!("matter p{project}n{issue}");
    let _ = writeln!(out, "[[project.issue]]\nslug = \"p{project}n{issue}\"\nsummary = \"{name} {WORD}\"");
    let _ = writeln!(out, "by = \"{}\"", draw.person());
    // A link to an issue of another project, whose title the reader may not see.
    if project > 0 && draw.chance(30) {
        let (other, its) = (draw.rng.usize(0..project), draw.rng.usize(0..draw.size.issues));
        let _ = writeln!(out, "relates = {}", list(&[format!("p{other}n{its}")]));
    }
    let _ = writeln!(out, "description = \"The text of {name} is {WORD}.\"\narchived = {}", draw.chance(4));
    let robot_or_person = |draw: &mut Draw| if draw.chance(25) { ROBOT.to_owned() } else { draw.person() };
    let _ = writeln!(out, "reporter = \"{}\"", robot_or_person(draw));
    if draw.chance(70) {
        let _ = writeln!(out, "assignee = \"{}\"", robot_or_person(draw));
    }
    if leveled && draw.chance(60) {
        let _ = writeln!(out, "level = \"level {}\"", draw.rng.usize(0..LEVELS));
    }
    let fields = [
        format!("Approver = \"{}\"", draw.person()),
        format!("Approvers = {}", list(&[draw.person(), draw.person()])),
        format!("Team = \"{}\"", draw.group()),
        format!("Teams = {}", list(&[draw.group(), draw.group()])),
    ];
    let fields: Vec<String> = fields.into_iter().filter(|_| draw.chance(50)).collect();
    let _ = writeln!(out, "fields = {{ {} }}", fields.join(", "));
    let comments: Vec<String> = (0..draw.rng.usize(0..3)).map(|n| comment(draw, &name, n)).collect();
    let _ = writeln!(out, "comments = [{}]", comments.join(", "));
    if draw.chance(30) {
        let _ = writeln!(out, "attachments = [{{ name = \"file of {name} {WORD}.txt\" }}]");
    }
    if draw.chance(30) {
        let only = audience(draw);
        let _ = writeln!(out, "worklogs = [{{ by = \"{}\"{only} }}]", draw.person());
    }
}

/// `, only = …`, or nothing.
fn audience(draw: &mut Draw) -> String {
    match draw.rng.u8(0..10) {
        0..5 => String::new(),
        5..8 => format!(", only = \"group:{}\"", draw.group()),
        _ => format!(", only = \"role:{}\"", draw.one(&ROLES)),
    }
}

fn comment(draw: &mut Draw, name: &str, n: usize) -> String {
    let (by, only, internal) = (draw.person(), audience(draw), draw.chance(15));
    let files = if draw.chance(25) {
        format!(", attachments = [{{ name = \"file of note {n} of {name} {WORD}.txt\" }}]")
    } else {
        String::new()
    };
    format!("{{ by = \"{by}\", text = \"note {n} of {name} {WORD}\", internal = {internal}{only}{files} }}")
}
