//! Documents that nobody here wrote: all of them are read, and every operation gets examples and a sample.

use super::{Document, MAX_BYTES, Unreadable};
use crate::reference::{
    example::{self, Direction},
    model::Operation,
    real_documents::Collection,
    sample::Request,
};

#[test]
fn every_shared_document_is_read_and_exemplified() {
    Collection::Shared.each(read);
}

#[test]
fn every_readme_example_is_read_and_exemplified() {
    Collection::Readme.each(read);
}

#[test]
fn githubs_document_is_read_and_exemplified() {
    Collection::Github.each(read);
}

fn read(name: &str, bytes: &[u8]) {
    let document = match Document::read(bytes) {
        Ok(document) => document,
        Err(fault) => return assert_refusal_is_due(name, bytes, &fault),
    };
    for operation in document.operations().iter().chain(document.webhooks().iter().map(|webhook| &webhook.operation)) {
        exemplify(name, &document, operation);
    }
    for named in document.schemas() {
        example::of_schema(&named.schema, Direction::Response);
    }
    eprintln!(
        "{name}: {} bytes, {} values, {} operations, {} webhooks, {} schemas, {} scopes, {} warnings",
        bytes.len(),
        document.root().tree().len(),
        document.operations().len(),
        document.webhooks().len(),
        document.schemas().len(),
        document.scopes().len(),
        document.warning_counts().values().sum::<usize>(),
    );
}

/// Among the real documents only these may be refused: those before OpenAPI 3, and those that are too large.
fn assert_refusal_is_due(name: &str, bytes: &[u8], fault: &Unreadable) {
    match fault {
        Unreadable::Swagger { version, .. } => assert_eq!(version, "2.0", "{name}"),
        Unreadable::TooLarge { .. } => assert!(bytes.len() > MAX_BYTES, "{name}"),
        other => panic!("{name}: {other}"),
    }
    eprintln!("{name}: refused: {fault}");
}

fn exemplify(name: &str, document: &Document, operation: &Operation) {
    let command = Request::to(document, operation, "https://api.example.com").curl();
    assert!(command.starts_with("curl "), "{name} {}", operation.id);
    assert!(!operation.id.is_empty() && !operation.id.contains(['/', ' ', '?', '#', '%']), "{name} {}", operation.id);
    for response in &operation.responses {
        example::of_response(response);
        response.headers.iter().for_each(|header| drop(example::of_header(header)));
    }
    if let Some(body) = &operation.body {
        example::of_body(body);
    }
}
