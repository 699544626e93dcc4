//! The address of a search: query, filters and page number, each changed by a method that keeps the others.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use url::form_urlencoded;

use super::pattern;
use crate::kind::Kind;

/// The last page number that an address can ask for; deeper paging would make the index rank for nothing.
const LAST_PAGE: u32 = 100;

/// A search as an address. Two equal searches have the same address, whatever the order of the clicks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SearchUrl {
    query: String,
    kinds: BTreeSet<Kind>,
    containers: BTreeSet<String>,
    page: u32,
}

impl SearchUrl {
    /// A search for `query` without filters, on its first page.
    pub fn of(query: impl Into<String>) -> Self {
        Self { query: query.into(), kinds: BTreeSet::new(), containers: BTreeSet::new(), page: 1 }
    }

    /// Reads the part of an address after `?`. Total: unknown parameters and kinds are ignored, and a page number
    /// that is not one is the first.
    pub fn parse(query_string: &str) -> Self {
        let mut search = Self::of("");
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            match name.as_ref() {
                "q" => search.query = value.into_owned(),
                "type" => search.kinds.extend(Kind::from_word(&value)),
                "in" if !value.is_empty() => {
                    search.containers.insert(value.into_owned());
                }
                "page" => search.page = value.parse().unwrap_or(1).clamp(1, LAST_PAGE),
                _ => {}
            }
        }
        search
    }

    /// What [`Self::parse`] passes over although it was meant, in words: kinds and page numbers that are none.
    pub fn passed_over(query_string: &str) -> Vec<String> {
        let words = |(name, value): (Cow<'_, str>, Cow<'_, str>)| match name.as_ref() {
            "type" if !value.is_empty() && Kind::from_word(&value).is_none() => {
                let known = Kind::ALL.map(Kind::word).join(", ");
                Some(format!("the filter type={value} was left out: there are {known}"))
            }
            "page" if !value.is_empty() && value.parse::<u32>().is_err() => {
                Some(format!("page={value} is no number: this is page 1"))
            }
            _ => None,
        };
        form_urlencoded::parse(query_string.as_bytes()).filter_map(words).collect()
    }

    /// What is searched for, as typed.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The kinds that are let through; empty means all.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// The containers (spaces, projects) that are let through; empty means all.
    pub fn containers(&self) -> impl Iterator<Item = &str> {
        self.containers.iter().map(String::as_str)
    }

    /// The page number, from 1.
    pub fn page(&self) -> u32 {
        self.page
    }

    /// Whether any filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.kinds.is_empty() || !self.containers.is_empty()
    }

    /// Whether hits of this kind are asked for by a filter.
    pub fn has_kind(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Whether hits of this container are asked for by a filter.
    pub fn has_container(&self, container: &str) -> bool {
        self.containers.contains(container)
    }

    /// The same search on another page.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page: page.clamp(1, LAST_PAGE), ..self.clone() }
    }

    /// The same filters with another query, from the first page.
    #[must_use]
    pub fn with_query(&self, query: impl Into<String>) -> Self {
        Self { query: query.into(), page: 1, ..self.clone() }
    }

    /// The same search with the filter for `kind` set or lifted, from the first page.
    #[must_use]
    pub fn toggling_kind(&self, kind: Kind) -> Self {
        let mut changed = self.at_page(1);
        if !changed.kinds.remove(&kind) {
            changed.kinds.insert(kind);
        }
        changed
    }

    /// The same search with the filter for `container` set or lifted, from the first page.
    #[must_use]
    pub fn toggling_container(&self, container: &str) -> Self {
        let mut changed = self.at_page(1);
        if !changed.containers.remove(container) {
            changed.containers.insert(container.to_owned());
        }
        changed
    }

    /// The same query without any filter, from the first page.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        Self::of(self.query.clone())
    }
}

impl fmt::Display for SearchUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        parameters.append_pair("q", &self.query);
        for kind in self.kinds() {
            parameters.append_pair("type", kind.word());
        }
        for container in self.containers() {
            parameters.append_pair("in", container);
        }
        if self.page > 1 {
            parameters.append_pair("page", &self.page.to_string());
        }
        write!(f, "{}?{}", pattern::SEARCH, parameters.finish())
    }
}
