//! One search over operations, schemas, events, errors and guides, for whoever may see them.
//!
//! What is published is written as entries with weighted words; Postgres finds and ranks them, and forgives typos by
//! trigrams. Nobody finds, or is told the number of, what they may not see: every query names the sources it may use.

mod entries;
mod find;
mod index;
mod mark;
mod model;
mod names;
mod pages;
mod query;
mod results;
mod store;
mod suggestions;
#[cfg(test)]
mod tests;
mod words;

pub use index::{follow, refresh};
pub use store::forgives_typos;

use crate::web::{Access, Routes};

/// `/search`, and what appears while somebody types.
pub fn routes() -> Routes {
    Routes::new().get("/search", Access::Public, pages::show).get(
        "/search/suggestions",
        Access::Public,
        suggestions::show,
    )
}
