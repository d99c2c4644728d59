//! The pages of a document without a portal around them, for tests and fuzzing.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        Audience,
        catalogue::{Api, Origin, Version},
        document::Document,
    },
    Place, operation, schemas,
};
use crate::web::rendered;

/// A document with more operations or schemas is rendered in part.
const MOST_PAGES: usize = 8;

/// The HTML of the document's pages about operations and schemas.
pub fn pages_alone(document: Document, bytes: Vec<u8>) -> Vec<String> {
    let place = place(document, bytes);
    let html = |view: &dyn Fn() -> AnyView| rendered(view);
    let operations = place.document().operations().iter().take(MOST_PAGES);
    let operations =
        operations.map(|operation| html(&|| operation::operation_view(&place, operation, &Vec::new()).into_any()));
    let schemas = place.document().schemas().iter().take(MOST_PAGES);
    let schemas = schemas.map(|named| html(&|| schemas::schema_view(&place, named).into_any()));
    operations.chain(schemas).collect()
}

/// Where the document would be, were it published.
fn place(document: Document, bytes: Vec<u8>) -> Place {
    let version = Arc::new(Version::own("1".into(), document, bytes.into()));
    let (name, versions) = ("Example".to_owned(), vec![Arc::clone(&version)]);
    let (slug, summary, audience) = ("example".into(), String::new(), Audience::Everyone);
    let api = Api { slug, name, summary, versions, origin: Origin::Imported, audience };
    Place { api: Arc::new(api), version, calls: "https://dev.example.com/sandbox/example/1".into(), edition: 1 }
}
