//! Where the streams go on. A cursor that cannot be read starts the stream anew, which is harmless.

use serde::{Deserialize, Serialize};
use sync::Cursor;

/// The offset behind a cursor of a listing by offset.
pub(super) fn offset(cursor: Option<&Cursor>) -> u64 {
    cursor.and_then(|cursor| cursor.0.parse().ok()).unwrap_or(0)
}

/// A cursor at an offset.
pub(super) fn at_offset(offset: u64) -> Cursor {
    Cursor(offset.to_string())
}

/// Where the issues stream goes on.
///
/// Never an offset into a page: after a restart the page is listed again and may have shifted. Ids are handed out in
/// rising order within a page, so "behind this id" stays right whatever was created or deleted meanwhile.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct IssueCursor {
    /// The first project of the listing, among the projects in scope by id.
    pub(super) first: usize,
    /// How many projects the listing asks for; zero means as many as usual.
    pub(super) width: usize,
    /// The token of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// The last id handed out from the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<u64>,
    /// Issues handed out so far.
    pub(super) issues: u64,
    /// Documents handed out so far, comments and files included.
    pub(super) documents: u64,
    /// The listing is done; what it should have named is asked for, behind this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confirming: Option<u64>,
    /// Issues asked for one by one.
    pub(super) singly: usize,
    /// Whether the end of the listing has found its way into the store, which is asked next.
    pub(super) settled: bool,
    /// Issues in all, once that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<u64>,
}

impl IssueCursor {
    /// Reads a cursor; the start for none.
    pub(super) fn read(cursor: Option<&Cursor>) -> Self {
        cursor.and_then(|cursor| serde_json::from_str(&cursor.0).ok()).unwrap_or_default()
    }

    /// Writes it.
    pub(super) fn write(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }

    /// Documents to expect in all, if issues to come have as many comments and files as those before.
    pub(super) fn expected(&self) -> Option<u64> {
        let total = self.total?.max(self.issues);
        let left = total - self.issues;
        match self.issues {
            0 => Some(total),
            seen => Some(self.documents + left * self.documents / seen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_a_restart_and_nonsense_starts_anew() {
        let cursor = IssueCursor { first: 2, token: Some("t\"x".into()), after: Some(7), ..IssueCursor::default() };
        assert_eq!(IssueCursor::read(Some(&cursor.write())), cursor);
        assert_eq!(IssueCursor::read(Some(&Cursor("x".into()))), IssueCursor::default());
        assert_eq!(offset(Some(&at_offset(200))), 200);
        assert_eq!(offset(Some(&Cursor("x".into()))), 0);
    }

    #[test]
    fn what_is_to_come_is_estimated_from_what_came() {
        let cursor = IssueCursor { issues: 100, documents: 400, total: Some(1000), ..IssueCursor::default() };
        assert_eq!(cursor.expected(), Some(4000));
        assert_eq!(IssueCursor { total: Some(5), ..IssueCursor::default() }.expected(), Some(5));
        assert_eq!(IssueCursor::default().expected(), None);
    }
}
