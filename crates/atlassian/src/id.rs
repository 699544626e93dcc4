//! Ids as Atlassian writes them: strings in some answers, numbers in others.

use serde::Deserialize;

/// An id, kept as text whichever way it was written.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[serde(from = "Written")]
pub(crate) struct Id(pub(crate) String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Whole(i64),
}

impl From<Written> for Id {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self(text),
            Written::Whole(whole) => Self(whole.to_string()),
        }
    }
}
