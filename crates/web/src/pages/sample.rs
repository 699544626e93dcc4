//! Words that samples share: a signed-in person, a long text, right-to-left text, a hostile string.

use super::layout::{Chrome, Flash, Role, SignedIn};
use super::part::{Moment, Segment, Tone};

/// A string that breaks out of text and of attributes wherever it is not escaped.
pub(super) const HOSTILE: &str =
    r#""'></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}&amp;"#;

/// A title longer than any line, with a word that cannot be broken at spaces.
pub(super) const LONG: &str = "Minutes of the joint meeting on the migration of the settlement reconciliation service from \
     the shared cluster to its own one, with open questions, owners and dates, and the appendix \
     com.example.settlement.reconciliation.internal.AbstractReconciliationStrategyFactoryProviderConfiguration";

/// Right-to-left text with a left-to-right word inside.
pub(super) const RIGHT_TO_LEFT: &str = "מדריך הפעלה לשרת ה-staging (גרסה 2)";

pub(super) fn admin() -> Chrome {
    signed_in("Ana Souza", "ana.souza@example.com", Role::Admin)
}

pub(super) fn member() -> Chrome {
    signed_in("Ben Okafor", "ben.okafor@example.com", Role::Member)
}

pub(super) fn stranger() -> Chrome {
    Chrome { csrf: "pre-session-token".to_owned(), ..Chrome::default() }
}

/// An admin whose every string is hostile.
pub(super) fn hostile() -> Chrome {
    let mut chrome = signed_in(HOSTILE, HOSTILE, Role::Admin);
    HOSTILE.clone_into(&mut chrome.csrf);
    chrome.flash = Some(Flash { tone: Tone::Bad, text: HOSTILE.to_owned() });
    chrome.notices = vec![Flash { tone: Tone::Bad, text: HOSTILE.to_owned() }];
    chrome
}

/// An admin of a hub that is not well.
pub(super) fn ailing() -> Chrome {
    let notice = |tone, text: &str| Flash { tone, text: text.to_owned() };
    let full = "The disk is full. Crawls wait, and go on by themselves once there is space.";
    let rebuilding = "The text index is being built anew. Until that has ended, searches may not find everything.";
    Chrome { notices: vec![notice(Tone::Bad, full), notice(Tone::Warning, rebuilding)], ..admin() }
}

pub(super) fn with_flash(mut chrome: Chrome, tone: Tone, text: &str) -> Chrome {
    chrome.flash = Some(Flash { tone, text: text.to_owned() });
    chrome
}

/// Text in which the words between asterisks are marked: `the *quick* fox`.
pub(super) fn marked(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    for (position, part) in text.split('*').enumerate() {
        if part.is_empty() {
            continue;
        }
        segments.push(if position % 2 == 1 { Segment::marked(part) } else { Segment::plain(part) });
    }
    segments
}

pub(super) fn moment(words: &str) -> Moment {
    Moment::new("2026-03-03T09:12:00Z", words)
}

pub(super) fn hostile_moment() -> Moment {
    Moment::new(HOSTILE, HOSTILE)
}

fn signed_in(name: &str, email: &str, role: Role) -> Chrome {
    Chrome {
        person: Some(SignedIn { name: name.to_owned(), email: email.to_owned(), role }),
        csrf: "session-token".to_owned(),
        ..Chrome::default()
    }
}
