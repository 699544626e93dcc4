//! Titles of documents that lists of errors name by id: shown to whoever may see them at this moment, and to nobody else.

use crate::failure::Failure;
use crate::hub::Hub;
use access::SourceId;
use model::{DocumentKey, Kind};
use std::collections::BTreeMap;
use store::Account;

/// What a reader may be told of a document beside its id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Title {
    pub(crate) text: String,
    pub(crate) url: String,
}

/// The documents of one source that the reader may see.
pub(crate) type Titles = BTreeMap<DocumentKey, Title>;

/// The document that an item such as `page 70001` names; `None` for anything else.
pub(crate) fn named(item: &str) -> Option<DocumentKey> {
    let (kind, native) = item.split_once(' ')?;
    let is_id = !native.is_empty() && native.bytes().all(|byte| byte.is_ascii_digit());
    let kind: Kind = kind.parse().ok()?;
    is_id.then(|| DocumentKey::new(kind, native))
}

impl Hub {
    /// Titles and addresses of those among `keys` that the account may see. A comment has no title of its own.
    pub(crate) async fn titles(
        &self,
        account: &Account,
        source: SourceId,
        keys: Vec<DocumentKey>,
    ) -> Result<Titles, Failure> {
        let (index, viewer) = (self.app.index.clone(), self.viewer(account));
        self.reading(move |store| {
            let mut numbers = Vec::new();
            for key in &keys {
                numbers.extend(store.document_by_key(source, key)?.map(|stored| stored.docno));
            }
            let seen = index.documents(&viewer, &numbers).map_err(|error| Failure::internal(&error))?;
            let titled = seen.into_iter().filter_map(|document| {
                let text: String = document.title.iter().map(|segment| segment.text.as_str()).collect();
                (!text.is_empty()).then_some((document.key, Title { text, url: document.url }))
            });
            Ok(titled.collect())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kind_and_a_number_name_a_document() {
        assert_eq!(named("page 70001"), Some(DocumentKey::new(Kind::Page, "70001")));
        assert_eq!(named("blog-post 7"), Some(DocumentKey::new(Kind::BlogPost, "7")));
        for other in ["space ENG", "issue ENG-1", "page", "page 1 2", "GET /wiki/api/v2/pages", "stream pages", ""] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
