//! A search as a caller makes one.

use crate::Query;
use access::SourceId;
use model::{ContainerKey, Kind};

/// What hits are limited to. An empty list limits nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filters {
    /// Kinds of documents.
    pub kinds: Vec<Kind>,
    /// Spaces and projects, by source and native id.
    pub containers: Vec<(SourceId, ContainerKey)>,
}

/// Which part of the results is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page {
    /// Hits to skip.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
}

impl Page {
    /// How many hits a page has for people.
    pub const SIZE: usize = 10;
    /// How deep anybody may page: `offset + limit`.
    pub const DEEPEST: usize = 10_000;

    /// The first page.
    pub fn first() -> Self {
        Self { offset: 0, limit: Self::SIZE }
    }

    /// The page with this number, counted from one. Beyond the deepest it is the deepest.
    pub fn number(number: usize) -> Self {
        let last = Self::DEEPEST / Self::SIZE;
        Self { offset: (number.clamp(1, last) - 1) * Self::SIZE, limit: Self::SIZE }
    }
}

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What is looked for.
    pub query: Query,
    /// What hits are limited to.
    pub filters: Filters,
    /// Which part is wanted.
    pub page: Page,
    /// Whether matches are counted by kind and container, too.
    pub facets: bool,
}

impl Request {
    /// The first page for what was typed, with counts.
    pub fn of(typed: &str) -> Self {
        Self { query: Query::parse(typed), filters: Filters::default(), page: Page::first(), facets: true }
    }
}
