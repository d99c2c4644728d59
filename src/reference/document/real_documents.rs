//! Documents that nobody here wrote: all of them are read, and every operation gets examples and a sample.
//!
//! Where a collection is absent its test says so and passes: it belongs to no checkout.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{Document, MAX_BYTES, Unreadable};
use crate::reference::{
    example::{self, Direction},
    model::Operation,
    sample::Request,
};

/// Unoptimized, on a busy machine, for one operation with all its responses.
const PATIENCE: Duration = Duration::from_secs(5);

#[test]
fn every_shared_document_is_read_and_exemplified() {
    read_all(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs"), |_| true);
}

#[test]
fn every_readme_example_is_read_and_exemplified() {
    read_all(npm("@readme/oas-examples"), |path| {
        !path.components().any(|part| part.as_os_str() == "test") && !path.ends_with("package.json")
    });
}

#[test]
fn githubs_document_is_read_and_exemplified() {
    read_all(npm("@octokit/openapi"), |path| path.ends_with("api.github.com.json"));
}

fn npm(package: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("end2end/node_modules").join(package)
}

fn read_all(folder: PathBuf, wanted: fn(&Path) -> bool) {
    if !folder.is_dir() {
        eprintln!("skipped: {} is absent", folder.display());
        return;
    }
    let files: Vec<_> = files(&folder).into_iter().filter(|path| wanted(path)).collect();
    assert!(!files.is_empty(), "{} has no documents", folder.display());
    for path in files {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        read(&name, &fs::read(&path).unwrap());
    }
}

fn read(name: &str, bytes: &[u8]) {
    let started = Instant::now();
    let document = match Document::read(bytes) {
        Ok(document) => document,
        Err(fault) => return assert_refusal_is_due(name, bytes, &fault),
    };
    let reading = started.elapsed();
    let started = Instant::now();
    for operation in document.operations().iter().chain(document.webhooks().iter().map(|webhook| &webhook.operation)) {
        exemplify(name, &document, operation);
    }
    for named in document.schemas() {
        example::of_schema(&named.schema, Direction::Response);
    }
    eprintln!(
        "{name}: {} bytes, {} values, {} operations, {} webhooks, {} schemas, {} scopes, {} warnings; read in {reading:.0?}, examples in {:.0?}",
        bytes.len(),
        document.root().tree().len(),
        document.operations().len(),
        document.webhooks().len(),
        document.schemas().len(),
        document.scopes().len(),
        document.warning_counts().values().sum::<usize>(),
        started.elapsed(),
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
    let started = Instant::now();
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
    assert!(started.elapsed() < PATIENCE, "{name} {}: {:?}", operation.id, started.elapsed());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, "json" | "yaml" | "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
