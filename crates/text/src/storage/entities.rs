//! Character references: HTML's names and numbers. What is none stays as written, because a reader saw it so.
//!
//! Entities are never declared here, so one reference gives at most two characters: there is nothing to explode.

use std::borrow::Cow;

use quick_xml::escape::{resolve_html5_entity, resolve_xml_entity};

/// Longest name in HTML's table.
const MAX_NAME: usize = 32;

/// Replaces all character references.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    let Some(first) = raw.find('&') else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len());
    out.push_str(&raw[..first]);
    let mut rest = &raw[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let taken = match reference(after) {
            Some((name, length)) => {
                resolve(name, &mut out);
                length
            }
            None => {
                out.push('&');
                0
            }
        };
        rest = &after[taken..];
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// The name of a known reference at the start of `after` (past the ampersand), and how many bytes it takes with its `;`.
fn reference(after: &str) -> Option<(&str, usize)> {
    let end = after.bytes().take(MAX_NAME + 1).position(|byte| byte == b';')?;
    let name = &after[..end];
    let known = match name.strip_prefix('#') {
        Some(number) => code_point(number).is_some(),
        None => named(name).is_some(),
    };
    known.then_some((name, end + 1))
}

fn resolve(name: &str, out: &mut String) {
    match name.strip_prefix('#') {
        Some(number) => out.extend(code_point(number).map(|code| char::from_u32(code).unwrap_or('\u{fffd}'))),
        None => out.push_str(named(name).unwrap_or_default()),
    }
}

fn code_point(number: &str) -> Option<u32> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let well_formed = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    // Too large a number is a character reference all the same, to no character.
    well_formed.then(|| u32::from_str_radix(digits, radix).unwrap_or(u32::MAX))
}

fn named(name: &str) -> Option<&'static str> {
    if name == "nbsp" {
        // By far the most frequent one; the table is searched name by name.
        return Some("\u{a0}");
    }
    resolve_xml_entity(name).or_else(|| resolve_html5_entity(name))
}
