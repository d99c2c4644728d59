//! Documents that nobody here wrote: each is published, and its pages are asked for and read as browsers read them.
//!
//! A collection that is absent is skipped with a word: it belongs to no checkout.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::http::StatusCode;
use futures_util::StreamExt;
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    reference::{ImportError, ImportRequest, Version, document::Unreadable, import},
};

use crate::{
    html::{DANGLING_IN_PROSE, Page},
    portal::TestPortal,
};

/// A document with more operations is sampled.
const ALL_OPERATIONS: usize = 300;
const SAMPLE: usize = 40;

/// Schemas and events have pages that are alike; so many of a document's are looked at.
const MOST_OTHERS: usize = 5;

const COLLECTIONS: [&str; 4] =
    ["../shared/specs", "end2end/node_modules/@readme/oas-examples", "content/apis", "src/tests/documents"];

/// The largest one that is published anywhere; beside it the package has the same for other products of its authors.
const LARGEST: &str = "end2end/node_modules/@octokit/openapi/generated/api.github.com.json";

#[sqlx::test]
async fn every_page_of_a_real_document_is_valid(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let publishing = documents().into_iter().map(|file| publish(&portal, file));
    let published = futures_util::stream::iter(publishing).buffer_unordered(workers()).filter(|done| {
        let is_document = *done;
        async move { is_document }
    });
    let published = published.count().await;
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    let current = portal.portal.catalogue.current();
    assert_eq!(current.imported().count(), published, "one of them is not in the catalogue");
    let paths: Vec<String> = current
        .imported()
        .flat_map(|api| {
            api.versions.iter().map(move |version| (format!("/docs/{}/{}", api.slug, version.name), version))
        })
        .flat_map(|(base, version)| {
            let pages = if is_twin(&base) { vec![String::new()] } else { pages(version) };
            pages.into_iter().map(move |page| format!("{base}{page}"))
        })
        .collect();
    assert!(paths.len() > 200, "only {} pages were found", paths.len());
    let faults = faults(&portal, &paths);
    assert!(faults.is_empty(), "{} of {} pages\n{}", faults.len(), paths.len(), faults.join("\n"));
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

#[expect(clippy::print_stderr, reason = "what is not there is skipped visibly")]
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_there = |path: &PathBuf| {
        let is_there = path.exists();
        if !is_there {
            eprintln!("skipped: {} is absent", path.display());
        }
        is_there
    };
    let largest = [root.join(LARGEST)].into_iter().filter(is_there);
    let others = COLLECTIONS.map(|folder| root.join(folder)).into_iter().filter(is_there);
    largest.chain(others.flat_map(|folder| documents_of(&folder))).collect()
}

fn documents_of(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let is_document = path.extension().is_some_and(|end| ["json", "yaml", "yml"].iter().any(|known| end == *known));
        if path.is_dir() {
            found.extend(documents_of(&path));
        } else if is_document && !path.ends_with("package.json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Publishes a document under the name of its file; answers whether it is one. Only those from before OpenAPI 3 are not.
async fn publish(portal: &TestPortal, file: PathBuf) -> bool {
    let request = ImportRequest {
        slug: slug(&file),
        version: Some("1".into()),
        bytes: std::fs::read(&file).unwrap(),
        publish: true,
        ..ImportRequest::default()
    };
    match import(&portal.portal.db, &Actor::system("test"), request).await {
        Ok(_) => true,
        Err(ImportError::Unreadable(Unreadable::Swagger { .. })) => false,
        // The packages have files of their own beside the documents.
        Err(ImportError::Unreadable(Unreadable::NotOpenApi { .. })) => false,
        Err(error) => panic!("{}: {error}", file.display()),
    }
}

/// The end of the file's path, as a name in addresses.
fn slug(file: &Path) -> String {
    let path =
        file.with_extension("").to_string_lossy().to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let start = path.len().saturating_sub(60);
    path[start..].trim_matches('-').to_owned()
}

/// Whether a document is there as JSON too, as all of one collection are: then its pages are the same.
fn is_twin(base: &str) -> bool {
    base.contains("oas-examples") && base.contains("-yaml-")
}

/// The pages of a version, below its own.
fn pages(version: &Version) -> Vec<String> {
    let document = &version.document;
    let mut pages: Vec<String> = ["", "/schemas", "/webhooks", "/errors"].map(str::to_owned).into();
    let is_small = document.operations().len() <= ALL_OPERATIONS;
    let operations = sampled(document.operations(), if is_small { ALL_OPERATIONS } else { SAMPLE });
    pages.extend(operations.map(|operation| format!("/operations/{}", operation.id)));
    pages.extend(sampled(document.schemas(), MOST_OTHERS).map(|schema| format!("/schemas/{}", schema.id)));
    pages.extend(sampled(document.webhooks(), MOST_OTHERS).map(|webhook| format!("/webhooks/{}", webhook.id)));
    pages
}

/// At most so many, from all over the document.
fn sampled<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    items.iter().step_by(items.len().div_ceil(most).max(1))
}

/// What is wrong with the pages. Public pages need nothing of the runtime that the database is called on, so each thread
/// has its own.
fn faults(portal: &TestPortal, paths: &[String]) -> Vec<String> {
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = runtime.block_on(async { portal.visitor().get(path).await });
            let mut found = Page::parse(&answer.body).faults();
            found.retain(|fault| !fault.starts_with(DANGLING_IN_PROSE));
            if answer.status != StatusCode::OK || !found.is_empty() {
                faults.lock().unwrap().push(format!("{path} is {}: {found:?}", answer.status));
            }
        }
    };
    std::thread::scope(|threads| (0..workers()).for_each(|_| drop(threads.spawn(work))));
    faults.into_inner().unwrap()
}
