//! The document that somebody means: by the address of a browser, an issue key, or the key of an answer.

use access::SourceId;
use model::{DocumentKey, Kind, Product, StoredDocument};
use store::{Store, StoreError};
use url::Url;

/// How a document is named in answers and addresses of this hub: source, kind and native id, such as `1:page:70001`.
pub fn key_text(source: SourceId, key: &DocumentKey) -> String {
    format!("{}:{}:{}", source.0, key.kind, key.native)
}

fn key_of(text: &str) -> Option<(SourceId, DocumentKey)> {
    let mut parts = text.splitn(3, ':');
    let source = SourceId(parts.next()?.parse().ok()?);
    let kind: Kind = parts.next()?.parse().ok()?;
    let native = parts.next().filter(|native| !native.is_empty())?;
    Some((source, DocumentKey::new(kind, native)))
}

/// What an address of Jira or Confluence names.
#[derive(Debug, Eq, PartialEq)]
enum Named {
    Issue(String),
    /// A comment of an issue or a page, which is named beside what it stands under.
    Comment(String),
    /// A page or blog post: their ids are unique together.
    Content(String),
}

/// Reads `/browse/KEY`, `/wiki/spaces/KEY/pages/ID/…`, `/wiki/spaces/KEY/blog/…/ID/…`, `?pageId=ID` and
/// `?focusedCommentId=ID`.
fn named(url: &Url) -> Option<Named> {
    let query = |wanted: &str| {
        let found = url.query_pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
    };
    if let Some(comment) = query("focusedCommentId") {
        return Some(Named::Comment(comment));
    }
    let parts: Vec<&str> = url.path_segments()?.collect();
    let after = |word: &str| parts.iter().position(|part| *part == word).and_then(|at| parts.get(at + 1));
    if let Some(key) = after("browse").or(after("issues")) {
        return Some(Named::Issue((*key).to_owned()));
    }
    if let Some(id) = query("pageId") {
        return Some(Named::Content(id));
    }
    let is_number = |part: &&&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // A blog post stands under its day, `/blog/2026/01/31/ID/…`, so its id is the longest number.
    let numbers = parts.iter().skip_while(|part| !matches!(**part, "pages" | "blog")).filter(is_number);
    numbers.max_by_key(|part| part.len()).map(|id| Named::Content((*id).to_owned()))
}

/// Finds the document that is meant; `None` if there is none. Callers check access before they tell which.
pub fn document_named(store: &Store, text: &str) -> Result<Option<StoredDocument>, StoreError> {
    let text = text.trim();
    if let Some((source, key)) = key_of(text) {
        return store.document_by_key(source, &key);
    }
    if let Some(found) = store.document_by_url(text)? {
        return Ok(Some(found));
    }
    let url = Url::parse(text).ok().filter(Url::has_host);
    let host = url.as_ref().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    let named = match &url {
        Some(url) => named(url),
        None if text.contains('-') => Some(Named::Issue(text.to_owned())),
        None => None,
    };
    let Some(named) = named else { return Ok(None) };
    for source in store.sources()? {
        let settings = &source.settings;
        if host.as_ref().is_some_and(|host| *host != settings.site) {
            continue;
        }
        let by_key = |kind: Kind, id: &str| store.document_by_key(source.id, &DocumentKey::new(kind, id));
        let found = match (&named, settings.product) {
            (Named::Issue(key), Product::Jira) => {
                store.document_by_url(&format!("https://{}/browse/{}", settings.site, key.to_ascii_uppercase()))?
            }
            (Named::Comment(id), _) => by_key(Kind::Comment, id)?,
            (Named::Content(id), Product::Confluence) => match by_key(Kind::Page, id)? {
                Some(page) => Some(page),
                None => by_key(Kind::BlogPost, id)?,
            },
            _ => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Option<Named> {
        named(&Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}")))
    }

    #[test]
    fn addresses_as_browsers_show_them_name_documents() {
        let site = "https://acme.atlassian.net";
        let content = |id: &str| Some(Named::Content(id.to_owned()));
        assert_eq!(read(&format!("{site}/browse/ENG-7")), Some(Named::Issue("ENG-7".to_owned())));
        assert_eq!(
            read(&format!("{site}/jira/software/c/projects/ENG/issues/ENG-7")),
            Some(Named::Issue("ENG-7".to_owned()))
        );
        assert_eq!(read(&format!("{site}/wiki/spaces/ENG/pages/70001/Plan+2026")), content("70001"));
        assert_eq!(read(&format!("{site}/wiki/spaces/ENG/blog/2026/01/31/80002/News")), content("80002"));
        assert_eq!(read(&format!("{site}/wiki/pages/viewpage.action?pageId=70001")), content("70001"));
        let comment = read(&format!("{site}/wiki/spaces/ENG/pages/70001/Plan?focusedCommentId=901"));
        assert_eq!(comment, Some(Named::Comment("901".to_owned())));
        assert_eq!(read(&format!("{site}/wiki/spaces/ENG/overview")), None);
    }

    #[test]
    fn a_key_reads_as_it_is_written() {
        let key = DocumentKey::new(Kind::BlogPost, "a:b");
        assert_eq!(key_of(&key_text(SourceId(3), &key)), Some((SourceId(3), key)));
        for text in ["", "ENG-7", "1:page:", "x:page:1", "1:robot:1"] {
            assert_eq!(key_of(text), None, "{text}");
        }
    }
}
