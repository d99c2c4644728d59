//! Pages and files that were made before, where they are the same until what is published changes.
//!
//! The key holds everything that a page depends on, so nothing is ever invalidated: what is out of date is no longer
//! asked for, and makes room.

use std::sync::Arc;

use axum::body::Bytes;
use moka::sync::Cache;

use super::finished::Finished;
use crate::{
    db::AccountId,
    ui::{Brand, Theme, Visitor},
};

/// Some thousand pages: compressed, a page takes 5 to 30 kB.
const MOST_BYTES: u64 = 32 << 20;

/// One of the largest, or many of the others.
const MOST_BYTES_OF_FILES: u64 = 32 << 20;

/// The pages and files that were made before. Cheap to clone: all clones are the same.
#[derive(Clone)]
pub struct RememberedPages {
    pages: Cache<Key, Arc<Finished>>,
    files: Cache<FileKey, Bytes>,
}

/// A file that is the same for everybody who may see it: its address, and the edition of what is published.
type FileKey = (String, u64);

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
        let file_size = |_: &FileKey, file: &Bytes| u32::try_from(file.len()).unwrap_or(u32::MAX);
        Self {
            pages: Cache::builder().max_capacity(MOST_BYTES).weigher(size).build(),
            files: Cache::builder().max_capacity(MOST_BYTES_OF_FILES).weigher(file_size).build(),
        }
    }
}

impl RememberedPages {
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Finished>> {
        self.pages.get(key)
    }

    pub(super) fn keep(&self, key: Key, page: Arc<Finished>) {
        self.pages.insert(key, page);
    }

    /// A file as it was in an edition of what is published.
    pub fn file(&self, path: &str, edition: u64) -> Option<Bytes> {
        self.files.get(&(path.to_owned(), edition))
    }

    /// Keeps a file, which depends on nothing else than its path and the edition.
    pub fn keep_file(&self, path: String, edition: u64, file: Bytes) {
        self.files.insert((path, edition), file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_for_its_edition() {
        let pages = RememberedPages::default();
        pages.keep_file("/docs/a/1/postman.json".into(), 7, Bytes::from_static(b"{}"));
        assert_eq!(pages.file("/docs/a/1/postman.json", 7).unwrap(), "{}");
        assert!(pages.file("/docs/a/1/postman.json", 8).is_none());
        assert!(pages.file("/docs/a/2/postman.json", 7).is_none());
    }
}
