//! Text for worlds: storage format from light markup, and endless plain sentences for bulk worlds.

/// Storage format of a body: as it is if it begins with `<`, else a paragraph per line, `# ` to `### ` headings, `- ` items.
pub(super) fn storage(body: &str) -> String {
    if body.trim_start().starts_with('<') {
        return body.trim().to_owned();
    }
    let mut out = String::with_capacity(body.len() * 2);
    let mut in_list = false;
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let item = line.strip_prefix("- ");
        if item.is_some() != in_list {
            out.push_str(if in_list { "</ul>" } else { "<ul>" });
            in_list = item.is_some();
        }
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        let (tag, text) = match item {
            Some(item) => ("li", item),
            None if (1..=3).contains(&hashes) => (["h1", "h2", "h3"][hashes - 1], line[hashes..].trim()),
            None => ("p", line),
        };
        out.push_str(&format!("<{tag}>{}</{tag}>", escaped(text)));
    }
    if in_list {
        out.push_str("</ul>");
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const WORDS: [&str; 64] = [
    "account",
    "agreement",
    "alert",
    "archive",
    "audit",
    "backup",
    "balance",
    "branch",
    "budget",
    "build",
    "cache",
    "calendar",
    "campaign",
    "certificate",
    "checklist",
    "client",
    "cluster",
    "contract",
    "customer",
    "dashboard",
    "database",
    "deadline",
    "delivery",
    "deploy",
    "design",
    "device",
    "document",
    "draft",
    "engine",
    "estimate",
    "export",
    "failure",
    "feature",
    "forecast",
    "gateway",
    "handover",
    "harbour",
    "incident",
    "invoice",
    "journal",
    "ledger",
    "library",
    "licence",
    "measure",
    "meeting",
    "migration",
    "network",
    "office",
    "orchard",
    "partner",
    "payment",
    "pipeline",
    "policy",
    "project",
    "quarter",
    "release",
    "report",
    "review",
    "schedule",
    "server",
    "supplier",
    "ticket",
    "warehouse",
    "workshop",
];

/// `count` words that depend on `seed` alone.
pub(super) fn sentence(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut out = String::with_capacity(count * 9);
    for index in 0..count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if index > 0 {
            out.push(' ');
        }
        out.push_str(WORDS[(state >> 32) as usize % WORDS.len()]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_markup_becomes_storage_format() {
        assert_eq!(
            storage("# A & b\ntext\n- one\n- two\nend"),
            "<h1>A &amp; b</h1><p>text</p><ul><li>one</li><li>two</li></ul><p>end</p>"
        );
        assert_eq!(storage(" <p>raw</p> "), "<p>raw</p>");
    }

    #[test]
    fn generated_text_is_the_same_in_every_run() {
        assert_eq!(sentence(7, 5), sentence(7, 5));
        assert_ne!(sentence(7, 5), sentence(8, 5));
    }
}
