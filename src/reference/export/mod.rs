//! The reference for programs: documents, Postman collections, Markdown, and lists of what is there.
//!
//! Everything is made from the model when it is asked for; collections are kept until what is published changes. What a
//! viewer may not see is in none of it.

mod document;
#[cfg(test)]
mod fixture;
mod llms;
mod markdown;
mod postman;
mod sitemap;

pub use self::markdown::in_markdown;

use crate::web::{Access, Routes};

/// Downloads below `/docs`, and the files at the root that crawlers and language models ask for.
pub(super) fn routes() -> Routes {
    let public = Access::Public;
    Routes::new()
        .get("/docs/{api}/{version}/openapi.json", public, document::json)
        .get("/docs/{api}/{version}/openapi.yaml", public, document::yaml)
        .get("/docs/{api}/{version}/postman.json", public, postman::show)
        .get("/docs.md", public, markdown::show)
        .get("/docs/{api}/{version}/errors.md", public, markdown::show)
        .get("/docs/{api}/{version}/schemas.md", public, markdown::show)
        .get("/docs/{api}/{version}/webhooks.md", public, markdown::show)
        .get("/llms.txt", public, llms::index)
        .get("/llms-full.txt", public, llms::full)
        .get("/robots.txt", public, sitemap::robots)
        .get("/sitemap.xml", public, sitemap::show)
}
