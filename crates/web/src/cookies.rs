//! Cookies, as few as possible: session, visit before it, theme, and the message of the action before.
//!
//! With https the names carry the prefix `__Host-`, so that no neighbouring host can plant one.

use axum::http::header::{COOKIE, InvalidHeaderValue};
use axum::http::{HeaderMap, HeaderValue};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cookie {
    /// The signed-in session.
    Session,
    /// A visitor who may sign in: carries what the form's token is derived from.
    Visit,
    /// The colours wanted on this device.
    Theme,
    /// Which message the next page shows.
    Flash,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-fossick-session",
            (Self::Session, false) => "fossick-session",
            (Self::Visit, true) => "__Host-fossick-visit",
            (Self::Visit, false) => "fossick-visit",
            (Self::Theme, true) => "__Host-fossick-theme",
            (Self::Theme, false) => "fossick-theme",
            (Self::Flash, true) => "__Host-fossick-flash",
            (Self::Flash, false) => "fossick-flash",
        }
    }

    /// How long the browser keeps it, in seconds; `None` until it is closed.
    fn max_age(self) -> Option<u32> {
        match self {
            Self::Session | Self::Visit => None,
            Self::Theme => Some(365 * 24 * 3600),
            Self::Flash => Some(60),
        }
    }
}

/// Reads and writes cookies in the way that the hub's public address asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jar {
    /// Whether the public address is https.
    pub(crate) secure: bool,
}

impl Jar {
    /// The value that the browser sent; the first if it sent several.
    pub(crate) fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
        let name = cookie.name(self.secure);
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The header that sets a cookie. `value` is one of ours: hexadecimal digits or a word.
    pub(crate) fn set(self, cookie: Cookie, value: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header(cookie, value, cookie.max_age())
    }

    /// The header that takes a cookie away.
    pub(crate) fn clear(self, cookie: Cookie) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header(cookie, "", Some(0))
    }

    fn header(self, cookie: Cookie, value: &str, max_age: Option<u32>) -> Result<HeaderValue, InvalidHeaderValue> {
        let name = cookie.name(self.secure);
        let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
        if self.secure {
            text.push_str("; Secure");
        }
        if let Some(seconds) = max_age {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        HeaderValue::try_from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; fossick-session-x=2"));
        headers.append(COOKIE, HeaderValue::from_static("b; fossick-session=ab=c ;fossick-theme=dark"));
        let jar = Jar { secure: false };
        assert_eq!(jar.read(&headers, Cookie::Session), Some("ab=c"));
        assert_eq!(jar.read(&headers, Cookie::Theme), Some("dark"));
        assert_eq!(jar.read(&headers, Cookie::Flash), None);
        assert_eq!(Jar { secure: true }.read(&headers, Cookie::Session), None);
    }

    #[test]
    fn a_value_cannot_add_a_header() {
        assert!(Jar { secure: true }.set(Cookie::Flash, "a\r\nx: y").is_err());
    }
}
