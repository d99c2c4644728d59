//! Guides: pages of Markdown that an operator keeps in `content/guides`, read once at start.
//!
//! The front matter between two lines of `+++` gives title, summary, order and section; `{{base_url}}` in the text is
//! the portal's own address. A guide that cannot be read stops the start: nobody would notice that it is missing.

mod model;
mod pages;

pub use model::{Guide, Guides};
pub use pages::routes;
