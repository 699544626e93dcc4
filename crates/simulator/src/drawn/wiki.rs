//! Spaces with their readers, and trees of every kind of content with lists of viewers at any height.

use std::fmt::Write as _;

use super::{Draw, WORD, list};

pub(super) fn write(draw: &mut Draw, out: &mut String) {
    for space in 0..draw.size.spaces {
        let kind = draw.one(&["global", "global", "global", "personal", "knowledge_base", "collaboration"]);
        let key = if kind == "personal" { format!("~p{space}") } else { format!("S{space}") };
        let owner = draw.person();
        let archived = draw.chance(7);
        let _ = writeln!(out, "[[space]]\nkey = \"{key}\"\nname = \"Space {space}\"\ntype = \"{kind}\"");
        let _ = writeln!(out, "owner = \"{owner}\"\narchived = {archived}");
        // Rows name users, groups and the public; classes come with roles.
        let mut read = readers(draw);
        read.retain(|reader| !reader.starts_with("class:"));
        let _ = writeln!(out, "read = {}", list(&read));
        if draw.chance(40) {
            let _ = writeln!(out, "admin = {}", list(&draw.subjects(2)));
        }
        let _ = writeln!(out, "\n[space.roles]");
        for role in ["Viewer", "Collaborator", "Admin"] {
            if role == "Viewer" || draw.chance(40) {
                let _ = writeln!(out, "{role} = {}", list(&readers(draw)));
            }
        }
        let mut above = Vec::new();
        for page in 0..draw.size.pages {
            let may_hold = content(draw, (space, page), &above, out);
            if may_hold {
                above.push(page);
            }
        }
    }
}

/// Who reads a space: the whole company, a few, a class, the public, or nobody who counts.
fn readers(draw: &mut Draw) -> Vec<String> {
    let mut readers = match draw.rng.u8(0..10) {
        0 => Vec::new(),
        1 => vec!["anyone".to_owned()],
        2 | 3 => vec![format!("class:{}", {
            let classes = ["all-licensed-users", "authenticated-users", "all-product-admins", "jsm-project-admins"];
            draw.one(&classes)
        })],
        4 => vec!["unlicensed".to_owned()],
        5 | 6 => vec!["group:staff".to_owned()],
        _ => draw.subjects(3),
    };
    if draw.chance(30) {
        readers.push(draw.subject());
    }
    // The guest enters by name only.
    if draw.chance(25) {
        readers.push("@p2".to_owned());
    }
    draw.served(readers)
}

/// Writes one page or its like below one of `above`. True if others may hang below it.
fn content(draw: &mut Draw, (space, page): (usize, usize), above: &[usize], out: &mut String) -> bool {
    let kind = match draw.rng.u8(0..100) {
        0..60 => "page",
        60..75 => "blogpost",
        75..85 => "folder",
        85..90 => "whiteboard",
        90..95 => "database",
        _ => "embed",
    };
    let name = format!("paper s{space}n{page}");
    let _ = writeln!(out, "[[space.page]]\nslug = \"s{space}n{page}\"\ntitle = \"{name} {WORD}\"\nkind = \"{kind}\"");
    let _ = writeln!(out, "by = \"{}\"\nbody = \"The text of {name} is {WORD}.\"", draw.person());
    // Chains rather than bushes: what goes wrong, goes wrong with the second restriction from below.
    if kind != "blogpost" && draw.chance(80) {
        let parent = if draw.chance(60) { above.last() } else { draw.rng.choice(above) };
        if let Some(parent) = parent {
            let _ = writeln!(out, "parent = \"s{space}n{parent}\"");
        }
    }
    let drafts = matches!(kind, "page" | "blogpost");
    let status = match draw.rng.u8(0..100) {
        0..86 => "current",
        86..92 => "archived",
        92..96 if drafts => "draft",
        96..100 if drafts => "trashed",
        _ => "current",
    };
    let status = if status == "archived" && kind != "page" { "current" } else { status };
    let _ = writeln!(out, "status = \"{status}\"");
    if draw.chance(40) {
        let viewers = draw.subjects(3);
        let _ = writeln!(out, "view = {}", list(&draw.served(viewers)));
    }
    if draw.chance(15) {
        let _ = writeln!(out, "edit = {}", list(&draw.subjects(2)));
    }
    if status == "draft" && draw.chance(50) {
        let _ = writeln!(out, "collaborators = {}", list(&[format!("@{}", draw.person())]));
    }
    if drafts && status == "current" {
        parts(draw, &name, out);
    }
    // Now and then something hangs below a draft. What hung below something thrown away has moved up.
    kind != "blogpost" && status != "trashed" && (status != "draft" || draw.chance(8))
}

fn parts(draw: &mut Draw, name: &str, out: &mut String) {
    let mut comments = Vec::new();
    for n in 0..draw.rng.usize(0..3) {
        let by = draw.person();
        let inline = if draw.chance(30) { format!(", inline = \"{name}\"") } else { String::new() };
        let reply = if draw.chance(30) {
            format!(", replies = [{{ by = \"{}\", text = \"reply {n} of {name} {WORD}\" }}]", draw.person())
        } else {
            String::new()
        };
        comments.push(format!("{{ by = \"{by}\", text = \"remark {n} of {name} {WORD}\"{inline}{reply} }}"));
    }
    let _ = writeln!(out, "comments = [{}]", comments.join(", "));
    if draw.chance(35) {
        let trashed = draw.chance(12);
        let comments = if draw.chance(40) {
            format!(", comments = [{{ by = \"{}\", text = \"on the file of {name} {WORD}\" }}]", draw.person())
        } else {
            String::new()
        };
        let file = format!("{{ name = \"file of {name} {WORD}.txt\", trashed = {trashed}{comments} }}");
        let _ = writeln!(out, "attachments = [{file}]");
    }
}
