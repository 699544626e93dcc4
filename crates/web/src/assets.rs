//! Everything a page loads, compiled into the binary and named after its content.
//!
//! A name carries a hash of the bytes, so an answer may be cached for ever and a new release is a new address.
//! The stylesheet is one file for the browser, written in parts of one idea each.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// What `Cache-Control` says for every asset: the name changes with the content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// How many characters of the hash go into a name.
const HASH_LENGTH: usize = 12;

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// File name with the content's hash, such as `fossick.0a1b2c3d4e5f.css`.
    pub name: String,
    /// Value for `Content-Type`.
    pub media_type: &'static str,
    /// The bytes to send.
    pub body: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, body: &'static str) -> Self {
        let mut hash = hex::encode(Sha256::digest(body));
        hash.truncate(HASH_LENGTH);
        Self { name: format!("{stem}.{hash}.{extension}"), media_type, body }
    }

    fn module(stem: &str, body: &'static str) -> Self {
        Self::new(stem, "js", "text/javascript; charset=utf-8", body)
    }

    /// The address that a page writes.
    pub fn url(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

const STYLESHEET_TEXT: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/chrome.css"),
    include_str!("../assets/css/controls.css"),
    include_str!("../assets/css/search.css"),
    include_str!("../assets/css/settings.css"),
    include_str!("../assets/css/explain.css"),
    include_str!("../assets/css/inspection.css"),
    include_str!("../assets/css/print.css"),
);

/// The one stylesheet.
pub static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("fossick", "css", "text/css; charset=utf-8", STYLESHEET_TEXT));

/// The logo, also the favicon.
pub static LOGO: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("logo", "svg", "image/svg+xml", include_str!("../assets/logo.svg")));

/// `/` focuses search, `j` and `k` walk the hits, Escape closes the menu.
pub static KEYS: LazyLock<Asset> = LazyLock::new(|| Asset::module("keys", include_str!("../assets/js/keys.js")));

/// Buttons that copy a text.
pub static COPY: LazyLock<Asset> = LazyLock::new(|| Asset::module("copy", include_str!("../assets/js/copy.js")));

/// Live progress of a sync.
pub static PROGRESS: LazyLock<Asset> =
    LazyLock::new(|| Asset::module("progress", include_str!("../assets/js/progress.js")));

/// Narrows a long list while one types.
pub static NARROW: LazyLock<Asset> = LazyLock::new(|| Asset::module("narrow", include_str!("../assets/js/narrow.js")));

/// All assets.
pub fn all() -> [&'static Asset; 6] {
    [&STYLESHEET, &LOGO, &KEYS, &COPY, &PROGRESS, &NARROW]
}

/// The asset with exactly this name; `None` for any other, also for one of an older release.
pub fn find(name: &str) -> Option<&'static Asset> {
    all().into_iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_the_name_that_pages_write() {
        for asset in all() {
            let name = asset.url().strip_prefix("/assets/").unwrap().to_owned();
            assert_eq!(find(&name).unwrap().body, asset.body);
        }
        assert!(find("fossick.css").is_none());
    }

    #[test]
    fn a_name_changes_with_the_content() {
        assert_ne!(Asset::module("a", "one").name, Asset::module("a", "two").name);
    }

    #[test]
    fn no_asset_loads_anything_from_elsewhere() {
        for asset in all() {
            let body = asset.body.replace("http://www.w3.org/2000/svg", "");
            for foreign in ["http:", "https:", "@import", "url(//", "eval("] {
                assert!(!body.contains(foreign), "{} contains {foreign}", asset.name);
            }
        }
    }
}
