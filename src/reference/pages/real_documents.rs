//! Documents that nobody here wrote: every page of each is rendered, in bounded time, as valid HTML.

#[path = "../../tests/html.rs"]
#[allow(dead_code, reason = "the journeys read pages too")]
mod html;

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use leptos::prelude::*;

use super::{super::document::Document, alone::place, *};

/// Unoptimized, on a busy machine; the median is two orders below.
const LONGEST_PAGE: Duration = Duration::from_secs(5);

/// Pages of a larger document are sampled.
const MOST_PAGES: usize = 300;

const FOLDERS: [&str; 2] = ["../shared/specs", "end2end/node_modules/@readme/oas-examples"];

/// The largest there is; the package has dozens like it.
const LARGEST: &str = "end2end/node_modules/@octokit/openapi/generated/api.github.com.json";

#[test]
#[expect(clippy::print_stderr, reason = "a folder that is not there is skipped visibly")]
fn every_page_of_a_real_document_can_be_rendered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if !folder.is_dir() {
            eprintln!("skipped: {} is not there", folder.display());
            continue;
        }
        files.extend(documents(&folder));
    }
    for folder in ["content/apis", "src/tests/documents"] {
        files.extend(documents(&root.join(folder)));
    }
    match root.join(LARGEST) {
        largest if largest.is_file() => files.insert(0, largest),
        missing => eprintln!("skipped: {} is not there", missing.display()),
    }
    let (next, pages) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            pages.fetch_add(render_all(file), Ordering::Relaxed);
        }
    };
    std::thread::scope(|threads| {
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..workers).map(|_| threads.spawn(work)).collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    });
    let pages = pages.into_inner();
    assert!(pages > 200, "only {pages} pages were rendered");
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn render_all(file: &Path) -> usize {
    let bytes = std::fs::read(file).unwrap();
    // The folders hold Swagger 2 documents and package files too.
    let Ok(document) = Document::read(&bytes) else { return 0 };
    let place = place(document, bytes);
    let document = place.document();
    let mut pages = 0;
    let mut render = |what: String, view: &dyn Fn() -> AnyView| {
        let started = Instant::now();
        let html = crate::web::rendered(view);
        let took = started.elapsed();
        assert!(html.len() > 100, "{what} of {} is empty", file.display());
        assert!(took < LONGEST_PAGE, "{what} of {} took {took:?}", file.display());
        let mut faults = html::Page::parse_body(&html).faults();
        // Descriptions were written for pages of their authors, with anchors of theirs.
        faults.retain(|fault| !fault.starts_with("nothing here has the id"));
        assert!(faults.is_empty(), "{what} of {}: {faults:?}", file.display());
        pages += 1;
    };
    render("the overview".into(), &|| overview::overview_view(&place).into_any());
    for operation in sampled(document.operations()) {
        render(operation.id.clone(), &|| operation::operation_view(&place, operation, &Vec::new()).into_any());
    }
    for named in sampled(document.schemas()) {
        render(named.id.clone(), &|| schemas::schema_view(&place, named).into_any());
    }
    for webhook in sampled(document.webhooks()) {
        render(webhook.id.clone(), &|| webhooks::webhook_view(&place, webhook).into_any());
    }
    pages
}

fn sampled<T>(items: &[T]) -> impl Iterator<Item = &T> {
    items.iter().step_by(items.len().div_ceil(MOST_PAGES).max(1))
}

#[test]
fn circles_and_depth_end() {
    let mut deep = r#"{"type": "string"}"#.to_owned();
    for _ in 0..200 {
        deep = format!(r#"{{"type": "object", "properties": {{"a": {deep}}}}}"#);
    }
    let many: Vec<String> = (0..1_000)
        .map(|n| format!(r#"{{"type": "object", "properties": {{"p{n}": {{"type": "string"}}}}}}"#))
        .collect();
    let text = format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "x", "version": "1"}}, "components": {{"schemas": {{
            "Deep": {deep}, "Many": {{"oneOf": [{}]}},
            "Node": {{"type": "object", "properties": {{"next": {{"$ref": "#/components/schemas/Node"}}, "all": {{"type": "array", "items": {{"$ref": "#/components/schemas/Node"}}}}}}}},
            "Loop": {{"$ref": "#/components/schemas/Loop"}}}}}}}}"##,
        many.join(",")
    );
    let document = Document::read(text.as_bytes()).unwrap();
    let place = place(document, text.into_bytes());
    for named in place.document().schemas() {
        let html = crate::web::rendered(|| schemas::schema_view(&place, named));
        assert_eq!(html::Page::parse_body(&html).faults(), [""; 0], "{}", named.name);
        assert!(html.len() < 200_000, "{} takes {} bytes", named.name, html.len());
    }
}
