//! Pages that were rendered before, for pages that are the same until what is published changes.
//!
//! The key holds everything that a page depends on, so nothing is ever invalidated: what is out of date is no longer
//! asked for, and makes room.

use std::sync::Arc;

use moka::sync::Cache;

use super::finished::Finished;
use crate::{
    db::AccountId,
    ui::{Brand, Theme, Visitor},
};

/// Some thousand pages: compressed, a page takes 5 to 30 kB.
const MOST_BYTES: u64 = 32 << 20;

/// The pages that were rendered before. Cheap to clone: all clones are the same.
#[derive(Clone)]
pub struct RememberedPages(Cache<Key, Arc<Finished>>);

/// Everything that such a page depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The address, without a query.
    pub path: String,
    /// What is published; see [`Page::remembered`](super::Page::remembered).
    pub edition: u64,
    pub theme: Option<Theme>,
    pub brand: Brand,
    pub account: Option<AccountId>,
    pub visitor: Visitor,
}

impl Default for RememberedPages {
    fn default() -> Self {
        let size = |_: &Key, page: &Arc<Finished>| u32::try_from(page.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(size).build())
    }
}

impl RememberedPages {
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Finished>> {
        self.0.get(key)
    }

    pub(super) fn keep(&self, key: Key, page: Arc<Finished>) {
        self.0.insert(key, page);
    }
}
