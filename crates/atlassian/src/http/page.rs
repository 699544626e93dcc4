//! Where the next page of a Confluence listing is.
//!
//! The link itself is never followed: version 2 links start with `/wiki`, version 1 links do not, and both are relative
//! to the site, where the credential does not belong. Only the cursor is taken out and the same call made again.

use super::{Answer, CallError};
use serde::Deserialize;
use std::collections::HashSet;
use url::Url;

/// The places that one listing has led to. A source that leads in circles, or on without end, costs an error and no more.
#[derive(Debug, Default)]
pub(crate) struct Trail(HashSet<String>);

impl Trail {
    /// More pages than any listing of people, groups or grants has: at 50 a page, a million.
    const LONGEST: usize = 20_000;

    /// Goes on to the next page, which `place` names.
    ///
    /// # Errors
    /// When the listing has been there before, or has become too long to be believed.
    pub(crate) fn step(&mut self, place: &impl ToString, answer: &Answer) -> Result<(), CallError> {
        if !self.0.insert(place.to_string()) {
            return Err(answer.malformed("its pages lead in a circle"));
        }
        if self.0.len() > Self::LONGEST {
            return Err(answer.malformed("its pages never end"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Linked {
    #[serde(rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<String>,
}

impl Answer {
    /// The cursor of the next page; `None` after the last one.
    ///
    /// # Errors
    /// When there is a next page without a cursor: to stop there would pass for the end of the listing.
    pub fn next_cursor(&self) -> Result<Option<String>, CallError> {
        let linked: Linked = self.json()?;
        match linked.links.and_then(|links| links.next) {
            None => Ok(None),
            Some(link) => match cursor_of(&link) {
                Some(cursor) => Ok(Some(cursor)),
                None => Err(self.malformed("the link to the next page has no cursor")),
            },
        }
    }
}

/// The cursor in a link, decoded. It need not be the last parameter.
fn cursor_of(link: &str) -> Option<String> {
    // The host is never used; relative links only need one to be parsed.
    let base = Url::parse("https://api.atlassian.com").ok()?;
    let url = base.join(link).ok()?;
    let found = url.query_pairs().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.into_owned());
    found.filter(|cursor| !cursor.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_taken_out_of_every_form_of_link() {
        let cases = [
            ("/wiki/api/v2/pages?limit=5&cursor=eyJpZCI6IjcwMDAxIn0=", Some("eyJpZCI6IjcwMDAxIn0=")),
            ("/wiki/api/v2/pages?cursor=a%2Bb%3D%26c&limit=5", Some("a+b=&c")),
            ("/rest/api/content/search?next=true&cursor=_f_NTA%3D_sa_WyJc&limit=50", Some("_f_NTA=_sa_WyJc")),
            ("https://x.atlassian.net/wiki/api/v2/pages?cursor=abc", Some("abc")),
            ("/wiki/api/v2/pages?limit=5", None),
            ("/wiki/api/v2/pages?cursor=", None),
        ];
        for (link, cursor) in cases {
            assert_eq!(cursor_of(link).as_deref(), cursor, "{link}");
        }
    }
}
