//! The API reference: documents that an administrator imports, read into one model, shown as pages.
//!
//! The bytes of a document are kept as they came and served again unchanged. Everything else (pages, samples, sandbox,
//! scopes of keys) knows only the model. A version is a draft until it is published, and immutable afterwards.

mod admin;
#[cfg(test)]
mod bad_input;
pub mod bundle;
mod catalogue;
mod changes;
mod conventions;
mod demo;
pub mod document;
pub mod ecma;
mod ending;
mod errors;
pub mod example;
mod export;
pub mod fit;
mod import;
pub mod json_schema;
pub mod model;
mod navigation;
mod own;
mod pages;
mod publication;
mod reading;
#[cfg(test)]
mod real_documents;
pub mod sample;
pub mod shape;
pub mod source;
mod store;
mod version;
mod viewer;

pub use catalogue::{Api, Catalogue, Origin, Published, Scope, Version};
pub use demo::load_demo;
pub use errors::ErrorEntry;
pub use export::in_markdown;
pub use import::{Correction, ImportError, ImportRequest, import};
pub use pages::{Callable, pages_alone};
pub use reading::{Doubt, Outcome, Reading, Report};
pub use version::{ApiSlug, InvalidName, State, VersionName};
pub use viewer::{Audience, Viewer, Visibility};

use crate::web::Routes;

/// `/docs`, `/admin/apis` and below.
pub fn routes() -> Routes {
    Routes::new().merge(pages::routes()).merge(export::routes()).merge(admin::routes())
}
