//! Where to go after signing in: a path of this hub, never another site's address.

use url::Url;

use super::pattern;

/// An absolute path of this hub, with its query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Reads a path. Whatever could lead away, or back to signing in and out, becomes the home page.
    pub fn parse(text: &str) -> Self {
        Self::checked(text).unwrap_or_else(|| Self(pattern::HOME.to_owned()))
    }

    fn checked(text: &str) -> Option<Self> {
        // Browsers read `\` as `/` and drop control characters, so a path with either is not what it seems.
        let is_plain = text.starts_with('/') && !text.contains('\\') && !text.chars().any(char::is_control);
        if !is_plain {
            return None;
        }
        let base = Url::parse("http://hub.invalid/").ok()?;
        let url = base.join(text).ok()?;
        let stays = url.origin() == base.origin() && url.username().is_empty() && !url.path().starts_with("//");
        if !stays || [pattern::LOGIN, pattern::LOGOUT].contains(&url.path()) {
            return None;
        }
        Some(Self(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_away_from_the_hub() {
        let away = [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "///evil.example",
            "/..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "evil",
            "",
            " /",
            "/%0d%0a\r\nset-cookie: a=b",
            "//user@evil.example",
            "/login",
            "/login?next=/login",
            "/logout",
        ];
        for text in away {
            assert_eq!(LocalPath::parse(text).as_str(), "/", "{text:?}");
        }
    }

    #[test]
    fn a_path_with_its_query_is_kept() {
        for text in ["/search?q=a%20b&type=page", "/settings/sources/3", "/", "/search?q=https://evil.example"] {
            assert_eq!(LocalPath::parse(text).as_str(), text);
        }
        assert_eq!(LocalPath::parse("/search?q=ä#part").as_str(), "/search?q=%C3%A4");
    }
}
