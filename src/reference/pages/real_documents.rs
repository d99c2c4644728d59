//! Documents that nobody here wrote: every page of each is rendered, in bounded time.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use leptos::prelude::*;

use super::{
    super::{
        Audience,
        catalogue::{Api, Origin, Version},
        document::Document,
    },
    *,
};

/// Unoptimized, on a busy machine; the median is two orders below.
const LONGEST_PAGE: Duration = Duration::from_secs(5);

/// Pages of a larger document are sampled.
const MOST_PAGES: usize = 60;

const FOLDERS: [&str; 2] = ["../shared/specs", "end2end/node_modules/@readme/oas-examples"];

/// The largest there is; the package has dozens like it.
const LARGEST: &str = "end2end/node_modules/@octokit/openapi/generated/api.github.com.json";

#[test]
#[expect(clippy::print_stderr, reason = "a folder that is not there is skipped visibly")]
fn every_page_of_a_real_document_can_be_rendered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = 0;
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if !folder.is_dir() {
            eprintln!("skipped: {} is not there", folder.display());
            continue;
        }
        for file in documents(&folder) {
            pages += render_all(&file);
        }
    }
    for file in documents(&root.join("content/apis")) {
        pages += render_all(&file);
    }
    match root.join(LARGEST) {
        largest if largest.is_file() => pages += render_all(&largest),
        missing => eprintln!("skipped: {} is not there", missing.display()),
    }
    assert!(pages > 50, "only {pages} pages were rendered");
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
        let html = Owner::new().with(|| view().to_html());
        let took = started.elapsed();
        assert!(html.len() > 100, "{what} of {} is empty", file.display());
        assert!(took < LONGEST_PAGE, "{what} of {} took {took:?}", file.display());
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

fn place(document: Document, bytes: Vec<u8>) -> Place {
    let version = Arc::new(Version::own("1".into(), document, bytes.into()));
    let (name, versions) = ("Example".to_owned(), vec![Arc::clone(&version)]);
    let (slug, summary, audience) = ("example".into(), String::new(), Audience::Everyone);
    let api = Api { slug, name, summary, versions, origin: Origin::Imported, audience };
    Place { api: Arc::new(api), version, calls: "https://dev.example.com/sandbox/example/1".into(), edition: 1 }
}

#[test]
fn a_hostile_document_stays_text() {
    let evil = r#"</script><script>alert(1)</script><img src=x onerror=alert(1)>"#;
    let text = format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": {evil}, "version": {evil}, "description": {evil},
            "contact": {{"name": {evil}, "url": "javascript:alert(1)"}}, "license": {{"name": {evil}, "url": "data:text/html,x"}}}},
            "servers": [{{"url": {evil}, "description": {evil}}}],
            "tags": [{{"name": {evil}, "description": {evil}}}],
            "paths": {{"/x": {{"post": {{"operationId": {evil}, "summary": {evil}, "description": {evil}, "tags": [{evil}],
              "externalDocs": {{"url": "javascript:alert(1)", "description": {evil}}},
              "parameters": [{{"name": {evil}, "in": "query", "description": {evil}, "example": {evil}, "schema": {{"type": "string", "enum": [{evil}], "default": {evil}, "pattern": {evil}}}}}],
              "requestBody": {{"description": {evil}, "content": {{{evil}: {{"schema": {{"$ref": {evil}}}}}, "application/json": {{"example": {evil}, "schema": {{"title": {evil}, "properties": {{{evil}: {{"description": {evil}}}}}}}}}}}}},
              "responses": {{"200": {{"description": {evil}, "headers": {{{evil}: {{"description": {evil}}}}}}}, "400": {{"description": {evil}, "content": {{"application/json": {{"example": {{"code": {evil}, "title": {evil}}}}}}}}}}}}}}}}}}}"##,
        evil = serde_json::to_string(evil).unwrap()
    );
    let document = Document::read(text.as_bytes()).unwrap();
    let place = place(document, text.into_bytes());
    let operation = &place.document().operations()[0];
    let views: [&dyn Fn() -> AnyView; 2] = [&|| overview::overview_view(&place).into_any(), &|| {
        operation::operation_view(&place, operation, &Vec::new()).into_any()
    }];
    for view in views {
        let html = Owner::new().with(|| view().to_html());
        for bad in ["<script", "<img src=x", "href=\"javascript:", "href=\"data:"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }
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
        let html = Owner::new().with(|| schemas::schema_view(&place, named).to_html());
        assert!(html.len() < 200_000, "{} takes {} bytes", named.name, html.len());
    }
}
