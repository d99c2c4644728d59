//! Any bytes are read as a document or refused; what was read can be asked everything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule::reference::{
    document::{Document, WarningCode},
    example::{self, Direction},
    sample::Request,
};

/// A document with more of one kind is asked about the first ones.
const ASKED: usize = 30;

fuzz_target!(|bytes: &[u8]| {
    let document = match Document::read(bytes) {
        Ok(document) => document,
        Err(refusal) => {
            assert!(!refusal.to_string().contains('\n'), "{refusal}");
            return;
        }
    };
    for warning in document.warnings() {
        // Of two objects with one name the last counts, so what stands twice in the first is nowhere any more.
        let is_gone = warning.code == WarningCode::DuplicateName;
        assert!(
            is_gone || document.root().tree().at(&warning.pointer).is_some() || warning.pointer.is_empty(),
            "{warning:?}"
        );
        assert!(!warning.message.is_empty() && warning.position.line > 0);
    }
    let webhooks = document.webhooks().iter().map(|webhook| &webhook.operation);
    for operation in document.operations().iter().chain(webhooks).take(ASKED) {
        assert!(Request::to(&document, operation, "https://api.example.com").curl().starts_with("curl "));
        for response in &operation.responses {
            example::of_response(response);
            response.headers.iter().for_each(|header| drop(example::of_header(header)));
        }
        operation.parameters.iter().for_each(|parameter| drop(example::of_parameter(parameter)));
    }
    for named in document.schemas().iter().take(ASKED) {
        assert!(document.schema(&named.id).is_some() && document.schema_at(&named.schema.pointer()).is_some());
        let made = example::of_schema(&named.schema, Direction::Response);
        assert_eq!(made, example::of_schema(&named.schema, Direction::Response));
    }
});
